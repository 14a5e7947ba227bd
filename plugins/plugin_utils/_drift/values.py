# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values of others, made plain: what a report may hold, and how a person sees it. Pure."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

# How every time in a report is written: UTC, to the second, so that times compare as text.
TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
# Categories that have no glyph of their own, or that turn the text around them.
_INVISIBLE = ("Cc", "Cf", "Co", "Cn", "Cs", "Zl", "Zp")


def plain(value: Any) -> Any:
    """The same value made of dict, list, str, int, float, bool and None only.

    Ansible hands over its own kinds of text and lists, and YAML makes a date of 2026-12-31. Halves of characters,
    which no file takes, become question marks.
    """
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, Mapping):
        return {plain(str(key)): plain(value[key]) for key in value}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(item) for item in value]
    if isinstance(value, datetime.date):
        return value.isoformat()
    # Called on the class: the texts of some ansible-core make texts of their own kind again.
    return str.encode(str(value), "utf-8", "replace").decode("utf-8")


def text_or_none(value: Any) -> str | None:
    """A text that says something, else None."""
    return str(value) if value not in (None, "") else None


def texts(value: Any) -> list[str]:
    """A list of texts in one order; what is no list becomes one of one."""
    if value is None:
        return []
    items = value if isinstance(value, list) else [value]
    return sorted({str(item) for item in items})


def shown_value(value: Any) -> str | list[str] | None:
    """What one side of a difference holds: a text, a sorted list of texts, or None where nothing is set."""
    if value is None:
        return None
    if isinstance(value, list):
        return sorted(item if isinstance(item, str) else _inline(item) for item in value)
    return value if isinstance(value, str) else _inline(value)


def visible(text: str) -> str:
    """The text in one line, with every character that could not be seen, or would turn others around, spelled out."""
    if text.isprintable():
        return text
    return "".join(char if unicodedata.category(char) not in _INVISIBLE else _spelled(char) for char in text)


def cut(text: str, length: int) -> str:
    """At most so many characters; an ellipsis tells that some are left out."""
    return text if len(text) <= length else f"{text[: length - 1]}…"


def counted(number: int, one: str, many: str | None = None) -> str:
    """Such as ``1 organization`` or ``1,200 organizations``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def joined(parts: Iterable[str]) -> str:
    """Such as ``a, b and c``."""
    *others, last = list(parts) or [""]
    return f"{', '.join(others)} and {last}" if others else last


def _spelled(char: str) -> str:
    return "↵" if char == "\n" else f"⟨U+{ord(char):04X}⟩"


def _inline(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_inline(value[key])}" for key in sorted(value))
    if isinstance(value, list):
        return f"[{', '.join(sorted(_inline(item) for item in value))}]"
    if isinstance(value, bool):
        return str(value).lower()
    return "null" if value is None else str(value)
