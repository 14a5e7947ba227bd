# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The control endpoint: the request log, the state, and what happens behind the back of the API."""

from __future__ import annotations

from typing import Any

import pytest
import requests


def test_request_log(connect: Any, appliance: Any) -> None:
    client = connect()
    client.log_in()
    client.call("GET", "/organizations/amazon", params={"Sort": ["nameAsc", "scopeDesc"], "Limit": 5})
    client.call("POST", "/organizations/amazon/validateName", json={"organizationName": "x"})
    token, listing, check = appliance.requests()
    assert (token["n"], token["method"], token["path"], token["status"]) == (1, "POST", "/api/v1/token", 200)
    assert token["body"] == {"grant_type": "password", "username": appliance.username, "password": "***"}
    assert "authorization" not in token["headers"]
    assert listing["query"] == {"Sort": ["nameAsc", "scopeDesc"], "Limit": "5"}
    assert listing["headers"]["authorization"] == "Bearer"
    assert listing["headers"]["x-api-version"] == "1.7-rev0"
    assert listing["body"] is None
    assert check["body"] == {"organizationName": "x"}
    assert [one["connection"] for one in (token, listing, check)] == [1, 1, 1]
    assert appliance.password not in str(appliance.requests())
    appliance.control("DELETE", "/requests")
    assert appliance.requests() == []


def test_connections_are_counted(connect: Any, appliance: Any) -> None:
    assert appliance.state()["connections"] == 0
    for number in (1, 2):
        client = connect()
        client.log_in()
        client.call("GET", "/system/version")
        assert appliance.state()["connections"] == number
    assert [one["connection"] for one in appliance.requests()] == [1, 1, 2, 2]
    requests.get(appliance.facts["control"] + "/state", verify=appliance.ca_file, timeout=5)
    assert appliance.state()["connections"] == 2
    appliance.control("DELETE", "/requests")
    assert appliance.state()["connections"] == 0


def test_changes_behind_the_back(client: Any, appliance: Any) -> None:
    added = client.add([client.scope(name="Work", organizational_units=["ou-prod-workload"])])
    address = f"/organizations/amazon/{added['id']}"
    changed = appliance.control(
        "PATCH",
        "/organizations/production",
        {
            "name": "prod",
            "description": "by a colleague",
            "backup_restore_iam_role_name": "Other",
            "production_worker_iam_role_name": "Worker",
            "rescan_iam_role": "prod-rescan-delegate",
            "limited_scopes": [
                {"name": "Work", "organizational_units": ["ou-prod-sandbox0"]},
                {"name": "Audit", "organizational_units": ["ou-prod-secaudit"]},
            ],
        },
    )
    read = client.call("GET", address)
    assert (read["name"], read["description"]) == ("prod", "by a colleague")
    assert (read["backupRestoreIamRoleName"], read["productionWorkerIamRoleName"]) == ("Other", "Worker")
    assert read["rescanIamRoleId"] == changed["rescan_iam_role_id"] == client.roles()["prod-rescan-delegate"]
    assert [one["name"] for one in read["limitedScopes"]] == ["Work", "Audit"]
    assert read["limitedScopes"][0]["id"] == added["limitedScopes"][0]["id"]
    assert appliance.state()["organizations"] == [changed]
    appliance.control("DELETE", f"/organizations/{added['id']}")
    client.call("GET", address, 404)


def test_organization_added_behind_the_back_has_its_structure(client: Any, appliance: Any) -> None:
    wanted = {"name": "theirs", "rescan_iam_role": "research-rescan", "backup_restore_iam_role_name": "x"}
    added = appliance.control("POST", "/organizations", wanted)
    address = f"/organizations/amazon/{added['id']}/identitiesInDb"
    assert len(client.identities(address, ExpandChildNodes="true")) == 6


def test_roles_come_and_go(client: Any, appliance: Any) -> None:
    appliance.control(
        "POST", "/roles", {"name": "new", "awsAccountId": "100000000001", "aws_organization": "o-prod000001"}
    )
    body = {"rescanIamRoleId": client.roles()["new"]}
    answer = client.call("POST", "/organizations/amazon/checkOrganizationExists", json=body)
    assert answer["isRescanIamRoleValid"] is True
    assert appliance.control("PATCH", "/roles/new", {"trusted": False})["trusted"] is False
    answer = client.call("POST", "/organizations/amazon/checkOrganizationExists", json=body)
    assert answer["isRescanIamRoleValid"] is False
    appliance.control("DELETE", "/roles/new")
    assert "new" not in client.roles()


def test_policies_are_removed_one_by_one_or_all(client: Any, appliance: Any) -> None:
    added = client.add()
    for policy in ("Daily", "Weekly", "Monthly"):
        appliance.control("POST", "/policies", {"organization": "production", "policy": policy})
    address = f"/organizations/amazon/{added['id']}/validateDelete"
    appliance.control("DELETE", "/policies", {"policy": "Weekly"})
    assert len(client.call("POST", address)) == 2
    assert appliance.state()["organizations"][0]["policies"] == ["Daily", "Monthly"]
    appliance.control("DELETE", "/policies")
    assert client.call("POST", address) == []


def test_reset(client: Any, appliance: Any) -> None:
    roles = client.roles()
    client.add()
    appliance.control("POST", "/faults", {"kind": "html"})
    appliance.control("POST", "/eula", {"accepted": False})
    appliance.control("POST", "/settings", {"expires_in": 1})
    appliance.reset()
    client.call("GET", "/system/version", 401)
    client.log_in()
    assert client.roles() == roles
    assert client.call("GET", "/organizations/amazon")["totalCount"] == 0
    appliance.reset(seed=2)
    client.log_in()
    assert set(client.roles().values()).isdisjoint(roles.values())
    appliance.reset()
    client.log_in()
    assert client.roles() == roles


def test_reset_to_another_shape_and_back(appliance: Any) -> None:
    appliance.reset(shape="random", seed=4)
    assert appliance.state()["shape"] == appliance.facts["shape"]
    assert appliance.facts["seed"] == 4
    drawn = appliance.facts["shape"]
    appliance.reset(shape="random", seed=4)
    assert appliance.facts["shape"] == drawn
    appliance.reset()
    assert appliance.facts["shape"]["names"] == {}


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/nothing", None),
        ("POST", "/reset", {"colour": "red"}),
        ("POST", "/reset", {"shape": {"colour": "red"}}),
        ("POST", "/reset", {"shape": "square"}),
        ("POST", "/reset", {"product": "8"}),
        ("PATCH", "/organizations/nobody", {"name": "x"}),
        ("POST", "/policies", {"organization": "nobody"}),
        ("POST", "/settings", {"colour": "red"}),
        ("POST", "/organizations", {"name": "x", "rescan_iam_role": "Twin", "backup_restore_iam_role_name": "x"}),
        ("PATCH", "/aws/o-nobody", {}),
        ("PATCH", "/aws/o-prod000001", {"colour": "red"}),
        ("PATCH", "/aws/o-prod000001", {"move": [{"id": "ou-prod-security", "parent": "ou-prod-secaudit"}]}),
        ("PATCH", "/aws/o-prod000001", {"move": [{"id": "ou-prod-security", "parent": "100000000001"}]}),
        ("POST", "/eula", []),
    ],
)
def test_what_cannot_be(appliance: Any, method: str, path: str, body: Any) -> None:
    before = appliance.state()
    with pytest.raises(RuntimeError):
        appliance.control(method, path, body)
    after = appliance.state()
    assert {**after, "connections": 0} == {**before, "connections": 0}
