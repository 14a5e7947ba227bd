# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Declared limited scopes against those that exist."""

from __future__ import annotations

import pytest
from ansible_collections.vbaws.appliance.plugins.module_utils._model.names import Names
from ansible_collections.vbaws.appliance.plugins.module_utils._model.organization import (
    LimitedScope,
    Organization,
    organization_from_wire,
)
from ansible_collections.vbaws.appliance.plugins.module_utils._plan.scopes import ScopePlan, plan_scopes
from ansible_collections.vbaws.appliance.tests.unit.support.builders import (
    NORTH_ID,
    PROD,
    SANDBOX,
    SOUTH_ID,
    TEST,
    actual,
    desired,
    fails,
    references,
    scope,
    wire,
    wire_scope,
    without,
)

NORTH = wire_scope("North", PROD)
SOUTH = wire_scope("South", SANDBOX, id=SOUTH_ID)


def planned(*scopes: dict[str, object], on: Organization | None = None, said: str | None = None) -> ScopePlan:
    wanted = desired(name="production", limited_scopes=list(scopes) or None, scope=said)
    return plan_scopes(wanted, on, references())


def names(scopes: tuple[LimitedScope, ...]) -> list[str]:
    return [scope.name for scope in scopes]


def test_nothing_declared_keeps_the_scopes_as_they_are() -> None:
    organization = actual(NORTH, SOUTH)
    for said in (None, "limited"):
        assert planned(on=organization, said=said) == ScopePlan(kept=organization.limited_scopes)


def test_scope_entire_drops_every_scope() -> None:
    organization = actual(NORTH, SOUTH)
    plan = planned(on=organization, said="entire")
    assert (plan.kept, plan.new, plan.dropped) == ((), (), organization.limited_scopes)
    assert plan.pairs == tuple((scope, None) for scope in organization.limited_scopes)
    assert planned(said="entire") == ScopePlan()


def test_a_scope_is_found_by_its_exact_name_and_keeps_its_id() -> None:
    plan = planned(scope("North", TEST), scope("South", "/Sandbox"), on=actual(NORTH, SOUTH))
    assert [(s.name, s.id, set(s.units or ())) for s in plan.kept] == [
        ("North", NORTH_ID, {TEST}),
        ("South", SOUTH_ID, {SANDBOX}),
    ]
    assert [(a and a.name, b and b.name) for a, b in plan.pairs] == [("North", "North")]
    assert not plan.new
    assert not plan.dropped


def test_upper_and_lower_case_make_another_scope() -> None:
    plan = planned(scope("north", TEST), on=actual(NORTH))
    assert (names(plan.new), names(plan.dropped)) == (["north"], ["North"])


def test_a_scope_is_renamed_by_a_former_name_and_keeps_id_and_units() -> None:
    plan = planned(scope("Northern", former=("Ancient", "North")), on=actual(NORTH))
    assert [(s.name, s.id, set(s.units or ())) for s in plan.kept] == [("Northern", NORTH_ID, {PROD})]
    assert (plan.new, plan.dropped) == ((), ())


def test_the_name_wins_over_a_former_name() -> None:
    plan = planned(scope("North", former=("South",)), on=actual(NORTH, SOUTH))
    assert (names(plan.kept), names(plan.dropped)) == (["North"], ["South"])


def test_two_former_names_that_both_exist_are_ambiguous() -> None:
    with fails("ambiguous", "'North'", "'South'", "former_names"):
        planned(scope("All", former=("North", "South")), on=actual(NORTH, SOUTH))


def test_a_dropped_and_a_new_scope_that_share_a_unit_fail_and_suggest_former_names() -> None:
    with fails("conflict", "'North'", "'Northern'", "former_names: [North]", "Backup policies", "Nothing was changed."):
        planned(scope("Northern", PROD, TEST), scope("South"), on=actual(NORTH, SOUTH))


def test_a_dropped_and_a_new_scope_without_a_common_unit_are_two_scopes() -> None:
    plan = planned(scope("Northern", TEST), on=actual(NORTH))
    assert (names(plan.new), names(plan.dropped)) == (["Northern"], ["North"])


def test_a_unit_may_move_to_a_new_scope_while_the_old_one_stays() -> None:
    plan = planned(scope("North", TEST), scope("Northern", PROD), on=actual(NORTH))
    assert (names(plan.kept), names(plan.new)) == (["North"], ["Northern"])


def test_a_scope_that_is_no_longer_declared_is_left_out() -> None:
    plan = planned(scope("South"), on=actual(NORTH, SOUTH))
    assert (names(plan.kept), names(plan.dropped), names(plan.result)) == (["South"], ["North"], ["South"])


def test_a_new_scope_needs_units() -> None:
    with fails("invalid", "'West'", "does not exist yet", "former_names"):
        planned(scope("North"), scope("West"), on=actual(NORTH))


@pytest.mark.parametrize("name", ["West ", " West", "West\u00a0"])
def test_white_space_around_a_new_name_of_a_scope_is_an_error(name: str) -> None:
    with fails("invalid", "option limited_scopes.name begins or ends with white space"):
        planned(scope("North"), scope(name, TEST), on=actual(NORTH))
    with fails("invalid", "option limited_scopes.name begins or ends with white space"):
        planned(scope(name, former=("North",)), on=actual(NORTH))


def test_white_space_around_an_existing_name_of_a_scope_stays_and_can_be_removed() -> None:
    existing = actual(wire_scope("North ", PROD))
    assert names(planned(scope("North ", TEST), on=existing).kept) == ["North "]
    assert names(planned(scope("North", former=("North ",)), on=existing).kept) == ["North"]


def test_units_in_another_order_or_twice_are_no_change() -> None:
    organization = actual(wire_scope("North", PROD, TEST))
    plan = planned(scope("North", "/Workloads/Test", PROD, TEST), on=organization)
    assert plan == ScopePlan(kept=organization.limited_scopes)


def test_scopes_would_narrow_an_organization_that_is_registered_as_a_whole() -> None:
    with fails("invalid", "registered as a whole", "say scope: limited"):
        planned(scope("North", PROD), on=actual())
    assert names(planned(scope("North", PROD), on=actual(), said="limited").new) == ["North"]


def test_scopes_are_compared_where_the_appliance_does_not_show_any() -> None:
    hidden = organization_from_wire(without(wire(), "limitedScopes"), Names())
    assert names(planned(scope("North", PROD), on=hidden).new) == ["North"]


@pytest.mark.parametrize("organization", [None, actual()])
def test_scope_limited_needs_a_scope_that_is_declared_or_exists(organization: Organization | None) -> None:
    with fails("invalid", "has no limited scope", "Name at least one"):
        planned(on=organization, said="limited")
