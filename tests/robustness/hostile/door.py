# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a module is run, and what came out of it."""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import resource
import time
from dataclasses import dataclass, field
from typing import Any

from ansible.module_utils.testing import patch_module_args


@dataclass(frozen=True)
class Outcome:
    """What a run printed, how long it took, and by how much the peak memory of the process grew, in bytes."""

    stdout: str
    stderr: str
    seconds: float
    memory: int
    result: dict[str, Any] = field(default_factory=dict)
    problem: str = ""


def run_in_process(module: str, options: dict[str, Any], *, check: bool) -> Outcome:
    """Run a module in this process, as Ansible would in one of its own."""
    main = importlib.import_module(f"ansible_collections.vbaws.appliance.plugins.modules.{module}").main
    internal = {"_ansible_check_mode": check, "_ansible_diff": True, "_ansible_no_log": module == "token"}
    out, err = io.StringIO(), io.StringIO()
    before, begin, problem = _peak(), time.monotonic(), ""
    with patch_module_args({**options, **internal}), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main()
        except SystemExit:
            pass
        except BaseException as error:  # noqa: BLE001  (a violation, whatever it is)
            problem = f"{type(error).__name__}: {error}"
    return judged(out.getvalue(), err.getvalue(), time.monotonic() - begin, _peak() - before, problem)


def judged(stdout: str, stderr: str, seconds: float, memory: int, problem: str = "") -> Outcome:
    """Return the outcome of a run with its result, as Ansible would read it."""
    lines = [line for line in stdout.splitlines() if line.strip()]
    result: dict[str, Any] = {}
    try:
        if len(lines) != 1:
            raise ValueError(f"{len(lines)} lines instead of one")
        lines[0].encode()
        result = json.loads(lines[0], parse_constant=_refuse)
        json.dumps(result, ensure_ascii=False).encode()
    except ValueError as error:
        problem = problem or f"not a result: {error}"
    return Outcome(stdout, stderr, seconds, memory, result, problem)


def _refuse(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
