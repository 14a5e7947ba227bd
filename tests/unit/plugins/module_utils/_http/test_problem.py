# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Problem bodies are read leniently and lose nothing."""

from __future__ import annotations

import json

import pytest
from ansible_collections.vbaws.appliance.plugins.module_utils._http.problem import Problem
from ansible_collections.vbaws.appliance.plugins.module_utils._wording import RAW_CAP

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
    assert (parsed.data, parsed.status) == ({"id": 7}, 403)
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


def test_a_raw_text_is_bounded():
    assert len(problem(b"x" * 100_000).raw) == RAW_CAP
