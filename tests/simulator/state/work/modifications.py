# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Modifying and removing organizations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..refusal import bad_request, not_found
from ..storage.organizations import NewSettings, Organization
from . import rules

if TYPE_CHECKING:
    from ..appliance import Appliance


def existing(appliance: Appliance, organization_id: str) -> Organization:
    """The organization with an ID; refused if there is none."""
    organization = appliance.organizations.get(organization_id)
    if organization is None:
        raise not_found("The AWS Organization", organization_id)
    return organization


def wrong_role(appliance: Appliance, settings: NewSettings, organization: Organization) -> str:
    """What is wrong with the rescan role of an organization that exists; empty if nothing is."""
    role = appliance.roles.get(settings.rescan_iam_role)
    if not settings.rescan_iam_role and appliance.shape.lenient:
        return ""
    if role is None:
        return f"The IAM role {settings.rescan_iam_role} does not exist."
    if role.aws_organization != organization.aws_organization_id:
        return f'The IAM role "{role.name}" does not belong to the AWS Organization {organization.aws_organization_id}.'
    return ""


def scopes_in_use(appliance: Appliance, settings: NewSettings, organization: Organization) -> list[str]:
    """What stands against dropping the scopes that the settings do not name."""
    if appliance.shape.keeps_dropped_scopes:
        return []
    return [
        f'The limited scope "{scope.name}" is used by the backup policy "{policy}".'
        for scope in rules.dropped_scopes(settings, organization)
        for policy in appliance.organizations.policies(organization.id, scope.id)
    ]


def modify(appliance: Appliance, organization_id: str, settings: NewSettings) -> Organization:
    """Carries a PUT out. Answers the organization as it is then."""
    organization = existing(appliance, organization_id)
    wrong = (
        rules.wrong_name(appliance, settings.name, but=organization_id)
        or wrong_role(appliance, settings, organization)
        or rules.wrong_scopes(settings, organization)
    )
    if wrong:
        raise bad_request(wrong)
    rules.settle_unknown(appliance, settings, organization)
    structure = appliance.structures.get(organization_id)
    missing = structure.not_units(rules.units_of(settings)) if structure is not None else rules.units_of(settings)
    if missing:
        raise bad_request(f"These are no organizational units of the stored structure: {', '.join(missing)}.")
    used = scopes_in_use(appliance, settings, organization)
    if used:
        raise bad_request(" ".join(used))
    if appliance.shape.keeps_dropped_scopes:
        settings.limited_scopes.extend(rules.dropped_scopes(settings, organization))
    appliance.organizations.replace(organization_id, settings)
    return existing(appliance, organization_id)


def against_removal(appliance: Appliance, organization_id: str) -> list[str]:
    """What stands against removing an organization."""
    organization = existing(appliance, organization_id)
    return [
        f'The AWS Organization "{organization.name}" is used by the backup policy "{policy}".'
        for policy in appliance.organizations.policies(organization_id)
    ]


def remove(appliance: Appliance, organization_id: str) -> None:
    """Takes an organization off."""
    against = against_removal(appliance, organization_id)
    if against:
        raise bad_request(" ".join(against))
    appliance.organizations.remove(organization_id)
    appliance.structures.drop(organization_id)
