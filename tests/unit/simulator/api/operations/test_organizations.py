# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Adding, reading, modifying and removing organizations, on the documented shape."""

from __future__ import annotations

import csv
import io
from typing import Any
from xml.etree import ElementTree

import pytest

ORGANIZATIONS = "/organizations/amazon"


def workloads(client: Any, **changes: Any) -> dict[str, Any]:
    scope: dict[str, Any] = client.scope(name="Workloads", organizational_units=["ou-prod-workload"])
    return {**scope, **changes}


def read_form(client: Any, organization: dict[str, Any]) -> dict[str, Any]:
    return dict(client.call("GET", f"{ORGANIZATIONS}/{organization['id']}"))


def put(client: Any, before: dict[str, Any], expected: int = 200, **parts: Any) -> Any:
    settings = ("name", "description", "rescanIamRoleId", "backupRestoreIamRoleName", "productionWorkerIamRoleName")
    body = {
        "organization": {key: before[key] for key in settings},
        "changedLimitedScopes": before["limitedScopes"],
        **parts,
    }
    return client.call("PUT", f"{ORGANIZATIONS}/{before['id']}", expected, json=body)


def test_added_organization_is_read_back(client: Any) -> None:
    role = client.roles()["prod-rescan"]
    added = client.add([workloads(client)], description="All that earns money")
    assert read_form(client, added) == added
    assert added == {
        "id": added["id"],
        "awsOrganizationId": "o-prod000001",
        "name": "production",
        "description": "All that earns money",
        "rescanIamRoleId": role,
        "backupRestoreIamRoleName": "VeeamBackupRestore",
        "productionWorkerIamRoleName": None,
        "limitedScopes": [
            {"id": added["limitedScopes"][0]["id"], "name": "Workloads", "includedMembers": ["ou-prod-workload"]}
        ],
    }


@pytest.mark.parametrize(
    ("changes", "details"),
    [
        ({"name": ""}, "non-empty"),
        ({"name": "x" * 128}, "too long"),
        ({"name": "Prod-Backup"}, "name of an IAM role"),
        ({"description": "x" * 256}, "too long"),
        ({"backupRestoreIamRoleName": None}, "None is not of type"),
        ({"rescanIamRoleId": "prod-rescan"}, "uuid"),
        ({"rescanIamRoleId": "00000000-0000-4000-8000-000000000000"}, "does not exist"),
    ],
)
def test_refused_add(client: Any, appliance: Any, changes: dict[str, Any], details: str) -> None:
    spec = {**client.spec(rescan_iam_role=client.roles()["prod-rescan"]), **changes}
    problem = client.call("POST", ORGANIZATIONS, 400, json={"organization": spec})
    assert details in problem["details"]
    assert appliance.state()["sessions"] == []


def test_name_of_127_characters_is_fine(client: Any) -> None:
    client.add(name="x" * 127)


def test_name_is_reserved_while_an_add_runs(client: Any, appliance: Any) -> None:
    appliance.control("POST", "/settings", {"session_seconds": 60})
    roles = client.roles()
    first = {"organization": client.spec(rescan_iam_role=roles["prod-rescan"])}
    client.call("POST", ORGANIZATIONS, 202, json=first)
    answer = client.call("POST", f"{ORGANIZATIONS}/validateName", json={"organizationName": "production"})
    assert answer == {"isValid": True, "isUnique": False}
    second = {"organization": client.spec(rescan_iam_role=roles["subsidiary-rescan"])}
    assert "not unique" in client.call("POST", ORGANIZATIONS, 400, json=second)["details"]
    assert client.call("GET", ORGANIZATIONS)["totalCount"] == 0


def test_same_aws_organization_twice(client: Any) -> None:
    client.add()
    spec = client.spec(name="again", rescan_iam_role=client.roles()["prod-rescan-delegate"])
    assert "was added before" in client.call("POST", ORGANIZATIONS, 400, json={"organization": spec})["details"]


