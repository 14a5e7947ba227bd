# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``organizations``: what one more costs, and how much memory many take."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

from ..harness.arithmetic import Cost, Growth, interleaved, steps
from ..harness.bench import Bench
from ..harness.commands import Failed
from ..harness.table import Row, figure
from ..server.process import Server, running

FAR = 0.02


def declared(number: int, description: str | None = None) -> dict[str, Any]:
    """Options that declare so many organizations as the appliance has them, but for the description."""
    names = [f"{place:03d}" for place in range(1, number + 1)]
    defaults = {"backup_restore_iam_role_name": "VeeamBackupRestore", "scope": "entire"}
    if description is not None:
        defaults["description"] = description
    each = [{"name": f"organization-{name}", "rescan_iam_role": f"rescan-{name}"} for name in names]
    return {"organizations": each, "defaults": defaults}


def measure(bench: Bench) -> Iterator[Row]:
    """The rows of many organizations."""
    sizes = bench.pick((10, 100, 1_000, 5_000), (10, 100, 300))
    with ExitStack() as stack:
        servers = {size: stack.enter_context(running(organizations=size)) for size in sizes}
        same = _costs(bench, servers, changed=False)
        yield from _rows("in sync", same, goal=0.5)
        peak = "The process of the module, with the interpreter and its libraries."
        yield Row(f"{max(sizes):,} organizations in sync, peak", same[max(sizes)].peak, " MiB", goal=120, why=peak)
        changed = _costs(bench, servers, changed=True)
        yield from _rows("changed", changed, goal=None)
        yield Row(f"{max(sizes):,} organizations changed, peak", changed[max(sizes)].peak, " MiB", why=peak)
        far = {100: servers[100]}
        with servers[100].latency(FAR):
            away = {"in sync": _costs(bench, far, changed=False), "changed": _costs(bench, far, changed=True)}
        for state, costs in away.items():
            yield Row(f"100 organizations {state}, 20 ms away, wall", costs[100].wall, " s", why=_counted(costs[100]))


def _costs(bench: Bench, servers: dict[int, Server], *, changed: bool) -> dict[int, Cost]:
    outcome = "updated" if changed else "unchanged"

    def run(size: int) -> Callable[[], Cost]:
        def once() -> Cost:
            # A description that no run before this one had.
            text = f"after {servers[size].counts().requests} requests" if changed else None
            cost, result = bench.module("organizations", declared(size, text), servers[size])
            if len(result["summary"][outcome]) != size:
                raise Failed(f"not all {size} were {outcome}: {result['summary']['text'][:500]}")
            return cost

        return once

    return interleaved({size: run(size) for size in servers}, bench.rounds)


def _rows(state: str, costs: dict[int, Cost], goal: float | None) -> Iterator[Row]:
    cpu = {size: 1000 * cost.cpu for size, cost in costs.items()}
    for small, large, each in steps(cpu):
        both = f"{figure(cpu[small])} ms CPU for {small:,}, {figure(cpu[large])} ms for {large:,}"
        what = f"one more of organizations {state}, {small:,} to {large:,}, CPU"
        yield Row(what, each, " ms", goal=goal, why=f"{both}: {_counted(costs[large])}")
    growth, largest = Growth.fit(cpu), max(cpu)
    why = f"Fit: {growth} ms for n organizations."
    yield Row(f"organizations {state}, quadratic part of {largest:,}", 100 * growth.share(largest), " %", why=why)


def _counted(cost: Cost) -> str:
    wall, server = figure(cost.wall), figure(cost.server_cpu)
    return f"{wall} s wall, {cost.requests:,g} requests, {cost.handshakes:g} handshakes, server {server} s CPU."
