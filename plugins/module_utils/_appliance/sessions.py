# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Long-running operations of the appliance: how they stand, and waiting for one or many of them together."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from .._errors import ApplianceError, NotFound
from .._module.task import Task
from .api import Api
from .concurrency import concurrently

# status and result of a session spell some states differently; public documentation of the product.
_STATES = {
    "succeeded": "succeeded",
    "success": "succeeded",
    "warning": "warning",
    "failed": "failed",
    "error": "failed",
    "canceled": "failed",
    "cancelled": "failed",
    "running": "running",
    # Seen right after the start: queued, not given up.
    "neverexecuted": "running",
}
_LEAST_PAUSE_S = 0.02
_LONGEST_S = 366 * 24 * 3600
_FIRST_PAUSE_S = 0.2  # most sessions on small organizations are short; the pause doubles up to wait_interval


@dataclass(frozen=True)
class Session:
    """One answer about a session. state: ``running``, ``succeeded``, ``warning`` or ``failed``."""

    id: str
    state: str
    status: str | None = None
    result: str | None = None
    reason: str | None = None
    log: tuple[Mapping[str, Any], ...] = ()

    def as_result(self) -> dict[str, Any]:
        """What a module returns of it."""
        return {
            "id": self.id,
            "state": self.state,
            "status": self.status,
            "result": self.result,
            "reason": self.reason,
            "log": [dict(entry) for entry in self.log],
        }

    def explanation(self) -> str:
        """Why it ended as it did, in the appliance's words: the reason, then what its log calls errors and warnings."""
        said = [self.reason] if self.reason else []
        said += [
            str(entry.get("message")) for entry in self.log if entry.get("status") in ("Error", "Warning", "Failed")
        ]
        return "; ".join(dict.fromkeys(text.strip().rstrip(".") for text in said if text and text.strip()))


class WaitingTime:
    """The ``wait_timeout`` seconds that a task may wait for sessions, all together, from the first wait on."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.seconds = seconds
        self._clock = clock
        self._ends: float | None = None

    def left(self) -> float:
        """Seconds; the first question starts the clock."""
        if self._ends is None:
            self._ends = self._clock() + self.seconds
        return self._ends - self._clock()


class Sessions:
    """Sessions of one task, waited for within its time."""

    def __init__(self, api: Api, task: Task, waiting_time: WaitingTime | None = None) -> None:
        self._api = api
        self._task = task
        self._time = waiting_time or WaitingTime(task.options["wait_timeout"])
        for option in ("wait_timeout", "wait_interval"):
            if not 0 <= task.options[option] <= _LONGEST_S:
                raise ApplianceError(
                    f"The option {option} is {task.options[option]}",
                    reason="invalid",
                    remedy="It is a number of seconds, from 0 to a year.",
                )

    def wait(self, session: str, what: str) -> Session:
        """Waits for one session. what: what it does, for messages.

        Raises ApplianceError as wait_all returns it.
        """
        ended = self.wait_all({session: what})[session]
        if isinstance(ended, ApplianceError):
            raise ended
        return ended

    def wait_all(self, sessions: Mapping[str, str], threads: int = 1) -> dict[str, Session | ApplianceError]:
        """Waits until every session has ended, however it ended; one that did not succeed comes with its log.

        sessions: ID -> what it does, for messages; threads: how many are asked at the same time. In place of a session
        comes the error for which nobody knows its end: timeout where it still runs, session_failed where the appliance
        does not know it any more, or what kept the appliance from answering.
        """
        ended: dict[str, Session | ApplianceError] = {}
        pending = list(sessions)
        pause = _FIRST_PAUSE_S
        while pending:
            states = concurrently(lambda session: self._asked(session, sessions[session]), pending, threads)
            ended.update((session, state) for session, state in zip(pending, states) if not _runs(state))
            pending = [session for session in pending if session not in ended]
            if not pending:
                break
            if self._time.left() <= 0:
                return {**ended, **{session: self._timeout(session, sessions[session]) for session in pending}}
            # Also with wait_interval: 0 the appliance gets time to work on something else than questions.
            longest = min(pause, self._task.options["wait_interval"], self._time.left())
            self._task.sleep(max(_LEAST_PAUSE_S, longest))
            pause *= 2
        return ended

    def require(self, session: Session, what: str) -> Session:
        """Passes a session that ended well, and its warnings on. Raises ApplianceError (session_failed)."""
        if session.state == "failed":
            raise ApplianceError(
                f"{what} has failed: the session {session.id} ended as {session.result or session.status}",
                reason="session_failed",
                stage="wait",
                remedy=f"The appliance said: {session.explanation() or 'nothing about the cause'}.",
            )
        if session.state == "warning":
            self._task.warn(
                f"{what} ended with a warning: {session.explanation() or 'the appliance gives no details'}."
            )
        return session

    def _timeout(self, session: str, what: str) -> ApplianceError:
        return ApplianceError(
            f"{what} has not ended: session {session} still runs after {self._time.seconds} seconds",
            reason="timeout",
            stage="wait",
            remedy="Give it more time with wait_timeout, or look at the session on the appliance.",
        )

    def _asked(self, session: str, what: str) -> Session | ApplianceError:
        try:
            return self._state_of(session, what)
        except ApplianceError as error:
            return error

    def _state_of(self, session: str, what: str) -> Session:
        try:
            body = self._api.get_session(session)
        except NotFound as error:
            raise ApplianceError(
                f"{what} was started as session {session}, which the appliance does not know any more",
                reason="session_failed",
                stage="wait",
                method=error.method,
                path=error.path,
                status=error.status,
                problem=error.problem,
            ) from error
        state = session_from_wire(session, body)
        if state.state in ("failed", "warning"):
            return replace(state, log=tuple(self._api.get_session_log(session)))
        return state


def _runs(state: Session | ApplianceError) -> bool:
    return isinstance(state, Session) and state.state == "running"


def session_from_wire(session: str, body: Mapping[str, Any]) -> Session:
    """What the appliance answers about a session, without its log."""
    status, result, reason = (_text(body.get(key)) for key in ("status", "result", "reason"))
    # A word that nobody knows is not taken for an end: it is asked again until the time is up.
    state = _STATES.get((status or "").lower()) or _STATES.get((result or "").lower()) or "running"
    return Session(session, state, status, result, reason)


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
