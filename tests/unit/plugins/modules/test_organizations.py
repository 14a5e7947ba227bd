# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is told of many organizations."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.vbaws.appliance.plugins.module_utils._errors import ApplianceError
from ansible_collections.vbaws.appliance.plugins.modules.organizations import (
    failure_of_many,
    require_distinct,
    summarize,
)
from ansible_collections.vbaws.appliance.tests.unit.support.builders import AWS_ID, ORGANIZATION_ID, desired, fails


def record(name: str, action: str | None, outcome: str, gained: int | None = 0, lost: int | None = 0) -> dict[str, Any]:
    impact = None if action in (None, "none") else {"accounts_gained": gained, "accounts_lost": lost}
    return {"name": name, "action": action, "outcome": outcome, "status": "different", "impact": impact}


EVERYTHING = [
    record("a", "create", "done", 3, 0),
    record("b", "update", "done", 1, 2),
    record("c", "rename", "done"),
    record("d", "remove", "done", 0, 5),
    record("e", "none", "done"),
    {**record("f", "none", "done"), "status": "unknown"},
    record("g", "update", "refused", 0, 100),
    record("h", None, "failed"),
    record("i", "remove", "planned", 0, 100),
]


def test_each_organization_is_told_once_and_only_what_was_done_counts() -> None:
    summary = summarize(EVERYTHING, check_mode=False)
    assert summary["text"] == (
        "1 created (a), 1 updated (b), 1 renamed (c), 1 removed (d), 1 unchanged, 1 unknown (f), 1 refused (g), "
        "1 failed (h), 1 untouched (i); accounts gained: 4, lost: 7."
    )
    assert (summary["accounts_gained"], summary["accounts_lost"]) == (4, 7)


def test_check_mode_tells_what_is_to_be_done() -> None:
    summary = summarize([{**one, "outcome": "planned"} for one in EVERYTHING[:4]], check_mode=True)
    assert summary["text"].startswith("1 to create (a), 1 to update (b), 1 to rename (c), 1 to remove (d);")
    assert summary["created"] == ["a"]


def test_what_nobody_can_count_is_not_counted() -> None:
    summary = summarize([EVERYTHING[0], record("x", "create", "done", None, 0)], check_mode=False)
    assert (summary["accounts_gained"], summary["accounts_lost"]) == (None, 0)
    assert "accounts gained: unknown, lost: 0." in summary["text"]


@pytest.mark.parametrize(("records", "text"), [([], "nothing is declared."), ([EVERYTHING[4]], "1 unchanged.")])
def test_nothing_to_tell(records: list[dict[str, Any]], text: str) -> None:
    assert summarize(records, check_mode=False)["text"] == text


def test_the_line_stays_a_line() -> None:
    summary = summarize([record(f"organization {number}", "update", "done") for number in range(50)], check_mode=False)
    assert len(summary["updated"]) == 50
    assert summary["text"].startswith("50 updated (organization 0, ")
    assert "organization 9 and more)" in summary["text"]


def test_a_failure_of_many_tells_each_cause_once() -> None:
    same, other = ApplianceError("It is down", reason="unreachable"), ApplianceError("No such role", reason="not_found")
    error = failure_of_many([("a", same), ("b", same), ("c", other)], 5, ["d"], ["e (1)"])
    assert error.reason == "several"
    assert error.message == (
        "3 of 5 AWS Organizations failed. a, b: It is down. c: No such role. Untouched: d. Prune removed nothing "
        "(e (1)), since not everything that is declared could be planned."
    )
    assert failure_of_many([("a", same)], 1, [], []).reason == "unreachable"


def test_a_cause_that_names_its_organization_is_the_same_for_another_one() -> None:
    def failing(name: str, shown: str) -> tuple[str, ApplianceError]:
        return name, ApplianceError(f"The AWS Organization {shown} is not there. The name {name!r} is free", "invalid")

    one, two, other = failing("a", "'a'"), failing("b", f"b ({ORGANIZATION_ID})"), failing("c", "'a'")
    message = failure_of_many([one, two, other], 3, [], []).message
    assert message == (
        "3 of 3 AWS Organizations failed. a, b: The AWS Organization is not there. The name is free. "
        "c: The AWS Organization 'a' is not there. The name 'c' is free."
    )
    longer = ("a", ApplianceError("The AWS Organization acquired is not there", "invalid"))
    assert "a: The AWS Organization acquired" in failure_of_many([longer, longer], 2, [], []).message


def test_of_very_many_causes_the_message_tells_the_first_ones_and_names_all_that_failed() -> None:
    failed = [(f"n{number}", ApplianceError(f"Cause {number}", reason="conflict")) for number in range(60)]
    message = failure_of_many(failed, 60, [], []).message
    assert message.count("Cause") == 10
    assert message.endswith(
        f"n9: Cause 9. {', '.join(f'n{n}' for n in range(10, 60))}: see the msg of each in organizations."
    )


@pytest.mark.parametrize(
    "same",
    [{"name": "x"}, {"aws_organization_id": AWS_ID}, {"id": ORGANIZATION_ID}, {"rescan_iam_role": "role"}],
)
def test_two_that_name_the_same_are_an_error(same: dict[str, Any]) -> None:
    others = [{"name": "a"}, {"name": "b"}] if "name" not in same else [{}, {}]
    (option,) = same
    with fails("invalid", f"number 1 and 3 of the list have the same {option}"):
        require_distinct([desired(**others[0], **same), desired(name="c"), desired(**others[1], **same)])


def test_a_name_that_is_removed_and_added_is_an_error_too() -> None:
    with fails("invalid", "have the same name: x"):
        require_distinct([desired(name="x", state="absent"), desired(name="x")])


def test_the_role_of_one_that_is_to_be_absent_does_not_count() -> None:
    require_distinct(
        [desired(name="a", state="absent", rescan_iam_role="role"), desired(name="b", rescan_iam_role="role")]
    )
