# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the rows get: a folder to work in, how often to repeat, and Ansible and modules to run."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..server.process import Server
from .arithmetic import Cost
from .commands import Failed, spend

CLONE = Path(__file__).resolve().parents[3]
WORK = CLONE / "tests" / "benchmarks" / "work"
CHANGED = re.compile(r"^\S+ +: ok=\d+ +changed=(\d+) ", re.MULTILINE)

Task = dict[str, Any]


@dataclass(frozen=True)
class Bench:
    """A run of the benchmarks. short: small sizes, to see whether everything works."""

    folder: Path
    rounds: int
    short: bool = False

    def prepare(self) -> None:
        """Makes the collection known to Ansible by its name."""
        names = self.folder / "collections" / "ansible_collections" / "vbaws"
        names.mkdir(parents=True)
        (names / "appliance").symlink_to(CLONE)

    def pick(self, full: Sequence[int], short: Sequence[int]) -> Sequence[int]:
        """The sizes to measure."""
        return short if self.short else full

    def play(
        self,
        play: Sequence[Mapping[str, Any]],
        *,
        hosts: Mapping[str, Mapping[str, Any]],
        server: Server,
        variables: Mapping[str, Any],
        changed: int | None = None,
    ) -> Cost:
        """Runs a playbook and measures it. Raises Failed unless so many tasks changed something, if it is given."""
        defaults = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
        inventory = {"vbaws": {"hosts": hosts, "vars": defaults}}
        (self.folder / "hosts.json").write_text(json.dumps(inventory), encoding="utf-8")
        (self.folder / "play.json").write_text(json.dumps(play), encoding="utf-8")
        (self.folder / "variables.json").write_text(json.dumps(variables), encoding="utf-8")
        output = self.folder / "output.txt"
        cost = spend(
            [sys.executable, "-m", "ansible", "playbook", "-i", "hosts.json", "-e", "@variables.json", "play.json"],
            output,
            server=server,
            cwd=self.folder,
            environment={
                "ANSIBLE_COLLECTIONS_PATH": str(self.folder / "collections"),
                "ANSIBLE_HOME": str(self.folder / "home"),
                "ANSIBLE_NOCOLOR": "1",
                "LC_ALL": "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8",
            },
        )
        text = output.read_text(encoding="utf-8", errors="replace")
        if changed is not None and sum(map(int, CHANGED.findall(text))) != changed:
            raise Failed(f"{changed} changed tasks were expected:\n{text[-3000:]}")
        return cost

    def tasks(self, tasks: Sequence[Task], *, changed: int, server: Server, variables: Mapping[str, Any]) -> Cost:
        """Runs tasks on one host."""
        play = [{"hosts": "vbaws", "gather_facts": False, "tasks": list(tasks)}]
        return self.play(play, hosts={"appliance": {}}, changed=changed, server=server, variables=variables)

    def module(self, name: str, options: Mapping[str, Any], server: Server) -> tuple[Cost, dict[str, Any]]:
        """Runs a module as Ansible does, in a process of its own, without Ansible. Also returns its result."""
        given, output = self.folder / "options.json", self.folder / "result.json"
        given.write_text(json.dumps({**options, **server.options()}), encoding="utf-8")
        cost = spend([sys.executable, str(WORK / "run.py"), name], output, server=server, stdin=given)
        *_others, printed, peak = output.read_text(encoding="utf-8").splitlines()
        result: dict[str, Any] = json.loads(printed)
        return replace(cost, peak=float(peak)), result
