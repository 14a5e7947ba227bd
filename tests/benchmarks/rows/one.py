# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``organization``, beside tasks of Ansible itself and beside the same work by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from ..harness.arithmetic import Cost, interleaved
from ..harness.bench import Bench, Task
from ..harness.table import Row, figure
from ..server.process import Server, running
from . import one_tasks

FAR = 0.02
"""Seconds of a round trip to an appliance that is far away."""

AS_MODULE = {"vbaws_run_in_worker": False}


@dataclass(frozen=True)
class Kind:
    """Tasks of one kind. part: how many of them, of the tasks that a playbook has for others."""

    make: Callable[[Server, str | None], list[Task]]
    changed: bool = False
    variables: dict[str, Any] = field(default_factory=dict)
    part: float = 1.0


KINDS = {
    "empty": Kind(one_tasks.empty),
    "debug": Kind(one_tasks.debug),
    "ping": Kind(one_tasks.ping),
    "uri": Kind(one_tasks.uri),
    "in sync, in the worker": Kind(one_tasks.organization),
    "in sync, as a module": Kind(one_tasks.organization, variables=AS_MODULE),
    "in sync, by hand": Kind(one_tasks.by_hand, part=0.25),
    "changed, in the worker": Kind(one_tasks.organization, changed=True),
    "changed, as a module": Kind(one_tasks.organization, changed=True, variables=AS_MODULE),
    "changed, by hand": Kind(one_tasks.by_hand, changed=True, part=0.25),
}
FAR_KINDS = ("empty", "uri", "in sync, in the worker", "in sync, as a module")


def measure(bench: Bench) -> Iterator[Row]:
    """The rows of one organization."""
    with running(organizations=10) as server:
        yield from _near(_costs(bench, server, list(KINDS)))
        with server.latency(FAR):
            yield from _far(_costs(bench, server, list(FAR_KINDS)))


def _costs(bench: Bench, server: Server, names: list[str]) -> dict[str, Cost]:
    """What one task of each kind costs, without the start of Ansible."""
    tasks, numbers = (4 if bench.short else 20), count()
    many = {name: max(1, round(tasks * KINDS[name].part)) for name in names}

    def playbook(kind: Kind, number: int) -> Cost:
        texts = [f"number {next(numbers)}" if kind.changed else None for _one in range(number)]
        made = [task for text in texts for task in kind.make(server, text)]
        changed = number if kind.changed else 0
        return bench.tasks(made, changed=changed, server=server, variables=kind.variables)

    def run(name: str) -> Callable[[], Cost]:
        return lambda: playbook(KINDS[name], many[name])

    measured = interleaved({name: run(name) for name in names}, bench.rounds)
    return {name: (cost - measured["empty"]) / many[name] for name, cost in measured.items()}


def _near(costs: dict[str, Cost]) -> Iterator[Row]:
    uri = costs["uri"]
    for name, goal in (("in sync, in the worker", 0.20), ("in sync, as a module", 1.25)):
        yield Row(f"organization {name} / one uri GET, CPU", costs[name].cpu / uri.cpu, goal=goal, why=_why(costs, name))
    for name in ("changed, in the worker", "changed, as a module"):
        yield Row(f"organization {name} / one uri GET, CPU", costs[name].cpu / uri.cpu, why=_why(costs, name))
    yield Row("organization in sync, in the worker / ping, CPU", costs["in sync, in the worker"].cpu / costs["ping"].cpu)
    yield Row("organization in sync, as a module / ping, CPU", costs["in sync, as a module"].cpu / costs["ping"].cpu)
    for state in ("in sync", "changed"):
        hand = costs[f"{state}, by hand"]
        for door, goal in (("in the worker", 20.0), ("as a module", None)):
            ratio = hand.cpu / costs[f"{state}, {door}"].cpu
            what = f"by hand with uri / organization {state}, {door}, CPU"
            yield Row(what, ratio, goal=goal, at_least=True, why=_why(costs, f"{state}, by hand"))
    yield Row("debug, CPU", 1000 * costs["debug"].cpu, " ms", why="The least that Ansible spends on any task.")


def _why(costs: dict[str, Cost], name: str) -> str:
    cost, uri = costs[name], costs["uri"]
    return (
        f"{_spent(cost)}, {figure(cost.requests)} requests and {figure(cost.handshakes)} handshakes a task; "
        f"uri: {_spent(uri)}; ping: {_spent(costs['ping'])}. The server spent {figure(1000 * cost.server_cpu)} ms."
    )


def _spent(cost: Cost) -> str:
    return f"{figure(1000 * cost.cpu)} ms CPU, {figure(1000 * cost.wall)} ms wall"


def _far(costs: dict[str, Cost]) -> Iterator[Row]:
    for name in FAR_KINDS[1:]:
        what = "one uri GET" if name == "uri" else f"organization {name}"
        why = f"{figure(costs[name].requests)} requests and {figure(costs[name].handshakes)} handshakes"
        yield Row(f"{what}, 20 ms away, wall", 1000 * costs[name].wall, " ms", why=why)
