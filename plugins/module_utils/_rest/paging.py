# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists that come in pages: whole, or an error."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .._errors import ApplianceError

PAGE_SIZE = 200
"""Items to ask for at once."""

READINGS = 3
"""How often a list is read from its start before its pages are called contradictory."""


class _Disagreement(Exception):
    """The pages of one reading do not make one list."""


def collect(
    fetch: Callable[[int, int], Any], items_key: str, *, limit: int | None = None, offset: int = 0
) -> tuple[list[dict[str, Any]], int, dict[str, Any]]:
    """Read a list to its end, or up to ``limit`` items from ``offset`` on.

    ``fetch(offset, limit)`` returns one page: an object with ``totalCount`` and the list ``items_key``. Returns the
    items, the total that the appliance counts before ``offset`` and ``limit`` apply, and the last page. A list that
    somebody changes while it is read shows in its pages; it is then read again, and if that does not help it is an
    ``ApplianceError``.
    """
    why = ""
    for _number in range(READINGS):
        reading = _read_once(fetch, items_key, limit, offset)
        if not isinstance(reading, _Disagreement):
            return reading
        why = str(reading)
    raise ApplianceError(
        f"A list could not be read whole, although it was read {READINGS} times: {why}",
        reason="api",
        remedy="If somebody is changing many objects on the appliance right now, run again when that is over",
        stage="read",
    )


def _read_once(
    fetch: Callable[[int, int], Any], items_key: str, limit: int | None, offset: int
) -> tuple[list[dict[str, Any]], int, dict[str, Any]] | _Disagreement:
    try:
        return _read(fetch, items_key, limit, offset)
    except _Disagreement as disagreement:
        return disagreement


def _read(
    fetch: Callable[[int, int], Any], items_key: str, limit: int | None, offset: int
) -> tuple[list[dict[str, Any]], int, dict[str, Any]]:
    items: list[dict[str, Any]] = []
    identities: set[str] = set()
    total: int | None = None
    while True:
        wanted = PAGE_SIZE if limit is None else max(1, min(PAGE_SIZE, limit - len(items)))
        page = fetch(offset + len(items), wanted)
        found, counted = _check(page, items_key)
        if total is not None and counted != total:
            raise _Disagreement(f"the total changed from {total} to {counted}")
        total = counted
        for item in found:
            identity = item.get("id")
            if isinstance(identity, str):
                if identity in identities:
                    raise _Disagreement(f"the item {identity} came twice")
                identities.add(identity)
        items += found
        expected = max(0, total - offset)
        if len(items) > expected:
            raise _Disagreement(f"{len(items)} items came where {expected} were announced")
        if limit is not None and len(items) >= limit:
            return items[:limit], total, dict(page)
        if len(items) == expected:
            return items, total, dict(page)
        if not found:
            raise _Disagreement(f"the pages ended after {len(items)} of {expected} items")


def _check(page: Any, items_key: str) -> tuple[list[dict[str, Any]], int]:
    if not isinstance(page, Mapping):
        raise _Disagreement("a page is not an object")
    counted, found = page.get("totalCount"), page.get(items_key)
    if isinstance(counted, bool) or not isinstance(counted, int) or counted < 0:
        raise _Disagreement(f"totalCount is not a number but {counted!r}")
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise _Disagreement(f"{items_key} is not a list of objects")
    return found, counted
