# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which organizations of the appliance the declarations of a task mean, by their identifiers and their rescan roles."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from .._appliance.appliance import Appliance
from .._appliance.checks import RoleCheck, check_role
from .._appliance.sessions import concurrently
from .._errors import ApplianceError
from .._model.claims import Claims, Meaning, RoleOwner, claim
from .._model.desired import Desired
from .._model.organization import Organization
from .._model.seen import Listed
from .._model.values import is_uuid
from .._wording import brief, did_you_mean, printable, quoted


@dataclass(frozen=True)
class DeclaredRole:
    """The rescan role of a declaration, as far as the task looked it up before any plan.

    id: None if it is not declared or not found. owner: None if it is unknown. check, error: how the appliance answered
    the check of the role if it was made.
    """

    id: str | None = None
    owner: RoleOwner | None = None
    check: RoleCheck | None = None
    error: ApplianceError | None = None

    def answer(self) -> RoleCheck | None:
        """Return the answer of the check, None if it was not made. Raises the error that it ended with."""
        if self.error is not None:
            raise self.error
        return self.check


@dataclass(frozen=True)
class Known:
    """What a task knows about one declaration before it plans it.

    organizations: all of the appliance, None if they are to be read. name_released: another declaration takes the
    declared name from its organization before this one is carried out.
    """

    organizations: Listed | None = None
    name_released: bool = False
    role: DeclaredRole = DeclaredRole()


@dataclass(frozen=True)
class Identities:
    """What all declarations of a task mean. organizations: all of the appliance, with the details of those meant."""

    declared: Sequence[Desired]
    organizations: Listed
    claims: Claims
    roles: Sequence[DeclaredRole]

    def known(self) -> list[Known]:
        """Return what is known about each declaration.

        A name that is given up by the organization that a declaration itself means is not released for it. What is
        removed for not being declared gives up no name: a declaration of that name may mean it.
        """
        holders = [self.claims.released.get(one.name or "") for one in self.declared]
        return [
            Known(self.organizations, holder is not None and holder != found, role)
            for holder, found, role in zip(holders, self.claims.found, self.roles)
        ]

    def meanings(self, planned: Sequence[Organization | None]) -> list[Meaning]:
        """Return what each declaration means. planned: the organization of each plan, None without one."""
        listed = self.organizations
        meanings = []
        for desired, found, role, actual in zip(self.declared, self.claims.found, self.roles, planned):
            owner = listed.get(role.owner.organization_id) if role.owner else None
            same_aws_id = listed.with_aws_id(desired.aws_organization_id) if desired.aws_organization_id else ()
            leads_to = {one.id: one for one in (owner, listed.get(desired.id), *same_aws_id) if one is not None}
            meaning = actual or listed.get(found) or owner
            meanings.append(Meaning(desired, meaning, role.id, tuple(leads_to.values())))
        return meanings


def identify(appliance: Appliance, declared: Sequence[Desired], threads: int, details_of_all: bool) -> Identities:
    """Find out what the declarations of a task mean. threads: how many organizations are read at the same time.

    Raises ApplianceError if the organizations or the roles cannot be listed.
    """
    listed = Listed(appliance.reader.list_all(declared, threads))
    if len(declared) > 1 and not all(is_uuid(one.rescan_iam_role) for one in declared if one.rescan_iam_role):
        # Read before all plans: each of them shows the names of the roles that were read by then.
        appliance.roles.all()
    require_time = appliance.task.deadline.require
    found = claim(declared, listed, require_time=require_time).found
    organizations = _with_details(appliance, listed, None if details_of_all else frozenset(found), threads)
    roles = [DeclaredRole()] * len(declared)
    if len(declared) > 1:
        # Only what several declarations mean is compared.
        owners = {one.rescan_iam_role: one for one in reversed(organizations)}
        roles = concurrently(lambda desired: _look_up_role(appliance, desired, owners), declared, threads)
    claims = claim(declared, organizations, [role.owner for role in roles], require_time)
    return Identities(declared, organizations, claims, roles)


