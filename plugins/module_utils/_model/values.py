# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The forms of values, the error for a value that an option cannot have, and values grouped by a key."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from .._errors import ApplianceError
from .._wording import quoted

_ACCOUNT_ID = re.compile(r"^\d{12}\Z")
_UUID = re.compile(r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\Z")
_ROLE_ARN = re.compile(r"^arn:aws[a-z-]*:iam::\d{12}:role/\S+\Z")
_UNIT_ID = re.compile(r"^(ou-[a-z0-9]{4,32}-[a-z0-9]{8,32}|r-[a-z0-9]{4,32})\Z")

Key = TypeVar("Key")
Value = TypeVar("Value")


def grouped(pairs: Iterable[tuple[Key, Value]]) -> dict[Key, list[Value]]:
    """Return key -> the values that come with it, in their order."""
    found: dict[Key, list[Value]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return found


def is_uuid(value: str) -> bool:
    return _UUID.match(value) is not None


def is_role_arn(value: str) -> bool:
    return _ROLE_ARN.match(value) is not None


def is_unit_id(value: str) -> bool:
    return _UNIT_ID.match(value) is not None


def is_account_id(value: str) -> bool:
    return _ACCOUNT_ID.match(value) is not None


def invalid(option: str, value: str, problem: str, remedy: str) -> ApplianceError:
    """Return the error for a value that an option cannot have. problem: what is wrong, such as "is empty"."""
    message = f"The value {quoted(value)} of the option {option} {problem}"
    return ApplianceError(message, reason="invalid", remedy=remedy)


def check_text(option: str, value: Any) -> None:
    """Check that a value is text. A YAML parser makes a bool or a number of an unquoted NO or 0123."""
    if isinstance(value, str):
        return
    kind = "a bool" if isinstance(value, bool) else "a number" if isinstance(value, (int, float)) else "not text"
    raise ApplianceError(
        f"The value {json.dumps(value, default=str)} of the option {option} is {kind}",
        reason="invalid",
        remedy="Put the text in quotes: without them, YAML reads NO as a bool and 0123 as a number. In a template, use "
        "the filter string",
    )


def unit_reference(option: str, value: Any) -> str:
    """Return a reference to a unit as text. Raises ApplianceError (invalid) if it is not text.

    The number of an account needs no quotes, because it is refused as an account later.
    """
    if isinstance(value, int) and is_account_id(str(value)):
        return str(value)
    check_text(option, value)
    return str(value)


def check_new_name(option: str, name: str) -> None:
    """Check a name that is about to be given; an existing name with such white space remains declarable."""
    if name != name.strip():
        raise invalid(
            option,
            name,
            "begins or ends with white space",
            "Remove it: in the web interface, the name would look like one without it.",
        )


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
