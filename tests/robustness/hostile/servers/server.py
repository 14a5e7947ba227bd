# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A TLS server on plain sockets, which can send what no framework would."""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any, Protocol

import trustme
from ansible_collections.vbaws.appliance.tests.robustness.hostile.servers.listener import LOOPBACK, SECONDS, Listener
from ansible_collections.vbaws.appliance.tests.robustness.hostile.servers.world import Good, Seen, World


@dataclass(frozen=True)
class Certificate:
    """The files of a certificate for loopback, and of the authority that a client trusts."""

    chain: str
    authority: str

    @classmethod
    def make(cls, folder: Path, name: str) -> Certificate:
        """Write both to a folder."""
        authority = trustme.CA()
        leaf = authority.issue_cert(LOOPBACK, "localhost")
        chain, trusted = folder / f"{name}.pem", folder / f"{name}-ca.pem"
        leaf.private_key_and_cert_chain_pem.write_to_path(str(chain))
        authority.cert_pem.write_to_path(str(trusted))
        return cls(str(chain), str(trusted))

    @property
    def fingerprint(self) -> str:
        """Of the certificate, as the option takes it."""
        pem = Path(self.chain).read_text(encoding="ascii")
        first = pem[pem.index("-----BEGIN CERTIFICATE") :]
        return hashlib.sha256(ssl.PEM_cert_to_DER_cert(first[: first.index("-----END") + 25] + "\n")).hexdigest()

    def context(self) -> ssl.SSLContext:
        """What a server shows."""
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.load_cert_chain(self.chain)
        return made


class Attack(Protocol):
    """What is done with a request instead of an honest answer."""

    @property
    def kind(self) -> str:
        """The row of the table."""

    @property
    def early(self) -> bool:
        """Whether it is done with a connection before a request was read."""

    @property
    def slow(self) -> bool:
        """Whether it may take a run to its deadline."""

    def act(self, exchange: Exchange) -> None:
        """Answer, or not."""


@dataclass(frozen=True)
class Position:
    """Which requests are attacked: those that match, without the first ones, for some times."""

    match: str = ""
    skip: int = 0
    times: int = 1

    def __str__(self) -> str:
        return f"{self.times} x from number {self.skip} of {self.match or 'all'}"


@dataclass
class Exchange:
    """One request and the means to answer it."""

    seen: Seen
    connection: Any
    server: HostileServer
    keep: bool = True
    """Whether the connection may be used again."""
    intact: bool = False
    """Whether the token of a login arrives with the answer of an attack."""

    @property
    def world(self) -> World:
        return self.server.world

    def good(self) -> Good:
        """Let the good appliance do what was asked and return the honest answer."""
        return self.world.work(self.seen)

    def send(self, content: bytes) -> None:
        """Send bytes as they are. The status that they begin with is what the client is told."""
        told = re.match(rb"HTTP/1\.\d +(\d{3})", content)
        if told and not self.seen.told:
            self.seen.told = int(told[1])
        self.connection.sendall(content)

    def drip(self, content: bytes, pause: float, size: int = 1) -> None:
        """Send bytes in small parts, until the run is over."""
        for start in range(0, len(content), size):
            self.send(content[start : start + size])
            if self.server.over.wait(pause):
                break

    def wait(self, seconds: float = SECONDS) -> None:
        """Send nothing for some time, or until the run is over."""
        self.server.over.wait(seconds)

    def answer(
        self,
        status: int,
        body: bytes = b"",
        headers: Mapping[str, str] | Iterable[tuple[str, str]] = (),
        reason: str | None = None,
    ) -> None:
        """Send an answer with the right length."""
        self.send(message(status, body, headers, reason))

    def login_body(self, body: bytes) -> None:
        """Note which token arrives with a body that an attack has changed."""
        if not self.seen.is_login or not self.world.issued:
            return
        try:
            value = json.loads(body)
        except (ValueError, RecursionError):
            return
        token = value.get("access_token") if isinstance(value, dict) else None
        if token and isinstance(token, str):
            self.intact = True
            self.world.issued[-1].value = token

    def raw_send(self, content: bytes) -> None:
        """Send bytes that are not encrypted over a connection that is."""
        raw = socket.socket(fileno=self.connection.detach())
        raw.sendall(content)
        self.connection = raw

    def wrap(self) -> None:
        """Do the handshake of TLS on a connection that has none yet."""
        self.connection = self.server.context.wrap_socket(self.connection, server_side=True)

    def end(self) -> None:
        """Close the connection in an orderly way."""
        self.keep = False

    def reset(self) -> None:
        """Cut the connection: the client gets a reset."""
        self.keep = False
        with contextlib.suppress(OSError):
            raw = socket.socket(fileno=self.connection.detach())
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            raw.close()


