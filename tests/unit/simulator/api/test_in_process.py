# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The appliance without a network: the same answers as over HTTPS, its clock, and its faults."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from simulator.api.answer import Answer
from simulator.api.in_process import ConnectionLost, InProcessAppliance
from simulator.state import edits
from simulator.state.sessions import FAILED, Ending
from simulator.state.shape import Shape
from simulator.state.worlds import DEFAULT, load

BASE = "/organizations/amazon"
WORLD = load(DEFAULT)
Send = Callable[..., tuple[int, Any]]


@pytest.fixture
def local() -> Iterator[InProcessAppliance]:
    with InProcessAppliance(WORLD) as appliance:
        yield appliance


def role(appliance: InProcessAppliance, name: str) -> str:
    return edits.role_called(appliance.state, name).id


def spec(appliance: InProcessAppliance, name: str = "production", rescan: str = "prod-rescan") -> dict[str, Any]:
    settings = {
        "name": name,
        "rescanIamRoleId": role(appliance, rescan),
        "backupRestoreIamRoleName": "VeeamBackupRestore",
    }
    return {"organization": settings}


def names(appliance: InProcessAppliance) -> list[str]:
    return [one["name"] for one in appliance.call("GET", BASE).body["results"]]


# The same code as behind the web server


def life(send: Send, roles: dict[str, str], names_of: Shape) -> list[tuple[int, Any]]:
    """The answers to a bit of everything."""

    def scope(key: str, value: Any) -> dict[str, Any]:
        return {names_of.write_name(f"limited_scope.{key}"): value}

    def organization(**values: Any) -> dict[str, Any]:
        every = {"backup_restore_iam_role_name": "VeeamBackupRestore", **values}
        return {names_of.write_name(f"organization.{key}"): value for key, value in every.items()}

    answers: list[tuple[int, Any]] = []

    def ask(method: str, path: str, query: Any = (), body: Any = None) -> Any:
        answers.append(send(method, path, query, body))
        return answers[-1][1]

    settings = organization(name="production", rescan_iam_role=roles["prod-rescan"])
    work = {**scope("name", "Work"), **scope("organizational_units", ["ou-prod-workload"])}
    ask("GET", "/system/version")
    ask("GET", "/accounts/amazon", [("Sort", "nameDesc"), ("Limit", 3)])
    ask("POST", f"{BASE}/checkOrganizationExists", (), {"rescanIamRoleId": roles["prod-rescan"]})
    ask("POST", f"{BASE}/validateName", (), {"organizationName": "Twin"})
    ask("POST", f"{BASE}/validateOrganization", (), {"create": {"organization": settings, "limitedScopes": [work]}})
    ask("POST", BASE, (), {"organization": settings, "limitedScopes": [work]})
    (listed,) = ask("GET", BASE, [("SearchPattern", "PROD"), ("Offset", 0), ("Limit", 10)])["results"]
    one = f"{BASE}/{listed[names_of.read_name('organization.id')]}"
    ask("GET", one)
    ask("POST", f"{one}/identitiesInDb", [("ExpandChildNodes", "true"), ("TypeFilter", "Unit")])
    ask("POST", f"{one}/identitiesInDb", [("ReturnAsTree", "true"), ("ExpandChildNodes", "true")])
    ask("POST", f"{one}/identitiesInDb", [("offset", "-1")])
    renamed = organization(name="eu", rescan_iam_role=roles["prod-rescan"], description="Europe")
    ask("PUT", one, (), {"organization": renamed, "newLimitedScopes": [work]})
    ask("PUT", one, (), {"organization": {**renamed, names_of.write_name("organization.name"): "Twin"}})
    ask("POST", f"{one}/validateDelete")
    ask("POST", f"{BASE}/export")
    ask("POST", f"{BASE}/rescan", (), {"rescanIamRoleId": roles["plain-backup"], "rescanStorageType": "InMemory"})
    ask("DELETE", one)
    ask("GET", one)
    ask("GET", f"{BASE}/eu")
    ask("POST", BASE, (), {"organization": {}})
    ask("GET", "/nowhere")
    ask("PATCH", BASE)
    return answers


