# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one table between the collection's names and the property names of the REST API.

The vendor's reference prints several objects collapsed, so some property names are assumptions. Each one is written
here, with its confidence, and nowhere else; those of an organization's settings are in their table. A user corrects a
wrong assumption with the connection option ``wire_names``, without touching code.

A name is proven if the reference documents it, the user set it, or the appliance shows it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
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
        pattern=re.compile(r"^o-[a-z0-9]{1,64}\Z"),
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

NOT_SENT = "not_sent"
"""The key of ``wire_names`` that lists properties which an update leaves out."""

# Links, counters and computed values: an update has no use for them. Everything else that is not known is sent back.
_READ_ONLY = ("links", "href", "status", "state", "iamRole", "scope")


@dataclass(frozen=True)
class _Told:
    """What the user said about one property: the name in answers, and the name in requests."""

    read: str | None = None
    write: str | None = None


class Names:
    """The names of one appliance: what the user set, what the appliance has shown to this task, else the table.

    There is one for each task, since all objects of an appliance share their property names. Threads may share it.

    unknown: kind of object (``organization``, ``limited_scope``) -> property that is in no table -> a value of it, as
    the appliance has shown them.
    """

    def __init__(self, overrides: Mapping[str, Any] | None = None) -> None:
        """overrides: the option ``wire_names``.

        Raises ApplianceError (invalid) for an unknown key, or a value that is not a name.
        """
        given = dict(overrides or {})
        self._not_sent = frozenset(_names_in(given.pop(NOT_SENT, None)))
        self._told = {**dict.fromkeys(PROPERTIES, _Told()), **{key: _told(key, value) for key, value in given.items()}}
        # Key -> the names under which a property is looked for, the likeliest first.
        self._names_of: Mapping[str, tuple[str, ...]] = {
            row.key: (*filter(None, [self._told[row.key].read]), row.write, *row.also_read) for row in _ROWS
        }
        # Key -> the best evidence so far, so that the order in which objects are read does not matter.
        self._shown: dict[str, tuple[_Weight, str]] = {}
        self.unknown: dict[str, dict[str, Any]] = {}
        # Kind of object -> the top-level names that are in the table.
        self._known: dict[str, set[str]] = {}
        for key, names in self._names_of.items():
            self._known.setdefault(key.partition(".")[0], set()).update(name.split(".")[0] for name in names)
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

    def finder(self, key: str) -> Callable[[Mapping[str, Any]], Any]:
        """Return a function that finds a property in the objects of one list, as ``find`` does, and returns its value.

        The first name is recorded once, so that an object that has it costs a look-up alone.
        """
        first = self._names_of[key][0]
        if "." in first or PROPERTIES[key].pattern is not None:
            return lambda obj: _value_of(self.find(obj, key))
        recorded = False

        def value_in(obj: Mapping[str, Any]) -> Any:
            nonlocal recorded
            value = obj.get(first)
            if value is None or not recorded:
                recorded = recorded or value is not None
                return _value_of(self.find(obj, key))
            return value

        return value_in

    def reads(self, key: str) -> bool:
        """Whether the name of a property in answers is proven, so that an object without it does not have it."""
        return key in self._shown or self._told[key].read is not None

    def written(self, key: str) -> str:
        """Return the name to send: the user's, else the one that the appliance shows, else the table's.

        A dotted name is for reading only.
        """
        told = self._told[key].write
        return told or self._shown_plain(key) or PROPERTIES[key].write

    def is_proven(self, key: str) -> bool:
        """Whether the name to send is proven."""
        if PROPERTIES[key].provenance != "assumed" or self._told[key].write is not None:
            return True
        return self._shown_plain(key) is not None

    def is_read_only(self, name: str) -> bool:
        """Whether an update leaves out a property that is in no table."""
        return name in _READ_ONLY or name in self._not_sent or name.startswith("_") or name.endswith("Count")

    def is_learned(self, key: str) -> bool:
        """Whether the name to send is known only from what the appliance has shown."""
        return self._told[key] == _Told() and self.written(key) != PROPERTIES[key].write

    def find_unknown(self, obj: Mapping[str, Any], kind: str) -> dict[str, Any]:
        """Return the properties of an object that are in no table, and record them. kind: as in ``unknown``."""
        known = self._known[kind]
        found = {name: value for name, value in obj.items() if name not in known and not self.is_read_only(name)}
        if found:
            with self._lock:
                seen = self.unknown.setdefault(kind, {})
                seen.update((name, value) for name, value in found.items() if not seen.get(name))
        return found

    def _shown_plain(self, key: str) -> str | None:
        """Return the name that the appliance shows, unless it is dotted."""
        _weight, shown = self._shown.get(key, (None, ""))
        return shown if shown and "." not in shown else None

    def _record(self, key: str, weight: _Weight, found: Found) -> Found:
        best = self._shown.get(key)
        # Most objects add nothing new, and need no lock for that.
        if best is None or best[0] < weight:
            with self._lock:
                self._shown[key] = max(self._shown.get(key, (weight, found.name)), (weight, found.name))
        return found


def _value_of(found: Found | None) -> Any:
    return found.value if found is not None else None


def _told(key: str, value: Any) -> _Told:
    """Read one entry of ``wire_names``: a name, or a mapping with ``read``, ``write`` or both."""
    if key not in ASSUMED:
        raise ApplianceError(
            f"The option wire_names has the key {key!r}, which is not a property whose name is assumed",
            reason="invalid",
            remedy=f"Use one of {', '.join((*ASSUMED, NOT_SENT))}.",
        )
    parts = dict(value) if isinstance(value, Mapping) else {"read": value}
    if not parts or not set(parts) <= {"read", "write"} or not all(_is_name(name) for name in parts.values()):
        raise ApplianceError(
            f"The option wire_names gives {value!r} for {key}, which is not a property name",
            reason="invalid",
            remedy="Give the name of the property as the appliance spells it, or a dictionary with read and write if "
            "answers and requests use different names.",
        )
    read, write = (parts[use].strip() if use in parts else None for use in ("read", "write"))
    if write and "." in write:
        raise ApplianceError(
            f"The option wire_names gives the name {write!r} for writing {key}, and a name with a dot is for reading "
            "only",
            reason="invalid",
            remedy="Give the name of a property of the request itself.",
        )
    if write is None and read is not None and "." not in read:
        write = read
    return _Told(read, write)


def _names_in(value: Any) -> list[str]:
    """Read the list of names that an update leaves out; a single name may be given as text."""
    names = [value] if isinstance(value, str) else value or []
    if not isinstance(names, (list, tuple)) or not all(_is_name(name) for name in names):
        raise ApplianceError(
            f"The option wire_names gives {value!r} for {NOT_SENT}, which is not a list of property names",
            reason="invalid",
            remedy="List the properties that an update must not send back.",
        )
    return [name.strip() for name in names]


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


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
