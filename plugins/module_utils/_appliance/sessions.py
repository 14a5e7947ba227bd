# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sessions of the appliance: how they stand, and waiting for one or many of them together."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any, TypeVar, cast

from .._errors import ApplianceError, NotFound
from .._module.task import Task
from .._wording import first_of, one_line, printable, quoted
from .api import Api

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
_SHOWN_TEXTS = 5  # of a session's log, in a message
_LEAST_PAUSE_S = 0.02
_LONGEST_S = 366 * 24 * 3600
_FIRST_PAUSE_S = 0.2  # most sessions on small organizations are short; the pause doubles up to wait_interval


@dataclass(frozen=True)
class Session:
    """One answer about a session.

    state: ``running``, ``succeeded``, ``warning`` or ``failed``; ``started`` before the appliance was asked about it.
    """

    id: str
    state: str = "started"
    status: str | None = None
    result: str | None = None
    reason: str | None = None
    log: tuple[Mapping[str, Any], ...] = ()

    def as_result(self) -> dict[str, Any]:
        """Return what a module shows of it."""
        if self.state == "started":
            return {"id": self.id}
        return {
            "id": self.id,
            "state": self.state,
            "status": self.status,
            "result": self.result,
            "reason": self.reason,
            "log": [dict(entry) for entry in self.log],
        }

    @property
    def ending(self) -> str:
        """The word of the appliance for how it ended, for messages."""
        return printable(self.result or self.status or self.state)

    def explanation(self) -> str:
        """Why it ended as it did, in the appliance's words: the reason, then what its log calls errors and warnings."""
        texts = [self.reason] if self.reason else []
        texts += [
            str(entry.get("message")) for entry in self.log if entry.get("status") in ("Error", "Warning", "Failed")
        ]
        lines = dict.fromkeys(one_line(text).rstrip(".") for text in texts)
        return first_of([line for line in lines if line], _SHOWN_TEXTS, "; ")


@dataclass(frozen=True)
class Ended:
    """How waiting for a session ended: with the session, or with an error that leaves its end unknown."""

    session: Session | None = None
    error: ApplianceError | None = None

    @property
    def succeeded(self) -> bool:
        """Whether the session ended, and not as failed."""
        return self.session is not None and self.session.state != "failed"

    def get(self) -> Session:
        """Return the session. Raises the error if its end is unknown."""
        if self.error is not None:
            raise self.error
        return cast(Session, self.session)


