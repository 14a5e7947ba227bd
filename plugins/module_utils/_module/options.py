# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Argument specs that several modules share, and how they fall back to the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from ansible.module_utils.common.parameters import AnsibleFallbackNotFound

from .._rest.client import API_VERSION
from .._rest.settings import PORT


def from_environment(name: str) -> str:
    """Return an environment variable for an option that is not set.

    An EMPTY variable means unset, in contrast to Ansible's own fallback: controllers inject a variable for every
    field of a credential, the ones left blank included. Raises ``AnsibleFallbackNotFound``.
    """
    value = os.environ.get(name, "").strip()
    if not value:
        raise AnsibleFallbackNotFound
    # A password may begin or end with a space: what decides is whether there is anything, what counts is the value as
    # it is.
    return os.environ[name]


def _option(name: str, **spec: Any) -> dict[str, Any]:
    return {**spec, "fallback": (from_environment, [f"VBAWS_{name.upper()}"])}


CONNECTION: dict[str, dict[str, Any]] = {
    "hostname": _option("hostname", type="str", required=True),
    "port": _option("port", type="int", default=PORT),
    "username": _option("username", type="str"),
    "password": _option("password", type="str", no_log=True),
    "access_token": _option("access_token", type="str", no_log=True),
    "api_version": _option("api_version", type="str", default=API_VERSION),
    "validate_certs": _option("validate_certs", type="bool", default=True),
    "ca_path": _option("ca_path", type="path"),
    "certificate_fingerprint": _option("certificate_fingerprint", type="str"),
    # Whole, since Ansible logs the options before any code of a module can single the userinfo out.
    "proxy": _option("proxy", type="str", no_log=True),
    "timeout": _option("timeout", type="int", default=30),
    "retries": _option("retries", type="int", default=4),
    "read_only": _option("read_only", type="bool", default=False),
    "wire_names": _option("wire_names", type="dict"),
}
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
    "name": {"type": "str"},
}
"""The three ways to name an organization."""

CHECKS = ("role", "name", "settings", "configuration", "removal")
"""The appliance's checks, by the names that the options ``checks`` take."""

DEFAULT_CHECKS = ("role", "name", "settings", "removal")
"""The checks before a write unless the task chooses: all but the one that starts a session."""


class _ChoicesOrNull(list[str]):
    """The choices of an option that takes null too, which Ansible refuses for an option with choices."""

    def __contains__(self, value: object) -> bool:
        return value is None or super().__contains__(value)


ORGANIZATION: dict[str, dict[str, Any]] = {
    **IDENTITY,
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "description": {"type": "str"},
    "rescan_iam_role": {"type": "str"},
    "backup_restore_iam_role_name": {"type": "str"},
    "production_worker_iam_role_name": {"type": "str"},
    # Without choices, which would refuse null; null leaves it as it is, like any other setting.
    "scope": {"type": "str"},
    "limited_scopes": {
        "type": "list",
        "elements": "dict",
        "options": {
            "name": {"type": "str", "required": True},
            "former_names": {"type": "list", "elements": "str", "default": []},
            "organizational_units": {"type": "list", "elements": "str"},
        },
    },
    "on_conflict": {"type": "str", "choices": ["fail", "update"], "default": "fail"},
    # Without a default, with which Ansible would refuse null; null means DEFAULT_CHECKS.
    "checks": {"type": "list", "elements": "str", "choices": _ChoicesOrNull(CHECKS)},
    "fail_on": {"type": "str", "choices": ["error", "warning", "never"], "default": "error"},
    "check_mode_sessions": {"type": "bool", "default": False},
    "refresh_structure": {
        "type": "str",
        "choices": ["never", "when_missing", "always"],
        "default": "when_missing",
    },
}
"""What an organization is declared by, and how the declaration is carried out."""

LIMITS: dict[str, dict[str, Any]] = {
    "expected_plan": {"type": "str"},
    "max_accounts_lost": {"type": "int"},
}
"""What a task may do at most, whatever is declared."""


def _without_defaults(options: Mapping[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Options whose defaults come later, so that what is left out can be told from what is given."""
    return {option: {key: value for key, value in spec.items() if key != "default"} for option, spec in options.items()}


ORGANIZATIONS: dict[str, dict[str, Any]] = {
    "organizations": {
        "type": "list",
        "elements": "dict",
        "required": True,
        "options": _without_defaults(ORGANIZATION),
        "required_one_of": [("id", "aws_organization_id", "name")],
    },
    "defaults": {
        "type": "dict",
        "options": _without_defaults({key: spec for key, spec in ORGANIZATION.items() if key not in IDENTITY}),
    },
    "prune": {"type": "bool", "default": False},
    # Without a default, since an empty list of organizations needs a limit that somebody gave.
    "prune_limit": {"type": "int"},
    "concurrency": {"type": "int", "default": 8},
}
"""Many organizations in one task."""
