# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The requests of every documented call, and what is made of their answers."""

from __future__ import annotations

import contextlib
import inspect
from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.vbaws.appliance.plugins.module_utils._appliance.api import Api, session_id
from ansible_collections.vbaws.appliance.plugins.module_utils._errors import ApplianceError, UnknownOutcome
from ansible_collections.vbaws.appliance.plugins.module_utils._http.response import Answer
from ansible_collections.vbaws.appliance.tests.unit.support.api_examples import (
    EXAMPLES,
    Example,
    made_request,
)
from ansible_collections.vbaws.appliance.tests.unit.support.builders import (
    ORGANIZATION_ID,
    ROLE_ID,
    SESSION_ID,
    answer,
    fails,
)
from ansible_collections.vbaws.appliance.tests.unit.support.fake_client import BASE, FakeClient, Request, refused
from ansible_collections.vbaws.appliance.tests.unit.support.progress import Watched


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.method)
def test_each_method_makes_its_request_and_no_other(example: Example) -> None:
    request, returned = made_request(example)
    assert request == example.request
    assert returned == example.returns


def test_every_method_has_an_example() -> None:
    methods = {name for name, _value in inspect.getmembers(Api, inspect.isfunction) if not name.startswith("_")}
    # The contract says nothing of the document, which is no call of the API.
    assert {example.method for example in EXAMPLES} | {"get_document"} == methods


def test_what_an_appliance_serves_beside_its_api_is_asked_for_from_the_root() -> None:
    client = FakeClient({"openapi": "3.0.1"})
    assert client.api().get_document("/swagger/v1/swagger.json").json() == {"openapi": "3.0.1"}
    assert client.requests == [Request("GET", "/swagger/v1/swagger.json", root="")]


def test_only_calls_that_change_the_configuration_are_marked_as_writes() -> None:
    marked = {(e.method, e.request.json.get("rescanStorageType") if e.request.json else None): e for e in EXAMPLES}
    writes = {key for key, example in marked.items() if example.request.writes}
    assert writes == {
        ("rescan", "Database"),
        ("add_organization", None),
        ("modify_organization", None),
        ("remove_organization", None),
    }


def test_a_list_is_read_over_as_many_pages_as_it_takes() -> None:
    items = [{"id": str(number)} for number in range(5)]
    client = FakeClient(*({"totalCount": 5, "results": part} for part in (items[:2], items[2:4], items[4:])))
    assert client.api().get_organizations(search="x") == (items, 5)
    assert [request.query for request in client.requests] == [
        (("SearchPattern", "x"), ("Offset", offset), ("Limit", 200)) for offset in (0, 2, 4)
    ]


def test_identities_are_read_page_by_page_and_the_last_answer_is_kept() -> None:
    pages = [
        {"totalCount": 2, "identities": [{"awsId": "r-prod"}]},
        {"totalCount": 2, "identities": [{"awsId": "ou"}], "statistics": {"unitsCount": 1}},
    ]
    client = FakeClient(*pages)
    assert client.api().get_rescan_results(SESSION_ID) == ([{"awsId": "r-prod"}, {"awsId": "ou"}], 2, pages[1])
    assert [dict(request.query)["offset"] for request in client.requests] == [0, 1]


# Which session a 202 started

LINK = f"https://appliance:11005/api/v1/sessions/{SESSION_ID}"


@pytest.mark.parametrize(
    ("body", "location"),
    [
        ({"sessionId": SESSION_ID, "id": "other"}, None),
        ({"id": SESSION_ID, "_links": [{"href": LINK.replace("d1", "d2")}]}, None),
        ({"_links": [{"href": "/organizations/amazon"}, {"href": f"{LINK}/log"}]}, None),
        ({"sessionId": None, "id": "", "_links": [None, {"rel": "x"}, {"href": LINK}]}, None),
        ({}, f"{LINK}?x=1"),
        (None, LINK),
        ([], LINK),
    ],
)
def test_the_session_is_found_wherever_it_is_told(body: Any, location: str | None) -> None:
    assert session_id(answer(body, 202, "POST", BASE, location)) == SESSION_ID


