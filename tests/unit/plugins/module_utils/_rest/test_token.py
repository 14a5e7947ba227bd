# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every token that a task obtained is given back, or a warning says that it may stay valid."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.vbaws.appliance.plugins.module_utils._errors import ApplianceError
from ansible_collections.vbaws.appliance.plugins.module_utils._http.deadline import Deadline
from ansible_collections.vbaws.appliance.plugins.module_utils._module.signals import Interrupted, Signals
from ansible_collections.vbaws.appliance.plugins.module_utils._rest.client import Call, Client, connect
from ansible_collections.vbaws.appliance.plugins.module_utils._secrets.redactor import Redactor
from ansible_collections.vbaws.appliance.tests.unit.support.servers import Appliance, Reply, Seen

TOKEN = "k9-live-token-0123456789"
GET = Call("GET", "/a")


def client_of(appliance: Appliance, backoff: Any, deadline: Deadline | None = None, **more: Any) -> Client:
    return connect(appliance.options(**more), deadline or Deadline(60), backoff=backoff, redactor=Redactor(set()))


def revoked(appliance: Appliance) -> list[str]:
    return [seen.headers["Authorization"][7:] for seen in appliance.seen if seen.method == "DELETE"]


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("text/plain", f"access_token: {TOKEN}".encode()),
        ("application/xml", f"<access_token>{TOKEN}</access_token>".encode()),
        ("application/x-www-form-urlencoded", f"access_token={TOKEN}".encode()),
        ("application/json", f"'access_token': '{TOKEN}'".encode()),
        ("application/json", [TOKEN]),
        ("application/json", {"data": {"AccessToken": TOKEN}}),
        ("application/json", {"access_token": [TOKEN]}),
        ("application/json", {"access_token": TOKEN + "\ud800"}),
        ("application/json", {"access_token": TOKEN + "\n"}),
    ],
)
def test_a_login_that_cannot_be_read_never_shows_the_token_and_is_a_warning(appliance, backoff, content_type, body):
    appliance.tokens[:] = [Reply(200, body, {"Content-Type": content_type})] * 5
    client = client_of(appliance, backoff, retries=0)
    with pytest.raises(ApplianceError) as caught:
        client.call(GET)
    warnings = client.logout()
    assert TOKEN not in f"{caught.value} {caught.value.failure([])} {warnings}"
    assert ["stays valid" in warning for warning in warnings] == [True]


def test_a_login_whose_answer_was_lost_is_a_warning(appliance, backoff):
    appliance.tokens[:] = [Reply(action="drop")]
    client = client_of(appliance, backoff)
    client.call(GET)
    (warning,) = client.logout()
    assert warning.startswith(f"A login at 127.0.0.1:{appliance.port} was not answered as expected.")
    assert revoked(appliance) == ["issued-token-1"]


def test_a_lost_login_does_not_look_like_a_lost_change(appliance, backoff):
    appliance.tokens[:] = [Reply(action="drop")] * 9
    with pytest.raises(ApplianceError) as caught:
        client_of(appliance, backoff).call(GET)
    assert not caught.value.unsure


def test_all_tokens_of_a_task_are_given_back_within_ten_seconds_together(appliance, backoff):
    appliance.replies[:] = [Reply(401), Reply(200), Reply(401), Reply(200)]
    client = client_of(appliance, backoff)
    client.call(GET)
    client.call(GET)
    assert client.logout() == []
    assert revoked(appliance) == [f"issued-token-{number}" for number in (1, 2, 3)]


# Interruptions


def kill_then(reply: Reply, number: int = signal.SIGTERM) -> Callable[[Seen], Reply]:
    """Send a signal to this process while the appliance answers."""

    def answer(_seen: Seen) -> Reply:
        os.kill(os.getpid(), number)
        time.sleep(0.3)
        return reply

    return answer


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_the_token_of_an_interrupted_login_is_given_back(appliance, backoff, number):
    deadline = Deadline(60)
    appliance.tokens[:] = [kill_then(Reply(body={"access_token": TOKEN}), number)]
    client = client_of(appliance, backoff, deadline)
    with Signals(deadline), pytest.raises(Interrupted):
        client.call(GET)
    assert client.logout() == []
    assert appliance.calls() == ["POST /token", "DELETE /token"]
    assert revoked(appliance) == [TOKEN]


def test_the_token_of_a_login_in_a_thread_is_given_back(appliance, backoff):
    """The main thread is interrupted while another one logs in anew."""
    deadline = Deadline(60)
    client = client_of(appliance, backoff, deadline)
    client.call(GET)
    appliance.replies[:] = [Reply(401)]
    appliance.tokens[:] = [kill_then(Reply(body={"access_token": TOKEN}))]
    failures: list[ApplianceError] = []

    def work() -> None:
        try:
            client.call(GET)
        except ApplianceError as error:
            failures.append(error)

    thread = threading.Thread(target=work)
    with Signals(deadline):
        thread.start()
        with pytest.raises(Interrupted):
            time.sleep(5)
    assert client.logout() == []
    thread.join()
    assert sorted(revoked(appliance)) == sorted(["issued-token-1", TOKEN])
    assert [failure.reason for failure in failures] == ["timeout"]


def test_an_interrupted_login_that_is_never_answered_ends_after_its_grace(appliance, backoff, monkeypatch):
    monkeypatch.setattr("ansible_collections.vbaws.appliance.plugins.module_utils._rest.token.LOGIN_GRACE", 0.5)
    deadline = Deadline(60)
    appliance.tokens[:] = [kill_then(Reply(action="stall", seconds=20))]
    client = client_of(appliance, backoff, deadline)
    begin = time.monotonic()
    with Signals(deadline), pytest.raises(Interrupted):
        client.call(GET)
    assert time.monotonic() - begin < 3
    assert "stays valid" in client.logout()[0]
