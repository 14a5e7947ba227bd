# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The check of a report: a broken one is an error, and is never ignored."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from ansible_collections.vbaws.appliance.plugins.plugin_utils._drift.report import build_report
from ansible_collections.vbaws.appliance.tests.unit.support import drift_examples as examples
from ansible_collections.vbaws.appliance.tests.unit.support.drift_reports import DAYS, DRIFT, north, report_of_day


def broken(**changes: Any) -> Any:
    found = report_of_day(0, *examples.fleet())
    return {**copy.deepcopy(found), **changes}


@pytest.mark.parametrize(
    "baseline",
    [
        "{}",
        [],
        {},
        broken(schema_version=2),
        broken(schema_version="1"),
        broken(schema_version=True),
        broken(records=None),
        broken(records=[{"key": "north"}]),
        broken(records=[{**report_of_day(0, north(DRIFT))["records"][0], "state": "fine"}]),
        broken(records=[{**report_of_day(0, north(DRIFT))["records"][0], "unverified": "x"}]),
        broken(meta={}),
        broken(meta={"generated_at": "yesterday", "first_seen": {}}),
        broken(meta={"generated_at": DAYS[0], "first_seen": {"x": "yesterday"}}),
        broken(appliances=[{}]),
        broken(memory={"resolved": []}),
    ],
)
def test_a_broken_baseline_is_an_error_and_never_ignored(baseline: Any) -> None:
    with pytest.raises(ValueError, match=r"^baseline "):
        build_report([], 0, baseline=baseline, meta={"generated_at": DAYS[0]})
