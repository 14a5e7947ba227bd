# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several reads at the same time, with a bound."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


def concurrently(work: Callable[[Item], Result], items: Sequence[Item], threads: int) -> list[Result]:
    """Does the work for each item and returns the results in the order of the items.

    threads: how many items at the same time; a single one is done in the thread of the caller. The first exception is
    raised after the work that has begun has ended; what has not begun is not done any more.
    """
    if threads < 2 or len(items) < 2:
        return [work(item) for item in items]
    pool = ThreadPoolExecutor(min(threads, len(items)))
    try:
        return list(pool.map(work, items))
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
