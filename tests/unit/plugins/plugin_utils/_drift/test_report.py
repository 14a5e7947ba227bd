# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From entries to a report: every state, and every way to a report that is green although something failed."""

from __future__ import annotations

import copy
import datetime
import json
import random
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.vbaws.appliance.plugins.plugin_utils._drift.report import build_report
from ansible_collections.vbaws.appliance.plugins.plugin_utils._drift.words import STATES, impact_text
from ansible_collections.vbaws.appliance.tests.unit.support import drift_examples as examples
from ansible_collections.vbaws.appliance.tests.unit.support.drift_examples import (
    META,
    Record,
    different,
    entry,
    failed,
    organization,
    planned,
    result,
    unread,
)
from jsonschema import Draft202012Validator

SCHEMA = json.loads((Path(__file__).parents[5] / "docs/drift/drift-report-1.schema.json").read_text())


def report(*entries: Record, expected: int | None = None, **more: Any) -> Record:
    """A report that conforms to the published schema."""
    found = build_report(list(entries), len(entries) if expected is None else expected, **{"meta": META, **more})
    Draft202012Validator(SCHEMA).validate(found)
    return found


def states(found: Record) -> dict[str, str]:
    return {record["organization"] or f"({record['reason']})": record["state"] for record in found["records"]}


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


def test_declared_and_actual_of_each_field() -> None:
    records = {record["organization"]: record for record in report(*examples.fleet())["records"]}
    sides = {
        name: {field["field"]: (field["declared"], field["actual"]) for field in records[name]["fields"]}
        for name in ("subsidiary", "acquired", "sold", "by hand")
    }
    units = "limited_scopes.North.organizational_units"
    assert sides["subsidiary"] == {
        "description": ("Shops only", "changed by hand"),
        units: (["/Shops/North"], ["/Lab", "/Shops/North"]),
    }
    assert sides["acquired"] == {
        "name": ("acquired", None),
        "scope": ("limited", None),
        "limited_scopes.All.organizational_units": (["/A", "/B"], None),
    }
    assert sides["sold"]["state"] == ("absent", "present")
    assert sides["sold"]["description"] == (None, "Until spring")
    assert sides["by hand"]["limited_scopes.Some.organizational_units"] == (None, ["ou-ab12-11111111"])


def test_all_in_sync() -> None:
    found = report(*examples.in_sync())
    assert (found["outcome"], found["headline"]) == ("in_sync", "In sync: 4 organizations as declared")
    assert {record["state"] for record in found["records"]} == {"in_sync"}


@pytest.mark.parametrize(
    "broken",
    [
        unread("b"),
        unread("b", "not_declared", "declare_organizations is not defined."),
        unread("b", "timeout", "No answer."),
        entry("b"),
        entry("b", error="text instead of a dictionary"),
        entry("b", error={"reason": None, "msg": None}),
        entry("b", {}),
        entry("b", {"skipped": True, "changed": False}),
        entry("b", {**result(), "skipped": True}),
        entry("b", {"unreachable": True, "msg": "Failed to connect"}),
        entry("b", {"failed": True}),
        entry("b", result(plan_id=None)),
        entry("b", "text"),
        entry("b", result(planned("production"), plan_id=None)),
        entry("b", {**result(), "unmanaged": None}),
        entry("b", result(organizations=None)),
        entry("b", result(organizations=["production"])),
        entry("b", result(changed="no")),
        entry("b", result(planned("production"), changed=True)),
        entry("b", result(planned("production"), failed=True, msg="It failed at last.")),
        entry("b", result(planned("production", None, None))),
        entry("b", result(planned("production", "in_sync", None))),
        entry("b", result(planned("production", "fine"))),
        entry("b", result(planned("production", outcome="failed"))),
        entry("b", result(planned("production", outcome="refused"))),
        entry("b", result(failed("production", "role_invalid", "The role is not valid."))),
        entry("b", result(failed("production", "over_limit", "Too many.", status="in_sync", action="none"))),
        entry("b", result(), structure=[{"organization": "production", "changes": None}]),
        entry("b", result(), structure="changed"),
        entry("b", result(), coverage={"uncovered": None, "unused": []}),
        entry("b", result(), coverage=[]),
    ],
)
def test_what_failed_is_an_error_and_never_in_sync(broken: Record) -> None:
    found = report(*examples.in_sync(1), broken)
    errors = [record for record in found["records"] if record["appliance"] == "b"]
    assert [record["state"] for record in errors if record["state"] != "in_sync"] == ["error"]
    assert all(record["message"] and record["reason"] for record in errors if record["state"] == "error")
    assert found["outcome"] in ("partial", "error")
    assert found["counts"]["error"] == 1


