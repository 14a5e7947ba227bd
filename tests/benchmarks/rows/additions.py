# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Additions, whose sessions take their time on the appliance."""

from __future__ import annotations

from collections.abc import Iterator

from ..harness.arithmetic import Cost, interleaved
from ..harness.bench import Bench
from ..harness.commands import Failed
from ..harness.table import Row, figure
from ..server.process import running
from .many import declared

SESSION_SECONDS = 2.0
FAR = 0.02


def measure(bench: Bench) -> Iterator[Row]:
    """The rows of additions."""
    number = bench.pick((100,), (10,))[0]
    with running(organizations=number, registered=False, session_seconds=SESSION_SECONDS) as server:

        def add() -> Cost:
            server.reset()
            cost, result = bench.module("organizations", declared(number), server)
            if len(result["summary"]["created"]) != number:
                raise Failed(f"not all were added: {result['summary']['text']}")
            return cost

        near = interleaved({"add": add}, bench.rounds)["add"]
        with server.latency(FAR):
            far = interleaved({"add": add}, bench.rounds)["add"]
    what = f"{number} additions, sessions of 2 s"
    why = f"{near.requests:,g} requests, {figure(near.cpu)} s CPU, server {figure(near.server_cpu)} s CPU."
    yield Row(f"{what}, wall", near.wall, " s", goal=4.0, why=why)
    yield Row(f"{what}, handshakes", near.handshakes, goal=10)
    why = f"{far.requests:,g} requests, {far.handshakes:g} handshakes, {figure(far.cpu)} s CPU."
    yield Row(f"{what}, 20 ms away, wall", far.wall, " s", why=why)
