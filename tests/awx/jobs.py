# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs as AWX runs them: the private folder, the command line and the settings that it gives to ansible-runner."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ansible_runner
import yaml

from .credentials import DOCUMENTS, ROOT

# The file in which runner itself notes the environment of the job. AWX never stores it.
NOTED_BY_RUNNER = "command"
# As AWX sets them, except for the last: how many seconds may pass until runner asks whether to end a job.
SETTINGS = {"job_timeout": 0, "suppress_ansible_output": True, "suppress_output_file": True, "pexpect_timeout": 0.1}
ENVIRONMENT = {
    "ANSIBLE_FORCE_COLOR": "True",
    "ANSIBLE_HOST_KEY_CHECKING": "False",
    "ANSIBLE_INJECT_INVOCATION": "True",  # what older releases always did: results hold the options of their modules
    "ANSIBLE_INVENTORY_UNPARSED_FAILED": "True",
    "ANSIBLE_RETRY_FILES_ENABLED": "False",
    "MAX_EVENT_RES": "700000",
}


class _Untrusted(yaml.SafeDumper):
    """Marks every text, so that Ansible does not template what somebody typed into a form."""

    def represent_data(self, data: Any) -> Any:
        return self.represent_scalar("!unsafe", data) if isinstance(data, str) else super().represent_data(data)


@dataclass
class Job:
    """What came of a job.

    status: successful, failed, or canceled. events: as runner hands them to AWX. folder: the private folder.
    """

    status: str
    events: list[dict[str, Any]]
    folder: Path

    @property
    def artifacts(self) -> dict[str, Any]:
        """What AWX keeps of set_stats, hands to the next node of a workflow, and shows to a notification."""
        kept: dict[str, Any] = {}
        for event in self.events:
            kept = event.get("event_data", {}).get("artifact_data") or kept
        return kept

    @property
    def output(self) -> str:
        """What the job shows."""
        return "\n".join(event["stdout"] for event in self.events)

    @property
    def reasons(self) -> set[str]:
        """Why tasks failed."""
        return {result["failure"]["reason"] for result in self.results if result.get("failure")}

    @property
    def results(self) -> list[dict[str, Any]]:
        """What the tasks returned."""
        return [event["event_data"]["res"] for event in self.events if "res" in event.get("event_data", {})]

    def places_of(self, secret: str) -> list[str]:
        """Where a text is, in everything that is kept of the job: its events, and all files of its artifacts."""
        kept = {"events": json.dumps(self.events, ensure_ascii=False)}
        for path in sorted((self.folder / "artifacts").rglob("*")):
            if path.is_file() and path.name != NOTED_BY_RUNNER:
                kept[str(path)] = path.read_text(encoding="utf-8")
        return [place for place, text in kept.items() if secret in text]


@dataclass
class Launch:
    """What a job template is launched with.

    environment: of its credential. hosts: the variables of each host of the group vbaws. extra_vars: of the template,
    set by people who may edit it. answers: of a survey, or artifacts, all of which Ansible must not template.
    """

    playbook: str
    environment: Mapping[str, str]
    hosts: Mapping[str, Mapping[str, Any]]
    extra_vars: Mapping[str, Any] = field(default_factory=dict)
    answers: Mapping[str, Any] = field(default_factory=dict)
    check: bool = False
    limit: str = ""
    verbosity: int = 0
    project: Path = DOCUMENTS / "project"


Start = Callable[..., Job]
"""Runs a playbook on a fleet; takes the fields of a Launch, and `cancel`."""


def run(launch: Launch, folder: Path, cancel: Callable[[], bool] = lambda: False) -> Job:
    """Runs a job in a private folder, which must not exist. `cancel` is asked now and then whether to end it."""
    (folder / "env").mkdir(parents=True)
    (folder / "inventory").mkdir()
    shutil.copytree(launch.project, folder / "project")
    collections = folder / "requirements_collections"
    (collections / "ansible_collections" / "vbaws").mkdir(parents=True)
    (collections / "ansible_collections" / "vbaws" / "appliance").symlink_to(ROOT)
    (folder / "env" / "settings").write_text(json.dumps(SETTINGS), encoding="utf-8")
    (folder / "env" / "cmdline").write_text(_options(launch), encoding="utf-8")
    (folder / "env" / "extravars").write_text(_extra_vars(launch), encoding="utf-8")
    events: list[dict[str, Any]] = []

    def keep(event: dict[str, Any]) -> bool:
        events.append(event)
        return True

    ended = ansible_runner.run(
        private_data_dir=str(folder),
        ident="1",
        playbook=launch.playbook,
        inventory=str(_inventory(launch, folder / "inventory" / "hosts")),
        envvars={
            **ENVIRONMENT,
            "ANSIBLE_COLLECTIONS_PATH": str(collections),
            "ANSIBLE_HOME": str(folder / "home"),
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
            **launch.environment,
        },
        suppress_env_files=True,
        fact_cache_type="",
        event_handler=keep,
        cancel_callback=cancel,
    )
    return Job(ended.status, events, folder)


def _options(launch: Launch) -> str:
    options = ["--check"] if launch.check else []
    options += ["-u", "root"]
    if launch.limit:
        options += ["-l", launch.limit]
    if launch.verbosity:
        options.append("-" + "v" * launch.verbosity)
    return " ".join(options)


def _extra_vars(launch: Launch) -> str:
    about_the_job = {"awx_job_id": 1, "awx_job_launch_type": "manual", "tower_job_id": 1}
    untrusted = yaml.dump({**launch.answers, **about_the_job}, Dumper=_Untrusted)
    trusted = {name: value for name, value in launch.extra_vars.items() if name not in launch.answers}
    return untrusted + (yaml.safe_dump(trusted) if trusted else "")


def _inventory(launch: Launch, path: Path) -> Path:
    data = {
        "all": {"children": ["vbaws"], "hosts": []},
        "vbaws": {"hosts": list(launch.hosts)},
        "_meta": {"hostvars": {name: dict(values) for name, values in launch.hosts.items()}},
    }
    path.write_text(f"#! /usr/bin/env python3\nprint({json.dumps(data)!r})\n", encoding="utf-8")
    path.chmod(0o700)
    return path
