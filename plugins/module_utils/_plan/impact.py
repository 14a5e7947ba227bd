# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The AWS accounts that a change takes into backup and out of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from .._model.desired import Desired
from .._model.organization import LimitedScope, Organization
from .._model.structure import Structure
from .references import References
from .scopes import plan_scopes

NAMED = 20
"""How many accounts a result lists on each side; its numbers count all of them."""


@dataclass(frozen=True)
class Coverage:
    """The covered part of an AWS Organization: all of it, or some units with everything below them.

    units: AWS IDs, None if they are unknown.
    """

    entire: bool = False
    units: frozenset[str] | None = frozenset()

    @property
    def known(self) -> bool:
        return self.entire or self.units is not None

    def accounts(self, structure: Structure) -> set[str]:
        """Return the AWS IDs of the covered accounts."""
        return {
            aws_id
            for aws_id, identity in structure.by_aws_id.items()
            if identity.is_account
            and (self.entire or not (self.units or frozenset()).isdisjoint(structure.ancestors(aws_id)))
        }


NOTHING = Coverage()


@dataclass(frozen=True)
class Impact:
    """Accounts with their AWS ID, name and path, sorted by path; None if they are unknown."""

    gained: tuple[dict[str, Any], ...] | None = ()
    lost: tuple[dict[str, Any], ...] | None = ()

    @property
    def known(self) -> bool:
        return self.gained is not None and self.lost is not None

    def as_result(self) -> dict[str, Any]:
        return {
            "known": self.known,
            "accounts_gained": None if self.gained is None else len(self.gained),
            "accounts_lost": None if self.lost is None else len(self.lost),
            "gained": list(self.gained or ())[:NAMED],
            "lost": list(self.lost or ())[:NAMED],
        }


def covered_now(actual: Organization | None) -> Coverage:
    """Return what an organization covers now."""
    if actual is None:
        return NOTHING
    return Coverage(entire=actual.scope == "entire", units=_units(actual.limited_scopes) if actual.scope else None)


def covered_then(desired: Desired, actual: Organization | None, references: References) -> Coverage:
    """Return what an organization will cover once its declaration is carried out."""
    if desired.state == "absent":
        return NOTHING
    if desired.scope is None and desired.limited_scopes is None:
        return covered_now(actual)
    if desired.scope == "entire":
        return Coverage(entire=True)
    units = _units(plan_scopes(desired, actual, references).result)
    resolved = units is not None and units.isdisjoint(set(desired.unit_references) - set(references.units))
    return Coverage(units=units if resolved else None)


def impact(before: Coverage, after: Coverage, structure: Structure | None) -> Impact:
    """Return the accounts of a structure that a change from one coverage to another gains and loses.

    structure: with accounts, None if it could not be read.
    """
    if before == after and before.known:
        return Impact()
    gained = lost = None
    if structure is not None and before.known and after.known:
        then, now = after.accounts(structure), before.accounts(structure)
        gained, lost = _described(then - now, structure), _described(now - then, structure)
    # One side may be certain without a structure: what covers nothing loses nothing.
    return Impact(() if after == NOTHING else gained, () if before == NOTHING or after.entire else lost)


def _units(scopes: Iterable[LimitedScope]) -> frozenset[str] | None:
    units: set[str] = set()
    for scope in scopes:
        if scope.units is None:
            return None
        units |= scope.units
    return frozenset(units)


def _described(accounts: set[str], structure: Structure) -> tuple[dict[str, Any], ...]:
    described = [
        {"aws_id": aws_id, "name": structure.by_aws_id[aws_id].name, "path": structure.path(aws_id)}
        for aws_id in accounts
    ]
    return tuple(sorted(described, key=lambda account: (account["path"] or "", account["aws_id"])))
