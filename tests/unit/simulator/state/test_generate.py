# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Worlds of any size."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from simulator.state import generate
from simulator.web.process import COMMAND, running_simulator


def test_generator_as_a_command(tmp_path: Path) -> None:
    script = COMMAND / "state" / "generate.py"
    command = [sys.executable, str(script), "--organizations", "2", "--registered", "--seed", "8"]
    made = subprocess.run(command, capture_output=True, text=True, timeout=10, check=True).stdout
    assert json.loads(made) == generate.world(organizations=2, registered=True, seed=8)
    file = tmp_path / "world.yml"
    file.write_text(made, encoding="utf-8")
    with running_simulator(world=file, seed=1) as appliance:
        names = [one["name"] for one in appliance.state()["organizations"]]
        assert names == ["organization-001", "organization-002"]
