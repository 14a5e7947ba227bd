# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one table between the collection's names and the property names of the REST API.

The vendor's reference prints several objects collapsed, so some property names are assumptions. Each one is written
here, with its confidence, and nowhere else; those of an organization's settings are in their table. A user corrects a
wrong assumption with the connection option ``wire_names``, without touching code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

from .._errors import ApplianceError
from .settings import SETTINGS


@dataclass(frozen=True)
class Property:
    """One property of the API.

    key: its qualified name in the collection, the key of ``wire_names``.
    write: the property name that is sent if nothing better is known.
    also_read: further names under which the value is accepted. ``a.b`` is ``b`` inside the object ``a``; such a name
    is for reading only.
    provenance: ``documented`` by the vendor's reference, or ``assumed``.
    confidence: how likely an assumed name is right: ``high``, ``medium`` or ``low``.
    pattern: the form of its values, if the API uses the same name for something else.
    """

    key: str
    write: str
    also_read: tuple[str, ...] = ()
    provenance: str = "assumed"
    confidence: str = "high"
    pattern: re.Pattern[str] | None = None


@dataclass(frozen=True)
class Found:
    """A value of an object, and the property name that carried it."""

    name: str
    value: Any


_Weight = tuple[bool, bool, int]
"""How much evidence an object is for a name: it was read by its ID; the name has a value; its place in the table."""


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
    """The names of one appliance: what the user set, what the appliance has shown to this task, else the table.

    There is one for each task, since all objects of an appliance share their property names. Threads may share it.
    """

    def __init__(self, overrides: Mapping[str, Any] | None = None) -> None:
        """overrides: the option ``wire_names``.

        Raises ApplianceError (invalid) for an unknown key, or a value that is not a name.
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
        # Key -> the names under which a property is looked for, the likeliest first.
        self._names_of: Mapping[str, tuple[str, ...]] = {
            row.key: (*filter(None, [self._overrides.get(row.key)]), row.write, *row.also_read) for row in _ROWS
        }
        # Key -> the best evidence so far, so that the order in which objects are read does not matter.
        self._shown: dict[str, tuple[_Weight, str]] = {}
        self._lock = Lock()

    def find(self, obj: Mapping[str, Any], key: str, detailed: bool = False) -> Found | None:
        """Look a property up in an object of the appliance, and record the name that carries it.

        A name with a value wins over one with null, then the order of the table decides.
        detailed: whether the object was read by its ID. Its names go above those of an item of a list, since an update
        replaces what that request shows.
        Returns None if the object does not have the property, which is not the same as null.
        """
        null: tuple[_Weight, Found] | None = None
        for position, name in enumerate(self._names_of[key]):
            for value in _values_at(obj, name):
                if value is None:
                    null = null or ((detailed, False, -position), Found(name, None))
                elif _looks_right(PROPERTIES[key], value):
                    return self._record(key, (detailed, True, -position), Found(name, value))
        return self._record(key, *null) if null else None

    def shows(self, key: str) -> bool:
        """Whether the appliance has shown a property to this task, with a value or null, on any object."""
        return key in self._shown

    def written(self, key: str) -> str:
        """Return the name to send: the user's, else the one that the appliance shows, else the table's.

        A dotted name is for reading only.
        """
        if key in self._overrides:
            return self._overrides[key]
        _weight, shown = self._shown.get(key, (None, ""))
        return shown if shown and "." not in shown else PROPERTIES[key].write

    def is_learned(self, key: str) -> bool:
        """Whether the name to send is known only from what the appliance has shown."""
        return key not in self._overrides and self.written(key) != PROPERTIES[key].write

    def known(self, keys: tuple[str, ...]) -> frozenset[str]:
        """Return the top-level names under which any of these properties may occur in an object."""
        return frozenset(name.split(".")[0] for key in keys for name in self._names_of[key])

    def _record(self, key: str, weight: _Weight, found: Found) -> Found:
        best = self._shown.get(key)
        # Most objects add nothing new, and need no lock for that.
        if best is None or best[0] < weight:
            with self._lock:
                self._shown[key] = max(self._shown.get(key, (weight, found.name)), (weight, found.name))
        return found


def _values_at(obj: Mapping[str, Any], name: str) -> Iterator[Any]:
    """Yield the value at a plain or dotted name, if there is one."""
    head, _dot, rest = name.partition(".")
    if head not in obj:
        return
    if not rest:
        yield obj[head]
    elif isinstance(obj[head], Mapping):
        yield from _values_at(obj[head], rest)


def _looks_right(row: Property, value: Any) -> bool:
    return row.pattern is None or (isinstance(value, str) and row.pattern.match(value) is not None)
