# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The door through the action plugin: a task in a worker process of Ansible."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ansible_collections.vbaws.appliance.tests.robustness.hostile.doors import door, runner
from ansible_collections.vbaws.appliance.tests.robustness.hostile.doors.door import Door, Files, Order


class ControllerProcess:
    """A process that has imported Ansible and the action plugin. python: that of any ansible-core."""

    def __init__(self, python: str = sys.executable) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="controller-")
        self.where = str(Path(self._folder.name) / "socket")
        program = Path(runner.__file__).with_name("controller.py")
        self._process = subprocess.Popen(
            [python, str(program), str(door.ABOVE), self.where],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            env=door.plain_environment(),
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == b"ready\n", "Ansible did not start"

    def close(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()
        self._folder.cleanup()


class Worker(Door):
    """The action plugin in a worker process. where: the socket of the controller."""

    ends_by_signal = True

    def __init__(self, where: str) -> None:
        self._where = where
        self._connection = socket.socket(socket.AF_UNIX)

    def start(self, order: Order, files: Files, in_child: Callable[[], None]) -> int:
        del in_child
        self._connection.connect(self._where)
        sent = {
            "module": order.module,
            "options": dict(order.options),
            "environment": {**door.plain_environment(), **order.environment},
            "folder": order.folder,
            "check_mode": order.check,
            "diff": order.diff,
            "no_log": order.no_log,
        }
        socket.send_fds(self._connection, [json.dumps(sent).encode()], list(files))
        self._answers = self._connection.makefile("rb")
        return int(self._answer()["pid"])

    def wait(self, pid: int) -> tuple[int, float]:
        del pid
        ended = self._answer()
        self._answers.close()
        self._connection.close()
        return int(ended["status"]), float(ended["cpu"])

    def _answer(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self._answers.readline())
        return found
