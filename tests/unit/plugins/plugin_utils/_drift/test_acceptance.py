# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Accepted drift: not counted until its rule expires, and never an error. The snippet that accepts it."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from ansible_collections.vbaws.appliance.plugins.plugin_utils._drift.acceptance import yaml_text
from ansible_collections.vbaws.appliance.plugins.plugin_utils._drift.report import build_report
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
from ansible_collections.vbaws.appliance.tests.unit.support.drift_reports import fleet_records
from hypothesis import given
from hypothesis import strategies as st

TWO = different("production", ("description", "a", "b"), ("scope", "limited", "entire"), aws_organization_id="o-1")
WHY = {"reason": "Next release"}


def report(*rules: Any, entries: list[Record] | None = None, expected: int = 1) -> Record:
    return build_report(entries or [entry("north", result(TWO))], expected, accepted=list(rules), meta=META)


@pytest.mark.parametrize(
    "rule",
    [
        {"appliance": "north"},
        {"organization": "production"},
        {"organization": "o-1"},
        {"appliance": "north", "organization": "production", "state": "different", "until": "2026-03-02"},
    ],
)
def test_an_accepted_record_is_shown_apart_and_does_not_count(rule: Record) -> None:
    found = report({**rule, **WHY})
    assert (found["outcome"], found["counts"]["accepted"], found["counts"]["different"]) == ("in_sync", 1, 0)
    record = found["records"][0]
    assert record["accepted"] == {"reason": "Next release", "until": rule.get("until")}
    assert record["state"] == "different"
    assert found["headline"] == "In sync: 0 organizations as declared and 1 accepted"
    assert found["acceptances"] == {"expired": [], "stale": []}


@pytest.mark.parametrize(
    "rule",
    [
        {"appliance": "south"},
        {"appliance": "north", "organization": "Production"},
        {"organization": "production", "state": "missing"},
        {"organization": "production", "field": "name"},
    ],
)
def test_a_rule_that_means_something_else_accepts_nothing_and_is_stale(rule: Record) -> None:
    found = report({**rule, **WHY})
    assert (found["outcome"], found["counts"]["different"]) == ("drift", 1)
    assert [{key: value for key, value in stale.items() if value} for stale in found["acceptances"]["stale"]] == [
        {**rule, **WHY}
    ]


def test_a_rule_counts_again_the_day_after_its_last() -> None:
    found = report({"appliance": "north", "until": "2026-03-01", **WHY})
    assert (found["outcome"], found["records"][0]["accepted"]) == ("drift", None)
    assert [rule["until"] for rule in found["acceptances"]["expired"]] == ["2026-03-01"]
    assert found["acceptances"]["stale"] == []


def test_fields_are_accepted_one_by_one() -> None:
    rules = [{"organization": "production", "field": field, **WHY} for field in ("description", "scope")]
    half, whole = report(rules[0]), report(*rules)
    assert [field["accepted"] is None for field in half["records"][0]["fields"]] == [False, True]
    assert (half["outcome"], half["counts"]["different"]) == ("drift", 1)
    assert (whole["outcome"], whole["counts"]["accepted"]) == ("in_sync", 1)


def test_a_field_that_is_not_shown_needs_its_own_rule() -> None:
    veiled = different("production", ("scope", "limited", "entire"), unverified=["description"])
    entries = [entry("north", result(veiled))]
    rules = [{"organization": "production", "field": field, **WHY} for field in ("scope", "description")]
    assert report(rules[0], entries=entries)["outcome"] == "drift"
    assert report(*rules, entries=entries)["outcome"] == "in_sync"


def test_a_field_does_not_accept_an_organization() -> None:
    entries = [entry("north", result(unmanaged=(organization("by hand", "o-2", description="x"),)))]
    found = report({"organization": "o-2", "field": "description", **WHY}, entries=entries)
    assert (found["outcome"], found["counts"]["unmanaged"]) == ("drift", 1)


@pytest.mark.parametrize(
    "entries",
    [[unread("north")], [entry("north", result(failed("production", "not_found", "No role.")))], [entry("north", {})]],
)
def test_an_error_is_never_accepted(entries: list[Record]) -> None:
    found = report({"appliance": "north", **WHY}, {"organization": "production", **WHY}, entries=entries)
    assert found["counts"]["error"] == 1
    assert found["counts"]["accepted"] == 0
    assert found["outcome"] in ("error", "partial")
    assert found["acceptances"]["stale"] == []


def test_a_rule_is_not_stale_where_nobody_could_look() -> None:
    entries = [entry("north", result(planned("production"))), unread("south")]
    rules = [{"appliance": name, **WHY} for name in ("north", "south", "west")] + [{"organization": "o-9", **WHY}]
    found = report(*rules, entries=entries, expected=3)
    assert [rule["appliance"] for rule in found["acceptances"]["stale"]] == ["north"]


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("north", "no dictionary"),
        ({"appliance": "north"}, "needs a reason"),
        ({"appliance": "north", "reason": " "}, "reason must be a text"),
        ({"appliance": None, "reason": "x"}, "appliance must be a text"),
        ({"reason": "x"}, "needs an appliance or an organization"),
        ({"field": "description", "reason": "x"}, "needs an appliance or an organization"),
        ({"appliance": "north", "reason": "x", "untill": "2026-12-31"}, "untill, which is not known"),
        ({"appliance": "north", "reason": "x", "until": "31.12.2026"}, "a day such as"),
        ({"appliance": "north", "reason": "x", "until": "20261231"}, "a day such as"),
        ({"appliance": "north", "reason": "x", "until": "2026-02-30"}, "a day such as"),
        ({"appliance": "north", "reason": "x", "state": "error"}, "what can be accepted"),
        ({"appliance": "north", "reason": "x", "state": "in_sync"}, "what can be accepted"),
        ({"appliance": "north", "reason": "x", "state": "missing", "field": "name"}, "goes with the state"),
    ],
)
def test_a_wrong_rule_is_refused_by_its_number(rule: Any, said: str) -> None:
    with pytest.raises(ValueError, match=f"accepted, item 2.*{said}"):
        report({"appliance": "north", **WHY}, rule)


def test_a_list_is_needed() -> None:
    with pytest.raises(ValueError, match="must be a list"):
        build_report([], 0, accepted={"appliance": "north"}, meta=META)


class Loader(yaml.SafeLoader):
    """Reads !unsafe as Ansible does: as the text itself."""


Loader.add_constructor("!unsafe", lambda loader, node: loader.construct_scalar(node))


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_survives_as_yaml(text: str) -> None:
    assert yaml.load(f"- {yaml_text(text)}", Loader) == [text]  # noqa: S506 - a SafeLoader


def test_a_text_that_looks_like_a_template_is_marked() -> None:
    assert yaml_text("{{ lookup('pipe', 'id') }}").startswith("!unsafe ")


def test_a_snippet_as_it_is_pasted_is_refused_and_once_filled_in_accepts_the_record() -> None:
    found = fleet_records()
    open_drift = {name: record for name, record in found.items() if record["accept"]}
    assert set(open_drift) == {"acquired", "by hand", "sold", "subsidiary", "veiled", examples.EVIL}
    rules: list[Record] = []
    for record in open_drift.values():
        pasted = yaml.load(record["accept"], Loader)  # noqa: S506 - a SafeLoader
        with pytest.raises(ValueError, match="must be a text that is not empty"):
            fleet_records(accepted=pasted)
        rules += [{**rule, "reason": "Agreed", "until": "2026-12-31"} for rule in pasted]
    accepted = fleet_records(accepted=rules)
    assert {name for name, record in accepted.items() if record["accepted"]} == set(open_drift)
