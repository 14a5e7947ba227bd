# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The last step of the demonstration: one report for a fleet, of which one appliance is switched off."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from simulator.web.process import RunningAppliance, running_simulator

from .stage import CLONE, writes
from .steps import Demo, Unexpected

FOLDER = CLONE / ".build" / "demo"
ROLE = {"backup_restore_iam_role_name": "VeeamBackupRestore"}
STATES = {
    "berlin": {"production": "in_sync", "research": "in_sync", "subsidiary": "different"},
    "paris": {"acquired": "in_sync", "research": "missing", "production": "unmanaged"},
    "rome": {None: "error"},
}
NOBODY_LISTENS = {"port": 9, "username": "nobody", "password": "none", "ca_file": ""}


def report_fleet(demo: Demo) -> Path:
    """Plants drift, reports it, and returns the path of the page. Raises Unexpected."""
    demo.screen.heading(
        "7. One page for a fleet",
        "Berlin is the appliance so far, where somebody edits the subsidiary once more. In Paris research is missing,\n"
        "and production was registered by hand. Rome is switched off, which must not look like no drift.",
    )
    berlin = demo.stage.appliance
    berlin.control("PATCH", "/organizations/subsidiary", {"description": "Shops, and for now the lab"})
    with running_simulator(seed=2) as paris:
        for name, role in (("acquired", "acquired-rescan"), ("production", "prod-rescan")):
            paris.control("POST", "/organizations", {"name": name, "rescan_iam_role": role, **ROLE})
        _report(demo, paris)
    page = FOLDER / "drift-report.html"
    report = json.loads((FOLDER / "drift-report.json").read_text(encoding="utf-8"))
    demo.screen.line()
    for line in (FOLDER / "drift-report.txt").read_text(encoding="utf-8").splitlines():
        demo.screen.quote(line)
    demo.screen.line()
    found: dict[str, dict[str | None, str]] = {name: {} for name in STATES}
    for record in report["records"]:
        found[record["appliance"]][record["organization"]] = record["state"]
    demo.expect("The report tells what was planted, and that Rome could not be read", found, STATES)
    demo.expect("It is called incomplete, and the run failed", report["outcome"], "partial")
    demo.expect("The page is there", page.exists(), True)
    return page


def _report(demo: Demo, paris: RunningAppliance) -> None:
    shutil.rmtree(FOLDER, ignore_errors=True)
    berlin = demo.stage.appliance
    facts = {"berlin": berlin.facts, "paris": paris.facts}
    names = ("port", "username", "password", "ca_file")
    fleet = {name: {key: given[key] for key in names} for name, given in facts.items()} | {"rome": NOBODY_LISTENS}
    before = len(berlin.requests())
    code, _lines = demo.stage.ansible(
        *("-i", "fleet.yml", "vbaws.appliance.drift_report"),
        DEMO_FLEET=json.dumps(fleet),
        DEMO_REPORT=str(FOLDER),
        # What went well is in the report.
        ANSIBLE_DISPLAY_OK_HOSTS="false",
        ANSIBLE_DISPLAY_SKIPPED_HOSTS="false",
    )
    if code != 2:
        raise Unexpected(f"  expected: code 2 of ansible-playbook, since Rome cannot be read\n  found:    code {code}")
    demo.stage.tasks += 1
    written = writes(berlin.requests()[before:]) + writes(paris.requests())
    demo.expect("Nothing was written on Berlin and Paris", written, [])
