# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One record: its state, its name, and the declared and the actual value of each field."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.vbaws.appliance.tests.unit.support import drift_examples as examples
from ansible_collections.vbaws.appliance.tests.unit.support.drift_examples import (
    Record,
    different,
    entry,
    planned,
    result,
)
from ansible_collections.vbaws.appliance.tests.unit.support.drift_reports import report


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


@pytest.mark.parametrize("actual", ["North", ["North"], {"name": "North"}])
def test_scopes_of_an_unexpected_form_are_shown_as_they_are(actual: Any) -> None:
    declared = [{"name": "North", "organizational_units": ["/North"]}]
    fields = report(entry("a", result(different("x", ("limited_scopes", actual, declared)))))["records"][0]["fields"]
    assert [(field["field"], field["declared"]) for field in fields] == [
        ("limited_scopes", ["name: North, organizational_units: [/North]"])
    ]
    assert "North" in str(fields[0]["actual"])
