# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The appliance's checks as findings, and which of them refuse."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.vbaws.appliance.plugins.module_utils._appliance.appliance import Appliance
from ansible_collections.vbaws.appliance.plugins.module_utils._appliance.checks import (
    Finding,
    check_configuration,
    check_name,
    check_removal,
    check_role,
    check_settings,
    describe,
    refuse,
)
from ansible_collections.vbaws.appliance.tests.unit.support.builders import (
    ORGANIZATION_ID,
    ROLE_ID,
    SESSION_ID,
    fails,
    organization_options,
)
from ansible_collections.vbaws.appliance.tests.unit.support.fake_client import BASE, FakeClient, refused


def found(findings: Any) -> list[tuple[str, str]]:
    return [(finding.check, finding.severity) for finding in findings]


# The role: check_adding


def test_a_valid_role_has_no_findings_and_tells_the_organization_it_belongs_to() -> None:
    client = FakeClient({"isRescanIamRoleValid": True, "conflictingOrganizationId": ORGANIZATION_ID.upper()})
    check = check_role(client.api(), ROLE_ID, "prod-rescan")
    assert (check.findings, check.added_as) == ((), ORGANIZATION_ID)


def test_a_role_that_cannot_read_the_organization_is_an_error() -> None:
    client = FakeClient({"isRescanIamRoleValid": False, "conflictingOrganizationId": None})
    check = check_role(client.api(), ROLE_ID, "plain-backup")
    assert found(check.findings) == [("role", "error")]
    assert "plain-backup cannot be used" in check.findings[0].message
    assert check.added_as is None


def test_a_role_that_the_appliance_does_not_know_is_a_finding_too() -> None:
    client = FakeClient(refused(404, "no such role"))
    check = check_role(client.api(), ROLE_ID, "gone")
    assert found(check.findings) == [("role", "error")]
    assert "no IAM role gone: " in check.findings[0].message
    assert "no such role" in check.findings[0].message


# The name: validate_name


@pytest.mark.parametrize(
    ("valid", "unique", "words"),
    [
        (True, True, []),
        (False, True, ["does not accept"]),
        (True, False, ["is taken"]),
        (False, False, ["does not accept", "is taken"]),
    ],
)
def test_a_name_may_be_invalid_or_taken(valid: bool, unique: bool, words: list[str]) -> None:
    client = FakeClient({"isValid": valid, "isUnique": unique})
    findings = check_name(client.api(), "eu")
    assert found(findings) == [("name", "error")] * len(words)
    assert all(word in finding.message for word, finding in zip(words, findings, strict=True))
    assert client.requests[0].json == {"organizationName": "eu"}


# Settings and removal: validate_settings and validate_removal


@pytest.mark.parametrize(
    ("item", "severity", "message"),
    [
        ({"severity": "Error", "message": "m"}, "error", "m"),
        ({"severity": "Warning", "message": "m"}, "warning", "m"),
        ({"severity": "warning", "message": "m"}, "warning", "m"),
        ({"severity": "Info", "message": "m"}, "warning", "m"),
        ({"message": "m"}, "error", "m"),
        ({"severity": None, "message": "m"}, "error", "m"),
        ({"severity": 1, "message": "m"}, "error", "m"),
        ({"severity": "Fatal", "message": "m"}, "error", "m"),
        ({"severity": "Error", "contextId": "x"}, "error", "settings: {'severity': 'Error', 'contextId': 'x'}"),
    ],
)
def test_a_finding_without_a_known_severity_counts_as_an_error(
    item: dict[str, Any], severity: str, message: str
) -> None:
    assert check_settings(FakeClient([item]).api(), {}) == [Finding("settings", severity, message)]


def test_what_keeps_an_organization_from_being_removed_is_told() -> None:
    client = FakeClient([{"severity": "Error", "message": "used by the policy Daily"}])
    assert check_removal(client.api(), ORGANIZATION_ID) == [
        Finding("removal", "error", "used by the policy Daily", ORGANIZATION_ID)
    ]
    assert client.calls() == [f"POST {BASE}/{ORGANIZATION_ID}/validateDelete"]


# The configuration: test_configuration


@pytest.mark.parametrize(
    ("ended", "severities"),
    [
        ({"status": "Succeeded"}, []),
        ({"status": "Warning", "reason": "slow"}, ["warning"]),
        ({"status": "Failed", "reason": "no permission"}, ["error"]),
        ({"status": "Canceled"}, ["error"]),
    ],
)
def test_the_session_of_the_test_and_its_log_are_the_result(ended: dict[str, str], severities: list[str]) -> None:
    answers = [{"sessionId": SESSION_ID}, ended, {"log": []}]
    client = FakeClient(*answers[: 3 if severities else 2])
    appliance = Appliance.of(client.task(organization_options()))
    findings, session = check_configuration(appliance.api, appliance.sessions, {"create": {}})
    assert [finding.severity for finding in findings] == severities
    assert session.id == SESSION_ID
    for finding in findings:
        assert finding.message == ended.get("reason", "The test of the configuration ended as Canceled.")


# What refuses


@pytest.mark.parametrize(
    ("severity", "fail_on", "refuses"),
    [
        ("error", "error", True),
        ("error", "warning", True),
        ("error", "never", False),
        ("warning", "error", False),
        ("warning", "warning", True),
        ("warning", "never", False),
    ],
)
def test_fail_on_says_from_which_severity_on_a_finding_refuses(severity: str, fail_on: str, refuses: bool) -> None:
    findings = [Finding("settings", severity, "The role is missing."), Finding("name", "warning", "Odd.")]
    if not refuses:
        refuse(findings, fail_on, "to add it", "invalid")
        return
    with fails("invalid", "to add it", "The role is missing.", "fail_on: never", "Nothing was changed.") as caught:
        refuse(findings, fail_on, "to add it", "invalid")
    assert caught.raised.stage == "preflight"
    assert ("Odd." in caught.said) is (fail_on == "warning")


def test_no_findings_refuse_nothing() -> None:
    refuse([], "warning", "to add it", "invalid")
    assert Finding("name", "error", "m").as_result() == {"check": "name", "severity": "error", "message": "m"}


def test_many_findings_that_refuse_are_a_few_sentences() -> None:
    findings = [Finding("settings", "error", f'The role "backup" is missing in the account {n}.') for n in range(100)]
    with fails("invalid", 'found: The role "backup" is missing in the account 0, 1, 2 and 97 more.'):
        refuse(findings, "error", "to add it", "invalid")


# What a person is told about findings that fail nothing


def test_findings_are_counted_and_grouped() -> None:
    missing = [("eu", Finding("settings", "warning", f'The role "r" is missing in {n}.')) for n in (1, 2)]
    assert describe(missing) == 'The appliance\'s checks found 2 warnings for eu. The role "r" is missing in 1, 2.'
    taken = ("us", Finding("name", "error", "The name is taken."))
    assert describe([*missing, taken]) == (
        "The appliance's checks found 1 error and 2 warnings for eu, us. "
        "Ignored because of fail_on=never: us: The name is taken. "
        'Warnings: eu: The role "r" is missing in 1, 2.'
    )
    assert describe([taken]) == (
        "The appliance's checks found 1 error for us. Ignored because of fail_on=never: The name is taken."
    )
    assert describe([]) == ""
