# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a command and measures it and all that it started."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from ..server.process import Server
from .arithmetic import Cost


class Failed(Exception):
    """A command did not do what it was started for."""


def clean_environment() -> dict[str, str]:
    """The environment without what would change how Ansible, Python and the modules work."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("ANSIBLE_", "PYTHON", "VBAWS_")) and not name.lower().endswith("_proxy")
    }


def spend(
    command: Sequence[str],
    output: Path,
    *,
    server: Server | None = None,
    stdin: Path | None = None,
    cwd: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> Cost:
    """Runs a command, whose output goes into a file. Raises Failed if it ends with another code than 0.

    The CPU is that of the command and of all processes below it that were waited for.
    """
    before = server.counts() if server else None
    with output.open("wb") as written, (stdin or Path(os.devnull)).open("rb") as read:
        began = time.monotonic()
        child = subprocess.Popen(
            command,
            stdin=read,
            stdout=written,
            stderr=subprocess.STDOUT,
            cwd=cwd,
            env={**clean_environment(), **(environment or {})},
        )
        _pid, status, usage = os.wait4(child.pid, 0)
        wall = time.monotonic() - began
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise Failed(
            f"{' '.join(command)} ended with {child.returncode}:\n{output.read_text(errors='replace')[-3000:]}"
        )
    cost = Cost(wall, usage.ru_utime + usage.ru_stime)
    if server is None or before is None:
        return cost
    after = server.counts()
    return replace(
        cost,
        requests=after.requests - before.requests,
        handshakes=after.handshakes - before.handshakes,
        server_cpu=after.cpu - before.cpu,
    )
