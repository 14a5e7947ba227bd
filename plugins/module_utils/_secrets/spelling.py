# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Other spellings of a text: percent-encoded, HTML entities, escapes of JSON and of Python, base64, hexadecimal."""

from __future__ import annotations

import base64
import html
import json
import re
import string
import sys
from collections.abc import Iterator
from functools import lru_cache

LEVELS = 4
"""How often a text is decoded: JSON within JSON within a URL, for example."""

MOST_DECODED = 8 * 1024 * 1024
"""Up to so many characters, every order of decoding is tried. Longer texts are decoded in one way only."""

LONGEST_SPELLING = 24
"""How many characters a usual spelling uses for one character at most."""

_SHORTEST_ENCODED = 5
"""Characters of base64 to look for. Fewer would also be found in ordinary text."""

_SHORTEST_IN_ANY_CASE = 12
"""A secret of so many characters is also searched in lower and upper case."""

_NOT_ASCII = re.compile(r"[^\x00-\x7f]")

_X = "[0-9A-Fa-f]"
_TAIL = "[89ABab]" + _X  # a byte of UTF-8 after the first


def _bytes(mark: str) -> str:
    """The spelling of one character in UTF-8, or of one byte, each byte after a mark."""
    more = f"(?:{mark}{_TAIL})"
    utf_8 = f"[CDcd]{_X}{more}|[Ee]{_X}{more}{{2}}|[Ff][0-7]{more}{{3}}"
    return f"{mark}(?:{utf_8}|{_X}{_X})"


_PERCENT = _bytes("%")
_CODES = "|".join(
    (
        _bytes(r"\\x"),
        rf"\\u[Dd][89ABab]{_X}{_X}\\u[Dd][C-Fc-f]{_X}{_X}",
        rf"\\u{_X}{{4}}",
        rf"\\U{_X}{{8}}",
    )
)
_BACKSLASH = rf"{_CODES}|\\."
_ENTITY = rf"&#\d{{1,16}};|&#[Xx]{_X}{{1,16}};|&[A-Za-z][A-Za-z0-9]{{1,31}};"
_FAMILIES = tuple(re.compile(family, re.DOTALL) for family in (_PERCENT, _BACKSLASH, _CODES, _ENTITY))
_ANY = re.compile(f"{_PERCENT}|{_BACKSLASH}|{_ENTITY}", re.DOTALL)
_ENCODED = frozenset(string.ascii_letters + string.digits + "+/_=-")
_NAMED = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}


@lru_cache(4096)
def _plain(spelled: str) -> str:
    """Return the character that was spelled."""
    if spelled.startswith("&#"):
        # Not as HTML does it, which drops control characters.
        digits = spelled[2:-1]
        return _character(int(digits[1:], 16) if digits[0] in "Xx" else int(digits), spelled)
    if spelled[0] == "&":
        return html.unescape(spelled)
    if spelled[0] == "\\" and len(spelled) == 2:
        return _NAMED.get(spelled[1], spelled[1])
    if spelled.startswith("\\u"):
        return str(json.loads(f'"{spelled}"'))
    if spelled.startswith("\\U"):
        return _character(int.from_bytes(bytes.fromhex(spelled[2:]), "big"), spelled)
    encoded = bytes.fromhex(spelled.replace("%", "").replace("\\x", ""))
    return encoded.decode("utf-8" if len(encoded) > 1 else "latin-1", "replace")


def _character(number: int, spelled: str) -> str:
    return chr(number) if number <= sys.maxunicode else spelled


def _replacement(match: re.Match[str]) -> str:
    return _plain(match.group())


