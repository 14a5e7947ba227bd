# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values of a report: plain data and texts."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping
from typing import Any

# The form of every time in a report: UTC, to the second, so that times compare as texts.
UTC_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")


def plain_data(value: Any) -> Any:
    """Convert a value to dict, list, str, int, float, bool and None.

    Ansible passes its own types of texts and lists, and YAML reads 2026-12-31 as a date. Lone surrogates, which cannot
    be written to a file, become escapes such as ``\\ud800``.
    """
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, Mapping):
        return {plain_data(str(key)): plain_data(value[key]) for key in value}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain_data(item) for item in value]
    if isinstance(value, datetime.date):
        return value.isoformat()
    # Called on the class: the methods of Ansible's own texts return such a text again.
    return str.encode(str(value), "utf-8", "backslashreplace").decode("utf-8")


def text_or_none(value: Any) -> str | None:
    """Return the value as a text, or None if it is empty."""
    return str(value) if value not in (None, "") else None


def sorted_texts(value: Any) -> list[str]:
    """Return a sorted list of texts without duplicates. A single value becomes a list of one text."""
    if value is None:
        return []
    items = value if isinstance(value, list) else [value]
    return sorted({str(item) for item in items})


def field_value(value: Any) -> str | list[str] | None:
    """Return one side of a difference: a text, a sorted list of texts, or None if nothing is set."""
    if value is None:
        return None
    if isinstance(value, list):
        return sorted(item if isinstance(item, str) else _inline(item) for item in value)
    return value if isinstance(value, str) else _inline(value)


def shorten(text: str, length: int) -> str:
    """Return at most this many characters. An ellipsis replaces the rest."""
    return text if len(text) <= length else f"{text[: length - 1]}…"


def quantity(number: int, noun: str) -> str:
    """Return a text such as ``1 organization`` or ``1,200 organizations``."""
    return f"{number:,} {noun if number == 1 else noun + 's'}"


def join_words(words: Iterable[str]) -> str:
    """Return a text such as ``a, b and c``."""
    *others, last = list(words) or [""]
    return f"{', '.join(others)} and {last}" if others else last


def _inline(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_inline(value[key])}" for key in sorted(value))
    if isinstance(value, list):
        return f"[{', '.join(sorted(_inline(item) for item in value))}]"
    if isinstance(value, bool):
        return str(value).lower()
    return "null" if value is None else str(value)
