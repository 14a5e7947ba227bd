# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check mode tells what the real run then does, and a second run finds nothing to do: declarations drawn at random."""

from __future__ import annotations

import os
import random
from typing import Any

import pytest

RUNS = int(os.environ.get("VBAWS_CAMPAIGN_CHECKS", "60"))
FIRST = int(os.environ.get("VBAWS_CAMPAIGN_FIRST_SEED", "1"))

UNITS = ("/Workloads", "/Workloads/Prod", "/Sandbox", "/Security/Audit", "/R\\/D", "/", "ou-prod-security")
AWS_IDS = ("ou-prod-workload", "ou-prod-wrkprod0", "ou-prod-sandbox0", "ou-prod-security", "r-prod")
NAMES = ("A", "a", "B", "A.name", "x/y", "Ä \"q\" '{{ x }}'", "North.organizational_units")

COMPLETE = {"rescan_iam_role": "prod-rescan", "backup_restore_iam_role_name": "other", "scope": "limited"}


def registered(draw: random.Random) -> dict[str, Any]:
    """What somebody registered by hand."""
    scopes = draw.sample(NAMES, draw.randint(0, 3))
    return {
        "name": draw.choice(["production", "prod", "x{{ y }}"]),
        "description": draw.choice(["", "by hand"]),
        "rescan_iam_role": draw.choice(["prod-rescan", "prod-rescan-delegate"]),
        "backup_restore_iam_role_name": "vbaws-backup",
        "production_worker_iam_role_name": draw.choice(["", "vbaws-worker"]),
        "limited_scopes": [
            {"name": name, "organizational_units": draw.sample(AWS_IDS, draw.randint(1, 2))} for name in scopes
        ],
    }


def declared(draw: random.Random) -> dict[str, Any]:
    """A declaration, which may contradict itself or what is there."""
    options: dict[str, Any] = {"name": draw.choice(["production", "prod", "Production", "Prod-Backup"])}
    values: dict[str, list[Any]] = {
        "state": ["absent", "present", "present", "present"],
        "aws_organization_id": ["o-prod000001"],
        "description": ["", "by hand", "declared"],
        "rescan_iam_role": ["prod-rescan", "prod-rescan-delegate", "plain-backup"],
        "backup_restore_iam_role_name": ["vbaws-backup", "other"],
        "production_worker_iam_role_name": ["", "vbaws-worker"],
        "scope": ["entire", "limited", "limited"],
        "on_conflict": ["update"],
    }
    options.update({key: draw.choice(choices) for key, choices in values.items() if draw.random() < 0.7})
    if options.get("scope") != "entire" and draw.random() < 0.8:
        options["limited_scopes"] = [
            {
                "name": name,
                **({"organizational_units": draw.sample(UNITS, 2)} if draw.random() < 0.8 else {}),
                **({"former_names": [draw.choice(NAMES)]} if draw.random() < 0.2 else {}),
            }
            for name in draw.sample(NAMES, draw.randint(1, 3))
        ]
    # With sessions nothing is left out that could tell the two apart.
    # An appliance that shows no members does not show the name of the property either.
    told = {"limited_scope.organizational_units": "includedMembers"}
    return {**options, "check_mode_sessions": True, "wire_names": told}


@pytest.mark.parametrize("seed", range(FIRST, FIRST + RUNS))
def test_check_mode_tells_what_the_real_run_does(seed: int, appliance: Any, run_module: Any) -> None:
    draw = random.Random(seed)
    appliance.reset(shape={"scope_members": draw.choice(["listed", "by_structure_call"])}, seed=seed)
    if draw.random() < 0.75:
        by_hand = registered(draw)
        appliance.control("POST", "/organizations", by_hand)
        if draw.random() < 0.2:
            appliance.control("POST", "/policies", {"organization": by_hand["name"], "limited_scope": None})
        options = declared(draw)
    else:
        options = {**COMPLETE, **declared(draw)}
    before = appliance.state()["organizations"]

    told = run_module("organization", check=True, **options)
    assert appliance.state()["organizations"] == before
    done = run_module("organization", **options)
    after = appliance.state()["organizations"]

    assert appliance.state()["tokens_open"] == 0
    assert bool(told.get("failed")) == bool(done.get("failed")), (told.get("msg"), done.get("msg"))
    if done.get("failed"):
        assert told["failure"]["reason"] == done["failure"]["reason"], (told["msg"], done["msg"])
        assert after == before
        return
    for key in ("changed", "action", "status", "changes", "diff", "plan_id"):
        assert told.get(key) == done.get(key), key
    assert done["changed"] == (after != before)

    again = run_module("organization", **options)
    assert not again.get("failed"), again["msg"]
    assert not again["changed"], again["changes"]
