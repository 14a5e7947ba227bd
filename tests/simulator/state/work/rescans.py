# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rescans: reading the AWS Organization of an IAM role again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..refusal import bad_request, not_found
from ..sessions import Log, SessionFailed
from . import rules

if TYPE_CHECKING:
    from ..appliance import Appliance


def start(appliance: Appliance, role_id: str, storage: str) -> str:
    """Starts a rescan. Answers the ID of its session."""
    role = appliance.roles.get(role_id)
    if role is None:
        raise not_found("The IAM role", role_id)
    if storage == "Database" and appliance.organizations.of_aws(role.aws_organization) is None:
        raise bad_request(
            f'The AWS Organization of the IAM role "{role.name}" was not added: its structure cannot be stored.'
        )
    payload = {"role": role_id, "storage": storage}
    seconds = appliance.settings.session_seconds
    return appliance.sessions.start(
        "AmazonOrganizationRescan", f'Rescan with the IAM role "{role.name}"', payload, seconds
    )


def carry_out(appliance: Appliance, session: str, payload: dict[str, Any], log: Log) -> None:
    """The work of the session."""
    role = appliance.roles.get(payload["role"])
    structure = rules.readable(appliance, role)
    if role is None or structure is None:
        raise SessionFailed(
            f'The IAM role "{payload["role"] if role is None else role.name}" cannot read an AWS Organization.'
        )
    log.success(f"Read {len(structure)} units and accounts of {role.aws_organization}.")
    if payload["storage"] == "InMemory":
        appliance.structures.put(session, structure)
        return
    organization = appliance.organizations.of_aws(role.aws_organization)
    if organization is None:
        raise SessionFailed(f"The AWS Organization {role.aws_organization} was removed in the meantime.")
    appliance.structures.store(organization.id, structure)
    log.success(f'Stored the structure of "{organization.name}".')
