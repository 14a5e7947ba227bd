# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several reads at the same time."""

from __future__ import annotations

import threading

import pytest
from ansible_collections.vbaws.appliance.plugins.module_utils._appliance.sessions import concurrently


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
