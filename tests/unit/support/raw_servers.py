# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers that send bytes which no HTTP library would send: hostile appliances and proxies."""

from __future__ import annotations

import contextlib
import socket
import ssl
import time
from collections.abc import Callable
from socketserver import BaseRequestHandler, ThreadingTCPServer

import trustme

from .servers import LOOPBACK

Script = Callable[[socket.socket, bytes], None]
"""What a server does with a connection after it has read a request. It closes the connection afterwards."""


class _Handler(BaseRequestHandler):
    server: RawServer

    def handle(self) -> None:
        connection = self.request
        with contextlib.suppress(OSError):
            if self.server.context:
                connection = self.server.context.wrap_socket(connection, server_side=True)
            with connection:
                request = self.server.read(connection)
                self.server.seen.append(request)
                self.server.script(connection, request)


class RawServer(ThreadingTCPServer):
    """A TCP server, with TLS if it has a certificate. ``seen`` has the requests as they came."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, script: Script, certificate: trustme.LeafCert | None = None) -> None:
        self.script = script
        self.read: Callable[[socket.socket], bytes] = read_request
        self.seen: list[bytes] = []
        self.context: ssl.SSLContext | None = None
        if certificate:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            certificate.configure_cert(self.context)
        super().__init__((LOOPBACK, 0), _Handler)

    @property
    def port(self) -> int:
        return int(self.server_address[1])


def read_request(connection: socket.socket) -> bytes:
    """Return a request with its body."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65536)
        if not piece:
            return data
        data += piece
    head, _blank, body = data.partition(b"\r\n\r\n")
    length = next((int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0)
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


def drip(before: bytes, piece: bytes, pause: float = 0.1) -> Script:
    """Return a script that sends ``before`` and then a piece at a time, for ever."""

    def script(connection: socket.socket, _request: bytes) -> None:
        connection.sendall(before)
        while True:
            connection.sendall(piece)
            time.sleep(pause)

    return script


def flood(before: bytes, piece: bytes) -> Script:
    """Return a script that sends ``before`` and then pieces as fast as it can, for ever."""
    return drip(before, piece, 0)


def reply(*pieces: bytes) -> Script:
    """Return a script that sends these bytes."""

    def script(connection: socket.socket, _request: bytes) -> None:
        connection.sendall(b"".join(pieces))

    return script


def closing() -> Script:
    """Return a script that closes the connection without an answer."""
    return lambda _connection, _request: None
