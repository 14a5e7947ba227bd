# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Login, token, refusals and lists, against a real server."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs

import pytest
from ansible_collections.vbaws.appliance.plugins.module_utils._errors import (
    ApplianceError,
    NotFound,
    Refused,
    UnknownOutcome,
)
from ansible_collections.vbaws.appliance.plugins.module_utils._http.deadline import Deadline
from ansible_collections.vbaws.appliance.plugins.module_utils._rest import client as rest_client
from ansible_collections.vbaws.appliance.plugins.module_utils._rest.client import Call, Change, Client, connect
from ansible_collections.vbaws.appliance.plugins.module_utils._secrets.redactor import Redactor
from ansible_collections.vbaws.appliance.tests.unit.support.servers import Reply

Make = Callable[..., Client]


@pytest.fixture
def learned() -> set[str]:
    """What Ansible is told to mask."""
    return set()


@pytest.fixture
def make(appliance, backoff, learned) -> Iterator[Make]:
    """Make a client of the server with more connection options; its connections are closed after the test."""
    made: list[Client] = []

    def client(**more: Any) -> Client:
        made.append(connect(appliance.options(**more), Deadline(60), backoff=backoff, redactor=Redactor(learned)))
        return made[-1]

    yield client
    for one in made:
        one._http.close()


def fails(client: Client, *args: Any, **more: Any) -> ApplianceError:
    with pytest.raises(ApplianceError) as caught:
        client.call(Call(*(args or ("GET", "/a")), **more))
    return caught.value


def authorizations(appliance: Any) -> list[str | None]:
    return [seen.headers.get("Authorization") for seen in appliance.seen]


# Login and logout


def test_the_first_call_logs_in_and_the_end_logs_out(appliance, make, learned):
    client = make()
    assert appliance.seen == []
    client.call(Call("GET", "/a"))
    client.call(Call("GET", "/b"))
    assert client.logout() == []
    assert client.logout() == []
    assert appliance.calls() == ["POST /token", "GET /a", "GET /b", "DELETE /token"]
    assert authorizations(appliance) == [None] + ["Bearer issued-token-1"] * 3
    assert learned == {"issued-token-1"}
    assert appliance.handshakes == 1


def test_the_login_is_a_form_with_the_version_header(appliance, make):
    make().call(Call("GET", "/a"))
    login = appliance.seen[0]
    assert parse_qs(login.body.decode()) == {
        "grant_type": ["password"],
        "username": ["automation"],
        "password": ["correct horse battery staple"],
    }
    assert login.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert [seen.headers["x-api-version"] for seen in appliance.seen] == ["1.7-rev0"] * 2


def test_nothing_is_logged_out_that_was_not_logged_in(appliance, make):
    assert make().logout() == []
    assert appliance.seen == []


def test_a_given_token_is_used_and_not_revoked(appliance, make):
    client = make(access_token=" given ", password=None, username=None)
    client.call(Call("GET", "/a"))
    client.logout()
    assert appliance.calls() == ["GET /a"]
    assert authorizations(appliance) == ["Bearer given"]


def test_a_given_token_that_expired_is_replaced_by_a_login(appliance, make):
    appliance.replies[:] = [Reply(401)]
    client = make(access_token="given")
    client.call(Call("GET", "/a"))
    client.logout()
    assert appliance.calls() == ["GET /a", "POST /token", "GET /a", "DELETE /token"]
    assert authorizations(appliance) == ["Bearer given", None, "Bearer issued-token-1", "Bearer issued-token-1"]


def test_a_given_token_alone_cannot_be_replaced(appliance, make):
    appliance.replies[:] = [Reply(401, {"errorCode": "ExpiredToken"})]
    error = fails(make(access_token="given", password=""))
    assert (error.reason, error.failure([])["error_code"], len(appliance.seen)) == ("auth", "ExpiredToken", 1)
    assert "Get a new one" in error.remedy


@pytest.mark.parametrize("repeatable", [True, False])
def test_an_expired_token_is_replaced_once_and_both_are_given_back(appliance, make, repeatable):
    appliance.replies[:] = [Reply(401), Reply(202)]
    client = make()
    assert client.call(Call("POST", "/a", repeatable=repeatable, change=Change("add", "added", "it"))).status == 202
    client.logout()
    assert appliance.calls() == ["POST /token", "POST /a"] * 2 + ["DELETE /token"] * 2
    assert authorizations(appliance)[-3:] == [f"Bearer issued-token-{number}" for number in (2, 1, 2)]


