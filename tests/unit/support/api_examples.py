# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One call of every method of Api, with all that it can send; what the tests of requests and of the contract share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ansible_collections.vbaws.appliance.plugins.module_utils._appliance.api import Api, NameUse, RoleUse
from ansible_collections.vbaws.appliance.plugins.module_utils._http.response import Answer
from ansible_collections.vbaws.appliance.tests.unit.support.builders import (
    ORGANIZATION_ID,
    PROD,
    ROLE_ID,
    SESSION_ID,
    wire_scope,
)
from ansible_collections.vbaws.appliance.tests.unit.support.fake_client import BASE, FakeClient, Request

SETTINGS = {
    "name": "production",
    "description": "Shops",
    "rescanIamRoleId": ROLE_ID,
    "backupRestoreIamRoleName": "backup",
    "productionWorkerIamRoleName": None,
}
NEW = {"name": "South", "includedMembers": [PROD]}
ADD = {"organization": SETTINGS, "limitedScopes": [NEW]}
MODIFY = {"organization": SETTINGS, "newLimitedScopes": [NEW], "changedLimitedScopes": [wire_scope("North", PROD)]}
CHECK_NEW = {"create": ADD, "rescanSessionId": SESSION_ID}
CHECK_OLD = {"update": {"organizationId": ORGANIZATION_ID, **MODIFY}}
SELECTION = {
    "ContainerId": ORGANIZATION_ID,
    "TypeFilter": "Unit",
    "SearchPattern": "Prod*",
}
SELECTED = (("ContainerId", ORGANIZATION_ID), ("TypeFilter", "Unit"), ("SearchPattern", "Prod*"))
SCOPE = ("LimitedScopeId", ORGANIZATION_ID)
PAGE = {"totalCount": 0, "results": []}
FILE = Answer("POST", f"{BASE}/export", 200, {"Content-Type": "text/csv"}, b"name\r\nproduction\r\n")
NOBODY = {"totalCount": 0, "identities": []}
SESSION = {"sessionId": SESSION_ID}


@dataclass(frozen=True)
class Example:
    """A call of a method, the answer it is given, the one request it must make, and what it must return."""

    method: str
    call: Callable[[Api], Any]
    answer: Any
    request: Request
    returns: Any


