# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""History: what is new, known and resolved since an earlier report, and what was not read again."""

from __future__ import annotations

import json

import pytest
from ansible_collections.vbaws.appliance.plugins.plugin_utils._drift.formats.json import render_json
from ansible_collections.vbaws.appliance.plugins.plugin_utils._drift.report import build_report
from ansible_collections.vbaws.appliance.tests.unit.support.drift_examples import (
    Record,
    different,
    entry,
    failed,
    planned,
    result,
    unread,
)
from ansible_collections.vbaws.appliance.tests.unit.support.drift_reports import DAYS, DRIFT, SYNC, north, report_of_day


def test_without_a_baseline_nothing_is_new() -> None:
    found = report_of_day(0, north(DRIFT))
    assert (found["memory"], found["records"][0]["since"]) == (None, None)
    assert found["meta"]["first_seen"] == {"north/o-1#different": DAYS[0]}


def test_new_known_and_resolved_with_the_time_carried_on() -> None:
    first = report_of_day(0, north(SYNC))
    second = report_of_day(1, north(DRIFT), baseline=first)
    third = report_of_day(2, north(DRIFT), baseline=json.loads(render_json(second)))
    fourth = report_of_day(3, north(SYNC), baseline=third)
    assert [item["records"][0]["since"] for item in (second, third, fourth)] == ["new", "known", None]
    assert third["meta"]["first_seen"] == {"north/o-1#different": DAYS[1]}
    assert third["meta"]["baseline_generated_at"] == DAYS[1]
    assert [record["key"] for record in fourth["memory"]["resolved"]] == ["north/o-1"]
    assert fourth["meta"]["first_seen"] == {}


def test_a_record_is_new_again_when_something_is_added_or_differs_otherwise() -> None:
    first = report_of_day(0, north(DRIFT))
    more = different("production", ("description", "a", "b"), ("scope", "limited", "entire"), aws_organization_id="o-1")
    other = different("production", ("description", "c", "b"), aws_organization_id="o-1")
    for record, marks in ((more, ["known", "new"]), (other, ["new"])):
        found = report_of_day(1, north(record), baseline=first)
        assert found["records"][0]["since"] == "new"
        assert [field["since"] for field in found["records"][0]["fields"]] == marks
        assert found["meta"]["first_seen"] == {"north/o-1#different": DAYS[0]}


@pytest.mark.parametrize(
    "now",
    [
        [unread("north")],
        [entry("north", result(failed("production", "not_found", "No role.")))],
        [entry("north", result(failed("production", "not_found", "No role.", aws_organization_id="o-1")))],
    ],
)
def test_what_cannot_be_read_is_not_resolved_and_is_known_when_it_is_back(now: list[Record]) -> None:
    first = report_of_day(0, north(DRIFT))
    second = report_of_day(1, *now, baseline=first)
    assert second["memory"]["resolved"] == []
    assert [record["key"] for record in second["memory"]["not_read"]] == ["north/o-1"]
    third = report_of_day(2, *now, baseline=second)
    assert [record["key"] for record in third["memory"]["not_read"]] == ["north/o-1"]
    fourth = report_of_day(3, north(DRIFT), baseline=third)
    assert fourth["records"][0]["since"] == "known"
    assert fourth["meta"]["first_seen"]["north/o-1#different"] == DAYS[0]


def test_an_appliance_that_is_not_in_the_report_is_resolved_only_if_none_is_lacking() -> None:
    first = report_of_day(0, north(DRIFT), entry("south", result()))
    limited = report_of_day(1, entry("south", result()), baseline=first, expected=2)
    assert (len(limited["memory"]["not_read"]), limited["memory"]["resolved"]) == (1, [])
    retired = report_of_day(1, entry("south", result()), baseline=first, expected=1)
    assert (retired["memory"]["not_read"], len(retired["memory"]["resolved"])) == ([], 1)


def test_a_changed_state_is_neither_resolved_nor_known() -> None:
    first = report_of_day(0, north(planned("production", "missing", "create")))
    found = report_of_day(1, north(different("production", ("description", "a", "b"))), baseline=first)
    assert (found["memory"]["resolved"], found["memory"]["not_read"]) == ([], [])
    assert found["records"][0]["since"] == "new"
    assert found["meta"]["first_seen"] == {"north/production#different": DAYS[1]}


def test_a_failed_organization_is_known_by_its_name_where_its_aws_id_is_not() -> None:
    first = report_of_day(0, north(failed("production", "not_found", "No role.", aws_organization_id="o-1")))
    same = report_of_day(1, north(failed("production", "not_found", "No role.")), baseline=first)
    other = report_of_day(
        1, north(failed("production", "not_found", "No role.", aws_organization_id="o-2")), baseline=first
    )
    assert [item["records"][0]["since"] for item in (same, other)] == ["known", "new"]


def test_an_error_is_known_by_its_reason() -> None:
    first = report_of_day(0, unread("north", "unreachable", "No connection after 30.1 s."))
    same = report_of_day(1, unread("north", "unreachable", "No connection after 30.2 s."), baseline=first)
    other = report_of_day(1, unread("north", "auth", "Refused."), baseline=first)
    assert [item["records"][0]["since"] for item in (same, other)] == ["known", "new"]


def test_accepting_does_not_make_a_drift_new() -> None:
    first = report_of_day(0, north(DRIFT))
    rule = [{"appliance": "north", "reason": "x"}]
    meta = {"generated_at": DAYS[1]}
    second = build_report([north(DRIFT)], 1, baseline=first, accepted=rule, meta=meta)
    third = report_of_day(2, north(DRIFT), baseline=second)
    assert [item["records"][0]["since"] for item in (second, third)] == ["known", "known"]
