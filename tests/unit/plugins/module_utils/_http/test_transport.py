# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The transport against real servers: what is sent, what is trusted, what is repeated, what is told."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest
from ansible_collections.vbaws.appliance.plugins.module_utils._errors import ApplianceError, UnknownOutcome
from ansible_collections.vbaws.appliance.plugins.module_utils._http import response
from ansible_collections.vbaws.appliance.plugins.module_utils._http import transport as _http
from ansible_collections.vbaws.appliance.plugins.module_utils._http.deadline import Deadline
from ansible_collections.vbaws.appliance.plugins.module_utils._http.transport import Request
from ansible_collections.vbaws.appliance.tests.unit.support.servers import Reply
from ansible_collections.vbaws.appliance.tests.unit.support.transport import ADD, GET, PUT, refused

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


def test_a_body_is_decoded_once(appliance, make_http, monkeypatch):
    bodies: list[bytes] = []
    monkeypatch.setattr(response, "decode", lambda content: bodies.append(content) or {"decoded": len(bodies)})
    answer = make_http(appliance.options()).send(GET)
    assert (answer.json(), answer.json()) == ({"decoded": 1}, {"decoded": 1})


def test_one_handshake_serves_many_requests(appliance, make_http):
    appliance.replies[:] = [Reply(status, {"details": "x" * 100_000}) for status in (200, 400, 404, 500)]
    http = make_http(appliance.options())
    assert [http.send(GET).status for _number in range(5)] == [200, 400, 404, 500, 200]
    assert appliance.handshakes == 1


def in_threads(http: Any, number: int) -> None:
    threads = [threading.Thread(target=http.send, args=(GET,)) for _number in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_threads_at_the_same_time_have_connections_of_their_own_which_others_use_later(appliance, make_http):
    barrier = threading.Barrier(2)

    def wait(_seen: Any) -> Any:
        barrier.wait(5)
        return Reply()

    appliance.replies[:] = [wait, wait]
    http = make_http(appliance.options())
    in_threads(http, 2)
    assert appliance.handshakes == 2
    appliance.replies[:] = [wait, wait]
    in_threads(http, 2)
    for _number in range(3):
        in_threads(http, 1)
    assert appliance.handshakes == 2
    assert len(appliance.seen) == 7


def test_close_ends_idle_connections_and_those_that_were_in_use(appliance, make_http):
    http = make_http(appliance.options())
    http.send(GET)

    def close_meanwhile(_seen: Any) -> Any:
        http.close()
        return Reply()

    appliance.replies[:] = [close_meanwhile]
    assert http.send(GET).status == 200
    assert appliance.handshakes == 1
    # The connection that was in use was closed after its exchange, and so is every later one.
    http.send(GET)
    http.send(GET)
    assert appliance.handshakes == 3


@pytest.mark.parametrize("action", ["drop", "reset"])
def test_a_broken_connection_is_not_used_again(appliance, make_http, action):
    http = make_http(appliance.options(retries=0))
    http.send(GET)
    appliance.replies[:] = [Reply(action=action)]
    refused(http)
    assert http.send(GET).status == 200
    assert appliance.handshakes == 2


# Never processed


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


@pytest.mark.parametrize("status", [102, 199, 600, 999])
def test_a_status_that_http_does_not_have_is_no_answer(appliance, make_http, status):
    """A change that was answered with 102 was not accepted, and a token not revoked."""
    appliance.replies[:] = [Reply(status, b"")]
    error = refused(make_http(appliance.options(retries=0)), ADD)
    assert isinstance(error, UnknownOutcome)
    assert f"HTTP {status} is not an answer" in error.message


def test_a_confidential_answer_shows_no_long_word_and_costs_little(appliance, make_http):
    token = "eyJhbGciOiJIUzI1NiJ9-and_more"
    words = f"unsupportedApiVersion at /organizations/amazon/something {token} " + "x" * 1_000_000
    appliance.replies[:] = [Reply(400, words.encode(), {"Content-Type": "text/plain"})]
    request = Request("POST", "/login", confidential=True)
    begin = time.process_time()
    shown = make_http(appliance.options()).send(request).quotation()
    assert time.process_time() - begin < 2
    assert shown.startswith("unsupportedApiVersion at /organizations/amazon/something ******** xxx")
