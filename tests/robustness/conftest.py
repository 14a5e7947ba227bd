# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Modules run in this process against a simulated appliance over HTTPS, so that hundreds of runs take seconds."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.vbaws.appliance.tests.robustness.ambiguity.tally import Tally
from ansible_collections.vbaws.appliance.tests.robustness.summary import SHAPE_TABLE, TALLIES

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from ansible_collections.vbaws.appliance.tests.robustness.hostile.case import Certificates
from ansible_collections.vbaws.appliance.tests.robustness.hostile.pool import Pool
from ansible_collections.vbaws.appliance.tests.robustness.hostile.servers.server import Certificate
from ansible_collections.vbaws.appliance.tests.robustness.hostile.table import AttackTable

import in_process
from in_process import Result
from simulator.web.process import RunningAppliance, running_simulator

RunModule = Callable[..., Result]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show the table and the counts below the tests."""
    table = terminalreporter.config.stash.get(SHAPE_TABLE, [])
    if table:
        terminalreporter.section("forms of appliances")
        for line in table:
            terminalreporter.write_line(line)
    for tally in terminalreporter.config.stash.get(TALLIES, []):
        for line in tally.lines():
            terminalreporter.write_line(line)


@pytest.fixture(scope="module")
def tally(request: pytest.FixtureRequest) -> Tally:
    """The counts of a suite, under its TITLE; they are shown below the tests."""
    found = Tally(request.module.TITLE)
    request.config.stash.setdefault(TALLIES, []).append(found)
    return found


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """The certificate of a hostile appliance, and one of somebody else."""
    folder = tmp_path_factory.mktemp("certificates")
    return Certificates(*(Certificate.make(folder, name) for name in ("appliance", "stranger")))


@pytest.fixture(scope="session")
def hostile(certificates: Certificates) -> Iterator[Pool]:
    """Runs cases against hostile appliances."""
    pool = Pool(certificates)
    yield pool
    pool.close()


@pytest.fixture(scope="session")
def attacks(request: pytest.FixtureRequest) -> AttackTable:
    """The table of all attacks, which is shown below the tests."""
    found = AttackTable("Hostile appliances")
    request.config.stash.setdefault(TALLIES, []).append(found)
    return found


@pytest.fixture(scope="session")
def appliance() -> Iterator[RunningAppliance]:
    """One appliance for all tests; each test resets it to the shape that it needs."""
    with running_simulator(shape="documented", seed=1, session_seconds=0.02) as running:
        yield running


@pytest.fixture
def run_module(appliance: RunningAppliance, monkeypatch: pytest.MonkeyPatch) -> RunModule:
    """Runs a module of the collection as Ansible would, and returns what it prints."""
    for name, value in appliance.environment().items():
        # Property names are learned from what the appliance shows; a test that tells them says so.
        if name != "VBAWS_WIRE_NAMES":
            monkeypatch.setenv(name, value)

    def run(module: str, *, check: bool = False, **options: Any) -> Result:
        waits = {} if module.endswith("_info") else {"wait_interval": 0}
        return in_process.run_module(module, {**waits, **options}, check=check)

    return run
