# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads a list that comes in pages, to its end or not at all, within a bound of memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from .._errors import ApplianceError
from .._http.response import Answer
from .._wording import brief

PAGE_SIZE = 200
"""The number of items to ask for at once."""

READINGS = 3
"""How often a list is read from its start before its pages count as contradictory."""

ITEMS_CAP = 1_000_000
"""The largest total that is read, far more than any AWS Organization has accounts."""

BYTES_CAP = 64 * 1024 * 1024
"""Bytes: the most that all pages of one list may have, which is enough for 200,000 accounts."""

Fetch = Callable[[int, int], Answer]
"""Returns the answer with the page that begins at an offset and has at most so many items."""


OnPage = Callable[[int, int], None]
"""Is called after each page but the last with the number of items that were read and the number of all."""


class Listing(NamedTuple):
    """The items of a list or page, the total of the appliance without offset and limit, and the last page."""

    items: list[dict[str, Any]]
    total: int
    last_page: dict[str, Any]


class _Contradiction(Exception):
    """The pages of one reading do not form one list."""


@dataclass(frozen=True)
class Form:
    """How the pages of a list look: an object with ``totalCount`` and the list ``items``.

    unique: the properties that no two items have in common. check: raises an ApplianceError for a page that is not of
    this list.
    """

    items: str
    unique: Sequence[str] = ("id",)
    check: Callable[[Mapping[str, Any]], None] = lambda _page: None


def collect(
    fetch: Fetch,
    form: Form,
    *,
    limit: int | None = None,
    offset: int = 0,
    on_page: OnPage = lambda _read, _total: None,
) -> Listing:
    """Read a list from ``offset`` to its end, or at most ``limit`` items.

    If the pages contradict each other, because the list changed while it was read, it is read
    again; if they always do, this raises an ``ApplianceError``. So does a list that is larger than an appliance can
    have, at once.
    """
    reading = 1
    while True:
        try:
            return _read(fetch, form, limit, offset, on_page)
        except _Contradiction as contradiction:
            if reading == READINGS:
                raise ApplianceError(
                    f"A list could not be read whole, although it was read {READINGS} times: {contradiction}",
                    reason="api",
                    remedy="If many objects on the appliance are changing at the moment, run the task again later",
                    stage="read",
                ) from contradiction
        reading += 1


def _read(fetch: Fetch, form: Form, limit: int | None, offset: int, on_page: OnPage) -> Listing:
    """Read the list once."""
    items: list[dict[str, Any]] = []
    seen: dict[str, set[str]] = {name: set() for name in form.unique}
    total: int | None = None
    size = 0
    while True:
        count = PAGE_SIZE if limit is None else max(1, min(PAGE_SIZE, limit - len(items)))
        answer = fetch(offset + len(items), count)
        size += len(answer.content)
        if size > BYTES_CAP:
            raise _too_large(answer, f"its pages have more than {BYTES_CAP // 1024 // 1024} MiB")
        page = _checked(answer, form)
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
        on_page(len(items), expected if limit is None else min(limit, expected))


def _check_identities(items: list[dict[str, Any]], seen: Mapping[str, set[str]]) -> None:
    """Add the identities of a page to those of the pages before it, which must not have them."""
    for name, known in seen.items():
        for item in items:
            identity = item.get(name)
            if isinstance(identity, str):
                if identity in known:
                    raise _Contradiction(f"the item {brief(identity)} came twice")
                known.add(identity)


def _checked(answer: Answer, form: Form) -> Listing:
    """Check the members of one page."""
    page = answer.json()
    if not isinstance(page, Mapping):
        raise _Contradiction("a page is not an object")
    form.check(page)
    total, items = page.get("totalCount"), page.get(form.items)
    if isinstance(total, bool) or not isinstance(total, int) or total < 0:
        raise _Contradiction(f"totalCount is not a number but {brief(total)}")
    if total > ITEMS_CAP:
        raise _too_large(answer, f"its totalCount is {brief(total)}, more than {ITEMS_CAP}")
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise _Contradiction(f"{form.items} is not a list of objects")
    return Listing(items, total, dict(page))


def _too_large(answer: Answer, why: str) -> ApplianceError:
    return ApplianceError(
        f"The list that the appliance returns for {answer.method} {answer.path} is too large: {why}",
        reason="api",
        stage="read",
        method=answer.method,
        path=answer.path,
        status=answer.status,
    )
