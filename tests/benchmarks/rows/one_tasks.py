# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tasks that are compared: ``organization``, tasks of Ansible itself, and the same work by hand with ``uri``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from ..harness.bench import Task
from ..server.process import Server

BY_HAND: list[Task] = yaml.safe_load((Path(__file__).parent / "by_hand.yml").read_text(encoding="utf-8"))


def empty(_server: Server, _description: str) -> list[Task]:
    """Nothing: what remains is the start of Ansible and of the play."""
    return []


def debug(_server: Server, _description: str) -> list[Task]:
    """The least that any task costs: it runs no module."""
    return [{"ansible.builtin.debug": {"msg": "text"}}]


def ping(_server: Server, _description: str) -> list[Task]:
    """The least that a module costs."""
    return [{"ansible.builtin.ping": {}}]


def uri(server: Server, _description: str) -> list[Task]:
    """One GET of the list of organizations."""
    url = f"{server.url}/organizations/amazon?Offset=0&Limit=200"
    return [{"ansible.builtin.uri": {"url": url, "ca_path": server.ca_file, "headers": {"x-api-version": "1.7-rev0"}}}]


def organization(server: Server, description: str) -> list[Task]:
    """The module. Without a description nothing differs."""
    declared: dict[str, Any] = {
        "name": "organization-001",
        "rescan_iam_role": "rescan-001",
        "backup_restore_iam_role_name": "VeeamBackupRestore",
        "scope": "entire",
    }
    if description:
        declared["description"] = description
    return [{"vbaws.appliance.organization": {**declared, **server.options()}}]


def by_hand(server: Server, description: str) -> list[Task]:
    """The same requests, each as a task."""
    given = {"url": server.url, "description": description, **server.options()}
    return [{**task, "vars": given} for task in BY_HAND]
