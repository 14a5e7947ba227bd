# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The formats of a drift report, without Ansible."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from statistics import median

from ..harness.arithmetic import Growth
from ..harness.bench import WORK, Bench
from ..harness.commands import spend
from ..harness.table import Row, figure

GOALS = {"junit": 3.0}


def measure(bench: Bench) -> Iterator[Row]:
    """The rows of formats."""
    sizes = bench.pick((1_000, 10_000, 40_000), (1_000, 2_000, 4_000))
    runs: dict[int, list[dict[str, float]]] = {size: [] for size in sizes}
    output = bench.folder / "rendered.json"
    for _round in range(bench.rounds):
        for size, found in runs.items():
            spend([sys.executable, str(WORK / "render.py"), str(size)], output)
            found.append(json.loads(output.read_text(encoding="utf-8")))
    largest = max(sizes)
    for name in runs[largest][0]:
        seconds = {size: median(run[name] for run in found) for size, found in runs.items()}
        growth = Growth.fit(seconds)
        figures = ", ".join(f"{figure(1000 * seconds[size])} ms for {size:,}" for size in sizes)
        part = figure(100 * growth.share(largest))
        why = f"{figures}. Fit: {growth} s; the quadratic part is {part} % at {largest:,}."
        what = "the report itself" if name == "report" else f"format {name}"
        yield Row(f"{what}, {largest:,} records, CPU", seconds[largest], " s", goal=GOALS.get(name), why=why)
