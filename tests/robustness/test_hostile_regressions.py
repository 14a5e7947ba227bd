# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Attacks that broke a rule once, each by itself."""

from __future__ import annotations

import random
import signal
from collections import Counter
from typing import Any

import pytest
from ansible_collections.vbaws.appliance.tests.robustness.hostile.attacks import (
    bodies,
    connections,
    documents,
    echoes,
    headers,
    statuses,
)
from ansible_collections.vbaws.appliance.tests.robustness.hostile.attacks.act import Act
from ansible_collections.vbaws.appliance.tests.robustness.hostile.canaries import SPELLINGS
from ansible_collections.vbaws.appliance.tests.robustness.hostile.case import Case
from ansible_collections.vbaws.appliance.tests.robustness.hostile.pool import WRITTEN_DOWN, Pool
from ansible_collections.vbaws.appliance.tests.robustness.hostile.servers.routes import Way
from ansible_collections.vbaws.appliance.tests.robustness.hostile.servers.server import Position, problem
from ansible_collections.vbaws.appliance.tests.robustness.hostile.servers.world import BASE, IDS, OPENAPI
from ansible_collections.vbaws.appliance.tests.robustness.hostile.table import AttackTable
from ansible_collections.vbaws.appliance.tests.robustness.hostile.tasks import BY_NAME, Task

CHANCE = random.Random(1)
LOGIN, LOGOUT, LIST = "^POST /token", "^DELETE /token", f"^GET {BASE}$"
DETAILS, WRITE, STRUCTURE = f"^GET {BASE}/.", f"^(PUT|DELETE|POST) {BASE}(/[0-9a-f-]+)?$", "identitiesInDb"
ALWAYS = 1000
NAMES_ONLY: dict[str, Any] = {"list_keys": []}
JSON = {"Content-Type": "application/json"}


def case(
    task: str | Task, attack: Act | None = None, match: str = "", skip: int = 0, times: int = 1, **more: Any
) -> Case:
    """A case. match: which requests are attacked."""
    wanted = BY_NAME[task] if isinstance(task, str) else task
    return Case(1, wanted, attack, Position(match, skip, times), **more)


def _secrets() -> dict[str, Case]:
    cases = {
        f"login answered with {form}": case("update", echoes.login(CHANCE, form), LOGIN, times=ALWAYS)
        for form in echoes.LOGIN_FORMS
    }
    for secret in ("password", "token 1"):
        for spelling in SPELLINGS:
            echo = echoes.echo(CHANCE, "details", spelling, 400, 0, secret)
            cases[f"{secret} in details as {spelling}"] = case("update", echo, LIST, times=ALWAYS)
        for place in echoes.PLACES:
            echo = echoes.echo(CHANCE, place, "plain", 400, 0, secret)
            cases[f"{secret} in {place}"] = case("update", echo, LIST, times=ALWAYS)
        for pad in (150, 190, 260, 280, 295, 390, 480, 495):
            echo = echoes.echo(CHANCE, "text", "plain", 500, pad, secret)
            cases[f"{secret} cut after {pad}"] = case("update", echo, LIST, times=ALWAYS)
    for place in ("details", "title", "errors", "data", "text", "HTML", "location"):
        for spelling in ("plain", "bytes", "json_slashes", "json_in_json", "latin"):
            echo = echoes.echo(CHANCE, place, spelling, 400, 0, "password")
            cases[f"password in {place} of a refused login as {spelling}"] = case("update", echo, LOGIN, times=ALWAYS)
    for seed, member in enumerate(("errorCode", "data", "errors", "traceId")):
        cases[f"base64 in {member}"] = case(
            "roles", echoes.echo(CHANCE, member, "base64", 500, seed, "password"), "accounts", times=ALWAYS
        )
    return cases


