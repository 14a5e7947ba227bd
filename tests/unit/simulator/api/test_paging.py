# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Search, sort, offset, limit."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.state.generate import world

ORGANIZATIONS = "/organizations/amazon"


@pytest.fixture
def many(appliance: Any, connect: Any) -> Any:
    appliance.reset(
        world=world(organizations=25, units=1, depth=1, accounts=1, registered=True), shape={"page_cap": 10}
    )
    client = connect()
    client.log_in()
    return client


def names(page: dict[str, Any]) -> list[str]:
    return [item["name"].removeprefix("organization-") for item in page["results"]]


def test_pages(many: Any) -> None:
    first = many.call("GET", ORGANIZATIONS)
    assert (first["totalCount"], len(first["results"])) == (25, 10)
    assert len(many.call("GET", ORGANIZATIONS, params={"Limit": 200})["results"]) == 10
    assert len(many.call("GET", ORGANIZATIONS, params={"Limit": -1})["results"]) == 10
    assert many.call("GET", ORGANIZATIONS, params={"Limit": 0})["results"] == []
    assert names(many.call("GET", ORGANIZATIONS, params={"Limit": 2, "Offset": 23})) == ["024", "025"]
    assert many.call("GET", ORGANIZATIONS, params={"Offset": 25}) == {"totalCount": 25, "results": []}
    assert len(many.everything(ORGANIZATIONS)) == 25
    many.call("GET", ORGANIZATIONS, 400, params={"Offset": -1})
    many.call("GET", ORGANIZATIONS, 400, params={"Limit": "ten"})


def test_search_then_sort_then_page(many: Any) -> None:
    query = {"SearchPattern": "ZATION-01", "Sort": "nameDesc", "Offset": 1, "Limit": 3}
    page = many.call("GET", ORGANIZATIONS, params=query)
    assert (page["totalCount"], names(page)) == (10, ["018", "017", "016"])
    page = many.call("GET", ORGANIZATIONS, params={"SearchPattern": "organization-0?5"})
    assert names(page) == ["005", "015", "025"]
    assert many.call("GET", ORGANIZATIONS, params={"SearchPattern": "o?5"})["totalCount"] == 0


def test_sort_by_several_columns(many: Any, appliance: Any) -> None:
    for name in ("organization-003", "organization-007"):
        appliance.control("PATCH", f"/organizations/{name}", {"description": "b"})
    query = {"Sort": ["descriptionDesc", "nameDesc"], "Limit": 3}
    assert names(many.call("GET", ORGANIZATIONS, params=query)) == ["007", "003", "025"]
    for column in ("name", "organizationId", "iamRole", "scope", "description"):
        for direction in ("Asc", "Desc"):
            many.call("GET", ORGANIZATIONS, params={"Sort": column + direction})
    many.call("GET", ORGANIZATIONS, 400, params={"Sort": "color"})


def test_roles(client: Any) -> None:
    roles = client.call("GET", "/accounts/amazon", params={"SearchPattern": "twin", "Sort": "awsAccountIdDesc"})
    assert [role["awsAccountId"] for role in roles["results"]] == ["200000000001", "100000000001"]
    everything = client.call("GET", "/accounts/amazon")
    assert everything["totalCount"] == 9
    assert everything["results"][0]["accountPermissions"] == ["OrganizationRescanRole"]
    client.call("GET", "/accounts/amazon", 400, params={"Sort": "colorAsc"})


def test_list_extras(appliance: Any, connect: Any) -> None:
    appliance.reset(shape={"list_extras": "links", "page_cap": 4})
    client = connect()
    client.log_in()
    page = client.call("GET", "/accounts/amazon", params={"Offset": 4})
    assert page["_links"][1] == {"rel": "next", "href": "/api/v1/accounts/amazon?Offset=8&Limit=4"}
    assert len(client.call("GET", "/accounts/amazon", params={"Offset": 8})["_links"]) == 1
    appliance.reset(shape={"list_extras": "offset_limit", "page_cap": 4})
    client.log_in()
    page = client.call("GET", "/accounts/amazon", params={"Offset": 1, "Limit": 2})
    assert (page["offset"], page["limit"]) == (1, 2)
