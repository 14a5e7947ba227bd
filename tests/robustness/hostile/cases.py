# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is run against a hostile appliance: every module, with options that read, add, change and remove."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from ansible_collections.vbaws.appliance.tests.robustness.ambiguity.world import world

from simulator.api.in_process import InProcessAppliance
from simulator.state import edits

Json = dict[str, Any]
SCOPES = [{"name": "west", "organizational_units": ["/One"]}]
NEW: Json = {
    "name": "bravo",
    "rescan_iam_role": "bravo-rescan",
    "backup_restore_iam_role_name": "backup",
    "scope": "limited",
    "limited_scopes": SCOPES,
}
CHANGED: Json = {"name": "alpha", "description": "changed"}
TASKS: dict[str, tuple[str, Json]] = {
    "add": ("organization", NEW),
    "change": ("organization", CHANGED),
    "change a scope": ("organization", {"name": "alpha", "limited_scopes": SCOPES}),
    "in sync": ("organization", {"name": "alpha"}),
    "remove": ("organization", {"name": "alpha", "state": "absent"}),
    "list": ("organizations", {"organizations": [NEW, CHANGED]}),
    "prune": ("organizations", {"organizations": [NEW], "prune": True, "prune_limit": 1}),
    "info": ("organization_info", {}),
    "info of one": ("organization_info", {"name": "alpha"}),
    "structure": ("organization_structure_info", {"name": "alpha"}),
    "rescan": ("organization_rescan", {"name": "alpha"}),
    "preflight": ("organization_preflight", NEW),
    "export": ("organization_export", {}),
    "roles": ("iam_role_info", {}),
    "version": ("appliance_info", {"api_versions": ["1.7-rev0"]}),
    "session": ("session_info", {"id": "99999999-9999-4999-8999-999999999999"}),
    "token": ("token", {}),
}
_WAITING = ("organization", "organizations", "organization_rescan", "organization_preflight", "session_info")


@dataclass(frozen=True)
class Case:
    """One run. writes: how many changing requests it may make at most; on: the IDs that they may address."""

    task: str
    module: str
    options: Json
    check: bool
    writes: int
    on: frozenset[str]


def appliance() -> tuple[InProcessAppliance, str]:
    """A simulated appliance on which one organization is registered, and the ID of that one."""
    simulated = InProcessAppliance(world(), "documented")
    stored = {
        "name": "alpha",
        "description": "first",
        "rescan_iam_role": "alpha-rescan",
        "backup_restore_iam_role_name": "backup",
        "limited_scopes": [],
    }
    return simulated, edits.add(simulated.state, stored).id


def draw(rng: random.Random, known_id: str) -> Case:
    """Return what to run."""
    task = rng.choice(list(TASKS))
    module, options = TASKS[task]
    waits = {"wait_timeout": 1, "wait_interval": 0} if module in _WAITING else {}
    check = rng.random() < 0.2
    most = {"add": 1, "change": 1, "change a scope": 1, "remove": 1, "list": 2, "prune": 2}.get(task, 0)
    # A change that is known to be harmless may be sent again: it is the same change.
    return Case(task, module, {**options, **waits}, check, 0 if check else most, frozenset({known_id}))
