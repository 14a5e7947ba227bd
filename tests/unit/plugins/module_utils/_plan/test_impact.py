# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Accounts that a change gains and loses."""

from __future__ import annotations

import pytest
from ansible_collections.vbaws.appliance.plugins.module_utils._model.organization import organization_from_wire
from ansible_collections.vbaws.appliance.plugins.module_utils._plan.impact import (
    NAMED,
    NOTHING,
    Coverage,
    Impact,
    covered_now,
    covered_then,
    impact,
)
from ansible_collections.vbaws.appliance.tests.unit.support.builders import (
    ACCOUNT,
    NAMES,
    PROD,
    ROOT,
    SANDBOX,
    SANDBOX_ACCOUNT,
    WORKLOADS,
    actual,
    desired,
    references,
    scope,
    structure,
    wire,
    wire_scope,
    without,
)

ENTIRE = Coverage(entire=True)


def units(*ids: str) -> Coverage:
    return Coverage(units=frozenset(ids))


def numbers(result: Impact) -> tuple[int | None, int | None]:
    shown = result.as_result()
    return shown["accounts_gained"], shown["accounts_lost"]


@pytest.mark.parametrize(
    ("before", "after", "gained", "lost"),
    [
        (ENTIRE, NOTHING, 0, 2),
        (NOTHING, ENTIRE, 2, 0),
        (ENTIRE, units(WORKLOADS), 0, 1),
        (units(WORKLOADS), ENTIRE, 1, 0),
        (units(PROD), units(SANDBOX), 1, 1),
        (units(PROD), units(WORKLOADS), 0, 0),
        (units(ROOT), ENTIRE, 0, 0),
        (units("ou-gone-00000000"), units(PROD), 1, 0),
    ],
)
def test_accounts_are_counted_by_the_structure(before: Coverage, after: Coverage, gained: int, lost: int) -> None:
    result = impact(before, after, structure())
    assert numbers(result) == (gained, lost)
    assert result.as_result()["known"]


def test_the_accounts_are_named_with_their_paths() -> None:
    (lost,) = impact(ENTIRE, units(WORKLOADS), structure()).as_result()["lost"]
    assert lost == {"aws_id": SANDBOX_ACCOUNT, "name": "playground", "path": "/Sandbox/playground"}


def test_many_accounts_are_counted_all_and_named_in_part() -> None:
    tree = {ROOT: ("Root", None), **{f"{number:012d}": (f"account {number:02d}", ROOT) for number in range(50)}}
    shown = impact(ENTIRE, NOTHING, structure(tree)).as_result()
    assert shown["accounts_lost"] == 50
    assert [account["name"] for account in shown["lost"]] == [f"account {number:02d}" for number in range(NAMED)]


@pytest.mark.parametrize(
    ("before", "after", "gained", "lost"),
    [
        (ENTIRE, units(PROD), None, None),
        (Coverage(units=None), units(PROD), None, None),
        (ENTIRE, NOTHING, 0, None),
        (NOTHING, ENTIRE, None, 0),
        (units(PROD), ENTIRE, None, 0),
        (ENTIRE, ENTIRE, 0, 0),
    ],
)
def test_what_nobody_can_tell_is_not_told(
    before: Coverage, after: Coverage, gained: int | None, lost: int | None
) -> None:
    assert numbers(impact(before, after, None)) == (gained, lost)


def test_members_that_are_not_known_are_not_taken_for_none() -> None:
    before = covered_now(actual(without(wire_scope("North"), "includedMembers")))
    assert not before.known
    assert numbers(impact(before, before, structure())) == (None, None)


def test_an_organization_that_does_not_show_its_scopes_covers_nobody_knows_what() -> None:
    assert not covered_now(organization_from_wire(without(wire(), "limitedScopes"), NAMES)).known
    assert covered_now(None) == NOTHING


def test_what_a_declaration_will_cover() -> None:
    now = actual(wire_scope("North", PROD))
    assert covered_then(desired(name="production", state="absent"), now, references()) == NOTHING
    assert covered_then(desired(name="production", description="x"), now, references()) == units(PROD)
    assert covered_then(desired(name="production", scope="entire"), now, references()) == ENTIRE
    more = desired(name="production", limited_scopes=[scope("North"), scope("South", "/Sandbox")])
    assert covered_then(more, now, references()) == units(PROD, SANDBOX)


def test_a_unit_that_was_not_found_makes_it_unknown() -> None:
    unresolved = desired(name="production", limited_scopes=[scope("North", "/Sandbox", "/Nowhere")])
    now = actual(wire_scope("North", PROD))
    assert not covered_then(unresolved, now, references()).known


def test_accounts_of_all_scopes_count_once() -> None:
    now = actual(wire_scope("North", PROD), wire_scope("South", WORKLOADS, id="2"))
    assert covered_now(now).accounts(structure()) == {ACCOUNT}
