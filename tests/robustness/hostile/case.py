# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One case: a task, a way to the appliance, an attack and its position; and how it is run and judged."""

from __future__ import annotations

import os
import random
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ansible_collections.vbaws.appliance.tests.robustness.hostile import oracle
from ansible_collections.vbaws.appliance.tests.robustness.hostile.canaries import Canaries
from ansible_collections.vbaws.appliance.tests.robustness.hostile.doors.door import Door, Observed, Order
from ansible_collections.vbaws.appliance.tests.robustness.hostile.servers.listener import LOOPBACK, Listener
from ansible_collections.vbaws.appliance.tests.robustness.hostile.servers.routes import (
    DIRECT,
    SLOW_ANSWERS,
    Route,
    Way,
)
from ansible_collections.vbaws.appliance.tests.robustness.hostile.servers.server import (
    Attack,
    Certificate,
    HostileServer,
    Position,
)
from ansible_collections.vbaws.appliance.tests.robustness.hostile.servers.world import BASE, Seen, World
from ansible_collections.vbaws.appliance.tests.robustness.hostile.tasks import WAITING, Task

AFTER_DEADLINE = 20.0
"""Seconds after the deadline at which a run is killed: the logout may take 10 of them."""

ROLE = b'{"rescanIamRoleId": "%s", "rescanStorageType": "InMemory"}'


@dataclass(frozen=True)
class Case:
    """seed: of the secrets. more: further options.

    trust: what the client trusts: ca_path, fingerprint, other ca_path, other fingerprint. With the last two, the
    appliance is not who it claims to be.
    """

    seed: int
    task: Task
    attack: Attack | None = None
    position: Position | None = None
    login: str = "password"
    more: Mapping[str, Any] = field(default_factory=dict)
    diff: bool = False
    way: Way = DIRECT
    trust: str = "ca_path"
    shape: Any = "documented"
    environment: Mapping[str, str] = field(default_factory=dict)
    fifo: str = ""
    """The name of a special file that is in the folder of the run."""

    in_worker: bool = False
    """Whether it goes through the door of the action plugin."""

    def through_worker(self) -> Case:
        """The same through the door of the action plugin."""
        return replace(self, in_worker=True)

    @property
    def may_be_in_worker(self) -> bool:
        """Whether that door is open to it. Only a module writes a file."""
        return "dest" not in self.task.options

    @property
    def kind(self) -> str:
        """The row of the table."""
        if self.trust.startswith("other"):
            return "other certificate"
        if self.way.kind != "direct" and self.way.answer != "tunnel":
            return f"{self.way.kind} proxy"
        return self.attack.kind if self.attack else "none"

    @property
    def is_slow(self) -> bool:
        """Whether it may take a run to its deadline."""
        return bool(self.attack and self.attack.slow) or self.way.answer in SLOW_ANSWERS

    def __str__(self) -> str:
        more = f" {dict(self.more)}" if self.more else ""
        trust = "" if self.trust == "ca_path" else f", trusting {self.trust}"
        task = f"seed {self.seed}: {self.task.name} ({self.task.module}){more}"
        door = ", in the worker" if self.in_worker else ""
        return f"{task}, {self.attack}, {self.position}{self.way}{trust}{door}"


@dataclass(frozen=True)
class Outcome:
    """What became of a case, in a form that goes from one process to another."""

    kind: str
    text: str
    violations: list[tuple[str, str]]
    requests: list[str]
    hits: int
    beyond: float
    seconds: float
    cpu: float
    memory: int
    output: str = ""
    again: str = ""
    """How to run it again."""

    def report(self) -> str:
        """What a failed test shows."""
        return "\n".join([self.text, self.again, *map(str, self.violations), *self.requests, self.output])


@dataclass(frozen=True)
class Certificates:
    """The appliance's, and one of somebody else."""

    appliance: Certificate
    stranger: Certificate


def run(case: Case, door: Door, certificates: Certificates) -> Outcome:
    """Run a case and judge it."""
    canaries = Canaries(random.Random(f"secrets {case.seed}"))
    world = World(canaries, mfa=case.task.login == "mfa", shape=case.shape)
    route = Route(case.way, certificates.appliance, certificates.stranger, canaries)
    server = HostileServer(world, certificates.appliance, case.position, case.attack, elsewhere=route.elsewhere.where)
    try:
        with tempfile.TemporaryDirectory(prefix="hostile-") as folder:
            return _run(case, door, server, route, _order(case, server, route, certificates, Path(folder)))
    finally:
        world.close()


