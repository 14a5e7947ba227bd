# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Doors: the ways to do a task, with its memory and time bounded and measured by the kernel."""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from ansible_collections.vbaws.appliance.tests.robustness.hostile.doors import runner
from ansible_collections.vbaws.appliance.tests.robustness.hostile.tasks import MODULES

ABOVE = Path(__file__).resolve().parents[4] / ".build" / "import"
"""The folder above ansible_collections, for a process of its own: `make named` makes it."""


@dataclass(frozen=True)
class Order:
    """What is to be run. seconds: after these the process is killed."""

    module: str
    options: Mapping[str, Any]
    environment: Mapping[str, str] = field(default_factory=dict)
    check: bool = False
    diff: bool = False
    no_log: bool = False
    seconds: float = 40.0
    folder: str = "/tmp"  # noqa: S108  (each run has its own)

    def arguments(self) -> bytes:
        """The arguments as Ansible sends them."""
        internal = {"_ansible_check_mode": self.check, "_ansible_diff": self.diff, "_ansible_no_log": self.no_log}
        # The temporary folder is the module's to make, as on a host.
        return json.dumps({"ANSIBLE_MODULE_ARGS": {**self.options, **internal}}).encode()


@dataclass(frozen=True)
class Observed:
    """What a run left behind.

    status: as of os.wait4. began: on the monotonic clock. memory: bytes by which it grew, 0 if it was killed.
    ends_by_signal: whether a process that was interrupted has to end by that signal.
    """

    stdout: bytes
    stderr: bytes
    status: int
    killed: bool
    began: float
    seconds: float
    cpu: float
    memory: int
    ends_by_signal: bool = False


class Files(NamedTuple):
    """The descriptors that a run writes to. report: as the runner has it."""

    out: int
    err: int
    report: int


class Door:
    """A way to do a task. A subclass starts a process, whose output goes to two files."""

    ends_by_signal = False

    def run(self, order: Order, begin: Callable[[int], None], in_child: Callable[[], None]) -> Observed:
        """Do a task to its end.

        begin: called with the process ID as soon as the process exists. in_child: called in a process that was forked.
        """
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err, tempfile.TemporaryFile() as report:
            self.prepare()
            began = time.monotonic()
            pid = self.start(order, Files(out.fileno(), err.fileno(), report.fileno()), in_child)
            killed = threading.Event()
            timer = threading.Timer(order.seconds, _kill, (pid, killed))
            timer.start()
            try:
                begin(pid)
                status, cpu = self.wait(pid)
            finally:
                timer.cancel()
                timer.join()
            seconds = time.monotonic() - began
            texts = []
            for one in (out, err, report):
                one.seek(0)
                texts.append(one.read())
            memory = int(texts[2] or 0)
            return Observed(
                texts[0], texts[1], status, killed.is_set(), began, seconds, cpu, memory, self.ends_by_signal
            )

    def prepare(self) -> None:
        """Do what takes no part of the time of a run."""

    def start(self, order: Order, files: Files, in_child: Callable[[], None]) -> int:
        """Start the process and return its ID."""
        raise NotImplementedError

    def wait(self, pid: int) -> tuple[int, float]:
        """Wait for the end of the process. Return its status and the CPU time that it took, in seconds."""
        _pid, status, usage = os.wait4(pid, 0)
        return status, usage.ru_utime + usage.ru_stime


class Forked(Door):
    """The module in a fork of this process, which has everything imported: nothing is shared but what costs time."""

    def prepare(self) -> None:
        _import_all()

    def start(self, order: Order, files: Files, in_child: Callable[[], None]) -> int:
        pid = os.fork()
        if pid:
            return pid
        code = 70
        try:
            in_child()
            _become_module(order, files)
            runner.run(order.module, order.arguments(), files.report)
            code = 71  # a module has to end by itself
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
        except BaseException:  # noqa: BLE001  (an interpreter would print it as well)
            traceback.print_exc()
            code = 1
        finally:
            with contextlib.suppress(BaseException):
                # An interpreter waits for its threads at the end.
                threading._shutdown()  # type: ignore[attr-defined]
                sys.stdout.flush()
                sys.stderr.flush()
            os._exit(code)


class Subprocess(Door):
    """The module in an interpreter of its own, as on a managed host. python: that of any ansible-core."""

    def __init__(self, python: str = sys.executable) -> None:
        self._python = python

    def start(self, order: Order, files: Files, in_child: Callable[[], None]) -> int:
        del in_child
        environment = {**plain_environment(), **order.environment, "PYTHONPATH": str(ABOVE)}
        process = subprocess.Popen(
            [self._python, str(Path(runner.__file__)), order.module, str(files.report)],
            pass_fds=[files.report],
            stdin=subprocess.PIPE,
            stdout=files.out,
            stderr=files.err,
            env=environment,
            cwd=order.folder,
        )
        assert process.stdin is not None
        process.stdin.write(order.arguments())
        process.stdin.close()
        # wait4 reaps it, not subprocess.
        process.returncode = 0
        return process.pid


def _kill(pid: int, killed: threading.Event) -> None:
    killed.set()
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


@cache
def _import_all() -> None:
    """Import what modules import, once, so that a fork has it."""
    for name in ("requests", "socks", "yaml", *(f"{runner.MODULES}.{module}" for module in MODULES)):
        importlib.import_module(name)
    # The garbage collector of a fork would otherwise touch, and so copy, all memory of this process.
    gc.freeze()


def plain_environment() -> dict[str, str]:
    """This environment without what the collection or its libraries read."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("VBAWS_", "PYTEST_")) and not name.lower().endswith("_proxy")
    }


def _become_module(order: Order, files: Files) -> None:
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(files.out, 1)
    os.dup2(files.err, 2)
    sys.stdout = os.fdopen(1, "w", encoding="utf-8", errors="strict", closefd=False)
    sys.stderr = os.fdopen(2, "w", encoding="utf-8", errors="backslashreplace", closefd=False)
    sys.stdin = os.fdopen(0, closefd=False)
    environment = {**plain_environment(), **order.environment}
    os.environ.clear()
    os.environ.update(environment)
    for number, handler in (
        (signal.SIGINT, signal.default_int_handler),
        (signal.SIGTERM, signal.SIG_DFL),
        (signal.SIGHUP, signal.SIG_DFL),
    ):
        signal.signal(number, handler)
    os.chdir(order.folder)
    runner.limit(_address_space())


def _address_space() -> int:
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
