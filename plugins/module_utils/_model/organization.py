# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An AWS Organization as the appliance holds it: read leniently, written back without losing anything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, cast

from .._errors import ApplianceError
from .._wording import brief, first_of, printable, quoted
from .names import PROPERTIES, Found, Names
from .settings import REQUIRED, SETTINGS

# An appliance may leave out a property that is not set; only these can be missing for that reason.
OPTIONAL = (*(option for option in SETTINGS if option not in REQUIRED), "limited_scopes")

_SHOWN_KEYS = 20  # in a message
_ORGANIZATION_KEYS = tuple(key for key in PROPERTIES if key.startswith("organization."))
_SCOPE_KEYS = tuple(key for key in PROPERTIES if key.startswith("limited_scope."))


@dataclass(frozen=True)
class LimitedScope:
    """A named set of organizational units.

    units: AWS IDs as the appliance lists them, or the topmost ones if only the subtree can be read; None until they are
    read.
    subtree: the members and every unit below them if they were read through the structure, else None.
    other: properties that the collection does not know; an update sends them back as they were read.
    """

    name: str
    id: str | None = None
    units: frozenset[str] | None = None
    subtree: frozenset[str] | None = None
    other: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def covers_exactly(self, wanted: frozenset[str]) -> bool:
        """Whether the wanted units are this scope's members.

        Members read as a subtree do not show which units below a member were chosen as well. The accounts are the same
        if every topmost unit is wanted and nothing outside of the subtree is.
        """
        if self.units is None:
            return False
        if self.subtree is not None:
            return self.units <= wanted <= self.subtree
        return self.units == wanted

    def touches(self, units: frozenset[str]) -> bool:
        """Whether one of the units is a member of this scope, or below a member as far as that is known."""
        return bool(units & (self.subtree or self.units or frozenset()))


@dataclass(frozen=True)
class Organization:
    """An AWS Organization registered on the appliance, in the collection's terms.

    settings: option -> text, None if it is not set or not shown; ``shown`` has the difference.
    shown: the fields whose value is known.
    as_read: option -> value as it came, with null and an empty text kept apart.
    other: properties that the collection does not know; an update sends them back as they were read.
    may_have_scopes: whether a property that is not known could be the scopes, or says that there are some.
    detailed: whether it was read by its ID, which shows all that the appliance shows.
    """

    id: str
    settings: Mapping[str, str | None]
    aws_organization_id: str | None = None
    limited_scopes: tuple[LimitedScope, ...] = ()
    shown: frozenset[str] = frozenset()
    as_read: Mapping[str, Any] = field(default_factory=dict)
    other: Mapping[str, Any] = field(default_factory=dict)
    may_have_scopes: bool = False
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
        """``entire``, ``limited``, or None if the appliance does not show it. Without scopes it is entire."""
        if self.limited_scopes:
            return "limited"
        return "entire" if "limited_scopes" in self.shown else None

    @property
    def label(self) -> str:
        return f"{printable(self.name)} ({printable(self.id)})"

    @property
    def unknown(self) -> tuple[str, ...]:
        """The optional settings of which it is not known whether they are set."""
        return tuple(option for option in OPTIONAL if option not in self.shown)

    def is_as(self, other: Organization) -> bool:
        """Whether both are one organization with the same settings and scopes, in whatever way they were read."""
        sides = [
            (one.id, one.settings, {(scope.id, scope.name, scope.units) for scope in one.limited_scopes})
            for one in (self, other)
        ]
        return sides[0] == sides[1]

    def shows_the_same(self, other: Organization) -> bool:
        """Whether both are the same in every property, those that the collection does not know included."""
        sides = [(one.other, {scope.id: scope.other for scope in one.limited_scopes}) for one in (self, other)]
        return self.is_as(other) and sides[0] == sides[1]

    def is_complete(self) -> bool:
        """Whether reading it by its ID would add nothing: that was done, or every managed field is shown."""
        return self.detailed or self.shown.issuperset((*SETTINGS, "limited_scopes", "aws_organization_id"))

    def with_missing_judged(self, names: Names) -> Organization:
        """Return this organization, read by its ID, with missing properties marked as not set if there is evidence.

        A missing optional property is not set if its name is proven, or if the organization shows another optional
        property and none that the collection does not know. Otherwise it stays unknown. Call this after all
        organizations were read, so that their order does not matter.
        """
        evidence = {option for option in OPTIONAL if names.reads(f"organization.{option}")}
        if self.shown & set(OPTIONAL) and not self.other:
            evidence = set(OPTIONAL)
        if self.may_have_scopes:
            # If they passed for "no scopes", the next update would send none: a filter must never widen.
            evidence.discard("limited_scopes")
        return replace(self, shown=_shared(self.shown | evidence))

    def as_result(self) -> dict[str, Any]:
        """Return what modules show of it, with the UUIDs of the appliance, which ``config`` leaves out."""
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
                    "other": dict(scope.other),
                }
                for scope in sorted(self.limited_scopes, key=lambda scope: scope.name)
            ],
            "other": dict(self.other),
        }


