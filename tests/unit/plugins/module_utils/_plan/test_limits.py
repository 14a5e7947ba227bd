# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Limits on what one task may do."""

from __future__ import annotations

import pytest
from ansible_collections.vbaws.appliance.plugins.module_utils._plan.impact import Impact
from ansible_collections.vbaws.appliance.plugins.module_utils._plan.limits import (
    require_few_accounts_lost,
    require_prune_limit,
)
from ansible_collections.vbaws.appliance.tests.unit.support.builders import fails


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
