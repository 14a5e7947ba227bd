# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Appliances with unknown property names: nothing is lost, every message is true, and wire_names settles it."""

from __future__ import annotations

import os
from typing import Any

import pytest
from ansible_collections.vbaws.appliance.plugins.filter.adopt import adopt
from ansible_collections.vbaws.appliance.plugins.plugin_utils._adopt.merge import load_variables
from ansible_collections.vbaws.appliance.tests.robustness.ambiguity.door import Door, door
from ansible_collections.vbaws.appliance.tests.robustness.ambiguity.tally import Tally
from ansible_collections.vbaws.appliance.tests.robustness.unknown_names import oracle
from ansible_collections.vbaws.appliance.tests.robustness.unknown_names.draws import Case, draw

from simulator.state import worlds

CASES = int(os.environ.get("VBAWS_CAMPAIGN_UNKNOWN", "400"))
FIRST = int(os.environ.get("VBAWS_CAMPAIGN_FIRST_SEED", "1"))
TITLE = "Unknown names"
WORLD = worlds.load(worlds.DEFAULT)

Json = dict[str, Any]
Violation = tuple[str, str]


class Trial:
    """One appliance and the task of a case, first without wire_names, then with them."""

    def __init__(self, case: Case, appliance: Door) -> None:
        self.case, self.appliance = case, appliance
        self.violations: list[Violation] = []

    def run(self, names: Json, *, check: bool = False) -> Json:
        """The task of the case. What the collection returned is declared as it is, all organizations in one task."""
        connection: Json = {"wire_names": names} if names else {}
        if self.case.kind not in ("config", "adopt"):
            return self.appliance.run("organization", check=check, **self.case.declared, **connection)
        read = self.appliance.run("organization_info", **connection)
        if read.get("failed"):
            return read
        organizations = read["organizations"]
        self.violations += oracle.of_config(organizations, self.appliance.stored())
        declared = [one["config"] for one in organizations]
        if self.case.kind == "adopt":
            declared = load_variables(adopt(organizations, "appliance")["text"]).get("declare_organizations") or []
        return self.appliance.run("organizations", check=check, organizations=declared, **connection)

    def without_names(self) -> Json:
        before = self.appliance.stored()
        planned = self.run({}, check=True)
        if self.appliance.stored() != before or self.appliance.bodies():
            self.violations.append(("check mode changed something", str(self.appliance.bodies())))
        done = self.run({})
        after, aim = self.appliance.stored(), oracle.wanted(self.case.declared, before)
        self.violations += oracle.of_loss(oracle.lost(before, after, aim), done)
        self.violations += oracle.of_claims(self.case, done, before, after, aim)
        self.violations += oracle.of_members(self.case, self.appliance.bodies(), done, before)
        self.violations += oracle.of_check(planned, done)
        return done

    def with_names(self) -> None:
        names, before = self.case.shape.wire_names(), self.appliance.stored()
        aim = oracle.wanted(self.case.declared, before)
        planned, done = self.run(names, check=True), self.run(names)
        self.violations += oracle.of_check(planned, done)
        if done.get("failed"):
            self.violations.append(("with the right wire_names the task fails", done["msg"]))
            return
        self.violations += oracle.of_claims(self.case, done, before, self.appliance.stored(), aim)
        records = done.get("organizations", [done])
        if not oracle.same(self.appliance.stored(), aim) or not all(one["verified"] for one in records):
            self.violations.append(("with the right wire_names not everything is applied", str(done.get("changes"))))
        again = self.run(names)
        records = again.get("organizations", [again])
        if again.get("failed") or again["changed"] or {one["status"] for one in records} != {"in_sync"}:
            self.violations.append(("with the right wire_names a second run is not in sync", str(again.get("msg"))))


@pytest.mark.parametrize("seed", range(FIRST, FIRST + CASES))
def test_nothing_is_lost_where_names_are_unknown(seed: int, monkeypatch: pytest.MonkeyPatch, tally: Tally) -> None:
    case = draw(seed)
    with door(monkeypatch, WORLD, case.shape, seed) as appliance:
        for one in case.by_hand:
            appliance.register(one)
        trial = Trial(case, appliance)
        first = trial.without_names()
        written = bool(appliance.bodies())
        trial.with_names()
    how = "carried_out" if not first.get("failed") else "failed" if written else "refused"
    tally.count(seed, how, trial.violations)
    assert not trial.violations, "\n".join([str(case), first.get("msg", ""), *map(str, trial.violations)])