def message(
    status: int,
    body: bytes = b"",
    headers: Mapping[str, str] | Iterable[tuple[str, str]] = (),
    reason: str | None = None,
) -> bytes:
    """An answer with the right length."""
    pairs = list(headers.items() if isinstance(headers, Mapping) else headers)
    if reason is None:
        reason = HTTPStatus(status).phrase if status in set(HTTPStatus) else "Unknown"
    names = {name.lower() for name, _value in pairs}
    if "content-length" not in names and "transfer-encoding" not in names and status != 204:
        pairs.append(("Content-Length", str(len(body))))
    head = "".join(f"{name}: {value}\r\n" for name, value in pairs)
    return f"HTTP/1.1 {status} {reason}\r\n{head}\r\n".encode("utf-8", "surrogateescape") + body


def problem(status: int, details: str, title: str = "Refused", **more: Any) -> bytes:
    """The body of a problem as the reference has it."""
    return json.dumps(
        {"title": title, "status": status, "errorCode": "AccessDenied", "details": details, **more}
    ).encode()


@dataclass
class HostileServer(Listener):
    """Serves one run. begin and finish enclose it."""

    world: World
    certificate: Certificate
    position: Position | None = None
    attack: Attack | None = None
    signal: Callable[[int], None] = lambda _number: None
    """Sends a signal to the process that runs the module."""
    elsewhere: str = ""
    """The address of a listener that no run may connect to."""
    seen: list[Seen] = field(default_factory=list)
    hits: int = 0

    def __post_init__(self) -> None:
        super().__init__(self._answer)
        self._lock = threading.Lock()
        self._matched = 0
        self.context = self.certificate.context()

    def _answer(self, raw: socket.socket) -> None:
        with self._lock:
            attack = self._attack_on("", early=True)
        if attack is not None:
            exchange = Exchange(Seen(-1, "", "", (), {}, b""), raw, self)
            attack.act(exchange)
            exchange.connection.close()
            return
        with self.context.wrap_socket(raw, server_side=True) as connection:
            while self._exchange(connection):
                pass

    def _exchange(self, connection: ssl.SSLSocket) -> bool:
        """Serve one request. Return whether another one may follow."""
        received = _read_request(connection)
        if received is None:
            return False
        with self._lock:
            seen = Seen.parse(len(self.seen), *received)
            self.seen.append(seen)
            attack = self._attack_on(str(seen), early=False)
        exchange = Exchange(seen, connection, self)
        if attack is None:
            good = exchange.good()
            exchange.answer(good.status, good.body, good.headers)
            return True
        seen.attack = attack.kind
        before = len(self.world.issued)
        try:
            attack.act(exchange)
        finally:
            for one in self.world.issued[before:]:
                one.arrived = exchange.intact
            if exchange.connection is not connection:
                exchange.connection.close()
        return exchange.keep and not self.over.is_set()

    def _attack_on(self, text: str, early: bool) -> Attack | None:
        if self.position is None or self.attack is None or self.attack.early != early:
            return None
        if not re.search(self.position.match, text):
            return None
        self._matched += 1
        if not self.position.skip < self._matched <= self.position.skip + self.position.times:
            return None
        self.hits += 1
        return self.attack


def _read_request(connection: ssl.SSLSocket) -> tuple[bytes, bytes] | None:
    """Return the head and the body of a request, None at the end of the connection."""
    content, wanted = b"", 1
    while len(content) < wanted or b"\r\n\r\n" not in content:
        part = connection.recv(65536)
        if not part:
            return None
        content += part
        head, blank, _rest = content.partition(b"\r\n\r\n")
        length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
        wanted = len(head) + len(blank) + (int(length[1]) if length else 0)
    head, _blank, body = content.partition(b"\r\n\r\n")
    return head, body
