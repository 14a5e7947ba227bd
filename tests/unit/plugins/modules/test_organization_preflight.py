# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The appliance's checks on their own: which calls they make, and what they say."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.vbaws.appliance.plugins.module_utils._module.options import CONNECTION, WAITING
from ansible_collections.vbaws.appliance.plugins.modules.organization_preflight import PREFLIGHT, preflight_task
from ansible_collections.vbaws.appliance.tests.simulator.state import edits
from ansible_collections.vbaws.appliance.tests.simulator.state.sessions import FAILED, SUCCEEDED
from ansible_collections.vbaws.appliance.tests.unit.support.appliance import SimulatedAppliance
from ansible_collections.vbaws.appliance.tests.unit.support.builders import (
    AWS_ID,
    DELEGATE_ID,
    OTHER_AWS_ID,
    PROD,
    fails,
    options_of,
)
from ansible_collections.vbaws.appliance.tests.unit.support.fake_client import BASE

NEW = {"name": "eu", "rescan_iam_role": "subs-rescan", "backup_restore_iam_role_name": "backup", "scope": "entire"}
FOUND = {"contextId": None, "message": "used by the policy Daily", "severity": "Error"}
ALL = ["name", "role", "settings", "configuration", "removal"]


def check(appliance: SimulatedAppliance, *, check_mode: bool = False, **given: Any) -> dict[str, Any]:
    scopes = given.get("limited_scopes")
    if scopes is not None:
        given["limited_scopes"] = [{"former_names": [], **scope} for scope in scopes]
    options = options_of(CONNECTION, WAITING, PREFLIGHT, **given)
    return preflight_task(appliance.task(options, check_mode=check_mode))


def registered(**shape: Any) -> SimulatedAppliance:
    appliance = SimulatedAppliance(**shape)
    appliance.has(appliance.scope("North", PROD))
    return appliance


def paths(appliance: SimulatedAppliance, word: str) -> list[str]:
    return [request.path for request in appliance.requests if word in request.path]


def findings(result: dict[str, Any]) -> list[tuple[str, str]]:
    return [(finding["check"], finding["severity"]) for finding in result["findings"]]


def test_a_new_organization_is_checked_by_name_role_and_settings() -> None:
    appliance = SimulatedAppliance()
    result = check(appliance, **NEW)
    assert (result["ok"], result["findings"], result["not_checked"]) == (True, [], [])
    assert (result["changed"], result["registered"], result["session"]) == (False, False, None)
    (body,) = appliance.sent("POST", f"{BASE}/validateOrganization")
    assert body["create"]["organization"]["name"] == "eu"
    assert appliance.writes() == []


@pytest.mark.parametrize("thin", [None, ()])
def test_what_is_not_declared_of_a_registered_one_is_checked_as_it_is(thin: tuple[str, ...] | None) -> None:
    appliance = registered(list_keys=thin)
    result = check(appliance, name="production")
    assert (result["ok"], result["registered"], result["not_checked"]) == (True, True, [])
    assert paths(appliance, "validateName") == []
    assert len(paths(appliance, "checkOrganizationExists")) == 1
    (body,) = appliance.sent("POST", f"{BASE}/validateOrganization")
    assert body["update"]["organizationId"] == appliance.organizations[0]["id"]
    assert body["update"]["organization"]["backupRestoreIamRoleName"] == "backup"
    assert [scope["includedMembers"] for scope in body["update"]["changedLimitedScopes"]] == [[PROD]]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({**NEW, "rescan_iam_role": "prod-rescan", "checks": ["role"]}, "is registered already, as production ("),
        ({"name": "production", "rescan_iam_role": "subs-rescan", "checks": ["role"]}, "belongs to another AWS"),
        ({**NEW, "name": "prod-rescan", "checks": ["name"]}, "does not accept the name 'prod-rescan'"),
    ],
)
def test_a_conflict_is_a_finding(given: dict[str, Any], message: str) -> None:
    result = check(registered(), **given, fail_on="never")
    assert len(result["findings"]) == 1
    assert message in result["findings"][0]["message"]
    assert not result["ok"]


def test_another_role_of_the_same_organization_is_none() -> None:
    result = check(registered(), name="production", rescan_iam_role=DELEGATE_ID, checks=["role"])
    assert result["findings"] == []