@pytest.mark.parametrize("seed", ["documented", *range(12)])
def test_the_answers_are_those_of_the_web_server(appliance: Any, connect: Any, seed: int | str) -> None:
    shape = "documented" if seed == "documented" else "random"
    appliance.reset(shape=shape, seed=7 if seed == "documented" else seed)
    appliance.control("POST", "/settings", {"session_seconds": 0})
    client = connect()
    client.log_in()
    roles = {one["name"]: one["id"] for one in appliance.state()["roles"]}

    def over_https(method: str, path: str, query: Any, body: Any) -> tuple[int, Any]:
        answer = client.send(method, path, params=list(query), json=body)
        is_json = "json" in answer.headers.get("Content-Type", "")
        return answer.status_code, answer.json() if is_json and answer.content else answer.text or None

    def in_process(method: str, path: str, query: Any, body: Any) -> tuple[int, Any]:
        answer = local.call(method, path, query, body)
        return answer.status, answer.body

    with InProcessAppliance(WORLD, appliance.facts["shape"], seed=appliance.facts["seed"]) as local:
        mine = life(in_process, roles, client.shape)
    theirs = life(over_https, roles, client.shape)
    assert len(mine) == len(theirs) == 22
    for number, (one, other) in enumerate(zip(mine, theirs, strict=True)):
        assert one == other, number
    assert {status for status, _body in mine} == {200, 202, 204, 400, 404, 405}


def test_headers_choose_the_kind_of_an_export_and_name_the_token(local: InProcessAppliance) -> None:
    assert local.call("POST", f"{BASE}/export").headers == {"Content-Type": "text/csv"}
    answer = local.call("POST", f"{BASE}/export", headers={"Accept": "application/xml"})
    assert answer.headers == {"Content-Type": "application/xml"}
    user = next(iter(local.state.settings.users.values()))
    form = {"grant_type": "password", "username": user.name, "password": user.password}
    token = local.call("POST", "/token", body=form).body["access_token"]
    assert local.state.tokens.open() == 1
    assert local.call("DELETE", "/token", headers={"Authorization": f"Bearer {token}"}) == Answer(204, {})
    assert local.state.tokens.open() == 0


def test_a_session_is_told_in_a_header_if_the_shape_says_so() -> None:
    with InProcessAppliance(WORLD, {"session_reference": "location"}) as local:
        answer = local.call("POST", BASE, body=spec(local))
        (session,) = local.state.sessions.all()
        assert (answer.status, answer.body) == (202, {})
        assert answer.headers["Location"].endswith(f"/sessions/{session.id}")


def test_what_is_sent_is_kept_as_it_was_sent(local: InProcessAppliance) -> None:
    body = spec(local)
    local.call("POST", BASE, body=body)
    body["organization"]["name"] = "changed later"
    local.call("GET", BASE, [("Offset", 0)])
    assert [str(request) for request in local.requests] == [f"POST {BASE}", f"GET {BASE}"]
    assert local.requests[0].body["organization"]["name"] == "production"
    assert local.requests[1].query == (("Offset", 0),)


# Time


def test_a_session_ends_when_the_clock_says_so() -> None:
    with InProcessAppliance(WORLD, session_seconds=30) as local:
        session = local.call("POST", BASE, body=spec(local)).body["sessionId"]
        statuses = []
        for _time in range(4):
            statuses.append(local.call("GET", f"/sessions/{session}").body["status"])
            local.clock.sleep(10)
        assert statuses == ["NeverExecuted", "Running", "Running", "Succeeded"]
        assert names(local) == ["production"]


def test_sessions_end_as_the_test_says(local: InProcessAppliance) -> None:
    local.state.sessions.ending = Ending(FAILED, "No trust")
    session = local.call("POST", BASE, body=spec(local)).body["sessionId"]
    state = local.call("GET", f"/sessions/{session}").body
    assert (state["status"], state["reason"], names(local)) == ("Failed", "No trust", [])


def test_tokens_expire_by_the_same_clock(local: InProcessAppliance) -> None:
    user = next(iter(local.state.settings.users.values()))
    local.state.tokens.log_in({"grant_type": "password", "username": user.name, "password": user.password})
    local.clock.sleep(3599)
    assert local.state.tokens.open() == 1
    local.clock.sleep(2)
    assert local.state.tokens.open() == 0


