# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A session by its ID: what is shown of it, waiting for it, and when that fails."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.vbaws.appliance.plugins.module_utils._errors import ApplianceError
from ansible_collections.vbaws.appliance.plugins.module_utils._module.options import CONNECTION
from ansible_collections.vbaws.appliance.plugins.modules.session_info import SESSION, session_info
from ansible_collections.vbaws.appliance.tests.unit.support.builders import (
    SESSION_ID,
    options_of,
)
from ansible_collections.vbaws.appliance.tests.unit.support.fake_client import FakeClient, refused

SESSION_CALL = f"GET /sessions/{SESSION_ID}"
LOG_CALL = f"GET /sessions/{SESSION_ID}/log"
LOG = {"log": [{"status": "Error", "message": "The role may not list accounts"}]}


def body(status: str, **more: Any) -> dict[str, Any]:
    return {"id": SESSION_ID, "name": "Adding production", "type": "X", "status": status, **more}


def read(client: FakeClient, **given: Any) -> dict[str, Any]:
    return session_info(client.task(options_of(CONNECTION, SESSION, **{"id": SESSION_ID, **given})))


def failure(client: FakeClient, **given: Any) -> ApplianceError:
    with pytest.raises(ApplianceError) as caught:
        read(client, **given)
    return caught.value


def test_a_running_session_is_shown_at_once() -> None:
    client = FakeClient(body("Running", executionStartTime="2026-01-01T00:00:00", _links=[]), {"log": []})
    assert read(client) == {
        "changed": False,
        "session": {
            "id": SESSION_ID,
            "name": "Adding production",
            "type": "X",
            "state": "running",
            "status": "Running",
            "result": None,
            "reason": None,
            "start_time": "2026-01-01T00:00:00",
            "end_time": None,
            "duration": None,
            "log": [],
            "other": {"_links": []},
        },
    }
    assert client.calls() == [SESSION_CALL, LOG_CALL]


def test_a_failed_session_is_no_failure_unless_it_is_waited_for() -> None:
    session = read(FakeClient(body("Failed", reason="no"), LOG))["session"]
    assert (session["state"], session["reason"], session["log"]) == ("failed", "no", LOG["log"])


def test_the_log_is_read_only_if_it_is_wanted() -> None:
    client = FakeClient(body("Succeeded"))
    assert read(client, log=False)["session"]["log"] == []
    assert client.calls() == [SESSION_CALL]


def test_it_waits_and_shows_the_session_as_it_ended() -> None:
    client = FakeClient(body("Running"), body("Running"), body("Succeeded"), body("Succeeded", result="Success"))
    session = read(client, wait=True, log=False)["session"]
    assert (session["state"], session["result"]) == ("succeeded", "Success")
    assert client.now > 0


def test_a_session_that_fails_fails_the_task_and_is_shown_all_the_same() -> None:
    client = FakeClient(body("Running"), body("Failed", reason="no"), LOG, body("Failed", reason="no"), LOG)
    error = failure(client, wait=True)
    assert error.reason == "session_failed"
    assert "'Adding production' has failed" in error.message
    assert "The role may not list accounts" in str(error)
    assert error.result["session"]["state"] == "failed"
    assert error.result["session"]["log"] == LOG["log"]


@pytest.mark.parametrize(
    ("status", "fail_on", "fails"),
    [
        ("Failed", "error", True),
        ("Failed", "warning", True),
        ("Failed", "never", False),
        ("Canceled", "error", True),
        ("Warning", "error", False),
        ("Warning", "warning", True),
        ("Warning", "never", False),
        ("Succeeded", "warning", False),
    ],
)
def test_the_option_says_which_end_is_a_failure(status: str, fail_on: str, fails: bool) -> None:
    logs = [LOG] if status in ("Failed", "Canceled", "Warning") else []
    client = FakeClient(body(status), body(status), *logs, body(status))
    given = {"wait": True, "fail_on": fail_on, "log": False}
    if fails:
        assert failure(client, **given).reason == "session_failed"
    else:
        assert read(client, **given)["session"]["status"] == status
    assert client.answers == []


def test_a_warning_is_passed_on() -> None:
    client = FakeClient(body("Warning"), body("Warning"), {"log": []}, body("Warning", reason="slow"))
    read(client, wait=True, log=False)
    assert "ended with a warning" in client.warnings[0]


def test_the_time_is_limited() -> None:
    client = FakeClient(*[body("Running")] * 4)
    error = failure(client, wait=True, wait_timeout=0)
    assert error.reason == "timeout"
    assert SESSION_ID in error.message


def test_an_unknown_session_is_none() -> None:
    assert read(FakeClient(refused(404, "no such session"))) == {"changed": False, "session": None}


def test_an_unknown_session_cannot_be_waited_for() -> None:
    error = failure(FakeClient(refused(404, "no such session")), wait=True)
    assert error.reason == "not_found"
    assert f"does not know the session {SESSION_ID}" in error.message
    assert "no such session" in str(error)


def test_what_is_no_uuid_is_not_asked_for() -> None:
    client = FakeClient()
    assert failure(client, id="production").reason == "invalid"
    assert client.requests == []
