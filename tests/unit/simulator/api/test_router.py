# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a request finds its operation, and what is refused before."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.api.router import Router, router
from simulator.state.names import contract
from simulator.state.refusal import Refusal
from simulator.state.shape import Shape

ID = "00000000-0000-4000-8000-000000000001"
BASE = "/organizations/amazon"


@pytest.fixture(scope="module")
def documented() -> Router:
    return router(Shape())


@pytest.mark.parametrize(
    ("method", "path", "query", "body", "found"),
    [
        ("GET", "/system/version", [], None, ("get_version", {})),
        ("GET", f"{BASE}/{ID}", [], None, ("get_organization", {"organization_id": ID})),
        ("POST", f"{BASE}/validateDelete", [], {"items": [ID]}, ("validate_removals", {"body": {"items": [ID]}})),
        ("POST", f"{BASE}/{ID}/validateDelete", [], None, ("validate_removal", {"organization_id": ID})),
        (
            "GET",
            BASE,
            [("Sort", "nameAsc"), ("Offset", 1), ("Sort", "scopeDesc"), ("Limit", "2"), ("unknown", "x")],
            None,
            ("get_organizations", {"sort": ["nameAsc", "scopeDesc"], "offset": 1, "limit": 2}),
        ),
        (
            "POST",
            f"{BASE}/{ID}/identitiesInDb",
            [("ExpandChildNodes", "true"), ("ReturnAsTree", "false"), ("LimitedScopeId", ID)],
            None,
            (
                "get_structure",
                {
                    "organization_id": ID,
                    "expand_child_nodes": True,
                    "return_as_tree": False,
                    "limited_scope_id": ID,
                    "body": None,
                },
            ),
        ),
    ],
)
def test_parameters(documented: Router, method: str, path: str, query: Any, body: Any, found: Any) -> None:
    assert documented.find(method, path, query, body) == found


@pytest.mark.parametrize(
    ("method", "path", "query", "body", "status", "details"),
    [
        ("GET", "/nowhere", [], None, 404, ""),
        ("PATCH", BASE, [], None, 405, ""),
        ("GET", f"{BASE}/production", [], None, 400, "is not a 'uuid'"),
        ("GET", BASE, [("Offset", "one")], None, 400, "offset"),
        ("GET", BASE, [("Sort", "colourAsc")], None, 400, "is not one of"),
        ("POST", f"{BASE}/{ID}/identitiesInDb", [("ExpandChildNodes", "True")], None, 400, "expand_child_nodes"),
        ("POST", BASE, [], None, 400, "must not be empty"),
        ("POST", BASE, [], {"organization": {}}, 400, "'name' is a required property - 'organization'"),
        ("POST", f"{BASE}/rescan", [], {"rescanIamRoleId": ID, "rescanStorageType": "Tape"}, 400, "is not one of"),
    ],
)
def test_refused(documented: Router, method: str, path: str, query: Any, body: Any, status: int, details: str) -> None:
    with pytest.raises(Refusal) as caught:
        documented.find(method, path, query, body)
    assert (caught.value.status, caught.value.error_code) == (status, "")
    assert details in caught.value.details


def test_every_operation_of_the_contract_has_a_route(documented: Router) -> None:
    paths = contract()["paths"]
    wanted = {(path, method.upper()) for path, item in paths.items() for method in item if method != "parameters"}
    assert {(path, method) for path, routes in documented._routes.items() for method in routes} == wanted
    assert len(wanted) == 21


def test_requests_have_the_names_of_the_shape() -> None:
    shape = Shape(write_names={"organization.name": "title"})
    body = {"organization": {"name": "x", "rescanIamRoleId": ID, "backupRestoreIamRoleName": "y"}}
    with pytest.raises(Refusal, match="'title' is a required property"):
        router(shape).find("POST", BASE, [], body)


def test_a_shape_has_one_router() -> None:
    assert router(Shape(page_cap=3)) is router(Shape(page_cap=3))
    assert router(Shape(page_cap=3)) is not router(Shape(page_cap=4))
