# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The deadline of a task, and the pauses before a call is repeated."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
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
        self._interrupted: float | None = None
        self._shields = _Shields()

    def left(self) -> float:
        """Return the remaining seconds, never less than 0."""
        return 0.0 if self._interrupted is not None else max(0.0, self._end - self._clock())

    @property
    def expired(self) -> bool:
        """Whether no time is left."""
        return self.left() <= 0.0

    def require(self) -> None:
        """Raise ``ApplianceError`` (timeout) if no time is left."""
        if self.expired:
            raise self.error()

    def error(self) -> ApplianceError:
        """Return the error of a task that has no time left."""
        return ApplianceError(
            f"The task timed out after {self.seconds:g} seconds",
            reason="timeout",
            remedy="A task may take ten times the option timeout, plus wait_timeout if the module waits; raise one of "
            "them",
        )

    def sleep(self, seconds: float) -> None:
        """Wait in short naps, because a thread gets no signal and must notice that the task was interrupted."""
        while seconds > 0 and not self.expired:
            nap = min(seconds, LONGEST_NAP)
            time.sleep(nap)
            seconds -= nap

    def expire(self) -> None:
        """Move the deadline to now, for every thread, because the task was interrupted."""
        if self._interrupted is None:
            self._interrupted = self._clock()

    def interrupt(self, error: BaseException) -> None:
        """Expire and raise ``error``, which a shield of this thread holds back. For a signal handler."""
        self.expire()
        if not self._shields.count:
            raise error
        self._shields.held_back = error

    def at_most(self, seconds: float) -> Deadline:
        """Return a deadline in some seconds, or this one if that is earlier."""
        return _Earlier(self, seconds)

    @contextmanager
    def shielded(self, grace: float) -> Iterator[Deadline]:
        """Do not cut off what is in the block by an interruption; the error of ``interrupt`` is raised at its end.

        Yields the deadline for the block, which is this one except that an interruption leaves ``grace`` seconds.
        """
        self._shields.count += 1
        try:
            yield _Shielded(self, grace)
        finally:
            self._shields.count -= 1
            error, self._shields.held_back = self._shields.held_back, None
            if error is not None:
                raise error


class _Shields(threading.local):
    """The shields that a thread is under, and the error that they hold back."""

    count = 0
    held_back: BaseException | None = None


class _Earlier(Deadline):
    """A deadline of its own that also ends with the deadline of the task."""

    def __init__(self, deadline: Deadline, seconds: float) -> None:
        super().__init__(seconds, deadline._clock)
        self._outer = deadline

    def left(self) -> float:
        """Return the remaining seconds, never less than 0."""
        return min(super().left(), self._outer.left())


class _Shielded(Deadline):
    """The deadline of another one that an interruption does not end at once."""

    def __init__(self, deadline: Deadline, grace: float) -> None:
        super().__init__(deadline.seconds, deadline._clock)
        self._end = deadline._end
        self._outer = deadline
        self._grace = grace

    def left(self) -> float:
        """Return the remaining seconds, never less than 0."""
        end = self._end
        if self._outer._interrupted is not None:
            end = min(end, self._outer._interrupted + self._grace)
        return max(0.0, end - self._clock())


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
