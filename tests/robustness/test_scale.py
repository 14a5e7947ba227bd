# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""20,000 accounts in 2,000 units nested five deep are read whole, and in memory that the result accounts for."""

from __future__ import annotations

import gc
import time
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.vbaws.appliance.plugins.modules import organization_structure_info

from in_process import run_module
from simulator.state.generate import world
from simulator.web.process import RunningAppliance, running_simulator

UNITS, ACCOUNTS, DEPTH = 2_000, 20_000, 5
SECONDS = 60.0
"""A run takes about a quarter of it on two cores that are busy otherwise."""


def large_world() -> dict[str, Any]:
    """One registered AWS Organization of exactly that size, and an account in its root."""
    made = world(units=5, depth=DEPTH, accounts=ACCOUNTS // UNITS, registered=True)
    root = made["aws_organizations"][0]["root"]
    root["accounts"] = root["accounts"][:1]
    level, left = [root], UNITS
    while level:
        for unit in level:
            unit["units"] = unit.get("units", [])[:left]
            left -= len(unit["units"])
        level = [child for unit in level for child in unit["units"]]
    return made


@pytest.fixture(scope="module")
def large() -> Iterator[RunningAppliance]:
    with running_simulator(shape={"page_cap": 500}, world=large_world()) as running:
        yield running


@pytest.fixture
def measured(large: RunningAppliance, monkeypatch: pytest.MonkeyPatch) -> dict[str, float]:
    """Megabytes of the result, and of the most that was held while it was made."""
    found: dict[str, float] = {}
    work = organization_structure_info.MODULE.work

    def traced(task: Any) -> Any:
        gc.collect()
        tracemalloc.start()
        result = work(task)
        found["result"], found["peak"] = (size / 1e6 for size in tracemalloc.get_traced_memory())
        tracemalloc.stop()
        return result

    module = replace(organization_structure_info.MODULE, work=traced)
    monkeypatch.setattr(organization_structure_info, "main", module.main)
    for name, value in large.environment().items():
        monkeypatch.setenv(name, value)
    return found


def test_it_is_read_whole_in_memory_of_the_result(
    measured: dict[str, float], record_property: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    began = time.monotonic()
    result = run_module("organization_structure_info", {"name": "organization-001"})
    seconds = time.monotonic() - began

    assert result["statistics"] == {"units": UNITS + 1, "accounts": ACCOUNTS + 1}
    assert len(result["identities"]) == result["total_count"] == UNITS + ACCOUNTS + 2
    paths = [item["path"] for item in result["identities"]]
    assert len(set(paths)) == len(paths)
    assert max(path.count("/") for path in paths) == DEPTH + 1

    for name, value in {**measured, "seconds": seconds}.items():
        record_property(name, round(value, 1))
    with capsys.disabled():
        print(
            f" {len(paths)} items: {seconds:.1f} s, result {measured['result']:.0f} MB, peak {measured['peak']:.0f} MB"
        )
    assert measured["peak"] < 1.5 * measured["result"]
    assert seconds < SECONDS


def test_a_part_of_it_takes_the_memory_of_its_units_and_the_part(measured: dict[str, float]) -> None:
    result = run_module(
        "organization_structure_info", {"name": "organization-001", "unit": "/unit-1/unit-1.1", "limit": 9}
    )
    assert len(result["identities"]) == 9
    assert measured["peak"] < 4
