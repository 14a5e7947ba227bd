# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one table of an organization's settings; options, checks, reading and writing follow from it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from .values import check_one_line, check_text, invalid, is_role_arn

NAME_LENGTH = 127  # characters; reference of validate_name
DESCRIPTION_LENGTH = 255  # characters; user guide

_ROLE_NAME = re.compile(r"^[\w+=,.@-]{1,64}\Z", re.ASCII)


@dataclass(frozen=True)
class Setting:
    """A text that an organization has and that each update replaces.

    option: its name in playbooks and in results.
    check: takes the option and a value; raises ApplianceError (invalid) if the value cannot be declared.
    write, also_read, confidence: its property names in the API, as in Property.
    required: an organization cannot be without it. Any other setting is cleared by an empty text.
    cleared_as: what is sent to clear it.
    """

    option: str
    check: Callable[[str, str], None]
    write: str
    also_read: tuple[str, ...] = ()
    confidence: str = "high"
    required: bool = False
    cleared_as: str | None = None

    @property
    def key(self) -> str:
        """Its key in the table of names and in ``wire_names``."""
        return f"organization.{self.option}"


def check_texts(options: Mapping[str, Any]) -> None:
    """Check the settings that are given. Raises ApplianceError (invalid)."""
    for option, setting in SETTINGS.items():
        value = options.get(option)
        if value is None:
            continue
        check_text(option, value)
        if value or setting.required:
            setting.check(option, value)


def _check_name(option: str, value: str) -> None:
    if not value.strip():
        raise invalid(option, value, "is empty", f"An organization needs a name of 1 to {NAME_LENGTH} characters.")
    if len(value) > NAME_LENGTH:
        raise invalid(option, value, f"has {len(value)} characters", f"The appliance takes at most {NAME_LENGTH}.")
    check_one_line(option, value)


def _check_description(option: str, value: str) -> None:
    if len(value) > DESCRIPTION_LENGTH:
        raise invalid(
            option,
            value[:30] + "...",
            f"has {len(value)} characters",
            f"The appliance takes at most {DESCRIPTION_LENGTH}.",
        )


def _check_rescan_role(option: str, value: str) -> None:
    """Check the name, UUID or ARN of a role."""
    if not value.strip():
        raise invalid(option, value, "is empty", "Leave it out to keep the role that is set.")
    if value.startswith("arn:") and not is_role_arn(value):
        raise invalid(
            option,
            value,
            "is no ARN of an IAM role",
            "It looks like arn:aws:iam::123456789012:role/NAME. The name or ID that the appliance gave the role "
            "serves as well.",
        )


def _check_role_name(option: str, value: str) -> None:
    """Check the name of a role that exists in every account of the organization."""
    if not value:
        raise invalid(
            option, value, "is empty", "This role is required: leave the option out to keep the one that is set."
        )
    if value.startswith("arn:"):
        name = value.rsplit("/", 1)[-1]
        raise invalid(
            option, value, "is an ARN", f"The role must exist in every account, so give its name alone: {name}."
        )
    if not _ROLE_NAME.match(value):
        raise invalid(
            option,
            value,
            "is no name of an IAM role",
            "A name has 1 to 64 letters, digits and any of + = , . @ - _ (and no path).",
        )


_ROWS = (
    Setting("name", _check_name, "name", ("organizationName",), required=True),
    Setting("description", _check_description, "description", cleared_as=""),
    Setting("rescan_iam_role", _check_rescan_role, "rescanIamRoleId", ("iamRoleId", "rescanIamRole.id"), required=True),
    Setting(
        "backup_restore_iam_role_name",
        _check_role_name,
        "backupRestoreIamRoleName",
        ("backupAndRestoreIamRoleName", "backupIamRoleName", "backupRoleName"),
        confidence="low",
        required=True,
    ),
    Setting(
        "production_worker_iam_role_name",
        _check_role_name,
        "productionWorkerIamRoleName",
        ("workerIamRoleName", "productionWorkerRoleName", "workerRoleName"),
        confidence="low",
    ),
)
SETTINGS: Mapping[str, Setting] = {row.option: row for row in _ROWS}
"""Option -> setting, in the order in which an update sends them."""
REQUIRED: tuple[str, ...] = tuple(option for option, setting in SETTINGS.items() if setting.required)
"""The settings without which an update would be refused, or would take a role away from a live organization."""
