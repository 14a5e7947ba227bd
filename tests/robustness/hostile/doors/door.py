# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Doors: the ways to run a module, with its memory and time bounded and measured by the kernel."""

from __future__ import annotations

import contextlib
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
from pathlib import Path
from typing import Any

from ansible_collections.vbaws.appliance.tests.robustness.hostile.doors import runner
from ansible_collections.vbaws.appliance.tests.robustness.hostile.tasks import MODULES

MIB = runner.MIB
ABOVE = Path(__file__).resolve().parents[3] / ".build" / "import"
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
    """What a run left behind. memory: bytes on top of those of an idle process. status: as of os.wait4."""

    stdout: bytes
    stderr: bytes
    status: int
    killed: bool
    seconds: float
    cpu: float
    memory: int


class Door:
    """A way to run a module. A subclass starts a process, whose output goes to two files."""

    name = ""

    def run(self, order: Order, begin: Callable[[int], None], in_child: Callable[[], None]) -> Observed:
        """Run a module to its end.

        begin: called with the process ID as soon as the process exists. in_child: called in a process that was forked.
        """
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            base = self.base()
            began = time.monotonic()
            pid = self.start(order, out.fileno(), err.fileno(), in_child)
            killed = threading.Event()
            timer = threading.Timer(order.seconds, _kill, (pid, killed))
            timer.start()
            try:
                begin(pid)
                _pid, status, usage = os.wait4(pid, 0)
            finally:
                timer.cancel()
                timer.join()
            seconds = time.monotonic() - began
            out.seek(0)
            err.seek(0)
            cpu, memory = usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024 - base
            return Observed(out.read(), err.read(), status, killed.is_set(), seconds, cpu, max(0, memory))

    def base(self) -> int:
        """The bytes of memory that a process has before it works."""
        raise NotImplementedError

    def start(self, order: Order, out: int, err: int, in_child: Callable[[], None]) -> int:
        """Start the process and return its ID."""
        raise NotImplementedError


class Forked(Door):
    """The module in a fork of this process, which has everything imported: nothing is shared but what costs time."""

    name = "forked"

    def base(self) -> int:
        _import_all()
        return _anonymous()

    def start(self, order: Order, out: int, err: int, in_child: Callable[[], None]) -> int:
        pid = os.fork()
        if pid:
            return pid
        code = 70
        try:
            in_child()
            _become_module(order, out, err)
            runner.run(order.module, order.arguments())
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

    name = "subprocess"

    def __init__(self, python: str = sys.executable) -> None:
        self._python = python

    def base(self) -> int:
        # The interpreter with the collection, requests and Ansible's part imported.
        return 45 * MIB

    def start(self, order: Order, out: int, err: int, in_child: Callable[[], None]) -> int:
        del in_child
        environment = {**_plain_environment(), **order.environment, "PYTHONPATH": str(ABOVE)}
        process = subprocess.Popen(
            [self._python, str(Path(runner.__file__)), order.module],
            stdin=subprocess.PIPE,
            stdout=out,
            stderr=err,
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


def _import_all() -> None:
    """Import what modules import, once, so that a fork has it."""
    for name in ("requests", "socks", "yaml", *(f"{runner.MODULES}.{module}" for module in MODULES)):
        importlib.import_module(name)


def _plain_environment() -> dict[str, str]:
    """This environment without what the collection or its libraries read."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("VBAWS_", "PYTEST_")) and not name.lower().endswith("_proxy")
    }


def _become_module(order: Order, out: int, err: int) -> None:
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(out, 1)
    os.dup2(err, 2)
    sys.stdout = os.fdopen(1, "w", encoding="utf-8", errors="strict", closefd=False)
    sys.stderr = os.fdopen(2, "w", encoding="utf-8", errors="backslashreplace", closefd=False)
    sys.stdin = os.fdopen(0, closefd=False)
    environment = {**_plain_environment(), **order.environment}
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


def _anonymous() -> int:
    """The bytes that a fork has from the beginning: pages of files are only counted once they are touched."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("RssAnon:"))
