# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drift reports of fleets, by the role ``drift_report``."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from ..harness.arithmetic import Cost, interleaved, steps
from ..harness.bench import Bench
from ..harness.commands import Failed
from ..harness.table import Row, figure
from ..server.process import Server, running
from .many import declared

ORGANIZATIONS = 10
FAR = 0.02
FORKS = 5
"""The default of Ansible."""

DOORS: dict[str, dict[str, Any]] = {"in the worker": {}, "as modules": {"vbaws_run_in_worker": False}}


def measure(bench: Bench) -> Iterator[Row]:
    """The rows of reports."""
    sizes = bench.pick((1, 10, 50), (1, 3))
    with running(organizations=ORGANIZATIONS, ports=max(sizes)) as server:
        costs = _costs(bench, server, sizes)
        for door in DOORS:
            yield from _rows(door, {size: costs[door, size] for size in sizes})
        middle = sizes[1]
        with server.latency(FAR):
            far = _costs(bench, server, [middle])
        for door in DOORS:
            cost = far[door, middle]
            why = f"{figure(cost.cpu)} s CPU, {cost.requests:g} requests, {cost.handshakes:g} handshakes."
            yield Row(f"report of {middle} appliances {door}, 20 ms away, wall", cost.wall, " s", why=why)


def _rows(door: str, costs: dict[int, Cost]) -> Iterator[Row]:
    for small, large, cpu in steps({size: cost.cpu for size, cost in costs.items()}):
        wall = (costs[large].wall - costs[small].wall) / (large - small)
        why = (
            f"{figure(wall)} s wall with {FORKS} forks. {large} appliances: {figure(costs[large].cpu)} s CPU, "
            f"{figure(costs[large].wall)} s wall, {costs[large].requests:g} requests."
        )
        yield Row(f"one more appliance in a report {door}, {small} to {large}, CPU", cpu, " s", why=why)


def _hosts(server: Server, number: int) -> dict[str, dict[str, Any]]:
    """Each port is an appliance."""
    options = declared(ORGANIZATIONS)
    names = {"declare_organizations": options["organizations"], "declare_defaults": options["defaults"]}
    return {
        f"appliance-{port:02d}": {**{f"vbaws_{key}": value for key, value in server.options(port).items()}, **names}
        for port in range(number)
    }


def _costs(bench: Bench, server: Server, sizes: Sequence[int]) -> dict[tuple[str, int], Cost]:
    folder = bench.folder / "drift-report"
    play = [{"hosts": "vbaws", "gather_facts": False, "roles": ["vbaws.appliance.drift_report"]}]

    def run(door: str, size: int) -> Callable[[], Cost]:
        def once() -> Cost:
            shutil.rmtree(folder, ignore_errors=True)
            cost = bench.play(play, hosts=_hosts(server, size), server=server, variables=DOORS[door])
            report = json.loads((folder / "drift-report.json").read_text(encoding="utf-8"))
            if report["counts"]["in_sync"] != size * ORGANIZATIONS:
                raise Failed(report["headline"])
            return cost

        return once

    return interleaved({(door, size): run(door, size) for door in DOORS for size in sizes}, bench.rounds)
