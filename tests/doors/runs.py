# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs playbooks with an ansible-core of choice, and tells which door each task took."""

from __future__ import annotations

import json
import os
import re
import subprocess
import textwrap
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from simulator.web.process import RunningAppliance

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SECONDS = 240
"""How long a playbook may take: many times what it needs, so that only a task that hangs is ended."""

SECONDS_TO_LOG_OUT = 10
WORKER, MODULE = "worker", "module"
_TASK = re.compile(r"^(?:TASK|RUNNING HANDLER) \[(?P<name>.*?)\] \*+$", re.MULTILINE)
_IN_WORKER = re.compile(r"^(?:<[^>]*> )?\S+ runs in the worker process, see vbaws_run_in_worker$", re.MULTILINE)
_AS_MODULE = re.compile(r"AnsiballZ_|PIPELINED|EXEC .*python")


@dataclass
class Run:
    """What came of a playbook.

    output: what it printed. records: an entry for each event of the callback plugin.
    """

    code: int
    output: str
    records: list[dict[str, Any]] = field(default_factory=list)

    @property
    def results(self) -> dict[str, dict[str, Any]]:
        """The result of each task that has ended, by its name."""
        return {
            record["task"]: record["result"]
            for record in self.records
            if record["event"] in {"ok", "failed", "skipped", "unreachable"}
        }

    @property
    def failed(self) -> set[str]:
        """The tasks that failed. Their results do not show it to a callback plugin."""
        return {record["task"] for record in self.records if record["event"] == "failed"}

    def events(self, task: str) -> list[str]:
        """What happened to a task, its items, and its hosts."""
        return [record["event"] for record in self.records if record["task"] == task]

    def section(self, task: str) -> str:
        """What was printed from the heading of a task to that of the next one."""
        headings = list(_TASK.finditer(self.output))
        ends = [heading.start() for heading in headings[1:]] + [self.output.rfind("PLAY RECAP")]
        sections = [
            self.output[heading.end() : end]
            for heading, end in zip(headings, ends, strict=True)
            if heading["name"] == task
        ]
        assert sections, f"no task {task!r} in:\n{self.output}"
        return "".join(sections)

    def workers(self, task: str = "") -> int:
        """How often a task, or any task, ran in the worker process."""
        return len(_IN_WORKER.findall(self.section(task) if task else self.output))

    def door(self, task: str) -> str:
        """The door that a task took. Fails if it took both or none."""
        doors = [WORKER] if self.workers(task) else []
        doors += [MODULE] if _AS_MODULE.search(self.section(task)) else []
        assert len(doors) == 1, f"{task!r} took {doors}:\n{self.section(task)}"
        return doors[0]


