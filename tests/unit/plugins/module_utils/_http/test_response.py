# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an answer shows of itself: nothing that was not masked first."""

from __future__ import annotations

import json

import pytest
from ansible_collections.vbaws.appliance.plugins.module_utils._errors import ApplianceError
from ansible_collections.vbaws.appliance.plugins.module_utils._http import response
from ansible_collections.vbaws.appliance.plugins.module_utils._http.response import Answer, refusal
from ansible_collections.vbaws.appliance.plugins.module_utils._secrets.redactor import Redactor

TOKEN = "t0ken-" + "abcdefghij" * 30
"""Longer than what a message quotes, so that cutting comes before masking if the order is wrong."""


def answer(content: object, status: int = 200, kind: str = "application/json") -> Answer:
    redactor = Redactor(set())
    redactor.add_secret(TOKEN)
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return Answer("GET", "/a", status, {"Content-Type": kind}, body, quote=redactor.quote)


def hidden(text: str) -> bool:
    return not any(TOKEN[start : start + 12] in text for start in range(len(TOKEN) - 12))


@pytest.mark.parametrize("before", ["", "x" * 150, "x" * 190, "<p>" * 100, "x" * 8000, "x" * 8180])
def test_a_quotation_never_shows_a_part_of_a_secret(before):
    body = f"{before}{TOKEN}{TOKEN} and more".encode()
    assert hidden(answer(body).quotation())
    with pytest.raises(ApplianceError) as caught:
        answer(body, kind="text/plain").json()
    assert hidden(str(caught.value))
    assert hidden(str(refusal(answer(body, 500, "text/html"), "1.7-rev0")))


@pytest.mark.parametrize("member", ["title", "details", "errorCode", "data", "errors", "traceId", "type", "detail"])
@pytest.mark.parametrize("before", ["", "x" * 1900, "x" * 1990])
def test_a_problem_never_shows_a_part_of_a_secret(member, before):
    error = refusal(answer({"status": 400, "title": "T", member: before + TOKEN}, 400), "1.7-rev0")
    assert hidden(str(error))
    assert hidden(json.dumps(error.failure([])))


def test_the_members_of_a_problem_are_bounded():
    """20 MB of details must not become a message of 20 MB."""
    long = "y" * 10**6
    problem = dict.fromkeys(("title", "details", "errorCode", "data", "errors", "traceId", "type"), long)
    error = refusal(answer(problem, 400), "1.7-rev0")
    assert len(str(error)) < 20_000
    assert len(json.dumps(error.failure([]))) < 20_000


def test_an_answer_out_of_bounds_says_so_and_is_not_a_truncated_one():
    deep = answer(b"[" * 100 + b"]" * 100)
    assert not deep.is_truncated_json()
    with pytest.raises(ApplianceError, match=r"The answer to GET /a \(HTTP 200\) is nested more than 64 levels deep"):
        deep.json()


def test_a_body_is_decoded_once(monkeypatch):
    calls: list[bytes] = []
    monkeypatch.setattr(response, "decode", lambda content: calls.append(content) or {})
    one = answer({})
    assert (one.is_truncated_json(), one.json(), one.json()) == (False, {}, {})
    assert len(calls) == 1
    assert one.with_unsure(False) is one
    assert (one.with_unsure(True).unsure, one.with_unsure(True).with_unsure(False)) == (True, one)
