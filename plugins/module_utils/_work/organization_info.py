# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Organizations as organization_info returns them, each with its settings in the shape of the options."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from .._appliance.api import Api
from .._appliance.reader import Reader
from .._errors import ApplianceError
from .._model.desired import check_identity, check_window, desired_from_options
from .._model.names import Names
from .._model.organization import Organization
from .._module.task import Task

_TEXTS = ("description", "backup_restore_iam_role_name", "production_worker_iam_role_name")
_EVERYWHERE = ("rescan_iam_role", *_TEXTS, "scope")


def organization_info(task: Task) -> dict[str, Any]:
    """Reads what the options select and returns the result of the module."""
    check_identity(task.options)
    check_window(task.options)
    reader = Reader(Api(task.client), Names(task.options.get("wire_names")))
    organizations, total = _select(reader, task.options)
    return {
        "changed": False,
        "organizations": [_described(item, reader, task) for item in organizations],
        "total_count": total,
    }


def _described(organization: Organization, reader: Reader, task: Task) -> dict[str, Any]:
    """An organization with its settings as options that declare the same on any appliance, and what they cannot say."""
    members = {unit for scope in organization.limited_scopes for unit in scope.units or ()}
    paths = reader.stored_structure(organization.id).unit_paths() if members else {}
    config = {
        "name": organization.name,
        "aws_organization_id": organization.aws_organization_id,
        "rescan_iam_role": _portable_role(organization.rescan_iam_role, reader),
        # A setting that is not set is declared as such: "" clears it. The required role cannot be declared so.
        **{text: getattr(organization, text) or "" for text in _TEXTS if text in organization.shown},
        "scope": organization.scope,
        "limited_scopes": _limited_scopes(organization, paths),
    }
    config = {option: value for option, value in config.items() if value is not None}
    left_out = _remove_what_cannot_be_declared(config)
    if organization.rescan_iam_role and "rescan_iam_role" not in config:
        left_out["rescan_iam_role"] = (
            f"The rescan role {organization.rescan_iam_role} has no name that is unique on the appliance and no ARN of "
            "its own that it shows. Rename one of the roles on the appliance."
        )
    for text in left_out.values():
        task.warn(f"The config of the AWS Organization {organization.label} is not whole. {text}")
    return {
        **organization.as_result(),
        "config": config,
        "not_in_config": [*left_out.values(), *_doubts(organization, paths, {*config, *left_out})],
        "unit_paths": {unit: paths[unit] for unit in sorted(members) if unit in paths},
    }


def _portable_role(role_id: str | None, reader: Reader) -> str | None:
    """What names the role on any appliance, and no other one on this appliance."""
    role = reader.roles.portable(role_id) if role_id else None
    try:
        return role if role and reader.roles.find(role) == role_id else None
    except ApplianceError:  # an ARN that two entries share
        return None


def _limited_scopes(organization: Organization, paths: Mapping[str, str]) -> list[dict[str, Any]] | None:
    """The scopes with their units by path, or by AWS ID where the path would mean another unit too.

    A unit that is not stored can be declared by its AWS ID only as long as nothing has to be looked up, see Resolver:
    all units of the organization are then given by their AWS IDs.
    """
    shared = Counter(paths.values())
    named = {unit: path for unit, path in paths.items() if shared[path] == 1}
    if _not_stored(organization, paths):
        named = {}
    return [
        {"name": scope.name, "organizational_units": sorted(named.get(unit, unit) for unit in scope.units or ())}
        for scope in sorted(organization.limited_scopes, key=lambda scope: scope.name)
    ] or None


def _not_stored(organization: Organization, paths: Mapping[str, str]) -> list[str]:
    """The members of scopes that the stored structure does not have."""
    return sorted({unit for scope in organization.limited_scopes for unit in scope.units or () if unit not in paths})


def _remove_what_cannot_be_declared(config: dict[str, Any]) -> dict[str, str]:
    """Takes out of the config what the module organization would refuse; returns a sentence for each such option."""
    left_out = {}
    for option, value in list(config.items()):
        context = {"state": "present", "scope": config.get("scope") if option == "limited_scopes" else None}
        try:
            desired_from_options({**context, option: value})
        except ApplianceError as error:
            del config[option]
            left_out[option] = f"{error.message}, which cannot be declared. Change it on the appliance."
    return left_out


def _doubts(organization: Organization, paths: Mapping[str, str], told: set[str]) -> list[str]:
    """What is not stored, what the appliance does not show, and what it shows that the collection does not know."""
    said = []
    gone = _not_stored(organization, paths)
    if gone:
        said.append(
            f"Not in the stored structure: {', '.join(gone)}. All units are therefore given by their AWS IDs. Rescan "
            "the AWS Organization; if they are gone in AWS, take them out of the limited scopes."
        )
    hidden = [option for option in ("aws_organization_id", *_EVERYWHERE) if option not in told]
    if hidden:
        said.append(f"Not shown by the appliance: {', '.join(hidden)}. If it has other names for them, set wire_names.")
    unknown = sorted(name for name in organization.other if not name.startswith("_"))
    if unknown:
        said.append(f"Not known to the collection: {', '.join(unknown)}.")
    return said


def _select(reader: Reader, options: Mapping[str, Any]) -> tuple[list[Organization], int]:
    if any(options.get(option) for option in ("id", "aws_organization_id", "name")):
        found = reader.named(options)
        return ([found], 1) if found else ([], 0)
    organizations, total = reader.organizations(
        search=options.get("search"),
        sort=options.get("sort") or (),
        offset=options.get("offset") or 0,
        limit=options.get("limit"),
    )
    return [reader.whole(organization) for organization in reader.with_details(organizations)], total
