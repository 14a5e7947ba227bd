# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An AWS Organization as the appliance holds it: read leniently, written back without losing anything."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, cast

from .._errors import ApplianceError
from .names import PROPERTIES, Names
from .settings import REQUIRED, SETTINGS

# Where the appliance leaves properties out that are not set, these are the ones that may be missing.
OPTIONAL = (*(option for option in SETTINGS if option not in REQUIRED), "limited_scopes")

_ORGANIZATION_KEYS = tuple(key for key in PROPERTIES if key.startswith("organization."))
_SCOPE_KEYS = tuple(key for key in PROPERTIES if key.startswith("limited_scope."))


@dataclass(frozen=True)
class LimitedScope:
    """A named set of organizational units.

    units: AWS IDs as the appliance lists them, or the topmost ones where only the subtree can be read; None: not read
    yet.
    subtree: every unit below and including the members, where the members were read through the structure; else None.
    """

    name: str
    id: str | None = None
    units: frozenset[str] | None = None
    subtree: frozenset[str] | None = None
    read_as: Mapping[str, str] = field(default_factory=dict)

    def covers_exactly(self, wanted: frozenset[str]) -> bool:
        """Whether the wanted units are this scope's members.

        Members read as a subtree do not tell which units below a member were chosen as well. They are the same set of
        accounts as long as every topmost unit is wanted and nothing outside of the subtree is.
        """
        if self.units is None:
            return False
        if self.subtree is not None:
            return self.units <= wanted <= self.subtree
        return self.units == wanted

    def touches(self, units: frozenset[str]) -> bool:
        """Whether a unit is a member of this scope, or lies below one as far as that is known."""
        return bool(units & (self.subtree or self.units or frozenset()))


@dataclass(frozen=True)
class Organization:
    """An AWS Organization registered on the appliance, in the collection's terms.

    settings: option -> text, None where it is not set, and also where the appliance does not show it: ``shown`` tells
    the two apart.
    shown: fields whose value is known. read_as: key of the wire table -> property name under which this object was
    read;
    as_read: setting -> value as it came, null and empty text still told apart.
    other: properties that the collection does not know, kept for the user and never written back.
    detailed: read by the single GET, which shows all that there is to see.
    """

    id: str
    settings: Mapping[str, str | None]
    aws_organization_id: str | None = None
    limited_scopes: tuple[LimitedScope, ...] = ()
    shown: frozenset[str] = frozenset()
    read_as: Mapping[str, str] = field(default_factory=dict)
    as_read: Mapping[str, Any] = field(default_factory=dict)
    other: Mapping[str, Any] = field(default_factory=dict)
    detailed: bool = False

    @property
    def name(self) -> str:
        return cast(str, self.settings["name"])

    @property
    def rescan_iam_role(self) -> str | None:
        """The ID of the rescan role."""
        return self.settings["rescan_iam_role"]

    @property
    def scope(self) -> str | None:
        """``entire``, ``limited``, or None where the appliance does not tell. Without scopes it is entire."""
        if self.limited_scopes:
            return "limited"
        return "entire" if "limited_scopes" in self.shown else None

    @property
    def label(self) -> str:
        return f"{self.name} ({self.id})"

    def is_as(self, other: Organization) -> bool:
        """Whether both are one organization with the same settings and scopes, by whatever call they were read."""
        sides = [
            (one.id, one.settings, {(scope.id, scope.name, scope.units) for scope in one.limited_scopes})
            for one in (self, other)
        ]
        return sides[0] == sides[1]

    def is_complete(self) -> bool:
        """Whether the single GET would add nothing, because this answer is its own or shows every managed field."""
        return self.detailed or self.shown.issuperset((*SETTINGS, "limited_scopes", "aws_organization_id"))

    def settled(self, shown_elsewhere: Iterable[str] = ()) -> Organization:
        """The same organization after its single GET, with what a missing key means.

        An optional key that is missing means "not set" on an appliance that shows optional keys at all: of this object,
        or, by shown_elsewhere, of another one. Otherwise it stays unknown.
        """
        evidence = set(shown_elsewhere) & set(OPTIONAL)
        if self.shown & set(OPTIONAL):
            evidence = set(OPTIONAL)
        if self._may_have_other_scopes():
            # Taken for "no scopes", the next change would send none: a filter must never widen.
            evidence.discard("limited_scopes")
        return replace(self, shown=self.shown | evidence, detailed=True)

    def _may_have_other_scopes(self) -> bool:
        """Whether a property that the collection does not know could be the scopes, or says that there are some."""
        for name, value in self.other.items():
            if isinstance(value, (list, Mapping)) and value and not name.startswith("_"):
                inner = value if isinstance(value, list) else ()
                if "scope" in name.lower() or any(isinstance(item, Mapping) for item in inner):
                    return True
            if isinstance(value, str) and "scope" in name.lower() and "limited" in value.lower():
                return True
        return False

    def as_result(self) -> dict[str, Any]:
        """What a module returns of it. UUIDs of the appliance are included, unlike in ``config``."""
        return {
            "id": self.id,
            "aws_organization_id": self.aws_organization_id,
            # The rescan role is declared by a name or an ARN, and shown by its ID.
            **{"rescan_iam_role_id" if key == "rescan_iam_role" else key: self.settings[key] for key in SETTINGS},
            "scope": self.scope,
            "limited_scopes": [
                {
                    "id": scope.id,
                    "name": scope.name,
                    "organizational_units": None if scope.units is None else sorted(scope.units),
                }
                for scope in sorted(self.limited_scopes, key=lambda scope: scope.name)
            ],
            "other": dict(self.other),
        }


