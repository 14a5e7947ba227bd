# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Failures against real servers: how each is explained, and whether it is tried again."""

from __future__ import annotations

import datetime
import socket
import ssl
import threading
from typing import Any

import pytest
import requests
import urllib3
from ansible_collections.vbaws.appliance.plugins.module_utils._errors import UnknownOutcome
from ansible_collections.vbaws.appliance.plugins.module_utils._http import failures as _tls
from ansible_collections.vbaws.appliance.plugins.module_utils._http.deadline import Deadline
from ansible_collections.vbaws.appliance.plugins.module_utils._http.settings import Settings
from ansible_collections.vbaws.appliance.tests.unit.support.servers import Appliance, Reply, serving
from ansible_collections.vbaws.appliance.tests.unit.support.transport import ADD, closed_port, fingerprint, refused


def test_an_untrusted_certificate_is_refused_once_with_its_fingerprint(appliance, make_http, pauses):
    error = refused(make_http(appliance.options(ca_path=None)))
    assert error.reason == "tls"
    assert f"The certificate of 127.0.0.1:{appliance.port} is not trusted" in error.message
    assert fingerprint(appliance.certificate) in error.remedy
    assert "ca_path" in error.remedy
    assert "certificate_fingerprint" in error.remedy
    assert error.unsure is False
    assert (appliance.seen, pauses) == ([], [])


def test_an_expired_certificate_is_called_that(authority, ca_file, make_http):
    past = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    server = Appliance(authority.issue_cert("127.0.0.1", not_after=past, not_before=past), authority, ca_file)
    with serving(server):
        error = refused(make_http(server.options()))
    assert "expired" in error.message
    assert "Replace the certificate" in error.remedy


def test_a_certificate_for_other_names_is_explained(misnamed, make_http, pauses):
    error = refused(make_http(misnamed.options()))
    assert (error.reason, error.stage) == ("tls", "connect")
    assert error.message == f"The certificate of 127.0.0.1:{misnamed.port} is not valid for the host name 127.0.0.1"
    assert "Set hostname to a name in the certificate, or compare the SHA-256 fingerprint" in error.remedy
    assert fingerprint(misnamed.certificate) in error.remedy
    assert "certificate_fingerprint" in error.remedy
    assert (misnamed.seen, pauses) == ([], [])


# The messages of urllib3 1, which compares the names itself.
OLDER = ["hostname 'a' doesn't match 'b'", "hostname 'a' doesn't match either of 'b', 'c'"]


@pytest.mark.parametrize("text", [*OLDER, "no appropriate subjectAltName fields were found"])
def test_an_older_library_explains_other_names_alike(text):
    cause = urllib3.exceptions.SSLError(text)
    failure = _tls.failed(
        requests.exceptions.SSLError(cause), Settings.from_options({"hostname": "a"}), "connecting", Deadline(0)
    )
    assert (failure.sent, failure.final, failure.error.reason) == (False, True, "tls")
    assert "The certificate of a:11005 is not valid for the host name a" in failure.error.message


def test_a_wrong_fingerprint_sends_nothing_and_tells_both(appliance, make_http, pauses):
    error = refused(make_http(appliance.options(certificate_fingerprint="ab" * 32)))
    assert error.reason == "tls"
    assert f"with the SHA-256 fingerprint {fingerprint(appliance.certificate)}" in error.message
    assert "certificate_fingerprint is AB:AB:" in error.message
    assert (appliance.seen, pauses) == ([], [])


@pytest.mark.parametrize("server", ["appliance", "misnamed"])
def test_a_host_that_answers_no_second_time_is_explained_all_the_same(request, server, make_http, monkeypatch):
    chosen = request.getfixturevalue(server)
    monkeypatch.setattr(_tls, "_presented_fingerprint", lambda _attempt: None)
    options = chosen.options(ca_path=None) if server == "appliance" else chosen.options()
    error = refused(make_http(options))
    assert error.reason == "tls"
    assert "et certificate_fingerprint to the SHA-256 fingerprint of the appliance's certificate" in error.remedy


def test_a_missing_bundle_of_the_environment_is_named(appliance, make_http, monkeypatch):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere/ca.pem")
    error = refused(make_http(appliance.options(ca_path=None)))
    assert error.reason == "invalid"
    assert "/nowhere/ca.pem" in error.message
    assert "REQUESTS_CA_BUNDLE" in error.remedy