def _with_details(appliance: Appliance, listed: Listed, wanted: Collection[str | None] | None, threads: int) -> Listed:
    """Return the list with the details of the organizations that are wanted. wanted: their IDs, None for all."""
    concerned = [one for one in listed if wanted is None or one.id in wanted]
    detailed = {one.id: one for one in appliance.reader.get_all(concerned, threads)}
    # One that was renamed while the task ran stays as it was matched, which its plan finds out.
    return Listed(
        detailed[one.id] if one.id in detailed and detailed[one.id].name == one.name else one for one in listed
    )


def _look_up_role(appliance: Appliance, desired: Desired, owners: Mapping[str | None, Organization]) -> DeclaredRole:
    """Find the AWS Organization of a rescan role. A removal does not use its role.

    owners: the first organization of each rescan role. A role that cannot be looked up means nothing here: the
    declaration fails with the error when it is planned.
    """
    reference = desired.rescan_iam_role
    if not reference or desired.state == "absent":
        return DeclaredRole()
    try:
        role_id = appliance.roles.find(reference)
    except ApplianceError:
        return DeclaredRole()
    if role_id is None:
        return DeclaredRole()
    owner = owners.get(role_id)
    if owner is not None:
        return DeclaredRole(role_id, RoleOwner(owner.id))
    try:
        check = check_role(appliance.api, role_id, reference)
    except ApplianceError as error:
        return DeclaredRole(role_id, error=error)
    # Of an unusable role the appliance may not know the AWS Organization.
    unknown = check.added_as is None and check.findings
    return DeclaredRole(role_id, None if unknown else RoleOwner(check.added_as), check)


def owner_of_role(
    appliance: Appliance,
    desired: Desired,
    check: RoleCheck,
    actual: Organization | None,
    organizations: Listed,
) -> Organization | None:
    """Return the organization to change for a rescan role that it does not have yet; None for a new one.

    check: of the role, with the organization that it belongs to. actual: the organization that the declaration means
    by its ID or name. Raises ApplianceError (conflict) if they are not the same, or if the
    declaration may not take the other one over.
    """
    added_as = check.added_as
    if actual is None:
        return _taken_over(appliance, desired, added_as, organizations) if added_as else None
    # Of an unusable role the appliance may not know the AWS Organization, which is not a conflict.
    if added_as != actual.id and (added_as or not check.findings):
        owner = organizations.get(added_as)
        label = owner.label if owner else f"the one registered as {printable(added_as or '')}"
        raise ApplianceError(
            f"The IAM role {desired.rescan_iam_role} belongs to another AWS Organization than {actual.label}: to "
            f"{label if added_as else 'one that is not registered'}",
            reason="conflict",
            remedy="Correct rescan_iam_role, or the name or ID. The rescan role of a registered organization can only "
            "be replaced by a role of the same AWS Organization.",
        )
    return actual


def _taken_over(appliance: Appliance, desired: Desired, organization_id: str, organizations: Listed) -> Organization:
    listed = organizations.get(organization_id) or Listed(appliance.reader.search()[0]).get(organization_id)
    if listed is None:
        raise ApplianceError(
            f"The AWS Organization of the IAM role {quoted(desired.rescan_iam_role or '')} is registered as "
            f"{brief(organization_id)}, according to the appliance, which does not list it",
            reason="api",
            stage="resolve",
            remedy="Run again. If the error remains, check the organizations on the appliance.",
        )
    other = appliance.reader.complete(listed)
    appliance.owners.require_free(desired, other)
    if desired.aws_organization_id not in (None, other.aws_organization_id):
        raise ApplianceError(
            f"The IAM role {desired.rescan_iam_role} belongs to the AWS Organization {other.label}, "
            f"{other.aws_organization_id} in AWS, and not to {desired.aws_organization_id}",
            reason="conflict",
            remedy="Correct rescan_iam_role or aws_organization_id.",
        )
    # An organization of the declared name was added by somebody else since the list was read.
    if desired.on_conflict != "update" and other.name != desired.name:
        raise ApplianceError(
            f"The AWS Organization {quoted(desired.label)} is registered already, as {other.label}",
            reason="conflict",
            remedy=f"{did_you_mean(desired.name or '', [other.name])}Correct the name, or rescan_iam_role if another "
            f"AWS Organization is meant. To rename {quoted(other.name)} to {quoted(desired.label)}, set on_conflict: "
            f"update, or give aws_organization_id: {other.aws_organization_id or 'its AWS ID'}.",
        )
    return other
