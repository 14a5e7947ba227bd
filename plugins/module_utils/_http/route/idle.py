# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sessions of a task that are not in use at the moment."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Callable


class IdleSessions:
    """Lends sessions, each to one thread at a time, and keeps them for the next exchange of any thread.

    A session keeps its connection open, so there are never more connections than exchanges at the same time.
    Thread-safe.
    """

    def __init__(self, make: Callable[[], Any]) -> None:
        """make: returns a new ``requests.Session``."""
        self._make = make
        self._idle: list[Any] = []
        self._closed = False
        self._lock = threading.Lock()

    @contextmanager
    def borrowed(self) -> Iterator[Any]:
        """Lend the session that was used last, or a new one. After an exception it is closed and not lent again."""
        with self._lock:
            session = self._idle.pop() if self._idle else None
        if session is None:
            session = self._make()
        try:
            yield session
        except BaseException:
            session.close()
            raise
        with self._lock:
            if not self._closed:
                self._idle.append(session)
                return
        session.close()

    def close(self) -> None:
        """Close the idle sessions now, and a session that is in use when it comes back."""
        with self._lock:
            self._closed = True
            sessions, self._idle = self._idle, []
        for session in sessions:
            session.close()
