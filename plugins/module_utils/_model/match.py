# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which organization of the appliance a declaration means. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from .._errors import ApplianceError
from .desired import Desired
from .organization import Organization


def match(
    desired: Desired, organizations: Sequence[Organization], released: Collection[str] = ()
) -> Organization | None:
    """Finds the organization by ``id``, else by ``aws_organization_id``, else by its exact name; None where there is
    none.

    organizations: all of them, with their AWS IDs where the declaration gives one. released: names that the task takes
    from the organizations which have them now: none of these is meant by its name.
    Raises ApplianceError: not_found (an ID that is wanted present does not exist), ambiguous (two matches), conflict
    (found by one of the three, but another one that was given says something else).
    """
    if desired.id is not None:
        found = _only(desired, "id", [o for o in organizations if o.id.lower() == desired.id])
        if found is None and desired.state == "present":
            raise ApplianceError(
                f"The appliance has no AWS Organization with the id {desired.id}",
                reason="not_found",
                remedy="IDs are given by the appliance and differ from one to the next: to add the organization, "
                "leave id out. " + _known(organizations),
            )
        if found is not None:
            _require_aws_id(desired, found)
        return found
    if desired.aws_organization_id is not None:
        found = _only(
            desired,
            "aws_organization_id",
            [o for o in organizations if o.aws_organization_id == desired.aws_organization_id],
        )
        if found is not None:
            return found
    named = [o for o in organizations if o.name == desired.name and o.name not in released]
    found = _only(desired, "name", named)
    if found is not None:
        _require_aws_id(desired, found)
    elif desired.state == "absent" and desired.aws_organization_id is not None:
        # One that is to be added is compared by its role; this one would be taken for absent.
        for other in organizations:
            _require_shown(desired, other)
    return found


def require_free_name(
    desired: Desired, actual: Organization, organizations: Sequence[Organization], released: Collection[str] = ()
) -> None:
    """Raises ApplianceError (conflict) where another organization has, and keeps, the name that this one is to get."""
    if desired.name in released:
        return
    for other in organizations:
        if other.name == desired.name and other.id != actual.id:
            raise ApplianceError(
                f"The AWS Organization {actual.label} cannot be renamed to {desired.name!r}: {other.id} has this name",
                reason="conflict",
                remedy="Names are unique on an appliance. Rename or remove the other one first.",
            )


def _only(desired: Desired, option: str, found: Sequence[Organization]) -> Organization | None:
    if len(found) > 1:
        raise ApplianceError(
            f"{len(found)} AWS Organizations of the appliance match the {option} {getattr(desired, option)!r}",
            reason="ambiguous",
            remedy=f"Give the id of the one you mean: {', '.join(o.label for o in found)}.",
        )
    return found[0] if found else None


def _require_aws_id(desired: Desired, found: Organization) -> None:
    if desired.aws_organization_id in (None, found.aws_organization_id):
        return
    _require_shown(desired, found)
    raise ApplianceError(
        f"The AWS Organization {found.label} is {found.aws_organization_id} in AWS, not {desired.aws_organization_id}",
        reason="conflict",
        remedy="Correct aws_organization_id, or declare the other AWS Organization under a name of its own.",
    )


def _require_shown(desired: Desired, found: Organization) -> None:
    if found.aws_organization_id is None:
        raise ApplianceError(
            f"The AWS Organization {found.label} does not show its AWS ID, so that it cannot be compared with "
            f"{desired.aws_organization_id}",
            reason="api",
            remedy="If the appliance calls the AWS ID by another name, say so with wire_names: "
            "organization.aws_organization_id.",
        )


def _known(organizations: Sequence[Organization]) -> str:
    if not organizations:
        return "It has no AWS Organizations at all."
    shown = ", ".join(o.label for o in organizations[:10])
    return f"It has {shown}{' and more' if len(organizations) > 10 else ''}."


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
    by_id = [_found(replace(desired, settings={}), organizations, {}) for desired in declared]
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
