# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sessions of the appliance, waited for one by one or together."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from ansible_collections.vbaws.appliance.plugins.module_utils._appliance.sessions import (
    Session,
    Sessions,
    WaitingTime,
    concurrently,
)
from ansible_collections.vbaws.appliance.plugins.module_utils._errors import ApplianceError
from ansible_collections.vbaws.appliance.tests.unit.support.builders import (
    SESSION_ID,
    fails,
    organization_options,
    uuid,
)
from ansible_collections.vbaws.appliance.tests.unit.support.fake_client import FakeClient, refused
from ansible_collections.vbaws.appliance.tests.unit.support.progress import Watched

RUNNING, DONE = {"status": "Running", "result": "Running"}, {"status": "Succeeded", "result": "Success"}
OTHER = uuid(0xD2)


class Clock:
    """A clock that pauses move, and the pauses."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.pauses: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds


def made(client: FakeClient, clock: Clock | None = None, **options: Any) -> Sessions:
    clock = clock or Clock()
    task = client.task(organization_options(**options))
    object.__setattr__(task, "sleep", clock.sleep)
    return Sessions(client.api(), task, WaitingTime.of(task.options, clock=lambda: clock.now))


@pytest.mark.parametrize(
    ("body", "state"),
    [
        ({"status": "Succeeded", "result": "Success"}, "succeeded"),
        ({"status": None, "result": "Success"}, "succeeded"),
        ({"status": "succeeded"}, "succeeded"),
        ({"status": "Warning", "result": "Warning"}, "warning"),
        ({"status": "Failed", "result": "Failed"}, "failed"),
        ({"status": "Canceled", "result": "Cancelled"}, "failed"),
        ({"status": "Unheard", "result": "Cancelled"}, "failed"),
        ({"result": "Error"}, "failed"),
    ],
)
def test_a_session_has_ended_by_its_status_else_by_its_result(body: dict[str, Any], state: str) -> None:
    log = [] if state == "succeeded" else [{"log": [{"status": "Error", "message": "m"}]}]
    client = FakeClient(body, *log)
    assert made(client).wait(SESSION_ID, "The work").state == state
    assert client.calls() == [f"GET /sessions/{SESSION_ID}"] + [f"GET /sessions/{SESSION_ID}/log"] * len(log)


@pytest.mark.parametrize(
    "body",
    [RUNNING, {"status": "NeverExecuted"}, {"status": "Running", "result": "Success"}, {"status": "Unheard"}, {}],
)
def test_a_session_that_runs_is_queued_or_says_something_unknown_is_asked_again(body: dict[str, Any]) -> None:
    client = FakeClient(body, DONE)
    assert made(client).wait(SESSION_ID, "The work").state == "succeeded"
    assert len(client.requests) == 2


def test_the_pause_doubles_up_to_the_interval() -> None:
    clock = Clock()
    made(FakeClient(*[RUNNING] * 6, DONE), clock, wait_interval=2).wait(SESSION_ID, "The work")
    assert clock.pauses == [0.2, 0.4, 0.8, 1.6, 2, 2]


def test_many_sessions_are_waited_for_together() -> None:
    client = FakeClient(RUNNING, DONE, DONE)
    ended = made(client).wait_all({SESSION_ID: "The work", OTHER: "The other work"})
    assert {key: end.get().state for key, end in ended.items()} == {SESSION_ID: "succeeded", OTHER: "succeeded"}
    assert client.calls() == [f"GET /sessions/{key}" for key in (SESSION_ID, OTHER, SESSION_ID)]


def test_no_session_is_no_request() -> None:
    client = FakeClient()
    assert made(client).wait_all({}) == {}
    assert client.requests == []


def test_a_session_that_takes_too_long_is_named() -> None:
    clock = Clock()
    with fails("timeout", "The work has not ended", SESSION_ID, "after 5 seconds", "wait_timeout") as caught:
        made(FakeClient(*[RUNNING] * 20), clock, wait_timeout=5).wait(SESSION_ID, "The work")
    assert caught.raised.stage == "wait"
    assert sum(clock.pauses) == pytest.approx(5)


@pytest.mark.parametrize(
    ("body", "status"),
    [(RUNNING, "'Running'"), ({"status": "Foo"}, "'Foo'"), ({}, "not shown"), ({"status": "a\\b"}, "'a\\b'")],
)
def test_a_timeout_names_the_last_status(body: dict[str, Any], status: str) -> None:
    said = f"The work has not ended: the status of the session {SESSION_ID} is {status} after 5 seconds."
    with fails("timeout", said):
        made(FakeClient({"status": "Queued"}, *[body] * 20), Clock(), wait_timeout=5).wait(SESSION_ID, "The work")


@pytest.mark.parametrize("option", ["wait_timeout", "wait_interval"])
@pytest.mark.parametrize("value", [-1, 10**400])
def test_a_time_before_now_or_beyond_all_clocks_is_refused_at_once(option: str, value: int) -> None:
    options: dict[str, Any] = {option: value}
    with fails("invalid", f"option {option} is {value}", "from 0 to a year"):
        made(FakeClient(), **options)


def test_even_without_an_interval_there_is_a_pause() -> None:
    clock = Clock()
    made(FakeClient(RUNNING, DONE), clock, wait_interval=0).wait(SESSION_ID, "The work")
    assert clock.pauses == [0.02]


def test_the_waits_of_a_task_share_one_budget() -> None:
    clock = Clock()
    sessions = made(FakeClient(RUNNING, DONE, RUNNING), clock, wait_timeout=10)
    sessions.wait(SESSION_ID, "The first")
    clock.now += 10
    with fails("timeout", "The second has not ended"):
        sessions.wait(OTHER, "The second")


def test_a_session_that_the_appliance_forgot_is_an_error() -> None:
    with fails("session_failed", SESSION_ID, "does not know any more") as caught:
        made(FakeClient(RUNNING, refused(404))).wait(SESSION_ID, "The work")
    assert (caught.raised.stage, caught.raised.status) == ("wait", 404)


def test_a_failed_session_is_explained_in_the_words_of_the_appliance() -> None:
    entries = [
        {"status": "Success", "message": "Started"},
        {"status": "Error", "message": "Access denied."},
        {"status": "Warning", "message": "Slow"},
        {"status": "Error", "message": "Access denied"},
    ]
    client = FakeClient({"status": "Failed", "result": "Failed", "reason": "No trust."}, {"log": entries})
    sessions = made(client)
    session = sessions.wait(SESSION_ID, "The work")
    assert session.explanation() == "No trust; Access denied; Slow"
    with fails("session_failed", "The work has failed", "No trust; Access denied; Slow.", "ended as Failed"):
        sessions.require(session, "The work")


def test_a_failed_session_without_words_says_so() -> None:
    with fails("session_failed", "nothing about the cause"):
        made(FakeClient()).require(Session(SESSION_ID, "failed", status="Canceled"), "The work")


def test_a_session_with_a_warning_passes_with_a_warning() -> None:
    client = FakeClient()
    session = Session(SESSION_ID, "warning", log=({"status": "Warning", "message": "Slow"},))
    assert made(client).require(session, "The work") is session
    assert client.warnings == ["The work ended with a warning: Slow."]


def test_a_session_that_succeeded_passes_silently() -> None:
    client = FakeClient()
    made(client).require(Session(SESSION_ID, "succeeded"), "The work")
    assert client.warnings == []


def test_what_a_module_returns_of_a_session() -> None:
    session = Session(SESSION_ID, "failed", "Failed", "Failed", "r", ({"message": "m"},))
    assert session.as_result() == {
        "id": SESSION_ID,
        "state": "failed",
        "status": "Failed",
        "result": "Failed",
        "reason": "r",
        "log": [{"message": "m"}],
    }


# Progress

LOG = {"log": [{"message": "Reading units"}, {"message": "Reading accounts"}, {"status": "Running"}, {"message": None}]}


def watched_wait(client: FakeClient, clock: Clock, interval: float = 5.0, **options: Any) -> tuple[Watched, Sessions]:
    client.progress = watched = Watched(interval, lambda: clock.now)
    return watched, made(client, clock, **options)


def test_a_session_shows_its_newest_line_each_five_seconds() -> None:
    clock = Clock()
    client = FakeClient(*[RUNNING] * 6, LOG, *[RUNNING] * 3, {"log": []}, DONE)
    watched, sessions = watched_wait(client, clock, wait_interval=2)
    assert sessions.wait(SESSION_ID, "The work").state == "succeeded"
    assert watched.lines == ["The work: Reading accounts, 5 s", "The work, 11 s"]
    assert client.calls().count(f"GET /sessions/{SESSION_ID}/log") == 2


def test_a_session_that_nobody_watches_is_not_asked_for_its_log() -> None:
    client = FakeClient(*[RUNNING] * 20, DONE)
    made(client).wait(SESSION_ID, "The work")
    assert client.calls() == [f"GET /sessions/{SESSION_ID}"] * 21


@pytest.mark.parametrize(
    "log",
    [
        refused(404),
        refused(403),
        ApplianceError("No connection", reason="unreachable"),
        {"log": "text"},
        {"log": [1]},
        {"log": [{"message": 5}, {"message": ["a"]}]},
        {"sessionId": OTHER, "log": [{"message": "Of another session"}]},
        [],
    ],
)
def test_a_log_that_cannot_be_read_leaves_the_line_without_it_and_fails_nothing(log: Any) -> None:
    client = FakeClient(RUNNING, log, DONE)
    watched, sessions = watched_wait(client, Clock(), 0.0)
    assert sessions.wait(SESSION_ID, "The work").state == "succeeded"
    assert watched.texts == ["The work"]


def test_the_log_is_asked_for_as_an_optional_call(monkeypatch: pytest.MonkeyPatch) -> None:
    client, optional = FakeClient(RUNNING, LOG, DONE), []
    record = client.record
    monkeypatch.setattr(client, "record", lambda call: (optional.append(call.optional), record(call))[1])
    watched_wait(client, Clock(), 0.0)[1].wait(SESSION_ID, "The work")
    assert optional == [False, True, False]


def test_many_sessions_are_counted() -> None:
    keys = [uuid(number) for number in range(1, 5)]
    failed = {"status": "Failed", "result": "Failed"}
    client = FakeClient(RUNNING, RUNNING, RUNNING, RUNNING, DONE, failed, {"log": []}, RUNNING, RUNNING, DONE, DONE)
    watched, sessions = watched_wait(client, Clock(), 0.0)
    ended = sessions.wait_all(dict.fromkeys(keys, "Adding"), done="added")
    assert [ended[key].succeeded for key in keys] == [True, False, True, True]
    assert watched.texts == ["0 of 4 added", "1 of 4 added, 1 failed"]


# Several at the same time


@pytest.mark.parametrize("threads", [1, 4])
def test_items_are_counted_when_they_are_done(threads: int) -> None:
    done: list[int] = []
    concurrently(str, range(20), threads, lambda: done.append(1))
    assert len(done) == 20


@pytest.mark.parametrize("threads", [1, 2, 50])
def test_results_come_in_the_order_of_the_items(threads: int) -> None:
    assert concurrently(lambda item: item * 2, range(20), threads) == list(range(0, 40, 2))
    assert concurrently(str, [], threads) == []


def test_no_more_than_the_bound_at_the_same_time() -> None:
    together = threading.Barrier(3)
    running, most, lock = 0, 0, threading.Lock()

    def work(_item: int) -> None:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        together.wait(timeout=10)
        with lock:
            running -= 1

    concurrently(work, range(9), 3)
    assert most == 3


def test_one_thread_is_the_thread_of_the_caller() -> None:
    here = threading.current_thread()
    assert set(concurrently(lambda _item: threading.current_thread(), range(3), 1)) == {here}
    assert concurrently(lambda _item: threading.current_thread(), [1], 8) == [here]


def test_an_exception_is_raised_and_what_has_not_begun_is_not_done() -> None:
    done: list[int] = []
    failed = threading.Event()

    def work(item: int) -> None:
        if item == 0:
            failed.set()
            raise ValueError("no")
        failed.wait(timeout=10)
        done.append(item)

    with pytest.raises(ValueError, match="no"):
        concurrently(work, range(1000), 2)
    assert len(done) < 999
