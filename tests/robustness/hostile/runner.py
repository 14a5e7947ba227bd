# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a module as Ansible's wrapper does, in the process that calls it. Imports nothing that one ansible-core lacks.

As a program: MODULE, with the arguments as JSON on stdin, and the folder above ansible_collections in PYTHONPATH.
"""

from __future__ import annotations

import importlib
import sys
from typing import Any


def run(module: str, arguments: bytes) -> None:
    """Run a module with its arguments as JSON; it ends with SystemExit."""
    basic: Any = importlib.import_module("ansible.module_utils.basic")
    basic._ANSIBLE_ARGS = arguments
    if hasattr(basic, "_ANSIBLE_PROFILE"):
        basic._ANSIBLE_PROFILE = "legacy"
    importlib.import_module(f"ansible_collections.vbaws.appliance.plugins.modules.{module}").main()


if __name__ == "__main__":
    run(sys.argv[1], sys.stdin.buffer.read())
