# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sessions: work that takes a while. It is carried out when its time is over, at the latest when somebody looks."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from .settings import Clock
from .storage.database import Database
from .storage.ids import Ids

WAITING, RUNNING, SUCCEEDED, WARNING, FAILED = "NeverExecuted", "Running", "Succeeded", "Warning", "Failed"
# The result of a session spells its status in another way.
RESULTS = {WAITING: RUNNING, RUNNING: RUNNING, SUCCEEDED: "Success", WARNING: WARNING, FAILED: FAILED}
QUEUED_PART = 0.2


@dataclass(frozen=True)
class Ending:
    """How sessions end, whatever their work is. One that fails does no work. `log`: status and message of each step."""

    status: str
    reason: str = ""
    log: Sequence[tuple[str, str]] | None = None


class SessionFailed(Exception):
    """The work cannot be done. Its text is the session's reason."""


@dataclass(frozen=True)
class Session:
    """A session as it is at a moment."""

    id: str
    kind: str
    name: str
    status: str
    reason: str
    began: float | None
    ended: float | None
    lasted: float | None

    @property
    def result(self) -> str:
        """The status in the words of `result`."""
        return RESULTS[self.status]


@dataclass(frozen=True)
class Step:
    """A line of a session's log."""

    time: float
    status: str
    message: str


class Log:
    """Where work writes what it does. `worst` becomes the status of the session."""

    def __init__(self) -> None:
        self.steps: list[tuple[str, str]] = []
        self.worst = SUCCEEDED

    def success(self, message: str) -> None:
        """A step that went well."""
        self.steps.append(("Success", message))

    def warning(self, message: str) -> None:
        """A step to look at."""
        self.steps.append(("Warning", message))
        self.worst = WARNING

    def error(self, message: str) -> None:
        """A step that failed."""
        self.steps.append(("Error", message))


Work = Callable[[str, dict[str, Any], Log], None]


class Sessions:
    """Starts sessions, and carries their work out in the order in which it falls due."""

    def __init__(self, database: Database, ids: Ids, clock: Clock) -> None:
        self._database = database
        self._ids = ids
        self._clock = clock
        self._work: dict[str, Work] = {}
        self.ending: Ending | None = None

    def does(self, kind: str, work: Work) -> None:
        """Says what sessions of a kind do. Called with the session's ID, payload and log; raises SessionFailed."""
        self._work[kind] = work

    def start(self, kind: str, name: str, payload: dict[str, Any], seconds: float) -> str:
        """Starts a session. Answers its ID."""
        session = self._ids.new()
        self._database.run(
            "INSERT INTO sessions (id, kind, name, started, seconds, status, reason, payload)"
            " VALUES (?, ?, ?, ?, ?, ?, '', ?)",
            session,
            kind,
            name,
            self._clock(),
            seconds,
            RUNNING,
            json.dumps(payload),
        )
        return session

    def settle(self) -> None:
        """Carries out all work that is due."""
        due = "SELECT * FROM sessions WHERE status = ? AND started + seconds <= ? ORDER BY started + seconds, position"
        for row in self._database.all(due, RUNNING, self._clock()):
            self._carry_out(row)

    def _carry_out(self, row: sqlite3.Row) -> None:
        log, reason, ending = Log(), "", self.ending
        try:
            if ending is not None and ending.status == FAILED:
                raise SessionFailed(ending.reason)
            with self._database.transaction():
                self._work[row["kind"]](row["id"], json.loads(row["payload"]), log)
            status = log.worst if ending is None else ending.status
        except SessionFailed as failure:
            status, reason = FAILED, str(failure)
            log.error(reason)
        if ending is not None and ending.log is not None:
            log.steps[:] = ending.log
        with self._database.transaction():
            self._database.run("UPDATE sessions SET status = ?, reason = ? WHERE id = ?", status, reason, row["id"])
            self._database.many(
                "INSERT INTO session_log VALUES (?, ?, ?, ?)",
                ((row["id"], position, *step) for position, step in enumerate(log.steps)),
            )

    def hurry(self, session_id: str) -> None:
        """Lets a session take no time, so that it is due at once."""
        self._database.run("UPDATE sessions SET seconds = 0 WHERE id = ?", session_id)

    def pending(self, kind: str) -> list[dict[str, Any]]:
        """The payloads of the sessions of a kind that are not over."""
        rows = self._database.all("SELECT payload FROM sessions WHERE kind = ? AND status = ?", kind, RUNNING)
        return [json.loads(row["payload"]) for row in rows]

    def get(self, session_id: str) -> Session | None:
        """The session with an ID."""
        row = self._database.one("SELECT * FROM sessions WHERE id = ?", session_id)
        return None if row is None else self._session(row)

    def all(self) -> list[Session]:
        """All sessions, the oldest first."""
        return [self._session(row) for row in self._database.all("SELECT * FROM sessions ORDER BY position")]

    def log(self, session: Session) -> list[Step]:
        """The log of a session. While it runs it says no more than that."""
        if session.status == WAITING:
            return []
        began = session.began or 0.0
        if session.ended is None:
            return [Step(began, "Running", session.name)]
        rows = self._database.all("SELECT * FROM session_log WHERE session = ? ORDER BY position", session.id)
        return [Step(session.ended, row["status"], row["message"]) for row in rows]

    def _session(self, row: sqlite3.Row) -> Session:
        began = row["started"] + row["seconds"] * QUEUED_PART
        status, now = row["status"], self._clock()
        if status != RUNNING:
            ended = row["started"] + row["seconds"]
            return Session(row["id"], row["kind"], row["name"], status, row["reason"], began, ended, ended - began)
        if now < began:
            return Session(row["id"], row["kind"], row["name"], WAITING, "", None, None, None)
        return Session(row["id"], row["kind"], row["name"], RUNNING, "", began, None, now - began)
