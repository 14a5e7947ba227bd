# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""IAM roles of older and newer appliances in one form, and the selection among them."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.vbaws.appliance.plugins.module_utils._errors import ApplianceError
from ansible_collections.vbaws.appliance.plugins.module_utils._module.options import CONNECTION
from ansible_collections.vbaws.appliance.plugins.modules.iam_role_info import IAM_ROLES, iam_role_info
from ansible_collections.vbaws.appliance.tests.unit.support.builders import options_of, uuid
from ansible_collections.vbaws.appliance.tests.unit.support.fake_client import FakeClient

ARN = "arn:aws:iam::111111111111:role/team/rescan"
NEW = {
    "id": uuid(1),
    "name": "Prod",
    "description": "Reads",
    "awsAccountId": "111111111111",
    "regionType": "Global",
    "IAMRole": None,
    "IAMRoleFromAnotherAccount": {"accountId": "111111111111", "roleName": "rescan", "externalId": "x"},
    "accountPermissions": ["OrganizationRescanRole"],
    "isDefault": False,
}
OLD = {"id": uuid(2).upper(), "name": "Twin", "awsid": "222222222222", "iamRole": {"roleName": "rescan"}}
BARE = {"id": uuid(3), "name": "Twin", "IAMRoleFromAnotherAccount": {"roleArn": ARN}}


def page(*items: dict[str, Any], total: int = 0) -> dict[str, Any]:
    return {"totalCount": total or len(items), "results": list(items)}


def read(client: FakeClient, **given: Any) -> list[dict[str, Any]]:
    result = iam_role_info(client.task(options_of(CONNECTION, IAM_ROLES, **given)))
    assert result["changed"] is False
    roles: list[dict[str, Any]] = result["iam_roles"]
    return roles


def test_a_role_as_newer_appliances_show_it() -> None:
    assert read(FakeClient(page(NEW))) == [
        {
            "id": uuid(1),
            "name": "Prod",
            "description": "Reads",
            "aws_account_id": "111111111111",
            "region_type": "Global",
            "permissions": ["OrganizationRescanRole"],
            "iam_role": NEW["IAMRoleFromAnotherAccount"],
            "from_another_account": True,
            "aws_role_name": "rescan",
            "arn": None,
            "other": {"isDefault": False},
        }
    ]


def test_older_names_and_what_an_arn_alone_tells() -> None:
    old, bare = read(FakeClient(page(OLD, BARE)))
    assert (old["id"], old["aws_account_id"], old["from_another_account"]) == (uuid(2), "222222222222", False)
    assert (old["description"], old["permissions"], old["other"]) == (None, None, {})
    assert (bare["arn"], bare["aws_account_id"], bare["aws_role_name"]) == (ARN, "111111111111", "rescan")


def test_a_role_of_which_nothing_is_known_but_its_name() -> None:
    (role,) = read(FakeClient(page({"id": uuid(4), "name": "x"})))
    assert (role["iam_role"], role["from_another_account"], role["arn"]) == (None, None, None)


def test_all_pages_are_read() -> None:
    items = [{"id": uuid(number), "name": str(number)} for number in range(5)]
    client = FakeClient(*(page(*items[start : start + 2], total=5) for start in (0, 2, 4)))
    assert [role["name"] for role in read(client)] == ["0", "1", "2", "3", "4"]
    assert [dict(request.query)["Offset"] for request in client.requests] == [0, 2, 4]


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"name": "Twin"}, [2, 3]),
        ({"name": "twin"}, []),
        ({"id": uuid(2)}, [2]),
        ({"id": uuid(1).upper()}, [1]),
        ({"id": uuid(9)}, []),
        ({"arn": ARN}, [1, 3]),
        ({"arn": "arn:aws:iam::222222222222:role/rescan"}, [2]),
        ({"arn": "arn:aws:iam::333333333333:role/rescan"}, []),
    ],
)
def test_the_selection_is_exact(given: dict[str, str], found: list[int]) -> None:
    client = FakeClient(page(NEW, OLD, BARE))
    assert [role["id"] for role in read(client, **given)] == [uuid(number) for number in found]
    assert "SearchPattern" not in dict(client.requests[0].query)


def test_a_search_is_the_appliances() -> None:
    client = FakeClient(page(NEW))
    assert len(read(client, search="anything")) == 1
    assert dict(client.requests[0].query)["SearchPattern"] == "anything"


@pytest.mark.parametrize("given", [{"id": "Prod"}, {"arn": "Prod"}, {"arn": "arn:aws:s3:::bucket"}])
def test_what_cannot_be_one_is_refused_before_anything_is_read(given: dict[str, str]) -> None:
    client = FakeClient()
    with pytest.raises(ApplianceError) as caught:
        read(client, **given)
    assert caught.value.reason == "invalid"
    assert client.requests == []
