# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The oracle of hostile appliances finds each kind of violation, and none in an honest run."""

from __future__ import annotations

import base64
import json
import random
import signal
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest
from ansible_collections.vbaws.appliance.tests.robustness.hostile import oracle
from ansible_collections.vbaws.appliance.tests.robustness.hostile.canaries import SPELLINGS, Canaries
from ansible_collections.vbaws.appliance.tests.robustness.hostile.case import Certificates
from ansible_collections.vbaws.appliance.tests.robustness.hostile.doors.door import Observed
from ansible_collections.vbaws.appliance.tests.robustness.hostile.doors.runner import MIB
from ansible_collections.vbaws.appliance.tests.robustness.hostile.pool import Pool
from ansible_collections.vbaws.appliance.tests.robustness.hostile.servers.routes import Route, Way
from ansible_collections.vbaws.appliance.tests.robustness.hostile.servers.world import BASE, Seen, World
from ansible_collections.vbaws.appliance.tests.robustness.hostile.tasks import BY_NAME, PRODUCTION, SUBSIDIARY

HONEST = Observed(b'{"changed": true}', b"", 0, killed=False, began=0.0, seconds=1.0, cpu=0.1, memory=MIB)
PUT = Seen(3, "PUT", PRODUCTION, (), {"authorization": "Bearer x"}, b"{}", accepted=True)
ADD = replace(PUT, method="POST", path=BASE)
STARTED = replace(ADD, path=f"{BASE}/rescan", body=b'{"rescanStorageType": "InMemory"}')
FAILED = {"failed": True, "failure": {"done": []}}


@pytest.fixture
def world() -> Iterator[World]:
    made = World(Canaries(random.Random(1)))
    made.canaries.password("password")
    yield made
    made.close()


def kinds(world: World, task: str = "update", seen: list[Seen] | None = None, **observed: Any) -> set[str]:
    """The kinds of violations. A result may be given in place of stdout."""
    if "result" in observed:
        observed["stdout"] = json.dumps(observed.pop("result")).encode()
    stranger = observed.pop("stranger", False)
    requests = [PUT] if seen is None else seen
    evidence = oracle.Evidence(BY_NAME[task], replace(HONEST, **observed), world, requests, stranger)
    return {kind for kind, _what in oracle.judge(evidence)}


PLANTED: dict[str, tuple[dict[str, Any], str]] = {
    "killed": ({"killed": True}, "a: hang"),
    "stderr": ({"stderr": b"Traceback"}, "a: stderr"),
    "nothing": ({"stdout": b""}, "a: no result"),
    "not JSON": ({"stdout": b"{"}, "a: result is not JSON"),
    "not UTF-8": ({"stdout": b'{"changed": "\xff"}'}, "a: result is not JSON"),
    "NaN": ({"stdout": b'{"changed": NaN}'}, "a: result is not JSON"),
    "empty": ({"result": {}}, "a: result without failed or changed"),
    "two lines": ({"stdout": b'{"changed":\n true}'}, "a: more than one line"),
    "signal without an end": (
        {"result": {**FAILED, "msg": "Was interrupted by SIGINT. Nothing was changed."}, "ends_by_signal": True},
        "a: interrupted, but not ended by the signal, or the reverse",
    ),
    "end without a word": (
        {"status": signal.SIGTERM, "ends_by_signal": True},
        "a: interrupted, but not ended by the signal, or the reverse",
    ),
    "surrogate": ({"result": {"changed": True, "a": ["\ud800"]}}, "a: lone surrogate"),
    "surrogate as a key": ({"result": {"changed": True, "\ud800": 1}}, "a: lone surrogate"),
    "traceback": ({"result": {**FAILED, "msg": "x", "exception": "y"}}, "a: traceback or defect"),
    "defect": ({"result": {**FAILED, "msg": "a defect of the collection"}}, "a: traceback or defect"),
    "stranger": ({"stranger": True}, "c: a request to a host that was not verified"),
    "Basic": ({"seen": [replace(PUT, headers={"authorization": "Basic x"})]}, "c: credentials of another kind"),
    "other object": ({"seen": [replace(PUT, path=SUBSIDIARY)]}, "d: a write that was not declared"),
    "check mode": ({"task": "update, check mode"}, "d: a write that was not declared"),
    "session in check mode": ({"task": "add, check mode", "seen": [STARTED]}, "d: a session in check mode"),
    "two additions": ({"task": "add", "seen": [ADD, ADD]}, "d: an addition was sent twice"),
    "two bodies": ({"seen": [PUT, replace(PUT, body=b"[]")]}, "d: more writes than the task needs"),
    "denied": ({"result": {**FAILED, "msg": "No. Nothing was changed."}}, "e: Nothing was changed is untrue"),
    "untold": ({"result": {"changed": False}}, "e: a write is not reported"),
    "late": ({"seconds": 30.0}, "f: longer than the deadline and a logout"),
    "busy": ({"cpu": 20.0}, "f: CPU time"),
    "large": ({"memory": 600 * MIB}, "g: memory"),
    "escape": ({"result": {"changed": True, "warnings": ["\x1b[31m"]}}, "i: characters that steer a terminal"),
    "bidi": ({"result": {**FAILED, "failure": {"details": "\u202e"}}}, "i: characters that steer a terminal"),
    "escape on the display": (
        {"result": {"changed": True, "displayed": ["\x1b[31m"]}},
        "i: characters that steer a terminal",
    ),
    "escape of one item": (
        {"result": {"changed": True, "organizations": [{"msg": "\x9b"}]}},
        "i: characters that steer a terminal",
    ),
    "long": ({"result": {"changed": True, "msg": "x" * 30_000}}, "i: text too long"),
    "very long": ({"result": {"changed": True, "a": "x" * 40 * MIB}}, "i: result too long"),
}


