# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ambiguous lists of declarations: no organization is mistaken for another one.

An oracle, written from the rules alone, decides which tasks must be refused, and what the others may do.
"""

from __future__ import annotations

import os
from typing import Any

import pytest
from ansible_collections.vbaws.appliance.tests.robustness.ambiguity import verdict as oracle
from ansible_collections.vbaws.appliance.tests.robustness.ambiguity.door import Door, door
from ansible_collections.vbaws.appliance.tests.robustness.ambiguity.lists import Case, draw, draw_list, set_up
from ansible_collections.vbaws.appliance.tests.robustness.ambiguity.tally import Tally
from ansible_collections.vbaws.appliance.tests.robustness.ambiguity.world import world

LISTS = int(os.environ.get("VBAWS_CAMPAIGN_LISTS", "1000"))
FIRST = int(os.environ.get("VBAWS_CAMPAIGN_FIRST_SEED", "1"))
TITLE = "Ambiguous lists"

Json = dict[str, Any]
Violation = tuple[str, str]


def run(appliance: Door, case: Case, *, check: bool = False) -> Json:
    """What the module prints, for one organization in the form of a list of one."""
    result = appliance.run(case.module, check=check, **case.options())
    if case.module == "organization" and "outcome" in result:
        shown = result.get("organization") or {}
        record = {key: result.get(key) for key in ("outcome", "action", "msg", "failure")}
        result["organizations"] = [{**record, "aws_organization_id": shown.get("aws_organization_id")}]
    return result


@pytest.mark.parametrize("seed", range(FIRST, FIRST + LISTS))
def test_no_organization_is_mistaken_for_another_one(seed: int, monkeypatch: pytest.MonkeyPatch, tally: Tally) -> None:
    case = draw(seed)
    with door(monkeypatch, world(), "documented", seed) as appliance:
        facts = set_up(case, appliance)
        draw_list(case, facts)
        verdict = oracle.judge(case, facts)
        before = appliance.stored()

        violations: list[Violation] = []
        planned = run(appliance, case, check=True)
        if appliance.stored() != before or appliance.writes():
            violations.append(("check mode changed something", str(appliance.writes())))
        done = run(appliance, case)
        after, writes = appliance.stored(), appliance.writes()
        refused = verdict.may_refuse and bool(done.get("failed")) and not writes and _as_a_whole(done)
        violations += oracle.of_state(verdict, refused, after)
        violations += oracle.of_words(case, verdict, done, before, after, appliance.refreshed())
        violations += oracle.of_check(verdict, planned, done)
        if not done.get("failed"):
            again = run(appliance, case)
            # What two new ones have in common shows only after the addition: then the list is refused.
            failed = again.get("failed") and not verdict.may_refuse
            if failed or again.get("changed") or appliance.stored() != after:
                violations.append(("a second run changes something, or fails", str(again.get("msg"))))

    how = "refused" if refused else "failed" if done.get("failed") else "carried_out"
    tally.count(seed, how, violations)
    assert not violations, "\n".join([str(case), *map(str, verdict.items), done.get("msg", ""), *map(str, violations)])


def _as_a_whole(result: Json) -> bool:
    """Whether no item was carried out or fails for itself: the task was refused as such."""
    records = result.get("organizations")
    return records is None or all(one["failure"] or one["action"] == "none" for one in records)