def test_a_port_that_speaks_no_tls_is_final(make_http, pauses):
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def speak() -> None:
            connection, _address = listener.accept()
            with connection:
                connection.recv(1024)
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        thread = threading.Thread(target=speak)
        thread.start()
        error = refused(make_http({"hostname": "127.0.0.1", "port": listener.getsockname()[1]}))
        thread.join()
    assert error.reason == "tls"
    assert "11005" in error.remedy
    assert pauses == []


@pytest.mark.parametrize(("status", "attempts"), [(407, 1), (403, 1), (503, 5)])
def test_a_proxy_that_refuses_is_named_without_its_password(appliance, proxy, make_http, status, attempts):
    proxy.status = status
    error = refused(make_http(appliance.options(proxy=f"http://user:sesame@{proxy.where}")), ADD)
    assert (error.reason, len(proxy.seen)) == ("unreachable", attempts)
    assert f"The proxy {proxy.where} did not connect" in error.message
    assert str(status) in error.message
    assert "sesame" not in str(error)
    assert error.unsure is False


def test_a_proxy_that_is_not_there_is_named(appliance, make_http, pauses):
    port = closed_port()
    error = refused(make_http(appliance.options(proxy=f"http://u:p@127.0.0.1:{port}")))
    assert f"through the proxy 127.0.0.1:{port}" in error.message
    assert len(pauses) == 4


def test_a_closed_port_is_tried_again_then_explained(make_http, pauses):
    port = closed_port()
    error = refused(make_http({"hostname": "127.0.0.1", "port": port}), ADD)
    assert not isinstance(error, UnknownOutcome)
    assert (error.reason, error.unsure) == ("unreachable", False)
    assert f"No connection to 127.0.0.1:{port}: Connection refused (tried 5 times)" in error.message
    assert "security group" in error.remedy
    assert "11005 is closed there by default" in error.remedy
    assert pauses == [0.5, 1.0, 2.0, 4.0]


def test_a_host_that_does_not_answer_names_the_port(make_http, monkeypatch):
    def never(*_args: Any, **_more: Any) -> Any:
        raise TimeoutError("timed out")

    monkeypatch.setattr("urllib3.util.connection.create_connection", never)
    error = refused(make_http({"hostname": "192.0.2.1", "timeout": 60, "retries": 0}))
    assert error.reason == "unreachable"
    assert "192.0.2.1:11005 does not answer: no connection within 10 seconds" in error.message
    assert "security group" in error.remedy


def test_an_unknown_name_is_final(make_http, pauses):
    error = refused(make_http({"hostname": "no-such-host.invalid"}))
    assert "The name of the host no-such-host.invalid cannot be resolved" in error.message
    assert "hostname" in error.remedy
    assert pauses == []


def test_a_connection_cut_in_the_handshake_is_never_processed(make_http, pauses):
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def cut() -> None:
            for _number in range(2):
                connection, _address = listener.accept()
                with connection:
                    connection.recv(1024)

        thread = threading.Thread(target=cut)
        thread.start()
        error = refused(make_http({"hostname": "127.0.0.1", "port": listener.getsockname()[1], "retries": 1}), ADD)
        thread.join()
    assert not isinstance(error, UnknownOutcome)
    assert error.unsure is False
    assert len(pauses) == 1


def test_a_slow_answer_is_a_timeout_that_names_the_option(appliance, make_http):
    appliance.replies[:] = [Reply(action="stall", seconds=10)]
    error = refused(make_http(appliance.options(timeout=1, retries=0)))
    assert error.reason == "timeout"
    assert "within 1 seconds" in error.message
    assert "timeout" in error.remedy


def test_a_tls_error_without_a_reason_is_explained():
    # Only OpenSSL sets the reason; the library itself raises such errors too.
    cause = ssl.SSLError("no handshake")
    failure = _tls.failed(
        requests.exceptions.SSLError(cause), Settings.from_options({"hostname": "a"}), "connecting", Deadline(0)
    )
    assert (failure.sent, failure.final, failure.error.reason) == (False, False, "tls")
    assert "No TLS connection could be made with a:11005: " in failure.error.message
    assert "no handshake" in failure.error.message