# Faults


def test_an_answer_is_lost_before_or_after_the_work(local: InProcessAppliance) -> None:
    local.fault("drop_before", "POST", f"{BASE}$")
    with pytest.raises(ConnectionLost, match=f"drop_before: POST {BASE}"):
        local.call("POST", BASE, body=spec(local))
    assert names(local) == []
    local.fault("drop_after", "POST", f"{BASE}$")
    with pytest.raises(ConnectionLost, match="drop_after"):
        local.call("POST", BASE, body=spec(local))
    assert names(local) == ["production"]
    assert len(local.requests) == 4


def test_a_request_is_refused(local: InProcessAppliance) -> None:
    refusal = {"status": 409, "details": "the name exists", "error_code": "Conflict", "retry_after": "7"}
    local.fault("status", "POST", f"{BASE}$", **refusal, times=2)
    for _time in range(2):
        answer = local.call("POST", BASE, body=spec(local))
        assert answer.headers == {"Content-Type": "application/json", "Retry-After": "7"}
        assert (answer.status, answer.body["details"], answer.body["errorCode"]) == (409, "the name exists", "Conflict")
    assert local.call("POST", BASE, body=spec(local)).status == 202


def test_something_happens_first(local: InProcessAppliance) -> None:
    local.call("POST", BASE, body=spec(local))
    local.fault("none", "GET", f"{BASE}$", act=lambda: edits.change(local.state, "production", {"name": "theirs"}))
    assert names(local) == ["theirs"]
    local.fault("status", "GET", act=lambda: edits.remove(local.state, "theirs"))
    assert local.call("GET", BASE).status == 503
    assert names(local) == []


def test_something_that_happens_first_may_send_requests_and_may_fail(local: InProcessAppliance) -> None:
    def fail() -> None:
        assert local.call("GET", "/system/version").status == 200
        raise RuntimeError("no connection")

    local.fault("none", "GET", f"{BASE}$", act=fail)
    with pytest.raises(RuntimeError, match="no connection"):
        local.call("GET", BASE)
    assert names(local) == []


def test_another_body_arrives_than_was_sent(local: InProcessAppliance) -> None:
    def renamed(body: Any) -> Any:
        return {"organization": {**body["organization"], "name": "Production"}}

    local.fault("none", "POST", f"{BASE}$", alter=renamed)
    local.call("POST", BASE, body=spec(local))
    assert names(local) == ["Production"]
    assert local.requests[0].body["organization"]["name"] == "production"


def test_an_answer_is_made_up(local: InProcessAppliance) -> None:
    finding = {"severity": "Error", "message": "The policy Daily uses it."}
    local.fault("answer", "POST", "validateOrganization$", body=[finding], times=-1)
    for _time in range(2):
        assert local.call("POST", f"{BASE}/validateOrganization", body={"create": spec(local)}).body == [finding]
    local.clear_faults()
    assert local.call("POST", f"{BASE}/validateOrganization", body={"create": spec(local)}).body == []


def test_a_deletion_is_confirmed_and_not_done(local: InProcessAppliance) -> None:
    local.call("POST", BASE, body=spec(local))
    (organization,) = local.state.organizations.all()
    local.fault("answer", "DELETE", status=204)
    assert local.call("DELETE", f"{BASE}/{organization.id}").status == 204
    assert names(local) == ["production"]


def test_a_page_is_short(local: InProcessAppliance) -> None:
    local.fault("short_page", "GET", "/accounts/amazon", keep=1)
    answer = local.call("GET", "/accounts/amazon").body
    assert (len(answer["results"]), answer["totalCount"]) == (1, 9)


def test_a_fault_that_needs_a_network_is_refused(local: InProcessAppliance) -> None:
    with pytest.raises(ValueError, match="without a network"):
        local.fault("truncate")


def test_several_threads_call_at_once(local: InProcessAppliance) -> None:
    seen: list[int] = []
    threads = [
        threading.Thread(target=lambda: seen.extend(local.call("GET", BASE).status for _time in range(20)))
        for _thread in range(4)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert seen == [200] * 80
