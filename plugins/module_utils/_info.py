# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Organizations as organization_info returns them, each with its settings in the shape of the options."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ._api import Api
from ._desired import check_identity, check_window
from ._model import Organization
from ._read import Reader
from ._task import Task
from ._wire import Names

_TEXTS = ("description", "backup_restore_iam_role_name", "production_worker_iam_role_name")


def organization_info(task: Task) -> dict[str, Any]:
    """Reads what the options select and returns the result of the module."""
    check_identity(task.options)
    check_window(task.options)
    reader = Reader(Api(task.client), Names(task.options.get("wire_names")))
    organizations, total = _select(reader, task.options)
    return {
        "changed": False,
        "organizations": [{**item.as_result(), "config": config(item, reader, task)} for item in organizations],
        "total_count": total,
    }


def config(organization: Organization, reader: Reader, task: Task) -> dict[str, Any]:
    """The settings as options that declare the same on any appliance: no UUID, units by path, role by name."""
    settings: dict[str, Any] = {"name": organization.name}
    if organization.aws_organization_id:
        settings["aws_organization_id"] = organization.aws_organization_id
    role_id = organization.rescan_iam_role
    if role_id:
        role = reader.roles.portable(role_id)
        if role:
            settings["rescan_iam_role"] = role
        else:
            task.warn(
                f"The rescan role {role_id} of the AWS Organization {organization.label} has no name that is unique "
                f"on the appliance and no ARN that it shows, so that config leaves it out."
            )
    settings.update((text, getattr(organization, text) or "") for text in _TEXTS if text in organization.shown)
    if organization.scope:
        settings["scope"] = organization.scope
    if organization.limited_scopes:
        paths = reader.stored_structure(organization.id).unit_paths()
        settings["limited_scopes"] = [
            {
                "name": scope.name,
                "organizational_units": sorted(paths.get(unit, unit) for unit in scope.units or ()),
            }
            for scope in sorted(organization.limited_scopes, key=lambda scope: scope.name)
        ]
    return settings


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
    return [reader.whole(organization) for organization in organizations], total
