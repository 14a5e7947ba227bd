# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The signals by which a task is told to stop, as an exception in its work."""

from __future__ import annotations

import signal
import threading
from typing import Any

from .._errors import ApplianceError
from .._http.deadline import Deadline
from .journal import Journal

SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGALRM)
"""SIGHUP: the terminal or the SSH connection of the task was closed. SIGALRM: the task's keyword ``timeout``."""


class Interrupted(BaseException):
    """The task was told to stop. No Exception, so that nothing on its way takes it for a failure of the appliance."""

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)

    def error(self, journal: Journal) -> ApplianceError:
        """Return the failure of a task or of one of its organizations. journal: what was changed by then."""
        by = "its keyword timeout" if str(self) == "SIGALRM" else str(self)
        return ApplianceError(
            f"The task was interrupted by {by}",
            reason="unknown_outcome" if journal.unknown else "timeout",
            remedy="Run again when whatever stopped it is over",
        )


class Signals:
    """Raises ``Interrupted`` once, at the first signal, and ignores the others, which want nothing else.

    A context manager: the handlers from before are back at its end, or after a signal when it is passed on, so that
    another signal does not interrupt what is shown until then. Only a main thread can be interrupted; in any other one
    it does nothing.
    """

    def __init__(self, deadline: Deadline) -> None:
        self._deadline = deadline
        self._before: dict[int, Any] = {}
        self._received: int | None = None

    def __enter__(self) -> Signals:
        """Begin to listen."""
        if threading.current_thread() is threading.main_thread():
            # A task under nohup, which ignores SIGHUP, is meant to go on.
            go_on = {signal.SIGHUP} if signal.getsignal(signal.SIGHUP) == signal.SIG_IGN else set()
            self._before = {number: signal.signal(number, self._interrupt) for number in SIGNALS if number not in go_on}
        return self

    def __exit__(self, exception: object, *_more: object) -> None:
        """Put the former handlers back, unless a signal is still to be passed on."""
        if exception or not self.received:
            self._restore()

    def ignore(self) -> None:
        """Let no signal interrupt what follows, because it is short and is what a signal would ask for: the logout."""
        for number in self._before:
            signal.signal(number, signal.SIG_IGN)

    def pass_on(self) -> None:
        """Put the former handlers back, and send this process the signal that was held up, if there was one."""
        self._restore()
        if self._received is not None:
            signal.raise_signal(self._received)

    @property
    def received(self) -> bool:
        """Whether the task was told to stop."""
        return self._received is not None

    def _restore(self) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _interrupt(self, number: int, _frame: Any) -> None:
        self.ignore()
        self._received = number
        # The other threads get no signal. Their connections are cut off, because their time is over.
        self._deadline.interrupt(Interrupted(number))
