# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a hostile appliance does instead of answering, each kind drawn with its details."""

from __future__ import annotations

import contextlib
import gzip
import json
import random
import socket
import struct
import time
from collections.abc import Callable
from typing import Any

from ansible_collections.vbaws.appliance.tests.robustness.hostile.canaries import SPELLINGS, Canaries
from ansible_collections.vbaws.appliance.tests.robustness.hostile.nodes import NASTY, spoil
from ansible_collections.vbaws.appliance.tests.robustness.hostile.server import Attack, Exchange

Draw = Callable[[random.Random, Canaries], Attack]
OTHER_ID = "99999999-9999-4999-8999-999999999999"
LOCATIONS = (
    "//[",
    "https://[::1",
    "javascript:alert(1)",
    "http://169.254.169.254/",
    "/",
    "",
    "\\\\x",
    "//u:p@host/a?b",
)
BODIES = (b"", b"{}", b"<html><title>Gateway</title>", b'{"title": "Problem"}')
STATUSES = (204, 206, 400, 401, 403, 404, 407, 409, 410, 418, 422, 429, 500, 501, 502, 503, 504, 599, 700, 999)
RETRY_AFTER = ("0", "1", "99999999999", "-1", "Fri, 31 Dec 9999 23:59:59 GMT", "soon", "1e9", "\u0661")


def sending(make: Callable[[Exchange], bytes]) -> Attack:
    return lambda connection, exchange: connection.sendall(make(exchange))


def _status(rng: random.Random, canaries: Canaries) -> Attack:
    status, body = rng.choice(STATUSES), rng.choice(BODIES)
    return sending(lambda exchange: exchange.answer(body, status, Retry_After=rng.choice(RETRY_AFTER)))


def _redirect(rng: random.Random, canaries: Canaries) -> Attack:
    status, location = rng.choice((301, 302, 303, 307, 308)), rng.choice(LOCATIONS)
    return sending(lambda exchange: exchange.answer(b"x" * 1000, status, Location=location))


def _broken_off(rng: random.Random, canaries: Canaries) -> Attack:
    share, reset = rng.random(), rng.random() < 0.5

    def attack(connection: socket.socket, exchange: Exchange) -> None:
        whole = exchange.answer()
        connection.sendall(whole[: int(len(whole) * share)])
        if reset:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    return attack


def _slow(rng: random.Random, canaries: Canaries) -> Attack:
    """Drips or falls silent, at a drawn place."""
    place, pause = rng.choice(("status", "header", "continue", "chunk size", "extension", "body", "silence")), 0.05

    def attack(connection: socket.socket, exchange: Exchange) -> None:
        start = {
            "status": b"",
            "header": b"HTTP/1.1 200 OK\r\nX: ",
            "continue": b"",
            "chunk size": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
            "extension": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;",
            "body": exchange.answer(b"", Content_Length="99999"),
            "silence": b"",
        }[place]
        piece = {"status": b"H", "continue": b"HTTP/1.1 100 Continue\r\n\r\n", "chunk size": b"0", "silence": b""}.get(
            place, b"x"
        )
        connection.sendall(start)
        end = time.monotonic() + 20
        while time.monotonic() < end:
            connection.sendall(piece)
            time.sleep(pause)

    return attack


