# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Accounts that a change gains and loses: by the structure, and against what becomes of them on an appliance."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.vbaws.appliance.plugins.module_utils._errors import ApplianceError
from ansible_collections.vbaws.appliance.plugins.module_utils._model.names import Names
from ansible_collections.vbaws.appliance.plugins.module_utils._model.organization import organization_from_wire
from ansible_collections.vbaws.appliance.plugins.module_utils._module.options import CONNECTION, LIMITS, WAITING
from ansible_collections.vbaws.appliance.plugins.module_utils._plan.impact import (
    NAMED,
    NOTHING,
    Coverage,
    Impact,
    covered_now,
    covered_then,
    impact,
)
from ansible_collections.vbaws.appliance.plugins.modules.organizations import ORGANIZATIONS, organizations
from ansible_collections.vbaws.appliance.tests.unit.support.appliance import SimulatedAppliance
from ansible_collections.vbaws.appliance.tests.unit.support.builders import (
    ACCOUNT,
    PROD,
    ROOT,
    SANDBOX,
    SANDBOX_ACCOUNT,
    WORKLOADS,
    actual,
    desired,
    options_of,
    references,
    scope,
    structure,
    wire,
    wire_scope,
    without,
)
from ansible_collections.vbaws.appliance.tests.unit.support.strategies import (
    UNITS,
    declarations,
    stored_organizations,
)
from hypothesis import given
from hypothesis import strategies as st

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
    assert not covered_now(organization_from_wire(without(wire(), "limitedScopes"), Names())).known
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


# On an appliance


def covered(appliance: SimulatedAppliance) -> set[str]:
    """Accounts in backup: all of an organization without scopes, else those below the units of one of its scopes."""
    found: set[str] = set()
    for stored in appliance.organizations:
        tree = appliance.tree(stored["id"])
        members = {unit for item in stored["limited_scopes"] for unit in item["organizational_units"]}
        reached = members if stored["limited_scopes"] else {ROOT}
        for _level in range(len(tree)):
            reached = reached | {aws_id for aws_id, (_name, parent) in tree.items() if parent in reached}
        found |= {aws_id for aws_id in reached if aws_id.isdigit()}
    return found


def with_accounts(stored: dict[str, Any]) -> SimulatedAppliance:
    """The appliance with one organization that has an account in each of its units and in the root."""
    appliance = SimulatedAppliance()
    appliance.change_aws(
        add=[{"id": f"{number:012d}", "name": f"account {number}", "parent": unit} for number, unit in enumerate(UNITS)]
    )
    appliance.has(**stored)
    return appliance


@given(stored_organizations(), declarations(), st.integers(0, 3), st.booleans())
def test_the_impact_is_what_becomes_of_the_accounts(
    stored: dict[str, Any], item: dict[str, Any], limit: int, removed: bool
) -> None:
    appliance = with_accounts(stored)
    before = covered(appliance)
    if removed:
        item = {"id": item["id"], "state": "absent"}
    given_options = options_of(ORGANIZATIONS["organizations"]["options"], **item, refresh_structure="never")
    options = options_of(
        CONNECTION, WAITING, ORGANIZATIONS, LIMITS, organizations=[given_options], max_accounts_lost=limit
    )
    refusal, result = None, {}
    try:
        result = organizations(appliance.task(options))
    except ApplianceError as error:
        refusal = error
    if refusal is not None:
        assert appliance.writes() == []
        if refusal.reason == "over_limit":
            assert refusal.result["organizations"][0]["impact"]["accounts_lost"] > limit
        return
    after = covered(appliance)
    assert len(before - after) <= limit
    counted = result["organizations"][0]["impact"] or {"gained": [], "lost": []}
    assert {one["aws_id"] for one in counted["lost"]} == before - after
    assert {one["aws_id"] for one in counted["gained"]} == after - before