def _trust() -> dict[str, Case]:
    cases = {}
    for by in ("option", "environment"):
        for trust in ("ca_path", "fingerprint"):
            cases[f"untrusted https proxy of the {by}, {trust}"] = case(
                "update", way=Way("https", "tunnel", by), trust=trust
            )
        for answer in ("407", "407 echo", "403 echo"):
            cases[f"{answer} of a proxy of the {by}"] = case("update", way=Way("http", answer, by))
            cases[f"{answer} of a trusted https proxy of the {by}"] = case(
                "update", way=Way("trusted https", answer, by)
            )
    for trust in ("other ca_path", "other fingerprint"):
        cases[f"another certificate, {trust}"] = case("update", trust=trust)
        cases[f"another certificate behind a proxy, {trust}"] = case("update", trust=trust, way=Way("http"))
        cases[f"another certificate behind a SOCKS proxy, {trust}"] = case(
            "update", trust=trust, way=Way("socks", by="environment")
        )
    for location in statuses.LOCATIONS:
        cases[f"redirect to {location[:40]!r}"] = case("update", statuses.redirected(CHANCE, location, 307), WRITE)
    return cases


def _signals() -> dict[str, Case]:
    cases = {}
    for number in connections.SIGNALS:
        for moment in ("before", "half", "after", "instead", "twice"):
            act, name = connections.signalled(CHANCE, number, moment), signal.Signals(number).name
            cases[f"{name} {moment}, in the login"] = case("update", act, LOGIN)
            cases[f"{name} {moment}, in a read"] = case("update", act, LIST)
            cases[f"{name} {moment}, in a write"] = case("update", act, WRITE)
            cases[f"{name} {moment}, in the logout"] = case("update", act, LOGOUT)
            cases[f"{name} {moment}, in a thread"] = case("prune", act, STRUCTURE)
    return cases


def _targets() -> dict[str, Case]:
    ids = IDS["production"], IDS["subsidiary"]
    cases = {
        f"{task}, details of another object": case(task, bodies.swapped(*ids), DETAILS, times=ALWAYS, shape=NAMES_ONLY)
        for task in ("update", "update by id", "rename", "new scope", "organization by id", "list")
    }
    cases["remove, details of another object"] = case(
        "remove by id", bodies.swapped(*reversed(ids)), DETAILS, times=ALWAYS, shape=NAMES_ONLY
    )
    for how in ("end", "reset"):
        act = connections.broken(CHANCE, how, processed=False)
        for way in (Way(), Way("socks", by="environment"), Way("http")):
            cases[f"{how} after the POST of an addition, {way.kind}"] = case(
                "add", act, f"^POST {BASE}$", times=ALWAYS, way=way, more={"retries": 4}
            )
    return cases


def _time() -> dict[str, Case]:
    cases = {}
    for place in headers.DRIPS:
        cases[f"drip of the {place}"] = case("update", headers.drip(CHANCE, place, 0.4), LIST)
        cases[f"drip of the {place} in the logout"] = case("version", headers.drip(CHANCE, place, 0.4), LOGOUT)
    cases["100 Continue without end"] = case("update", statuses.interim(CHANCE, 0.4, 100), LIST)
    cases["100 Continue without end or pause"] = case("update", statuses.interim(CHANCE, 0.0, 100), LIST)
    cases["drip in the login"] = case("update", headers.drip(CHANCE, "header", 0.4), LOGIN)
    cases["drip after a write"] = case("update", headers.drip(CHANCE, "header", 0.4), WRITE)
    for kind in ("http", "trusted https"):
        cases[f"drip of a {kind} proxy"] = case("update", way=Way(kind, "drip head"))
    for length in (1500, 10_000):
        for task in ("structure", "tree", "new scope"):
            cases[f"chain of {length} units, {task}"] = case(task, bodies.chain(length), STRUCTURE, times=ALWAYS)
    return cases


