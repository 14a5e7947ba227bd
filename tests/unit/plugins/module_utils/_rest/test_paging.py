# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A list is read to its end, or it is an error."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.vbaws.appliance.plugins.module_utils._errors import ApplianceError
from ansible_collections.vbaws.appliance.plugins.module_utils._rest.paging import (
    BYTES_CAP,
    ITEMS_CAP,
    PAGE_SIZE,
    Form,
    collect,
)
from ansible_collections.vbaws.appliance.tests.unit.support.builders import answer, fails
from ansible_collections.vbaws.appliance.tests.unit.support.pages import Pages

RESULTS = Form("results")


def test_a_list_is_read_to_its_end():
    pages = Pages(450)
    items, total, last = collect(pages, RESULTS)
    assert (items, total) == (pages.items, 450)
    assert last == {"totalCount": 450, "results": pages.items[400:]}
    assert pages.asked == [(0, PAGE_SIZE), (200, PAGE_SIZE), (400, PAGE_SIZE)]


def test_an_empty_list_is_one_call():
    pages = Pages(0)
    assert collect(pages, RESULTS)[:2] == ([], 0)
    assert len(pages.asked) == 1


def test_a_server_that_caps_its_pages_is_read_to_its_end():
    pages = Pages(25, cap=10)
    assert collect(pages, RESULTS)[0] == pages.items
    assert [offset for offset, _limit in pages.asked] == [0, 10, 20]


@pytest.mark.parametrize(
    ("offset", "limit", "expected"), [(0, 5, 5), (440, 50, 10), (500, None, 0), (0, 250, 250), (0, 0, 0)]
)
def test_offset_and_limit_are_kept(offset, limit, expected):
    pages = Pages(450)
    items, total, _last = collect(pages, RESULTS, offset=offset, limit=limit)
    assert items == pages.items[offset : offset + expected]
    assert total == 450


def test_a_server_that_ignores_the_limit_is_cut():
    pages = Pages(9)
    assert collect(lambda offset, _limit: pages(offset, 100), RESULTS, limit=4)[0] == pages.items[:4]


@pytest.mark.parametrize(
    ("window", "told"),
    [
        ({}, [(200, 450), (400, 450)]),
        ({"offset": 100}, [(200, 350)]),
        ({"limit": 250}, [(200, 250)]),
        ({"limit": 1000}, [(200, 450), (400, 450)]),
        ({"offset": 440, "limit": 50}, []),
    ],
)
def test_each_page_but_the_last_is_reported(window, told):
    pages: list[tuple[int, int]] = []
    collect(Pages(450), RESULTS, **window, on_page=lambda read, total: pages.append((read, total)))
    assert pages == told


MISCHIEF: dict[str, Callable[[dict[str, Any]], Any]] = {
    "no total": lambda page: {"results": page["results"]},
    "a total that is text": lambda page: {**page, "totalCount": str(page["totalCount"])},
    "a total that is a boolean": lambda page: {**page, "totalCount": True},
    "a negative total": lambda page: {**page, "totalCount": -1},
    "a total that is a float": lambda page: {**page, "totalCount": 300.0},
    "no results": lambda page: {"totalCount": page["totalCount"]},
    "results that are null": lambda page: {**page, "results": None},
    "results that are texts": lambda page: {**page, "results": ["a"]},
    "another total": lambda page: {**page, "totalCount": page["totalCount"] + 1},
    "the items of the first page": lambda page: {**page, "results": [{"id": f"id-{n}"} for n in range(100)]},
    "too many items": lambda page: {**page, "results": page["results"] + [{"id": "more"}]},
    "an end too early": lambda page: {**page, "results": []},
    "a list": lambda page: page["results"],
}


@pytest.mark.parametrize("mischief", MISCHIEF)
def test_pages_that_disagree_are_read_again(mischief):
    pages = Pages(300)
    pages.spoil = [dict, MISCHIEF[mischief]]
    assert collect(pages, RESULTS)[0] == pages.items
    assert [offset for offset, _limit in pages.asked] == [0, 200, 0, 200]


@pytest.mark.parametrize("mischief", MISCHIEF)
def test_pages_that_keep_disagreeing_are_an_error_never_a_short_list(mischief):
    pages = Pages(300)
    pages.spoil = [dict, MISCHIEF[mischief]] * 3
    with pytest.raises(ApplianceError, match="could not be read whole, although it was read 3 times") as caught:
        collect(pages, RESULTS)
    assert caught.value.reason == "api"
    assert len(pages.asked) == 6


def test_a_total_that_is_a_long_text_is_shown_in_brief():
    pages = Pages(1)
    pages.spoil = [lambda page: {**page, "totalCount": "9" * 1_000_000}] * 3
    with fails("api", "totalCount is not a number but '(1,000,000 char") as caught:
        collect(pages, RESULTS)
    assert len(caught.said) < 1000


@pytest.mark.parametrize("total", [ITEMS_CAP + 1, 10**9, 10**399])
def test_a_total_that_no_appliance_has_is_an_error_at_once(total):
    asked = []

    def page(offset, _limit):
        asked.append(offset)
        assert len(asked) < 5, "the list grows"
        return answer({"totalCount": total, "results": [{}] * PAGE_SIZE}, path="/list")

    with fails("api", "GET /list is too large", f"more than {ITEMS_CAP}") as caught:
        collect(page, RESULTS)
    assert asked == [0]
    assert len(caught.said) < 1000


def test_the_largest_total_is_read():
    assert collect(lambda *_window: answer({"totalCount": ITEMS_CAP, "results": [{}]}), RESULTS, limit=1).items == [{}]


def test_pages_that_are_too_large_together_are_an_error_at_once():
    asked = []
    text = "x" * (BYTES_CAP // 8)

    def page(offset, _limit):
        asked.append(offset)
        return answer({"totalCount": 1000, "results": [{"id": str(offset), "text": text}]}, path="/list")

    with fails("api", "GET /list is too large", "more than 64 MiB"):
        collect(page, RESULTS)
    assert asked == list(range(8))


def test_pages_are_told_apart_by_the_properties_that_are_unique():
    spoilt = [{"id": "1", "awsId": "a"}, {"id": "2", "awsId": "a"}]
    read_twice = {"totalCount": 2, "results": spoilt}
    assert collect(lambda *_window: answer(read_twice), RESULTS).items == spoilt
    with fails("api", "the item 'a' came twice"):
        collect(lambda *_window: answer(read_twice), Form("results", ("id", "awsId")))
