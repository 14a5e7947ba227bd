# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task says of the accounts that it gains and loses, against what becomes of them on an appliance."""

from __future__ import annotations

from typing import Any

from ansible_collections.vbaws.appliance.plugins.module_utils._errors import ApplianceError
from ansible_collections.vbaws.appliance.plugins.module_utils._module.options import CONNECTION, LIMITS, WAITING
from ansible_collections.vbaws.appliance.plugins.modules.organizations import ORGANIZATIONS, organizations
from ansible_collections.vbaws.appliance.tests.unit.support.builders import AWS_ID, ROOT, TREE, options_of
from ansible_collections.vbaws.appliance.tests.unit.support.fake_appliance import FakeAppliance
from ansible_collections.vbaws.appliance.tests.unit.support.strategies import (
    UNITS,
    declarations,
    stored_organizations,
)
from hypothesis import given
from hypothesis import strategies as st


def covered(appliance: FakeAppliance) -> set[str]:
    """Accounts in backup: all of an organization without scopes, else those below the units of one of its scopes."""
    found: set[str] = set()
    for stored in appliance.organizations:
        tree = appliance.stored[stored["id"]]
        members = {unit for item in stored["limited_scopes"] for unit in item["organizational_units"]}
        reached = members if stored["limited_scopes"] else {ROOT}
        for _level in range(len(tree)):
            reached = reached | {aws_id for aws_id, (_name, parent) in tree.items() if parent in reached}
        found |= {aws_id for aws_id in reached if aws_id.isdigit()}
    return found


def with_accounts(stored: dict[str, Any]) -> FakeAppliance:
    """The appliance with one organization that has an account in each of its units and in the root."""
    appliance = FakeAppliance()
    more = {f"{number:012d}": (f"account {number}", unit) for number, unit in enumerate(UNITS)}
    appliance.trees[AWS_ID] = {**TREE, **more}
    appliance.organizations.append(stored)
    appliance.stored[stored["id"]] = dict(appliance.trees[AWS_ID])
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
