# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An appliance that answers as a simulated one does, until an attack spoils an answer."""

from __future__ import annotations

import contextlib
import json
import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from socketserver import BaseRequestHandler, ThreadingTCPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import trustme

from simulator.api.in_process import InProcessAppliance

from .canaries import Canaries

LOOPBACK = "127.0.0.1"
ROOT = "/api/v1"
BASE = "/organizations/amazon"


@dataclass
class Exchange:
    """A request, and the answer that a good appliance gives. told: the status of the answer that was given last."""

    number: int
    method: str
    path: str
    head: str
    body: str
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    content: bytes = b""
    told: int = 0

    @property
    def is_write(self) -> bool:
        """Whether it changes what the appliance has registered."""
        if self.method == "POST":
            return self.path == BASE
        return self.method in ("PUT", "DELETE") and self.path.startswith(BASE + "/")

    def header(self, name: str) -> str:
        """The value of a header of the request, empty without one."""
        lines = (line.partition(":") for line in self.head.splitlines())
        return next((value.strip() for key, _colon, value in lines if key.lower() == name), "")

    def answer(self, content: bytes | None = None, status: int | None = None, **headers: str) -> bytes:
        """The answer as bytes, with parts of it replaced."""
        self.told = status or self.status
        body = self.content if content is None else content
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        merged = {**self.headers, "Content-Length": str(len(body)), **named}
        lines = [f"HTTP/1.1 {self.told} Whatever", *(f"{key}: {value}" for key, value in merged.items())]
        return "\r\n".join(lines).encode("utf-8", "surrogateescape") + b"\r\n\r\n" + body


Attack = Callable[[socket.socket, Exchange], None]
"""Sends what it likes instead of the answer, and then returns or raises OSError to end the connection."""


class _Handler(BaseRequestHandler):
    server: HostileAppliance

    def handle(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            connection = self.server.context.wrap_socket(self.request, server_side=True)
            connection.settimeout(30)
            with connection, connection.makefile("rb") as stream:
                while self._exchange(connection, stream):
                    pass

    def _exchange(self, connection: socket.socket, stream: Any) -> bool:
        line = stream.readline().decode()
        if not line.strip():
            return False
        head = [line]
        while (more := stream.readline().decode("utf-8", "replace")).strip():
            head.append(more)
        length = next((int(one[15:]) for one in head if one.lower().startswith("content-length:")), 0)
        body = stream.read(length).decode()
        method, target, _version = line.split()
        exchange = self.server.received(method, target, "".join(head), body)
        attack = self.server.attack_on(exchange)
        if attack is not None:
            attack(connection, exchange)
            return False
        connection.sendall(exchange.answer())
        return True


class HostileAppliance(ThreadingTCPServer):
    """attack: spoils the answers to which requests (by number from 0, in the order of arrival)."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, simulated: InProcessAppliance, certificate: trustme.LeafCert, canaries: Canaries) -> None:
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate.configure_cert(self.context)
        self.simulated = simulated
        self.canaries = canaries
        self.attack: Attack | None = None
        self.spoiled: Callable[[Exchange], bool] = lambda _exchange: False
        self.exchanges: list[Exchange] = []
        self.issued: list[str] = []
        self.revoked: list[str] = []
        self._lock = threading.Lock()
        super().__init__((LOOPBACK, 0), _Handler)

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is what many cases are about."""

    def attack_on(self, exchange: Exchange) -> Attack | None:
        """The attack on an exchange, None if it is answered well."""
        return self.attack if self.attack is not None and self.spoiled(exchange) else None

    def received(self, method: str, target: str, head: str, body: str) -> Exchange:
        """Record a request and let the good appliance carry it out."""
        parts = urlsplit(target)
        path = unquote(parts.path.removeprefix(ROOT))
        with self._lock:
            exchange = Exchange(len(self.exchanges), method, path, head, body)
            self.exchanges.append(exchange)
            if path == "/token":
                self._token(exchange)
            else:
                self._work(exchange, parts.query)
        return exchange

    def _token(self, exchange: Exchange) -> None:
        exchange.headers = {"Content-Type": "application/json"}
        if exchange.method == "DELETE":
            bearer = next(
                line[22:].strip() for line in exchange.head.splitlines() if line.startswith("Authorization: Bearer")
            )
            self.revoked.append(bearer)
            exchange.status, exchange.headers = 204, {}
            return
        token = self.canaries.issued(len(self.issued))
        self.issued.append(token)
        exchange.content = json.dumps({"access_token": token, "token_type": "bearer", "expires_in": 3600}).encode()

    def _work(self, exchange: Exchange, query: str) -> None:
        pairs = parse_qsl(query, keep_blank_values=True)
        sent = json.loads(exchange.body) if exchange.body else None
        accept = next(
            (line[7:].strip() for line in exchange.head.splitlines() if line.lower().startswith("accept:")), ""
        )
        exchange.status, headers, body = self.simulated.call(
            exchange.method, exchange.path, pairs, sent, {"x-api-version": "1.7-rev0", "Accept": accept}
        )
        exchange.headers = dict(headers)
        exchange.content = b"" if body is None else (body if isinstance(body, str) else json.dumps(body)).encode()
