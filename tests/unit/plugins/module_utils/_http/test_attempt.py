# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The deadline holds against peers that drip, flood or fall silent, wherever in the exchange they do it."""

from __future__ import annotations

import time
from typing import Any

import pytest
from ansible_collections.vbaws.appliance.plugins.module_utils._http.transport import Request
from ansible_collections.vbaws.appliance.tests.unit.support.raw_servers import drip, flood
from ansible_collections.vbaws.appliance.tests.unit.support.servers import LOOPBACK
from ansible_collections.vbaws.appliance.tests.unit.support.transport import ADD, GET, refused

SECONDS = 0.5
"""The deadline of a request here."""

LATE = 1.0
"""Seconds after the deadline at which a request must have ended."""

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
APPLIANCES = {
    "status line": drip(b"", b"H"),
    "header name": drip(OK + b"X", b"x"),
    "header value": drip(OK + b"X: ", b"x"),
    "headers": flood(b"", OK.replace(b"200", b"100") + b"X: y\r\n\r\n"),
    "100 continue": drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n", 0.02),
    "chunk size": drip(CHUNKED, b"0"),
    "chunk extension": drip(CHUNKED + b"2;", b"x"),
    "chunks": drip(CHUNKED, b"1\r\n \r\n"),
    "many chunks": flood(CHUNKED, b"1\r\n \r\n" * 1000),
    "trailer": drip(CHUNKED + b"0\r\nX: ", b"x"),
    "body without an end": drip(OK + b"\r\n", b" "),
    "silence": drip(b"", b""),
}
PROXIES = {
    "status line": drip(b"HTTP/1.1 2", b"0"),
    "header": drip(b"HTTP/1.1 200 OK\r\nX: ", b"x"),
    "headers": drip(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n", 0.02),
}


def times_out(http: Any, request: Request = GET) -> None:
    begin = time.monotonic()
    error = refused(http, request)
    assert time.monotonic() - begin < SECONDS + LATE
    assert "The task timed out after 0.5 seconds" in error.message
    assert error.unsure is request.writes


@pytest.mark.parametrize("request_", [GET, ADD], ids=["read", "add"])
@pytest.mark.parametrize("name", APPLIANCES)
def test_an_appliance_cannot_outlast_the_deadline(serve, make_http, certificate, ca_file, name, request_):
    server = serve(APPLIANCES[name], certificate)
    options = {"hostname": LOOPBACK, "port": server.port, "ca_path": str(ca_file), "timeout": 5, "retries": 0}
    times_out(make_http(options, SECONDS), request_)


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("name", PROXIES)
def test_a_proxy_cannot_outlast_the_deadline(serve, make_http, certificate, ca_file, name, scheme):
    server = serve(PROXIES[name], certificate if scheme == "https" else None)
    proxy = f"{scheme}://{LOOPBACK}:{server.port}"
    options = {"hostname": LOOPBACK, "port": 9, "ca_path": str(ca_file), "timeout": 5, "retries": 0, "proxy": proxy}
    times_out(make_http(options, SECONDS))


def test_a_socks_proxy_cannot_outlast_the_deadline(serve, make_http, monkeypatch):
    server = serve(drip(b"\x05\x00\x05\x00\x00\x03\xff", b"a"))
    server.read = lambda connection: connection.recv(100)
    monkeypatch.setenv("ALL_PROXY", f"socks5h://{LOOPBACK}:{server.port}")
    times_out(make_http({"hostname": "appliance.example.com", "timeout": 5, "retries": 0}, SECONDS))


def test_the_next_request_is_not_cut_off_by_the_deadline_of_the_one_before(appliance, make_http):
    http = make_http(appliance.options(), SECONDS)
    http.send(GET)
    time.sleep(SECONDS + LATE)
    assert refused(http).reason == "timeout"
    later = Request("GET", "/a", deadline=type(http.deadline)(30))
    assert [http.send(later).status for _again in range(3)] == [200] * 3
    assert appliance.handshakes == 1