def test_a_new_token_that_is_refused_too_ends_the_logins(appliance, make):
    appliance.replies[:] = [Reply(401), Reply(401)]
    client = make()
    error = fails(client)
    assert (type(error), error.reason) == (Refused, "auth")
    assert appliance.calls() == ["POST /token", "GET /a"] * 2
    assert fails(client).reason == "auth"
    assert appliance.calls() == ["POST /token", "GET /a"] * 2


# A call whose answer the task does not need


@pytest.mark.parametrize("reply", [Reply(401), Reply(429), Reply(503), Reply(500), Reply(404), Reply(action="drop")])
def test_an_optional_call_is_attempted_once_and_harms_no_other_call(appliance, make, pauses, reply):
    appliance.replies[:] = [Reply(), reply]
    client = make()
    client.call(Call("GET", "/a"))
    fails(client, "GET", "/b", optional=True)
    client.call(Call("GET", "/a"))
    assert appliance.calls() == ["POST /token", "GET /a", "GET /b", "GET /a"]
    assert pauses == []


def test_an_optional_call_that_gets_no_answer_ends_soon(appliance, make, monkeypatch):
    monkeypatch.setattr(rest_client, "OPTIONAL_SECONDS", 0.5)
    appliance.replies[:] = [Reply(), Reply(action="stall", seconds=10)]
    client = make()
    client.call(Call("GET", "/a"))
    began = time.monotonic()
    assert fails(client, "GET", "/b", optional=True).reason == "timeout"
    assert time.monotonic() - began < 3
    assert client.call(Call("GET", "/a")).status == 200


# Many threads