@pytest.mark.parametrize(
    ("severity", "fail_on", "ok", "failed"),
    [
        ("Error", "error", False, True),
        ("Error", "never", False, False),
        ("Warning", "error", True, False),
        ("Warning", "warning", True, True),
        (None, "error", False, True),
    ],
)
def test_findings_fail_from_the_severity_that_is_asked_for(
    severity: str | None, fail_on: str, ok: bool, failed: bool
) -> None:
    appliance = registered()
    finding = {"message": "unit is gone", "severity": severity}
    appliance.fault("answer", "POST", f"{BASE}/validateOrganization", body=[finding])
    given = {"name": "production", "checks": ["settings"], "fail_on": fail_on}
    if failed:
        with fails("invalid", "The checks for the AWS Organization 'production' found: unit is gone") as caught:
            check(appliance, **given)
        result = caught.raised.result
    else:
        result = check(appliance, **given)
    assert result["ok"] is ok
    assert findings(result) == [("settings", "warning" if severity == "Warning" else "error")]


def test_findings_that_do_not_fail_are_one_warning() -> None:
    appliance = registered()
    found = [{"message": f"The unit {number} is gone.", "severity": "Warning"} for number in range(9)]
    appliance.fault("answer", "POST", f"{BASE}/validateOrganization", body=[{"message": "Odd."}, *found])
    result = check(appliance, name="production", checks=["settings"], fail_on="never")
    assert len(result["findings"]) == 10
    (warning,) = appliance.warnings
    assert warning == (
        "The appliance's checks found 1 error and 9 warnings for the AWS Organization 'production'. Ignored because of "
        "fail_on=never: Odd. Warnings: The unit 0, 1, 2 and 6 more is gone."
    )


def test_findings_that_fail_are_grouped_and_not_shown_twice() -> None:
    appliance = registered()
    found = [{"message": f"The unit {number} is gone.", "severity": "Error"} for number in range(9)]
    appliance.fault("answer", "POST", f"{BASE}/validateOrganization", body=found)
    with fails("invalid", "found: The unit 0, 1, 2 and 6 more is gone."):
        check(appliance, name="production", checks=["settings"])
    assert appliance.warnings == []


# The configuration


def test_the_log_of_a_test_that_found_nothing_is_the_result_too() -> None:
    appliance = registered()
    appliance.ends(SUCCEEDED, log=[("Success", "tried")])
    result = check(appliance, name="production", checks=["configuration"])
    assert result["session"]["state"] == "succeeded"
    (step,) = result["session"]["log"]
    assert (step["message"], step["status"]) == ("tried", "Success")
    assert appliance.sent("POST", f"{BASE}/validateOrganization") == []


def test_a_test_that_fails_is_a_finding() -> None:
    appliance = registered()
    appliance.ends(FAILED, "no permission")
    result = check(appliance, name="production", checks=["configuration"], fail_on="never")
    assert result["findings"] == [{"check": "configuration", "severity": "error", "message": "no permission"}]


def test_a_test_that_is_not_waited_for_claims_nothing() -> None:
    appliance = registered()
    appliance.state.settings.session_seconds = 60
    result = check(appliance, name="production", checks=["configuration"], wait=False)
    assert list(result["session"]) == ["id"]
    assert "wait is false" in result["not_checked"][0]
    assert paths(appliance, "/sessions/") == []


def test_a_new_organization_is_tested_with_the_session_of_a_rescan_in_memory() -> None:
    appliance = SimulatedAppliance()
    given = {**NEW, "rescan_iam_role": "prod-rescan", "scope": "limited"}
    check(appliance, **given, limited_scopes=[{"name": "A", "organizational_units": ["/Workloads"]}], checks=ALL)
    (body,) = appliance.sent("POST", f"{BASE}/testConfiguration")
    assert body["rescanSessionId"] in appliance.sessions
    assert appliance.sent("POST", f"{BASE}/rescan")[0]["rescanStorageType"] == "InMemory"


# Removals


def test_one_removal_is_checked_by_its_own_call() -> None:
    appliance = registered()
    edits.use(appliance.state, {"organization": "production", "policy": "Daily"})
    with fails("in_use", 'used by the backup policy "Daily"', "fail_on: never"):
        check(appliance, aws_organization_id=AWS_ID, checks=["removal"])
    assert len(paths(appliance, "/validateDelete")) == 1
    assert appliance.sent("POST", f"{BASE}/validateDelete") == []


