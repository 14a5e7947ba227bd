# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tree of an AWS Organization: paths of units, coverage by limited scopes, changes by a rescan, unknown units."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from .._errors import ApplianceError
from .._wording import did_you_mean, quoted
from .values import is_unit_id

ROOT = "/"

DEEPEST = 64
"""Levels of units. AWS allows five below the root."""


@dataclass(frozen=True)
class Identity:
    """A root, an organizational unit or an account.

    parent: the AWS ID of the parent. id: the UUID on the appliance, which a rescan in memory does not give.
    """

    aws_id: str
    name: str
    parent: str | None = None
    id: str | None = None

    @property
    def is_unit(self) -> bool:
        """Whether it can be a member of a limited scope, as units and roots can."""
        return not self.is_account

    @property
    def is_root(self) -> bool:
        return self.aws_id.startswith("r-")

    @property
    def is_account(self) -> bool:
        """Decided by the form of the AWS ID, which AWS guarantees."""
        return self.aws_id.isdigit()


class Structure:
    """Identities with their parents. A path ends at the root, or at a parent that is not among the identities.

    Every method that follows parents raises ApplianceError (api) if they form a circle or are nested too deep.
    """

    def __init__(self, identities: Iterable[Identity]) -> None:
        """Raises ApplianceError (api) if two different identities have one AWS ID."""
        by_aws_id: dict[str, Identity] = {}
        for identity in identities:
            if by_aws_id.setdefault(identity.aws_id, identity) != identity:
                raise _malformed(f"{quoted(identity.aws_id)} comes twice, with different names or parents")
        self.by_aws_id: Mapping[str, Identity] = by_aws_id
        self._lines: dict[str, tuple[str, ...]] = {}
        self._paths: dict[str, str] = {}
        self._parents = frozenset(identity.parent for identity in self.by_aws_id.values())

    def ancestors(self, aws_id: str) -> tuple[str, ...]:
        """Return the AWS IDs from the parent up to the root."""
        if aws_id not in self._lines:
            self._lines[aws_id] = self._climb(aws_id)
        return self._lines[aws_id]

    def path(self, aws_id: str) -> str | None:
        """Return the path of a unit, or of an account by its name; None if it is not in this structure."""
        if aws_id not in self._paths:
            identity = self.by_aws_id.get(aws_id)
            if identity is None:
                # A structure that leaves the root out still names it as a parent.
                return ROOT if aws_id.startswith("r-") and aws_id in self._parents else None
            self._paths[aws_id] = self._path_of(identity)
        return self._paths[aws_id]

    def unit_at(self, path: str) -> list[str]:
        """Return the AWS IDs of the units at a path: none, one, or several if an appliance shows namesakes.

        Raises ValueError if the text is not a path.
        """
        return self._units_by_path.get(join_path(split_path(path)), [])

    def unit_paths(self) -> dict[str, str]:
        """Return AWS ID -> path of every unit, with the root if it is known."""
        ids = [identity.aws_id for identity in self.by_aws_id.values() if identity.is_unit]
        ids += [
            parent for parent in self._parents if parent and parent not in self.by_aws_id and parent.startswith("r-")
        ]
        return {aws_id: path for aws_id in ids if (path := self.path(aws_id)) is not None}

    def account(self, reference: str) -> Identity | None:
        """Return the account with this AWS ID or path; None if there is none in this structure."""
        found = self.by_aws_id.get(reference)
        if found is not None or not reference.startswith("/"):
            return found if found is not None and found.is_account else None
        wanted = join_path(split_path(reference))
        accounts = (identity for identity in self.by_aws_id.values() if identity.is_account)
        return next((account for account in accounts if self.path(account.aws_id) == wanted), None)

    def has_in_other_case(self, reference: str) -> bool:
        """Whether a unit has this path except for upper and lower case."""
        return any(path != reference and path.casefold() == reference.casefold() for path in self.unit_paths().values())

    def topmost(self, units: Iterable[str]) -> frozenset[str]:
        """Return the covering set: the given units without those that have an ancestor among them."""
        given = frozenset(units)
        return frozenset(unit for unit in given if given.isdisjoint(self.ancestors(unit)))

    def below(self, units: Iterable[str]) -> list[str]:
        """Return the given units and every unit below them, as far as they are in this structure."""
        given = frozenset(units)
        return [
            identity.aws_id
            for identity in self.by_aws_id.values()
            if identity.is_unit and not given.isdisjoint((identity.aws_id, *self.ancestors(identity.aws_id)))
        ]

    @cached_property
    def _units_by_path(self) -> Mapping[str, list[str]]:
        units: dict[str, list[str]] = {}
        for aws_id, path in self.unit_paths().items():
            units.setdefault(path, []).append(aws_id)
        return units

    def _climb(self, aws_id: str) -> tuple[str, ...]:
        line: list[str] = []
        identity = self.by_aws_id.get(aws_id)
        while identity is not None and identity.parent is not None:
            line.append(identity.parent)
            known = self._lines.get(identity.parent)
            if len(line) + len(known or ()) > DEEPEST:
                raise _malformed(f"the parents of {quoted(aws_id)} form a circle or more than {DEEPEST} levels")
            if known is not None:
                return (*line, *known)
            identity = self.by_aws_id.get(identity.parent)
        return tuple(line)

    def _path_of(self, identity: Identity) -> str:
        if identity.is_root:
            return ROOT
        names = [identity.name]
        names += [
            self.by_aws_id[aws_id].name
            for aws_id in self.ancestors(identity.aws_id)
            if aws_id in self.by_aws_id and not aws_id.startswith("r-")
        ]
        return join_path(reversed(names))


