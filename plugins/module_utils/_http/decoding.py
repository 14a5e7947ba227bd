# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads JSON from an appliance, within bounds of memory and depth."""

from __future__ import annotations

import json
import math
from typing import Any

MOST_VALUES = 1_000_000
"""Values in one answer. A page has some thousands, the tree of 50,000 accounts some hundred thousand."""

DEEPEST = 64
"""Levels of lists and objects in one answer. AWS nests organizational units five deep, so a tree has about 15."""

LONGEST_NUMBER = 400
"""Digits of a number. Python reads longer ones in quadratic time, or not at all."""


class NotJson(ValueError):
    """The text is not JSON."""


class OutOfBounds(ValueError):
    """The text may be JSON, and has more than this program reads. The message says of what."""


def decode(content: bytes) -> Any:
    """Return the value of a JSON text in UTF-8. Raises NotJson or OutOfBounds.

    Strings may have lone surrogates, which JSON can write and UTF-8 cannot.
    """
    # Counted before it is read, since a value of three bytes takes a hundred in memory.
    if content.count(b",") + content.count(b"{") + content.count(b"[") > MOST_VALUES:
        raise OutOfBounds(f"has more than {MOST_VALUES:,} values")
    try:
        text = content.decode("utf-8-sig", "replace")
        value = json.loads(text, parse_int=_integer, parse_float=_float, parse_constant=_no_number)
    except RecursionError:
        raise _too_deep() from None
    except OutOfBounds:
        raise
    except ValueError as error:
        raise NotJson(str(error)) from None
    _require_flat(value)
    return value


def _require_flat(value: Any) -> None:
    level = [value]
    for _depth in range(DEEPEST + 1):
        level = [
            inner
            for outer in level
            if isinstance(outer, (dict, list))
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
        if not level:
            return
    raise _too_deep()


def _too_deep() -> OutOfBounds:
    return OutOfBounds(f"is nested more than {DEEPEST} levels deep")


def _integer(digits: str) -> int:
    if len(digits) > LONGEST_NUMBER:
        raise OutOfBounds(f"has a number with more than {LONGEST_NUMBER} digits")
    return int(digits)


def _float(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise OutOfBounds("has a number that is too large")
    return number


def _no_number(name: str) -> Any:
    raise NotJson(f"{name} is not JSON")
