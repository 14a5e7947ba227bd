# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two reports compared: what a change causes, what was there already, and what neither report shows."""

from __future__ import annotations

import pytest
from ansible_collections.vbaws.appliance.plugins.plugin_utils._drift.compare import compare_reports
from ansible_collections.vbaws.appliance.plugins.plugin_utils._drift.report import build_report
from ansible_collections.vbaws.appliance.tests.unit.support.drift_examples import (
    different,
    entry,
    failed,
    planned,
    result,
    unread,
)
from ansible_collections.vbaws.appliance.tests.unit.support.drift_reports import DAYS, DRIFT, SYNC, north, report_of_day


def test_a_change_is_told_from_what_was_there() -> None:
    known, caused, gone = (
        different(name, ("description", "a", "b"), aws_organization_id=f"o-{name}")
        for name in ("known", "caused", "gone")
    )
    before = report_of_day(0, north(known, planned("caused", aws_organization_id="o-caused"), gone))
    fixed = planned("gone", aws_organization_id="o-gone")
    after = report_of_day(1, north(known, caused, fixed, failed("typo", "not_found", "No role.")))
    found = compare_reports(before, after)
    names = {key: [record["organization"] for record in found[key]] for key in ("caused", "already", "resolved")}
    assert names == {"caused": ["caused", "typo"], "already": ["known"], "resolved": ["gone"]}
    assert (found["unclear"], found["not_read"]) == ([], [])
    assert found["after"]["outcome"] == "error"


def test_what_one_of_the_reports_could_not_read_is_not_blamed_on_the_change() -> None:
    before = report_of_day(0, unread("north"), entry("south", result(DRIFT)))
    after = report_of_day(1, north(DRIFT), unread("south"))
    found = compare_reports(before, after)
    assert [record["appliance"] for record in found["unclear"]] == ["north"]
    assert [record["appliance"] for record in found["caused"]] == ["south"]
    assert [record["appliance"] for record in found["not_read"]] == ["south"]
    assert [record["state"] for record in found["resolved"]] == ["error"]


def test_accepted_drift_is_not_compared() -> None:
    rule = [{"appliance": "north", "reason": "x"}]
    sync = build_report([north(SYNC)], 1, meta={"generated_at": DAYS[0]})
    drift = build_report([north(DRIFT)], 1, accepted=rule, meta={"generated_at": DAYS[0]})
    assert (compare_reports(sync, drift)["caused"], compare_reports(drift, sync)["resolved"]) == ([], [])


def test_a_comparison_says_which_report_is_broken() -> None:
    sound = report_of_day(0, north(SYNC))
    with pytest.raises(ValueError, match=r"^The report before "):
        compare_reports({}, sound)
    with pytest.raises(ValueError, match=r"^The report after "):
        compare_reports(sound, {})