@pytest.mark.parametrize(
    "doubtful",
    [
        planned("production", "in_sync", "update"),
        different("production", ("description", "a", "b"), status="in_sync", action="none"),
        planned("production", unverified=["description"]),
    ],
)
def test_a_doubt_is_unknown(doubtful: Record) -> None:
    found = report(entry("a", result(doubtful)))
    assert (found["records"][0]["state"], found["outcome"]) == ("unknown", "unknown")


def test_an_appliance_that_failed_says_so_once() -> None:
    records = [failed(f"organization-{number}", "unreachable", "No connection.") for number in range(50)]
    found = report(entry("a", result(*records)))
    assert [(record["kind"], record["message"]) for record in found["records"]] == [("appliance", "No connection.")]
    assert (found["outcome"], found["read"]) == ("partial", 0)


def test_the_reason_of_a_task_that_reached_nobody_is_unreachable() -> None:
    found = report(entry("a", {"unreachable": True, "msg": "Failed to connect"}))
    assert [(record["reason"], record["message"]) for record in found["records"]] == [
        ("unreachable", "Failed to connect")
    ]


def test_an_error_that_is_explained_is_said_once() -> None:
    error = {"reason": "dropped_out", "msg": "It dropped out."}
    for found in ({}, {"failed": True, "msg": "x"}):
        assert states(report(entry("a", found, error=error))) == {"(dropped_out)": "error"}


def test_what_was_read_before_an_error_is_shown_as_well() -> None:
    found = report(entry("a", result(planned("production")), error={"reason": "dropped_out", "msg": "It dropped out."}))
    assert states(found) == {"production": "in_sync", "(dropped_out)": "error"}
    assert (found["outcome"], found["read"]) == ("partial", 0)


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


def test_an_organization_that_is_declared_by_its_id_has_the_name_that_was_found() -> None:
    found = examples.organization("acquired", "o-acqd000001")
    gone = examples.planned(
        "o-acqd000001", "unwanted", "remove", aws_organization_id="o-acqd000001", organization=found
    )
    unnamed = examples.planned("o-prod000001", "missing", "create", aws_organization_id="o-prod000001")
    renamed = examples.different(
        "europe", ("name", "production", "europe"), organization=examples.organization("production", "o-euro000001")
    )
    records = report(entry("north", result(gone, unnamed, renamed)))["records"]
    assert [record["organization"] for record in records] == ["acquired", "europe", "o-prod000001"]


def test_an_organization_that_prune_removes_is_unmanaged_once() -> None:
    registered = organization("by hand", "o-hand000001")
    removal = planned("by hand", "unmanaged", "remove", declared=False, organization=registered)
    removal |= {"id": registered["id"], "aws_organization_id": "o-hand000001"}
    found = report(entry("a", result(removal, unmanaged=(registered,))))
    assert [(record["state"], record["action"]) for record in found["records"]] == [("unmanaged", "remove")]


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


def test_values_of_any_kind_become_text() -> None:
    changes = (("a", 1, True), ("b", {"y": 2, "x": None}, [3, {"z": []}]), ("c", "\ud800", datetime.date(2026, 1, 2)))
    fields = report(entry("a", result(different("production", *changes))))["records"][0]["fields"]
    assert {field["field"]: (field["declared"], field["actual"]) for field in fields} == {
        "a": ("true", "1"),
        "b": (["3", "z: []"], "x: null, y: 2"),
        "c": ("2026-01-02", "?"),
    }


def test_impact_findings_and_aws_are_carried() -> None:
    found = report(*examples.fleet())
    records = {record["organization"]: record for record in found["records"]}
    assert [account["name"] for account in records["subsidiary"]["impact"]["lost"]] == ["lab-1", "lab-2"]
    assert records["acquired"]["findings"][0]["severity"] == "warning"
    assert found["structure"][0]["moved"][0]["former_path"] == "/Lab/till"
    assert found["uncovered"][0]["accounts"][0]["aws_id"] == "333333333333"
    assert found["unused"] == [{"appliance": "north", "organization": "production"}]


@pytest.mark.parametrize(
    ("impact", "said"),
    [
        ({"known": False, "accounts_gained": None, "accounts_lost": None}, "It is not known how many accounts"),
        ({"known": True, "accounts_gained": 1, "accounts_lost": 1200}, "gains 1 account and loses 1,200 accounts."),
        ({"known": True, "accounts_gained": 0, "accounts_lost": 0}, None),
        (None, None),
    ],
)
def test_an_impact_that_is_not_known_is_said(impact: Record | None, said: str | None) -> None:
    text = impact_text(
        report(entry("a", result(different("x", ("scope", "a", "b"), impact=impact))))["records"][0]["impact"]
    )
    assert text is None if said is None else said in str(text)


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
