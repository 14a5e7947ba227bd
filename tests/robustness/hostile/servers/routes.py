# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ways to the appliance: direct, and through proxies that listen, drip, refuse, or are not who they claim to be."""

from __future__ import annotations

import base64
import re
import select
import socket
import ssl
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from ansible_collections.vbaws.appliance.tests.robustness.hostile.canaries import Canaries
from ansible_collections.vbaws.appliance.tests.robustness.hostile.servers.listener import SECONDS, Listener
from ansible_collections.vbaws.appliance.tests.robustness.hostile.servers.server import Certificate

USER = "proxyuser"
HTTP_ANSWERS = (
    "tunnel",
    "tunnel",
    "tunnel",
    "407",
    "407 echo",
    "403 echo",
    "drip",
    "drip head",
    "end",
    "silence",
    "garbage",
    "redirect",
    "huge",
    "500",
)
SLOW_ANSWERS = ("drip", "drip head")
SOCKS_ANSWERS = ("tunnel", "tunnel", "tunnel", "refuse", "end", "silence", "garbage", "late end")


@dataclass(frozen=True)
class Way:
    """How a run reaches the appliance. kind: direct, http, https, trusted https, socks. answer: what the proxy does."""

    kind: str = "direct"
    answer: str = "tunnel"
    by: str = "option"

    def __str__(self) -> str:
        return "" if self.kind == "direct" else f", through {self.kind} proxy ({self.by}): {self.answer}"


DIRECT = Way()


class Elsewhere(Listener):
    """A host that nothing may be sent to."""

    def __init__(self) -> None:
        super().__init__(lambda connection: connection.recv(65536) and None)


class Proxy(Listener):
    """A proxy of one kind. credentials: what it was given, as ``user:password``."""

    def __init__(self, way: Way, certificate: Certificate | None) -> None:
        self._way = way
        self._context = certificate.context() if certificate else None
        self.credentials: list[str] = []
        super().__init__(self._socks if way.kind == "socks" else self._http)

    def _http(self, raw: socket.socket) -> None:
        connection = self._context.wrap_socket(raw, server_side=True) if self._context else raw
        with connection:
            head = _until(connection, b"\r\n\r\n")
            if not head:
                return
            given = re.search(rb"(?i)\r\nproxy-authorization: basic ([\w+/=]+)", head)
            if given:
                self.credentials.append(base64.b64decode(given[1]).decode("utf-8", "replace"))
            target = head.split(b" ", 2)[1].decode("latin-1")
            self._answer(connection, target, given[1].decode() if given else "")

    def _answer(self, connection: Any, target: str, given: str) -> None:
        # As the bytes were given, in base64 and decoded.
        echo = f"credentials {given} ({base64.b64decode(given).decode('latin-1')}) denied"
        empty = "Content-Length: 0\r\n\r\n"
        answers = {
            "407": f"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=x\r\n{empty}",
            "407 echo": f"HTTP/1.1 407 {echo}\r\n{empty}",
            "403 echo": f"HTTP/1.1 403 No\r\nX-Why: {echo}\r\nContent-Length: {len(echo)}\r\n\r\n{echo}",
            "garbage": "\x00\x01\x02\x1b[31m\r\n\r\n",
            "redirect": f"HTTP/1.1 302 Found\r\nLocation: //[\r\n{empty}",
            "huge": f"HTTP/1.1 200 OK\r\nX-Long: {'a' * 3_000_000}\r\n\r\n",
            "500": f"HTTP/1.1 500 \x1b[31mred\x9b\r\n{empty}",
        }
        what = self._way.answer
        if what in answers:
            connection.sendall(answers[what].encode("latin-1"))
        elif what == "silence":
            self.over.wait(4)
        elif what in SLOW_ANSWERS:
            head = b"HTTP/1.1 200 " if what == "drip" else b"HTTP/1.1 200 OK\r\nX-Long: "
            for number in range(1000):
                connection.sendall(head if not number else b"a")
                if self.over.wait(0.4):
                    break
        elif what == "tunnel":
            host, _colon, port = target.rpartition(":")
            with socket.create_connection((host, int(port)), timeout=SECONDS) as upstream:
                connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
                self._tunnel(connection, upstream)

    def _socks(self, connection: socket.socket) -> None:
        what = self._way.answer
        if what == "garbage":
            connection.sendall(b"HTTP/1.1 400 No\r\n\r\n")
            return
        _version, count = _exactly(connection, 2)
        methods = _exactly(connection, count)
        if 2 in methods:
            connection.sendall(b"\x05\x02")
            user = _exactly(connection, _exactly(connection, 2)[1])
            password = _exactly(connection, _exactly(connection, 1)[0])
            self.credentials.append(f"{user.decode('utf-8', 'replace')}:{password.decode('utf-8', 'replace')}")
            connection.sendall(b"\x01\x00")
        else:
            connection.sendall(b"\x05\x00")
        if what == "end":
            return
        if what == "silence":
            self.over.wait(4)
            return
        host, port = _destination(connection)
        if what == "refuse":
            connection.sendall(b"\x05\x05\x00\x01\x00\x00\x00\x00\x00\x00")
            return
        with socket.create_connection((host, port), timeout=SECONDS) as upstream:
            connection.sendall(b"\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00")
            if what != "late end":
                self._tunnel(connection, upstream)

    def _tunnel(self, one: Any, other: socket.socket) -> None:
        pair = {one: other, other: one}
        while not self.over.is_set():
            pending = isinstance(one, ssl.SSLSocket) and one.pending()
            for source in [one] if pending else select.select(list(pair), [], [], 0.2)[0]:
                data = source.recv(65536)
                if not data:
                    return
                pair[source].sendall(data)


