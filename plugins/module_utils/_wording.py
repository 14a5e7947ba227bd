# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How messages quote foreign text and name what may have been meant."""

from __future__ import annotations

import difflib
import html
import re
from collections.abc import Callable, Collection, Sequence
from itertools import islice
from typing import Any, TypeVar

Value = TypeVar("Value")

RAW_CAP = 8192
"""Characters of an answer's body that a problem keeps."""

QUOTE_CAP = 200
"""Characters of a body that is no problem body which a message quotes."""

VALUE_CAP = 2000
"""Characters of one value that a message shows: more than any name, path or description has."""

_INVISIBLE = re.compile(r"<(script|style|head)\b.*?</\1\s*>|<!--.*?-->", re.DOTALL | re.IGNORECASE)

_TAG = re.compile(r"<[^<>]*>")

_SPACE = re.compile(r"\s+")


def excerpt(text: str, cap: int = QUOTE_CAP) -> str:
    """Make a foreign text quotable: without tags, on one line, at most ``cap`` characters.

    The title of a page is kept, since proxies say there what happened; its scripts and styles are not.
    """
    text = text[: RAW_CAP * 4]
    title = re.search(r"<title\b[^>]*>(.*?)</title\s*>", text, re.DOTALL | re.IGNORECASE)
    plain = (title.group(1) + " " if title else "") + _TAG.sub(" ", _INVISIBLE.sub(" ", text))
    plain = _SPACE.sub(" ", html.unescape(plain)).strip()
    return plain if len(plain) <= cap else plain[: cap - 3].rstrip() + "..."


def full_stop(text: str) -> str:
    """Return the text, trimmed, with exactly the punctuation that a sentence needs at its end."""
    text = text.strip()
    return text if not text or text[-1] in ".!?" else text + "."


def quoted(text: str) -> str:
    """Return a name or a path in quotation marks, exactly as a user can copy it into a playbook.

    Unlike repr, it does not double backslashes. Only what a terminal cannot show is escaped.
    """
    mark = '"' if "'" in text and '"' not in text else "'"
    return mark + printable(text) + mark


def escaped(text: str) -> str:
    """Escape what a terminal would not show or would obey: control characters, bidi marks, lone surrogates."""
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() else repr(one)[1:-1] for one in text)


def printable(text: str) -> str:
    """Return a value of the appliance as a message shows it: escaped, and nothing that is very long.

    It is not cut, because the beginning of a secret that was cut off could not be masked any more.
    """
    return escaped(text) if len(text) <= VALUE_CAP else _left_out(text)


def brief(value: Any, cap: int = QUOTE_CAP) -> str:
    """Return a value of any type as a message shows it: text in quotation marks, and nothing longer than ``cap``."""
    shown = quoted(value) if isinstance(value, str) else repr(value)
    return shown if len(shown) <= cap else _left_out(shown)


def one_line(text: str) -> str:
    """Return the text on one line, without characters that could do something to a terminal. See printable."""
    line = "".join(character if character.isprintable() else " " for character in text)
    line = " ".join(line.split())
    return line if len(line) <= VALUE_CAP else _left_out(line)


def _left_out(text: str) -> str:
    return f"({len(text):,} characters that are not shown)"


def first_of(
    values: Collection[Value], shown: int = 3, separator: str = ", ", as_text: Callable[[Value], str] = str
) -> str:
    """Return the first values, and how many more there are. as_text: is called for those alone."""
    more = len(values) - shown
    return separator.join(map(as_text, islice(values, shown))) + (f" and {more} more" if more > 0 else "")


def did_you_mean(wanted: str, names: Sequence[str]) -> str:
    """A hint with at most three near names, those that differ in case alone first. Empty where nothing is near."""
    same = [name for name in names if name.casefold() == wanted.casefold()]
    near = difflib.get_close_matches(wanted, names, n=3, cutoff=0.6)
    candidates = list(dict.fromkeys([*same, *near]))[:3]
    if not candidates:
        return ""
    hints = [quoted(name) + " (upper and lower case differ)" * (name in same) for name in candidates]
    return f"Did you mean {' or '.join(hints)}? "
