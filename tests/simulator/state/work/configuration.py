# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checking settings: the findings of validate_settings, and the session of test_configuration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..refusal import bad_request, not_found
from ..sessions import Log, SessionFailed
from ..storage.organizations import NewSettings, Organization, as_payload
from ..storage.structure import Structure
from . import modifications, rules

if TYPE_CHECKING:
    from ..appliance import Appliance

ERROR, WARNING = "Error", "Warning"


@dataclass
class Check:
    """What is to be checked: settings, of an organization that exists or of a new one, against a structure."""

    settings: NewSettings
    organization: Organization | None
    structure: Structure | None


def structure_of_session(appliance: Appliance, session: str) -> Structure:
    """What a rescan into memory found; refused if there is nothing (any more)."""
    structure = appliance.structures.get(session) if appliance.sessions.get(session) is not None else None
    if structure is None:
        raise not_found("A finished rescan into memory", session)
    return structure


def prepare(
    appliance: Appliance, body: dict[str, Any], added: NewSettings | None, modified: tuple[str, NewSettings] | None
) -> Check:
    """What the body of test_configuration and validate_settings asks for: either `create` or `update`."""
    if (added is None) == (modified is None):
        raise bad_request("Send either create or update.")
    session = body.get("rescanSessionId")
    found = structure_of_session(appliance, session) if session else None
    if added is not None:
        rules.settle_unknown(appliance, added)
        return Check(added, None, found)
    assert modified is not None
    organization = modifications.existing(appliance, modified[0])
    rules.settle_unknown(appliance, modified[1], organization)
    return Check(modified[1], organization, found or appliance.structures.get(organization.id))


def findings(appliance: Appliance, check: Check) -> list[dict[str, Any]]:
    """The answer of validate_settings."""
    settings, organization = check.settings, check.organization
    own_id = organization.id if organization is not None else ""
    errors = [rules.wrong_name(appliance, settings.name, but=own_id), rules.wrong_scopes(settings, organization)]
    if organization is not None:
        errors.append(modifications.wrong_role(appliance, settings, organization))
        errors.extend(modifications.scopes_in_use(appliance, settings, organization))
    else:
        errors.append(_wrong_new_role(appliance, settings))
    items = [_item(own_id or None, error, ERROR) for error in errors if error]
    if check.structure is None:
        if settings.limited_scopes:
            items.append(
                _item(None, "Without the session of a rescan the organizational units cannot be checked.", WARNING)
            )
        return items
    missing = check.structure.not_units(rules.units_of(settings))
    items.extend(_item(unit, f"{unit} is no organizational unit of the AWS Organization.", ERROR) for unit in missing)
    for role, accounts in _accounts_without(appliance, check).items():
        items.extend(
            _item(account, f'The IAM role "{role}" does not exist in the AWS account {account}.', WARNING)
            for account in accounts
        )
    return items


def _item(context: str | None, message: str, severity: str) -> dict[str, Any]:
    return {"contextId": context, "message": message, "severity": severity}


def _wrong_new_role(appliance: Appliance, settings: NewSettings) -> str:
    role = appliance.roles.get(settings.rescan_iam_role)
    if role is None or not role.aws_organization:
        return (
            f'The IAM role "{settings.rescan_iam_role if role is None else role.name}" cannot read an AWS Organization.'
        )
    same = appliance.organizations.of_aws(role.aws_organization)
    return (
        f'The AWS Organization {role.aws_organization} was added before, as "{same.name}".' if same is not None else ""
    )


def _accounts_without(appliance: Appliance, check: Check) -> dict[str, list[str]]:
    """By role name, the covered accounts in which AWS has no role of that name now, whatever the structure says."""
    if check.structure is None:
        return {}
    role = appliance.roles.get(check.settings.rescan_iam_role)
    live = rules.readable(appliance, role)
    covered = check.structure.accounts(rules.units_of(check.settings))
    names = dict.fromkeys((check.settings.backup_restore_iam_role_name, check.settings.production_worker_iam_role_name))
    without: dict[str, list[str]] = {}
    for name in names:
        for account in covered:
            node = live.get(account.aws_id) if live is not None else None
            if name and (node is None or name not in node.iam_roles):
                without.setdefault(name, []).append(account.aws_id)
    return without


def start_test(appliance: Appliance, check: Check, body: dict[str, Any]) -> str:
    """Starts the session of test_configuration. Answers its ID."""
    payload = {
        "settings": as_payload(check.settings),
        "organization": check.organization.id if check.organization is not None else "",
        "rescan": body.get("rescanSessionId") or "",
    }
    seconds = appliance.settings.session_seconds
    name = f'Configuration check of the AWS Organization "{check.settings.name}"'
    return appliance.sessions.start("AmazonOrganizationTest", name, payload, seconds)


def carry_out(appliance: Appliance, payload: dict[str, Any], log: Log) -> None:
    """The work of the session: is the rescan role good, and do the other roles exist in the accounts?"""
    settings = NewSettings.from_dict(payload["settings"])
    role = appliance.roles.get(settings.rescan_iam_role)
    live = rules.readable(appliance, role)
    if role is None or live is None:
        raise SessionFailed(
            f'The IAM role "{settings.rescan_iam_role if role is None else role.name}" cannot read an AWS Organization.'
        )
    log.success(f'The IAM role "{role.name}" can read the AWS Organization {role.aws_organization}.')
    structure = appliance.structures.get(payload["rescan"]) or appliance.structures.get(payload["organization"]) or live
    check = Check(settings, None, structure)
    without = _accounts_without(appliance, check)
    covered = structure.accounts(rules.units_of(settings))
    for name in dict.fromkeys((settings.backup_restore_iam_role_name, settings.production_worker_iam_role_name)):
        if name and name not in without:
            log.success(f'The IAM role "{name}" exists in all {len(covered)} AWS accounts.')
    nowhere = [name for name, accounts in without.items() if len(accounts) == len(covered)]
    for name, accounts in without.items():
        (log.error if name in nowhere else log.warning)(
            f'The IAM role "{name}" does not exist in {", ".join(accounts)}.'
        )
    if nowhere:
        raise SessionFailed(f"No covered AWS account has the IAM role {', '.join(nowhere)}.")
