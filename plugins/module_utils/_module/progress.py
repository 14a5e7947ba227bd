# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines that show a person how far a long task is."""

from __future__ import annotations

import itertools
import threading
import time
from typing import Callable

from .._http.problem import cut
from .._wording import one_line

INTERVAL = 5.0
"""Seconds: the least time before the first line, and between two lines."""

LONGEST_LINE = 150
"""Characters of a line."""


class Progress:
    """Shows at most one line in each interval, with the seconds since the task began. Thread-safe.

    show: shows a line; None shows nothing. mask: hides secrets in a text before the text is cut.
    """

    def __init__(
        self,
        show: Callable[[str], None] | None = None,
        interval: float = INTERVAL,
        clock: Callable[[], float] = time.monotonic,
        mask: Callable[[str], str] = str,
    ) -> None:
        self._show = show
        self._interval = interval
        self._clock = clock
        self._mask = mask
        self._began = clock()
        self._next = self._began + interval
        self._lock = threading.Lock()

    def report(self, text: Callable[[], str]) -> None:
        """Show a line if the interval is over. text: is called only if the line is shown."""
        # A thread that finds another thread at it returns at once: a line is on its way.
        if self._show is None or not self._lock.acquire(blocking=False):
            return
        try:
            if self._clock() >= self._next:
                line = one_line(self._mask(text()))
                seconds = f", {self._clock() - self._began:.0f} s"
                self._show(cut(line, LONGEST_LINE - len(seconds)) + seconds)
                self._next = self._clock() + self._interval
        finally:
            self._lock.release()

    def counter(self, total: int, done: str) -> Callable[[], None]:
        """Return a function to call after each of ``total`` items. It reports how many are done: ``12 of 20 read``."""
        numbers = itertools.count(1)

        def count() -> None:
            number = next(numbers)
            self.report(lambda: f"{number:,} of {total:,} {done}")

        return count
