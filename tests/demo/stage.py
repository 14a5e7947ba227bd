# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the demonstration takes place: an environment of its own for Ansible, and a record of each run."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simulator.web.process import RunningAppliance

from .screen import Screen, plain

HERE = Path(__file__).resolve().parent
CLONE = HERE.parents[1]
SECONDS_TO_STOP = 10
ORGANIZATIONS = "/api/v1/organizations/amazon"
TOKEN = "/api/v1/token"


def writes(requests: list[dict[str, Any]]) -> list[str]:
    """The method and status of those requests that change what the appliance has stored.

    These are an addition, a modification, a removal, and a rescan into the database; a logout is none.
    """
    return [
        f"{request['method']} {request['status']}"
        for request in requests
        if (request["method"] in ("PUT", "PATCH", "DELETE") and request["path"] != TOKEN)
        or (request["method"] == "POST" and request["path"] == ORGANIZATIONS)
        or (request["path"].endswith("/rescan") and request["body"]["rescanStorageType"] != "InMemory")
    ]


@dataclass(frozen=True)
class Run:
    """What came of one ansible-playbook.

    lines: as printed, without colours. results: what each task returned, by the name of its organization. requests:
    the entries that it left in the log of the appliance.
    """

    code: int
    seconds: float
    lines: list[str]
    results: dict[str, dict[str, Any]]
    requests: list[dict[str, Any]]

    @property
    def changed(self) -> dict[str, str]:
        """What was, or would be, done about the organizations that differ."""
        return {name: result["action"] for name, result in self.results.items() if result.get("changed")}

    @property
    def recap(self) -> dict[str, int]:
        """The counters that Ansible prints for the host in the end."""
        counted = "".join(line.partition(" : ")[2] for line in self.lines if line.startswith("appliance  "))
        return {name: int(number) for name, number in (pair.split("=") for pair in counted.split())}

    @property
    def diff(self) -> list[str]:
        """The lines that the printed diff takes away and adds."""
        changed = [line for line in self.lines if line.startswith(("- ", "+ "))]
        return [f"{line[0]} {line[1:].strip().rstrip(',')}" for line in changed]

    @property
    def warnings(self) -> list[str]:
        """What Ansible warned of."""
        return [line for line in self.lines if line.startswith(("[WARNING]", "[DEPRECATION", "[ERROR]"))]


class Stage:
    """Runs playbooks against an appliance. Reads and writes nothing of the user's Ansible: all is in one folder."""

    def __init__(self, folder: Path, appliance: RunningAppliance, screen: Screen) -> None:
        self.appliance = appliance
        self.screen = screen
        self.tasks = 0
        self._results = folder / "results"
        collections = folder / "collections"
        names = collections / "ansible_collections" / "vbaws"
        names.mkdir(parents=True)
        (names / "appliance").symlink_to(CLONE)  # a clone may have any name
        config = folder / "ansible.cfg"
        config.write_text("[defaults]\n", encoding="utf-8")
        inherited = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("ANSIBLE_", "VBAWS_")) and not name.lower().endswith("_proxy")
        }
        self._environment = {
            **inherited,
            **appliance.environment(),
            "HOME": str(folder),
            "LC_ALL": "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8",  # Ansible refuses any other encoding
            "ANSIBLE_CONFIG": str(config),
            "ANSIBLE_HOME": str(folder / "home"),
            "ANSIBLE_COLLECTIONS_PATH": str(collections),
            "ANSIBLE_CALLBACK_PLUGINS": str(HERE / "callback_plugins"),
            "ANSIBLE_FORCE_COLOR" if screen.colours else "ANSIBLE_NOCOLOR": "1",
            "DEMO_RESULTS": str(self._results),
        }

    def play(self, *options: str) -> Run:
        """Runs the playbook and shows what Ansible prints while it prints it."""
        seen = len(self.appliance.requests())
        self._results.write_text("", encoding="utf-8")
        began = time.monotonic()
        code, lines = self.ansible("-i", "hosts.yml", "declare.yml", *options, ANSIBLE_CALLBACKS_ENABLED="task_results")
        seconds = time.monotonic() - began
        ended = [json.loads(line) for line in self._results.read_text(encoding="utf-8").splitlines()]
        self.tasks += len(ended)
        results = {one["organization"]: one["result"] for one in ended}
        return Run(code, seconds, lines, results, self.appliance.requests()[seen:])

    def ansible(self, *arguments: str, **environment: str) -> tuple[int, list[str]]:
        """Runs ansible-playbook, prints the command and what it prints. Returns its exit code and its lines."""
        self.screen.command(" ".join(["ansible-playbook", *arguments]))
        # A session of its own: Ctrl-C reaches this program alone, which passes it on once and waits.
        child = subprocess.Popen(
            [sys.executable, "-m", "ansible", "playbook", *arguments],
            cwd=HERE,
            env={**self._environment, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
        )
        lines = []
        try:
            assert child.stdout is not None  # it is a pipe
            for line in child.stdout:
                lines.append(plain(line.rstrip()))
                self.screen.quote(line.rstrip())
            return child.wait(), lines
        finally:
            _stop(child)


def _stop(child: subprocess.Popen[str]) -> None:
    """Lets an interrupted Ansible end its tasks, which log out, before it is killed."""
    if child.poll() is not None:
        return
    child.send_signal(signal.SIGINT)
    try:
        child.wait(SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()
