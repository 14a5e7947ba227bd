# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The transport against real servers: what is sent, what is trusted, what is repeated, what is told."""

from __future__ import annotations

import base64
import datetime
import hashlib
import socket
import ssl
import threading
import time
import warnings
from email.utils import formatdate
from typing import Any

import pytest
import trustme
import urllib3
from ansible_collections.vbaws.appliance.plugins.module_utils._errors import ApplianceError, UnknownOutcome
from ansible_collections.vbaws.appliance.plugins.module_utils._rest import failures as _tls
from ansible_collections.vbaws.appliance.plugins.module_utils._rest import transport as _http
from ansible_collections.vbaws.appliance.plugins.module_utils._rest.deadline import Backoff, Deadline, retry_after
from ansible_collections.vbaws.appliance.plugins.module_utils._rest.settings import Settings, proxy_secrets
from ansible_collections.vbaws.appliance.plugins.module_utils._rest.transport import Request
from ansible_collections.vbaws.appliance.tests.unit.support.servers import Appliance, Reply, serving

GET = Request("GET", "/organizations/amazon")
ADD = Request("POST", "/organizations/amazon", body="{}", repeatable=False, writes=True)
PUT = Request("PUT", "/organizations/amazon/1", body="{}", writes=True)


def fingerprint(certificate: trustme.LeafCert) -> str:
    der = ssl.PEM_cert_to_DER_cert(certificate.cert_chain_pems[0].bytes().decode())
    digest = hashlib.sha256(der).hexdigest().upper()
    return ":".join(digest[start : start + 2] for start in range(0, 64, 2))


def refused(http: Any, request: Request = GET) -> ApplianceError:
    with pytest.raises(ApplianceError) as caught:
        http.send(request)
    return caught.value


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# What is sent


def test_a_request_goes_out_as_given(appliance, make_http):
    query = [("Sort", "x y"), ("Sort", "z")]
    request = Request("POST", "/a", query, {"x-api-version": "1"}, '{"a": "ä"}', "secret-token")
    answer = make_http(appliance.options()).send(request)
    seen = appliance.seen[0]
    assert (answer.status, answer.json(), answer.unsure) == (200, {}, False)
    assert (seen.method, seen.path, seen.body.decode()) == ("POST", "/a?Sort=x+y&Sort=z", '{"a": "ä"}')
    assert seen.headers["Authorization"] == "Bearer secret-token"
    assert seen.headers["x-api-version"] == "1"
    assert seen.headers["Accept-Encoding"] == "identity"


def test_a_mapping_is_sent_as_a_form(appliance, make_http):
    make_http(appliance.options()).send(Request("POST", "/token", body={"password": "a&b=c"}))
    assert appliance.seen[0].body == b"password=a%26b%3Dc"
    assert appliance.seen[0].headers["Content-Type"] == "application/x-www-form-urlencoded"


def test_one_handshake_serves_many_requests(appliance, make_http):
    appliance.replies[:] = [Reply(status, {"details": "x" * 100_000}) for status in (200, 400, 404, 500)]
    http = make_http(appliance.options())
    assert [http.send(GET).status for _number in range(5)] == [200, 400, 404, 500, 200]
    assert appliance.handshakes == 1


