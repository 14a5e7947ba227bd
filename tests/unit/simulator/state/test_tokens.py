# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Logging in and out."""

from __future__ import annotations

import time
from typing import Any

import pytest


def test_password_then_revoke(client: Any, appliance: Any) -> None:
    assert appliance.state()["tokens_open"] == 1
    client.call("GET", "/organizations/amazon")
    answer = client.send("DELETE", "/token")
    assert (answer.status_code, answer.content) == (204, b"")
    assert appliance.state()["tokens_open"] == 0
    assert client.call("GET", "/organizations/amazon", 401)["errorCode"] == "InvalidToken"


def test_body_of_a_login(connect: Any) -> None:
    body = connect().log_in()
    assert (body["token_type"], body["expires_in"], body["mfa_enabled"], body["mfa_token"]) == (
        "bearer",
        3600,
        False,
        None,
    )
    assert body["roleName"] == "Portal Administrator"
    assert body[".issued"].endswith("GMT")


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer nonsense"}, {"Authorization": "Basic YTpi"}])
def test_without_a_good_token(connect: Any, headers: dict[str, str]) -> None:
    connect().call("GET", "/organizations/amazon", 401, headers=headers)


def test_access_token_expires(client: Any, appliance: Any) -> None:
    appliance.control("POST", "/settings", {"expires_in": 0.1})
    body = client.log_in()
    client.call("GET", "/system/version")
    time.sleep(0.12)
    assert client.call("GET", "/system/version", 401)["errorCode"] == "ExpiredToken"
    client.use(client.token(grant_type="refresh_token", refresh_token=body["refresh_token"])["access_token"])
    client.call("GET", "/system/version")
    client.token(401, grant_type="refresh_token", refresh_token=body["refresh_token"])


def test_refresh_token_expires(client: Any, appliance: Any) -> None:
    appliance.control("POST", "/settings", {"refresh_expires_in": 0})
    refresh = client.log_in()["refresh_token"]
    assert client.token(401, grant_type="refresh_token", refresh_token=refresh)["errorCode"] == "ExpiredToken"


def test_all_tokens_expire_on_demand(client: Any, appliance: Any) -> None:
    appliance.control("POST", "/tokens/expire")
    assert client.call("GET", "/system/version", 401)["errorCode"] == "ExpiredToken"
    assert appliance.state()["tokens_open"] == 0


def test_second_factor(connect: Any, appliance: Any) -> None:
    client, facts = connect(), appliance.facts
    half = client.token(grant_type="password", username=facts["mfa_username"], password=facts["mfa_password"])
    assert half["mfa_token"]
    assert "access_token" not in half
    client.token(401, grant_type="mfa", mfa_token=half["mfa_token"], mfa_code="0")
    full = client.token(grant_type="mfa", mfa_token=half["mfa_token"], mfa_code=facts["mfa_code"])
    client.use(full["access_token"])
    client.call("GET", "/system/version")
    client.token(401, grant_type="mfa", mfa_token=half["mfa_token"], mfa_code=facts["mfa_code"])


def test_account_locks_itself(connect: Any, appliance: Any) -> None:
    client = connect()
    good = {"grant_type": "password", "username": appliance.username, "password": appliance.password}
    for _attempt in range(4):
        client.token(401, **{**good, "password": "wrong"})
    client.token(**good)
    for _attempt in range(5):
        client.token(401, **{**good, "password": "wrong"})
    assert "locked" in client.token(401, **good)["details"]


@pytest.mark.parametrize(
    "form",
    [{}, {"grant_type": "password"}, {"grant_type": "letmein"}, {"grant_type": "authorization_code", "code": "x"}],
)
def test_malformed_login(connect: Any, form: dict[str, str]) -> None:
    connect().token(400, **form)


def test_login_as_json_is_refused(connect: Any) -> None:
    connect().call("POST", "/token", 400, json={"grant_type": "password"})


def test_operator_may_only_look(connect: Any, appliance: Any) -> None:
    client = connect()
    client.log_in(appliance.facts["operator_username"], appliance.facts["operator_password"])
    role = client.roles()["prod-rescan"]
    client.call("POST", "/organizations/amazon/checkOrganizationExists", json={"rescanIamRoleId": role})
    body = {"rescanIamRoleId": role, "rescanStorageType": "InMemory"}
    assert client.call("POST", "/organizations/amazon/rescan", 403, json=body)["errorCode"] == "AccessDenied"
    client.call("DELETE", "/token", 204)