@pytest.mark.parametrize(
    "body",
    [
        None,
        {},
        [],
        {"_links": [{"href": "/sessions/7"}]},
        {"_links": "x"},
        {"sessionId": 7},
        {"sessionId": ".."},
        {"sessionId": "\ud800"},
        {"sessionId": "\x1b[2J"},
        {"sessionId": "x" * 201},
    ],
)
def test_a_202_without_a_session_leaves_open_what_becomes_of_it(body: Any) -> None:
    with fails("unknown_outcome", f"POST {BASE}", "names no session") as caught:
        session_id(answer(body, 202, "POST", BASE))
    assert isinstance(caught.raised, UnknownOutcome)


def test_a_202_with_a_page_instead_of_json_is_still_followed_by_its_header() -> None:
    page = Answer("POST", BASE, 202, {"Location": LINK}, b"<html></html>")
    assert session_id(page) == SESSION_ID


# Answers that cannot be understood


@pytest.mark.parametrize("body", [None, [], "null"])
def test_no_findings_mean_that_all_is_well(body: Any) -> None:
    given = answer(body) if body != "null" else Answer("POST", "/", 200, {}, b" null ")
    assert FakeClient(given).api().validate_removal(ORGANIZATION_ID) == []


MALFORMED: list[tuple[Callable[[Api], Any], Any]] = [
    (lambda api: api.validate_removal(ORGANIZATION_ID), {"results": []}),
    (lambda api: api.validate_settings({}), ["text"]),
    (lambda api: api.validate_removals([ORGANIZATION_ID]), []),
    (lambda api: api.validate_removals([ORGANIZATION_ID]), {"results": ["text"]}),
    (lambda api: api.get_version(), []),
    (lambda api: api.check_adding(ROLE_ID), []),
    (lambda api: api.check_adding(ROLE_ID), {}),
    (lambda api: api.check_adding(ROLE_ID), {"isRescanIamRoleValid": "true"}),
    (lambda api: api.check_adding(ROLE_ID), {"isRescanIamRoleValid": True, "conflictingOrganizationId": 7}),
    (lambda api: api.validate_name("x"), {"isValid": True}),
    (lambda api: api.validate_name("x"), {"isValid": 1, "isUnique": True}),
    (lambda api: api.get_session(SESSION_ID), "x"),
    (lambda api: api.get_session_log(SESSION_ID), {"log": None}),
    (lambda api: api.get_session_log(SESSION_ID), {"log": ["x"]}),
    (lambda api: api.get_structure(ORGANIZATION_ID, ReturnAsTree=True), []),
]


@pytest.mark.parametrize(("call", "body"), MALFORMED)
def test_an_answer_that_lacks_what_it_must_have_is_an_error(call: Callable[[Api], Any], body: Any) -> None:
    client = FakeClient(body)
    with fails("api", "lacks", "It began with") as caught:
        call(client.api())
    assert (caught.raised.method, caught.raised.path) == (client.requests[0].method, client.requests[0].path)


# Answers about another object

PAGE = {"totalCount": 1, "identities": [{"awsId": "r-prod"}]}
ABOUT: list[tuple[Callable[[Api], Any], str, dict[str, Any]]] = [
    (lambda api: api.get_session(SESSION_ID), "id", {"status": "Succeeded"}),
    (lambda api: api.get_session_log(SESSION_ID), "sessionId", {"log": []}),
    (lambda api: api.get_rescan_results(SESSION_ID), "sessionId", PAGE),
    (lambda api: api.get_rescan_results(SESSION_ID, ReturnAsTree=True), "sessionId", {"tree": {}}),
    (lambda api: api.get_structure(SESSION_ID), "organizationId", PAGE),
    (lambda api: api.get_structure(SESSION_ID, ReturnAsTree=True), "organizationId", {"tree": {}}),
]


@pytest.mark.parametrize(("call", "key", "body"), ABOUT)
def test_an_answer_about_another_object_is_an_error(call: Callable[[Api], Any], key: str, body: dict[str, Any]) -> None:
    for shown in (SESSION_ID, SESSION_ID.upper(), None, ""):
        call(FakeClient({**body, key: shown}).api())
    for other in (ORGANIZATION_ID, 7, [SESSION_ID], "x" * 1000):
        with fails("api", f"was asked for '{SESSION_ID}' and returned ") as caught:
            call(FakeClient({**body, key: other}).api())
        assert len(caught.said) < 600


def test_each_page_of_a_structure_is_about_what_was_asked() -> None:
    shown = {"r-prod": ORGANIZATION_ID, "ou-prod": SESSION_ID}
    pages = [{"totalCount": 2, "identities": [{"awsId": aws_id}], "sessionId": key} for aws_id, key in shown.items()]
    with fails("api", "was asked for"):
        FakeClient(*pages).api().get_rescan_results(SESSION_ID)


