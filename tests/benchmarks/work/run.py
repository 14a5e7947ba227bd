# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a module in this process, which is measured: python run.py NAME < options.json

NAME is a module of the collection, or the minimal one of this folder. Prints its result and a line with its peak of
memory in MiB.
"""

from __future__ import annotations

import importlib
import json
import resource
import sys
from pathlib import Path

from ansible.module_utils.testing import patch_module_args

TESTS = Path(__file__).resolve().parents[2]
MINIMAL = "minimal_structure"


def peak() -> float:
    """The most memory that this process had so far, in MiB."""
    status = Path("/proc/self/status")
    if status.exists():
        # What the system reports at the end includes the memory of the process that started this one.
        found = next(line for line in status.read_text(encoding="utf-8").splitlines() if line.startswith("VmHWM:"))
        return int(found.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2  # bytes on macOS


def main(name: str) -> None:
    """Runs the module."""
    sys.path.insert(0, str(TESTS))
    importlib.import_module("conftest")  # gives the clone its name
    package = "benchmarks.work" if name == MINIMAL else "ansible_collections.vbaws.appliance.plugins.modules"
    try:
        with patch_module_args(json.load(sys.stdin)):
            importlib.import_module(f"{package}.{name}").main()
    finally:
        print(peak())


if __name__ == "__main__":
    main(sys.argv[1])
