# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every message ends with what was left behind."""

from __future__ import annotations

import copy
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

JSON = "application/problem+json; charset=utf-8"


def problem(body: object, status: int | None = 400, content_type: str | None = JSON) -> Problem:
    return Problem.parse(status, content_type, body if isinstance(body, bytes) else json.dumps(body).encode())


def test_a_message_has_all_its_parts_in_order():
    denied = problem({"errorCode": "AccessDenied"}, 403)
    error = ApplianceError("The appliance refused it", reason="auth", remedy="Ask for a role", problem=denied)
    assert error.sentence() == (
        "The appliance refused it. The appliance said: AccessDenied, HTTP 403. Ask for a role. Nothing was changed."
    )
    assert str(error) == error.sentence()


def test_the_ending_tells_what_was_changed_and_what_is_not_known():
    error = ApplianceError("Failed", reason="api")
    assert error.ending() == "Nothing was changed."
    error.done = ["a was added", "b was removed"]
    assert error.ending() == "Changed before the failure: a was added; b was removed."
    error.unknown = "c was added"
    assert error.ending() == (
        "Changed before the failure: a was added; b was removed. "
        "It is not known whether c was added; run again, it looks first."
    )
    error.done = []
    assert error.ending() == "It is not known whether c was added; run again, it looks first."


def test_the_structured_failure_always_has_all_keys():
    bare = ApplianceError("x", reason="tls").failure()
    assert bare == dict.fromkeys(bare) | {"reason": "tls", "done": []}
    said = problem({"errorCode": "E", "title": "t"})
    error = ApplianceError("x", reason="api", stage="read", method="GET", path="/a", status=500, problem=said)
    error.done = ["a"]
    assert error.failure() == {
        "reason": "api",
        "stage": "read",
        "done": ["a"],
        "method": "GET",
        "path": "/a",
        "status": 500,
        "error_code": "E",
        "details": "t",
    }


def test_a_copy_is_an_error_of_its_own():
    error = NotFound("x", reason="not_found", remedy="r", status=404)
    twin = copy.copy(error)
    twin.done.append("a")
    twin.record["b"] = 1
    assert (type(twin), twin.message, twin.remedy, twin.status) == (NotFound, "x", "r", 404)
    assert (error.done, error.record) == ([], {})


def test_only_known_reasons_can_be_given():
    assert len(REASONS) == len(set(REASONS)) == 19
    with pytest.raises(ValueError, match="not a reason: whatever"):
        raise ApplianceError("x", reason="whatever")


def test_what_is_caught_apart_has_one_root():
    assert issubclass(NotFound, Refused)
    assert issubclass(Refused, ApplianceError)
    assert issubclass(UnknownOutcome, ApplianceError)
    assert not issubclass(UnknownOutcome, Refused)