@pytest.mark.parametrize(
    ("role", "scopes", "meanwhile", "reason"),
    [
        ("prod-rescan", [["ou-prod-nowhere0"]], None, "ou-prod-nowhere0"),
        ("prod-rescan", [["100000000003"]], None, "100000000003"),
        ("plain-backup", [], None, "cannot read an AWS Organization"),
        ("prod-rescan", [], {"name": "production", "rescan_iam_role": "subsidiary-rescan"}, "in the meantime"),
        ("prod-rescan", [], {"name": "quicker", "rescan_iam_role": "prod-rescan"}, "in the meantime"),
    ],
)
def test_add_that_fails_in_its_session(
    client: Any, appliance: Any, role: str, scopes: list[list[str]], meanwhile: Any, reason: str
) -> None:
    body = {
        "organization": client.spec(rescan_iam_role=client.roles()[role]),
        "limitedScopes": [client.scope(name="one", organizational_units=units) for units in scopes],
    }
    if meanwhile:  # which takes a busy machine longer than a session of this appliance
        appliance.control("POST", "/settings", {"session_seconds": 1})
    answer = client.send("POST", ORGANIZATIONS, json=body)
    if meanwhile:
        appliance.control("POST", "/organizations", {**meanwhile, "backup_restore_iam_role_name": "x"})
    ended = client.wait(answer)
    assert (ended["status"], ended["result"]) == ("Failed", "Failed")
    assert reason in ended["reason"]
    log = client.call("GET", f"/sessions/{ended['id']}/log")["log"]
    assert (log[-1]["status"], log[-1]["message"]) == ("Error", ended["reason"])
    names = [one["name"] for one in appliance.state()["organizations"]]
    assert names == ([meanwhile["name"]] if meanwhile else [])


def test_put_replaces(client: Any) -> None:
    added = client.add(
        [workloads(client)], description="before", production_worker_iam_role_name="VeeamProductionWorker"
    )
    scope = added["limitedScopes"][0]
    renamed = {**scope, "name": "Work", "includedMembers": ["ou-prod-wrkprod0", "ou-prod-wrktest0"]}
    new = client.scope(name="Security", organizational_units=["ou-prod-security"])
    spec = client.spec(name="prod", rescan_iam_role=client.roles()["prod-rescan-delegate"])
    body = {"organization": {**spec, "nobodyKnows": 1}, "newLimitedScopes": [new], "changedLimitedScopes": [renamed]}
    answer = client.call("PUT", f"{ORGANIZATIONS}/{added['id']}", json=body)
    assert answer == read_form(client, added)
    assert (answer["name"], answer["description"], answer["productionWorkerIamRoleName"]) == ("prod", None, None)
    assert answer["rescanIamRoleId"] == spec["rescanIamRoleId"]
    assert [(one["name"], one["includedMembers"]) for one in answer["limitedScopes"]] == [
        ("Work", ["ou-prod-wrkprod0", "ou-prod-wrktest0"]),
        ("Security", ["ou-prod-security"]),
    ]
    assert answer["limitedScopes"][0]["id"] == scope["id"]
    assert "nobodyKnows" not in answer


def test_put_drops_what_it_does_not_name(client: Any) -> None:
    added = client.add([workloads(client)])
    assert put(client, added, changedLimitedScopes=[])["limitedScopes"] == []


def test_put_keeps_what_it_does_not_name_on_such_an_appliance(client: Any, appliance: Any, connect: Any) -> None:
    appliance.reset(shape={"keeps_dropped_scopes": True})
    client = connect()
    client.log_in()
    added = client.add([workloads(client)])
    assert put(client, added, changedLimitedScopes=[])["limitedScopes"] == added["limitedScopes"]