def test_a_structure_may_show_the_aws_id_of_its_organization() -> None:
    assert FakeClient({**PAGE, "organizationId": "o-prod000001"}).api().get_structure(ORGANIZATION_ID).total == 1


def test_identities_with_one_aws_id_are_no_list() -> None:
    page = {"totalCount": 2, "identities": [{"awsId": "r-prod", "id": "1"}, {"awsId": "r-prod", "id": "2"}]}
    with fails("api", "'r-prod' came twice"):
        FakeClient(*[page] * 3).api().get_structure(ORGANIZATION_ID)


# IDs in paths

BY_ID: list[Callable[[Api, str], Any]] = [
    lambda api, key: api.get_organization(key),
    lambda api, key: api.modify_organization(key, {}, "x"),
    lambda api, key: api.remove_organization(key, "x"),
    lambda api, key: api.get_rescan_results(key),
    lambda api, key: api.get_structure(key),
    lambda api, key: api.validate_removal(key),
    lambda api, key: api.get_session(key),
    lambda api, key: api.get_session_log(key),
]


@pytest.mark.parametrize("call", BY_ID)
def test_an_id_is_one_segment_of_the_path(call: Callable[[Api, str], Any]) -> None:
    def path(key: str) -> str:
        client = FakeClient({**PAGE, "log": []} if call is not BY_ID[5] else [])
        call(client.api(), key)
        return client.requests[0].path

    plain = path("KEY")
    assert path("../organizations/amazon/x?y#z") == plain.replace("KEY", "..%2Forganizations%2Famazon%2Fx%3Fy%23z")


@pytest.mark.parametrize("call", BY_ID)
@pytest.mark.parametrize("key", ["", ".", "..", "\ud800"])
def test_an_id_that_is_no_segment_is_not_sent(call: Callable[[Api, str], Any], key: str) -> None:
    client = FakeClient()
    with fails("api", "cannot be part of the path"):
        call(client.api(), key)
    assert client.journal.untouched


# The journal


def lost(**parts: Any) -> UnknownOutcome:
    return UnknownOutcome("The answer was lost", **parts)


@pytest.mark.parametrize(
    ("given", "done", "unknown"),
    [
        ({"sessionId": SESSION_ID}, [], f"the session {SESSION_ID} has added the AWS Organization 'x'"),
        (lost(), [], "the AWS Organization 'x' was added"),
        (lost(unsure=False), [], None),
        ({}, [], "the AWS Organization 'x' was added"),  # an answer that names no session
        (refused(409), [], None),
        (refused(400).but(unsure=True), [], "the AWS Organization 'x' was added"),
        (KeyboardInterrupt(), [], "the AWS Organization 'x' was added"),
    ],
)
def test_a_write_is_entered_in_the_journal_whatever_becomes_of_it(given: Any, done: list[str], unknown: str) -> None:
    client = FakeClient(given)
    with contextlib.suppress(ApplianceError, KeyboardInterrupt):
        client.api().add_organization({}, "'x'")
    assert (client.journal.done, client.journal.unknown) == (done, unknown)


def test_what_changes_nothing_is_not_entered_in_the_journal() -> None:
    for example in EXAMPLES:
        client = FakeClient(example.answer)
        example.call(client.api())
        assert client.journal.untouched is (example.request.writes is None)


# Progress


def test_long_lists_and_structures_report_how_much_is_read() -> None:
    client = FakeClient()
    client.progress = watched = Watched()

    def page(items: str, first: int) -> dict[str, Any]:
        return {"totalCount": 1234, items: [{"id": str(number)} for number in range(first, min(first + 200, 1234))]}

    client.answers = [page("identities", first) for first in range(0, 1234, 200)]
    client.api().get_structure(ORGANIZATION_ID)
    assert watched.texts[0] == "structure: 200 of 1,234 read"
    assert watched.texts[-1] == "structure: 1,200 of 1,234 read"
    assert len(watched.lines) == 6
    for call, what in (
        (client.api().get_organizations, "AWS Organizations"),
        (client.api().get_iam_roles, "IAM roles"),
    ):
        watched.lines.clear()
        client.answers = [page("results", first) for first in range(0, 1234, 200)]
        call()
        assert watched.texts[1] == f"{what}: 400 of 1,234 read"
