# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Statuses that were not asked for."""

from __future__ import annotations

from ansible_collections.vbaws.appliance.tests.robustness.hostile.attacks.act import Act, Chance, maybe_process, short
from ansible_collections.vbaws.appliance.tests.robustness.hostile.servers.server import Exchange, problem

HTML = b"<!DOCTYPE html><html><body><h1>Sign in</h1><p>Something in between answers.</p></body></html>"
RETRY_AFTER = (
    "0",
    "1",
    "-1",
    "1e9",
    "99999999999999999999",
    "soon",
    "",
    "0x10",
    "1.5",
    "\u0661",
    "Fri, 31 Dec 9999 23:59:59 GMT",
    "Fri, 31 Feb 2026 99:99:99 GMT",
    "Thu, 01 Jan 1970 00:00:00 GMT",
    "9" * 4000,
    "nan",
    "inf",
)
LOCATIONS = (
    "//[",
    "https://[",
    "http://[::1",
    "javascript:alert(1)",
    "",
    " ",
    "/",
    "//",
    "\\\\other",
    "https://user:secret@{other}/api/v1/token",
    "https://{other}/",
    "http://{other}/",
    "//{other}/x",
    "https://{other}:99999999/",
    "https://{other}:port/",
    "?q=%",
    "#",
    "\x1b[31mred",
    "/\u202eevil",
    "data:text/html,x",
    "file:///etc/passwd",
    "ftp://{other}/",
    "https://" + "a" * 9000,
    "https://xn--/\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
)
DENIALS = (400, 401, 403, 404, 405, 406, 407, 408, 409, 410, 413, 418, 421, 425, 426, 428, 431, 451)
FAILURES = (500, 501, 502, 503, 504, 505, 511, 599)
LINES = (
    b"HTTP/1.1 200\r\n",
    b"HTTP/1.1 2OO OK\r\n",
    b"HTTP/9.9 200 OK\r\n",
    b"HTTP/2 200\r\n",
    b"ICY 200 OK\r\n",
    b"HTTP/1.1 000 Zero\r\n",
    b"HTTP/1.1 999 Odd\r\n",
    b"HTTP/1.1 -200 OK\r\n",
    b"HTTP/1.1 20 OK\r\n",
    b"HTTP/1.1 2000 OK\r\n",
    b"HTTP/1.1  200 OK\r\n",
    b"\r\n\r\n",
    b"HTTP/1.1 200 " + b"O" * 70_000 + b"\r\n",
    b"HTTP/1.1 200 \xff\xfe\x1b[31m\r\n",
    b"HTTP/1.0 200 OK\r\n",
    b"",
    b"\x00\x00\x00",
)


def answered(status: int, body: bytes, headers: dict[str, str], *, processed: bool, kind: str = "status") -> Act:
    """A status with a body of its own."""

    def work(exchange: Exchange) -> None:
        maybe_process(exchange, processed)
        exchange.seen.refused = not processed and 400 <= status < 500
        exchange.answer(status, body, headers)

    return Act(kind, f"{status} {short(headers)} {short(body)} processed={processed}", work)


def denied(chance: Chance) -> Act:
    """A refusal, which is never processed."""
    status = chance.choice((401, 401, 401, 403, 404, 407, 409, *DENIALS))
    headers = {"Content-Type": "application/json"}
    if status == 401 and chance.random() < 0.3:
        headers["WWW-Authenticate"] = chance.choice(('Basic realm="x"', "Bearer error=\x1b[31m", "Negotiate", ""))
    if status == 407:
        headers["Proxy-Authenticate"] = 'Basic realm="proxy"'
    return answered(status, _body(chance, status), headers, processed=False, kind="refusal")


def throttled(chance: Chance) -> Act:
    """429 or 503 with all sorts of Retry-After."""
    status, after = chance.choice((429, 429, 503)), chance.choice(RETRY_AFTER)
    body = _body(chance, status)
    return answered(
        status, body, {"Content-Type": "application/json", "Retry-After": after}, processed=False, kind="throttling"
    )


def failed(chance: Chance) -> Act:
    """A failure of the server, which may have done what was asked for."""
    status = chance.choice(FAILURES)
    return answered(
        status, _body(chance, status), {"Content-Type": "application/json"}, processed=chance.random() < 0.5, kind="5xx"
    )


def _body(chance: Chance, status: int) -> bytes:
    return chance.choice(
        (
            b"",
            HTML,
            b"null",
            b"[]",
            b'"text"',
            b"{",
            problem(status, "No."),
            problem(status, "No " * 100_000),
            problem(status, "\x1b[2J\u202e\ud800"),
            problem(status, "{{ lookup('env', 'HOME') }}"),
            b'{"title": {"a": 1}, "details": [1, null], "status": "x", "errors": {"name": {"deep": ["x", 1]}}}',
        )
    )


def redirected(chance: Chance, location: str | None = None, status: int | None = None) -> Act:
    """A redirect to anywhere. ``{other}`` becomes a listener that must not be asked."""
    code = status or chance.choice((300, 301, 302, 303, 304, 307, 308, 399))
    target = chance.choice(LOCATIONS) if location is None else location

    def work(exchange: Exchange) -> None:
        exchange.answer(code, b"", {"Location": target.replace("{other}", exchange.server.elsewhere)})

    return Act("redirect", f"{code} {short(target)}", work)


def empty(chance: Chance) -> Act:
    """Success without content, or with content where there may be none."""
    status, body, processed = (
        chance.choice((200, 201, 202, 204, 205, 206, 299)),
        chance.choice((b"", b"", b"{}", b"x")),
        chance.random() < 0.6,
    )

    def work(exchange: Exchange) -> None:
        maybe_process(exchange, processed)
        exchange.answer(status, body, {"Content-Type": "application/json"})
        if status == 204 and body:
            exchange.end()

    return Act("success without content", f"{status} {body!r} processed={processed}", work)


def odd_line(chance: Chance) -> Act:
    """A status line that is not one."""
    line, processed = chance.choice(LINES), chance.random() < 0.5

    def work(exchange: Exchange) -> None:
        maybe_process(exchange, processed)
        exchange.send(line + b"Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")
        exchange.end()

    return Act("status line", f"{short(line)} processed={processed}", work)


def interim(chance: Chance, pause: float | None = None, code: int = 0) -> Act:
    """Interim answers without an end, at once or one after the other."""
    status = code or chance.choice((100, 100, 102, 103))
    each = chance.choice((0.2, 0.5, 0.0)) if pause is None else pause
    line = f"HTTP/1.1 {status} Continue\r\n\r\n".encode()

    def work(exchange: Exchange) -> None:
        while not exchange.server.over.wait(each):
            exchange.send(line if each else line * 2000)
        exchange.end()

    return Act("interim answers", f"{status} each {each} s", work, slow=True)
