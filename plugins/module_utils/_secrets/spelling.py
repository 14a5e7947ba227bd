# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads spelled characters: percent-encoded, HTML entities, escapes of JSON and Python."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from functools import lru_cache
from html.entities import html5

PASSES = 4
"""How often a text is decoded: three spellings within each other, and then the halves of a character are joined."""

_X = "[0-9A-Fa-f]"
_NAME = "[A-Za-z][A-Za-z0-9]{1,31};"
_SPELLED = re.compile(
    # The search is fast because each spelling begins with a character of one class.
    "[%\\\\&\u00c2-\u00f4\ud800-\udbff](?:"
    f"(?<=%)(?:{_X}{{2}}|u{_X}{{4}})"
    rf"|(?<=\\)(?:x{_X}{{2}}|u{_X}{{4}}|u\{{{_X}{{1,6}}\}}|U{_X}{{8}}|[bfnrt]|[ !-$'-/:-@\[-`{{-~]"
    # A backslash does not escape a percent sign or the beginning of an entity.
    f"|&(?!#|{_NAME}))"
    # A browser also accepts a number without its semicolon, which may itself be spelled.
    rf"|(?<=&)(?:#0*[0-9]{{1,7}}(?:;|(?![0-9%\\]))|#[Xx]0*{_X}{{1,6}}(?:;|(?![0-9A-Fa-f%\\]))"
    f"|{_NAME})"
    # The bytes of UTF-8 that were read as Latin-1, and the two halves of a character above U+FFFF.
    "|(?<=[\u00c2-\u00df])[\u0080-\u00bf]|(?<=[\u00e0-\u00ef])[\u0080-\u00bf]{2}|(?<=[\u00f0-\u00f4])[\u0080-\u00bf]{3}"
    "|(?<=[\ud800-\udbff])[\udc00-\udfff])"
)
_CONTROLS = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


def readings(text: str) -> Iterator[str]:
    """Yield a text as it is, decoded once, twice and so on, as long as that changes it."""
    yield text
    for _pass in range(PASSES):
        decoded = _SPELLED.sub(_replacement, text)
        if decoded == text:
            return
        text = decoded
        yield text


def origins(text: str, positions: Sequence[int]) -> list[int]:
    """Return the positions in a text that belong to positions in the decoded text, both in ascending order.

    A position within a spelled character is the position behind it.
    """
    found: list[int] = []
    spelled = _SPELLED.finditer(text)
    match = next(spelled, None)
    shift = 0
    for position in positions:
        while match is not None and match.start() - shift < position:
            shift += len(match.group()) - len(_plain(match.group()))
            match = next(spelled, None)
        found.append(position + shift)
    return found


def _replacement(match: re.Match[str]) -> str:
    return _plain(match.group())


@lru_cache(4096)
def _plain(spelled: str) -> str:
    """Return the character that is spelled, or the text itself if it only resembles a spelling."""
    mark, rest = spelled[0], spelled[1:]
    if mark == "&" and rest[0] != "#":
        named = html5.get(rest, "")
        return named if len(named) == 1 else spelled
    if mark == "&" and rest[1] not in "Xx":
        return _character(int(rest.strip("#;").lstrip("0") or "0"), spelled)
    if mark in "%&" or (mark == "\\" and len(rest) > 1):
        return _character(int(re.sub("[^0-9A-Fa-f]", "", rest).lstrip("0") or "0", 16), spelled)
    if mark == "\\":
        return _CONTROLS.get(rest, rest)
    if mark >= "\ud800":
        return spelled.encode("utf-16", "surrogatepass").decode("utf-16")
    try:
        return spelled.encode("latin-1").decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return spelled


def _character(number: int, spelled: str) -> str:
    return chr(number) if number <= sys.maxunicode else spelled