@pytest.mark.parametrize("missing", ["name", "rescanIamRoleId", "backupRestoreIamRoleName"])
def test_put_without_a_required_property(client: Any, missing: str) -> None:
    added = client.add()
    spec = {key: added[key] for key in ("name", "rescanIamRoleId", "backupRestoreIamRoleName") if key != missing}
    assert missing in put(client, added, 400, organization=spec)["details"]
    assert read_form(client, added) == added


def test_put_that_is_refused_changes_nothing(client: Any, appliance: Any) -> None:
    added = client.add([workloads(client)])
    other = {"name": "other", "rescan_iam_role": "subsidiary-rescan", "backup_restore_iam_role_name": "x"}
    appliance.control("POST", "/organizations", other)
    spec = {key: added[key] for key in ("name", "rescanIamRoleId", "backupRestoreIamRoleName")}
    scope = added["limitedScopes"][0]
    roles = client.roles()
    refused: list[tuple[dict[str, Any], str]] = [
        ({"organization": {**spec, "name": "other"}}, "not unique"),
        ({"organization": {**spec, "name": "Twin"}}, "name of an IAM role"),
        ({"organization": {**spec, "rescanIamRoleId": roles["subsidiary-rescan"]}}, "does not belong"),
        ({"changedLimitedScopes": [{**scope, "includedMembers": ["ou-subs-shops000"]}]}, "no organizational units"),
        ({"changedLimitedScopes": [{**scope, "includedMembers": []}]}, "includedMembers"),
        ({"changedLimitedScopes": [{**scope, "id": added["id"]}]}, "does not exist"),
        ({"newLimitedScopes": [workloads(client)]}, "More than one limited scope"),
        ({"newLimitedScopes": [workloads(client), workloads(client)]}, "non-unique"),
    ]
    for parts, details in refused:
        assert details in put(client, added, 400, **parts)["details"]
    assert read_form(client, added) == added


def test_policies_block(client: Any, appliance: Any) -> None:
    added = client.add([workloads(client)])
    address = f"{ORGANIZATIONS}/{added['id']}"
    assert client.call("POST", f"{address}/validateDelete") == []
    appliance.control(
        "POST", "/policies", {"organization": "production", "limited_scope": "Workloads", "policy": "Daily"}
    )
    (item,) = client.call("POST", f"{address}/validateDelete")
    assert (item["contextId"], item["severity"]) == (added["id"], "Error")
    assert '"Daily"' in item["message"]
    several = client.call("POST", f"{ORGANIZATIONS}/validateDelete", json={"items": [added["id"]]})
    assert several == {"results": [item]}
    assert '"Daily"' in client.call("DELETE", address, 400)["details"]
    assert '"Daily"' in put(client, added, 400, changedLimitedScopes=[])["details"]
    put(client, added, description="what is used may be changed")
    appliance.control("DELETE", "/policies", {"policy": "Daily"})
    client.call("DELETE", address, 204)
    client.call("GET", address, 404)
    client.call("DELETE", address, 404)
    client.call("POST", f"{address}/validateDelete", 404)
    client.call("POST", f"{ORGANIZATIONS}/validateDelete", 404, json={"items": [added["id"]]})


def test_export(client: Any) -> None:
    client.add([workloads(client)], name='a "quoted", name', description="<&>")
    text = client.send("POST", f"{ORGANIZATIONS}/export", headers={"Accept": "text/csv"})
    assert text.headers["Content-Type"].startswith("text/csv")
    (row,) = csv.DictReader(io.StringIO(text.text))
    wanted = {
        "Name": 'a "quoted", name',
        "OrganizationId": "o-prod000001",
        "IamRole": "prod-rescan",
        "Scope": "limited",
        "Description": "<&>",
    }
    assert row == wanted
    xml = client.send("POST", f"{ORGANIZATIONS}/export", headers={"Accept": "application/xml"})
    assert xml.headers["Content-Type"].startswith("application/xml")
    (element,) = ElementTree.fromstring(xml.content)  # noqa: S314  (our own answer)
    assert {child.tag: child.text for child in element} == wanted
