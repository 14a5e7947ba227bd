# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What tests change behind the back of the API, and what the API then shows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from simulator.api.in_process import InProcessAppliance
from simulator.state import edits
from simulator.state.worlds import DEFAULT, load

BASE = "/organizations/amazon"
ORGANIZATION, SCOPE, ROLE = (f"00000000-0000-4000-8000-00000000000{number}" for number in (1, 2, 3))
WANTED: dict[str, Any] = {
    "id": ORGANIZATION,
    "name": "eu",
    "rescan_iam_role": "prod-rescan",
    "backup_restore_iam_role_name": "backup",
    "limited_scopes": [{"id": SCOPE, "name": "North", "organizational_units": ["ou-prod-sandbox0"]}],
}


@pytest.fixture
def local() -> Iterator[InProcessAppliance]:
    with InProcessAppliance(load(DEFAULT)) as appliance:
        yield appliance


def test_an_organization_has_the_ids_that_it_is_given(local: InProcessAppliance) -> None:
    edits.add(local.state, WANTED)
    shown = local.call("GET", f"{BASE}/{ORGANIZATION}").body
    assert (shown["id"], shown["awsOrganizationId"]) == (ORGANIZATION, "o-prod000001")
    assert shown["limitedScopes"] == [{"id": SCOPE, "name": "North", "includedMembers": ["ou-prod-sandbox0"]}]


def test_an_organization_may_be_another_than_that_of_its_role(local: InProcessAppliance) -> None:
    edits.add(local.state, {**WANTED, "aws_organization_id": "o-subs000002"})
    assert local.call("GET", f"{BASE}/{ORGANIZATION}").body["awsOrganizationId"] == "o-subs000002"
    found = local.call("POST", f"{BASE}/{ORGANIZATION}/identitiesInDb").body["identities"]
    assert [one["awsId"] for one in found] == ["r-subs"]


def test_a_change_names_its_role_by_name_or_id(local: InProcessAppliance) -> None:
    edits.add(local.state, WANTED)
    role = edits.role_called(local.state, "prod-rescan-delegate")
    for which in (role.id, role.name):
        assert edits.change(local.state, "eu", {"rescan_iam_role": which}).rescan_iam_role == role.id


def test_what_is_removed_leaves_nothing(local: InProcessAppliance) -> None:
    edits.add(local.state, WANTED)
    edits.remove(local.state, "eu")
    assert local.state.organizations.all() == []
    assert local.state.structures.get(ORGANIZATION) is None
    assert local.call("GET", f"{BASE}/{ORGANIZATION}").status == 404


def test_a_role_has_the_id_that_it_is_given_and_shows_its_arn_by_its_account(local: InProcessAppliance) -> None:
    local.state.roles.add("new", "999999999999", id=ROLE)
    local.state.roles.add("unknown", "")
    shown = {one["name"]: one for one in local.call("GET", "/accounts/amazon").body["results"]}
    assert shown["new"]["id"] == ROLE
    assert shown["new"]["IAMRoleFromAnotherAccount"] == {"roleArn": "arn:aws:iam::999999999999:role/new"}
    assert (shown["unknown"]["IAMRoleFromAnotherAccount"], shown["unknown"]["awsAccountId"]) == (None, None)


def test_a_role_stops_and_begins_to_read_an_organization(local: InProcessAppliance) -> None:
    role = edits.role_called(local.state, "prod-rescan").id
    answers = []
    for aws_organization in ("", "o-subs000002"):
        edits.change_role(local.state, "prod-rescan", {"aws_organization": aws_organization})
        answer = local.call("POST", f"{BASE}/checkOrganizationExists", body={"rescanIamRoleId": role})
        answers.append(answer.body["isRescanIamRoleValid"])
    assert answers == [False, True]


def test_a_role_that_is_not_trusted_cannot_be_used_and_still_belongs_to_its_organization(
    local: InProcessAppliance,
) -> None:
    role = edits.change_role(local.state, "prod-rescan", {"trusted": False})
    edits.add(local.state, WANTED)
    answer = local.call("POST", f"{BASE}/checkOrganizationExists", body={"rescanIamRoleId": role.id}).body
    assert answer == {"isRescanIamRoleValid": False, "conflictingOrganizationId": ORGANIZATION}
    rescan = {"rescanIamRoleId": role.id, "rescanStorageType": "Database"}
    session = local.call("POST", f"{BASE}/rescan", body=rescan).body["sessionId"]
    assert "cannot read" in local.call("GET", f"/sessions/{session}").body["reason"]
    with pytest.raises(ValueError, match="what is name"):
        edits.change_role(local.state, role.id, {"name": "other"})
