# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A hundred organizations in one task: what becomes of them, what it costs, and what it refuses."""

from __future__ import annotations

import time
from typing import Any

import pytest
from ansible_collections.vbaws.appliance.tests.robustness.differences import BACKUP, DEFAULTS, Planted, stored

from simulator.state.generate import world


def writes(appliance: Any) -> list[str]:
    """Requests that change the configuration, or try to."""
    base = "/api/v1/organizations/amazon"
    made = [(entry["method"], entry["path"]) for entry in appliance.requests()]
    return [
        f"{method} {path}"
        for method, path in made
        if (method, path) == ("POST", base) or (method in ("PUT", "DELETE") and path.startswith(f"{base}/"))
    ]


def random_shape(appliance: Any, seed: int) -> dict[str, Any]:
    """The shape of a seed, apart from the habit of keeping scopes that were dropped, of which nothing can be made."""
    appliance.reset(shape="random", seed=seed)
    shape: dict[str, Any] = appliance.facts["shape"]
    return {**shape, "keeps_dropped_scopes": False}


@pytest.mark.parametrize("seed", [None, 11, 12, 13])
def test_a_hundred_organizations_with_every_kind_of_change(seed: int | None, appliance: Any, run_module: Any) -> None:
    planted = Planted(102)
    planted.plant(appliance, random_shape(appliance, seed) if seed else {}, seed or 1)
    options = {
        "organizations": planted.declared,
        "defaults": {**DEFAULTS, "check_mode_sessions": True},
        "prune": True,
        "prune_limit": 10,
        "wire_names": appliance.wire_names(),
    }
    appliance.control("DELETE", "/requests")

    plan = run_module("organizations", check=True, **options)
    assert plan.get("failed") is not True, plan["msg"]
    assert {one["name"]: one["action"] for one in plan["organizations"]} == planted.actions
    assert writes(appliance) == []
    assert all(one["impact"]["accounts_lost"] is not None for one in plan["organizations"] if one["impact"])

    done = run_module("organizations", **options, expected_plan=plan["plan_id"])
    assert done.get("failed") is not True, done["msg"]
    assert {one["name"]: one["action"] for one in done["organizations"]} == planted.actions
    assert [one["name"] for one in done["organizations"] if not one["verified"]] == []
    assert all(one["impact"]["known"] for one in done["organizations"] if one["impact"])
    assert stored(appliance) == planted.expected
    assert len(writes(appliance)) == sum(action != "none" for action in planted.actions.values())
    assert len(done["diff"]) == len(writes(appliance))

    again = run_module("organizations", **options)
    assert again.get("failed") is not True, again["msg"]
    assert not again["changed"], [one for one in again["organizations"] if one["action"] != "none"]
    assert {one["status"] for one in again["organizations"]} == {"in_sync"}
    assert stored(appliance) == planted.expected
    state = appliance.state()
    assert (state["tokens_open"], state["violations"]) == (0, [])


def test_the_requests_of_a_task_without_a_change_grow_with_pages(appliance: Any, run_module: Any) -> None:
    costs = {}
    for organizations in (10, 100, 410):
        appliance.reset(shape="documented", seed=1, world=world(organizations=organizations, units=0, registered=True))
        names = [f"{number:03d}" for number in range(1, organizations + 1)]
        declared = [
            {"name": f"organization-{number}", "rescan_iam_role": f"rescan-{number}", "scope": "entire"}
            for number in names
        ]
        appliance.control("DELETE", "/requests")
        result = run_module("organizations", organizations=declared, defaults=DEFAULTS)
        assert result["summary"]["text"] == f"{organizations} unchanged."
        costs[organizations] = sorted(f"{entry['method']} {entry['path']}" for entry in appliance.requests())
    lists = ["GET /api/v1/accounts/amazon", "GET /api/v1/organizations/amazon"]
    session = ["DELETE /api/v1/token", "POST /api/v1/token"]
    one_page = sorted([*session, *lists])
    assert costs[10] == costs[100] == one_page
    assert costs[410] == sorted([*session, *lists * 5])


def test_a_hundred_additions_are_waited_for_together(appliance: Any, run_module: Any) -> None:
    appliance.reset(shape="documented", seed=1, world=world(organizations=100, units=1, depth=1))
    appliance.control("POST", "/settings", {"session_seconds": 2})
    declared = [{"name": f"organization-{n:03d}", "rescan_iam_role": f"rescan-{n:03d}"} for n in range(1, 101)]
    began = time.monotonic()
    try:
        result = run_module(
            "organizations",
            organizations=declared,
            defaults={"backup_restore_iam_role_name": BACKUP, "scope": "entire"},
        )
    finally:
        appliance.control("POST", "/settings", {"session_seconds": 0.02})
    seconds = time.monotonic() - began
    assert len(result["summary"]["created"]) == 100
    assert all(one["verified"] and one["session"]["state"] == "succeeded" for one in result["organizations"])
    # One after the other, they would take 200 seconds.
    assert 2 < seconds < 30