def _malformed(problem: str) -> ApplianceError:
    return ApplianceError(
        f"The structure that the appliance shows cannot be one of AWS Organizations: {problem}",
        reason="api",
        remedy="Rescan the organization. If the structure does not change, look at it in the web interface",
    )


def split_path(path: str) -> list[str]:
    r"""Return the names of a path from below the root down to the unit; none for the root.

    Within a name ``\/`` is a slash and ``\\`` a backslash. Raises ValueError with the reason if the text is not a path.
    """
    if not path.startswith("/"):
        raise ValueError("A path starts with /")
    if path == ROOT:
        return []
    names: list[str] = []
    name, escaped = "", False
    for character in path[1:]:
        if escaped:
            if character not in "/\\":
                raise ValueError(
                    f"A backslash stands before / or another backslash only, not before {quoted(character)}"
                )
            name, escaped = name + character, False
        elif character == "\\":
            escaped = True
        elif character == "/":
            names, name = [*names, name], ""
        else:
            name += character
    names.append(name)
    if escaped:
        raise ValueError("A path does not end in a backslash")
    if not all(names):
        raise ValueError("A path has no empty names: no // and no / at its end")
    return names


def join_path(names: Iterable[str]) -> str:
    """Return the path of names, which split_path splits again."""
    return ROOT + "/".join(name.replace("\\", "\\\\").replace("/", "\\/") for name in names)


def unknown_unit(
    reference: str, organization: str, structure: Structure, before: Structure | None = None, hint: str = ""
) -> ApplianceError:
    """Return the error for a unit that does not exist, with its new place, or with similar units.

    before: the structure before a rescan, which may still have the unit. hint: how to find a unit that is not stored;
    it is left out for a path that differs from the path of a unit in case alone.
    """
    paths = structure.unit_paths()
    similar = did_you_mean(reference, list(paths) if is_unit_id(reference) else list(paths.values()))
    others = {aws_id: path for aws_id, path in paths.items() if quoted(path) not in similar}
    similar += _namesakes(reference, others)
    return ApplianceError(
        f"The AWS Organization {quoted(organization)} has no organizational unit {quoted(reference)} as far as the "
        f"appliance knows",
        reason="not_found",
        remedy=_moved(reference, structure, before or structure)
        or similar + hint * (not structure.has_in_other_case(reference)),
    )


def not_a_unit(reference: str, structure: Structure | None = None) -> ApplianceError:
    """Return the error for an account that is given instead of a unit. structure: with accounts, if it is known."""
    account = structure.account(reference) if structure else None
    what = f"the AWS account {account.aws_id}" if account and account.aws_id != reference else "an AWS account"
    parent = account.parent if account else None
    path = structure.path(parent) if structure and parent else None
    remedy = "Give the unit that contains the account"
    if path == ROOT:
        remedy = "The account is directly below the root, which contains all accounts: move it to a unit in AWS first"
    elif path is not None:
        remedy += f", {quoted(path)} ({parent}). All accounts of that unit are then included"
    return ApplianceError(f"{quoted(reference)} is {what}, not an organizational unit", reason="invalid", remedy=remedy)


def _moved(reference: str, structure: Structure, before: Structure) -> str:
    """A sentence about a unit that had this path or ID before the rescan and was moved or removed; else empty."""
    for aws_id in before.unit_at(reference) if reference.startswith("/") else [reference]:
        old, new = before.path(aws_id), structure.path(aws_id)
        if old is not None and new is not None and new != old:
            return f"The unit {aws_id} has moved from {quoted(old)} to {quoted(new)}. Correct the path."
        if old is not None and new is None:
            return f"The unit {aws_id} was at {quoted(old)} at the last rescan, and is not in AWS any more."
    return ""


def _namesakes(reference: str, units: Mapping[str, str]) -> str:
    """A sentence about units of the same name elsewhere, since the unit may have moved before the last rescan.

    units: AWS ID -> path.
    """
    if not reference.startswith("/"):
        return ""
    name = split_path(reference)[-1:]
    found = [f"{quoted(path)} ({aws_id})" for aws_id, path in units.items() if name and split_path(path)[-1:] == name]
    if not found:
        return ""
    return f"A unit of this name is at {' and '.join(sorted(found)[:3])}; has it moved? Then correct the path. "
