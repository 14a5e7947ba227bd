# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Headers, the framing of bodies, and compression."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from functools import lru_cache

from ansible_collections.vbaws.appliance.tests.robustness.hostile.attacks.act import Act, Chance
from ansible_collections.vbaws.appliance.tests.robustness.hostile.servers.server import Exchange, message

Pairs = list[tuple[str, str]]
JSON: tuple[str, str] = ("Content-Type", "application/json")
LENGTHS = (
    "-1",
    "abc",
    "1e3",
    "+5",
    "0",
    "1",
    "9" * 30,
    "\uff15".encode().decode("latin-1"),
    "5, 5",
    "5, 6",
    "0x5",
    "",
    " 12 ",
)
EXTRAS: dict[str, Callable[[], Pairs]] = {
    "a header of 70 kB": lambda: [("X-Long", "a" * 70_000)],
    "a header of 8 MB": lambda: [("X-Long", "a" * 8_000_000)],
    "5,000 headers": lambda: [(f"X-{number}", "a") for number in range(5000)],
    "99 headers": lambda: [(f"X-{number}", "a") for number in range(97)],
    "a flood of cookies": lambda: [
        ("Set-Cookie", f"c{number}={'x' * 300}; Path=/; Domain=.localhost") for number in range(90)
    ],
    "odd cookies": lambda: [
        ("Set-Cookie", value) for value in ("=", ";;;", "a=\x01", 'a="', "a=b; expires=x; max-age=1e99", "\xff=\xfe")
    ],
    "two types": lambda: [("Content-Type", "text/html"), ("Content-Type", "application/xml")],
    "both lengths": lambda: [("Content-Length", "2"), ("Content-Length", "200")],
    "length and chunks": lambda: [("Content-Length", "2"), ("Transfer-Encoding", "chunked")],
    "unknown transfer": lambda: [("Transfer-Encoding", "gzip")],
    "not Latin": lambda: [("X-Odd", "\xff\xfe\x80"), ("X-\xe9\xff", "a")],
    "no name": lambda: [("", "a"), (" ", "b")],
    "folded": lambda: [("X-Folded", "a\r\n b\r\n\tc")],
    "upgrade": lambda: [("Upgrade", "h2c"), ("Connection", "Upgrade")],
    "hop by hop": lambda: [("Connection", "close, Authorization"), ("Keep-Alive", "timeout=-1, max=x")],
    "zero byte": lambda: [("X-Zero", "a\x00b")],
    "type with escapes": lambda: [("Content-Type", "text/\x1b[31mred; charset=\x07")],
    "long type": lambda: [("Content-Type", "a" * 30_000)],
    "charset utf-7": lambda: [("Content-Type", "application/json; charset=utf-7")],
    "charset unknown": lambda: [("Content-Type", "application/json; charset=nothing")],
    "charset rot13": lambda: [("Content-Type", "application/json; charset=rot13")],
    "no type": lambda: [("Content-Type", "")],
    "other links": lambda: [("Location", "https://[")],
}


def extra(chance: Chance, which: str | None = None) -> Act:
    """The honest answer with further headers, or with others."""
    name = which or chance.choice(list(EXTRAS))

    def work(exchange: Exchange) -> None:
        good, more = exchange.good(), EXTRAS[name]()
        names = {one.lower() for one, _value in more}
        kept = [(one, value) for one, value in good.headers.items() if one.lower() not in names]
        # Bytes as they are: what is not Latin stays so.
        head = message(
            good.status,
            b"",
            [*kept, *more, *([] if "content-length" in names else [("Content-Length", str(len(good.body)))])],
        )
        exchange.send(head.decode("utf-8", "surrogateescape").encode("utf-8", "surrogateescape"))
        exchange.send(good.body)
        exchange.end()

    return Act("headers", name, work)


def wrong_length(chance: Chance) -> Act:
    """A Content-Length that is not the length."""
    length, after = chance.choice(LENGTHS), chance.choice(("end", "reset", "silence"))

    def work(exchange: Exchange) -> None:
        good = exchange.good()
        exchange.send(message(good.status, good.body, [*good.headers.items(), ("Content-Length", length)]))
        if after == "silence":
            exchange.wait(3)
        exchange.reset() if after == "reset" else exchange.end()

    return Act("length", f"{length!r}, then {after}", work)