def organization_from_wire(obj: Any, names: Names) -> Organization:
    """Reads an organization as calls 2 and 4 answer it.

    Raises ApplianceError (api) where the ID, the name, or a scope cannot be understood: a guess here could end in a
    write.
    """
    if not isinstance(obj, Mapping):
        raise _malformed(f"an AWS Organization came as {type(obj).__name__} instead of an object")
    values: dict[str, Any] = {}
    as_read: dict[str, Any] = {}
    read_as: dict[str, str] = {}
    shown: set[str] = set()
    for key in _ORGANIZATION_KEYS:
        found = names.find(obj, key)
        if found is None:
            continue
        field_name = key.split(".")[1]
        read_as[key] = found.name
        shown.add(field_name)
        if field_name != "limited_scopes":
            values[field_name] = _text(found.value, found.name)
            as_read[field_name] = found.value
    for uuid in ("id", "rescan_iam_role"):
        # Compared with what a user gives; a PUT sends it in the spelling in which it came.
        values[uuid] = values[uuid].lower() if values.get(uuid) else None
    for wanted in ("id", "name"):
        if not values.get(wanted):
            raise _malformed(
                f"an AWS Organization came without {wanted!r} (its keys: {', '.join(map(str, obj)) or 'none'})"
            )
    scopes = names.find(obj, "organization.limited_scopes")
    known = names.known(_ORGANIZATION_KEYS)
    return Organization(
        id=values["id"],
        settings={option: values.get(option) for option in SETTINGS},
        aws_organization_id=values.get("aws_organization_id"),
        limited_scopes=_scopes(scopes.value if scopes else None, names),
        shown=frozenset(shown),
        read_as=read_as,
        as_read=as_read,
        other={key: value for key, value in obj.items() if key not in known},
    )


def settings_to_wire(
    declared: Mapping[str, str | None],
    names: Names,
    actual: Organization | None = None,
    learned: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Builds the ``organization`` object of calls 3, 5, 11 and 15.

    declared: setting -> value, None or missing where the playbook leaves it alone, ``""`` where it is to be cleared.
    actual: the organization that is replaced, None for a new one. What is not declared goes back exactly as it was
    read,
    under the name by which it was read, since a PUT clears what it does not carry.
    learned: wire key -> property name read from other organizations of this appliance, for what this one does not show.
    """
    read_as = {**(learned or {}), **(actual.read_as if actual else {})}
    body: dict[str, Any] = {}
    for setting in SETTINGS:
        key = f"organization.{setting}"
        name = names.written(key, read_as.get(key))
        value = declared.get(setting)
        if value:
            body[name] = value
        elif actual is None:
            continue
        elif value == "":
            body[name] = SETTINGS[setting].cleared_as
        elif setting in actual.as_read:
            body[name] = actual.as_read[setting]
    return body


def scope_to_wire(scope: LimitedScope, names: Names, read_as: Mapping[str, str]) -> dict[str, Any]:
    """Builds an item of ``limitedScopes``, ``newLimitedScopes``, or, for a scope that has an ID,
    ``changedLimitedScopes``.
    """
    body: dict[str, Any] = {}
    if scope.id is not None:
        body[names.written("limited_scope.id", read_as.get("limited_scope.id"))] = scope.id
    body[names.written("limited_scope.name", read_as.get("limited_scope.name"))] = scope.name
    key = "limited_scope.organizational_units"
    body[names.written(key, read_as.get(key))] = sorted(scope.units or ())
    return body


def _scopes(value: Any, names: Names) -> tuple[LimitedScope, ...]:
    if value is None:
        return ()
    if not isinstance(value, list):
        raise _malformed(f"limited scopes came as {type(value).__name__} instead of a list")
    return tuple(_scope(item, names) for item in value)


def _scope(obj: Any, names: Names) -> LimitedScope:
    if not isinstance(obj, Mapping):
        raise _malformed(f"a limited scope came as {type(obj).__name__} instead of an object")
    found = {key: names.find(obj, key) for key in _SCOPE_KEYS}
    read_as = {key: hit.name for key, hit in found.items() if hit is not None}
    scope_id, name, members = (found[key] for key in _SCOPE_KEYS)
    if name is None or not isinstance(name.value, str) or not name.value:
        raise _malformed(f"a limited scope came without a name (its keys: {', '.join(map(str, obj)) or 'none'})")
    units: frozenset[str] | None = None
    if members is not None and members.value is not None:
        if not isinstance(members.value, list) or not all(isinstance(unit, str) for unit in members.value):
            raise _malformed(
                f"the members of the limited scope {name.value!r} came as something else than a list of AWS IDs"
            )
        units = frozenset(members.value)
    return LimitedScope(
        name=name.value,
        id=None if scope_id is None else _text(scope_id.value, scope_id.name),
        units=units,
        read_as=read_as,
    )


def _text(value: Any, name: str) -> str | None:
    """A text as it is; an empty one means not set, like null."""
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise _malformed(f"the property {name!r} of an AWS Organization came as {type(value).__name__} instead of text")
    return value


def _malformed(what: str) -> ApplianceError:
    return ApplianceError(
        f"The appliance's answer cannot be understood: {what}",
        reason="api",
        remedy="If the appliance calls the property by another name, say so with wire_names.",
    )