def _large(rng: random.Random, canaries: Canaries) -> Attack:
    piece, size = rng.choice((b"{},", b'{"":0},', b"[],", b'"ab",', b"12,", b" ", b"1", b"[", b'{"a":')), 20_000_000
    shape = rng.choice(("array", "results", "details", "raw"))

    def attack(connection: socket.socket, exchange: Exchange) -> None:
        inner = piece * (size // len(piece))
        body = {
            "array": b"[" + inner + b"0]",
            "results": b'{"totalCount": 1000000000, "results": [' + inner + b"0]}",
            "details": b'{"title": "' + b"y" * size + b'", "details": "' + b"z" * size + b'"}',
            "raw": inner,
        }[shape]
        connection.sendall(exchange.answer(body, 400 if shape == "details" else None))

    return attack


def _encoded(rng: random.Random, canaries: Canaries) -> Attack:
    bomb = gzip.compress(b" " * 50_000_000)
    kinds = rng.choice(("gzip", "gzip, gzip", "br", "zstd", "deflate", "identity, gzip", "x-unknown"))
    return sending(lambda exchange: exchange.answer(bomb, Content_Encoding=kinds))


def _headers(rng: random.Random, canaries: Canaries) -> Attack:
    extra = rng.choice(
        (
            "X: " + "a" * 100_000,
            "\r\n".join(f"X-{number}: y" for number in range(500)),
            "Set-Cookie: a=" + "b" * 50_000,
            "Content-Length: -1",
            "Content-Length: 5, 7",
            "Content-Type: application/json; charset=utf-7",
            "Content-Type: \udcff\udcfe",
            "no colon here",
            ": no name",
            "Transfer-Encoding: chunked, chunked",
            "Connection: close",
        )
    )

    def attack(connection: socket.socket, exchange: Exchange) -> None:
        first, _end, rest = exchange.answer().partition(b"\r\n")
        connection.sendall(first + b"\r\n" + extra.encode("utf-8", "surrogateescape") + b"\r\n" + rest)

    return attack


def _node(rng: random.Random, canaries: Canaries) -> Attack:
    """Replaces a node of the good answer by something nasty, or removes or repeats it."""
    seed = rng.random()
    return sending(lambda exchange: exchange.answer(spoil(exchange.content, random.Random(seed))))


def _another_object(rng: random.Random, canaries: Canaries) -> Attack:
    def attack(connection: socket.socket, exchange: Exchange) -> None:
        body = exchange.content.decode()
        with contextlib.suppress(ValueError, AttributeError):
            known = json.loads(body).get("id")
            body = body.replace(known, OTHER_ID) if isinstance(known, str) else body
        connection.sendall(exchange.answer(body.encode()))

    return attack


def _pages(rng: random.Random, canaries: Canaries) -> Attack:
    total, kind = rng.choice((10**9, 10**20, 3, -1, 0, 1.5, None)), rng.choice(("same", "none", "many", "no IDs"))

    def attack(connection: socket.socket, exchange: Exchange) -> None:
        value: Any = None
        with contextlib.suppress(ValueError):
            value = json.loads(exchange.content)
        if isinstance(value, dict):
            for key in ("results", "identities"):
                if isinstance(value.get(key), list):
                    items = [
                        {**one, "id": None} if kind == "no IDs" else one for one in value[key] if isinstance(one, dict)
                    ]
                    value[key] = {"same": items, "none": [], "many": items * 3000, "no IDs": items}[kind]
            if "totalCount" in value:
                value["totalCount"] = total
        connection.sendall(exchange.answer(json.dumps(value).encode()))

    return attack


def _echo(rng: random.Random, canaries: Canaries) -> Attack:
    """Repeats a secret in one of its spellings, somewhere in the answer."""
    spelling, number = SPELLINGS[rng.choice(sorted(SPELLINGS))], rng.random()
    place = rng.choice(("problem", "raw", "login", "data", "header", "reason"))
    member = rng.choice(("title", "details", "errorCode", "data", "errors", "traceId"))
    kind = rng.choice(("text/plain", "text/html", "application/xml", "application/json", "text/csv"))
    status = rng.choice((400, 403, 500))

    def attack(connection: socket.socket, exchange: Exchange) -> None:
        said = spelling(rng.choice((canaries.password, canaries.issued(0))))
        line = said.encode("ascii", "backslashreplace").decode().replace("\n", " ")
        if place == "problem":
            answer = exchange.answer(json.dumps({"status": status, member: said}).encode(), status)
        elif place in ("raw", "login"):
            answer = exchange.answer(said.encode(), 200 if place == "login" else status, Content_Type=kind)
        elif place == "header":
            answer = exchange.answer(b"x", 302, Location=f"https://{line}/{line}", Content_Type=line)
        elif place == "reason":
            answer = exchange.answer(b"", status).replace(b"Whatever", line.encode(), 1)
        else:
            answer = exchange.answer(spoil(exchange.content, random.Random(number), said))
        connection.sendall(answer)

    return attack


def _terminal(rng: random.Random, canaries: Canaries) -> Attack:
    text = rng.choice(NASTY)

    def attack(connection: socket.socket, exchange: Exchange) -> None:
        problem = json.dumps({"status": 400, "title": text, "details": text + text, "errors": {text: [text]}})
        connection.sendall(exchange.answer(problem.encode(), rng.choice((400, 409, 500))))

    return attack


def _garbage(rng: random.Random, canaries: Canaries) -> Attack:
    noise = rng.randbytes(rng.choice((1, 40, 5000)))
    place = rng.choice(("instead", "body", "status"))

    def attack(connection: socket.socket, exchange: Exchange) -> None:
        if place == "body":
            connection.sendall(exchange.answer(noise))
        else:
            connection.sendall((b"HTTP/1.1 " if place == "status" else b"") + noise)

    return attack


KINDS: dict[str, tuple[Draw, int]] = {
    "status": (_status, 10),
    "redirect": (_redirect, 4),
    "broken off": (_broken_off, 8),
    "slow": (_slow, 2),
    "large": (_large, 3),
    "compressed": (_encoded, 2),
    "headers": (_headers, 5),
    "spoiled node": (_node, 25),
    "another object": (_another_object, 5),
    "pages": (_pages, 6),
    "echoed secret": (_echo, 20),
    "for the terminal": (_terminal, 5),
    "garbage": (_garbage, 5),
}
"""Kind -> how to draw an attack, and how often."""


def draw(rng: random.Random, canaries: Canaries) -> tuple[str, Attack]:
    """Return the kind of an attack, and the attack."""
    kind = rng.choices(list(KINDS), [weight for _draw, weight in KINDS.values()])[0]
    return kind, KINDS[kind][0](rng, canaries)
