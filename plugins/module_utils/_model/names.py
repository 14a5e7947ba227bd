# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one table between the collection's names and the property names of the REST API.

Several objects are printed collapsed in the vendor's reference, so that their property names are assumptions. Each of
them
stands here once, with where it comes from, and nowhere else. A user settles a wrong assumption with the connection
option
``wire_names``, without touching code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .._errors import ApplianceError
from .settings import SETTINGS


@dataclass(frozen=True)
class Property:
    """One property of the API and what the collection calls it.

    key: qualified name in the collection, the key of ``wire_names``.
    write: property name that is sent where nothing better is known.
    also_read: further names under which the value is accepted; ``a.b`` is ``b`` inside the object ``a``, which is only
    ever read.
    provenance: ``documented`` by the vendor's reference, or ``assumed``.
    confidence: how likely an assumed name is right: ``high``, ``medium`` or ``low``.
    pattern: what a value must look like to be this property; for names that other APIs use for something else.
    """

    key: str
    write: str
    also_read: tuple[str, ...] = ()
    provenance: str = "assumed"
    confidence: str = "high"
    pattern: re.Pattern[str] | None = None


@dataclass(frozen=True)
class Found:
    """A value and the property name under which an object carried it."""

    name: str
    value: Any


_ROWS = (
    Property("organization.id", "id"),
    Property(
        "organization.aws_organization_id",
        "awsOrganizationId",
        ("organizationId", "awsId"),
        confidence="medium",
        # The reference calls the appliance's own UUID organizationId too.
        pattern=re.compile(r"^o-[a-z0-9]+$"),
    ),
    *(Property(one.key, one.write, one.also_read, confidence=one.confidence) for one in SETTINGS.values()),
    Property("organization.limited_scopes", "limitedScopes"),
    Property("limited_scope.id", "id", ("limitedScopeId",), confidence="medium"),
    Property("limited_scope.name", "name"),
    Property(
        "limited_scope.organizational_units",
        "includedMembers",
        ("members", "organizationalUnitIds", "unitIds"),
        confidence="medium",
    ),
    Property("add.organization", "organization", provenance="documented"),
    Property("add.limited_scopes", "limitedScopes", provenance="documented"),
    Property("modify.organization", "organization", provenance="documented"),
    Property("modify.new_limited_scopes", "newLimitedScopes", provenance="documented"),
    Property("modify.changed_limited_scopes", "changedLimitedScopes", provenance="documented"),
    Property("update.organization_id", "organizationId", confidence="medium"),
    Property("identity.id", "id", confidence="medium"),
    Property("identity.aws_id", "awsId", confidence="medium"),
    Property("identity.name", "name", confidence="medium"),
    Property("identity.type", "type", confidence="medium"),
    Property("identity.parent_id", "parentId", confidence="medium"),
    Property("tree.children", "children", ("childNodes",), confidence="low"),
    Property("statistics.units", "unitsCount", confidence="low"),
    Property("statistics.accounts", "accountsCount", confidence="low"),
)
PROPERTIES: Mapping[str, Property] = {row.key: row for row in _ROWS}
ASSUMED: tuple[str, ...] = tuple(row.key for row in _ROWS if row.provenance == "assumed")


class Names:
    """The table with the user's overrides laid over it."""

    def __init__(self, overrides: Mapping[str, Any] | None = None) -> None:
        """overrides: the option ``wire_names``. Raises ApplianceError (invalid) for an unknown key or a value that is
        no name.
        """
        self._overrides: dict[str, str] = {}
        for key, name in (overrides or {}).items():
            if key not in ASSUMED:
                raise ApplianceError(
                    f"The option wire_names has the key {key!r}, which names no property whose name is assumed",
                    reason="invalid",
                    remedy=f"Use one of {', '.join(ASSUMED)}.",
                )
            if not isinstance(name, str) or not name.strip():
                raise ApplianceError(
                    f"The option wire_names gives {name!r} for {key}, which is no property name",
                    reason="invalid",
                    remedy="Give the name of the property as the appliance spells it.",
                )
            self._overrides[key] = name.strip()

    def find(self, obj: Mapping[str, Any], key: str) -> Found | None:
        """Looks a property up in an object that the appliance answered.

        A name that carries a value wins over one that carries null, then the order of the table decides.
        Returns None where no name of the property occurs: that is not the same as null.
        """
        null: Found | None = None
        for name in self._read_names(key):
            for value in _values_at(obj, name):
                if value is None:
                    null = null or Found(name, None)
                elif _looks_right(PROPERTIES[key], value):
                    return Found(name, value)
        return null

    def written(self, key: str, read_as: str | None = None) -> str:
        """The name to send a property under.

        read_as: the name by which the object at hand, or another one of the same appliance, was read. It is the best
        evidence there is, and only the user's own word goes above it.
        """
        if key in self._overrides:
            return self._overrides[key]
        if read_as is not None and "." not in read_as:
            return read_as
        return PROPERTIES[key].write

    def known(self, keys: tuple[str, ...]) -> frozenset[str]:
        """The top-level names under which any of these properties may occur in an object."""
        return frozenset(name.split(".")[0] for key in keys for name in self._read_names(key))

    def _read_names(self, key: str) -> Iterator[str]:
        row = PROPERTIES[key]
        if key in self._overrides:
            yield self._overrides[key]
        yield row.write
        yield from row.also_read


def _values_at(obj: Mapping[str, Any], name: str) -> Iterator[Any]:
    """Yields the value at a plain or dotted name, or nothing."""
    head, _dot, rest = name.partition(".")
    if head not in obj:
        return
    if not rest:
        yield obj[head]
    elif isinstance(obj[head], Mapping):
        yield from _values_at(obj[head], rest)


def _looks_right(row: Property, value: Any) -> bool:
    return row.pattern is None or (isinstance(value, str) and row.pattern.match(value) is not None)
