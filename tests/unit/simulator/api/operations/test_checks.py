# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The calls that check and change nothing."""

from __future__ import annotations

from typing import Any

import pytest

ORGANIZATIONS = "/organizations/amazon"
NOBODY = "00000000-0000-4000-8000-000000000000"


@pytest.mark.parametrize(
    ("name", "valid"), [("fresh", True), ("x" * 127, True), ("x" * 128, False), ("", False), ("Twin", False)]
)
def test_name(client: Any, name: str, valid: bool) -> None:
    answer = client.call("POST", f"{ORGANIZATIONS}/validateName", json={"organizationName": name})
    assert answer == {"isValid": valid, "isUnique": True}


def test_name_that_is_taken(client: Any) -> None:
    client.add()
    answer = client.call("POST", f"{ORGANIZATIONS}/validateName", json={"organizationName": "production"})
    assert answer == {"isValid": True, "isUnique": False}


def test_check_adding(client: Any) -> None:
    roles = client.roles()

    def check(role: str, expected: int = 200) -> Any:
        body = {"rescanIamRoleId": role}
        return client.call("POST", f"{ORGANIZATIONS}/checkOrganizationExists", expected, json=body)

    assert check(roles["prod-rescan"]) == {"isRescanIamRoleValid": True, "conflictingOrganizationId": None}
    assert check(roles["plain-backup"]) == {"isRescanIamRoleValid": False, "conflictingOrganizationId": None}
    added = client.add()
    assert check(roles["prod-rescan-delegate"])["conflictingOrganizationId"] == added["id"]
    check(NOBODY, 404)


def settings_of(client: Any, role: str = "prod-rescan", units: Any = None, **values: Any) -> dict[str, Any]:
    scopes = [] if units is None else [client.scope(name="one", organizational_units=units)]
    return {"organization": client.spec(rescan_iam_role=client.roles()[role], **values), "limitedScopes": scopes}


def in_memory(client: Any) -> str:
    body = {"rescanIamRoleId": client.roles()["prod-rescan"], "rescanStorageType": "InMemory"}
    return str(client.wait(client.send("POST", f"{ORGANIZATIONS}/rescan", json=body))["id"])


def findings(client: Any, expected: int = 200, **body: Any) -> Any:
    return client.call("POST", f"{ORGANIZATIONS}/validateOrganization", expected, json=body)


def test_good_settings_of_a_new_organization(client: Any) -> None:
    session = in_memory(client)
    units = ["ou-prod-workload"]
    assert findings(client, create=settings_of(client, units=units), rescanSessionId=session) == []


def test_bad_settings_of_a_new_organization(client: Any) -> None:
    session = in_memory(client)
    create = settings_of(client, "plain-backup", ["ou-prod-nowhere0", "100000000003"], name="Twin")
    found = findings(client, create=create, rescanSessionId=session)
    errors = [item for item in found if item["severity"] == "Error"]
    assert [item["contextId"] for item in errors] == [None, None, "ou-prod-nowhere0", "100000000003"]
    assert "name of an IAM role" in errors[0]["message"]
    assert "cannot read" in errors[1]["message"]


def test_roles_that_accounts_lack_are_warnings(client: Any) -> None:
    session = in_memory(client)
    (item,) = findings(client, create=settings_of(client), rescanSessionId=session)
    assert (item["contextId"], item["severity"]) == ("100000000009", "Warning")
    workers = settings_of(client, units=["ou-prod-wrktest0"], production_worker_iam_role_name="Nobody")
    assert len(findings(client, create=workers, rescanSessionId=session)) == 2


def test_units_cannot_be_checked_without_a_structure(client: Any) -> None:
    (item,) = findings(client, create=settings_of(client, units=["ou-prod-nowhere0"]))
    assert item["severity"] == "Warning"
    assert findings(client, create=settings_of(client)) == []


def test_settings_of_an_update(client: Any, appliance: Any) -> None:
    added = client.add([client.scope(name="Work", organizational_units=["ou-prod-workload"])])
    appliance.control("POST", "/policies", {"organization": "production", "limited_scope": "Work"})
    spec = client.spec(rescan_iam_role=added["rescanIamRoleId"])
    good = {"organizationId": added["id"], "organization": spec, "changedLimitedScopes": added["limitedScopes"]}
    assert findings(client, update=good) == []
    bad = {
        "organizationId": added["id"],
        "organization": {**spec, "rescanIamRoleId": client.roles()["subsidiary-rescan"]},
        "newLimitedScopes": [client.scope(name="x", organizational_units=["ou-subs-shops000"])],
    }
    messages = [item["message"] for item in findings(client, update=bad) if item["severity"] == "Error"]
    assert ["does not belong" in messages[0], "Daily" in messages[1], "ou-subs-shops000" in messages[2]] == [True] * 3


def test_either_create_or_update(client: Any) -> None:
    create = settings_of(client)
    findings(client, 400)
    update = {"organizationId": NOBODY, "organization": create["organization"]}
    findings(client, 400, create=create, update=update)
    findings(client, 404, update=update)
    findings(client, 404, create=create, rescanSessionId=NOBODY)


@pytest.mark.parametrize(
    ("units", "roles", "status", "messages"),
    [
        (["ou-prod-workload"], {}, "Succeeded", ["can read", "exists in all 6"]),
        (None, {}, "Warning", ["can read", "does not exist in 100000000009"]),
        (
            ["ou-prod-wrktest0"],
            {"backup_restore_iam_role_name": "Nobody"},
            "Failed",
            ["can read", "Nobody", "No covered"],
        ),
        (
            ["ou-prod-wrktest0"],
            {"production_worker_iam_role_name": "Nobody"},
            "Failed",
            ["can read", "exists in all 2", "Nobody", "No covered"],
        ),
    ],
)
def test_configuration(
    client: Any, appliance: Any, units: Any, roles: dict[str, str], status: str, messages: list[str]
) -> None:
    body = {"create": settings_of(client, units=units, **roles), "rescanSessionId": in_memory(client)}
    ended = client.wait(client.send("POST", f"{ORGANIZATIONS}/testConfiguration", json=body))
    assert ended["status"] == status
    log = client.call("GET", f"/sessions/{ended['id']}/log")["log"]
    assert len(log) == len(messages)
    assert all(wanted in item["message"] for wanted, item in zip(messages, log, strict=True))
    assert appliance.state()["organizations"] == []


def test_configuration_of_an_update_and_of_a_bad_role(client: Any) -> None:
    added = client.add()
    spec = client.spec(rescan_iam_role=client.roles()["plain-backup"])
    body = {"update": {"organizationId": added["id"], "organization": spec}}
    ended = client.wait(client.send("POST", f"{ORGANIZATIONS}/testConfiguration", json=body))
    assert (ended["status"], "plain-backup" in ended["reason"]) == ("Failed", True)
