# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets of a case that can be recognized in whatever spelling they come back."""

from __future__ import annotations

import base64
import html
import json
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import quote, quote_plus, unquote, unquote_plus

WINDOW = 12
"""So many characters of a secret in a row are a leak."""

SPELLINGS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "percent": lambda text: quote(text, safe=""),
    "percent lower": lambda text: "".join(f"%{byte:02x}" for byte in text.encode()),
    "percent, safe": lambda text: quote(text, safe='+/&"<>'),
    "query": quote_plus,
    "html": html.escape,
    "html decimal": lambda text: "".join(f"&#{ord(one)};" for one in text),
    "json": lambda text: json.dumps(text)[1:-1],
    "json slashes": lambda text: json.dumps(text)[1:-1].replace("/", "\\/").replace("+", "\\u002B"),
    "json in json": lambda text: json.dumps(json.dumps(text)),
    "bytes": lambda text: repr(text.encode()),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "basic": lambda text: base64.b64encode(f"user:{text}".encode()).decode(),
    "in a form": lambda text: f"a=b&access_token={text}&c=d",
    "in XML": lambda text: f"<access_token>{text}</access_token>",
    "far behind": lambda text: "x" * 180 + text,
    "very far behind": lambda text: "y" * 8180 + text,
}


@dataclass(frozen=True)
class Canaries:
    """The secrets of one case."""

    password: str
    proxy_password: str
    token: str

    @classmethod
    def draw(cls, rng: random.Random) -> Canaries:
        def letters(count: int) -> str:
            return "".join(rng.choices("abcdefghijkmnpqrstuvwxyzABCDEFGH23456789", k=count))

        password = f'{letters(8)}+/%&" {letters(9)}\\\xe9\N{GRINNING FACE}{letters(7)}'
        return cls(password, f"{letters(20)}", f"{letters(10)}+/%=&{letters(rng.choice((20, 300, 1200)))}")

    def issued(self, number: int) -> str:
        """The token of a login."""
        return f"{self.token}.{number}"

    def all(self) -> tuple[str, ...]:
        return (self.password, self.proxy_password, self.token)

    def shown_in(self, text: str) -> list[str]:
        """What of the secrets a text shows, in any spelling."""
        # Decoding takes long; an answer that is this long was not decoded by the collection either.
        readings = [text] if len(text) > 2_000_000 else list(dict.fromkeys(_readings(text)))
        found = []
        for secret in self.all():
            pieces = {secret[start : start + WINDOW] for start in range(len(secret) - WINDOW + 1)}
            found += [piece for piece in pieces if any(piece in reading for reading in readings)][:1]
        return found


_RUN = re.compile(r"[A-Za-z0-9+/_=-]{16,}")
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})|\\(.)", re.DOTALL)


def _readings(text: str, depth: int = 3) -> Iterator[str]:
    """A text, decoded in every way that the standard library knows, a few times."""
    yield text
    if not depth:
        return
    for decode in (unquote, unquote_plus, html.unescape, _unescaped, _unescaped_bytes):
        decoded = decode(text)
        if decoded != text:
            yield from _readings(decoded, depth - 1)
    for run in _RUN.findall(text):
        for start in range(4):
            piece = run[start:].replace("=", "").replace("-", "+").replace("_", "/")
            piece = piece[: len(piece) // 4 * 4]
            if piece:
                yield base64.b64decode(piece).decode("utf-8", "replace")


def _unescaped(text: str) -> str:
    def plain(match: re.Match[str]) -> str:
        code, byte, other = match.groups()
        return chr(int(code or byte, 16)) if code or byte else other

    return _ESCAPE.sub(plain, text).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _unescaped_bytes(text: str) -> str:
    return re.sub(
        r"(?:\\x[0-9a-fA-F]{2})+",
        lambda match: bytes.fromhex(match.group().replace("\\x", "")).decode("utf-8", "replace"),
        text,
    )