def test_several_removals_are_checked_in_one_call() -> None:
    appliance = registered(list_keys=())
    other = appliance.has(name="eu", aws_organization_id=OTHER_AWS_ID)
    first = appliance.organizations[0]["id"]
    result = check(appliance, remove=["production", OTHER_AWS_ID, first.upper()], checks=["removal"])
    assert appliance.sent("POST", f"{BASE}/validateDelete") == [{"items": [first, other]}]
    assert result["ok"]


def test_each_finding_of_several_removals_says_which_one_it_is_about() -> None:
    appliance = registered(list_keys=())
    appliance.has(name="eu", aws_organization_id=OTHER_AWS_ID)
    first = appliance.organizations[0]["id"]
    found = [{**FOUND, "contextId": about} for about in (first.upper(), "of a policy", None)]
    appliance.fault("answer", "POST", f"{BASE}/validateDelete", body={"results": found})
    result = check(appliance, remove=["production", "eu"], checks=["removal"], fail_on="never")
    assert [finding["organization"] for finding in result["findings"]] == [first, None, None]


def test_the_same_one_twice_is_one() -> None:
    appliance = registered()
    check(appliance, remove=["production", AWS_ID], checks=["removal"])
    assert appliance.sent("POST", f"{BASE}/validateDelete") == []
    assert len(paths(appliance, "/validateDelete")) == 1


def test_nothing_is_claimed_of_the_removal_of_what_is_not_there() -> None:
    result = check(SimulatedAppliance(), name="production", checks=["removal"])
    assert (result["findings"], result["not_checked"]) == ([], ["the removal: the organization is not registered"])


# Check mode


def test_check_mode_reads_and_says_what_it_left_out() -> None:
    appliance = SimulatedAppliance()
    scopes = [{"name": "A", "organizational_units": ["/Workloads"]}]
    given = {**NEW, "rescan_iam_role": "prod-rescan", "scope": "limited", "limited_scopes": scopes, "checks": ALL}
    result = check(appliance, check_mode=True, **given)
    assert appliance.sessions == []
    assert len(paths(appliance, "checkOrganizationExists")) == 1
    left_out = " ".join(result["not_checked"])
    assert all(words in left_out for words in ("rescan in memory", "settings and configuration", "removal"))


def test_check_mode_starts_sessions_where_it_may() -> None:
    appliance = registered()
    given: dict[str, Any] = {"name": "production", "checks": ["settings", "configuration"]}
    held = check(appliance, check_mode=True, **given)
    assert ("check_mode_sessions" in held["not_checked"][0], held["session"]) == (True, None)
    assert appliance.sessions == []
    allowed = check(appliance, check_mode=True, check_mode_sessions=True, **given)
    assert (allowed["not_checked"], allowed["session"]["state"]) == ([], "succeeded")


def test_a_role_that_does_not_exist_is_a_warning_in_check_mode_only() -> None:
    appliance = SimulatedAppliance()
    result = check(appliance, check_mode=True, **{**NEW, "rescan_iam_role": "tomorrow"})
    assert "Outside of check mode this is an error" in appliance.warnings[0]
    assert len(result["not_checked"]) == 2
    with fails("not_found", "tomorrow"):
        check(appliance, **{**NEW, "rescan_iam_role": "tomorrow"})


# What makes no sense


@pytest.mark.parametrize(
    ("given", "reason", "words"),
    [
        ({"remove": ["production"]}, "invalid", ["check of a removal is not asked for"]),
        ({"remove": ["production"], "checks": ["removal", "role"]}, "invalid", ["checks role need an organization"]),
        ({"remove": ["Production"], "checks": ["removal"]}, "not_found", ["'Production'", "Did you mean 'production'"]),
        ({"name": "eu"}, "invalid", ["it takes rescan_iam_role, backup_restore_iam_role_name, scope"]),
        ({"name": "production", "rescan_iam_role": "gone"}, "not_found", ["'gone'"]),
    ],
)
def test_what_cannot_be_checked_is_refused(given: dict[str, Any], reason: str, words: list[str]) -> None:
    with fails(reason, *words):
        check(registered(), **given)