@dataclass
class Ansible:
    """Ansible with the core of a Python, an appliance, and a folder for playbooks. Each run may do other things."""

    python: Path
    collections: Path
    folder: Path
    appliance: RunningAppliance

    @property
    def core(self) -> tuple[int, int]:
        """The version of ansible-core."""
        code = "from ansible.release import __version__; print(__version__)"
        command = [str(self.python), "-c", code]
        version = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split(".")
        return int(version[0]), int(version[1])

    def output(self, command: list[str]) -> str:
        """Run one of Ansible's other commands and return what it printed."""
        return subprocess.run(
            command, env=self.environment({}), stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True, check=True
        ).stdout

    def environment(self, more: Mapping[str, str]) -> dict[str, str]:
        """The variables of a run. more: others."""
        inherited = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("ANSIBLE_", "VBAWS_")) and not name.lower().endswith("_proxy")
        }
        return {
            **inherited,
            **self.appliance.environment(),
            "HOME": str(self.folder),
            "PATH": os.pathsep.join([str(self.python.parent), os.environ["PATH"]]),
            "ANSIBLE_HOME": str(self.folder / "ansible"),
            "ANSIBLE_REMOTE_TEMP": str(self.folder / "ansible" / "remote"),
            "ANSIBLE_ASYNC_DIR": str(self.folder / "ansible" / "async"),
            "ANSIBLE_COLLECTIONS_PATH": str(self.collections),
            "ANSIBLE_COLLECTIONS_SCAN_SYS_PATH": "false",
            "ANSIBLE_CALLBACK_PLUGINS": str(HERE / "callback_plugins"),
            "ANSIBLE_ACTION_PLUGINS": str(HERE / "action_plugins"),
            "ANSIBLE_CONNECTION_PLUGINS": str(HERE / "connection_plugins"),
            "ANSIBLE_BECOME_PLUGINS": str(HERE / "become_plugins"),
            "ANSIBLE_CALLBACKS_ENABLED": "doors_results",
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
            "ANSIBLE_NOCOLOR": "true",
            "PYTHONHASHSEED": "0",  # a message of Ansible lists the members of a set
            "DOORS_RESULTS": str(self.folder / "results"),
            "DOORS_CONTROL": self.appliance.facts["control"],
            "DOORS_CA_FILE": self.appliance.ca_file,
            **more,
        }

    def command(self, playbook: str, *options: str, verbosity: int = 3) -> list[str]:
        """Write a playbook and return the command that runs it."""
        self.folder.mkdir(exist_ok=True)
        (self.folder / "results").unlink(missing_ok=True)
        path = self.folder / "playbook.yml"
        path.write_text(playbook, encoding="utf-8")
        return [str(self.python.parent / "ansible-playbook"), f"-{'v' * verbosity}", *options, str(path)]

    def ended(self, code: int, output: str) -> Run:
        """Return the run that has ended. Fails if it left a token, or printed what is never right."""
        results = self.folder / "results"
        lines = results.read_text(encoding="utf-8").splitlines() if results.exists() else []
        run = Run(code, output, [json.loads(line) for line in lines])
        # A module goes on for a while if its task was stopped.
        end = time.monotonic() + SECONDS_TO_LOG_OUT
        while (state := self.appliance.state())["tokens_open"] and time.monotonic() < end:
            time.sleep(0.1)
        assert (state["tokens_open"], state["violations"]) == (0, []), output[-4000:]
        for never in ("errantly", "forbidden in the worker process"):
            assert never not in output, output[-4000:]
        return run

    def run(self, playbook: str, *options: str, verbosity: int = 3, **environment: str) -> Run:
        """Run a playbook to its end."""
        ended = subprocess.run(
            self.command(playbook, *options, verbosity=verbosity),
            env=self.environment(environment),
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        return self.ended(ended.returncode, ended.stdout)

    def tasks(self, tasks: str, *options: str, verbosity: int = 3, **environment: str) -> Run:
        """Run these tasks on localhost, all of them whatever fails."""
        return self.run(playbook(tasks, {}), *options, verbosity=verbosity, **environment)

    def both(
        self,
        tasks: str,
        *options: str,
        keywords: Mapping[str, Any] | None = None,
        verbosity: int = 3,
        **environment: str,
    ) -> tuple[Run, Run]:
        """Run the same tasks through the module's door and then through the worker's, each on a new appliance.

        keywords: of the play.
        """
        runs = []
        for in_worker in (False, True):
            self.appliance.reset()
            # The discovery of an interpreter, which only a module needs, would add facts and a warning to a result.
            extra = json.dumps({"vbaws_run_in_worker": in_worker, "ansible_python_interpreter": str(self.python)})
            text = playbook(tasks, keywords or {})
            runs.append(self.run(text, "-e", extra, *options, verbosity=verbosity, **environment))
        return runs[0], runs[1]


def playbook(tasks: str, keywords: Mapping[str, Any]) -> str:
    """A playbook of one play. keywords: as JSON, which is YAML."""
    lines = {"hosts": "localhost", "gather_facts": False, "ignore_errors": True, **keywords}
    play = "\n  ".join(f"{name}: {json.dumps(value)}" for name, value in lines.items())
    return f"- {play}\n  tasks:\n{textwrap.indent(textwrap.dedent(tasks).strip(), '    ')}\n"
