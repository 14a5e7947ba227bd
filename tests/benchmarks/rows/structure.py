# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``organization_structure_info``, beside the least that a module with the same requests does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

from ..harness.arithmetic import Cost, interleaved
from ..harness.bench import Bench
from ..harness.commands import Failed
from ..harness.table import Row, figure
from ..server.process import Server, running

FAR = 0.02
ACCOUNTS = 10
OURS, MINIMAL = "organization_structure_info", "minimal_structure"


def shape(identities: int) -> dict[str, int]:
    """Units on two levels with the same number of accounts each, about so many identities in total."""
    units = round((identities / (ACCOUNTS + 1)) ** 0.5)
    return {"units": units, "depth": 2, "accounts": ACCOUNTS}


def measure(bench: Bench) -> Iterator[Row]:
    """The rows of structures."""
    sizes = bench.pick((1_000, 10_000, 50_000), (1_000,))
    with ExitStack() as stack:
        servers = {size: stack.enter_context(running(**shape(size))) for size in sizes}
        for server in servers.values():
            _module(bench, server, MINIMAL)()  # the server makes its answers
        for size, server in servers.items():
            yield from _rows(f"structure of {size:,}", _pair(bench, server), goal=1.15)
        far = sizes[len(sizes) // 2]
        with servers[far].latency(FAR):
            pair = _pair(bench, servers[far])
        for name, what in ((OURS, "structure"), (MINIMAL, "a minimal module, structure")):
            why = f"{pair[name].requests:g} requests, {pair[name].handshakes:g} handshakes."
            yield Row(f"{what} of {far:,}, 20 ms away, wall", pair[name].wall, " s", why=why)


def _module(bench: Bench, server: Server, name: str) -> Callable[[], Cost]:
    def run() -> Cost:
        cost, result = bench.module(name, {"name": "organization-001"}, server)
        if len(result["identities"]) < 100:
            raise Failed(f"{name} returned {len(result['identities'])} identities")
        return cost

    return run


def _pair(bench: Bench, server: Server) -> dict[str, Cost]:
    return interleaved({name: _module(bench, server, name) for name in (OURS, MINIMAL)}, bench.rounds)


def _rows(what: str, costs: dict[str, Cost], goal: float) -> Iterator[Row]:
    ours, least = costs[OURS], costs[MINIMAL]
    why = (
        f"{figure(ours.cpu)} s CPU with {ours.requests:g} requests, {figure(least.cpu)} s with {least.requests:g}; "
        f"peak {figure(ours.peak)} and {figure(least.peak)} MiB; "
        f"wall {figure(ours.wall)} and {figure(least.wall)} s; server {figure(ours.server_cpu)} s CPU."
    )
    yield Row(f"{what} / a minimal module, CPU", ours.cpu / least.cpu, goal=goal, why=why)