def test_many_threads_log_in_anew_once(appliance, make):
    threads = 6
    client = make()
    client.call(Call("GET", "/warm"))
    barrier = threading.Barrier(threads)

    def expired(_seen: Any) -> Reply:
        return Reply(401)

    def answer(seen: Any) -> Reply:
        if seen.headers["Authorization"] == "Bearer issued-token-1":
            barrier.wait(5)
            return expired(seen)
        return Reply()

    appliance.replies[:] = [answer] * threads * 2
    workers = [threading.Thread(target=client.call, args=(Call("GET", "/a"),)) for _number in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert appliance.calls().count("POST /token") == 2
    assert appliance.calls().count("GET /a") == threads * 2


@pytest.mark.parametrize("status", [400, 401, 403])
def test_a_refused_login_is_never_repeated(appliance, make, status):
    appliance.tokens[:] = [Reply(status, {"details": "Wrong password"})]
    client = make()
    first, second = fails(client), fails(client)
    assert first.reason == second.reason == "auth"
    assert (first.stage, first.status) == ("login", status)
    assert "The login of user automation at 127.0.0.1" in first.message
    assert "Wrong password" in str(first)
    assert "VBAWS_PASSWORD" in first.remedy
    client.logout()
    assert appliance.calls() == ["POST /token"]
    assert first is not second


def test_a_busy_login_is_repeated(appliance, make):
    appliance.tokens[:] = [Reply(503), Reply(429), Reply(action="drop")]
    make().call(Call("GET", "/a"))
    assert appliance.calls() == ["POST /token"] * 4 + ["GET /a"]


def test_a_login_that_stays_impossible_is_no_refusal(appliance, make):
    appliance.tokens[:] = [Reply(503, {"title": "Starting"})]
    error = fails(make(retries=0))
    assert (error.reason, error.stage) == ("api", "login")
    assert "was not possible" in error.message


def test_a_second_factor_is_explained(appliance, make, learned):
    appliance.tokens[:] = [Reply(body={"mfa_token": "half-a-token", "access_token": "", "mfa_enabled": True})]
    error = fails(make())
    assert error.reason == "mfa_required"
    assert "without multi-factor authentication" in error.remedy
    assert "access_token" in error.remedy
    assert learned == {"half-a-token"}
    assert appliance.calls() == ["POST /token"]


def test_a_token_can_be_had_for_others_with_a_second_factor(appliance, make, learned):
    appliance.tokens[:] = [Reply(body={"mfa_token": "half"}), Reply(body={"access_token": "whole", "expires_in": 3600})]
    client = make()
    others = client.login_for_others()
    assert others.second_factor(others.begin()["mfa_token"], "123456") == {"access_token": "whole", "expires_in": 3600}
    client.logout()
    assert parse_qs(appliance.seen[1].body.decode()) == {
        "grant_type": ["mfa"],
        "mfa_token": ["half"],
        "mfa_code": ["123456"],
    }
    assert appliance.calls() == ["POST /token"] * 2
    assert learned == set()


def test_the_two_steps_of_a_login_can_be_made_apart(appliance, make):
    appliance.tokens[:] = [Reply(body={"mfa_token": "half"}), Reply(body={"access_token": "whole"})]
    login = make().login_for_others()
    assert login.begin() == {"mfa_token": "half"}
    assert login.second_factor("half", "123456") == {"access_token": "whole"}


def test_a_refresh_token_takes_the_place_of_the_password(appliance, make):
    appliance.tokens[:] = [Reply(body={"access_token": "new", "refresh_token": "next"})]
    client = make(username="", password="", refresh_token="old")
    assert client.login_for_others().refresh("old") == {"access_token": "new", "refresh_token": "next"}
    assert parse_qs(appliance.seen[0].body.decode()) == {"grant_type": ["refresh_token"], "refresh_token": ["old"]}


def test_a_refused_refresh_names_no_user_and_says_what_to_do(appliance, make):
    appliance.tokens[:] = [Reply(401, {"errorCode": "ExpiredToken"})]
    with pytest.raises(ApplianceError) as caught:
        make(username="", password="", refresh_token="old").login_for_others().refresh("old")
    assert caught.value.message.startswith("The login at 127.0.0.1")
    assert caught.value.reason == "auth"
    assert "refresh tokens expire" in caught.value.remedy
    assert len(appliance.seen) == 1


def test_a_wrong_code_is_final(appliance, make):
    appliance.tokens[:] = [Reply(body={"mfa_token": "half"}), Reply(400)]
    others = make().login_for_others()
    begun = others.begin()
    with pytest.raises(ApplianceError) as caught:
        others.second_factor(begun["mfa_token"], "000000")
    assert caught.value.reason == "auth"
    assert "authenticator" in caught.value.remedy
    assert len(appliance.seen) == 2


def test_another_revision_can_be_asked_for(appliance, make):
    refused = Reply(400, {"errorCode": "unsupportedApiVersion"})
    appliance.tokens[:] = [refused]
    client = make()
    assert fails(client).reason == "api_version"
    client.use_api_version("1.9-rev0")
    client.call(Call("GET", "/a"))
    client.use_api_version("0.1-rev0")
    client.logout()
    versions = [seen.headers["x-api-version"] for seen in appliance.seen]
    # The token goes back with the revision that it was obtained with, whatever was asked for in between.
    assert versions == ["1.7-rev0", "1.9-rev0", "1.9-rev0", "1.9-rev0"]
    assert appliance.calls() == ["POST /token", "POST /token", "GET /a", "DELETE /token"]


def test_a_wrong_password_stays_final_under_another_revision(appliance, make):
    appliance.tokens[:] = [Reply(401)]
    client = make()
    assert fails(client).reason == "auth"
    client.use_api_version("1.9-rev0")
    assert fails(client).reason == "auth"
    assert appliance.calls() == ["POST /token"]


def test_what_lies_beside_the_api_can_be_read(appliance, make):
    client = make()
    client.call(Call("GET", "/swagger/v1/swagger.json", root=""))
    client.call(Call("GET", "/a"))
    assert [seen.target for seen in appliance.seen] == ["/api/v1/token", "/swagger/v1/swagger.json", "/api/v1/a"]


@pytest.mark.parametrize("body", [{}, {"access_token": None}, {"access_token": 7}, [], b"<html>Portal</html>"])
def test_a_login_without_a_token_is_an_error(appliance, make, body):
    kind = "text/html" if isinstance(body, bytes) else "application/json"
    appliance.tokens[:] = [Reply(body=body, headers={"Content-Type": kind})]
    error = fails(make())
    assert error.stage == "login"
    assert error.reason in ("auth", "api")


@pytest.mark.parametrize(("status", "valid"), [(204, True), (200, True), (401, False), (404, False)])
def test_a_given_token_can_be_withdrawn(appliance, make, status, valid):
    appliance.tokens[:] = [Reply(status)]
    assert make(access_token="given").login_for_others().withdraw("given") is valid
    assert appliance.calls() == ["DELETE /token"]
    assert authorizations(appliance) == ["Bearer given"]


def test_a_withdrawal_that_fails_is_an_error(appliance, make):
    appliance.tokens[:] = [Reply(500)]
    with pytest.raises(ApplianceError) as caught:
        make(access_token="given").login_for_others().withdraw("given")
    assert "not revoked" in caught.value.message
    assert caught.value.stage == "logout"


@pytest.mark.parametrize(("status", "warned"), [(204, False), (401, False), (404, False), (500, True), (503, True)])
def test_a_logout_that_fails_is_a_warning_and_not_repeated(appliance, make, status, warned):
    client = make()
    client.call(Call("GET", "/a"))
    appliance.tokens[:] = [Reply(status)]
    warning = client.logout()
    assert bool(warning) is warned
    assert not warned or f"HTTP {status}" in str(warning)
    assert appliance.calls().count("DELETE /token") == 1


def test_a_lost_logout_is_a_warning_too(appliance, make):
    client = make()
    client.call(Call("GET", "/a"))
    appliance.tokens[:] = [Reply(action="drop")]
    assert "its token stays valid until it expires" in str(client.logout())


def test_a_task_out_of_time_still_logs_out(appliance, make):
    client = make()
    client.call(Call("GET", "/a"))
    client._http.deadline.expire()
    assert client.logout() == []
    assert appliance.calls()[-1] == "DELETE /token"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"username": "", "password": ""}, "username and password are not set"),
        ({"password": None}, "password is not set"),
        ({"username": " "}, "username is not set"),
        ({"access_token": "two words"}, "access_token holds characters"),
        ({"access_token": "line\nbreak"}, "access_token holds characters"),
        ({"access_token": "tökén"}, "access_token holds characters"),
    ],
)
def test_missing_credentials_name_options_and_variables(make, options, words):
    with pytest.raises(ApplianceError) as caught:
        make(**options)
    assert (caught.value.reason, caught.value.stage) == ("invalid", "options")
    assert words in caught.value.message
    if "not set" in words:
        assert "VBAWS_USERNAME" in caught.value.remedy
        assert "VBAWS_ACCESS_TOKEN" in caught.value.remedy


