# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Appliances for jobs, and their credentials. Each appliance starts anew for each test."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from awx.credentials import credential_type, inject  # found through the line above
from awx.jobs import Job, Launch, Start, run
from simulator.web.process import RunningAppliance, running_simulator

PASSWORD = "canary-Password-7f3a91"  # a text that occurs nowhere else


@pytest.fixture(scope="session")
def _fleet() -> Iterator[list[RunningAppliance]]:
    """Appliances with one login."""
    with ExitStack() as stack:
        simulators = (running_simulator(seed=seed, username="fleet", password=PASSWORD) for seed in (1, 2))
        yield [stack.enter_context(simulator) for simulator in simulators]


@pytest.fixture
def fleet(_fleet: list[RunningAppliance], monkeypatch: pytest.MonkeyPatch) -> list[RunningAppliance]:
    """Two appliances with nothing registered. Nothing of the developer's environment reaches a job."""
    for name in list(os.environ):
        if name.startswith(("ANSIBLE_", "VBAWS_")) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    for appliance in _fleet:
        appliance.reset()
        appliance.control("POST", "/settings", {"session_seconds": 0.05})
    return _fleet


@pytest.fixture
def inputs(fleet: list[RunningAppliance]) -> dict[str, str | bool]:
    """Of a credential of the type "VBAWS fleet login", as a form sends them."""
    authorities = [Path(appliance.ca_file).read_text(encoding="utf-8") for appliance in fleet]
    blank = {"certificate_fingerprint": "", "proxy": "", "api_version": "", "wire_names": ""}
    return {"username": "fleet", "password": PASSWORD, "ca_certificate": "".join(authorities), **blank}


@pytest.fixture
def hosts(fleet: list[RunningAppliance]) -> dict[str, dict[str, Any]]:
    """The group vbaws of the inventory: on each appliance one organization is declared."""
    declared = {
        "name": "production",
        "aws_organization_id": "o-prod000001",
        "rescan_iam_role": "prod-rescan",
        "backup_restore_iam_role_name": "VeeamBackupRestore",
        "scope": "entire",
    }
    return {
        f"backup{number}.example.com": {
            "vbaws_hostname": appliance.hostname,
            "vbaws_port": appliance.port,
            "declare_organizations": [declared],
        }
        for number, appliance in enumerate(fleet, 1)
    }


@pytest.fixture
def start(inputs: dict[str, str | bool], hosts: dict[str, dict[str, Any]], tmp_path: Path) -> Start:
    """Runs a playbook of the project on the inventory, with the fleet's login. Takes the fields of a Launch."""
    jobs = iter(range(1, 100))

    def started(playbook: str, **launch: Any) -> Job:
        environment = inject(credential_type("fleet_login"), inputs, tmp_path)
        cancel = launch.pop("cancel", lambda: False)
        return run(Launch(playbook, environment, hosts, **launch), tmp_path / f"job{next(jobs)}", cancel)

    return started
