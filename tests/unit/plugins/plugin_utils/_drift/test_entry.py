# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One appliance: whether it was read, its records, and every way in which a failure is an error and never in sync."""

from __future__ import annotations

import pytest
from ansible_collections.vbaws.appliance.tests.unit.support import drift_examples as examples
from ansible_collections.vbaws.appliance.tests.unit.support.drift_examples import (
    Record,
    entry,
    failed,
    organization,
    planned,
    result,
    unread,
)
from ansible_collections.vbaws.appliance.tests.unit.support.drift_reports import report, states


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


HIDDEN = "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"
"""What Ansible shows in place of a value that is a secret; of a longer text it replaces a part by asterisks."""


@pytest.mark.parametrize(
    "masked",
    [
        planned("web********", id="w", aws_organization_id="o-web0000000"),
        planned("webshop", aws_organization_id="o-web0000000", organization={"config": {"description": "a ********"}}),
        planned("webshop", aws_organization_id="o-web0000000", preflight=[{"message": HIDDEN}]),
        planned(HIDDEN, "different", "update", aws_organization_id="o-web0000000"),
    ],
)
def test_an_organization_in_which_ansible_hid_a_secret_is_an_error(masked: Record) -> None:
    found = report(entry("a", result(planned("production"), masked)))
    (error,) = (record for record in found["records"] if record["state"] == "error")
    assert (error["reason"], error["organization"] in ("webshop", "o-web0000000")) == ("masked", True)
    assert "a secret of the task" in error["message"]
    assert (found["outcome"], found["counts"]["in_sync"]) == ("error", 1)
    assert "********" not in str(found)
    assert HIDDEN not in str(found)


def test_an_unmanaged_organization_in_which_ansible_hid_a_secret_is_an_error() -> None:
    found = report(entry("a", result(unmanaged=(organization("web********", "o-web0000000"),))))
    assert states(found) == {"o-web0000000": "error"}


@pytest.mark.parametrize(
    "masked",
    [
        entry("a", result(plan_id=f"2c********-{HIDDEN}")),
        entry("a", result(), structure=[{"organization": "web********", "changes": {}}]),
        entry("a", result(), coverage={"uncovered": [], "unused": ["web********"]}),
    ],
)
def test_other_data_in_which_ansible_hid_a_secret_is_an_error_of_the_appliance(masked: Record) -> None:
    found = report(masked)
    assert states(found) == {"(masked)": "error"}
    assert "********" not in str(found)


def test_a_message_may_be_redacted() -> None:
    found = report(entry("a", result(failed("production", "auth", "The password ******** was refused."))))
    assert [record["reason"] for record in found["records"]] == ["auth"]


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


def test_an_organization_that_prune_removes_is_unmanaged_once() -> None:
    registered = organization("by hand", "o-hand000001")
    removal = planned("by hand", "unmanaged", "remove", declared=False, organization=registered)
    removal |= {"id": registered["id"], "aws_organization_id": "o-hand000001"}
    found = report(entry("a", result(removal, unmanaged=(registered,))))
    assert [(record["state"], record["action"]) for record in found["records"]] == [("unmanaged", "remove")]


def test_impact_findings_and_aws_are_carried() -> None:
    found = report(*examples.fleet())
    records = {record["organization"]: record for record in found["records"]}
    assert [account["name"] for account in records["subsidiary"]["impact"]["lost"]] == ["lab-1", "lab-2"]
    assert records["acquired"]["findings"][0]["severity"] == "warning"
    assert found["structure"][0]["moved"][0]["former_path"] == "/Lab/till"
    assert found["uncovered"][0]["accounts"][0]["aws_id"] == "333333333333"
    assert found["unused"] == [{"appliance": "north", "organization": "production"}]
