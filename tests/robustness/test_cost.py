# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task costs the appliance, counted in its request log."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.state.generate import world

DECLARED = {
    "name": "production",
    "description": "Everything",
    "backup_restore_iam_role_name": "vbaws-backup",
    "scope": "entire",
}


@pytest.fixture
def role_id(appliance: Any, run_module: Any) -> str:
    """A registered organization, and the ID of its rescan role."""
    appliance.reset(shape="documented", seed=1)
    result = run_module("organization", rescan_iam_role="prod-rescan", **DECLARED)
    assert result.get("changed"), result.get("msg")
    appliance.control("DELETE", "/requests")
    return str(result["organization"]["rescan_iam_role_id"])


def test_a_task_without_a_change_takes_three_requests_and_one_handshake(
    appliance: Any, run_module: Any, role_id: str
) -> None:
    result = run_module("organization", rescan_iam_role=role_id, **DECLARED)
    assert result["status"] == "in_sync"
    assert [(entry["method"], entry["path"]) for entry in appliance.requests()] == [
        ("POST", "/api/v1/token"),
        ("GET", "/api/v1/organizations/amazon"),
        ("DELETE", "/api/v1/token"),
    ]
    assert appliance.state()["connections"] == 1
    assert appliance.state()["tokens_open"] == 0


def test_a_role_by_its_name_costs_one_request_more(appliance: Any, run_module: Any, role_id: str) -> None:
    del role_id
    result = run_module("organization", rescan_iam_role="prod-rescan", **DECLARED)
    assert result["status"] == "in_sync"
    assert len(appliance.requests()) == 4
    assert appliance.state()["connections"] == 1


def test_a_list_that_shows_names_alone_costs_one_request_more(appliance: Any, run_module: Any) -> None:
    appliance.reset(shape={"list_keys": []}, seed=1)
    role = run_module("organization", rescan_iam_role="prod-rescan", **DECLARED)["organization"]["rescan_iam_role_id"]
    appliance.control("DELETE", "/requests")
    assert run_module("organization", rescan_iam_role=role, **DECLARED)["status"] == "in_sync"
    assert len(appliance.requests()) == 4


def test_units_by_path_cost_one_page_of_the_structure(appliance: Any, run_module: Any, role_id: str) -> None:
    limited = {
        **DECLARED,
        "scope": "limited",
        "limited_scopes": [{"name": "A", "organizational_units": ["/Workloads"]}],
    }
    assert run_module("organization", rescan_iam_role=role_id, **limited)["changed"]
    appliance.control("DELETE", "/requests")
    assert run_module("organization", rescan_iam_role=role_id, **limited)["status"] == "in_sync"
    assert len(appliance.requests()) == 4


def test_a_failed_task_leaves_no_token_open(appliance: Any, run_module: Any, role_id: str) -> None:
    del role_id
    result = run_module("organization", name="production", rescan_iam_role="no-such-role")
    assert result["failed"]
    assert result["failure"]["reason"] == "not_found"
    assert appliance.state()["tokens_open"] == 0
    assert appliance.requests()[-1]["method"] == "DELETE"


def test_a_hundred_additions_take_ten_handshakes_at_most(appliance: Any, run_module: Any) -> None:
    appliance.reset(shape="documented", seed=1, world=world(organizations=100, units=1, depth=1))
    appliance.control("POST", "/settings", {"session_seconds": 0.5})
    declared = [{"name": f"organization-{n:03d}", "rescan_iam_role": f"rescan-{n:03d}"} for n in range(1, 101)]
    defaults = {"backup_restore_iam_role_name": "vbaws-backup", "scope": "entire"}
    try:
        result = run_module("organizations", organizations=declared, defaults=defaults)
    finally:
        appliance.control("POST", "/settings", {"session_seconds": 0.02})
    assert len(result["summary"]["created"]) == 100
    assert appliance.state()["connections"] <= 10
