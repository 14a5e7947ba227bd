# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists: search, then sort, then offset and limit."""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from ..state.refusal import bad_request

Item = TypeVar("Item")


def matches(name: str, pattern: str | None) -> bool:
    """Whether a name matches: a part of it without regard to case; with * or ? in the pattern the whole of it."""
    if not pattern:
        return True
    if "*" in pattern or "?" in pattern:
        return fnmatch.fnmatchcase(name.lower(), pattern.lower())
    return pattern.lower() in name.lower()


def in_order(items: Sequence[Item], sort: Sequence[str], columns: Mapping[str, Callable[[Item], str]]) -> list[Item]:
    """The items by the given columns (`nameAsc`, `nameDesc`), the first column being the most important one."""
    ordered = list(items)
    for wish in reversed(sort):
        column, descending = (wish[:-4], True) if wish.endswith("Desc") else (wish.removesuffix("Asc"), False)
        if column not in columns:
            raise bad_request(f"Sort: {wish} is not known.")
        ordered.sort(key=lambda item: columns[column](item).lower(), reverse=descending)
    return ordered


def window(offset: int | None, limit: int | None, cap: int) -> tuple[int, int]:
    """Where a page begins and how many items it holds at most. A limit of -1 is none; the appliance has its own."""
    begin = offset or 0
    if begin < 0 or (limit is not None and limit < -1):
        raise bad_request("An offset and a limit are not negative.")
    return begin, cap if limit is None or limit == -1 else min(limit, cap)
