# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The forms of values: IDs, ARNs, names and numbers, and the error for a value that an option cannot have."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .._errors import ApplianceError

_UUID = re.compile(r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\Z")
_ROLE_ARN = re.compile(r"^arn:aws[a-z-]*:iam::\d{12}:role/\S+\Z")
_UNIT_ID = re.compile(r"^(ou-[a-z0-9]{4,32}-[a-z0-9]{8,32}|r-[a-z0-9]{4,32})\Z")


def is_uuid(value: str) -> bool:
    return _UUID.match(value) is not None


def is_role_arn(value: str) -> bool:
    return _ROLE_ARN.match(value) is not None


def is_unit_id(value: str) -> bool:
    return _UNIT_ID.match(value) is not None


def invalid(option: str, value: str, problem: str, remedy: str) -> ApplianceError:
    """Return the error for a value that an option cannot have. problem: what is wrong, such as "is empty"."""
    return ApplianceError(f"The value {value!r} of the option {option} {problem}", reason="invalid", remedy=remedy)


def check_one_line(option: str, name: str) -> None:
    """Check a name: one from a YAML block ends with a line break, which cannot be seen in the web interface."""
    if any(ord(character) < 32 for character in name):
        raise invalid(option, name, "holds a line break or tab", "Write the name on one line, without | or >.")


def check_window(options: Mapping[str, Any]) -> None:
    """Check ``offset`` and ``limit``, in items of a list."""
    check_least(options, {"offset": 0, "limit": 1})


def check_least(options: Mapping[str, Any], least: Mapping[str, int]) -> None:
    """Check the numbers that are given. least: option -> the smallest number that is allowed."""
    for option, smallest in least.items():
        value = options.get(option)
        if value is not None and value < smallest:
            raise ApplianceError(
                f"The option {option} is {value}", reason="invalid", remedy=f"It must be at least {smallest}."
            )
