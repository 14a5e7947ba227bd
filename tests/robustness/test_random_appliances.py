# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two hundred appliances that answer in forms drawn at random: what a playbook does not declare is never lost."""

from __future__ import annotations

import os
import random
from typing import Any

import pytest

from simulator.state.names import DOCUMENTED
from simulator.state.shape import MEMBERS

SHAPES = int(os.environ.get("VBAWS_CAMPAIGN_SHAPES", "200"))
FIRST = int(os.environ.get("VBAWS_CAMPAIGN_FIRST_SEED", "1"))

SETTINGS = ("name", "description", "backup_restore_iam_role_name", "production_worker_iam_role_name", "rescan_iam_role")
WORKER = "organization.production_worker_iam_role_name"
SCOPES = {"Front": ["/Workloads/Prod", "/Sandbox"], "Back": ["/Security"]}


def stored(appliance: Any) -> dict[str, Any]:
    """The one organization of the appliance, in the collection's terms and without what a change may renew."""
    (organization,) = appliance.state()["organizations"]
    values = {key: organization[key] or None for key in SETTINGS}
    values["limited_scopes"] = {
        scope["name"]: sorted(scope["organizational_units"]) for scope in organization["limited_scopes"]
    }
    return values


def by_path(appliance: Any) -> dict[str, str]:
    """Unit paths of the AWS Organization that the tests use."""
    nodes = {node["aws_id"]: node for node in appliance.state()["aws"]["o-prod000001"]["nodes"]}

    def path(aws_id: str) -> str:
        node = nodes[aws_id]
        return "" if node["parent"] is None else f"{path(node['parent'])}/{node['name']}"

    return {path(aws_id) or "/": aws_id for aws_id in nodes}


def never_shown(appliance: Any, before: dict[str, Any], declared: dict[str, Any]) -> dict[str, str]:
    """Wire names of what will be written and what this appliance never shows: members of scopes whatever their name is,
    since they exist, and a role that is not set if it has another name than the assumed one.
    """
    shape, worker = appliance.state()["shape"], "production_worker_iam_role_name"
    unseen = {}
    if before["limited_scopes"] and shape["scope_members"] != "listed":
        unseen[MEMBERS] = shape["names"].get(MEMBERS, DOCUMENTED[MEMBERS])
    if worker in declared and not before[worker] and shape["nulls"] == "absent" and WORKER in shape["names"]:
        unseen[WORKER] = shape["names"][WORKER]
    return unseen


@pytest.mark.parametrize("seed", range(FIRST, FIRST + SHAPES))
def test_a_change_never_clears_what_is_not_declared(seed: int, appliance: Any, run_module: Any) -> None:
    draw = random.Random(seed)
    appliance.reset(shape="random", seed=seed)
    units = by_path(appliance)
    scopes = draw.choice([{}, {"Front": SCOPES["Front"]}, SCOPES])
    appliance.control(
        "POST",
        "/organizations",
        {
            "name": "production",
            "description": draw.choice(["", "made by hand"]),
            "rescan_iam_role": "prod-rescan",
            "backup_restore_iam_role_name": "vbaws-backup",
            "production_worker_iam_role_name": draw.choice(["", "vbaws-worker"]),
            "limited_scopes": [
                {"name": name, "organizational_units": [units[path] for path in paths]}
                for name, paths in scopes.items()
            ],
        },
    )
    before = stored(appliance)
    declared: dict[str, Any] = draw.choice(
        [
            {"description": "declared"},
            {"production_worker_iam_role_name": "vbaws-worker-2"},
            {"backup_restore_iam_role_name": "vbaws-backup-2"},
            {"rescan_iam_role": "prod-rescan-delegate"},
            {"description": "declared", "production_worker_iam_role_name": "vbaws-worker-2"},
            {"name": "renamed", "aws_organization_id": "o-prod000001"},
        ]
    )
    if scopes and draw.random() < 0.5:
        # One scope loses a unit, all others are declared by their names alone.
        declared["limited_scopes"] = [
            {"name": name, **({"organizational_units": ["/Workloads/Prod"]} if name == "Front" else {})}
            for name in scopes
        ]
    options = {"name": "production", **declared}
    if not scopes and not before["description"] and not before["production_worker_iam_role_name"]:
        # An appliance that leaves out what is not set shows nothing that tells "entire" from "not shown".
        options["scope"] = "entire"

    unseen = never_shown(appliance, before, declared)
    if unseen:
        # Nothing to learn the name from. Refused or not applied, and in either case nothing that was there is lost.
        refused = run_module("organization", **options)
        assert refused["failed"]
        assert all(stored(appliance)[key] == before[key] for key in before if key not in declared)
        if MEMBERS in unseen:
            assert MEMBERS in refused["msg"]
            assert refused["msg"].endswith("Nothing was changed.")
            assert stored(appliance) == before
        options["wire_names"] = unseen

    first = run_module("organization", **options)

    after = stored(appliance)
    expected = {**before, **{key: value for key, value in declared.items() if key in SETTINGS}}
    if "limited_scopes" in declared:
        expected["limited_scopes"] = {**before["limited_scopes"], "Front": [units["/Workloads/Prod"]]}
    assert after == expected, first.get("msg")
    assert first.get("failed") is not True, first["msg"]
    assert first["changed"]

    again = run_module("organization", **options)
    assert again.get("failed") is not True, again["msg"]
    assert not again["changed"], again["changes"]
    assert stored(appliance) == expected
    assert appliance.state()["tokens_open"] == 0
    assert appliance.state()["violations"] == []


def test_a_name_that_only_requests_use_is_told_to_the_user_and_settled_by_wire_names(
    appliance: Any, run_module: Any
) -> None:
    appliance.reset(shape={"write_names": {WORKER: "workerRoleName"}}, seed=1)
    appliance.control(
        "POST",
        "/organizations",
        {
            "name": "production",
            "rescan_iam_role": "prod-rescan",
            "backup_restore_iam_role_name": "vbaws-backup",
            "production_worker_iam_role_name": "vbaws-worker",
        },
    )
    declared = {"name": "production", "production_worker_iam_role_name": "vbaws-worker-2"}

    result = run_module("organization", **declared)
    assert result["failure"]["reason"] == "not_applied"
    assert "production_worker_iam_role_name" in result["msg"]
    assert f"wire_names: {{{WORKER}: " in result["msg"]

    assert run_module("organization", wire_names={WORKER: "workerRoleName"}, **declared)["changed"]
    assert stored(appliance)["production_worker_iam_role_name"] == "vbaws-worker-2"

    # Nobody can know beforehand that this appliance ignores the name that it shows. The loss is told, with the value.
    result = run_module("organization", name="production", description="edited")
    assert result["failure"]["reason"] == "not_applied"
    assert "production_worker_iam_role_name, which is not declared" in result["msg"]
    assert "'vbaws-worker-2'" in result["msg"]
