# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One attempt of a request: its progress, its socket, and a thread that cuts it off when its deadline is over."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

from .deadline import LONGEST_NAP, Deadline


class Attempt:
    """The progress of an attempt, and the socket that it uses.

    phase: ``""`` before it connects, then ``connecting``, ``proxy`` (the TLS handshake with a proxy), ``connecting``
    again, ``connected`` and ``sending``. From ``sending`` on, bytes of the request may have left.
    """

    def __init__(self, deadline: Deadline | None = None) -> None:
        self.phase = ""
        self._deadline = deadline
        self._socket: Any = None
        self._lock = threading.Lock()

    def uses(self, sock: Any) -> None:
        """Remember the socket. sock: also a TLS connection within another one, which has the socket inside."""
        self._socket = getattr(sock, "socket", sock)

    def cut_if_over(self) -> None:
        """Shut the socket down if the deadline is over. A thread that waits for the peer then continues."""
        if self._deadline is None or not self._deadline.expired:
            return
        with self._lock, contextlib.suppress(OSError, AttributeError):
            # Not the method of ssl.SSLSocket: it removes the encryption first, and another thread may be sending.
            socket.socket.shutdown(self._socket, socket.SHUT_RDWR)

    def end(self) -> None:
        """Let go of the socket, which the next attempt may use."""
        with self._lock:
            self._socket = None


class _Current(threading.local):
    attempt = Attempt()


_current = _Current()


def current() -> Attempt:
    """Return the attempt of this thread."""
    return _current.attempt


class Watch:
    """Cuts attempts off whose deadline is over.

    The timeout of a socket counts from the last byte, so a peer that sends a byte at a time (in headers, in the answer
    of a proxy, in a chunk) would never reach it.
    """

    def __init__(self) -> None:
        self._attempts: set[Attempt] = set()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    @contextlib.contextmanager
    def attempt(self, deadline: Deadline) -> Iterator[Attempt]:
        """Watch over an attempt of this thread, until the end of the block."""
        attempt = _current.attempt = Attempt(deadline)
        with self._lock:
            self._attempts.add(attempt)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="vbaws deadline", daemon=True)
                self._thread.start()
        try:
            yield attempt
        finally:
            attempt.end()
            with self._lock:
                self._attempts.discard(attempt)

    def _run(self) -> None:
        """Look at the attempts several times a second; end when there is none."""
        while True:
            time.sleep(LONGEST_NAP)
            with self._lock:
                attempts = list(self._attempts)
                if not attempts:
                    self._thread = None
                    return
            for attempt in attempts:
                attempt.cut_if_over()