# Calls


def test_query_and_body_are_sent_as_given(appliance, make):
    query = {"Sort": ["nameAsc", "scopeDesc"], "ReturnAsTree": True, "Offset": 0, "SearchPattern": None}
    client = make(access_token="t")
    client.call(Call("POST", "/a", query=query, json={"name": "Ü"}, accept="text/csv"))
    client.call(Call("POST", "/b", query=[("limit", 5)]))
    first, second = appliance.seen
    assert first.path == "/a?Sort=nameAsc&Sort=scopeDesc&ReturnAsTree=true&Offset=0"
    assert first.body.decode() == '{"name": "\\u00dc"}'
    assert (first.headers["Content-Type"], first.headers["Accept"]) == ("application/json", "text/csv")
    assert (second.path, second.body) == ("/b?limit=5", b"")
    assert "Content-Type" not in second.headers


CODES = ["unsupportedApiVersion", "ApiVersionUnspecified", "invalidAPIVersion", "ambiguousApiVersion"]


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("member", ["errorCode", "title", "type", "details"])
def test_a_refused_revision_says_which_product_takes_what(appliance, make, code, member):
    appliance.replies[:] = [Reply(400, {"x": 1, "title": "Bad", member: f"urn:{code}"})]
    error = fails(make(access_token="t", api_version="9.9-rev9"))
    assert error.reason == "api_version"
    assert "9.9-rev9" in error.remedy
    assert "option api_version" in error.remedy
    for product in ("9 up to 1.7-rev0", "9.1 up to 1.7-rev1", "10 up to 1.8-rev0", "11 up to 1.9-rev0"):
        assert product in error.remedy
    assert code in str(error)


def test_a_revision_refused_at_the_login_is_told_as_such(appliance, make):
    appliance.tokens[:] = [Reply(400, {"errorCode": "UnsupportedApiVersion"})]
    assert fails(make()).reason == "api_version"


