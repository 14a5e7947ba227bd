# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The job that adopts: what it writes is where the template says, and is what the next job declares."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from awx.jobs import Start
from demo.stage import writes
from simulator.web.process import RunningAppliance


def test_what_was_adopted_is_in_sync(
    fleet: list[RunningAppliance],
    inputs: dict[str, str | bool],
    hosts: dict[str, dict[str, Any]],
    start: Start,
    tmp_path: Path,
) -> None:
    assert start("declare.yml").status == "successful"
    inputs["read_only"] = True
    # As the template of setup.yml has it: Ansible templates what is set in a template, and not an answer.
    job = start("adopt.yml", extra_vars={"adopt_file": f"{tmp_path}/adopted/{{{{ inventory_hostname }}}}.yml"})
    assert job.status == "successful", job.output
    assert job.places_of(str(inputs["password"])) == []
    for name, values in hosts.items():
        adopted = yaml.safe_load((tmp_path / "adopted" / f"{name}.yml").read_text(encoding="utf-8"))
        values["declare_organizations"] = adopted["declare_organizations"]
    for appliance in fleet:
        appliance.control("DELETE", "/requests")
    assert start("declare.yml", check=True).status == "successful"
    inputs["read_only"] = False
    assert start("declare.yml").status == "successful"
    assert [writes(appliance.requests()) for appliance in fleet] == [[], []]


def test_an_organization_in_which_ansible_hides_a_secret_makes_no_file(
    fleet: list[RunningAppliance], inputs: dict[str, str | bool], hosts: dict[str, Any], start: Start, tmp_path: Path
) -> None:
    assert start("declare.yml").status == "successful"
    fleet[0].control("PATCH", "/organizations/production", {"description": f"by {inputs['password']}"})
    job = start("adopt.yml", extra_vars={"adopt_file": f"{tmp_path}/adopted/{{{{ inventory_hostname }}}}.yml"})
    assert job.status == "failed"
    assert "asterisks in description, config.description of the AWS Organization production" in job.output
    assert job.places_of(str(inputs["password"])) == []
    assert [path.name for path in (tmp_path / "adopted").iterdir()] == [f"{list(hosts)[1]}.yml"]
