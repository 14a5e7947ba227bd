# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which of many declarations means which organization of the appliance, before anything else is known. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from .._errors import ApplianceError
from .desired import Desired
from .match import match
from .organization import Organization

_UNIQUE = ("id", "aws_organization_id", "name", "rescan_iam_role")


@dataclass(frozen=True)
class Claims:
    """What the list of organizations tells.

    found: the ID of the organization for each declaration, None where it means none or cannot be told. released:
    name -> ID of the organization that has it now and gives it up, by a removal or by another name, and that is named
    by an ID, so that the name can be declared for another one.
    """

    found: tuple[str | None, ...]
    released: Mapping[str, str]

    def unclaimed(self, organizations: Sequence[Organization]) -> list[Organization]:
        """The organizations that no declaration means."""
        return [organization for organization in organizations if organization.id not in self.found]


def require_distinct(declared: Sequence[Desired]) -> None:
    """Raises ApplianceError (invalid) where two declarations name the same organization or role."""
    for option in _UNIQUE:
        taken: dict[str, int] = {}
        for number, desired in enumerate(declared, 1):
            value = getattr(desired, option)
            # The role of an organization that is to be absent is not asked for.
            if value is None or (option == "rescan_iam_role" and desired.state == "absent"):
                continue
            if value in taken:
                raise ApplianceError(
                    f"The organizations number {taken[value]} and {number} of the list have the same {option}: {value}",
                    reason="invalid",
                    remedy="Each AWS Organization is declared once, and a rescan role belongs to one AWS Organization.",
                )
            taken[value] = number


def claim(declared: Sequence[Desired], organizations: Sequence[Organization]) -> Claims:
    """Matches the declarations with the list, those by ID first, since they tell which names are given up."""
    by_id = [_found(replace(desired, name=None), organizations, {}) for desired in declared]
    released = {
        found.name: found.id
        for desired, found in zip(declared, by_id)
        if found is not None and (desired.state == "absent" or desired.name not in (None, found.name))
    }
    found = [one or _found(desired, organizations, released) for desired, one in zip(declared, by_id)]
    return Claims(tuple(one.id if one else None for one in found), released)


def _found(desired: Desired, organizations: Sequence[Organization], released: Mapping[str, str]) -> Organization | None:
    try:
        return match(desired, organizations, released)
    except ApplianceError:
        # The declaration fails with this when it is planned. What it names is meant all the same, so that nobody takes
        # it for something that is not declared.
        return next((one for one in organizations if desired.name is not None and one.name == desired.name), None)