EXAMPLES = (
    Example(
        "rescan",
        lambda api: api.rescan(ROLE_ID, "Database", "production"),
        SESSION,
        Request(
            "POST",
            f"{BASE}/rescan",
            json={"rescanIamRoleId": ROLE_ID, "rescanStorageType": "Database"},
            repeatable=False,
            writes="update the stored structure of the AWS Organization production",
        ),
        SESSION_ID,
    ),
    Example(
        "rescan",
        lambda api: api.rescan(ROLE_ID, "InMemory", "production"),
        SESSION,
        Request(
            "POST",
            f"{BASE}/rescan",
            json={"rescanIamRoleId": ROLE_ID, "rescanStorageType": "InMemory"},
            repeatable=False,
        ),
        SESSION_ID,
    ),
    Example(
        "get_organizations",
        lambda api: api.get_organizations(search="prod*", sort=["nameAsc", "organizationIdDesc"], offset=3, limit=7),
        PAGE,
        Request(
            "GET",
            BASE,
            (
                ("SearchPattern", "prod*"),
                ("Sort", "nameAsc"),
                ("Sort", "organizationIdDesc"),
                ("Offset", 3),
                ("Limit", 7),
            ),
        ),
        ([], 0),
    ),
    Example(
        "get_organizations",
        lambda api: api.get_organizations(),
        {"totalCount": 1, "results": [{"id": "x"}]},
        Request("GET", BASE, (("Offset", 0), ("Limit", 200))),
        ([{"id": "x"}], 1),
    ),
    Example(
        "add_organization",
        lambda api: api.add_organization(ADD, "production"),
        SESSION,
        Request("POST", BASE, json=ADD, repeatable=False, writes="add the AWS Organization production"),
        SESSION_ID,
    ),
    Example(
        "get_organization",
        lambda api: api.get_organization(ORGANIZATION_ID),
        {"id": ORGANIZATION_ID},
        Request("GET", f"{BASE}/{ORGANIZATION_ID}"),
        {"id": ORGANIZATION_ID},
    ),
    Example(
        "modify_organization",
        lambda api: api.modify_organization(ORGANIZATION_ID, MODIFY, "production"),
        None,
        Request(
            "PUT",
            f"{BASE}/{ORGANIZATION_ID}",
            json=MODIFY,
            repeatable=False,
            writes="modify the AWS Organization production",
        ),
        None,
    ),
    Example(
        "modify_organization",
        lambda api: api.modify_organization(ORGANIZATION_ID, {**MODIFY, "newLimitedScopes": []}, "production"),
        None,
        Request(
            "PUT",
            f"{BASE}/{ORGANIZATION_ID}",
            json={**MODIFY, "newLimitedScopes": []},
            repeatable=True,
            writes="modify the AWS Organization production",
        ),
        None,
    ),
    Example(
        "remove_organization",
        lambda api: api.remove_organization(ORGANIZATION_ID, "production"),
        None,
        Request("DELETE", f"{BASE}/{ORGANIZATION_ID}", writes="remove the AWS Organization production"),
        None,
    ),
    Example(
        "get_rescan_results",
        lambda api: api.get_rescan_results(SESSION_ID, expand=False, included_members=[PROD], offset=2, limit=1),
        NOBODY,
        Request(
            "POST",
            f"{BASE}/rescan/{SESSION_ID}/identitiesInMemory",
            (("expandChildNodes", "false"), ("offset", 2), ("limit", 1)),
            json={"includedMembers": [PROD]},
        ),
        ([], 0, NOBODY),
    ),
    Example(
        "get_rescan_results",
        lambda api: api.get_rescan_results(SESSION_ID, **SELECTION),
        NOBODY,
        Request(
            "POST",
            f"{BASE}/rescan/{SESSION_ID}/identitiesInMemory",
            (("expandChildNodes", "true"), *SELECTED, ("offset", 0), ("limit", 200)),
        ),
        ([], 0, NOBODY),
    ),
    Example(
        "get_structure",
        lambda api: api.get_structure(ORGANIZATION_ID, LimitedScopeId=ORGANIZATION_ID, **SELECTION),
        NOBODY,
        Request(
            "POST",
            f"{BASE}/{ORGANIZATION_ID}/identitiesInDb",
            (("ExpandChildNodes", "true"), SCOPE, *SELECTED, ("offset", 0), ("limit", 200)),
        ),
        ([], 0, NOBODY),
    ),
    Example(
        "get_structure",
        lambda api: api.get_structure(ORGANIZATION_ID, ReturnAsTree=True, TypeFilter=None),
        {"tree": {"awsId": "r-prod"}},
        Request(
            "POST",
            f"{BASE}/{ORGANIZATION_ID}/identitiesInDb",
            (("ExpandChildNodes", "true"), ("ReturnAsTree", "true")),
        ),
        ([], 0, {"tree": {"awsId": "r-prod"}}),
    ),
    Example(
        "validate_removal",
        lambda api: api.validate_removal(ORGANIZATION_ID),
        [{"message": "in use"}],
        Request("POST", f"{BASE}/{ORGANIZATION_ID}/validateDelete"),
        [{"message": "in use"}],
    ),
    Example(
        "validate_removals",
        lambda api: api.validate_removals([ORGANIZATION_ID, ROLE_ID, ORGANIZATION_ID]),
        {"results": [{"message": "in use"}]},
        Request("POST", f"{BASE}/validateDelete", json={"items": [ORGANIZATION_ID, ROLE_ID]}),
        [{"message": "in use"}],
    ),
    Example(
        "test_configuration",
        lambda api: api.test_configuration(CHECK_NEW),
        SESSION,
        Request("POST", f"{BASE}/testConfiguration", json=CHECK_NEW, repeatable=False),
        SESSION_ID,
    ),
    Example(
        "export_organizations",
        lambda api: api.export_organizations("text/csv"),
        FILE,
        Request("POST", f"{BASE}/export", accept="text/csv"),
        FILE,
    ),
    Example(
        "check_adding",
        lambda api: api.check_adding(ROLE_ID),
        {"isRescanIamRoleValid": True},
        Request("POST", f"{BASE}/checkOrganizationExists", json={"rescanIamRoleId": ROLE_ID}),
        RoleUse(True, None),
    ),
    Example(
        "validate_name",
        lambda api: api.validate_name("eu"),
        {"isValid": True, "isUnique": False},
        Request("POST", f"{BASE}/validateName", json={"organizationName": "eu"}),
        NameUse(True, False),
    ),
    Example(
        "validate_settings",
        lambda api: api.validate_settings(CHECK_OLD),
        None,
        Request("POST", f"{BASE}/validateOrganization", json=CHECK_OLD),
        [],
    ),
    Example(
        "get_session",
        lambda api: api.get_session(SESSION_ID),
        {"status": "Running"},
        Request("GET", f"/sessions/{SESSION_ID}"),
        {"status": "Running"},
    ),
    Example(
        "get_session_log",
        lambda api: api.get_session_log(SESSION_ID),
        {"log": [{"message": "m"}]},
        Request("GET", f"/sessions/{SESSION_ID}/log"),
        [{"message": "m"}],
    ),
    Example(
        "get_version",
        lambda api: api.get_version(),
        {"version": " 9.0.0.1 "},
        Request("GET", "/system/version"),
        {"version": " 9.0.0.1 "},
    ),
    Example(
        "get_iam_roles",
        lambda api: api.get_iam_roles(search="prod"),
        PAGE,
        Request("GET", "/accounts/amazon", (("SearchPattern", "prod"), ("Offset", 0), ("Limit", 200))),
        [],
    ),
    Example(
        "get_iam_roles",
        lambda api: api.get_iam_roles(),
        PAGE,
        Request("GET", "/accounts/amazon", (("Offset", 0), ("Limit", 200))),
        [],
    ),
)


def made_request(example: Example) -> tuple[Request, Any]:
    """The one request that the example makes, and what its method returned."""
    client = FakeClient(example.answer)
    returned = example.call(client.api())
    (request,) = client.requests
    return request, returned
