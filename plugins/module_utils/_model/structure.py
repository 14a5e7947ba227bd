# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tree of an AWS Organization: paths of units, what covers what, and what became different. No I/O."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .._errors import ApplianceError
from .._wording import did_you_mean
from .values import is_unit_id

ROOT = "/"


@dataclass(frozen=True)
class Identity:
    """A root, an organizational unit or an account. id: the appliance's UUID, absent in an in-memory rescan."""

    aws_id: str
    name: str
    parent: str | None = None
    id: str | None = None

    @property
    def is_unit(self) -> bool:
        """Roots count as units: they can be chosen as well. Told by the AWS ID, whose form AWS promises."""
        return not self.is_account

    @property
    def is_root(self) -> bool:
        return self.aws_id.startswith("r-")

    @property
    def is_account(self) -> bool:
        return self.aws_id.isdigit()


class Structure:
    """Identities with their parents. A parent that is not among them ends a path, as the root does."""

    def __init__(self, identities: Iterable[Identity]) -> None:
        self.by_aws_id: Mapping[str, Identity] = {identity.aws_id: identity for identity in identities}
        self._paths: dict[str, str] = {}
        self._parents = frozenset(identity.parent for identity in self.by_aws_id.values())

    def ancestors(self, aws_id: str) -> list[str]:
        """AWS IDs from the parent up to the root. Stops where the answer of an appliance runs in a circle."""
        found: list[str] = []
        identity = self.by_aws_id.get(aws_id)
        while (
            identity is not None
            and identity.parent is not None
            and identity.parent not in found
            and identity.parent != aws_id
        ):
            found.append(identity.parent)
            identity = self.by_aws_id.get(identity.parent)
        return found

    def path(self, aws_id: str) -> str | None:
        """The path of a unit, or of an account by its name; None where it is not in this structure."""
        if aws_id not in self._paths:
            identity = self.by_aws_id.get(aws_id)
            if identity is None:
                # A structure that leaves the root out still names it as a parent.
                return ROOT if aws_id.startswith("r-") and aws_id in self._parents else None
            self._paths[aws_id] = self._path_of(identity)
        return self._paths[aws_id]

    def unit_at(self, path: str) -> list[str]:
        """AWS IDs of the units at a path: none, one, or, should an appliance show namesakes, several. Raises
        ValueError.
        """
        wanted = join_path(split_path(path))
        return [aws_id for aws_id, found in self.unit_paths().items() if found == wanted]

    def unit_paths(self) -> dict[str, str]:
        """AWS ID -> path of every unit, the root included where it is known."""
        ids = [identity.aws_id for identity in self.by_aws_id.values() if identity.is_unit]
        ids += [
            parent for parent in self._parents if parent and parent not in self.by_aws_id and parent.startswith("r-")
        ]
        return {aws_id: path for aws_id in ids if (path := self.path(aws_id)) is not None}

    def topmost(self, units: Iterable[str]) -> frozenset[str]:
        """The covering set: the given units without those that have an ancestor among them."""
        given = frozenset(units)
        return frozenset(unit for unit in given if given.isdisjoint(self.ancestors(unit)))

    def below(self, units: Iterable[str]) -> list[str]:
        """Every unit below the given ones, and these themselves as far as they are in this structure."""
        given = frozenset(units)
        return [
            identity.aws_id
            for identity in self.by_aws_id.values()
            if identity.is_unit and not given.isdisjoint((identity.aws_id, *self.ancestors(identity.aws_id)))
        ]

    def covering(self, aws_id: str, scopes: Mapping[str, frozenset[str]]) -> list[str]:
        """Names of the scopes (name -> members) that a unit or account belongs to, itself or through an ancestor."""
        line = {aws_id, *self.ancestors(aws_id)}
        return sorted(name for name, members in scopes.items() if not line.isdisjoint(members))

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