class WaitingTime:
    """The seconds that a task may wait for sessions, all together, from the first wait on."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.seconds = seconds
        self._clock = clock
        self._ends: float | None = None

    @classmethod
    def of(cls, options: Mapping[str, Any], clock: Callable[[], float] = time.monotonic) -> WaitingTime:
        """Return the time of a task; modules that never wait have none. Raises ApplianceError (invalid)."""
        for option in ("wait_timeout", "wait_interval"):
            if not 0 <= options.get(option, 0) <= _LONGEST_S:
                raise ApplianceError(
                    f"The option {option} is {options[option]}",
                    reason="invalid",
                    remedy="It is a number of seconds, from 0 to a year.",
                )
        return cls(options.get("wait_timeout", 0), clock)

    def left(self) -> float:
        """Seconds; the first question starts the clock."""
        if self._ends is None:
            self._ends = self._clock() + self.seconds
        return self._ends - self._clock()


class Sessions:
    """Sessions of one task, waited for within its time."""

    def __init__(self, api: Api, task: Task, time: WaitingTime) -> None:
        self._api = api
        self._task = task
        self.time = time

    def wait(self, session: str, what: str) -> Session:
        """Wait for one session. what: what it does, for messages. Raises the error of ``wait_all``."""
        return self.wait_all({session: what})[session].get()

    def wait_all(self, sessions: Mapping[str, str], threads: int = 1, done: str = "done") -> dict[str, Ended]:
        """Wait until every session has ended, however it ended; one that did not succeed comes with its log.

        sessions: ID -> what it does, for messages; threads: how many are asked at the same time; done: the word for
        what has ended, for progress. The end is unknown, with an error, if the session still runs (timeout), if the
        appliance does not know it any more (session_failed), or if the appliance does not answer.
        """
        ended: dict[str, Ended] = {}
        running: dict[str, Session] = {}
        pending = list(sessions)
        pause = _FIRST_PAUSE_S
        while pending:
            answers = concurrently(lambda session: self._ask(session, sessions[session]), pending, threads)
            for session, answer in zip(pending, answers):
                if isinstance(answer, Session):
                    running[session] = answer
                else:
                    ended[session] = answer
            pending = [session for session in pending if session not in ended]
            if not pending:
                break
            if self.time.left() <= 0:
                return {**ended, **{key: self._timeout(running[key], sessions[key]) for key in pending}}
            self._report(sessions, ended, done)
            # Also with wait_interval: 0 the appliance gets time to work on something else than questions.
            longest = min(pause, self._task.options["wait_interval"], self.time.left())
            self._task.sleep(max(_LEAST_PAUSE_S, longest))
            pause *= 2
        return ended

    def require(self, session: Session, what: str) -> Session:
        """Return a session that ended well, after showing its warnings. Raises ApplianceError (session_failed)."""
        if session.state == "failed":
            raise ApplianceError(
                f"{what} has failed: the session {session.id} ended as {session.ending}",
                reason="session_failed",
                stage="wait",
                remedy=f"The appliance said: {session.explanation() or 'nothing about the cause'}.",
            )
        if session.state == "warning":
            self._task.warn(
                f"{what} ended with a warning: {session.explanation() or 'the appliance gives no details'}."
            )
        return session

    def _report(self, sessions: Mapping[str, str], ended: Mapping[str, Ended], done: str) -> None:
        def text() -> str:
            if len(sessions) == 1:
                ((session, what),) = sessions.items()
                return ": ".join(filter(None, (what, self._newest_line(session))))
            failed = sum(not one.succeeded for one in ended.values())
            counts = f"{len(ended) - failed:,} of {len(sessions):,} {done}"
            return f"{counts}, {failed:,} failed" if failed else counts

        self._task.progress.report(text)

    def _newest_line(self, session: str) -> str:
        """Return the newest message in the log of a session, empty if there is none or it cannot be read now."""
        try:
            log = self._api.get_session_log(session, optional=True)
        except ApplianceError:
            return ""
        messages = (entry.get("message") for entry in reversed(log))
        return next((message for message in messages if isinstance(message, str) and message), "")

    def _timeout(self, running: Session, what: str) -> Ended:
        status = quoted(running.status) if running.status else "not shown"
        return Ended(
            error=ApplianceError(
                f"{what} has not ended: the status of the session {running.id} is {status} after "
                f"{self.time.seconds} seconds",
                reason="timeout",
                stage="wait",
                remedy="Give it more time with wait_timeout, or look at the session on the appliance.",
            )
        )

    def _ask(self, session: str, what: str) -> Ended | Session:
        """Return how a session ended, or the session if it is still running."""
        try:
            found = self._read(session, what)
        except ApplianceError as error:
            return Ended(error=error)
        return found if found.state == "running" else Ended(found)

    def _read(self, session: str, what: str) -> Session:
        try:
            found = session_from_wire(session, self._api.get_session(session))
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
        if found.state in ("failed", "warning"):
            return replace(found, log=tuple(self._api.get_session_log(session)))
        return found


def session_from_wire(session: str, body: Mapping[str, Any]) -> Session:
    """Return what the appliance answers about a session, without its log."""
    status, result, reason = (_text(body.get(key)) for key in ("status", "result", "reason"))
    # A word that nobody knows is not taken for an end: it is asked again until the time is up.
    state = _STATES.get((status or "").lower()) or _STATES.get((result or "").lower()) or "running"
    return Session(session, state, status, result, reason)


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


Item = TypeVar("Item")
Result = TypeVar("Result")


def concurrently(
    work: Callable[[Item], Result], items: Sequence[Item], threads: int, count: Callable[[], None] = lambda: None
) -> list[Result]:
    """Does the work for each item and returns the results in the order of the items.

    threads: how many items at the same time; a single one is done in the thread of the caller. The first exception is
    raised after the work that has begun has ended; what has not begun is not done any more. count: is called after each
    item.
    """

    def do(item: Item) -> Result:
        result = work(item)
        count()
        return result

    if threads < 2 or len(items) < 2:
        return [do(item) for item in items]
    pool = ThreadPoolExecutor(min(threads, len(items)))
    try:
        return list(pool.map(do, items))
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