def test_an_honest_run_has_no_violation(world: World) -> None:
    assert kinds(world) == set()
    told = {"failed": True, "msg": "Lost. It is not known whether x was updated; run again, it looks first."}
    assert kinds(world, result=told) == set()
    refused = {**FAILED, "msg": "Refused. Nothing was changed."}
    assert kinds(world, seen=[replace(PUT, accepted=False)], result=refused) == set()


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_violation_is_found(name: str, world: World) -> None:
    given, kind = PLANTED[name]
    assert kind in kinds(world, **given)


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_secret_is_found_in_every_spelling(spelling: str, world: World) -> None:
    secret = SPELLINGS[spelling](world.canaries.secrets["password"])
    whole = not spelling.startswith(("cut", "half"))
    kind = f"b: {'a secret' if whole else 'a part of a secret'} in words"
    assert kind in kinds(world, result={"changed": True, "warnings": [f"He said {secret}."]})
    assert kind in kinds(world, stderr=f"He said {secret}.".encode())
    assert kind.replace("words", "data") in kinds(world, result={"changed": True, "name": secret})


def test_a_secret_within_two_spellings_is_found(world: World) -> None:
    secret = quote(base64.b64encode(world.canaries.secrets["password"].encode()).decode())
    assert "b: a secret in words" in kinds(world, result={"changed": True, "msg": json.dumps(secret)})


def test_a_token_that_is_left_is_found(world: World) -> None:
    login = Seen(0, "POST", "/token", (), {}, b"grant_type=password")
    world.work(login)
    left = "h: a token stays valid without a word"
    assert left in kinds(world, result={"changed": True})
    assert left not in kinds(world, result={"changed": True, "warnings": ["The token stays valid until it expires."]})
    world.issued[0].arrived = False
    assert "h: a token that did not arrive stays valid without a word" in kinds(world, result={"changed": True})
    world.work(replace(login, method="DELETE", headers={"authorization": f"Bearer {world.issued[0].value}"}))
    assert kinds(world, result={"changed": True}) == set()


def test_what_goes_elsewhere_is_found(certificates: Certificates, world: World) -> None:
    route = Route(Way("https"), certificates.appliance, certificates.stranger, world.canaries)
    for one in route.listeners():
        one.close()
    assert list(route.violations("ca_path")) == []
    route.elsewhere.connections = 1
    assert route.proxy is not None
    route.proxy.credentials.append("a:b")
    assert [kind for kind, _what in route.violations("ca_path")] == [
        "c: a connection to another host",
        "c: the password of a proxy over a connection that was not verified",
    ]


def test_every_task_is_done_without_an_attack(hostile: Pool) -> None:
    for (name, in_worker), outcome in hostile.unharmed.items():
        assert sorted(outcome.requests) == sorted(hostile.unharmed[name, False].requests), (name, in_worker)
        assert not outcome.violations, outcome.report()
        assert '"failed": true' not in outcome.output, name
        writes = {line for line in outcome.requests if line in BY_NAME[name].writes}
        assert writes == set(BY_NAME[name].writes), outcome.report()