def _size() -> dict[str, Case]:
    cases = {
        f"{name} in a list": case("organizations", bodies.not_json(CHANCE, name), LIST, times=ALWAYS)
        for name in bodies.TEXTS
        if "MB" in name
    }
    cases["20 MB of details"] = case(
        "update", statuses.answered(400, problem(400, "x" * 20_000_000), JSON, processed=False), LIST
    )
    cases["20 MB of details to a write"] = case(
        "update", statuses.answered(400, problem(400, "x" * 20_000_000), JSON, processed=False), WRITE
    )
    word = "x" * 1_000_000
    long = {
        "details": problem(400, word),
        "errors": problem(400, "No", errors={word: [word]}),
        "text": word.encode(),
        "words": b"Abc1 " * 200_000,
        "HTML": b"<" * 1_000_000,
    }
    for name, body in long.items():
        for match, where in ((LOGIN, "login"), (LIST, "read"), (WRITE, "write")):
            refusal = statuses.answered(400, body, JSON, processed=False)
            cases[f"1 MB of {name} in a refused {where}"] = case("update", refusal, match)
    for name in ("20 MB text", "6 million objects", "500,000 lists", "200,000 keys"):
        cases[f"{name} in each object"] = case(
            "organizations", bodies.unknown_property(CHANCE, name), LIST, times=ALWAYS
        )
    for coding in ("gzip", "deflate", "gzip, gzip"):
        cases[f"{coding} bomb"] = case("organizations", headers.compressed(CHANCE, coding), LIST, times=ALWAYS)
    return cases


def _results() -> dict[str, Case]:
    cases = {}
    odd = (
        "low surrogate",
        "high surrogate",
        "raw surrogate",
        "700 lists",
        "700 objects",
        "5,000 lists",
        "NaN",
        "1e999",
        "100,000 digits",
        "5,000 digits",
        "controls",
        "bidi",
        "title escape",
    )
    for name in odd:
        act = bodies.unknown_property(CHANCE, name)
        cases[f"{name} in an unknown property"] = case("organizations", act, LIST, times=ALWAYS)
        cases[f"{name} in an unknown property after a write"] = case("update", act, "", 3, ALWAYS)
        cases[f"{name} in the name of an organization"] = case(
            "organizations", bodies.node(CHANCE, name, "name"), LIST, times=ALWAYS
        )
        cases[f"{name} in the message of a check"] = case(
            "add", bodies.node(CHANCE, name, "message"), "validate", times=ALWAYS
        )
        cases[f"{name} as a token"] = case("version", bodies.node(CHANCE, name, "access_token"), LOGIN, times=ALWAYS)
        cases[f"{name} in details"] = case(
            "update",
            statuses.answered(
                400, bodies.dumps({"status": 400, "details": bodies.VALUES[name]()}), JSON, processed=False
            ),
            WRITE,
        )
        cases[f"{name} in a session log"] = case("session", bodies.node(CHANCE, name, "message"), "log$", times=ALWAYS)
    for location in ("//[", "https://["):
        for match, where in ((LIST, "read"), (WRITE, "write"), (LOGOUT, "logout"), (LOGIN, "login")):
            cases[f"Location {location} in a {where}"] = case(
                "update", statuses.redirected(CHANCE, location, 302), match, times=ALWAYS
            )
    cases["a password in the environment that is not UTF-8"] = case(
        "version", login="environment", environment={"VBAWS_PASSWORD": "abc\udcff\udcfexyz"}
    )
    return cases


def _after_a_write() -> dict[str, Case]:
    acts = {
        "500": statuses.answered(500, b"", JSON, processed=False),
        "403": statuses.answered(403, problem(403, "No."), JSON, processed=False),
        "lost": connections.broken(CHANCE, "reset", processed=False),
        "HTML": bodies.not_json(CHANCE, "HTML"),
        "null": bodies.not_json(CHANCE, "null"),
        "a list": bodies.not_json(CHANCE, "empty list"),
        "redirect": statuses.redirected(CHANCE, "//[", 302),
        "SIGHUP": connections.signalled(CHANCE, signal.SIGHUP, "before"),
        "SIGTERM": connections.signalled(CHANCE, signal.SIGTERM, "before"),
    }
    # The requests before and including the write, by task.
    before = {"update": 4, "add": 9, "remove": 6, "list": 12, "rescan": 4}
    return {
        f"{name} after the write of {task}": case(task, act, "", skip, ALWAYS)
        for name, act in acts.items()
        for task, skip in before.items()
    }