def organization_from_wire(obj: Any, names: Names, detailed: bool = False) -> Organization:
    """Read an organization as ``get_organizations`` and ``get_organization`` return it.

    detailed: whether it was read by its ID. Raises ApplianceError (api) if the ID, the name, or a scope cannot be
    understood: a guess here could end in a write.
    """
    if not isinstance(obj, Mapping):
        raise _malformed(f"an AWS Organization came as {type(obj).__name__} instead of an object")
    found = _found(obj, _ORGANIZATION_KEYS, names, detailed)
    scopes = found.pop("limited_scopes", None)
    values = {name: _text(one) for name, one in found.items()}
    for uuid in ("id", "rescan_iam_role"):
        # Compared with what a user gives; an update sends it in the spelling in which it came.
        values[uuid] = (values.get(uuid) or "").lower() or None
    for wanted in ("id", "name"):
        if not values.get(wanted):
            raise _malformed(f"an AWS Organization came without {wanted!r} (its keys: {_keys(obj)})")
    return Organization(
        id=str(values["id"]),
        settings={option: values.get(option) for option in SETTINGS},
        aws_organization_id=values.get("aws_organization_id"),
        limited_scopes=_scopes(scopes.value, names, detailed) if scopes else (),
        shown=_shared(frozenset([*found, "limited_scopes"] if scopes else found)),
        as_read={option: found[option].value for option in SETTINGS if option in found},
        other=names.find_unknown(obj, "organization"),
        may_have_scopes=scopes is None and _may_have_scopes(obj),
        detailed=detailed,
    )


@lru_cache(maxsize=100)
def _shared(fields: frozenset[str]) -> frozenset[str]:
    """Return the same set for the same fields: thousands of organizations show the same ones."""
    return fields


def settings_to_wire(
    declared: Mapping[str, str | None], names: Names, actual: Organization | None = None
) -> dict[str, Any]:
    """Build the object ``organization`` of an addition, an update, and their checks.

    declared: option -> value, None or missing to leave it as it is, empty to clear it.
    actual: the organization that is replaced, None for a new one. What is not declared goes back exactly as it was
    read, since an update clears what it does not carry; so do the properties that the collection does not know.
    """
    body: dict[str, Any] = dict(actual.other) if actual else {}
    for option, setting in SETTINGS.items():
        name = names.written(setting.key)
        value = declared.get(option)
        if value:
            body[name] = value
        elif actual is None:
            continue
        elif value == "":
            body[name] = setting.cleared_as
        elif option in actual.as_read:
            body[name] = actual.as_read[option]
    return body


def scope_to_wire(scope: LimitedScope, names: Names) -> dict[str, Any]:
    """Build an item of a list of limited scopes. Only a scope that exists has an ID."""
    body: dict[str, Any] = dict(scope.other)
    if scope.id is not None:
        body[names.written("limited_scope.id")] = scope.id
    body[names.written("limited_scope.name")] = scope.name
    body[names.written("limited_scope.organizational_units")] = sorted(scope.units or ())
    return body


def _scopes(value: Any, names: Names, detailed: bool) -> tuple[LimitedScope, ...]:
    if value is None:
        return ()
    if not isinstance(value, list):
        raise _malformed(f"limited scopes came as {type(value).__name__} instead of a list")
    scopes = tuple(_scope(item, names, detailed) for item in value)
    ids = Counter(scope.id.lower() for scope in scopes if scope.id)
    twice = next((key for key, times in ids.items() if times > 1), None)
    if twice is not None:
        raise _malformed(f"more than one limited scope came with the ID {brief(twice)}")
    return scopes


def _scope(obj: Any, names: Names, detailed: bool) -> LimitedScope:
    if not isinstance(obj, Mapping):
        raise _malformed(f"a limited scope came as {type(obj).__name__} instead of an object")
    found = _found(obj, _SCOPE_KEYS, names, detailed)
    name = found["name"].value if "name" in found else None
    if not isinstance(name, str) or not name:
        raise _malformed(f"a limited scope came without a name (its keys: {_keys(obj)})")
    members = found["organizational_units"].value if "organizational_units" in found else None
    if members is not None and not (isinstance(members, list) and all(isinstance(unit, str) for unit in members)):
        raise _malformed(
            f"the members of the limited scope {quoted(name)} came as something else than a list of AWS IDs"
        )
    return LimitedScope(
        name=name,
        id=_text(found["id"]) if "id" in found else None,
        units=None if members is None else frozenset(members),
        other=names.find_unknown(obj, "limited_scope"),
    )


def _may_have_scopes(obj: Mapping[str, Any]) -> bool:
    for name, value in obj.items():
        if isinstance(value, (list, Mapping)) and value and not name.startswith("_"):
            inner = value if isinstance(value, list) else ()
            if "scope" in name.lower() or any(isinstance(item, Mapping) for item in inner):
                return True
        if isinstance(value, str) and "scope" in name.lower() and "limited" in value.lower():
            return True
    return False


def _found(obj: Mapping[str, Any], keys: tuple[str, ...], names: Names, detailed: bool) -> dict[str, Found]:
    """Return the properties that an object has, by the second part of their keys."""
    return {key.split(".")[1]: found for key in keys if (found := names.find(obj, key, detailed)) is not None}


def _text(found: Found) -> str | None:
    """Return a text, None for null and for an empty text, which both mean "not set"."""
    if found.value is None or found.value == "":
        return None
    if not isinstance(found.value, str):
        raise _malformed(
            f"the property {found.name!r} of an AWS Organization came as {type(found.value).__name__} instead of text"
        )
    return found.value


def _keys(obj: Mapping[str, Any]) -> str:
    return first_of(obj, _SHOWN_KEYS, as_text=lambda key: printable(str(key))) or "none"


def _malformed(problem: str) -> ApplianceError:
    return ApplianceError(
        f"The appliance's answer cannot be understood: {problem}",
        reason="api",
        remedy="If the appliance calls the property by another name, say so with wire_names.",
    )
