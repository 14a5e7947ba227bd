# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tree of an AWS Organization: paths of units, coverage by limited scopes, changes by a rescan, unknown units."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .._errors import ApplianceError
from .._wording import did_you_mean, printable, quoted
from .values import grouped, is_unit_id

ROOT = "/"


LEVELS = 64
"""How many ancestors an identity can have. AWS allows units five levels below the root."""


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

    Raises ApplianceError (api) if two identities have one AWS ID, or if one has more than LEVELS ancestors, which is
    also the case if it is below itself.
    """

    def __init__(self, identities: Iterable[Identity]) -> None:
        found: dict[str, Identity] = {}
        for identity in identities:
            if found.setdefault(identity.aws_id, identity) is not identity:
                raise _malformed(f"it has {_named(identity.aws_id)} more than once")
        self.by_aws_id: Mapping[str, Identity] = found
        self._parents = dict.fromkeys(one.parent for one in found.values() if one.parent is not None)
        # Of each parent: its own AWS ID and those of its ancestors, and the path below which its children are.
        self._lines: dict[str, tuple[str, ...]] = {}
        self._prefixes: dict[str, str] = {}
        for parent in self._parents:
            self._climb(parent)
        self._units: dict[str, str] | None = None
        self._by_path: dict[str, list[str]] | None = None
        self._folded: dict[str, list[str]] | None = None
        self._accounts: dict[str, list[Identity]] | None = None

    def ancestors(self, aws_id: str) -> tuple[str, ...]:
        """Return the AWS IDs from the parent up to the root."""
        identity = self.by_aws_id.get(aws_id)
        return self._lines[identity.parent] if identity is not None and identity.parent is not None else ()

    def path(self, aws_id: str) -> str | None:
        """Return the path of a unit, or of an account by its name; None if it is not in this structure."""
        identity = self.by_aws_id.get(aws_id)
        if identity is None:
            # A structure that leaves the root out still names it as a parent.
            return ROOT if aws_id.startswith("r-") and aws_id in self._parents else None
        return ROOT if identity.is_root else self._prefix(identity.parent) + _escaped(identity.name)

    def unit_at(self, path: str) -> list[str]:
        """Return the AWS IDs of the units at a path: none, one, or several if an appliance shows namesakes.

        Raises ValueError if the text is not a path.
        """
        return list(self._units_by_path().get(join_path(split_path(path)), ()))

    def unit_paths(self) -> Mapping[str, str]:
        """Return AWS ID -> path of every unit, with the root if it is known."""
        if self._units is None:
            ids = [identity.aws_id for identity in self.by_aws_id.values() if identity.is_unit]
            ids += [parent for parent in self._parents if parent not in self.by_aws_id and parent.startswith("r-")]
            self._units = {aws_id: path for aws_id in ids if (path := self.path(aws_id)) is not None}
        return self._units

    def account(self, reference: str) -> Identity | None:
        """Return the account with this AWS ID or path; None if there is none in this structure."""
        found = self.by_aws_id.get(reference)
        if found is not None or not reference.startswith("/"):
            return found if found is not None and found.is_account else None
        names = split_path(reference)
        wanted = join_path(names)
        if self._accounts is None:
            self._accounts = grouped((one.name, one) for one in self.by_aws_id.values() if one.is_account)
        # A path is made for its namesakes alone.
        namesakes = self._accounts.get(names[-1], ()) if names else ()
        return next((account for account in namesakes if self.path(account.aws_id) == wanted), None)

    def has_in_other_case(self, reference: str) -> bool:
        """Whether a unit has this path except for upper and lower case."""
        if self._folded is None:
            self._folded = grouped((path.casefold(), path) for path in self._units_by_path())
        return any(path != reference for path in self._folded.get(reference.casefold(), ()))

    def topmost(self, units: Iterable[str]) -> frozenset[str]:
        """Return the covering set: the given units without those that have an ancestor among them."""
        given = frozenset(units)
        return frozenset(unit for unit in given if given.isdisjoint(self.ancestors(unit)))

    def below(self, units: Iterable[str]) -> list[str]:
        """Return the given units and every unit below them, as far as they are in this structure."""
        given = frozenset(units)
        return [
            aws_id
            for aws_id, identity in self.by_aws_id.items()
            if identity.is_unit and (aws_id in given or not given.isdisjoint(self.ancestors(aws_id)))
        ]

    def _climb(self, aws_id: str) -> None:
        """Enter a parent, and all above it, with their lines. Each is entered once, whatever it is the parent of."""
        climbed: list[str] = []
        above: str | None = aws_id
        while above is not None and above not in self._lines:
            if above in climbed:
                raise _malformed(f"{_named(above)} is below itself")
            if len(climbed) == LEVELS:
                raise _too_deep(aws_id)
            climbed.append(above)
            identity = self.by_aws_id.get(above)
            above = identity.parent if identity is not None else None
        line = () if above is None else self._lines[above]
        if len(line) + len(climbed) > LEVELS:
            raise _too_deep(aws_id)
        for one in reversed(climbed):
            line = self._lines[one] = (one, *line)

    def _prefix(self, parent: str | None) -> str:
        """Return what comes before the name of a child of this parent."""
        if parent is None:
            return ROOT
        if parent not in self._prefixes:
            line = [self.by_aws_id.get(aws_id) for aws_id in self._lines[parent]]
            names = [one.name for one in line if one is not None and not one.is_root]
            self._prefixes[parent] = join_path(reversed(names)) + "/" * bool(names)
        return self._prefixes[parent]

    def _units_by_path(self) -> Mapping[str, list[str]]:
        if self._by_path is None:
            self._by_path = grouped((path, aws_id) for aws_id, path in self.unit_paths().items())
        return self._by_path


def _named(aws_id: str) -> str:
    return f"{'the account' if aws_id.isdigit() else 'the organizational unit'} {quoted(aws_id)}"


def _too_deep(aws_id: str) -> ApplianceError:
    return _malformed(f"{_named(aws_id)} is nested deeper than {LEVELS} levels")


def _malformed(problem: str) -> ApplianceError:
    return ApplianceError(
        f"The structure of an AWS Organization that the appliance returned cannot be right: {problem}",
        reason="api",
        remedy="Rescan the organization. If the error remains, check its structure on the appliance.",
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
    return ROOT + "/".join(map(_escaped, names))


def child_path(parent: str, name: str) -> str:
    """Return the path of a child by the path of its parent."""
    return ("" if parent == ROOT else parent) + "/" + _escaped(name)


def _escaped(name: str) -> str:
    return name.replace("\\", "\\\\").replace("/", "\\/")


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
    what = (
        f"the AWS account {printable(account.aws_id)}" if account and account.aws_id != reference else "an AWS account"
    )
    parent = account.parent if account else None
    path = structure.path(parent) if structure and parent else None
    remedy = "Give the unit that contains the account"
    if path == ROOT:
        remedy = "The account is directly below the root, which contains all accounts: move it to a unit in AWS first"
    elif path is not None:
        remedy += f", {quoted(path)} ({printable(parent or '')}). All accounts of that unit are then included"
    return ApplianceError(f"{quoted(reference)} is {what}, not an organizational unit", reason="invalid", remedy=remedy)


def _moved(reference: str, structure: Structure, before: Structure) -> str:
    """A sentence about a unit that had this path or ID before the rescan and was moved or removed; else empty."""
    for aws_id in before.unit_at(reference) if reference.startswith("/") else [reference]:
        old, new = before.path(aws_id), structure.path(aws_id)
        if old is not None and new is not None and new != old:
            return f"The unit {printable(aws_id)} has moved from {quoted(old)} to {quoted(new)}. Correct the path."
        if old is not None and new is None:
            return f"The unit {printable(aws_id)} was at {quoted(old)} at the last rescan, and is not in AWS any more."
    return ""


def _namesakes(reference: str, units: Mapping[str, str]) -> str:
    """A sentence about units of the same name elsewhere, since the unit may have moved before the last rescan.

    units: AWS ID -> path.
    """
    if not reference.startswith("/"):
        return ""
    name = split_path(reference)[-1:]
    # Few paths end like this one, and only these are split.
    alike = [(aws_id, path) for aws_id, path in units.items() if name and path.endswith(_escaped(name[0]))]
    found = [f"{quoted(path)} ({printable(aws_id)})" for aws_id, path in alike if split_path(path)[-1:] == name]
    if not found:
        return ""
    return f"A unit of this name is at {' and '.join(sorted(found)[:3])}; has it moved? Then correct the path. "