def test_each_thread_has_its_own_connection_which_close_closes(appliance, make_http):
    barrier = threading.Barrier(2)

    def wait(_seen: Any) -> Any:
        barrier.wait(5)
        return Reply()

    appliance.replies[:] = [wait, wait]
    http = make_http(appliance.options())
    threads = [threading.Thread(target=http.send, args=(GET,)) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert appliance.handshakes == 2


def test_a_netrc_neither_adds_nor_replaces_authorization(appliance, make_http, tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    http = make_http(appliance.options())
    http.send(Request("POST", "/token", body={"a": "b"}))
    http.send(Request("GET", "/a", token="mine"))
    assert [seen.headers.get("Authorization") for seen in appliance.seen] == [None, "Bearer mine"]


# Trust


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


def test_a_certificate_for_other_names_is_told_with_the_names(misnamed, make_http):
    error = refused(make_http(misnamed.options()))
    assert error.reason == "tls"
    assert "does not carry the host name 127.0.0.1" in error.message
    assert "backup.example.com" in error.message
    assert "10.9.8.7" in error.message
    assert "Set hostname to a name that the certificate carries" in error.remedy
    assert fingerprint(misnamed.certificate) in error.remedy
    assert misnamed.seen == []


SPELLINGS = [str, str.lower, lambda text: text.replace(":", ""), lambda text: f"SHA256 Fingerprint={text}"]


@pytest.mark.parametrize("spell", SPELLINGS)
def test_a_fingerprint_replaces_chain_and_name(misnamed, make_http, spell):
    options = misnamed.options(ca_path=None, certificate_fingerprint=spell(fingerprint(misnamed.certificate)))
    assert make_http(options).send(GET).status == 200


def test_a_wrong_fingerprint_sends_nothing_and_tells_both(appliance, make_http, pauses):
    error = refused(make_http(appliance.options(certificate_fingerprint="ab" * 32)))
    assert error.reason == "tls"
    assert f"with the SHA-256 fingerprint {fingerprint(appliance.certificate)}" in error.message
    assert "certificate_fingerprint is AB:AB:" in error.message
    assert (appliance.seen, pauses) == ([], [])


def test_without_validation_anything_goes_and_without_noise(misnamed, make_http):
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        with pytest.MonkeyPatch.context() as patch:
            shown: list[Any] = []
            patch.setattr(warnings, "showwarning", lambda *args: shown.append(args))
            make_http(misnamed.options(ca_path=None, validate_certs=False)).send(GET)
    assert not [warning for warning in shown if "Insecure" in str(warning[1])]


def test_the_bundle_of_the_environment_is_the_default(appliance, make_http, monkeypatch):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", appliance.ca_file)
    assert make_http(appliance.options(ca_path=None)).send(GET).status == 200


@pytest.mark.parametrize("way", ["ca_path", "validate_certs", "certificate_fingerprint"])
def test_the_bundle_of_the_environment_overrides_no_option(appliance, make_http, monkeypatch, tmp_path, way):
    bundle = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(str(bundle))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(bundle))
    value = {"validate_certs": False, "certificate_fingerprint": fingerprint(appliance.certificate)}
    options = appliance.options() if way == "ca_path" else appliance.options(ca_path=None, **{way: value[way]})
    assert make_http(options).send(GET).status == 200


def test_ca_path_is_not_widened_by_the_environment(appliance, make_http, monkeypatch, tmp_path):
    bundle = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(str(bundle))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", appliance.ca_file)
    assert refused(make_http(appliance.options(ca_path=str(bundle)))).reason == "tls"


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


@pytest.mark.parametrize("server", ["appliance", "misnamed"])
def test_a_host_that_answers_no_second_time_is_explained_all_the_same(request, server, make_http, monkeypatch):
    chosen = request.getfixturevalue(server)
    monkeypatch.setattr(_tls, "_probe", lambda *_args, **_more: "connection reset")
    options = chosen.options(ca_path=None) if server == "appliance" else chosen.options()
    error = refused(make_http(options))
    assert error.reason == "tls"
    assert "et certificate_fingerprint to the SHA-256 fingerprint of the appliance's certificate" in error.remedy


# Proxies


def test_a_proxy_is_used_with_its_password(appliance, proxy, make_http):
    make_http(appliance.options(proxy=f"http://us%40er:p%3Aw@{proxy.where}")).send(GET)
    method, target, headers = proxy.seen[0]
    assert (method, target) == ("CONNECT", f"127.0.0.1:{appliance.port}")
    assert base64.b64decode(headers["proxy-authorization"].split()[1]) == b"us@er:p:w"
    assert "Proxy-Authorization" not in appliance.seen[0].headers


def test_the_option_wins_over_the_environment_and_its_exceptions(appliance, proxy, make_http, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "*")
    make_http(appliance.options(proxy=f"http://{proxy.where}")).send(GET)
    assert len(proxy.seen) == 1


def test_the_proxy_of_the_environment_is_used_unless_excepted(appliance, proxy, make_http, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", f"http://{proxy.where}")
    make_http(appliance.options()).send(GET)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    make_http(appliance.options()).send(GET)
    assert (len(proxy.seen), len(appliance.seen)) == (1, 2)


@pytest.mark.parametrize("pin", [None, "right", "wrong"])
def test_trust_holds_behind_a_proxy(appliance, proxy, make_http, pin):
    right = fingerprint(appliance.certificate)
    chosen = {None: None, "right": right, "wrong": "0" * 63 + "1"}[pin]
    http = make_http(appliance.options(ca_path=None, proxy=f"http://{proxy.where}", certificate_fingerprint=chosen))
    if pin == "right":
        assert http.send(GET).status == 200
        return
    error = refused(http)
    assert error.reason == "tls"
    assert right in str(error)
    assert appliance.seen == []


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


# Never processed


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


def test_too_many_requests_repeats_even_an_add_and_waits_as_asked(appliance, make_http, pauses):
    appliance.replies[:] = [Reply(429, headers={"Retry-After": "7"}), Reply(429), Reply(202)]
    answer = make_http(appliance.options()).send(ADD)
    assert (answer.status, answer.unsure) == (202, False)
    assert pauses == [7.0, 1.0]


def test_retries_end_with_the_last_answer(appliance, make_http, pauses):
    appliance.replies[:] = [Reply(429)] * 5
    assert make_http(appliance.options(retries=2)).send(GET).status == 429
    assert len(pauses) == 2


def test_a_wait_beyond_the_deadline_is_not_begun(appliance, make_http, pauses):
    appliance.replies[:] = [Reply(503, headers={"Retry-After": "3600"})]
    assert make_http(appliance.options()).send(GET).status == 503
    assert pauses == []


# Unknown outcome


@pytest.mark.parametrize("action", ["drop", "reset"])
def test_a_lost_connection_repeats_a_read(appliance, make_http, pauses, action):
    appliance.replies[:] = [Reply(action=action), Reply(body={"a": 1})]
    answer = make_http(appliance.options()).send(GET)
    assert (answer.json(), answer.unsure) == ({"a": 1}, False)
    assert len(pauses) == 1


@pytest.mark.parametrize("action", ["drop", "reset"])
def test_a_lost_connection_never_repeats_an_add(appliance, make_http, action):
    appliance.replies[:] = [Reply(action=action)]
    error = refused(make_http(appliance.options()), ADD)
    assert isinstance(error, UnknownOutcome)
    assert error.reason == "unknown_outcome"
    assert error.unsure is True
    assert len(appliance.seen) == 1


@pytest.mark.parametrize("status", [502, 503, 504])
def test_a_gateway_error_never_repeats_an_add(appliance, make_http, status):
    appliance.replies[:] = [Reply(status, {"title": "Gone", "errorCode": "ServiceUnavailable"})]
    error = refused(make_http(appliance.options()), ADD)
    assert isinstance(error, UnknownOutcome)
    assert (error.status, error.failure([])["error_code"]) == (status, "ServiceUnavailable")
    assert len(appliance.seen) == 1


@pytest.mark.parametrize("status", [502, 503, 504])
def test_a_gateway_error_repeats_a_read_and_is_then_an_answer(appliance, make_http, status):
    appliance.replies[:] = [Reply(status)] * 5
    assert make_http(appliance.options()).send(GET).status == status
    assert len(appliance.seen) == 5


def test_an_internal_error_is_an_answer(appliance, make_http):
    appliance.replies[:] = [Reply(500)]
    assert make_http(appliance.options()).send(GET).status == 500
    assert len(appliance.seen) == 1


def test_a_repeated_change_remembers_that_the_first_may_have_worked(appliance, make_http):
    appliance.replies[:] = [Reply(action="drop"), Reply(404)]
    answer = make_http(appliance.options()).send(PUT)
    assert answer.unsure is True


def test_a_repeated_change_that_never_gets_through_says_so(appliance, make_http):
    appliance.replies[:] = [Reply(action="drop")] * 2
    error = refused(make_http(appliance.options(retries=1)), PUT)
    assert (type(error), error.reason) == (ApplianceError, "unreachable")
    assert error.unsure is True


def test_a_slow_answer_is_a_timeout_that_names_the_option(appliance, make_http):
    appliance.replies[:] = [Reply(action="stall", seconds=10)]
    error = refused(make_http(appliance.options(timeout=1, retries=0)))
    assert error.reason == "timeout"
    assert "within 1 seconds" in error.message
    assert "timeout" in error.remedy


def test_a_slow_answer_to_an_add_is_unknown(appliance, make_http):
    appliance.replies[:] = [Reply(action="stall", seconds=10)]
    assert isinstance(refused(make_http(appliance.options(timeout=1)), ADD), UnknownOutcome)


@pytest.mark.parametrize("difference", [-1, 1, 50])
def test_a_body_of_another_length_than_announced_is_lost(appliance, make_http, difference):
    content = b'{"results": [1, 2, 3]}'
    short = Reply(202, content, {"Content-Length": str(len(content) + difference)})
    appliance.replies[:] = [short, Reply(200, content), short]
    http = make_http(appliance.options())
    assert http.send(GET).json() == {"results": [1, 2, 3]}
    assert isinstance(refused(http, ADD), UnknownOutcome)
    assert len(appliance.seen) == 3


def test_json_that_ends_too_early_is_lost_whatever_its_length_says(appliance, make_http):
    appliance.replies[:] = [Reply(200, b'{"results": ['), Reply(200, b"{}")]
    assert make_http(appliance.options()).send(GET).json() == {}


def test_a_body_above_the_cap_is_not_read_on(appliance, make_http, monkeypatch):
    monkeypatch.setattr(_http, "BODY_CAP", 1024 * 1024)
    appliance.replies[:] = [Reply(200, b"x" * 2_000_000)]
    error = refused(make_http(appliance.options()))
    assert (error.reason, len(appliance.seen)) == ("api", 1)
    assert "larger than 1 MiB" in error.message


# Redirects, deadline, policy


def test_a_redirect_is_not_followed(appliance, make_http):
    target = "https://login:pw@gateway.example.com/start?state=hidden"
    appliance.replies[:] = [Reply(302, headers={"Location": target})]
    error = refused(make_http(appliance.options()))
    assert (error.reason, error.status, len(appliance.seen)) == ("api", 302, 1)
    assert "redirects to https://gateway.example.com/start (HTTP 302), which the API never does" in error.message
    assert "hidden" not in str(error)


def test_a_redirect_within_the_host_names_its_path(appliance, make_http):
    appliance.replies[:] = [Reply(307, headers={"Location": "/ui/login"}), Reply(301)]
    http = make_http(appliance.options())
    assert "redirects to /ui/login" in refused(http).message
    assert "redirects to nowhere" in refused(http).message


def test_nothing_is_sent_after_the_deadline(appliance, make_http):
    http = make_http(appliance.options())
    http.deadline.expire()
    error = refused(http, ADD)
    assert (error.reason, error.unsure, appliance.seen) == ("timeout", False, [])
    assert "wait_timeout" in error.remedy


@pytest.mark.skipif(not hasattr(urllib3.HTTPResponse, "read1"), reason="this urllib3 returns no part of a chunk")
def test_a_body_that_drips_cannot_outlast_the_deadline(appliance, make_http):
    appliance.replies[:] = [Reply(200, b'"' + b"x" * 100 + b'"', action="drip", seconds=0.1)]
    begun = time.monotonic()
    error = refused(make_http(appliance.options(), seconds=0.5))
    assert time.monotonic() - begun < 5
    assert error.reason == "timeout"


def test_a_read_is_cut_by_the_deadline(appliance, make_http):
    appliance.replies[:] = [Reply(action="stall", seconds=10)]
    begun = time.monotonic()
    error = refused(make_http(appliance.options(), seconds=0.5), ADD)
    assert time.monotonic() - begun < 5
    assert isinstance(error, UnknownOutcome)


def test_a_request_may_bring_its_own_deadline_and_retries(appliance, make_http, pauses):
    http = make_http(appliance.options())
    http.deadline.expire()
    appliance.replies[:] = [Reply(503)]
    assert http.send(Request("GET", "/a", deadline=Deadline(10), retries=0)).status == 503
    assert pauses == []


def test_pauses_grow_to_a_cap_and_are_drawn_from_nothing_on():
    drawn, slept = [], []

    def uniform(low: float, high: float) -> float:
        drawn.append((low, high))
        return 0.25

    backoff = Backoff(uniform=uniform, sleep=slept.append)
    for repeat in (0, 1, 5, 6, 1000):
        assert backoff.pause(repeat, 0, Deadline(3600))
    assert drawn == [(0.0, 0.5), (0.0, 1.0), (0.0, 16.0), (0.0, 30.0), (0.0, 30.0)]
    assert slept == [0.25] * 5
    assert backoff.pause(0, 100, Deadline(3600))
    assert slept[-1] == 100


def test_retry_after_is_seconds_or_a_date():
    def at(seconds: float) -> float:
        return retry_after(formatdate(1_000_000 + seconds, usegmt=True), now=lambda: 1_000_000.0)

    assert [retry_after(text) for text in ("12", " 0 ", "-3", "soon", "", None, "²")] == [12.0, 0, 0, 0, 0, 0, 0]
    assert (at(90), at(-90)) == (90.0, 0.0)


# Options


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"hostname": ""}, ("hostname is empty", "VBAWS_HOSTNAME")),
        ({"hostname": None}, ("hostname is empty",)),
        ({"hostname": "https://a.example:11006/api"}, ("not a host name", "hostname is a.example", "port is 11006")),
        ({"hostname": "a.example:443"}, ("hostname is a.example", "port is 443")),
        ({"hostname": "a.example/api"}, ("hostname is a.example here.",)),
        ({"hostname": "two words"}, ("not a host name: two words",)),
        ({"hostname": "a:b:c"}, ("not a host name",)),
        ({"hostname": "a", "port": 0}, ("option port cannot be 0", "VBAWS_PORT", "1 to 65535")),
        ({"hostname": "a", "port": 65536}, ("option port cannot be 65536",)),
        ({"hostname": "a", "port": "https"}, ("option port cannot be https",)),
        ({"hostname": "a", "port": True}, ("option port cannot be True",)),
        ({"hostname": "a", "timeout": 0}, ("option timeout cannot be 0",)),
        ({"hostname": "a", "retries": -1}, ("option retries cannot be -1",)),
        ({"hostname": "a", "ca_path": "/nowhere.pem"}, ("/nowhere.pem of the option ca_path", "No such file")),
        ({"hostname": "a", "ca_path": __file__}, ("has no readable certificate", "PEM")),
        ({"hostname": "a", "certificate_fingerprint": "xy"}, ("certificate_fingerprint is not a SHA-256", "64 hex")),
        ({"hostname": "a", "certificate_fingerprint": "a" * 40}, ("SHA-1 fingerprint, which is not accepted",)),
        ({"hostname": "a", "proxy": "proxy:3128"}, ("option proxy is not the URL", "http://proxy.example.com:3128")),
        ({"hostname": "a", "proxy": "socks5://p:1"}, ("option proxy is not the URL",)),
        ({"hostname": "a", "proxy": "http://p:port"}, ("option proxy is not the URL",)),
    ],
)
def test_bad_options_name_the_option_and_the_remedy(options, words):
    with pytest.raises(ApplianceError) as caught:
        Settings.from_options(options)
    assert caught.value.reason == "invalid"
    for word in words:
        assert word in str(caught.value)


