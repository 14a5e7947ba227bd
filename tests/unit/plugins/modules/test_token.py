# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tokens for later tasks, against a real server: every way to one, revocation, and that nothing masks them."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs

import pytest
from ansible_collections.vbaws.appliance.plugins.module_utils._errors import ApplianceError
from ansible_collections.vbaws.appliance.plugins.module_utils._http.deadline import Deadline
from ansible_collections.vbaws.appliance.plugins.module_utils._module.options import CONNECTION
from ansible_collections.vbaws.appliance.plugins.module_utils._module.task import Task
from ansible_collections.vbaws.appliance.plugins.module_utils._rest.client import connect
from ansible_collections.vbaws.appliance.plugins.module_utils._secrets.redactor import Redactor
from ansible_collections.vbaws.appliance.plugins.modules.token import TOKEN, token
from ansible_collections.vbaws.appliance.tests.unit.support.builders import options_of
from ansible_collections.vbaws.appliance.tests.unit.support.servers import Appliance, Reply

ANSWER = {"access_token": "whole", "refresh_token": "next", "expires_in": 3600, "roleName": "Portal Administrator"}


class Run:
    """Runs the work of the module against the server and keeps what Ansible would mask."""

    def __init__(self, appliance: Appliance) -> None:
        self.appliance = appliance
        self.no_log_values: set[str] = set()
        self.warnings: list[str] = []

    def __call__(self, *, no_log: bool = True, check_mode: bool = False, **given: Any) -> dict[str, Any]:
        options = options_of(CONNECTION, TOKEN, **{**self.appliance.options(), **given})
        redactor = Redactor(self.no_log_values)
        client = connect(options, Deadline(30), redactor=redactor)
        task = Task(client, options, check_mode, self.warnings.append, Deadline(30), time.sleep, reveal=redactor.reveal)
        try:
            return token(replace(task, no_log=no_log))
        finally:
            client.logout()

    def forms(self) -> list[dict[str, list[str]]]:
        return [parse_qs(seen.body.decode()) for seen in self.appliance.seen]


@pytest.fixture
def run(appliance: Appliance) -> Run:
    return Run(appliance)


def failure(run: Run, **given: Any) -> ApplianceError:
    with pytest.raises(ApplianceError) as caught:
        run(**given)
    return caught.value


def test_by_password(run: Run) -> None:
    run.appliance.tokens[:] = [Reply(body={**ANSWER, ".issued": "then", ".expires": "later", "username": "automation"})]
    assert run() == {
        "changed": False,
        "access_token": "whole",
        "refresh_token": "next",
        "expires_in": 3600,
        "issued": "then",
        "expires": "later",
        "username": "automation",
        "role_name": "Portal Administrator",
        "mfa_required": False,
        "mfa_token": None,
    }
    assert [form["grant_type"] for form in run.forms()] == [["password"]]
    # It is for others, so that this task does not log out.
    assert run.appliance.calls() == ["POST /token"]


def test_check_mode_logs_in_too_since_later_tasks_need_the_token(run: Run) -> None:
    assert run(check_mode=True)["access_token"] == "issued-token-1"


def test_an_appliance_may_answer_the_token_alone(run: Run) -> None:
    run.appliance.tokens[:] = [Reply(body={"access_token": "whole"})]
    result = run()
    assert (result["access_token"], result["refresh_token"], result["expires_in"]) == ("whole", None, None)


def test_both_steps_in_one_task(run: Run) -> None:
    run.appliance.tokens[:] = [Reply(body={"mfa_token": "half"}), Reply(body=ANSWER)]
    result = run(mfa_code=" 123456 ")
    assert (result["access_token"], result["mfa_required"], result["mfa_token"]) == ("whole", False, None)
    assert run.forms()[1] == {"grant_type": ["mfa"], "mfa_token": ["half"], "mfa_code": ["123456"]}


def test_a_code_that_nobody_asks_for_is_not_sent(run: Run) -> None:
    assert run(mfa_code="123456")["access_token"] == "issued-token-1"
    assert len(run.forms()) == 1


def test_both_steps_in_a_task_each(run: Run) -> None:
    run.appliance.tokens[:] = [Reply(body={"mfa_token": "half", "mfa_enabled": True}), Reply(body=ANSWER)]
    begun = run()
    assert (begun["access_token"], begun["mfa_required"], begun["mfa_token"]) == (None, True, "half")
    ended = run(username="", password="", mfa_token=begun["mfa_token"], mfa_code="123456")
    assert (ended["access_token"], ended["mfa_required"]) == ("whole", False)
    assert [form["grant_type"][0] for form in run.forms()] == ["password", "mfa"]


def test_by_refresh_token_which_goes_above_a_password(run: Run) -> None:
    run.appliance.tokens[:] = [Reply(body=ANSWER)]
    assert run(refresh_token="old")["access_token"] == "whole"
    assert run.forms() == [{"grant_type": ["refresh_token"], "refresh_token": ["old"]}]


def test_no_option_masks_a_token(run: Run) -> None:
    """The same refresh token may come back, and a short code may be part of a token by chance."""
    run.appliance.tokens[:] = [Reply(body={"access_token": "abc123456def", "refresh_token": "old"})]
    run.no_log_values |= {"old", "123456", "correct horse"}
    run(refresh_token="old")
    assert run.no_log_values == {"correct horse"}


@pytest.mark.parametrize("given", [{}, {"state": "absent", "access_token": "given"}])
def test_nothing_is_sent_without_no_log(run: Run, given: dict[str, Any]) -> None:
    error = failure(run, no_log=False, **given)
    assert error.reason == "invalid"
    assert "no_log: true" in str(error)
    assert error.unsure is False
    assert run.appliance.seen == []


@pytest.mark.parametrize(("status", "changed"), [(204, True), (401, False), (404, False)])
@pytest.mark.parametrize("check_mode", [False, True])
def test_a_token_is_revoked_in_check_mode_too(run: Run, status: int, changed: bool, check_mode: bool) -> None:
    run.appliance.tokens[:] = [Reply(status)]
    assert run(state="absent", access_token="given", check_mode=check_mode) == {"changed": changed}
    assert run.appliance.calls() == ["DELETE /token"]
    assert run.appliance.seen[0].headers["Authorization"] == "Bearer given"


def test_a_token_that_may_still_be_valid_is_a_failure(run: Run) -> None:
    run.appliance.tokens[:] = [Reply(500, {"title": "broken"})]
    error = failure(run, state="absent", access_token="given")
    assert "valid until it expires" in str(error)


def test_a_token_is_no_way_to_a_token(run: Run) -> None:
    error = failure(run, username="", password="", access_token="given")
    assert error.reason == "invalid"
    assert "refresh_token" in error.remedy
    assert run.appliance.seen == []


def test_a_refused_code_says_so(run: Run) -> None:
    run.appliance.tokens[:] = [Reply(401, {"details": "The code is wrong"})]
    error = failure(run, username="", password="", mfa_token="half", mfa_code="1")
    assert (error.reason, error.stage) == ("auth", "login")
    assert "The code is wrong" in str(error)
    assert len(run.appliance.seen) == 1
