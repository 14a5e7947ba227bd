# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From entries to a report: its states, its outcome, and its arguments."""

from __future__ import annotations

import copy
import random

import pytest
from ansible_collections.vbaws.appliance.plugins.plugin_utils._drift.report import build_report
from ansible_collections.vbaws.appliance.plugins.plugin_utils._drift.words import STATES
from ansible_collections.vbaws.appliance.tests.unit.support import drift_examples as examples
from ansible_collections.vbaws.appliance.tests.unit.support.drift_examples import (
    META,
    Record,
    different,
    entry,
    planned,
    result,
    unread,
)
from ansible_collections.vbaws.appliance.tests.unit.support.drift_reports import report, states


def test_every_state_of_a_fleet() -> None:
    found = report(*examples.fleet())
    assert states(found) == {
        "acquired": "missing",
        "by hand": "unmanaged",
        "mistaken": "error",
        "production": "in_sync",
        "sold": "unwanted",
        "subsidiary": "different",
        "veiled": "unknown",
        examples.EVIL: "different",
        "(unreachable)": "error",
    }
    counts = {"error": 2, "missing": 1, "different": 2, "unwanted": 1, "unmanaged": 1, "unknown": 1, "in_sync": 2}
    assert found["counts"] == {**counts, "accepted": 0}
    assert (found["outcome"], found["read"], found["expected"]) == ("partial", 2, 3)
    assert found["headline"] == "Incomplete: 2 errors, 5 organizations not as declared and 1 unknown"
    assert [item["read"] for item in found["appliances"]] == [True, True, False]
    assert sum(item["counts"]["different"] for item in found["appliances"]) == 2


def test_all_in_sync() -> None:
    found = report(*examples.in_sync())
    assert (found["outcome"], found["headline"]) == ("in_sync", "In sync: 4 organizations as declared")
    assert {record["state"] for record in found["records"]} == {"in_sync"}


def test_two_hosts_on_one_target_are_both_errors() -> None:
    twins = [entry(name, result(planned("production")), target="Backup.example.com:11005") for name in "ab"]
    twins[1]["target"] = "backup.example.com:11005"
    found = report(*twins)
    assert [record["reason"] for record in found["records"] if record["state"] == "error"] == ["same_target"] * 2
    assert (found["outcome"], found["read"]) == ("partial", 0)


def test_fewer_appliances_than_expected_is_partial_even_if_all_is_in_sync() -> None:
    found = report(*examples.in_sync(2), expected=3)
    assert (found["outcome"], found["headline"]) == ("partial", "Incomplete: no drift in what was read")


def test_nothing_to_read_is_not_in_sync() -> None:
    assert report(expected=0)["outcome"] == "error"


@pytest.mark.parametrize("state", [state for state in STATES if state not in ("error", "in_sync", "unknown")])
def test_any_drift_is_drift(state: str) -> None:
    found = report(entry("a", result(planned("production", state, "none"))))
    assert (found["outcome"], found["counts"][state]) == ("drift", 1)


def test_the_same_state_gives_the_same_report_but_for_the_times() -> None:
    entries = examples.fleet()
    other = copy.deepcopy(entries)
    random.Random(7).shuffle(other)
    for item in other:
        for name in ("organizations", "unmanaged"):
            random.Random(8).shuffle((item["result"] or {}).get(name, []))
    first, second = report(*entries), report(*other, meta={**META, "generated_at": "2027-01-01T00:00:00Z"})
    assert first != second
    del first["meta"], second["meta"]
    assert first == second


def test_keys_and_anchors_are_unique_where_names_are_not() -> None:
    twins = [different("a/b", ("description", text, None)) for text in "xyz"]
    records = report(entry("a", result(*twins)), entry("a/a", result(planned("b"))))["records"]
    assert len({record["key"] for record in records}) == len({record["anchor"] for record in records}) == 4


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"entries": "text"}, "list of dictionaries"),
        ({"entries": [{"result": {}}]}, "name of an appliance"),
        ({"entries": [unread("a"), unread("a")]}, "occur once"),
        ({"expected": "3"}, "expected must be"),
        ({"expected": True}, "expected must be"),
        ({"expected": -1}, "expected must be"),
        ({"meta": None}, "meta.generated_at"),
        ({"meta": {"generated_at": "2026-01-31"}}, "meta.generated_at"),
        ({"meta": {**META, "first_seen": "x"}}, "first_seen"),
        ({"meta": {**META, "run": 7}}, "run"),
    ],
)
def test_wrong_arguments_are_refused(wrong: Record, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        build_report(**{"entries": [], "expected": 0, "meta": META, **wrong})