def chunks(chance: Chance) -> Act:
    """Chunks that break the rules."""
    name = chance.choice(
        (
            "size zz",
            "size -1",
            "size huge",
            "no end",
            "no line end",
            "size 0x",
            "trailers",
            "long extension",
            "size spaces",
            "one by one",
        )
    )

    def work(exchange: Exchange) -> None:
        good = exchange.good()
        exchange.send(message(good.status, b"", [*good.headers.items(), ("Transfer-Encoding", "chunked")]))
        size = f"{len(good.body):x}".encode()
        whole = size + b"\r\n" + good.body + b"\r\n"
        exchange.send(
            {
                "size zz": b"zz\r\n" + good.body,
                "size -1": b"-1\r\n" + good.body,
                "size huge": b"F" * 40 + b"\r\n" + good.body,
                "no end": whole,
                "no line end": size + b"\r\n" + good.body + b"XX" + b"0\r\n\r\n",
                "size 0x": b"0x" + whole + b"0\r\n\r\n",
                "trailers": whole + b"0\r\n" + b"X-Trailer: a\r\n" * 200_000 + b"\r\n",
                "long extension": size + b";" + b"a" * 3_000_000 + b"\r\n" + good.body + b"\r\n0\r\n\r\n",
                "size spaces": b" " * 500 + whole + b"0\r\n\r\n",
                "one by one": b"".join(b"1\r\n%c\r\n" % one for one in good.body) + b"0\r\n\r\n",
            }[name]
        )
        exchange.intact = name == "one by one"
        exchange.end()

    return Act("chunks", name, work)


@lru_cache
def _bomb(name: str) -> bytes:
    zeros = b" " * (128 * 1024 * 1024)
    if name == "deflate":
        return zlib.compress(zeros, 1)
    once = gzip.compress(zeros, 1)
    return gzip.compress(once, 1) if name == "gzip, gzip" else once


CODINGS = ("gzip", "deflate", "gzip, gzip", "identity, gzip", "br", "zstd", "x-unknown", "garbage", "good")


def compressed(chance: Chance, which: str | None = None) -> Act:
    """A body that is small on the wire and large in memory, or not what it claims to be."""
    name = which or chance.choice(CODINGS)

    def work(exchange: Exchange) -> None:
        good = exchange.good()
        exchange.intact = name == "good"
        if name in ("gzip", "deflate", "gzip, gzip", "identity, gzip"):
            body = _bomb(name)
        else:
            body = {"garbage": b"\x1f\x8b" + good.body, "good": gzip.compress(good.body)}.get(name, good.body)
        coding = {"garbage": "gzip", "good": "gzip"}.get(name, name)
        exchange.answer(good.status, body, [JSON, ("Content-Encoding", coding)])

    return Act("compression", name, work)


DRIPS = ("status line", "header", "headers", "chunk size", "chunk extension", "trailers", "body", "chunks")


def drip(chance: Chance, which: str | None = None, pause: float | None = None) -> Act:
    """A byte now and then, so that no single read takes long."""
    name = which or chance.choice(DRIPS)
    each = pause or chance.choice((0.1, 0.4, 0.8))

    def work(exchange: Exchange) -> None:
        good = exchange.good()
        exchange.intact = name in ("body", "chunks")
        head = message(good.status, b"", [*good.headers.items(), ("Transfer-Encoding", "chunked")])
        if name == "status line":
            exchange.drip(b"HTTP/1.1 200 " + b"O" * 1000, each)
        elif name == "header":
            exchange.send(head[:-2])
            exchange.drip(b"X-Long: " + b"a" * 1000, each)
        elif name == "headers":
            exchange.send(head[:-2])
            exchange.drip(b"X-Y: a\r\n" * 1000, each, size=8)
        elif name == "body":
            exchange.send(message(good.status, b"", [*good.headers.items(), ("Content-Length", "1000")]))
            exchange.drip(b" " * 1000, each)
        else:
            exchange.send(head)
            part = {
                "chunk size": b"0" * 1000,
                "chunk extension": b"5;" + b"a" * 1000,
                "trailers": b"0\r\n" + b"X-Y: a\r\n" * 500,
            }
            exchange.drip(part.get(name, b"1\r\n \r\n" * 500), each, size=6 if name == "chunks" else 1)
        exchange.end()

    return Act("drip", f"{name}, each {each} s", work, slow=True)