def split_path(path: str) -> list[str]:
    r"""Names of a path from below the root down to the unit; none for the root. ``\/`` is a slash within a name, ``\\``
    a backslash.

    Raises ValueError with the reason where the text is no path.
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
                raise ValueError(f"A backslash stands before / or another backslash only, not before {character!r}")
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
    """The opposite of split_path."""
    return ROOT + "/".join(name.replace("\\", "\\\\").replace("/", "\\/") for name in names)


def structure_changes(
    before: Structure, after: Structure, scopes: Mapping[str, frozenset[str]]
) -> dict[str, list[dict[str, Any]]]:
    """What a rescan changed: ``added``, ``removed``, ``moved`` and ``renamed`` units and accounts, each sorted by path.

    scopes: name -> members, so that each item tells which limited scopes cover it (after the change; before it for a
    removed one).
    """
    old, new = before.by_aws_id, after.by_aws_id
    both = [aws_id for aws_id in new if aws_id in old]
    changes = {
        "added": [_described(after, aws_id, scopes) for aws_id in new if aws_id not in old],
        "removed": [_described(before, aws_id, scopes) for aws_id in old if aws_id not in new],
        "moved": [
            {**_described(after, aws_id, scopes), "former_path": before.path(aws_id)}
            for aws_id in both
            if old[aws_id].parent != new[aws_id].parent
        ],
        "renamed": [
            {**_described(after, aws_id, scopes), "former_name": old[aws_id].name}
            for aws_id in both
            if old[aws_id].name != new[aws_id].name
        ],
    }
    return {
        kind: sorted(items, key=lambda item: (item["path"] or "", item["aws_id"])) for kind, items in changes.items()
    }


def _described(structure: Structure, aws_id: str, scopes: Mapping[str, frozenset[str]]) -> dict[str, Any]:
    identity = structure.by_aws_id[aws_id]
    return {
        "aws_id": aws_id,
        "name": identity.name,
        "type": "account" if identity.is_account else "unit",
        "path": structure.path(aws_id),
        "covered_by": structure.covering(aws_id, scopes),
    }


def unknown_unit(
    reference: str, organization: str, structure: Structure, before: Structure | None = None
) -> ApplianceError:
    """The error for a unit that does not exist, with where it went, or what it may have been meant to be.

    before: the structure before a rescan, which may still show it.
    """
    paths = structure.unit_paths()
    near = did_you_mean(reference, list(paths) if is_unit_id(reference) else list(paths.values()))
    near += _namesakes(reference, [(path, aws_id) for aws_id, path in paths.items() if repr(path) not in near])
    return ApplianceError(
        f"The AWS Organization {organization!r} has no organizational unit {reference!r} as far as the appliance knows",
        reason="not_found",
        remedy=_moved(reference, structure, before or structure)
        or f"{near}A unit that was just made in AWS is found after a rescan: see refresh_structure.",
    )


def _moved(reference: str, structure: Structure, before: Structure) -> str:
    """What became of a unit that the structure before the rescan still knew by this path or ID."""
    for aws_id in before.unit_at(reference) if reference.startswith("/") else [reference]:
        old, new = before.path(aws_id), structure.path(aws_id)
        if old is not None and new is not None and new != old:
            return f"The unit {aws_id} has moved from {old!r} to {new!r}. Correct the path."
        if old is not None and new is None:
            return f"The unit {aws_id} was at {old!r} at the last rescan, and is not in AWS any more."
    return ""


def _namesakes(reference: str, units: Sequence[tuple[str, str]]) -> str:
    """Where units of this name are, since the one that is meant may have moved before the last rescan.

    units: path and AWS ID.
    """
    if not reference.startswith("/"):
        return ""
    name = split_path(reference)[-1:]
    found = [f"{path!r} ({aws_id})" for path, aws_id in units if name and split_path(path)[-1:] == name]
    if not found:
        return ""
    return f"A unit of this name is at {' and '.join(sorted(found)[:3])}; has it moved? Then correct the path. "
