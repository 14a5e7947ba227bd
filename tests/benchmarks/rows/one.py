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

DOORS = ("in the worker", "as a module")
AS_MODULE = {"vbaws_run_in_worker": False}


@dataclass(frozen=True)
class Kind:
    """Tasks of one kind. part: the part of the usual number of tasks, for what takes long."""

    make: Callable[[Server, str], list[Task]]
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
        texts = [f"number {next(numbers)}" if kind.changed else "" for _one in range(number)]
        made = [task for text in texts for task in kind.make(server, text)]
        changed = number if kind.changed else 0
        return bench.tasks(made, changed=changed, server=server, variables=kind.variables)

    def run(name: str) -> Callable[[], Cost]:
        return lambda: playbook(KINDS[name], many[name])

    measured = interleaved({name: run(name) for name in names}, bench.rounds)
    return {name: (cost - measured["empty"]) / many[name] for name, cost in measured.items()}


def _near(costs: dict[str, Cost]) -> Iterator[Row]:
    for name, cost in costs.items():
        if name != "empty":
            yield Row(_what(name), 1000 * cost.cpu, " ms", why=_counted(cost))
    for state, goals in (("in sync", (0.20, 1.25)), ("changed", (None, None))):
        for door, goal in zip(DOORS, goals, strict=True):
            for other, wanted in (("uri", goal), ("ping", None)):
                yield _ratio(costs, f"{state}, {door}", other, goal=wanted)
    for state in ("in sync", "changed"):
        for door, goal in zip(DOORS, (20.0, None), strict=True):
            yield _ratio(costs, f"{state}, by hand", f"{state}, {door}", goal=goal, at_least=True)


def _ratio(costs: dict[str, Cost], name: str, other: str, *, goal: float | None, at_least: bool = False) -> Row:
    one, base = costs[name].cpu, costs[other].cpu
    why = f"{figure(1000 * one)} ms / {figure(1000 * base)} ms"
    return Row(f"{_what(name)} / {_what(other)}", one / base, goal=goal, at_least=at_least, why=why)


def _what(name: str) -> str:
    words = {"debug": "debug", "ping": "ping", "uri": "one uri GET"}
    return words.get(name) or f"{'' if name.endswith('by hand') else 'organization '}{name}"


def _counted(cost: Cost) -> str:
    counted = (
        f"{cost.requests:g} requests, {cost.handshakes:g} handshakes, server {figure(1000 * cost.server_cpu)} ms CPU"
    )
    return f"CPU of one task; {figure(1000 * cost.wall)} ms wall, {counted}."


def _far(costs: dict[str, Cost]) -> Iterator[Row]:
    for name in FAR_KINDS[1:]:
        yield Row(f"{_what(name)}, 20 ms away, wall", 1000 * costs[name].wall, " ms", why=_counted(costs[name]))
