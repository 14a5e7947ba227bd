# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers that echo the secrets of the request, in every spelling."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from ansible_collections.vbaws.appliance.tests.robustness.hostile.attacks.act import Act, Chance
from ansible_collections.vbaws.appliance.tests.robustness.hostile.canaries import SPELLINGS
from ansible_collections.vbaws.appliance.tests.robustness.hostile.servers.server import Exchange, message

JSON = ("Content-Type", "application/json")
PADS = (0, 0, 1, 100, 180, 190, 250, 280, 290, 295, 300, 395, 480, 490, 990, 1990, 8180)
"""Characters before the secret: a quotation that is cut has to end in it somewhere."""


def _details(exchange: Exchange, text: str, status: int) -> None:
    body = json.dumps({"title": "Refused", "status": status, "details": text}).encode()
    exchange.answer(status, body, [JSON])


def _in(member: str) -> Callable[[Exchange, str, int], None]:
    def place(exchange: Exchange, text: str, status: int) -> None:
        values: dict[str, Any] = {"title": "No", "status": status, member: text}
        if member == "errors":
            values[member] = {text: [text, {"inner": text}]}
        elif member == "data":
            values[member] = {"request": {"headers": {"Authorization": text}}}
        exchange.answer(status, json.dumps(values).encode(), [JSON])

    return place


def _text(exchange: Exchange, text: str, status: int) -> None:
    exchange.answer(status, text.encode("utf-8", "surrogateescape"), [("Content-Type", "text/plain")])


def _html(exchange: Exchange, text: str, status: int) -> None:
    exchange.answer(status, f"<html><body>Denied: {text}</body></html>".encode(), [("Content-Type", "text/html")])


def _broken_json(exchange: Exchange, text: str, status: int) -> None:
    exchange.answer(status, f'{{"details": "{text}", "more": '.encode(), [JSON])


def _reason(exchange: Exchange, text: str, status: int) -> None:
    exchange.send(message(status, b"", [JSON], reason=text.replace("\n", " ")))


def _header(exchange: Exchange, text: str, status: int) -> None:
    exchange.send(
        message(status, b"", [("Content-Type", text.replace("\n", " ")), ("X-Echo", text), ("WWW-Authenticate", text)])
    )


def _location(exchange: Exchange, text: str, _status: int) -> None:
    exchange.send(message(302, b"", [("Location", f"https://{exchange.server.elsewhere}/{text}/x?{text}#{text}")]))


def _good_names(exchange: Exchange, text: str, _status: int) -> None:
    """The honest answer with the secret in names, descriptions and messages."""
    good = exchange.good()
    try:
        value = json.loads(good.body)
    except ValueError:
        value = None

    def spoilt(one: Any, key: str = "") -> Any:
        if isinstance(one, dict):
            return {inner: spoilt(value, inner) for inner, value in one.items()}
        if isinstance(one, list):
            return [spoilt(inner, key) for inner in one]
        return text if isinstance(one, str) and key in ("description", "message", "reason", "about", "version") else one

    body = good.body if value is None else json.dumps(spoilt(value)).encode()
    exchange.login_body(body)
    exchange.answer(good.status, body, good.headers)


PLACES: dict[str, Callable[[Exchange, str, int], None]] = {
    "details": _details,
    "title": _in("title"),
    "errorCode": _in("errorCode"),
    "traceId": _in("traceId"),
    "errors": _in("errors"),
    "data": _in("data"),
    "text": _text,
    "HTML": _html,
    "broken JSON": _broken_json,
    "reason phrase": _reason,
    "headers": _header,
    "location": _location,
    "names": _good_names,
}


def echo(
    chance: Chance,
    place: str | None = None,
    spelling: str | None = None,
    status: int | None = None,
    pad: int | None = None,
    secret: str | None = None,
) -> Act:
    """A secret of the run, somewhere in an answer."""
    where, how = place or chance.choice(list(PLACES)), spelling or chance.choice(list(SPELLINGS))
    if how == "latin" and where in ("reason phrase", "headers", "location"):
        # A client reads headers in Latin-1 by itself.
        how = "plain"
    code = status or chance.choice((200, 400, 400, 401, 403, 404, 407, 409, 429, 500, 503))
    before, which = chance.choice(PADS) if pad is None else pad, chance.random()
    processed = code in (200, 500, 503) and chance.random() < 0.5

    def work(exchange: Exchange) -> None:
        if processed and where != "names":
            exchange.good()
        # A host knows what it was sent, which the password of somebody's netrc is not.
        known = [name for name in exchange.world.canaries.secrets if name != "netrc password"]
        names = [name for name in known if secret is None or name == secret]
        value = exchange.world.canaries.secrets[names[int(which * len(names))]] if names else "none"
        exchange.seen.refused = 400 <= code < 500
        PLACES[where](exchange, "x" * (before - 1) + " " * bool(before) + SPELLINGS[how](value), code)

    return Act("echo", f"{secret or 'a secret'} in {where} as {how}, HTTP {code}, after {before}", work)


LOGIN_FORMS: dict[str, Callable[[str, str], str]] = {
    "text": lambda token, _refresh: f"Welcome, your token is {token}",
    "bare": lambda token, _refresh: token,
    "one text": lambda token, _refresh: json.dumps(token),
    "form": lambda token, refresh: f"access_token={quote(token, safe='')}&refresh_token={quote(refresh, safe='')}",
    "XML": lambda token, _refresh: (
        f"<token><access_token>{token.replace('&', '&amp;').replace('<', '&lt;')}</access_token></token>"
    ),
    "list": lambda token, _refresh: json.dumps([{"access_token": token}]),
    "other key": lambda token, refresh: json.dumps({"accessToken": token, "refreshToken": refresh}),
    "nested": lambda token, _refresh: json.dumps({"data": {"access_token": token}}),
    "cut JSON": lambda token, _refresh: json.dumps({"access_token": token, "z": 1})[:-8],
    "two objects": lambda token, _refresh: json.dumps({"access_token": token}) * 2,
    "token in an object": lambda token, _refresh: json.dumps({"access_token": {"value": token}}),
    "token in a list": lambda token, _refresh: json.dumps({"access_token": [token]}),
    "error and token": lambda token, _refresh: json.dumps({"error": "x", "details": token}),
}


def login(chance: Chance, form: str | None = None) -> Act:
    """A login that is answered with success and the token, but not as the contract has it."""
    how = form or chance.choice(list(LOGIN_FORMS))
    content_type = chance.choice(
        ("application/json", "text/plain", "application/xml", "application/x-www-form-urlencoded")
    )

    def work(exchange: Exchange) -> None:
        good = exchange.good()
        if not exchange.seen.is_login or not exchange.world.issued:
            exchange.answer(good.status, good.body, good.headers)
            return
        secrets = exchange.world.canaries.secrets
        number = len(exchange.world.issued)
        body = LOGIN_FORMS[how](secrets[f"token {number}"], secrets[f"refresh token {number}"]).encode()
        exchange.login_body(body)
        exchange.answer(200, body, [("Content-Type", content_type)])

    return Act("login echo", f"{how} as {content_type}", work)
