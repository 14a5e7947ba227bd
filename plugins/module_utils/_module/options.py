# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The argument specs that several modules share, with their environment variables."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from ansible.module_utils.common.parameters import AnsibleFallbackNotFound

from .._errors import ApplianceError
from .._http.settings import OPTIONS, Option
from .._model.settings import SETTINGS
from .arguments import TEXT

_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def from_environment(name: str) -> str:
    """Return an environment variable for an option that is not set.

    An empty variable counts as not set, unlike with Ansible's own fallback: controllers set a variable for every field
    of a credential, blank fields too. Raises ``AnsibleFallbackNotFound``.
    """
    value = os.environ.get(name, "")
    if not value.strip():
        raise AnsibleFallbackNotFound
    # Ansible cannot take bytes that are not UTF-8. What replaces them is refused by require_text.
    # The spaces stay, because a password may begin or end with a space.
    return value.encode(errors="surrogateescape").decode(errors="replace")


def require_text(options: Mapping[str, Any]) -> None:
    """Refuse connection options that came from bytes which are not UTF-8.

    Raises ApplianceError (invalid), which names the option and not the value.
    """
    for option in OPTIONS:
        value = options.get(option.name)
        if isinstance(value, str) and _REPLACEMENT in value:
            raise ApplianceError(
                f"The option {option.name} has characters that are not valid UTF-8",
                reason="invalid",
                remedy=f"Correct its value, or the environment variable {option.variable} if it comes from there",
                stage="options",
            )


def _spec(option: Option) -> dict[str, Any]:
    keys = {
        "type": option.type,
        "default": option.default,
        "required": option.required or None,
        "no_log": option.secret or None,
        "fallback": (from_environment, [option.variable]),
    }
    return {key: value for key, value in keys.items() if value is not None}


CONNECTION: dict[str, dict[str, Any]] = {option.name: _spec(option) for option in OPTIONS}
"""The connection options of every module; documented in the fragment ``vbaws.appliance.connection``."""

WAITING: dict[str, dict[str, Any]] = {
    "wait": {"type": "bool", "default": True},
    "wait_timeout": {"type": "int", "default": 1800},
    "wait_interval": {"type": "int", "default": 2},
}
"""How to wait for sessions of the appliance; documented in the fragment ``vbaws.appliance.waiting``."""

IDENTITY: dict[str, dict[str, Any]] = {
    "id": {"type": "str"},
    "aws_organization_id": {"type": "str"},
    "name": {"type": TEXT},
}
"""The three ways to name an organization."""

CHECKS = ("role", "name", "settings", "configuration", "removal")
"""The appliance's checks, by the names that the options ``checks`` take."""

DEFAULT_CHECKS = ("role", "name", "settings", "removal")
"""The checks before a write unless the task chooses: all but the one that starts a session."""

ORGANIZATION: dict[str, dict[str, Any]] = {
    **IDENTITY,
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    **{option: {"type": TEXT} for option in SETTINGS},
    # Without choices, because they would refuse null, and null leaves the scope as it is.
    "scope": {"type": "str"},
    "limited_scopes": {
        "type": "list",
        "elements": "dict",
        "options": {
            "name": {"type": TEXT, "required": True},
            "former_names": {"type": "list", "elements": TEXT, "default": []},
            "organizational_units": {"type": "list", "elements": TEXT},
        },
    },
    "on_conflict": {"type": "str", "choices": ["fail", "update"], "default": "fail"},
    "checks": {"type": "list", "elements": "str", "choices": list(CHECKS), "default": list(DEFAULT_CHECKS)},
    "fail_on": {"type": "str", "choices": ["error", "warning", "never"], "default": "error"},
    "check_mode_sessions": {"type": "bool", "default": False},
    "refresh_structure": {"type": "str", "choices": ["never", "when_missing", "always"], "default": "when_missing"},
}
"""The options that declare an organization, and how to apply the declaration."""

LIMITS: dict[str, dict[str, Any]] = {"expected_plan": {"type": "str"}, "max_accounts_lost": {"type": "int"}}
"""The limits of what a task may change."""
