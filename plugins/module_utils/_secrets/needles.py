# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What to look for to find a secret in a text, once the spelled characters of the text are decoded."""

from __future__ import annotations

import base64
import contextlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import quote, quote_plus

from .spelling import readings

SHORTEST = 4
"""Characters of another form of a secret to look for. Fewer would also be found in ordinary text."""

_SHORTEST_BASE64 = 5
_SHORTEST_CHANGED = 12
"""Characters of a secret that is also looked for in another case, and without what Latin-1 does not have."""

_ENCODINGS = (("utf-8", "surrogateescape"), ("latin-1", "surrogateescape"))
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_LOST = re.compile("[?\ufffd]")
_BASE64_RUN = re.compile("[A-Za-z0-9+/_-]{5,}={0,2}")

_UNFINISHED = re.compile(r"(?:\\(?:[xuU]\{?[0-9A-Fa-f]*)?|%u?[0-9A-Fa-f]?|&#?[A-Za-z0-9]*)$")
"""The beginning of a spelled character at the end of a secret: what follows the secret may seem to complete it."""


@dataclass(frozen=True)
class Needles:
    """Texts that show a secret.

    plain: the secret in the forms that it has in a decoded text, and in hexadecimal. base64: what it looks like
    within base64, together with anything before and after it.
    """

    plain: tuple[str, ...] = ()
    base64: tuple[str, ...] = ()

    @classmethod
    def of(cls, secret: str) -> Needles:
        """Return what shows a secret."""
        raw = set(_raw(secret))
        written = {json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]}
        written |= {quoted(secret, safe="", errors="surrogatepass") for quoted in (quote, quote_plus)}
        encoded = {*raw, *(text.encode("utf-8", "surrogatepass") for text in written)}
        hexadecimal = {text for one in encoded if len(one) >= SHORTEST for text in (one.hex(), one.hex().upper())}
        return cls(
            plain=tuple({*_forms(secret, raw), *hexadecimal}),
            base64=tuple({text for one in encoded for text in _base64(one)}),
        )

    @classmethod
    def merged(cls, parts: Iterable[Needles]) -> Needles:
        """Return the needles of several secrets as one."""
        parts = tuple(parts)
        return cls(
            plain=tuple({text for part in parts for text in part.plain}),
            base64=tuple({text for part in parts for text in part.base64}),
        )

    @property
    def longest(self) -> int:
        """The number of characters of the longest. None is longer than the secret in hexadecimal."""
        return max(map(len, self.plain), default=0)

    def occur(self, text: str) -> bool:
        """Whether one of them is in a text, which is not decoded."""
        return any(needle in text for needle in self.plain) or any(needle in text for needle in self.base64)

    def places(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield their places in a text, from the first character to behind the last; of base64 all of it."""
        for needle in self.plain:
            if needle in text:
                yield from _places(needle, text)
        within = [needle for needle in self.base64 if needle in text]
        if within:
            for run in _BASE64_RUN.finditer(text):
                if any(needle in run.group() for needle in within):
                    yield run.span()


def _places(needle: str, text: str) -> Iterator[tuple[int, int]]:
    """Yield the places of a needle; occurrences that overlap or touch are one place. Takes linear time."""
    start = text.find(needle)
    while start >= 0:
        last = start
        # The last occurrence that begins within this one or right behind it.
        while (later := text.rfind(needle, last + 1, last + 2 * len(needle))) >= 0:
            last = later
        yield start, last + len(needle)
        start = text.find(needle, last + len(needle))


def _raw(secret: str) -> Iterator[bytes]:
    """Yield the bytes of a secret. A variable of the environment that is not UTF-8 has lone surrogates."""
    for encoding, errors in _ENCODINGS:
        with contextlib.suppress(UnicodeEncodeError):
            yield secret.encode(encoding, errors)
    latin = secret.encode("latin-1", "ignore")
    if len(latin) >= _SHORTEST_CHANGED:
        yield latin


def _forms(secret: str, raw: Iterable[bytes]) -> Iterator[str]:
    """Yield the forms of a secret in a text that is decoded."""
    yield secret
    forms = {secret, secret.strip(), " ".join(secret.split())}
    if len(secret) >= _SHORTEST_CHANGED:
        forms |= {other for form in forms for other in (form.lower(), form.upper())}
    # Software that does not know a character, or reads bytes in the wrong encoding.
    forms |= {_NOT_ASCII.sub(lost, form) for form in forms for lost in ("?", "\ufffd")}
    forms |= {one.decode(encoding, "replace") for one in raw for encoding in ("utf-8", "latin-1")}
    # A secret may itself contain what resembles a spelling, which is decoded together with the rest of the text.
    forms = {reading for form in forms for reading in readings(form)}
    forms |= {_UNFINISHED.sub("", form) for form in forms}
    forms |= {form.replace(" ", "+") for form in forms}
    yield from (form for form in forms if len(_LOST.sub("", form)) >= SHORTEST)


def _base64(raw: bytes) -> Iterator[str]:
    """Yield the characters of base64 that depend on nothing else, for each position of three, in both alphabets."""
    for before in range(3):
        encoded = base64.b64encode(bytes(before) + raw).decode()
        inner = encoded[-(-before * 8 // 6) : (before + len(raw)) * 8 // 6]
        if len(inner) >= _SHORTEST_BASE64:
            yield inner
            yield inner.replace("+", "-").replace("/", "_")
