# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The deadline of a task, and the pauses before a call is repeated."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Callable

from .._errors import ApplianceError

BACKOFF_BASE = 0.5
"""Seconds: the upper bound of the first pause."""

BACKOFF_CAP = 30.0
"""Seconds: the upper bound of any pause that the appliance does not request."""

LONGEST_NAP = 0.25
"""Seconds: the longest time that a pause continues after the deadline was moved to now."""

NOT_PROCESSED = frozenset({429})
"""Statuses of a call that was not processed: any call may be repeated."""

OUTCOME_UNKNOWN = frozenset({502, 503, 504})
"""Statuses of a call that may have been processed."""


class Deadline:
    """The time when a task must have ended, on the monotonic clock.

    ``seconds`` counts from now. Everything that a task does shares one deadline.
    """

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.seconds = seconds
        self._clock = clock
        self._end = clock() + seconds

    def left(self) -> float:
        """Return the remaining seconds, never less than 0."""
        return max(0.0, self._end - self._clock())

    @property
    def expired(self) -> bool:
        """Whether no time is left."""
        return self.left() <= 0.0

    def require(self) -> None:
        """Raise ApplianceError (timeout) if no time is left."""
        if self.expired:
            raise over(self)

    def sleep(self, seconds: float) -> None:
        """Wait in short naps, because a thread gets no signal and must notice that ``expire`` was called."""
        while seconds > 0 and not self.expired:
            nap = min(seconds, LONGEST_NAP)
            time.sleep(nap)
            seconds -= nap

    def expire(self) -> None:
        """Move the deadline to now, for every thread, because the task was interrupted."""
        self._end = self._clock()


def over(deadline: Deadline) -> ApplianceError:
    """Return the error for a task whose time is over."""
    return ApplianceError(
        f"The time for this task, {deadline.seconds:g} seconds, is over",
        reason="timeout",
        remedy="It is ten times the option timeout, and wait_timeout on top where the module waits; raise one of them",
    )


def retry_after(value: str | None, now: Callable[[], float] = time.time) -> float:
    """Return the seconds that a ``Retry-After`` header requests, 0 if it is absent, in the past or not readable.

    The value is either a number of seconds or an HTTP date (RFC 9110, section 10.2.3).
    """
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - now())
    except (TypeError, ValueError, IndexError, OverflowError):
        return 0.0


@dataclass(frozen=True)
class Backoff:
    """Exponential pauses with full jitter, which spreads the repeats of many jobs over time.

    ``uniform`` draws a number from a range. ``sleep`` waits for some seconds; if it is None, the deadline does. Tests
    replace both.
    """

    uniform: Callable[[float, float], float] = random.uniform
    sleep: Callable[[float], None] | None = None

    def pause(self, repeats: int, requested: float, deadline: Deadline) -> bool:
        """Wait before repeat number ``repeats`` (from 0), at least the ``requested`` seconds of ``Retry-After``.

        Return False without waiting if the deadline would pass before the repeat.
        """
        # The exponent is bounded, because the user chooses the number of retries and a float can overflow.
        bound = min(BACKOFF_CAP, BACKOFF_BASE * 2.0 ** min(repeats, 16))
        delay = max(requested, self.uniform(0.0, bound))
        if delay >= deadline.left():
            return False
        (self.sleep or deadline.sleep)(delay)
        return True
