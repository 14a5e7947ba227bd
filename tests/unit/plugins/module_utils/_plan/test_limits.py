# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Limits on what one task may do, and plans that were approved."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.vbaws.appliance.plugins.module_utils._model.desired import Desired
from ansible_collections.vbaws.appliance.plugins.module_utils._plan.impact import Impact
from ansible_collections.vbaws.appliance.plugins.module_utils._plan.limits import (
    plan_id,
    require_approved,
    require_few_accounts_lost,
    require_prune_limit,
)
from ansible_collections.vbaws.appliance.plugins.module_utils._plan.plan import Plan, plan
from ansible_collections.vbaws.appliance.tests.unit.support.builders import (
    PROD,
    actual,
    desired,
    fails,
    references,
    scope,
    shown_names,
    wire_scope,
)

# Limits


def lost(*names: str) -> Impact:
    return Impact(lost=tuple({"aws_id": "1", "name": name, "path": "/"} for name in names))


@pytest.mark.parametrize(
    ("count", "limit", "declared"), [(0, None, False), (1, None, True), (2, 2, False), (0, 0, True)]
)
def test_within_the_limit(count: int, limit: int | None, declared: bool) -> None:
    require_prune_limit(["x"] * count, limit, declared)


@pytest.mark.parametrize(("count", "limit"), [(2, None), (1, 0), (3, 2)])
def test_more_than_the_limit_is_refused_and_named(count: int, limit: int | None) -> None:
    names = [f"organization {number}" for number in range(count)]
    with fails("over_limit", *names, f"say prune_limit: {count}"):
        require_prune_limit(names, limit, True)


def test_an_empty_list_needs_a_limit_that_was_given() -> None:
    with fails("over_limit", "No AWS Organization is declared", "all 1: only", "say prune_limit: 1"):
        require_prune_limit(["only"], None, False)


def test_accounts_are_added_up_over_all_organizations() -> None:
    impacts = [("north", lost("a", "b")), ("south", lost("c"))]
    require_few_accounts_lost(impacts, None)
    require_few_accounts_lost(impacts, 3)
    with fails("over_limit", "3 accounts", "north loses 2: a, b; south loses 1: c", "say max_accounts_lost: 3"):
        require_few_accounts_lost(impacts, 2)


def test_nothing_lost_passes_a_limit_of_nothing() -> None:
    require_few_accounts_lost([("north", lost())], 0)


def test_what_nobody_can_tell_is_over_every_limit() -> None:
    with fails("over_limit", "Nobody can tell", "south"):
        require_few_accounts_lost([("north", lost()), ("south", Impact(lost=None))], 1000)
    require_few_accounts_lost([("south", Impact(lost=None))], None)


def test_a_limit_below_nothing_is_refused() -> None:
    with fails("invalid", "max_accounts_lost is -1"):
        require_few_accounts_lost([], -1)


@pytest.mark.parametrize(("count", "said"), [(1, "1 AWS Organization that"), (2, "2 AWS Organizations that")])
def test_one_is_one(count: int, said: str) -> None:
    with fails("over_limit", f"prune would remove {said} nobody declares"):
        require_prune_limit(["x"] * count, 0, True)


# Approved plans


def planned(name: str, there: dict[str, Any] | None = None, **declared: Any) -> tuple[Desired, Plan]:
    wanted = desired(name=name, **declared)
    return wanted, plan(wanted, actual(name=name, **(there or {})), references(), shown_names())


SAME = planned("in sync", description="Shops")
ONE = planned("one", description="new")
TWO = planned("two", backup_restore_iam_role_name="other")


def test_the_order_does_not_matter() -> None:
    assert plan_id([SAME, ONE, TWO]) == plan_id([TWO, SAME, ONE])
    units = [scope("North", "/Sandbox", "/Workloads/Prod"), scope("South", "/Workloads/Test")]
    there = actual(wire_scope("North", PROD))
    ids = {
        plan_id([(wanted, plan(wanted, there, references(), shown_names()))])
        for wanted in (
            desired(name="production", limited_scopes=units),
            desired(name="production", limited_scopes=[units[1], scope("North", "/Workloads/Prod", "/Sandbox")]),
        )
    }
    assert len(ids) == 1


def test_each_change_is_told_and_what_is_in_sync_is_not() -> None:
    whole, *each = plan_id([SAME, ONE, TWO]).split("-")
    assert (len(whole), [len(short) for short in each]) == (32, [16, 16])
    assert "-" not in plan_id([SAME])


def test_it_stays_the_same_from_release_to_release() -> None:
    # Whoever changes this breaks approvals that were given before an upgrade: say so in the changelog.
    assert plan_id([ONE]) == "85da7a5467201261f5cd15c92686e567-b91a3310fc399756"


def test_another_state_another_declaration_another_plan() -> None:
    ids = {
        plan_id([ONE]),
        plan_id([planned("one", description="newer")]),
        plan_id([planned("one", {"description": "other"}, description="new")]),
        plan_id([planned("one", {"backupRestoreIamRoleName": "other"}, description="new")]),
        plan_id([ONE, SAME]),
        plan_id([]),
    }
    assert len(ids) == 6


def test_the_approved_plan_passes_and_so_does_none() -> None:
    require_approved(plan_id([ONE, SAME]), [SAME, ONE])
    require_approved(f" {plan_id([ONE])}\n", [ONE])
    require_approved(None, [ONE])


def test_what_differs_is_told() -> None:
    approved = plan_id([ONE, TWO])
    other = planned("two", {"description": "edited"}, backup_restore_iam_role_name="other")
    with fails(
        "plan_changed",
        "Not approved as it would be done now: update 'two' (backup_restore_iam_role_name)",
        "1 of 2 changes",
    ):
        require_approved(approved, [ONE, other])
    with fails("plan_changed", "Not approved as it would be done now: update 'two'"):
        require_approved(plan_id([ONE, SAME]), [ONE, TWO, SAME])


@pytest.mark.parametrize("left", [[], [SAME], [ONE], [SAME, TWO], [ONE, TWO, SAME]])
def test_a_part_of_the_approved_plan_is_approved(left: list[tuple[Desired, Plan]]) -> None:
    require_approved(plan_id([ONE, TWO]), left)


def test_a_change_is_approved_as_often_as_the_plan_has_it() -> None:
    with fails("plan_changed", "The plan is not the approved one"):
        require_approved(plan_id([ONE]), [ONE, ONE])


@pytest.mark.parametrize("broken", ["", " ", "nonsense", "-", "0" * 32 + "-", "0" * 32 + "-b91a3310", "0" * 31])
def test_what_is_not_a_plan_approves_nothing(broken: str) -> None:
    for left in ([], [ONE]):
        with fails("plan_changed", "which is not a plan_id", "approve the plan_id that it returns"):
            require_approved(broken, left)
