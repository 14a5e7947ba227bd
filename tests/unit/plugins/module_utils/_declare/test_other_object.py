# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An appliance that answers about another object than was asked for: nothing is written to that object."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.vbaws.appliance.plugins.modules.organization import organization
from ansible_collections.vbaws.appliance.tests.unit.support.appliance import SimulatedAppliance
from ansible_collections.vbaws.appliance.tests.unit.support.builders import (
    AWS_ID,
    DELEGATE_ID,
    FOREIGN_ROLE_ID,
    OTHER_AWS_ID,
    SESSION_ID,
    fails,
    organization_options,
    uuid,
    wire,
)
from ansible_collections.vbaws.appliance.tests.unit.support.fake_client import BASE

NEW: dict[str, Any] = {"rescan_iam_role": "prod-rescan", "backup_restore_iam_role_name": "backup", "scope": "entire"}
STARTED = {"sessionId": SESSION_ID}
THIN = ("organization.description", "organization.aws_organization_id")


def run(appliance: SimulatedAppliance, **given: Any) -> dict[str, Any]:
    return organization(appliance.task(organization_options(**given)))


def of_two(**shape: Any) -> tuple[SimulatedAppliance, str, str]:
    """An appliance with two organizations, and their IDs."""
    appliance = SimulatedAppliance(**shape)
    first = appliance.has(name="first")
    return appliance, first, appliance.has(name="second", aws_organization_id=OTHER_AWS_ID)


def answers(appliance: SimulatedAppliance, asked: str, shown: dict[str, Any]) -> None:
    appliance.fault("answer", "GET", f"{BASE}/{asked}", body=shown, times=99)


@pytest.mark.parametrize("shape", [{}, {"list_keys": THIN}])
@pytest.mark.parametrize("declared", [{"description": "new"}, {"state": "absent"}])
@pytest.mark.parametrize("by", ["id", "name", "aws_organization_id"])
def test_an_answer_about_another_organization_changes_neither(
    shape: dict[str, Any], declared: dict[str, Any], by: str
) -> None:
    appliance, first, second = of_two(**shape)
    answers(appliance, first, wire(id=second, name="first"))
    before = appliance.organizations
    means = {"id": first, "name": "first", "aws_organization_id": AWS_ID}
    with fails("api", f"was asked for '{first}' and returned '{second}'") as caught:
        run(appliance, **{by: means[by]}, **declared)
    assert caught.ending == "Nothing was changed."
    assert appliance.organizations == before


def test_an_answer_with_another_aws_id_than_the_list_changes_nothing() -> None:
    appliance, first, _second = of_two()
    answers(appliance, first, wire(id=first, name="first", awsOrganizationId="o-elsewhere1"))
    with fails("api", f"first ({first}) as 'o-elsewhere1' in AWS, and showed it as '{AWS_ID}' before"):
        run(appliance, name="first", description="new")
    assert appliance.writes() == []


def test_a_removal_whose_proof_is_about_another_organization_is_an_error() -> None:
    appliance, first, second = of_two()
    path = f"{BASE}/{first}"
    appliance.fault("answer", "GET", path, body=wire(id=second), skip=1, times=99)
    with fails("api", f"was asked for '{first}' and returned '{second}'"):
        run(appliance, name="first", state="absent")


def test_a_role_of_an_organization_that_is_not_listed_takes_nothing_over() -> None:
    appliance, first, _second = of_two()
    hidden = uuid(0xFFF)
    role = {"isRescanIamRoleValid": True, "conflictingOrganizationId": hidden}
    appliance.fault("answer", "POST", f"{BASE}/checkOrganizationExists", body=role, times=99)
    answers(appliance, hidden, wire(id=hidden, name="hidden"))
    with fails("api", f"registered as '{hidden}'", "does not list it"):
        run(appliance, name="new", on_conflict="update", **NEW)
    assert appliance.writes() == []
    with fails("conflict", f"registered as {hidden}"):
        run(appliance, id=first, rescan_iam_role=DELEGATE_ID)
    assert appliance.writes() == []


def test_what_the_list_shows_after_an_addition_must_be_what_was_added() -> None:
    appliance = SimulatedAppliance()
    other = appliance.has(name="second", aws_organization_id=OTHER_AWS_ID, rescan_iam_role=FOREIGN_ROLE_ID)
    # Nothing is added, and another organization gets the name.
    appliance.fault(
        "answer", "POST", BASE, status=202, body=STARTED, act=lambda: appliance.change("second", name="new")
    )
    appliance.fault("answer", "GET", f"/sessions/{SESSION_ID}", body={"id": SESSION_ID, "status": "Succeeded"})
    with fails("api", "'new' was added", f"shows new ({other}) for it, which was registered before") as caught:
        run(appliance, name="new", **NEW)
    assert "It is not known whether the AWS Organization 'new' was added" in caught.ending


def test_an_organization_that_is_added_by_somebody_else_is_still_found() -> None:
    appliance, _first, _second = of_two()
    third = uuid(0xABC)
    role = {"isRescanIamRoleValid": True, "conflictingOrganizationId": third}
    appliance.fault("answer", "POST", f"{BASE}/checkOrganizationExists", body=role, times=99)
    listed = [wire(id=third, name="third", awsOrganizationId="o-third00001")]
    appliance.fault("answer", "GET", BASE, body={"totalCount": 1, "results": listed}, skip=1, times=99)
    with fails("conflict", f"registered already, as third ({third})"):
        run(appliance, name="new", **NEW)


def test_an_addition_succeeds_though_its_structure_is_malformed() -> None:
    appliance = SimulatedAppliance()
    circle = [{"awsId": "ou-a", "name": "a", "parentId": "ou-b"}, {"awsId": "ou-b", "name": "b", "parentId": "ou-a"}]
    stored = f"{BASE}/[0-9a-f-]+/identitiesInDb"
    appliance.fault("answer", "POST", stored, body={"totalCount": 2, "identities": circle}, times=99)
    result = run(appliance, name="new", **NEW)
    assert (result["outcome"], result["verified"], result["impact"]["known"]) == ("done", True, False)
