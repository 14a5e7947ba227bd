# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which organization of the appliance a declaration means: one declaration alone, or all declarations of a task."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from .._errors import ApplianceError
from .._wording import quoted
from .desired import Desired
from .organization import Organization


@dataclass(frozen=True)
class Claims:
    """Which organizations the declarations of a task mean, according to the list.

    found: the ID of the organization for each declaration, None if it means none or that cannot be determined.
    released: name -> ID of the organization that has the name now and gives it up, by a removal or a rename. It is
    declared by an ID, so another organization can be declared by the name.
    """

    found: tuple[str | None, ...]
    released: Mapping[str, str]

    def unclaimed(self, organizations: Sequence[Organization]) -> list[Organization]:
        """Return the organizations that no declaration means."""
        return [organization for organization in organizations if organization.id not in self.found]


def match(
    desired: Desired, organizations: Sequence[Organization], released: Collection[str] = ()
) -> Organization | None:
    """Find the organization by ``id``, else by ``aws_organization_id``, else by its exact name; None if it is missing.

    organizations: all of them, with their AWS IDs if the declaration gives one.
    released: names that the task takes from the organizations that have them now; they mean none of these.
    Raises ApplianceError: not_found (``id`` is declared as present and does not exist), ambiguous (two match),
    conflict (one identifier matches, and another one that was given contradicts it).
    """
    if desired.id is not None:
        return _match_id(desired, desired.id, organizations)
    if desired.aws_organization_id is not None:
        same_aws_id = [one for one in organizations if one.aws_organization_id == desired.aws_organization_id]
        found = _only(desired, "aws_organization_id", same_aws_id)
        if found is not None:
            return found
    same_name = [one for one in organizations if one.name == desired.name and one.name not in released]
    found = _only(desired, "name", same_name)
    if found is not None:
        _require_aws_id(desired, found)
    elif desired.state == "absent" and desired.aws_organization_id is not None:
        # An addition is compared by its role. A removal has nothing but the AWS ID: if an organization does not show
        # its own, it would pass for absent.
        for organization in organizations:
            _require_shown(desired, organization)
    return found


def require_free_name(
    desired: Desired, actual: Organization, organizations: Sequence[Organization], released: Collection[str] = ()
) -> None:
    """Raises ApplianceError (conflict) if another organization has, and keeps, the declared new name."""
    if desired.name in released:
        return
    for other in organizations:
        if other.name == desired.name and other.id != actual.id:
            raise ApplianceError(
                f"The AWS Organization {actual.label} cannot be renamed to {quoted(desired.name)}: {other.id} "
                f"has this name",
                reason="conflict",
                remedy="Names are unique on an appliance. Rename or remove the other one first.",
            )


def claim(declared: Sequence[Desired], organizations: Sequence[Organization]) -> Claims:
    """Match the declarations with the list. Those by ID come first, since they determine which names are given up."""
    by_id = [_claimed(replace(desired, settings={}), organizations, {}) for desired in declared]
    released = {
        found.name: found.id
        for desired, found in zip(declared, by_id)
        if found is not None and (desired.state == "absent" or desired.name not in (None, found.name))
    }
    claimed = [found or _claimed(desired, organizations, released) for desired, found in zip(declared, by_id)]
    return Claims(tuple(found.id if found else None for found in claimed), released)


def _match_id(desired: Desired, identifier: str, organizations: Sequence[Organization]) -> Organization | None:
    found = _only(desired, "id", [one for one in organizations if one.id.lower() == identifier])
    if found is not None:
        _require_aws_id(desired, found)
    elif desired.state == "present":
        raise ApplianceError(
            f"The appliance has no AWS Organization with the id {identifier}",
            reason="not_found",
            remedy="IDs are given by the appliance and differ from one to the next: to add the organization, "
            "leave id out. " + _list_of(organizations),
        )
    return found


def _claimed(
    desired: Desired, organizations: Sequence[Organization], released: Mapping[str, str]
) -> Organization | None:
    try:
        return match(desired, organizations, released)
    except ApplianceError:
        # The declaration fails with this error when it is planned. It claims the organization of its name all the
        # same, so that nothing takes that one for undeclared.
        return next((one for one in organizations if desired.name is not None and one.name == desired.name), None)


def _only(desired: Desired, option: str, matching: Sequence[Organization]) -> Organization | None:
    if len(matching) > 1:
        raise ApplianceError(
            f"{len(matching)} AWS Organizations of the appliance match the {option} {quoted(getattr(desired, option))}",
            reason="ambiguous",
            remedy=f"Give the id of the one you mean: {', '.join(one.label for one in matching)}.",
        )
    return matching[0] if matching else None


def _require_aws_id(desired: Desired, found: Organization) -> None:
    if desired.aws_organization_id in (None, found.aws_organization_id):
        return
    _require_shown(desired, found)
    raise ApplianceError(
        f"The AWS Organization {found.label} is {found.aws_organization_id} in AWS, not {desired.aws_organization_id}",
        reason="conflict",
        remedy="Correct aws_organization_id, or declare the other AWS Organization under a name of its own.",
    )


def _require_shown(desired: Desired, organization: Organization) -> None:
    if organization.aws_organization_id is None:
        raise ApplianceError(
            f"The AWS Organization {organization.label} does not show its AWS ID, so that it cannot be compared with "
            f"{desired.aws_organization_id}",
            reason="api",
            remedy="If the appliance calls the AWS ID by another name, say so with wire_names: "
            "organization.aws_organization_id.",
        )


def _list_of(organizations: Sequence[Organization]) -> str:
    if not organizations:
        return "It has no AWS Organizations at all."
    labels = ", ".join(one.label for one in organizations[:10])
    return f"It has {labels}{' and more' if len(organizations) > 10 else ''}."