@pytest.mark.parametrize("text", ["EULA not accepted", "accept the license agreement", "licence agreement pending"])
def test_a_licence_that_is_not_accepted_is_explained(appliance, make, text):
    appliance.tokens[:] = [Reply(403, {"details": text})]
    error = fails(make())
    assert error.reason == "api"
    assert "web interface" in error.remedy


@pytest.mark.parametrize(
    ("status", "kind", "reason"),
    [
        (400, Refused, "invalid"),
        (403, Refused, "auth"),
        (404, NotFound, "not_found"),
        (409, Refused, "conflict"),
        (429, ApplianceError, "api"),
        (500, ApplianceError, "api"),
        (503, ApplianceError, "api"),
    ],
)
def test_each_status_has_its_error(appliance, make, status, kind, reason):
    appliance.replies[:] = [Reply(status, {"errorCode": "E", "details": "because"})]
    error = fails(make(access_token="t", retries=0), "PUT", "/a")
    assert (type(error), error.reason, error.unsure) == (kind, reason, False)
    assert error.failure([]) == {
        "reason": reason,
        "stage": None,
        "done": [],
        "method": "PUT",
        "path": "/a",
        "status": status,
        "error_code": "E",
        "details": "because",
    }


def test_a_missing_privilege_names_the_role(appliance, make):
    appliance.replies[:] = [Reply(403)]
    assert "Portal Administrator" in fails(make(access_token="t")).remedy


@pytest.mark.parametrize(("status", "known"), [(400, True), (404, True), (500, False), (503, False)])
def test_a_change_that_fails_on_the_appliance_is_not_known(appliance, make, status, known):
    appliance.replies[:] = [Reply(status)]
    error = fails(
        make(access_token="t", retries=0), "PUT", "/a", change=Change("update", "updated", "the organization 'x'")
    )
    assert error.unsure is not known
    assert "update the organization 'x'" in error.message


def test_a_refusal_after_a_lost_attempt_is_not_known(appliance, make):
    appliance.replies[:] = [Reply(action="drop"), Reply(404)]
    error = fails(make(access_token="t"), "DELETE", "/a", change=Change("remove", "removed", "the organization 'x'"))
    assert isinstance(error, NotFound)
    assert error.unsure is True


def test_an_add_is_sent_once(appliance, make):
    appliance.replies[:] = [Reply(action="drop")]
    client = make(access_token="t")
    error = fails(client, "POST", "/a", repeatable=False, change=Change("add", "added", "the organization 'x'"))
    assert isinstance(error, UnknownOutcome)
    assert (len(appliance.seen), error.unsure) == (1, True)


def test_what_a_lost_attempt_left_open_stays_open_after_a_new_login(appliance, make):
    appliance.replies[:] = [Reply(503), Reply(401), Reply(400)]
    error = fails(make(), "DELETE", "/a", change=Change("remove", "removed", "the organization 'x'"))
    assert error.unsure is True


def test_a_lost_attempt_stays_open_where_the_new_login_is_refused(appliance, make):
    appliance.replies[:] = [Reply(503), Reply(401)]
    error = fails(
        make(access_token="t", username="", password=""), "DELETE", "/a", change=Change("remove", "removed", "'x'")
    )
    assert (error.reason, error.unsure) == ("auth", True)


def test_read_only_refuses_a_change_before_anything_is_sent(appliance, make):
    client = make(read_only=True)
    error = fails(client, "POST", "/a", change=Change("add", "added", "the organization 'x'"))
    assert (error.reason, appliance.seen) == ("invalid", [])
    assert "it would add the organization 'x'" in error.message
    assert "VBAWS_READ_ONLY" in error.remedy
    assert client.call(Call("POST", "/check")).status == 200


def test_something_else_than_json_is_quoted_without_tags(appliance, make):
    page = b"<html><body><h1>Welcome</h1>" + b"<p>portal</p>" * 100
    appliance.replies[:] = [Reply(200, page, {"Content-Type": "text/html; charset=utf-8"}), Reply(204)]
    client = make(access_token="t")
    with pytest.raises(ApplianceError) as caught:
        client.call(Call("GET", "/a")).json()
    assert caught.value.reason == "api"
    assert "of type text/html" in caught.value.message
    assert "Welcome portal" in caught.value.message
    assert "<" not in caught.value.message
    assert len(caught.value.message) < 320
    with pytest.raises(ApplianceError, match="it is empty"):
        client.call(Call("GET", "/a")).json()


# Lists
