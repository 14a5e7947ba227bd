# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One simulated appliance for all tests, and the ansible-core of the Python in VBAWS_DOORS_PYTHON."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from doors.runs import ROOT, Ansible  # found through the line above
from simulator.web.process import RunningAppliance, running_simulator


@pytest.fixture(scope="session")
def _appliance() -> Iterator[RunningAppliance]:
    with running_simulator(username="doors-admin", password="canary-Password-52c8", session_seconds=0.05) as appliance:
        yield appliance


@pytest.fixture(scope="session")
def _collections(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which Ansible finds this collection, whatever the clone is called."""
    folder = tmp_path_factory.mktemp("collections")
    (folder / "ansible_collections" / "vbaws").mkdir(parents=True)
    (folder / "ansible_collections" / "vbaws" / "appliance").symlink_to(ROOT)
    return folder


@pytest.fixture
def appliance(_appliance: RunningAppliance) -> RunningAppliance:
    """An appliance with nothing registered."""
    _appliance.reset()
    _appliance.control("POST", "/settings", {"session_seconds": 0.05})
    return _appliance


@pytest.fixture
def ansible(appliance: RunningAppliance, _collections: Path, tmp_path: Path) -> Ansible:
    """Runs playbooks against the appliance."""
    # Not resolved: a virtual environment is known by the folder of its link.
    python = Path(os.environ.get("VBAWS_DOORS_PYTHON") or sys.executable)
    return Ansible(python, _collections, tmp_path, appliance)
