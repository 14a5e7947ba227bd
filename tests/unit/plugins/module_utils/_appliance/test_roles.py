# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The IAM roles of the appliance, found by ID, ARN or name."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.vbaws.appliance.plugins.module_utils._appliance.roles import Roles
from ansible_collections.vbaws.appliance.tests.unit.support.builders import (
    DELEGATE_ID,
    ROLE_ID,
    fails,
)
from ansible_collections.vbaws.appliance.tests.unit.support.fake_client import FakeClient

ARN = "arn:aws:iam::111122223333:role/service/vbaws-rescan"
OTHER_ARN = "arn:aws:iam::444455556666:role/service/vbaws-rescan"


def made(*roles: dict[str, Any]) -> tuple[Roles, FakeClient]:
    client = FakeClient({"totalCount": len(roles), "results": list(roles)})
    return Roles(client.api()), client


def role(id: str = ROLE_ID, name: str = "prod-rescan", **more: Any) -> dict[str, Any]:
    return {"id": id, "name": name, **more}


def test_a_role_given_by_its_id_costs_no_request() -> None:
    roles, client = made()
    assert roles.find(ROLE_ID.upper()) == ROLE_ID
    assert roles.names_read() == {}
    assert client.requests == []


def test_the_roles_are_read_once() -> None:
    roles, client = made(role(), role(DELEGATE_ID, "other"))
    assert roles.find("prod-rescan") == ROLE_ID
    assert roles.find("other") == DELEGATE_ID
    assert client.calls() == ["GET /accounts/amazon"]
    assert roles.names_read() == {ROLE_ID: "prod-rescan", DELEGATE_ID: "other"}


def test_a_role_is_returned_by_its_id() -> None:
    roles, client = made(role(), role(DELEGATE_ID, "other"))
    found = roles.get(DELEGATE_ID)
    assert found is not None
    assert (found.name, roles.get("unknown")) == ("other", None)
    assert client.calls() == ["GET /accounts/amazon"]


@pytest.mark.parametrize("near", ["Prod-Rescan", "prod-rescan ", "prod"])
def test_a_name_is_compared_exactly(near: str) -> None:
    assert made(role())[0].find(near) is None


def test_two_roles_of_one_name_are_ambiguous_and_their_ids_are_offered() -> None:
    with fails("ambiguous", "'Twin'", "2 times", ROLE_ID, DELEGATE_ID):
        made(role(ROLE_ID, "Twin"), role(DELEGATE_ID, "Twin"))[0].find("Twin")


@pytest.mark.parametrize(
    "entry",
    [
        {"IAMRole": {"roleArn": ARN}},
        {"iamRole": {"account": {"arn": ARN}}},
        {"arn": ARN},
        {"awsAccountId": "111122223333", "IAMRole": {"roleName": "vbaws-rescan"}},
        {"awsid": "111122223333", "IAMRoleFromAnotherAccount": {"roleName": "vbaws-rescan"}},
    ],
)
def test_an_arn_is_found_whole_or_as_account_and_name(entry: dict[str, Any]) -> None:
    roles, _client = made(role(**entry), role(DELEGATE_ID, "other", awsAccountId="444455556666"))
    assert roles.find(ARN) == ROLE_ID
    assert roles.find(OTHER_ARN) is None


def test_an_account_beside_an_arn_does_not_make_another_arn() -> None:
    roles, _client = made(role(awsAccountId="444455556666", IAMRoleFromAnotherAccount={"roleArn": ARN}))
    assert roles.find(OTHER_ARN) is None
    assert roles.find(ARN) == ROLE_ID


def test_the_name_on_the_appliance_and_a_description_say_nothing_about_aws() -> None:
    misleading = role(name="vbaws-rescan", description=ARN, awsAccountId="111122223333")
    assert made(misleading)[0].find(ARN) is None


def test_an_unknown_role_is_an_error_with_near_names() -> None:
    error = made(role(), role(DELEGATE_ID, "research"))[0].unknown("Prod-rescan")
    assert error.reason == "not_found"
    assert "Did you mean 'prod-rescan' (upper and lower case differ)?" in str(error)


@pytest.mark.parametrize("entry", [{"id": ROLE_ID}, {"name": "x"}, {"id": 1, "name": "x"}])
def test_an_entry_without_id_or_name_is_an_error(entry: dict[str, Any]) -> None:
    with fails("api", "without an ID or a name"):
        made(entry)[0].all()
