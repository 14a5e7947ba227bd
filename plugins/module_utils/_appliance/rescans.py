# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rescans of the structure of an AWS Organization, in memory or into the appliance's database."""

from __future__ import annotations

from .._errors import ApplianceError
from .._module.journal import Journal
from .._wording import quoted
from .api import Api
from .sessions import Session, Sessions


class Rescans:
    """Starts rescans and waits for them."""

    def __init__(self, api: Api, sessions: Sessions, journal: Journal) -> None:
        self._api = api
        self._sessions = sessions
        self._journal = journal

    def start(self, role_id: str, storage: str, label: str) -> str:
        """Start a rescan and return its session.

        storage: ``Database`` or ``InMemory``; label: the organization, for messages.
        """
        return self._api.rescan(role_id, storage, quoted(label))

    def in_memory(self, role_id: str, label: str) -> str:
        """Rescan into the memory of the appliance and return the session, which holds the result for a while."""
        session = self.start(role_id, "InMemory", label)
        self.finish(session, label)
        return session

    def into_database(self, role_id: str, label: str) -> Session:
        """Rescan into the configuration database: the stored structure of an added organization is updated."""
        return self.finish(self.start(role_id, "Database", label), label, database=True)

    def finish(self, session: str, label: str, database: bool = False) -> Session:
        """Wait for a rescan. Raises ApplianceError (timeout, session_failed)."""
        what = f"The rescan of the AWS Organization {quoted(label)}"
        if not database:
            return self._sessions.require(self._sessions.wait(session, what), what)
        ended = self._sessions.wait(session, what)
        try:
            self._sessions.require(ended, what)
        except ApplianceError:
            self._journal.failed()
            raise
        self._journal.succeeded()
        return ended
