# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sessions are lent to one thread at a time, kept for all threads, and closed in every case."""

from __future__ import annotations

import threading
from collections import Counter

import pytest
from ansible_collections.vbaws.appliance.plugins.module_utils._http.route.idle import IdleSessions


class Session:
    """Counts how often it is closed, and how many threads have it at the same time."""

    def __init__(self) -> None:
        self.closed = 0
        self.users = 0

    def close(self) -> None:
        self.closed += 1


class Maker:
    def __init__(self) -> None:
        self.made: list[Session] = []

    def __call__(self) -> Session:
        self.made.append(Session())
        return self.made[-1]


def test_the_session_that_came_back_last_is_lent_first() -> None:
    make = Maker()
    idle = IdleSessions(make)
    with idle.borrowed() as first, idle.borrowed() as second:
        assert first is not second
    with idle.borrowed() as again:
        assert again is first
        with idle.borrowed() as other:
            assert other is second
    assert len(make.made) == 2


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_after_an_exception_a_session_is_closed_and_not_lent_again(error: type[BaseException]) -> None:
    idle = IdleSessions(Maker())
    with pytest.raises(error), idle.borrowed() as broken:
        raise error
    assert broken.closed == 1
    with idle.borrowed() as session:
        assert session is not broken


def test_close_closes_idle_sessions_now_and_the_others_when_they_come_back() -> None:
    make = Maker()
    idle = IdleSessions(make)
    with idle.borrowed() as used:
        with idle.borrowed():
            pass
        idle.close()
        assert [session.closed for session in make.made] == [0, 1]
    assert used.closed == 1
    with idle.borrowed() as late:
        assert late not in make.made[:2]
    assert [session.closed for session in make.made] == [1, 1, 1]


def test_many_threads_never_share_a_session_at_the_same_time() -> None:
    make, lock, most = Maker(), threading.Lock(), Counter[str]()
    idle = IdleSessions(make)

    def work() -> None:
        for _number in range(300):
            with idle.borrowed() as session:
                with lock:
                    session.users += 1
                    most["users"] = max(most["users"], session.users)
                with lock:
                    session.users -= 1

    threads = [threading.Thread(target=work) for _number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most["users"] == 1
    assert 1 <= len(make.made) <= 8
    idle.close()
    assert {session.closed for session in make.made} == {1}
