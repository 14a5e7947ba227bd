# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which organization of the appliance the AWS Organization of a rescan role is."""

from __future__ import annotations

from collections.abc import Sequence

from .._appliance.checks import RoleCheck
from .._appliance.reader import Reader
from .._errors import ApplianceError
from .._model.desired import Desired
from .._model.organization import Organization
from .._wording import quoted


def owner_of_role(
    reader: Reader,
    desired: Desired,
    check: RoleCheck,
    actual: Organization | None,
    organizations: Sequence[Organization],
) -> Organization | None:
    """Return the organization to change for a rescan role that it does not have yet; None for a new one.

    check: of the role, with the organization that it belongs to. actual: the organization that the declaration means
    by its ID or name. Raises ApplianceError (conflict) if they are not the same, or if the
    declaration may not take the other one over.
    """
    added_as = check.added_as
    if actual is None:
        return _taken_over(reader, desired, added_as, organizations) if added_as else None
    # Of an unusable role the appliance may not know the AWS Organization, which is not a conflict.
    if added_as != actual.id and (added_as or not check.findings):
        owner = f"the one registered as {added_as}" if added_as else "one that is not registered"
        raise ApplianceError(
            f"The IAM role {desired.rescan_iam_role} belongs to another AWS Organization than {actual.label}: to "
            f"{owner}",
            reason="conflict",
            remedy="The rescan role of a registered organization can only be replaced by a role of the same AWS "
            "Organization.",
        )
    return actual


def _taken_over(
    reader: Reader, desired: Desired, organization_id: str, organizations: Sequence[Organization]
) -> Organization:
    listed = next((item for item in organizations if item.id == organization_id), None)
    other = reader.complete(listed) if listed else reader.get(organization_id)
    if desired.aws_organization_id not in (None, other.aws_organization_id):
        raise ApplianceError(
            f"The IAM role {desired.rescan_iam_role} belongs to the AWS Organization {other.label}, "
            f"{other.aws_organization_id} in AWS, and not to {desired.aws_organization_id}",
            reason="conflict",
            remedy="Correct rescan_iam_role or aws_organization_id.",
        )
    # One of the declared name is no other one: somebody else has added it since the list was read.
    if desired.on_conflict != "update" and other.name != desired.name:
        raise ApplianceError(
            f"The AWS Organization {quoted(desired.label)} is registered already, as {other.label}",
            reason="conflict",
            remedy=f"An AWS Organization can be added once. To take it over and rename it, say on_conflict: update, or "
            f"give aws_organization_id: {other.aws_organization_id or 'its AWS ID'}.",
        )
    return other
