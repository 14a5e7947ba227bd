# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When a task has to end, and how long to wait before a call is repeated."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Callable

BACKOFF_BASE = 0.5
"""Seconds: the upper bound of the first pause."""

BACKOFF_CAP = 30.0
"""Seconds: the upper bound of any pause that the server does not ask for."""

LONGEST_NAP = 0.25
"""Seconds that a pause may go on after the task was told to stop."""

NOT_PROCESSED = frozenset({429})
"""Answers that say the call was turned away at the door: any call may be repeated."""

OUTCOME_UNKNOWN = frozenset({502, 503, 504})
"""Answers behind which the call may have been carried out all the same."""


class Deadline:
    """A point on the monotonic clock by which a task must have ended.

    ``seconds`` counts from now. It is passed around, so that everything a task does shares one budget.
    """

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.seconds = seconds
        self._clock = clock
        self._end = clock() + seconds

    def left(self) -> float:
        """Return the seconds that are left, never less than 0."""
        return max(0.0, self._end - self._clock())

    @property
    def expired(self) -> bool:
        """Whether no time is left."""
        return self.left() <= 0.0

    def sleep(self, seconds: float) -> None:
        """Wait, but not on after the task was told to stop, which no signal tells a thread."""
        while seconds > 0 and not self.expired:
            nap = min(seconds, LONGEST_NAP)
            time.sleep(nap)
            seconds -= nap

    def expire(self) -> None:
        """Let the time be over now, for every thread: the task was told to stop."""
        self._end = self._clock()


def retry_after(value: str | None, now: Callable[[], float] = time.time) -> float:
    """Return the seconds that a ``Retry-After`` header asks for; 0 where it is absent, in the past or not readable.

    RFC 9110, section 10.2.3: either seconds or an HTTP date.
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
    """Exponential pauses with full jitter, so that a fleet of jobs does not return in step.

    ``uniform`` draws from a range, ``sleep`` takes seconds, None is that of the deadline; both are parameters for the
    tests' sake.
    """

    uniform: Callable[[float, float], float] = random.uniform
    sleep: Callable[[float], None] | None = None

    def pause(self, repeats: int, asked: float, deadline: Deadline) -> bool:
        """Wait before repeat number ``repeats`` (from 0), at least the ``asked`` seconds of ``Retry-After``.

        Returns False, at once, where the deadline would pass while waiting: the repeat could not be made.
        """
        # The exponent is bounded, since retries is the user's number and a float is not endless.
        bound = min(BACKOFF_CAP, BACKOFF_BASE * 2.0 ** min(repeats, 16))
        delay = max(asked, self.uniform(0.0, bound))
        if delay >= deadline.left():
            return False
        (self.sleep or deadline.sleep)(delay)
        return True
