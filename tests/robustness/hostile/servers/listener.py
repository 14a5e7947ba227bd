# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Accepts the connections of a run."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable
from typing import Any

LOOPBACK = "127.0.0.1"
SECONDS = 40.0
"""Longest time that a connection is kept, whatever happens."""


class Listener:
    """Accepts connections, each in a thread of its own, until the run is over. What arrives before begin waits.

    connections: how many there were. first: when the first one came, on the monotonic clock.
    """

    def __init__(self, work: Callable[[Any], None]) -> None:
        self._work = work
        self._listener = socket.create_server((LOOPBACK, 0), backlog=64)
        self.port: int = self._listener.getsockname()[1]
        self.where = f"{LOOPBACK}:{self.port}"
        self.over = threading.Event()
        self.connections = 0
        self.first: float | None = None
        self._threads: list[threading.Thread] = []

    def begin(self) -> None:
        """Accept connections from now on."""
        self._start(self._accept)

    def finish(self) -> None:
        """End all connections and wait for their threads."""
        self.over.set()
        # Closing alone does not wake the thread that accepts.
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self.close()
        for thread in list(self._threads):
            thread.join(5)

    def close(self) -> None:
        """Close the listener in this process."""
        self._listener.close()

    def _start(self, target: Callable[..., None], *arguments: Any) -> None:
        thread = threading.Thread(target=target, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self.over.is_set():
            try:
                connection, _address = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self.first = self.first or time.monotonic()
            connection.settimeout(SECONDS)
            self._start(self._serve, connection)

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError, ValueError), connection:
            self._work(connection)
