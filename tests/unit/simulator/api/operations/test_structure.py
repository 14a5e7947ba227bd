# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rescans, and the calls that read what they found."""

from __future__ import annotations

from typing import Any

import pytest

ORGANIZATIONS = "/organizations/amazon"


def rescan(client: Any, role: str = "prod-rescan", storage: str = "InMemory") -> dict[str, Any]:
    body = {"rescanIamRoleId": client.roles()[role], "rescanStorageType": storage}
    state: dict[str, Any] = client.wait(client.send("POST", f"{ORGANIZATIONS}/rescan", json=body))
    return state


def paths(node: dict[str, Any], above: str = "") -> list[str]:
    own = f"{above}/{node['name']}"
    return [own, *(path for child in node.get("children", ()) for path in paths(child, own))]


@pytest.fixture
def in_memory(client: Any) -> str:
    return f"{ORGANIZATIONS}/rescan/{rescan(client)['id']}/identitiesInMemory"


def test_session_goes_through_its_states(client: Any, appliance: Any) -> None:
    appliance.control("POST", "/settings", {"session_seconds": 0.3})
    body = {"rescanIamRoleId": client.roles()["prod-rescan"], "rescanStorageType": "InMemory"}
    answer = client.send("POST", f"{ORGANIZATIONS}/rescan", json=body)
    session = client.session_of(answer)
    assert answer.json()["_links"][0]["href"].endswith(f"/sessions/{session}")
    first = client.call("GET", f"/sessions/{session}")
    assert (first["status"], first["result"], first["executionStartTime"]) == ("NeverExecuted", "Running", None)
    client.call("POST", f"{ORGANIZATIONS}/rescan/{session}/identitiesInMemory", 404)
    seen = {first["status"]}
    while "Succeeded" not in seen:
        seen.add(client.call("GET", f"/sessions/{session}")["status"])
    assert seen == {"NeverExecuted", "Running", "Succeeded"}
    last = client.call("GET", f"/sessions/{session}")
    assert (last["result"], last["reason"], last["executionDuration"]) == ("Success", None, "00:00:00.240")
    assert last["executionStopTime"].endswith("Z")
    log = client.call("GET", f"/sessions/{session}/log")
    assert log["sessionId"] == session
    assert [item["status"] for item in log["log"]] == ["Success"]


def test_unknown_session(client: Any) -> None:
    nobody = "00000000-0000-4000-8000-000000000000"
    client.call("GET", f"/sessions/{nobody}", 404)
    client.call("GET", f"/sessions/{nobody}/log", 404)
    client.call("POST", f"{ORGANIZATIONS}/rescan/{nobody}/identitiesInMemory", 404)
    client.call("GET", "/sessions/x", 400)


def test_only_the_top_without_child_nodes(client: Any, in_memory: str) -> None:
    answer = client.call("POST", in_memory)
    (root,) = answer["identities"]
    assert root == {"id": None, "awsId": "r-prod", "name": "Root", "type": "Unit", "parentId": None}
    assert (answer["totalCount"], answer["statistics"]) == (1, {"unitsCount": 1, "accountsCount": 0})


def test_whole_structure(client: Any, in_memory: str) -> None:
    answer = client.call("POST", in_memory, params={"expandChildNodes": "true"})
    assert answer["totalCount"] == len(answer["identities"]) == 22
    assert answer["statistics"] == {"unitsCount": 8, "accountsCount": 14}
    assert answer["tree"] is None
    assert {one["parentId"] for one in answer["identities"] if one["name"] == "audit"} == {"ou-prod-secaudit"}


def test_tree(client: Any, in_memory: str) -> None:
    answer = client.call("POST", in_memory, params={"expandChildNodes": "true", "ReturnAsTree": "true"})
    found = paths(answer["tree"])
    assert len(found) == answer["totalCount"] == 22
    assert "/Root/Workloads/Prod/shop-prod" in found
    assert "/Root/R/D" in found
    assert answer["identities"] == []


def test_choices(client: Any, in_memory: str) -> None:
    def found(body: Any = None, **query: str) -> list[str]:
        page = client.call("POST", in_memory, params={"expandChildNodes": "true", **query}, json=body)
        return [one["name"] for one in page["identities"]]

    assert found(ContainerId="ou-prod-security") == ["Security", "security-tooling", "Audit", "log-archive", "audit"]
    assert found(ContainerId="ou-prod-security", TypeFilter="Unit") == ["Security", "Audit"]
    assert found(SearchPattern="SHOP", TypeFilter="Account") == ["shop-prod", "shop-test"]
    assert found({"includedMembers": ["ou-prod-wrktest0"]}) == ["Test", "shop-test", "billing-test"]
    assert found(limit="2", offset="1") == ["management", "Workloads"]
    two = {"includedMembers": ["ou-prod-secaudit", "ou-prod-wrktest0"]}
    assert found(two, TypeFilter="Unit") == ["Test", "Audit"]
    tree = client.call("POST", in_memory, json=two, params={"expandChildNodes": "true", "ReturnAsTree": "true"})
    assert paths(tree["tree"])[:3] == ["/Root", "/Root/Workloads", "/Root/Workloads/Test"]
    assert tree["totalCount"] == 6
    client.call("POST", in_memory, 404, params={"ContainerId": "ou-prod-nowhere0"})
    client.call("POST", in_memory, 400, params={"ContainerId": "100000000003"})
    client.call("POST", in_memory, 404, json={"includedMembers": ["ou-prod-nowhere0"]})
    client.call("POST", in_memory, 400, json={})
    client.call("POST", in_memory, 400, params={"TypeFilter": "Root"})