class Decoded:
    """A text after some decoding, with the place of each of its characters in the original.

    origin: also for the place behind the last character; None if places are not asked for.
    """

    def __init__(self, text: str, origin: list[int] | range | None) -> None:
        self.text = text
        self._origin = origin

    @classmethod
    def variants(cls, text: str, *, places: bool) -> Iterator[Decoded]:
        """Yield the text as it is, and every text that it can be decoded to.

        Each family of spellings is also decoded by itself, because a secret may look like a spelling of something else:
        the password ``100%41`` within JSON. places: whether ``find`` will be called.
        """
        first = cls(text, range(len(text) + 1) if places else None)
        yield first
        if not _ANY.search(text):
            return
        work = 0
        for families in ((_ANY,), _FAMILIES):
            seen, level = {text}, [first]
            for _level in range(LEVELS):
                found = (one._decoded(family) for one in level for family in families if family.search(one.text))
                level = []
                for decoded in found:
                    if decoded.text not in seen:
                        seen.add(decoded.text)
                        level.append(decoded)
                        yield decoded
                    work += len(decoded.text)
                    if families is _FAMILIES and work > MOST_DECODED:
                        return

    def find(self, needle: str, *, whole_run: bool) -> Iterator[tuple[int, int]]:
        """Yield the places of a needle in the original, from the first character to behind the last.

        whole_run: all that may belong to the same base64 text is part of the place.
        """
        origin = self._origin
        start = self.text.find(needle)
        while start >= 0 and origin is not None:
            first, end = start, start + len(needle)
            if whole_run:
                first, end = self._run_around(first, end)
            yield origin[first], origin[end]
            start = self.text.find(needle, end)

    def _run_around(self, first: int, end: int) -> tuple[int, int]:
        while first > 0 and self.text[first - 1] in _ENCODED:
            first -= 1
        while end < len(self.text) and self.text[end] in _ENCODED:
            end += 1
        return first, end

    def _decoded(self, family: re.Pattern[str]) -> Decoded:
        if self._origin is None:
            return Decoded(family.sub(_replacement, self.text), None)
        pieces: list[str] = []
        origin: list[int] = []
        last = 0
        for match in family.finditer(self.text):
            plain = _replacement(match)
            pieces += [self.text[last : match.start()], plain]
            origin += self._origin[last : match.start()]
            origin += [self._origin[match.start()]] * len(plain)
            last = match.end()
        pieces.append(self.text[last:])
        origin += self._origin[last:]
        return Decoded("".join(pieces), origin)


def encodings(secret: str) -> list[str]:
    """Return what a secret looks like within base64, at any place and in both alphabets, and in hexadecimal."""
    found: list[str] = []
    # HTTP libraries write credentials in Latin-1, if it has the characters.
    for raw in {secret.encode("utf-8", "surrogatepass"), secret.encode("latin-1", "ignore")}:
        found += [raw.hex(), raw.hex().upper()]
        for before in range(3):
            encoded = base64.b64encode(bytes(before) + raw).decode()
            # Without the characters that also depend on what is before and after it.
            inner = encoded[-(-before * 8 // 6) : (before + len(raw)) * 8 // 6]
            found += [inner, inner.replace("+", "-").replace("/", "_")]
    return [text for text in dict.fromkeys(found) if len(text) >= _SHORTEST_ENCODED]


def spellings(secret: str) -> list[str]:
    """Return what a secret looks like if others change spaces, case or what is not ASCII.

    Spaces: at its ends, within, and in the query of a URL. Case: only of a long one, since a short one could be an
    ordinary word then; IDs are compared in lower case. Not ASCII: lost, or read as Latin-1, as HTTP libraries read
    headers.
    """
    found = [secret, secret.strip(), " ".join(secret.split()), secret.replace(" ", "+")]
    if not secret.isascii():
        found += [_NOT_ASCII.sub(lost, secret) for lost in ("?", "\ufffd")]
        found += [one.encode("utf-8", "surrogatepass").decode("latin-1") for one in found]
    if len(secret) >= _SHORTEST_IN_ANY_CASE:
        found += [other for one in found for other in (one.lower(), one.upper())]
    return [text for text in dict.fromkeys(found) if text]
