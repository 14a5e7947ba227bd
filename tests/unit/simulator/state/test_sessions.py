# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sessions by a clock that the test moves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from simulator.state.sessions import FAILED, RUNNING, SUCCEEDED, WAITING, WARNING, Ending, Log, SessionFailed, Sessions
from simulator.state.storage.database import Database
from simulator.state.storage.ids import Ids


class Bench:
    """Sessions whose work is noted."""

    def __init__(self, database: Database) -> None:
        self.now = 1000.0
        self.done: list[str] = []
        self.sessions = Sessions(database, Ids(database, 1), lambda: self.now)
        self.sessions.does("Work", self._work)

    def _work(self, _session: str, payload: dict[str, Any], log: Log) -> None:
        if payload.get("fails"):
            raise SessionFailed("the work failed")
        self.done.append(payload["name"])
        log.success("one step")

    def start(self, name: str, seconds: float, **payload: Any) -> str:
        return self.sessions.start("Work", name, {"name": name, **payload}, seconds)

    def status(self, session: str) -> str:
        found = self.sessions.get(session)
        assert found is not None
        return found.status

    def steps(self, session: str) -> list[tuple[str, str]]:
        found = self.sessions.get(session)
        assert found is not None
        return [(step.status, step.message) for step in self.sessions.log(found)]


@pytest.fixture
def bench() -> Iterator[Bench]:
    database = Database()
    yield Bench(database)
    database.close()


def test_a_session_waits_runs_and_ends(bench: Bench) -> None:
    session = bench.start("one", 10)
    statuses = []
    for _time in range(4):
        bench.sessions.settle()
        statuses.append(bench.status(session))
        bench.now += 5
    assert statuses == [WAITING, RUNNING, SUCCEEDED, SUCCEEDED]
    assert bench.done == ["one"]
    assert bench.steps(session) == [("Success", "one step")]


def test_work_is_done_in_the_order_in_which_it_falls_due(bench: Bench) -> None:
    bench.start("slow", 9)
    bench.start("quick", 1)
    bench.now += 20
    bench.sessions.settle()
    assert bench.done == ["quick", "slow"]


def test_a_session_without_time_is_due_at_once(bench: Bench) -> None:
    session = bench.start("one", 0)
    bench.sessions.settle()
    assert bench.status(session) == SUCCEEDED


def test_a_session_is_hurried(bench: Bench) -> None:
    session, other = bench.start("one", 1e9), bench.start("other", 1e9)
    bench.sessions.hurry(session)
    bench.sessions.settle()
    assert (bench.status(session), bench.status(other), bench.done) == (SUCCEEDED, WAITING, ["one"])


def test_an_ending_of_failure_does_no_work(bench: Bench) -> None:
    bench.sessions.ending = Ending(FAILED, "No trust")
    session = bench.start("one", 0)
    bench.sessions.settle()
    found = bench.sessions.get(session)
    assert found is not None
    assert (found.status, found.reason, bench.done) == (FAILED, "No trust", [])
    assert bench.steps(session) == [("Error", "No trust")]


def test_an_ending_decides_status_and_log_of_work_that_is_done(bench: Bench) -> None:
    bench.sessions.ending = Ending(WARNING, log=[("Warning", "look here")])
    session = bench.start("one", 0)
    bench.sessions.settle()
    assert (bench.status(session), bench.done, bench.steps(session)) == (WARNING, ["one"], [("Warning", "look here")])


def test_work_that_fails_fails_whatever_the_ending_is(bench: Bench) -> None:
    bench.sessions.ending = Ending(SUCCEEDED)
    session = bench.start("one", 0, fails=True)
    bench.sessions.settle()
    assert bench.status(session) == FAILED
