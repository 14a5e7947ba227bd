# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every message ends with what was left behind."""

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
from ansible_collections.vbaws.appliance.plugins.module_utils._http.problem import Problem

JSON = "application/problem+json; charset=utf-8"


def problem(body: object, status: int | None = 400, content_type: str | None = JSON) -> Problem:
    return Problem.parse(status, content_type, body if isinstance(body, bytes) else json.dumps(body).encode())


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
    for name in ("message", "remedy", "unsure", "result"):
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
