# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Problem bodies are read leniently and lose nothing; every message ends with what was left behind."""

from __future__ import annotations

import contextlib
import json

import pytest
from ansible_collections.vbaws.appliance.plugins.module_utils._errors import (
    REASONS,
    ApplianceError,
    NotFound,
    Refused,
    UnknownOutcome,
)
from ansible_collections.vbaws.appliance.plugins.module_utils._rest.problem import Problem
from ansible_collections.vbaws.appliance.plugins.module_utils._wording import RAW_CAP, excerpt, full_stop

JSON = "application/problem+json; charset=utf-8"


def problem(body: object, status: int | None = 400, content_type: str | None = JSON) -> Problem:
    return Problem.parse(status, content_type, body if isinstance(body, bytes) else json.dumps(body).encode())


def test_the_members_of_the_reference_are_read():
    parsed = problem(
        {
            "title": "Access denied",
            "status": 403,
            "errorCode": "AccessDenied",
            "details": "The user may not.",
            "instance": "/x",
            "data": {"id": 7},
        },
        403,
    )
    assert (parsed.title, parsed.error_code, parsed.details) == ("Access denied", "AccessDenied", "The user may not.")
    assert (parsed.instance, parsed.data, parsed.status) == ("/x", {"id": 7}, 403)
    assert parsed.sentence() == 'Access denied: The user may not: data {"id": 7} (AccessDenied, HTTP 403).'


def test_the_fields_of_a_framework_are_rendered():
    parsed = problem({"title": "Invalid", "errors": {"name": ["too long", "taken"], "id": "odd"}, "traceId": "00-1"})
    assert parsed.sentence() == "Invalid: name: too long, taken; id: odd (HTTP 400, trace 00-1)."
    assert parsed.explanation() == "name: too long, taken; id: odd"


def test_errors_that_are_a_list_are_kept():
    assert problem({"errors": [{"a": 1}]}).explanation() == '[{"a": 1}]'


def test_member_names_are_compared_without_case_and_detail_serves_too():
    assert problem({"ErrorCode": "X", "Detail": "d"}).sentence() == "d (X, HTTP 400)."


def test_a_repetition_is_said_once():
    assert problem({"title": "Not found", "details": "Not found."}).sentence() == "Not found (HTTP 400)."


def test_a_code_alone_is_enough():
    assert problem({"errorCode": "ServiceUnavailable"}, 503).sentence() == "ServiceUnavailable, HTTP 503."


def test_the_status_of_http_wins_and_the_one_of_the_body_is_the_fallback():
    assert problem({"title": "x", "status": 500}, 404).status == 404
    assert problem({"title": "x", "status": 500}, None).status == 500


@pytest.mark.parametrize("body", [b"", b"null", b"[1]", b"7", b'"text"', b"\xff\xfe", b"{", b"[" * 100_000])
def test_no_body_is_too_odd(body):
    parsed = problem(body)
    assert not parsed.structured
    assert parsed.error_code is None
    assert parsed.sentence().startswith("HTTP 400 Bad Request")


def test_an_object_without_known_members_is_quoted():
    assert problem({"reason": "because"}).sentence() == (
        'HTTP 400 Bad Request, with a body of type application/problem+json that reads "{"reason": "because"}".'
    )


def test_the_page_of_a_proxy_is_quoted_without_its_tags():
    head = b"<html><head><title>Bad &amp; Gateway</title><style>p{}</style></head>"
    page = head + b"<body><h1>nginx</h1><script>x()</script>"
    assert problem(page, 502, "text/html").sentence() == (
        'HTTP 502 Bad Gateway, with a body of type text/html that reads "Bad & Gateway nginx".'
    )


def test_an_empty_body_is_said_to_be_one():
    assert problem(b"", 503, None).sentence() == "HTTP 503 Service Unavailable, without an explanation."
    assert problem(b"", None, None).sentence() == "no status, without an explanation."


def test_quotes_and_raw_texts_are_bounded():
    assert len(excerpt("word " * 1000)) <= 200
    assert excerpt("word " * 1000).endswith("...")
    assert len(problem(b"x" * 100_000).raw) == RAW_CAP


def test_a_full_stop_is_added_where_it_lacks():
    assert [full_stop(text) for text in ("a", "a.", "a? ", "")] == ["a.", "a.", "a?", ""]


def test_a_message_has_all_its_parts_in_order():
    denied = problem({"errorCode": "AccessDenied"}, 403)
    error = ApplianceError("The appliance refused it", reason="auth", remedy="Ask for a role", problem=denied)
    assert str(error) == "The appliance refused it. The appliance said: AccessDenied, HTTP 403. Ask for a role."
    assert str(ApplianceError("Failed", reason="api")) == "Failed."


def test_the_structured_failure_always_has_all_keys():
    bare = ApplianceError("x", reason="tls").failure([])
    assert bare == dict.fromkeys(bare) | {"reason": "tls", "done": []}
    said = problem({"errorCode": "E", "title": "t"})
    error = ApplianceError("x", reason="api", stage="read", method="GET", path="/a", status=500, problem=said)
    assert error.failure(["a"]) == {
        "reason": "api",
        "stage": "read",
        "done": ["a"],
        "method": "GET",
        "path": "/a",
        "status": 500,
        "error_code": "E",
        "details": "t",
    }


def test_an_error_is_not_changed_once_it_is_made():
    error = ApplianceError("x", reason="api")
    for name in ("message", "remedy", "unsure", "result", "anything"):
        with pytest.raises(AttributeError, match=name):
            setattr(error, name, "y")
    with pytest.raises(ApplianceError) as caught, contextlib.ExitStack():
        raise error from ValueError("cause")  # Python itself may set what it needs
    assert (caught.value.message, type(caught.value.__cause__)) == ("x", ValueError)


def test_a_changed_copy_is_an_error_of_its_own():
    error = NotFound("x", reason="not_found", remedy="r", status=404)
    twin = error.but(message="y", result={"a": 1})
    assert (type(twin), twin.message, twin.remedy, twin.status, twin.result) == (NotFound, "y", "r", 404, {"a": 1})
    assert (error.message, error.result) == ("x", {})
    assert str(twin) == "y. r."


def test_a_lost_answer_is_unsure_of_itself():
    error = UnknownOutcome("x", method="POST")
    assert (error.reason, error.unsure) == ("unknown_outcome", True)
    assert (type(error.but(message="y")), error.but(message="y").unsure) == (UnknownOutcome, True)
    assert ApplianceError("x", reason="api").unsure is False


def test_only_known_reasons_can_be_given():
    assert len(REASONS) == len(set(REASONS)) == 19
    with pytest.raises(ValueError, match="not a reason: whatever"):
        raise ApplianceError("x", reason="whatever")


def test_what_is_caught_apart_has_one_root():
    assert issubclass(NotFound, Refused)
    assert issubclass(Refused, ApplianceError)
    assert issubclass(UnknownOutcome, ApplianceError)
    assert not issubclass(UnknownOutcome, Refused)
