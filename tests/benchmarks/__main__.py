# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures what tasks cost, side by side in one run, and prints whether the goals are met.

python tests/benchmarks [--short] [--rounds N] [ROWS ...]
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
ROWS = ("one", "many", "additions", "structure", "reports", "renderers")


def main() -> int:
    """Runs the command."""
    from benchmarks.harness.bench import Bench

    parser = argparse.ArgumentParser(prog="bench", description="What tasks cost, as ratios of one run.")
    parser.add_argument("rows", nargs="*", metavar="ROWS", help=f"{', '.join(ROWS)} (default: all)")
    parser.add_argument("--short", action="store_true", help="small sizes: to see whether everything works")
    parser.add_argument("--rounds", type=int, default=0, help="how often to repeat (default: 3, with --short 1)")
    options = parser.parse_args()
    unknown = set(options.rows) - set(ROWS)
    if unknown:
        parser.error(f"there are the rows {', '.join(ROWS)}, not {', '.join(sorted(unknown))}")
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="vbaws-bench-") as folder:
        bench = Bench(Path(folder), options.rounds or (1 if options.short else 3), options.short)
        bench.prepare()
        for name in options.rows or ROWS:
            print(f"\n== {name}", flush=True)
            for row in import_module(f"benchmarks.rows.{name}").measure(bench):
                print("\n".join(row.lines()), flush=True)
    print(f"\n{bench.rounds} rounds on {os.cpu_count()} CPUs, {time.monotonic() - began:.0f} s")
    return 0


if __name__ == "__main__":
    sys.path.insert(0, str(TESTS))
    sys.exit(main())
