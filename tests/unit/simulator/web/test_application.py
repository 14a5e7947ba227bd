# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers are held to the contract, and one that leaves it is an error of the simulator."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from simulator.api.wire_out import WireOut
from simulator.state.appliance import Appliance, Start
from simulator.state.settings import users
from simulator.state.worlds import DEFAULT, load
from simulator.web.application import build


def ask(appliance: Appliance, path: str, token: str) -> tuple[int, Any]:
    """Sends a GET to the API without a network."""
    answer: dict[str, Any] = {"body": b""}

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        answer["status"] = message.get("status", answer.get("status"))
        answer["body"] += message.get("body", b"")

    headers = [(b"authorization", f"Bearer {token}".encode()), (b"x-api-version", b"1.7-rev0")]
    scope = {"type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": b""}
    scope.update(headers=headers, http_version="1.1", scheme="https", server=("h", 1), client=("c", 2), root_path="")
    asyncio.run(build(appliance)(scope, receive, send))
    return answer["status"], json.loads(answer["body"])


def wrong_type(answer: dict[str, Any]) -> dict[str, Any]:
    return {**answer, "name": 7}


def missing(answer: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in answer.items() if key != "id"}


def too_much(answer: dict[str, Any]) -> dict[str, Any]:
    return {**answer, "colour": "red"}


def forbidden_null(answer: dict[str, Any]) -> dict[str, Any]:
    return {**answer, "name": None}


@pytest.mark.parametrize("spoil", [wrong_type, missing, too_much, forbidden_null])
def test_own_answers_are_held_to_it(monkeypatch: pytest.MonkeyPatch, spoil: Any) -> None:
    everybody = users()
    admin = next(iter(everybody.values()))
    with Appliance(Start(load(DEFAULT), everybody)) as appliance:
        form = {"grant_type": "password", "username": admin.name, "password": admin.password}
        token = appliance.tokens.log_in(form)["access_token"]
        assert ask(appliance, "/api/v1/accounts/amazon", token)[0] == 200
        honest = WireOut.role
        monkeypatch.setattr(WireOut, "role", lambda self, role: spoil(honest(self, role)))
        status, problem = ask(appliance, "/api/v1/accounts/amazon", token)
    assert (status, problem["status"]) == (500, 500)
    assert "does not conform" in appliance.violations[0]
