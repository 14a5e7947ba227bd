# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rescans of the structure of an AWS Organization, in memory or into the appliance's database."""

from __future__ import annotations

from .._errors import ApplianceError, UnknownOutcome
from .api import Api
from .sessions import Session, Sessions


class Rescans:
    """Starts rescans and waits for them. done: what they changed on the appliance, in words, for messages."""

    def __init__(self, api: Api, sessions: Sessions) -> None:
        self._api = api
        self._sessions = sessions
        self.done: list[str] = []

    def start(self, role_id: str, storage: str, label: str) -> str:
        """Starts a rescan and returns its session. storage: ``Database`` or ``InMemory``; label: the organization, for
        messages.
        """
        try:
            return self._api.rescan(role_id, storage, label)
        except UnknownOutcome as error:
            if storage == "Database" and not error.unknown:
                error.unknown = f"the stored structure of the AWS Organization {label!r} gets updated"
                error.journaled = True
            raise

    def in_memory(self, role_id: str, label: str) -> str:
        """Rescans into the memory of the appliance and returns the session, which holds the result for a while."""
        session = self.start(role_id, "InMemory", label)
        self.finish(session, label)
        return session

    def into_database(self, role_id: str, label: str) -> Session:
        """Rescans into the configuration database: the stored structure of an added organization is updated."""
        return self.finish(self.start(role_id, "Database", label), label, database=True)

    def finish(self, session: str, label: str, database: bool = False) -> Session:
        """Waits for a rescan. Raises ApplianceError (timeout, session_failed), which tells what may become of it."""
        what = f"The rescan of the AWS Organization {label!r}"
        try:
            ended = self._sessions.wait(session, what)
        except ApplianceError as error:
            if database:
                error.unknown = f"the session {session} updates the stored structure of the AWS Organization {label!r}"
            raise
        self._sessions.require(ended, what)
        if database:
            self.done.append(f"the stored structure of the AWS Organization {label!r} was updated")
        return ended
