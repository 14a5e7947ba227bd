# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real HTTPS servers on loopback, and a proxy, that do what a test tells them to."""

from __future__ import annotations

import contextlib
import json
import select
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import Any

import trustme

LOOPBACK = "127.0.0.1"


@dataclass
class Reply:
    """What the server does with one request. ``action``: drop (no answer), reset, stall (for ``seconds``), drip."""

    status: int = 200
    body: Any = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    action: str = ""
    seconds: float = 0.0

    def bytes(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


@dataclass
class Seen:
    """One request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    connection: int
    target: str
    """The path as it was asked for; ``path`` is without the root of the API."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Appliance

    def setup(self) -> None:
        self.request = self.server.context.wrap_socket(self.request, server_side=True)
        with self.server.lock:
            self.server.handshakes += 1
            self.number = self.server.handshakes
        super().setup()

    def finish(self) -> None:
        super().finish()
        self.request.close()

    def log_message(self, *args: Any) -> None:
        """Stay silent."""

    def handle_any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        seen = Seen(self.command, self.path.removeprefix("/api/v1"), dict(self.headers), body, self.number, self.path)
        reply = self.server.answer(seen)
        if reply.action in ("drop", "reset"):
            if reply.action == "reset":
                self.request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
            return
        if reply.action == "stall":
            self.server.released.wait(reply.seconds)
        content = b"" if reply.status == 204 else reply.bytes()
        self.send_response(reply.status)
        headers = {"Content-Type": "application/json", "Content-Length": str(len(content)), **reply.headers}
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if reply.action == "drip":
            for position in range(len(content)):
                self.wfile.write(content[position : position + 1])
                time.sleep(reply.seconds)
            return
        self.wfile.write(content)
        if headers["Content-Length"] != str(len(content)):
            self.close_connection = True

    do_GET = do_POST = do_PUT = do_DELETE = handle_any  # noqa: N815


class Appliance(ThreadingTCPServer):
    """An HTTPS server. Token calls are answered from ``tokens``, else with a new token; the rest from ``replies``."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, certificate: trustme.LeafCert, authority: trustme.CA, ca_file: Path) -> None:
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate.configure_cert(self.context)
        self.certificate = certificate
        self.authority = authority
        self.ca_file = str(ca_file)
        self.lock = threading.Lock()
        self.released = threading.Event()
        self.handshakes = 0
        self.seen: list[Seen] = []
        self.replies: list[Reply | Callable[[Seen], Reply]] = []
        self.tokens: list[Reply | Callable[[Seen], Reply]] = []
        self.issued = 0
        super().__init__((LOOPBACK, 0), _Handler)

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up, or refuses the certificate, is what many tests are about."""

    def answer(self, seen: Seen) -> Reply:
        with self.lock:
            self.seen.append(seen)
            if seen.path == "/token":
                if self.tokens:
                    reply = self.tokens.pop(0)
                elif seen.method == "DELETE":
                    reply = Reply(204)
                else:
                    self.issued += 1
                    reply = Reply(body={"access_token": f"issued-token-{self.issued}"})
            else:
                reply = self.replies.pop(0) if self.replies else Reply()
        return reply(seen) if callable(reply) else reply

    def calls(self) -> list[str]:
        """The requests as ``METHOD PATH``, in order."""
        return [f"{seen.method} {seen.path}" for seen in self.seen]

    def options(self, **more: Any) -> dict[str, Any]:
        """Connection options that reach this server."""
        login = {"username": "automation", "password": "correct horse battery staple"}
        return {"hostname": LOOPBACK, "port": self.port, "ca_path": self.ca_file, **login, **more}


@contextlib.contextmanager
def serving(server: ThreadingTCPServer) -> Iterator[None]:
    """Serve in a thread until the end of the block."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        if isinstance(server, Appliance):
            server.released.set()
        server.shutdown()
        server.server_close()
        thread.join()


class _ProxyHandler(StreamRequestHandler):
    server: Proxy

    def handle(self) -> None:
        method, target, _version = self.rfile.readline().decode().split()
        headers = {}
        while line := self.rfile.readline().decode().strip():
            name, _colon, value = line.partition(":")
            headers[name.lower()] = value.strip()
        self.server.seen.append((method, target, headers))
        if self.server.status != 200:
            self.wfile.write(f"HTTP/1.1 {self.server.status} No\r\nContent-Length: 0\r\n\r\n".encode())
            return
        host, port = target.rsplit(":", 1)
        with socket.create_connection((host, int(port))) as upstream:
            self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            pair = {self.connection: upstream, upstream: self.connection}
            while True:
                for source in select.select(list(pair), [], [])[0]:
                    data = source.recv(65536)
                    if not data:
                        return
                    pair[source].sendall(data)


class Proxy(ThreadingTCPServer):
    """A proxy that opens tunnels, or answers ``status`` instead."""

    daemon_threads = True

    def __init__(self) -> None:
        self.seen: list[tuple[str, str, dict[str, str]]] = []
        self.status = 200
        super().__init__((LOOPBACK, 0), _ProxyHandler)

    @property
    def where(self) -> str:
        return f"{LOOPBACK}:{self.server_address[1]}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A tunnel that is cut is no matter."""
