# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The version header, and the licence agreement."""

from __future__ import annotations

import http.client
import json
import ssl
from typing import Any

import pytest


@pytest.mark.parametrize(
    ("product", "newest"),
    [("9", "1.7-rev0"), ("9.1", "1.7-rev1"), ("10", "1.8-rev0"), ("11", "1.9-rev0")],
)
def test_products(appliance: Any, connect: Any, product: str, newest: str) -> None:
    appliance.reset(product=product)
    client = connect()
    client.log_in()
    for revision in (newest, "1.7-rev0"):
        version = client.call("GET", "/system/version", headers={"x-api-version": revision})
        assert version["version"].strip().startswith(product if "." in product else f"{product}.0")
    assert appliance.state()["revisions"][0] == newest


@pytest.mark.parametrize(
    ("revision", "code"),
    [(None, "apiVersionUnspecified"), ("1.8-rev0", "unsupportedApiVersion"), ("latest", "invalidApiVersion")],
)
@pytest.mark.parametrize("path", ["/token", "/organizations/amazon"])
def test_wrong_revision(connect: Any, path: str, revision: str | None, code: str) -> None:
    method = "POST" if path == "/token" else "GET"
    problem = connect().call(method, path, 400, headers={"x-api-version": revision})
    assert problem["errorCode"] == code
    assert problem["status"] == 400
    assert "1.7-rev0" in problem["details"]


def test_two_revisions_at_once(appliance: Any) -> None:
    context = ssl.create_default_context(cafile=appliance.ca_file)
    connection = http.client.HTTPSConnection(appliance.hostname, appliance.port, timeout=5, context=context)
    connection.putrequest("GET", "/api/v1/system/version")
    for revision in ("1.7-rev0", "1.8-rev0"):
        connection.putheader("x-api-version", revision)
    connection.endheaders()
    answer = connection.getresponse()
    problem = json.loads(answer.read())
    connection.close()
    assert (answer.status, problem["errorCode"]) == (400, "ambiguousApiVersion")


def test_a_product_that_dropped_our_revision(client: Any, appliance: Any) -> None:
    appliance.control("POST", "/settings", {"revisions": ["1.9-rev0"]})
    assert client.call("GET", "/system/version", 400)["errorCode"] == "unsupportedApiVersion"


def test_licence_agreement(client: Any, appliance: Any) -> None:
    appliance.control("POST", "/eula", {"accepted": False})
    problem = client.call("GET", "/system/version", 403)
    assert "licence agreement" in problem["details"]
    appliance.control("POST", "/eula", {"accepted": True})
    client.call("GET", "/system/version")


def test_unknown_address_and_method(client: Any) -> None:
    assert client.call("GET", "/organizations/azure", 404)["errorCode"] == "InvalidURI"
    assert client.call("PATCH", "/organizations/amazon", 405)["errorCode"] == "MethodNotAllowed"
