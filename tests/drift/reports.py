# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drift reports as users get them: ansible-playbook on an inventory, and what it left behind."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simulator.web.process import RunningAppliance

CLONE = Path(__file__).resolve().parents[2]
PLAYBOOK = "vbaws.appliance.drift_report"
STATISTICS = re.compile(r"RUN: (\{.*\})")


@dataclass
class Report:
    """What came of one run.

    code: exit code of ansible-playbook. folder: where the files are, if any was written.
    """

    code: int
    output: str
    folder: Path

    def text(self, extension: str) -> str:
        """The report in one of its formats."""
        return (self.folder / f"drift-report.{extension}").read_text(encoding="utf-8")

    @property
    def written(self) -> bool:
        """Whether there is any file."""
        return self.folder.exists()

    @property
    def json(self) -> dict[str, Any]:
        """The report as other programs read it."""
        report: dict[str, Any] = json.loads(self.text("json"))
        return report

    @property
    def statistics(self) -> dict[str, Any]:
        """What a workflow gets."""
        found = STATISTICS.search(self.output)
        assert found, self.output
        statistics: dict[str, Any] = json.loads(found[1])
        return statistics

    def states(self, appliance: str) -> dict[str | None, str]:
        """Name of each organization of an appliance, None for the appliance itself -> state."""
        records = self.json["records"]
        return {record["organization"]: record["state"] for record in records if record["appliance"] == appliance}

    def reasons(self, appliance: str) -> list[str]:
        """Why the appliance as a whole could not be read."""
        records = self.json["records"]
        return [one["reason"] for one in records if one["appliance"] == appliance and one["kind"] == "appliance"]


def host(appliance: RunningAppliance, **more: Any) -> dict[str, Any]:
    """Variables of a host that is an appliance."""
    return {
        "vbaws_hostname": appliance.hostname,
        "vbaws_port": appliance.port,
        "vbaws_username": appliance.username,
        "vbaws_password": appliance.password,
        "vbaws_ca_path": appliance.ca_file,
        **more,
    }


def inventory(hosts: Mapping[str, Mapping[str, Any]], **variables: Any) -> dict[str, Any]:
    """An inventory with the group vbaws, and a host that is no appliance."""
    return {"vbaws": {"hosts": hosts, "vars": variables}, "others": {"hosts": {"web.example.com": {}}}}


def run(folder: Path, hosts: Mapping[str, Any], *options: str, playbook: str = PLAYBOOK) -> Report:
    """Runs a playbook on an inventory in a folder, which holds all that Ansible needs. Called again, it adds to it."""
    names = folder / "collections" / "ansible_collections" / "vbaws"
    if not names.exists():
        names.mkdir(parents=True)
        (names / "appliance").symlink_to(CLONE)
    (folder / "hosts.json").write_text(json.dumps(hosts), encoding="utf-8")
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("ANSIBLE_", "VBAWS_")) and not name.lower().endswith("_proxy")
    }
    done = subprocess.run(
        [sys.executable, "-m", "ansible", "playbook", "-i", "hosts.json", playbook, *options],
        cwd=folder,
        env={
            **inherited,
            "ANSIBLE_COLLECTIONS_PATH": str(folder / "collections"),
            "ANSIBLE_HOME": str(folder / "home"),
            "ANSIBLE_NOCOLOR": "1",
            "ANSIBLE_SHOW_CUSTOM_STATS": "1",
            # An address of the environment would send every host to one appliance.
            "VBAWS_HOSTNAME": "elsewhere.invalid",
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        check=False,
    )
    return Report(done.returncode, done.stdout, folder / "drift-report")