def _run(case: Case, door: Door, server: HostileServer, route: Route, order: Order) -> Outcome:
    listeners: list[HostileServer | Listener] = [server, *route.listeners()]

    def begin(pid: int) -> None:
        server.signal = lambda number: os.kill(pid, number)
        for one in listeners:
            one.begin()

    def in_child() -> None:
        for one in listeners:
            one.close()

    try:
        observed = door.run(order, begin, in_child)
    finally:
        for one in reversed(listeners):
            one.finish()
    # An interpreter's start takes no part of the deadline.
    first = min((one.first for one in listeners if one.first is not None), default=observed.began)
    observed = replace(observed, seconds=observed.began + observed.seconds - first)
    stranger, late = case.trust.startswith("other"), _is_late(case, server.seen)
    evidence = oracle.Evidence(case.task, observed, server.world, server.seen, stranger, late)
    return _outcome(case, server, observed, [*oracle.judge(evidence), *route.violations(case.trust)])


def _order(case: Case, server: HostileServer, route: Route, certificates: Certificates, folder: Path) -> Order:
    task = case.task
    options: dict[str, Any] = {"hostname": LOOPBACK, "port": server.port, "timeout": 1, "retries": 1, **task.options}
    options.update(_trust(case, certificates), **route.options(), **_login(case, server.world.canaries))
    if task.module in WAITING:
        options.update(wait_timeout=1, wait_interval=0)
    options.update(case.more)
    names = {"folder": str(folder), "session": _session(server.world)}
    for name, value in options.items():
        if value == "{refresh token}":
            options[name] = server.world.canaries.token("refresh_token")
        elif value == "{mfa code}":
            options[name] = server.world.canaries.token("mfa_code", 20)
        elif isinstance(value, str) and value.startswith(("{folder}", "{session}")):
            options[name] = value.format(**names)
    # Credentials that a library would send by itself.
    netrc = folder / ".netrc"
    netrc.write_text(
        f"machine {LOOPBACK} login somebody password {server.world.canaries.token('netrc password', 30)}\n"
    )
    netrc.chmod(0o600)
    if case.fifo:
        os.mkfifo(folder / case.fifo)
    environment = {"HOME": str(folder), "TMPDIR": str(folder), **route.environment(), **case.environment}
    return Order(
        task.module,
        options,
        environment,
        task.check,
        case.diff,
        task.no_log,
        task.deadline + AFTER_DEADLINE,
        str(folder),
    )


def _trust(case: Case, certificates: Certificates) -> dict[str, str]:
    certificate = certificates.stranger if case.trust.startswith("other") else certificates.appliance
    if case.trust.endswith("fingerprint"):
        return {"certificate_fingerprint": certificate.fingerprint}
    return {"ca_path": certificate.authority}


def _login(case: Case, canaries: Canaries) -> dict[str, str]:
    options = {}
    login = case.task.login if case.task.login != "password" else case.login
    if login in ("token", "both"):
        options["access_token"] = canaries.token("access_token")
    if login == "environment":
        options["username"] = "automation"
    elif login != "token":
        options.update(username="automation", password=canaries.password("password"))
    return options


def _session(world: World) -> str:
    """The ID of a session that somebody started before."""
    role = world.appliance.call("GET", "/accounts/amazon").body["results"][0]["id"]
    wanted = {"rescanIamRoleId": role, "rescanStorageType": "InMemory"}
    return str(world.appliance.call("POST", f"{BASE}/rescan", (), wanted).body["sessionId"])


def _outcome(case: Case, server: HostileServer, observed: Observed, violations: list[tuple[str, str]]) -> Outcome:
    return Outcome(
        case.kind,
        str(case),
        violations,
        [_line(seen) for seen in server.seen],
        server.hits,
        observed.seconds - case.task.deadline,
        observed.seconds,
        observed.cpu,
        observed.memory,
        (observed.stdout[:3000] + b"\n" + observed.stderr[:3000]).decode("utf-8", "replace"),
        _again(case),
    )


def _is_late(case: Case, seen: list[Seen]) -> bool:
    return bool(seen) and seen[-1].attack == "signal" and " after," in str(case.attack)


def _again(case: Case) -> str:
    door = "worker" if case.in_worker else "module"
    command = f"VBAWS_CAMPAIGN_FIRST_SEED={case.seed} VBAWS_CAMPAIGN_HOSTILE=1 make robustness ARGS='-k survived'"
    return f"Through the door of the {door}. A drawn case is repeated by: {command}"


def _line(seen: Seen) -> str:
    return f"{seen}{f' <{seen.attack}>' if seen.attack else ''}{'' if seen.accepted else ' (not accepted)'}"
