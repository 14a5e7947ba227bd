# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a module as Ansible's wrapper does, in the process that calls it. Imports nothing that one ansible-core lacks.

As a program: MODULE DESCRIPTOR, with the arguments as JSON on stdin and the folder above ansible_collections in
PYTHONPATH.
"""

from __future__ import annotations

import ctypes
import importlib
import os
import resource
import sys
from pathlib import Path
from typing import Any

MODULES = "ansible_collections.vbaws.appliance.plugins.modules"
MIB = 1024 * 1024
MEMORY = 1536 * MIB
"""Address space that a run may take on top; beyond it the run gets MemoryError, so that the machine stays usable."""

CPU_SECONDS = 120
_M_ARENA_MAX = -8  # of mallopt: threads share one arena, since each reserves address space


def limit(base: int) -> None:
    """Bound what this process may take. base: the address space that it has already."""
    ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 1)
    resource.setrlimit(resource.RLIMIT_AS, (base + MEMORY, base + MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def run(module: str, arguments: bytes, report: int) -> None:
    """Run a module with its arguments as JSON; it ends with SystemExit.

    report: a file descriptor, to which goes by how many bytes the memory grew at most.
    """
    basic: Any = importlib.import_module("ansible.module_utils.basic")
    basic._ANSIBLE_ARGS = arguments
    if hasattr(basic, "_ANSIBLE_PROFILE"):
        basic._ANSIBLE_PROFILE = "legacy"
    # The process may be a fork of one that imported a filter. A module does not run on the controller's side.
    internal = sys.modules.get("ansible.module_utils._internal")
    if internal is not None:
        vars(internal)["is_controller"] = False
    work = importlib.import_module(f"{MODULES}.{module}").main
    importlib.import_module("requests")
    before = memory("VmRSS")
    try:
        work()
    finally:
        os.write(report, str(memory("VmHWM") - before).encode())


def memory(name: str) -> int:
    """A size of this process in bytes, by its name in Linux."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{name}:"))


if __name__ == "__main__":
    limit(0)
    run(sys.argv[1], sys.stdin.buffer.read(), int(sys.argv[2]))
