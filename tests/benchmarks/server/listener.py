# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""HTTPS with a thread for each connection, and nothing that a client of the collection does not need."""

from __future__ import annotations

import contextlib
import re
import selectors
import socket
import ssl
import threading
import time

from .answers import Answers

LOOPBACK = "127.0.0.1"
LENGTH = re.compile(rb"(?i)\r\ncontent-length: *(\d+)")


class Listener:
    """Listens on several ports of loopback. latency: seconds that a round trip takes."""

    def __init__(self, answers: Answers, context: ssl.SSLContext, ports: int) -> None:
        self._answers = answers
        self._context = context
        self._listeners = [socket.create_server((LOOPBACK, 0), backlog=128) for _port in range(ports)]
        self._lock = threading.Lock()
        self.ports = [listener.getsockname()[1] for listener in self._listeners]
        self.latency = 0.0
        self.requests = 0
        self.handshakes = 0

    def begin(self) -> None:
        """Accept connections from now on."""
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with selectors.DefaultSelector() as selector:
            for listener in self._listeners:
                selector.register(listener, selectors.EVENT_READ)
            while True:
                for key, _events in selector.select():
                    connection, _address = key.fileobj.accept()  # type: ignore[union-attr]
                    threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, raw: socket.socket) -> None:
        # A client that goes away is none of the server's business.
        with contextlib.suppress(OSError), raw:
            raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            # One round trip each for TCP and for TLS 1.3.
            time.sleep(2 * self.latency)
            with self._context.wrap_socket(raw, server_side=True) as connection:
                with self._lock:
                    self.handshakes += 1
                while self._exchange(connection):
                    pass

    def _exchange(self, connection: ssl.SSLSocket) -> bool:
        received = _receive(connection)
        if received is None:
            return False
        head, body = received
        method, target, _version = head.split(b"\r\n", 1)[0].decode().split(" ")
        with self._lock:
            self.requests += 1
        time.sleep(self.latency)
        connection.sendall(self._answers.answer(method, target, body))
        return b"\r\nconnection: close" not in head.lower()


def _receive(connection: ssl.SSLSocket) -> tuple[bytes, bytes] | None:
    """The head and the body of a request, None at the end of the connection."""
    content, wanted = b"", -1
    while wanted < 0 or len(content) < wanted:
        part = connection.recv(65536)
        if not part:
            return None
        content += part
        end = content.find(b"\r\n\r\n")
        if wanted < 0 <= end:
            length = LENGTH.search(content, 0, end + 2)
            wanted = end + 4 + (int(length[1]) if length else 0)
    head, _blank, body = content.partition(b"\r\n\r\n")
    return head, body
