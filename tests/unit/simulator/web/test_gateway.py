# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults happen at the transport, to the requests they are meant for, as often as wished."""

from __future__ import annotations

import time
from typing import Any

import pytest
import requests

ORGANIZATIONS = "/organizations/amazon"


def wish(appliance: Any, kind: str, **values: Any) -> None:
    appliance.control("POST", "/faults", {"kind": kind, **values})


def adding(client: Any) -> dict[str, Any]:
    return {"organization": client.spec(rescan_iam_role=client.roles()["prod-rescan"])}


def test_drop_before_any_work(client: Any, appliance: Any) -> None:
    body = adding(client)
    wish(appliance, "drop_before", match={"method": "POST", "path": "/organizations/amazon$"})
    with pytest.raises(requests.ConnectionError):
        client.send("POST", ORGANIZATIONS, json=body)
    assert appliance.state()["sessions"] == []
    assert appliance.requests()[-1]["status"] is None
    assert client.send("POST", ORGANIZATIONS, json=body).status_code == 202


def test_drop_after_the_work(client: Any, appliance: Any) -> None:
    body = adding(client)
    wish(appliance, "drop_after", match={"method": "POST", "path": "/organizations/amazon$"})
    with pytest.raises(requests.ConnectionError):
        client.send("POST", ORGANIZATIONS, json=body)
    assert appliance.requests()[-1]["status"] is None
    time.sleep(0.05)
    (session,) = appliance.state()["sessions"]
    assert session["status"] == "Succeeded"
    assert client.call("GET", ORGANIZATIONS)["totalCount"] == 1


def test_a_cut_connection_is_replaced(client: Any, appliance: Any) -> None:
    appliance.control("DELETE", "/requests")
    wish(appliance, "drop_before")
    with pytest.raises(requests.ConnectionError):
        client.send("GET", ORGANIZATIONS)
    client.send("GET", ORGANIZATIONS)
    first, second = appliance.requests()
    assert first["connection"] != second["connection"]
    assert appliance.state()["connections"] == 1, "the handshake of the first one was before"


@pytest.mark.parametrize(("status", "retry_after"), [(503, 1), (502, None), (504, None), (429, 7)])
def test_status(client: Any, appliance: Any, status: int, retry_after: int | None) -> None:
    wish(appliance, "status", status=status, retry_after=retry_after)
    answer = client.send("POST", ORGANIZATIONS, json={})
    assert answer.status_code == answer.json()["status"] == status
    assert answer.headers.get("Retry-After") == (None if retry_after is None else str(retry_after))
    assert client.send("GET", ORGANIZATIONS).status_code == 200


def test_status_after_the_work(client: Any, appliance: Any) -> None:
    body = adding(client)
    wish(appliance, "status", status=504, work=True)
    client.call("POST", ORGANIZATIONS, 504, json=body)
    assert len(appliance.state()["sessions"]) == 1


def test_slow(client: Any, appliance: Any) -> None:
    body = adding(client)
    wish(appliance, "slow", seconds=0.3, times=2)
    began = time.monotonic()
    assert client.send("GET", ORGANIZATIONS).status_code == 200
    assert time.monotonic() - began > 0.29
    with pytest.raises(requests.ReadTimeout):
        client.send("POST", ORGANIZATIONS, json=body, timeout=0.1)
    assert len(appliance.state()["sessions"]) == 1, "the work was done all the same"


def test_truncated(client: Any, appliance: Any) -> None:
    wish(appliance, "truncate")
    with pytest.raises(requests.exceptions.ChunkedEncodingError, match="IncompleteRead"):
        client.send("GET", "/accounts/amazon")
    client.call("GET", "/accounts/amazon")


def test_html(client: Any, appliance: Any) -> None:
    wish(appliance, "html", times=2)
    wish(appliance, "html", status=200)
    for status in (502, 502, 200):
        answer = client.send("GET", ORGANIZATIONS)
        assert (answer.status_code, answer.headers["Content-Type"]) == (status, "text/html; charset=utf-8")
        assert answer.text.startswith("<!DOCTYPE html>")


def test_redirect(client: Any, appliance: Any) -> None:
    wish(appliance, "redirect", location="https://127.0.0.1/ui")
    answer = client.send("GET", ORGANIZATIONS)
    assert (answer.status_code, answer.headers["Location"]) == (302, "https://127.0.0.1/ui")


def test_unauthorized_does_no_work_and_spares_the_token(client: Any, appliance: Any) -> None:
    body = adding(client)
    wish(appliance, "unauthorized")
    client.call("POST", ORGANIZATIONS, 401, json=body)
    assert appliance.state()["sessions"] == []
    client.call("GET", ORGANIZATIONS)


def test_expired_token_stays_expired(client: Any, appliance: Any) -> None:
    wish(appliance, "expire_token")
    for _attempt in range(2):
        assert client.call("GET", ORGANIZATIONS, 401)["errorCode"] == "ExpiredToken"
    client.log_in()
    client.call("GET", ORGANIZATIONS)


def test_an_answer_that_is_made_up_does_no_work(client: Any, appliance: Any) -> None:
    address = f"{ORGANIZATIONS}/{client.add()['id']}"
    wish(appliance, "answer", match={"method": "DELETE"}, status=202, body={"later": True})
    assert client.call("DELETE", address, 202) == {"later": True}
    client.call("GET", address)


def test_a_refusal_says_what_is_wished(client: Any, appliance: Any) -> None:
    body = adding(client)
    wish(appliance, "status", status=409, details="the name exists", error_code="Conflict")
    problem = client.call("POST", ORGANIZATIONS, 409, json=body)
    assert (problem["details"], problem["errorCode"]) == ("the name exists", "Conflict")


def test_short_page(client: Any, appliance: Any) -> None:
    wish(appliance, "short_page")
    wish(appliance, "short_page", keep=0)
    sizes = []
    for _attempt in range(3):
        page = client.call("GET", "/accounts/amazon")
        assert page["totalCount"] == 9
        sizes.append(len(page["results"]))
    assert sizes == [4, 0, 9]


def test_match_skip_times(client: Any, appliance: Any) -> None:
    wish(appliance, "status", match={"method": "GET", "path": "^/api/v1/accounts"}, skip=1, times=2)
    statuses = [client.send("GET", "/accounts/amazon").status_code for _attempt in range(5)]
    assert statuses == [200, 503, 503, 200, 200]
    assert client.send("GET", ORGANIZATIONS).status_code == 200
    wish(appliance, "status", times=-1)
    assert {client.send("GET", ORGANIZATIONS).status_code for _attempt in range(4)} == {503}
    appliance.control("DELETE", "/faults")
    assert client.send("GET", ORGANIZATIONS).status_code == 200


def test_faults_spare_the_control_endpoint(appliance: Any) -> None:
    wish(appliance, "drop_before", times=-1)
    assert appliance.state()["tokens_open"] == 0


@pytest.mark.parametrize(
    "fault",
    [
        {},
        {"kind": "earthquake"},
        {"kind": "html", "colour": 1},
        {"kind": "html", "path": "x"},
        {"kind": "none", "act": "x"},
    ],
)
def test_unknown_fault(appliance: Any, fault: dict[str, Any]) -> None:
    with pytest.raises(RuntimeError):
        appliance.control("POST", "/faults", fault)
