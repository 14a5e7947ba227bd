# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads a list that comes in pages, to its end or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from .._errors import ApplianceError
from .._http.response import Answer
from .._wording import quoted

PAGE_SIZE = 200
"""The number of items to ask for at once."""

READINGS = 3
"""How often a list is read from its start before its pages count as contradictory."""

MOST_ITEMS = 1_000_000
"""Items of a list. AWS allows some ten thousand accounts in an organization."""

LIST_CAP = 128 * 1024 * 1024
"""Bytes of the pages of a list: 50,000 accounts take some 20 MiB."""

Fetch = Callable[[int, int], Answer]
"""Returns the page that begins at an offset and has at most so many items."""


class Listing(NamedTuple):
    """The items of a list or page, the total of the appliance without offset and limit, and the last page."""

    items: list[dict[str, Any]]
    total: int
    last_page: dict[str, Any]


class _Contradiction(Exception):
    """The pages of one reading do not form one list."""


@dataclass(frozen=True)
class _List:
    """A list of the appliance. The members are those of ``collect``."""

    fetch: Fetch
    items_key: str
    unique: Sequence[str]
    check: Callable[[Mapping[str, Any]], None]


def _accept(_page: Mapping[str, Any]) -> None:
    pass


def collect(
    fetch: Fetch,
    items_key: str,
    *,
    limit: int | None = None,
    offset: int = 0,
    unique: Sequence[str] = ("id",),
    check: Callable[[Mapping[str, Any]], None] = _accept,
) -> Listing:
    """Read a list from ``offset`` to its end, or at most ``limit`` items.

    A page is an object with ``totalCount`` and the list ``items_key``. unique: the properties that no two items have
    in common. check: raises an ``ApplianceError`` for a page that is about something else. If the pages contradict each
    other, because the list changed while it was read, it is read again; if they always do, this raises an
    ``ApplianceError``. So does a list that is larger than an appliance can have, at once.
    """
    wanted = _List(fetch, items_key, unique, check)
    reading = 1
    while True:
        try:
            return _read(wanted, limit, offset)
        except _Contradiction as contradiction:
            if reading == READINGS:
                raise ApplianceError(
                    f"A list could not be read whole, although it was read {READINGS} times: {contradiction}",
                    reason="api",
                    remedy="If many objects on the appliance are changing at the moment, run the task again later",
                    stage="read",
                ) from contradiction
        reading += 1


def _read(wanted: _List, limit: int | None, offset: int) -> Listing:
    """Read the list once."""
    items: list[dict[str, Any]] = []
    seen: dict[str, set[str]] = {name: set() for name in wanted.unique}
    total: int | None = None
    size = 0
    while True:
        count = PAGE_SIZE if limit is None else max(1, min(PAGE_SIZE, limit - len(items)))
        answer = wanted.fetch(offset + len(items), count)
        page = _checked(answer.json(), wanted)
        size += len(answer.content)
        if page.total > MOST_ITEMS or size > LIST_CAP:
            raise _too_long(answer, page.total)
        if total is not None and page.total != total:
            raise _Contradiction(f"the total changed from {total} to {page.total}")
        total = page.total
        _check_identities(page.items, seen)
        items += page.items
        expected = max(0, total - offset)
        if len(items) > expected:
            raise _Contradiction(f"{len(items)} items came, but {expected} were announced")
        if limit is not None and len(items) >= limit:
            return Listing(items[:limit], total, page.last_page)
        if len(items) == expected:
            return Listing(items, total, page.last_page)
        if not page.items:
            raise _Contradiction(f"the pages ended after {len(items)} of {expected} items")


def _too_long(answer: Answer, total: int) -> ApplianceError:
    announced = f"{total:,}" if total < MOST_ITEMS**2 else "far more"
    return ApplianceError(
        f"The list at {answer.path} is too long: the appliance announces {announced} items, and at most {MOST_ITEMS:,} "
        f"items in {LIST_CAP // 1024 // 1024} MiB are read",
        reason="api",
        remedy="Check hostname, port and proxy; the API has no list of this size",
        stage="read",
        method=answer.method,
        path=answer.path,
        status=answer.status,
    )


def _check_identities(items: list[dict[str, Any]], seen: Mapping[str, set[str]]) -> None:
    """Add the identities of a page to those of the pages before it, which must not have them."""
    for name, known in seen.items():
        for item in items:
            identity = item.get(name)
            if isinstance(identity, str):
                if identity in known:
                    raise _Contradiction(f"the item {quoted(identity)} came twice")
                known.add(identity)


def _checked(page: Any, wanted: _List) -> Listing:
    """Check the members of one page."""
    if not isinstance(page, Mapping):
        raise _Contradiction("a page is not an object")
    wanted.check(page)
    total, items = page.get("totalCount"), page.get(wanted.items_key)
    if isinstance(total, bool) or not isinstance(total, int) or total < 0:
        raise _Contradiction(f"totalCount is not a number but {type(total).__name__}")
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise _Contradiction(f"{wanted.items_key} is not a list of objects")
    return Listing(items, total, dict(page))
