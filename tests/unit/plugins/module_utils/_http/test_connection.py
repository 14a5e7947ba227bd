# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connections through proxies: a password only for a verified one; a lost answer is not taken for an unsent request."""

from __future__ import annotations

import select
import socket
from typing import Any

import pytest
from ansible_collections.vbaws.appliance.plugins.module_utils._errors import UnknownOutcome
from ansible_collections.vbaws.appliance.tests.unit.support.raw_servers import Script
from ansible_collections.vbaws.appliance.tests.unit.support.servers import LOOPBACK, Reply
from ansible_collections.vbaws.appliance.tests.unit.support.transport import ADD, GET, fingerprint, refused

LOGIN = "operator:pr0xy"


def tunnel(connection: socket.socket, request: bytes) -> None:
    """What a proxy does after CONNECT, until either side closes."""
    host, _colon, port = request.split()[1].decode().rpartition(":")
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    relay(connection, host, int(port))


def relay(connection: socket.socket, host: str, port: int) -> None:
    with socket.create_connection((host, port)) as upstream:
        pair = {connection: upstream, upstream: connection}
        while True:
            # TLS may have decrypted more than the socket shows.
            waiting = [connection] if getattr(connection, "pending", int)() else select.select(list(pair), [], [])[0]
            for source in waiting:
                data = source.recv(65536)
                if not data:
                    return
                pair[source].sendall(data)


def socks5(connection: socket.socket, greeting: bytes) -> None:
    """What a SOCKS proxy without a password does."""
    assert greeting[0] == 5
    connection.sendall(b"\x05\x00")
    request = connection.recv(100)
    host, port = socket.inet_ntoa(request[4:8]), int.from_bytes(request[8:10], "big")
    connection.sendall(b"\x05\x00\x00\x01" + bytes(6))
    relay(connection, host, port)


@pytest.fixture
def https_proxy(serve, authority) -> Any:
    """A proxy behind TLS whose authority is not that of the options."""

    def start(script: Script = tunnel, *, names: str = LOOPBACK, trusted: bool = False) -> Any:
        issuer = authority if trusted else type(authority)()
        return serve(script, issuer.issue_cert(names))

    return start


@pytest.mark.parametrize("options", [{}, {"certificate_fingerprint": "pin"}, {"validate_certs": False}])
@pytest.mark.parametrize("names", [LOOPBACK, "elsewhere.example.com"])
def test_an_https_proxy_that_is_not_trusted_gets_nothing(appliance, https_proxy, make_http, options, names):
    proxy = https_proxy(names=names, trusted=names != LOOPBACK)
    chosen = {key: fingerprint(appliance.certificate) if value == "pin" else value for key, value in options.items()}
    http = make_http(appliance.options(proxy=f"https://{LOGIN}@{LOOPBACK}:{proxy.port}", **chosen))
    error = refused(http)
    assert (error.reason, error.unsure) == ("tls", False)
    assert f"The certificate of the proxy {LOOPBACK}:{proxy.port} is not trusted" in error.message
    assert "pr0xy" not in str(error)
    assert (proxy.seen, appliance.seen) == ([], [])


@pytest.mark.parametrize("pinned", [True, False])
def test_a_trusted_https_proxy_is_used_with_its_password(appliance, https_proxy, make_http, pinned):
    proxy = https_proxy(trusted=True)
    pin = {"certificate_fingerprint": fingerprint(appliance.certificate)} if pinned else {}
    http = make_http(appliance.options(proxy=f"https://{LOGIN}@{LOOPBACK}:{proxy.port}", **pin))
    assert http.send(GET).status == 200
    assert b"Proxy-Authorization: Basic " in proxy.seen[0]


def test_an_untrusted_appliance_is_looked_at_once_behind_a_proxy(misnamed, proxy, make_http):
    error = refused(make_http(misnamed.options(proxy=f"http://{LOGIN}@{proxy.where}")))
    assert error.reason == "tls"
    assert len(proxy.seen) == 1


def test_looking_at_an_untrusted_certificate_sends_nothing(serve, make_http, certificate, tmp_path, monkeypatch):
    """Not even the credentials of a netrc file, to a host that accepts everything."""
    netrc = tmp_path / "netrc"
    netrc.write_text(f"machine {LOOPBACK} login somebody password else\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    server = serve(lambda connection, _request: connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n"), certificate)
    error = refused(make_http({"hostname": LOOPBACK, "port": server.port, "retries": 0}))
    assert fingerprint(certificate) in error.remedy
    assert [request for request in server.seen if request] == []


@pytest.mark.parametrize("action", ["drop", "reset"])
def test_an_add_that_is_lost_through_a_socks_proxy_is_not_repeated(appliance, serve, make_http, monkeypatch, action):
    proxy = serve(socks5)
    proxy.read = lambda connection: connection.recv(100)
    monkeypatch.setenv("ALL_PROXY", f"socks5://{LOOPBACK}:{proxy.port}")
    appliance.replies[:] = [Reply(action=action)] * 6
    error = refused(make_http(appliance.options()), ADD)
    assert isinstance(error, UnknownOutcome)
    assert appliance.calls() == ["POST /organizations/amazon"]
    assert proxy.seen


def test_an_add_that_a_socks_proxy_refuses_is_known_to_be_unsent(serve, make_http, appliance, monkeypatch):
    proxy = serve(lambda connection, _greeting: connection.sendall(b"\x05\xff"))
    proxy.read = lambda connection: connection.recv(100)
    monkeypatch.setenv("ALL_PROXY", f"socks5://{LOOPBACK}:{proxy.port}")
    error = refused(make_http(appliance.options(retries=1)), ADD)
    assert not isinstance(error, UnknownOutcome)
    assert not error.unsure
    assert len(proxy.seen) == 2


def test_the_reason_phrase_of_a_proxy_is_for_the_redactor(serve, make_http, appliance):
    """It is quoted as a whole: what is cut could not be masked any more."""
    phrase = "no, \"it's)" + "x" * 5000
    proxy = serve(lambda connection, _request: connection.sendall(f"HTTP/1.1 407 {phrase}\r\n\r\n".encode()))
    error = refused(make_http(appliance.options(proxy=f"http://{LOGIN}@{LOOPBACK}:{proxy.port}")))
    assert phrase in error.message
