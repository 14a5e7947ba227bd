# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which organizations the declarations of a task mean, and which declaration an organization belongs to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from .._errors import ApplianceError
from .._wording import quoted
from .desired import Desired
from .match import match
from .organization import Organization
from .seen import Listed


@dataclass(frozen=True)
class RoleOwner:
    """What the AWS Organization of a rescan role is registered as: an ID, None if it is not registered."""

    organization_id: str | None


@dataclass(frozen=True)
class Claims:
    """Which organizations the declarations of a task mean, according to the list.

    found: the ID of the organization that the identifiers of each declaration lead to, None if they lead to none or
    that cannot be determined.
    released: name -> ID of the organization that has the name now and gives it up, by a removal or a rename. It is
    declared by an ID, so another organization can be declared by the name.
    """

    found: tuple[str | None, ...]
    released: Mapping[str, str]

    def unclaimed(self, organizations: Sequence[Organization]) -> list[Organization]:
        """Return the organizations that no declaration means."""
        found = frozenset(self.found)
        return [organization for organization in organizations if organization.id not in found]


@dataclass(frozen=True)
class Meaning:
    """What a declaration means.

    organization: what its identifiers lead to, else its rescan role; None if it means an organization that is not
    registered. role_id: of its rescan role. leads_to: what its ID, its AWS ID and the AWS Organization of its role are,
    each on its own. They differ if it contradicts itself.
    """

    desired: Desired
    organization: Organization | None
    role_id: str | None = None
    leads_to: tuple[Organization, ...] = ()


class Owners:
    """Which declaration of a task an organization belongs to. It is filled after the declarations were planned.

    What a declaration has added, renamed or keeps must not be taken over or removed by another declaration.
    """

    def __init__(self) -> None:
        self._by_id: dict[str, Desired] = {}
        self._by_name: dict[str | None, Desired] = {}

    def enter(self, desired: Desired, organization: Organization | None) -> None:
        """Note what a declaration means. None: it gets an organization of its name."""
        if organization is None:
            self._by_name[desired.name] = desired
        else:
            self._by_id[organization.id] = desired

    def require_free(self, desired: Desired, organization: Organization) -> None:
        """Raises ApplianceError (conflict) if the organization belongs to another declaration."""
        owner = self._by_id.get(organization.id) or self._by_name.get(organization.name) or desired
        if owner is not desired:
            raise ApplianceError(
                _mean_the_same(owner, desired, organization),
                reason="conflict",
                remedy=f"It stays with {quoted(owner.label)}. If these are two AWS Organizations, correct "
                f"{_option(desired, organization)} of {quoted(desired.label)}. Otherwise, declare it once.",
            )


def claim(
    declared: Sequence[Desired],
    organizations: Sequence[Organization],
    owners: Sequence[RoleOwner | None] = (),
    require_time: Callable[[], None] = lambda: None,
) -> Claims:
    """Match the declarations with the list. Those by ID come first, since they determine which names are given up.

    owners: of the rescan role of each declaration, None if it is unknown. A name that is given up means the new
    organization only if the AWS ID or the role shows that another AWS Organization is meant. require_time: is
    called before each declaration, since thousands take seconds, and raises ApplianceError if no time is left.
    """
    listed = Listed.of(organizations)
    by_id = []
    for desired in declared:
        require_time()
        by_id.append(_claimed(replace(desired, settings={}), listed))
    released = {
        found.name: found
        for desired, found in zip(declared, by_id)
        if found is not None and (desired.state == "absent" or desired.name not in (None, found.name))
    }
    claimed = []
    for desired, owner, found in zip(declared, owners or [None] * len(declared), by_id):
        require_time()
        holder = released.get(desired.name or "")
        free = holder is not None and _is_another(desired, owner, holder)
        claimed.append(found or _claimed(desired, listed, free))
    return Claims(
        tuple(found.id if found else None for found in claimed), {name: one.id for name, one in released.items()}
    )


def require_different(meanings: Sequence[Meaning]) -> None:
    """Raises ApplianceError (invalid) if two declarations mean the same organization or the same rescan role.

    An organization is not removed either if another declaration, which contradicts itself, leads to it in some way.
    """
    removed = {one.organization.id: one for one in meanings if one.organization and one.desired.state == "absent"}
    taken: dict[str, Meaning] = {}
    for one in meanings:
        if one.organization is not None:
            _require_same(taken.setdefault(one.organization.id, one), one, one.organization)
        for organization in one.leads_to:
            _require_same(removed.get(organization.id, one), one, organization)
        if one.role_id is not None and taken.setdefault(one.role_id, one) is not one:
            raise ApplianceError(
                f"The declarations of {quoted(taken[one.role_id].desired.label)} and {quoted(one.desired.label)} mean "
                "the same rescan role",
                reason="invalid",
                stage="resolve",
                remedy="A rescan role belongs to one AWS Organization. If these are two AWS Organizations, correct "
                "rescan_iam_role. Otherwise, declare it once.",
            )


def _require_same(first: Meaning, second: Meaning, organization: Organization) -> None:
    if first is second:
        return
    options = " or ".join(dict.fromkeys(_option(one.desired, organization) for one in (first, second)))
    remedy = f"If these are two AWS Organizations, correct {options}. Otherwise, declare it once."
    if _gives_up_name(first.desired, organization) or _gives_up_name(second.desired, organization):
        remedy += (
            f" To give the name {quoted(organization.name)} to a new AWS Organization, declare its aws_organization_id."
        )
    raise ApplianceError(
        _mean_the_same(first.desired, second.desired, organization), reason="invalid", stage="resolve", remedy=remedy
    )


def _mean_the_same(first: Desired, second: Desired, organization: Organization) -> str:
    named = [f"{quoted(one.label)} (by {_option(one, organization)})" for one in (first, second)]
    return f"The declarations of {' and '.join(named)} mean the same AWS Organization: {organization.label}"


def _option(desired: Desired, organization: Organization) -> str:
    """Return the option that leads from a declaration to an organization."""
    if desired.id == organization.id:
        return "id"
    if desired.aws_organization_id is not None and desired.aws_organization_id == organization.aws_organization_id:
        return "aws_organization_id"
    return "name" if desired.name == organization.name else "rescan_iam_role"


def _gives_up_name(desired: Desired, organization: Organization) -> bool:
    """Whether a declaration by an ID removes or renames the organization."""
    if _option(desired, organization) not in ("id", "aws_organization_id"):
        return False
    return desired.state == "absent" or desired.name not in (None, organization.name)


def _is_another(desired: Desired, owner: RoleOwner | None, holder: Organization) -> bool:
    """Whether a declaration by the name of an organization means another AWS Organization, by its AWS ID or role."""
    if desired.aws_organization_id is not None and holder.aws_organization_id is not None:
        return desired.aws_organization_id != holder.aws_organization_id
    return owner is not None and owner.organization_id != holder.id


def _claimed(desired: Desired, listed: Listed, name_released: bool = False) -> Organization | None:
    try:
        return match(desired, listed, name_released)
    except ApplianceError:
        # The declaration fails with this error when it is planned. It claims the organization of its name all the
        # same, so that nothing takes that one for undeclared.
        return next(iter(listed.with_name(desired.name)), None)
