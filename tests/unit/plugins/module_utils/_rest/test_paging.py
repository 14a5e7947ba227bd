# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A list is read to its end, or it is an error."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.vbaws.appliance.plugins.module_utils._errors import ApplianceError
from ansible_collections.vbaws.appliance.plugins.module_utils._http.response import Answer
from ansible_collections.vbaws.appliance.plugins.module_utils._rest import paging
from ansible_collections.vbaws.appliance.plugins.module_utils._rest.paging import PAGE_SIZE, collect
from ansible_collections.vbaws.appliance.tests.unit.support.builders import answer, fails
from ansible_collections.vbaws.appliance.tests.unit.support.pages import Pages


def test_a_list_is_read_to_its_end():
    pages = Pages(450)
    items, total, last = collect(pages, "results")
    assert (items, total) == (pages.items, 450)
    assert last == {"totalCount": 450, "results": pages.items[400:]}
    assert pages.asked == [(0, PAGE_SIZE), (200, PAGE_SIZE), (400, PAGE_SIZE)]


def test_an_empty_list_is_one_call():
    pages = Pages(0)
    assert collect(pages, "results")[:2] == ([], 0)
    assert len(pages.asked) == 1


def test_a_server_that_caps_its_pages_is_read_to_its_end():
    pages = Pages(25, cap=10)
    assert collect(pages, "results")[0] == pages.items
    assert [offset for offset, _limit in pages.asked] == [0, 10, 20]


@pytest.mark.parametrize(
    ("offset", "limit", "expected"), [(0, 5, 5), (440, 50, 10), (500, None, 0), (0, 250, 250), (0, 0, 0)]
)
def test_offset_and_limit_are_kept(offset, limit, expected):
    pages = Pages(450)
    items, total, _last = collect(pages, "results", offset=offset, limit=limit)
    assert items == pages.items[offset : offset + expected]
    assert total == 450


def test_a_server_that_ignores_the_limit_is_cut():
    pages = Pages(9)
    assert collect(lambda offset, _limit: pages(offset, 100), "results", limit=4)[0] == pages.items[:4]


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
    assert collect(pages, "results")[0] == pages.items
    assert [offset for offset, _limit in pages.asked] == [0, 200, 0, 200]


@pytest.mark.parametrize("mischief", MISCHIEF)
def test_pages_that_keep_disagreeing_are_an_error_never_a_short_list(mischief):
    pages = Pages(300)
    pages.spoil = [dict, MISCHIEF[mischief]] * 3
    with pytest.raises(ApplianceError, match="could not be read whole, although it was read 3 times") as caught:
        collect(pages, "results")
    assert caught.value.reason == "api"
    assert len(pages.asked) == 6


def test_a_list_without_an_end_is_an_error_at_once():
    def page(_offset: int, _limit: int) -> Answer:
        asked.append(_offset)
        return answer({"totalCount": 10**9, "results": [{"name": "no ID"}] * 200})

    asked: list[int] = []
    with pytest.raises(ApplianceError, match=r"announces 1,000,000,000 items, and at most 1,000,000 items in 128 MiB"):
        collect(page, "results")
    assert asked == [0]


def test_the_memory_of_a_list_is_bounded(monkeypatch):
    monkeypatch.setattr(paging, "LIST_CAP", 10**6)
    with pytest.raises(ApplianceError, match="The list at / is too long"):
        collect(lambda _offset, _limit: answer({"totalCount": 10**6, "results": [{"x": "y" * 1000}] * 200}), "results")


def test_foreign_text_in_a_page_is_not_repeated_as_a_whole():
    with pytest.raises(ApplianceError) as caught:
        collect(lambda _offset, _limit: answer({"totalCount": "x" * 10**6, "results": []}), "results")
    assert "totalCount is not a number but str" in str(caught.value)


@pytest.mark.parametrize("total", [paging.MOST_ITEMS + 1, 10**399])
def test_a_total_that_no_appliance_has_is_an_error_at_once(total):
    pages = Pages(1)
    pages.spoil = [lambda page: {**page, "totalCount": total}] * 3
    with fails("api", "is too long", "at most 1,000,000 items") as caught:
        collect(pages, "results")
    assert len(pages.asked) == 1
    assert len(caught.said) < 1000


def test_the_largest_total_is_read():
    page = answer({"totalCount": paging.MOST_ITEMS, "results": [{}]})
    assert collect(lambda *_window: page, "results", limit=1).items == [{}]


def test_all_pages_of_a_list_count(monkeypatch):
    monkeypatch.setattr(paging, "LIST_CAP", 10**6)
    asked = []

    def page(offset, _limit):
        asked.append(offset)
        return answer({"totalCount": 1000, "results": [{"id": str(offset), "text": "x" * 200_000}]})

    with fails("api", "The list at / is too long"):
        collect(page, "results")
    assert asked == [0, 1, 2, 3, 4]


def test_pages_are_told_apart_by_the_properties_that_are_unique():
    items = [{"id": "1", "awsId": "a"}, {"id": "2", "awsId": "a"}]
    page = answer({"totalCount": 2, "results": items})
    assert collect(lambda *_window: page, "results").items == items
    with fails("api", "the item 'a' came twice"):
        collect(lambda *_window: page, "results", unique=("id", "awsId"))


def test_each_page_is_checked():
    pages, seen = Pages(450), []
    collect(pages, "results", check=seen.append)
    assert [page["results"] for page in seen] == [pages.items[:200], pages.items[200:400], pages.items[400:]]