def _tokens() -> dict[str, Case]:
    refused = statuses.answered(401, problem(401, "Expired."), JSON, processed=False)
    cases = {
        f"401 once to {match}": case(task, refused, match)
        for task, match in (("update", LIST), ("update", WRITE), ("prune", STRUCTURE), ("contract", "swagger"))
    }
    for how in ("silence", "reset", "end", "half a line", "half a head", "head alone"):
        act = connections.broken(CHANCE, how, processed=True)
        cases[f"login that ends in {how}"] = case("update", act, LOGIN)
        cases[f"login that always ends in {how}"] = case("update", act, LOGIN, times=ALWAYS)
        cases[f"second login that ends in {how}"] = case("update", _Twice(refused, act), f"{LOGIN}|{LIST}", 1, 2)
    return cases


class _Twice(Act):
    """A refusal of the token, and then an attack on the new login."""

    def __init__(self, first: Act, second: Act) -> None:
        super().__init__(
            second.kind,
            f"{first}, then {second}",
            lambda exchange: (second if exchange.seen.is_login else first).act(exchange),
        )


def _documents() -> dict[str, Case]:
    return {name: case("contract", documents.document(CHANCE, name), OPENAPI) for name in documents.DOCUMENTS}


def _files() -> dict[str, Case]:
    def export(dest: str, attack: Act | None = None, **more: Any) -> Case:
        return case(Task("export", "organization_export", {"dest": dest}), attack, "export$", **more)

    cases = {
        "a file without a folder": export("organizations.csv"),
        "a full device": export("/dev/full"),
        "a terminal": export("/dev/tty"),
        "a named pipe": export("{folder}/pipe", fifo="pipe"),
        "a name that is too long": export("{folder}/" + "a" * 300),
    }
    for encoding in (
        "utf-7",
        "rot13",
        "nothing",
        "idna",
        "undefined",
        "unicode_escape",
        "UTF-16",
        "hex",
        "a" * 100,
        "\u00e9",
    ):
        body = f"<?xml version='1.0' encoding='{encoding}'?><a>x</a>".encode()
        act = statuses.answered(200, body, {"Content-Type": "application/xml"}, processed=True)
        cases[f"XML in {encoding[:20]}"] = case("export xml", act, "export$")
    return cases


KINDS = {
    "secrets": _secrets(),
    "trust": _trust(),
    "signals": _signals(),
    "targets": _targets(),
    "time": _time(),
    "size": _size(),
    "results": _results(),
    "after a write": _after_a_write(),
    "tokens": _tokens(),
    "documents": _documents(),
    "files": _files(),
}
IN_MODULE = {f"{kind}: {name}": one for kind, cases in KINDS.items() for name, one in cases.items()}


def _in_worker() -> dict[str, Case]:
    """Every signal, and of each other kind of attack in each group the first case and every fourth after it."""
    found, kinds = {}, Counter[tuple[str, str]]()
    for name, one in IN_MODULE.items():
        if one.may_be_in_worker:
            kind = name.partition(":")[0], one.kind
            if one.kind == "signal" or kinds[kind] % 4 == 0:
                found[f"{name}, in the worker"] = one.through_worker()
            kinds[kind] += 1
    return found


CASES = {**IN_MODULE, **_in_worker()}
WRITTEN_DOWN.update(CASES)


@pytest.mark.parametrize("name", CASES)
def test_an_attack_that_broke_a_rule_is_survived(name: str, hostile: Pool, attacks: AttackTable) -> None:
    outcome = hostile.written_down(name)
    attacks.count(outcome)
    assert not outcome.violations, outcome.report()


@pytest.fixture(scope="module", autouse=True)
def _all_at_once(hostile: Pool) -> None:
    hostile.submit_written_down()