def test_rescan_with_a_role_of_no_organization(client: Any) -> None:
    ended = rescan(client, "plain-backup")
    assert (ended["status"], "plain-backup" in ended["reason"]) == ("Failed", True)
    client.call("POST", f"{ORGANIZATIONS}/rescan/{ended['id']}/identitiesInMemory", 404)


def test_rescan_into_the_database_needs_the_organization(client: Any) -> None:
    body = {"rescanIamRoleId": client.roles()["prod-rescan"], "rescanStorageType": "Database"}
    client.call("POST", f"{ORGANIZATIONS}/rescan", 400, json=body)
    unknown = {"rescanIamRoleId": "00000000-0000-4000-8000-000000000000", "rescanStorageType": "InMemory"}
    client.call("POST", f"{ORGANIZATIONS}/rescan", 404, json=unknown)
    client.call("POST", f"{ORGANIZATIONS}/rescan", 400, json={**body, "rescanStorageType": "Tape"})


def test_stored_structure_follows_a_rescan(client: Any, appliance: Any) -> None:
    added = client.add([client.scope(name="Work", organizational_units=["ou-prod-workload"])])
    address = f"{ORGANIZATIONS}/{added['id']}/identitiesInDb"

    def stored(**query: str) -> dict[str, dict[str, Any]]:
        return {one["awsId"]: one for one in client.identities(address, ExpandChildNodes="true", **query)}

    before = stored()
    assert all(one["id"] for one in before.values())
    changes = {
        "add": [
            {"id": "ou-prod-newunit0", "name": "New", "parent": "r-prod"},
            {"id": "100000000099", "name": "new", "parent": "ou-prod-newunit0"},
        ],
        "move": [{"id": "100000000003", "parent": "ou-prod-newunit0"}],
        "rename": [{"id": "ou-prod-sandbox0", "name": "Playground"}],
        "drop": ["ou-prod-security"],
    }
    appliance.control("PATCH", "/aws/o-prod000001", changes)
    assert stored() == before
    assert rescan(client, storage="Database")["status"] == "Succeeded"
    after = stored()
    assert set(before) - set(after) == {
        "ou-prod-security",
        "100000000010",
        "ou-prod-secaudit",
        "100000000011",
        "100000000012",
    }
    assert set(after) - set(before) == {"ou-prod-newunit0", "100000000099"}
    assert after["100000000003"]["parentId"] == "ou-prod-newunit0"
    assert after["ou-prod-sandbox0"]["name"] == "Playground"
    assert all(after[aws_id]["id"] == before[aws_id]["id"] for aws_id in set(after) & set(before))
    scope = added["limitedScopes"][0]["id"]
    assert set(stored(LimitedScopeId=scope)) == {
        "ou-prod-workload",
        "100000000002",
        "ou-prod-wrkprod0",
        "100000000004",
        "100000000005",
        "ou-prod-wrktest0",
        "100000000006",
        "100000000007",
    }
    members = client.call("POST", address, params={"LimitedScopeId": scope})["identities"]
    assert [one["awsId"] for one in members] == ["ou-prod-workload"]
    unit = after["ou-prod-wrktest0"]["id"]
    assert len(stored(ContainerId=unit)) == 3
    assert len(stored(LimitedScopeId=scope, ContainerId=unit)) == 3
    outside = after["ou-prod-newunit0"]["id"]
    client.call("POST", address, 404, params={"LimitedScopeId": scope, "ContainerId": outside})
    client.call("POST", address, 404, params={"LimitedScopeId": unit})
    client.call("POST", address, 400, params={"ContainerId": "ou-prod-wrktest0"})


def test_parent_as_system_id(appliance: Any, connect: Any) -> None:
    appliance.reset(shape={"parent_id": "system"})
    client = connect()
    client.log_in()
    added = client.add()
    found = client.identities(f"{ORGANIZATIONS}/{added['id']}/identitiesInDb", ExpandChildNodes="true")
    ids = {one["awsId"]: one["id"] for one in found}
    parents = {one["awsId"]: one["parentId"] for one in found}
    assert parents["ou-prod-wrktest0"] == ids["ou-prod-workload"]
    assert parents["r-prod"] is None
