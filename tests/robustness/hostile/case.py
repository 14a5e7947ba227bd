# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One case: a task, a way to the appliance, an attack and its position; and how it is run and judged."""

from __future__ import annotations

import os
import random
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ansible_collections.vbaws.appliance.tests.robustness.hostile import oracle
from ansible_collections.vbaws.appliance.tests.robustness.hostile.canaries import Canaries
from ansible_collections.vbaws.appliance.tests.robustness.hostile.door import Door, Observed, Order
from ansible_collections.vbaws.appliance.tests.robustness.hostile.server import (
    LOOPBACK,
    Attack,
    Certificate,
    HostileServer,
    Position,
)
from ansible_collections.vbaws.appliance.tests.robustness.hostile.tasks import WAITING, Task
from ansible_collections.vbaws.appliance.tests.robustness.hostile.world import BASE, Seen, World

AFTER_DEADLINE = 20.0
"""Seconds after the deadline at which a run is killed: the logout may take 10 of them."""

ROLE = b'{"rescanIamRoleId": "%s", "rescanStorageType": "InMemory"}'


@dataclass(frozen=True)
class Case:
    """seed: of the secrets. more: further options. trusted: whether the client has the authority of the appliance."""

    seed: int
    task: Task
    attack: Attack | None = None
    position: Position | None = None
    login: str = "password"
    more: Mapping[str, Any] = field(default_factory=dict)
    diff: bool = False

    @property
    def kind(self) -> str:
        """The row of the table."""
        return self.attack.kind if self.attack else "none"

    def __str__(self) -> str:
        more = f" {dict(self.more)}" if self.more else ""
        return f"seed {self.seed}: {self.task.name} ({self.task.module}){more}, {self.attack}, {self.position}"


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

    def report(self) -> str:
        """What a failed test shows."""
        return "\n".join([self.text, *map(str, self.violations), *self.requests, self.output])


def run(case: Case, door: Door, certificate: Certificate) -> Outcome:
    """Run a case and judge it."""
    canaries = Canaries(random.Random(f"secrets {case.seed}"))
    world = World(canaries, mfa=case.task.login == "mfa")
    try:
        with tempfile.TemporaryDirectory(prefix="hostile-") as folder:
            return _run(case, door, HostileServer(world, certificate, case.position, case.attack), folder)
    finally:
        world.close()


def _run(case: Case, door: Door, server: HostileServer, folder: str) -> Outcome:
    order = _order(case, server, folder)

    def begin(pid: int) -> None:
        server.signal = lambda number: os.kill(pid, number)
        server.begin()

    try:
        observed = door.run(order, begin, server.close)
    finally:
        server.finish()
    evidence = oracle.Evidence(case.task, observed, server.world, server.seen)
    return _outcome(case, server, observed, list(oracle.judge(evidence)))


def _order(case: Case, server: HostileServer, folder: str) -> Order:
    canaries, task = server.world.canaries, case.task
    names = {"folder": folder, "session": _session(server.world)}
    options: dict[str, Any] = {"hostname": LOOPBACK, "port": server.port, "ca_path": server.certificate.authority}
    options.update({"timeout": 1, "retries": 1, **task.options})
    login = task.login if task.login != "password" else case.login
    if login in ("token", "both"):
        options["access_token"] = canaries.token("access_token")
    if login != "token":
        options["username"] = "automation"
        options["password"] = canaries.password("password")
    if task.module in WAITING:
        options.update(wait_timeout=1, wait_interval=0)
    options.update(case.more)
    for name, value in options.items():
        if value == "{refresh token}":
            options[name] = canaries.token("refresh_token")
        elif value == "{mfa code}":
            options[name] = canaries.token("mfa_code", 20)
        elif isinstance(value, str) and "{" in value:
            options[name] = value.format(**names)
    seconds = task.deadline + AFTER_DEADLINE
    environment = {"HOME": folder, "TMPDIR": folder}
    return Order(task.module, options, environment, task.check, case.diff, task.no_log, seconds)


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
    )


def _line(seen: Seen) -> str:
    return f"{seen}{f' <{seen.attack}>' if seen.attack else ''}{'' if seen.accepted else ' (not accepted)'}"
