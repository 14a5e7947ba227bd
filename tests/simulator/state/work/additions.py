# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Adding an organization: what is refused at once, and what the session does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..refusal import bad_request
from ..sessions import Log, SessionFailed
from ..storage.organizations import NewSettings, as_payload
from . import rules

if TYPE_CHECKING:
    from ..appliance import Appliance


def start(appliance: Appliance, settings: NewSettings) -> str:
    """Starts an add. Answers the ID of its session. From now on the name is taken."""
    wrong = rules.wrong_name(appliance, settings.name) or rules.wrong_scopes(settings)
    if wrong:
        raise bad_request(wrong)
    rules.settle_unknown(appliance, settings)
    role = appliance.roles.get(settings.rescan_iam_role)
    if role is None:
        raise bad_request(f"The IAM role {settings.rescan_iam_role} does not exist.")
    same = appliance.organizations.of_aws(role.aws_organization)
    if same is not None:
        raise bad_request(f'The AWS Organization {role.aws_organization} was added before, as "{same.name}".')
    seconds = appliance.settings.session_seconds
    return appliance.sessions.start(
        rules.ADD, f'Adding AWS Organization "{settings.name}"', as_payload(settings), seconds
    )


def carry_out(appliance: Appliance, payload: dict[str, Any], log: Log) -> None:
    """The work of the session."""
    settings = NewSettings.from_dict(payload)
    role = appliance.roles.get(settings.rescan_iam_role)
    structure = rules.readable(appliance, role)
    if role is None or structure is None:
        name = settings.rescan_iam_role if role is None else role.name
        raise SessionFailed(f'The IAM role "{name}" cannot read an AWS Organization.')
    log.success(f'Read the structure of {role.aws_organization} with the IAM role "{role.name}".')
    if appliance.organizations.called(settings.name) is not None:
        raise SessionFailed(f'The name "{settings.name}" was given to another AWS Organization in the meantime.')
    if appliance.organizations.of_aws(role.aws_organization) is not None:
        raise SessionFailed(f"The AWS Organization {role.aws_organization} was added in the meantime.")
    missing = structure.not_units(rules.units_of(settings))
    if missing:
        raise SessionFailed(f"These are no organizational units of {role.aws_organization}: {', '.join(missing)}.")
    organization = appliance.organizations.add(settings, role.aws_organization)
    appliance.structures.store(organization.id, structure)
    log.success(f'Added the AWS Organization "{settings.name}".')
