# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connections that break, fall silent or answer too much, and signals while a request is answered."""

from __future__ import annotations

import signal

from ansible_collections.vbaws.appliance.tests.robustness.hostile.attacks.act import Act, Chance, maybe_process
from ansible_collections.vbaws.appliance.tests.robustness.hostile.servers.server import Exchange, message

SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


def broken(chance: Chance, how: str | None = None, processed: bool | None = None) -> Act:
    """No answer, or the beginning of one."""
    name = how or chance.choice(("end", "reset", "silence", "half a line", "half a head", "head alone", "TLS alert"))
    done = chance.random() < 0.6 if processed is None else processed
    after = chance.choice(("end", "reset"))

    def work(exchange: Exchange) -> None:
        maybe_process(exchange, done)
        part = {
            "half a line": b"HTTP/1.1 2",
            "half a head": b"HTTP/1.1 200 OK\r\nContent-Ty",
            "head alone": b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n",
        }
        exchange.send(part.get(name, b""))
        if name == "silence":
            exchange.wait(6)
        elif name == "TLS alert":
            # What is no TLS record ends the connection for the client.
            exchange.raw_send(b"HTTP/1.1 200 OK\r\n\r\n")
        exchange.reset() if name == "reset" or (after == "reset" and name != "end") else exchange.end()

    return Act("lost answer", f"{name}, {after}, processed={done}", work)


def noise(chance: Chance) -> Act:
    """Random bytes, in place of an answer, of its status or of its body."""
    content, place = chance.randbytes(chance.choice((1, 40, 5000))), chance.choice(("instead", "status", "body"))

    def work(exchange: Exchange) -> None:
        exchange.good()
        if place == "body":
            exchange.answer(200, content, {"Content-Type": "application/json"})
        else:
            exchange.send((b"HTTP/1.1 " if place == "status" else b"") + content)
            exchange.end()

    return Act("noise", f"{len(content)} bytes, {place}", work)


def doubled(chance: Chance) -> Act:
    """More than one answer to a request: the second one waits for the next request of the connection."""
    second = chance.choice(
        (b"{}", b'{"totalCount": 0, "results": []}', b'{"access_token": "smuggled-token-of-the-server"}', b"[]")
    )
    status = chance.choice((200, 202, 204, 401, 404))

    def work(exchange: Exchange) -> None:
        good = exchange.good()
        exchange.intact = True
        first = message(good.status, good.body, good.headers)
        exchange.send(first + message(status, b"" if status == 204 else second, {"Content-Type": "application/json"}))

    return Act("second answer", f"{status} {second!r}", work)


def trailing(chance: Chance) -> Act:
    """Bytes after the answer."""
    more = chance.choice((b"\r\n\r\n", b"garbage", b"HTTP/1.1 ", b"\x00" * 10))

    def work(exchange: Exchange) -> None:
        good = exchange.good()
        exchange.intact = True
        exchange.send(message(good.status, good.body, good.headers) + more)

    return Act("second answer", f"bytes {more!r}", work)


def handshake(chance: Chance) -> Act:
    """A connection that breaks before a request was read."""
    how = chance.choice(
        ("end", "reset", "silence", "HTTP", "garbage", "drip", "reset after", "end after", "answer before")
    )

    def work(exchange: Exchange) -> None:
        if how in ("reset after", "end after", "answer before"):
            exchange.wrap()
            if how == "answer before":
                exchange.send(message(200, b'{"access_token": "unasked"}', {"Content-Type": "application/json"}))
                exchange.wait(0.3)
        elif how == "HTTP":
            exchange.send(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
        elif how == "garbage":
            exchange.send(b"\x16\x03\x03\x00\x05hello" * 100)
        elif how == "drip":
            exchange.send(b"\x16\x03\x03\x40\x00")
            exchange.drip(b"\x02" * 100, 0.5)
        elif how == "silence":
            exchange.wait(4)
        exchange.reset() if how.startswith("reset") else exchange.end()

    return Act("handshake", how, work, slow=how == "drip", early=True)


def signalled(chance: Chance, number: int | None = None, moment: str | None = None) -> Act:
    """A signal while the module waits for an answer, or right after it."""
    which = number or chance.choice(SIGNALS)
    when = moment or chance.choice(("before", "half", "after", "instead", "twice"))
    pause = chance.choice((0.0, 0.01, 0.1))

    def work(exchange: Exchange) -> None:
        good = exchange.good()
        exchange.intact = when != "instead"
        whole = message(good.status, good.body, good.headers)
        half = len(whole) // 2 if when == "half" else len(whole) if when == "after" else 0
        exchange.send(whole[:half])
        exchange.server.signal(which)
        if when == "twice":
            exchange.wait(0.05)
            exchange.server.signal(which)
        exchange.wait(3 if when == "instead" else pause)
        if when == "instead":
            exchange.end()
        else:
            exchange.send(whole[half:])

    return Act("signal", f"{signal.Signals(which).name} {when}, {pause} s", work)