def _until(connection: Any, end: bytes) -> bytes:
    content = b""
    while end not in content:
        part = connection.recv(4096)
        if not part:
            return b""
        content += part
    return content


def _exactly(connection: socket.socket, size: int) -> bytes:
    content = b""
    while len(content) < size:
        part = connection.recv(size - len(content))
        if not part:
            raise OSError("closed")
        content += part
    return content


def _destination(connection: socket.socket) -> tuple[str, int]:
    _version, _command, _zero, kind = _exactly(connection, 4)
    if kind == 1:
        host = socket.inet_ntoa(_exactly(connection, 4))
    else:
        host = _exactly(connection, _exactly(connection, 1)[0]).decode()
    return host, struct.unpack(">H", _exactly(connection, 2))[0]


class Route:
    """A way with its servers, for one run."""

    def __init__(self, way: Way, appliance: Certificate, stranger: Certificate, canaries: Canaries) -> None:
        self.way = way
        self.elsewhere = Elsewhere()
        self.proxy: Proxy | None = None
        self._url = ""
        if way.kind == "direct":
            return
        certificate = {"https": stranger, "trusted https": appliance}.get(way.kind)
        self.proxy = Proxy(way, certificate)
        scheme = {"trusted https": "https", "socks": "socks5h"}.get(way.kind, way.kind)
        password = quote(canaries.password("proxy password", latin=True), safe="")
        self._url = f"{scheme}://{USER}:{password}@{self.proxy.where}"

    def listeners(self) -> Iterator[Listener]:
        """All that listens."""
        yield self.elsewhere
        if self.proxy:
            yield self.proxy

    def options(self) -> dict[str, str]:
        """The options of a task that goes this way."""
        return {"proxy": self._url} if self._url and self.way.by == "option" else {}

    def environment(self) -> dict[str, str]:
        """The variables of a task that goes this way."""
        return {"HTTPS_PROXY": self._url} if self._url and self.way.by == "environment" else {}

    def violations(self, trust: str) -> Iterator[tuple[str, str]]:
        """(c) What must not have been sent. trust: as a case has it; a client may trust the stranger."""
        if self.elsewhere.connections:
            yield "c: a connection to another host", f"{self.elsewhere.connections} times"
        if self.proxy and self.way.kind == "https" and trust != "other ca_path" and self.proxy.credentials:
            yield (
                "c: the password of a proxy over a connection that was not verified",
                f"{len(self.proxy.credentials)} times",
            )