def test_a_secret_in_a_bad_option_is_not_shown():
    for options in ({"hostname": "https://me:sesame@a.example"}, {"hostname": "a", "proxy": "me:sesame@proxy"}):
        with pytest.raises(ApplianceError) as caught:
            Settings.from_options(options)
        assert "sesame" not in str(caught.value)


def test_good_options_are_normalised(tmp_path):
    settings = Settings.from_options(
        {"hostname": " [2001:db8::1] ", "port": "11006", "ca_path": str(tmp_path), "timeout": "", "proxy": " "}
    )
    assert (settings.base, settings.timeout, settings.proxy) == ("https://[2001:db8::1]:11006/api/v1", 30, None)
    assert settings.verify == str(tmp_path)
    assert Settings.from_options({"hostname": "a"}) == Settings("a", 11005, True, None, None, None, 30, 4)


def test_proxy_secrets_are_the_password_and_the_userinfo_raw_and_decoded():
    assert set(proxy_secrets("http://us%40er:p%2Fw@host:1/")) == {"p%2Fw", "p/w", "us%40er:p%2Fw", "us@er:p/w"}
    assert set(proxy_secrets("u:p@ss@host")) == {"p@ss", "u:p@ss"}
    assert proxy_secrets("http://user@host:1") == proxy_secrets("http://host:1") == proxy_secrets("") == []
