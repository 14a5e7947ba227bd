# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The contract file: complete, and every fact with its source. And the simulator is really held to it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest
from openapi_spec_validator import validate

from simulator.api.contract import derived
from simulator.api.wire_out import WireOut
from simulator.state.appliance import Appliance, Start
from simulator.state.names import ALTERNATIVES, DOCUMENTED, contract
from simulator.state.settings import users
from simulator.state.shape import Shape
from simulator.state.worlds import DEFAULT, load
from simulator.web.application import build

TITLES = {
    "rescan": "Perform Rescan of AWS Organization Structure",
    "get_organizations": "Get Collection of AWS Organizations",
    "add_organization": "Add AWS Organization",
    "get_organization": "Get AWS Organization Data",
    "modify_organization": "Modify AWS Organization",
    "remove_organization": "Remove AWS Organization",
    "get_rescan_results": "Get AWS Organization Structure Rescan Results",
    "get_structure": "Get Structure of AWS Organization Added to Veeam Backup for AWS",
    "validate_removal": "Validate Removing of AWS Organization",
    "validate_removals": "Validate Removing of Multiple AWS Organizations",
    "test_configuration": "Check AWS Organization Configuration",
    "export_organizations": "Export Collection of AWS Organizations",
    "check_adding": "Check Adding AWS Organization",
    "validate_name": "Validate AWS Organization Name",
    "validate_settings": "Validate AWS Organization Settings",
}
OTHERS = {"get_token", "revoke_token", "get_version", "get_session", "get_session_log", "get_iam_roles"}


def operations() -> Iterator[dict[str, Any]]:
    for path in contract()["paths"].values():
        for method, operation in path.items():
            if method in ("get", "post", "put", "delete"):
                yield operation


def test_is_valid() -> None:
    validate(contract())


def test_has_every_call_under_its_title() -> None:
    found = {one["operationId"]: one["summary"] for one in operations()}
    assert set(found) == set(TITLES) | OTHERS
    assert {name: title for name, title in found.items() if name in TITLES} == TITLES
    documented = {one["operationId"] for one in operations() if one["x-provenance"] == "documented"}
    assert documented == set(TITLES)


def test_every_call_needs_the_revision() -> None:
    for path in contract()["paths"].values():
        assert {"$ref": "#/components/parameters/ApiVersion"} in path["parameters"]


def test_every_fact_has_its_source() -> None:
    spec = contract()
    facts = list(spec["components"]["parameters"].values())
    facts += [one for operation in operations() for one in operation.get("parameters", ()) if "$ref" not in one]
    for schema in spec["components"]["schemas"].values():
        facts += schema.get("properties", {}).values()
    assert len(facts) > 120
    for fact in facts:
        assert fact["x-provenance"] in ("documented", "public", "assumed"), fact
        assert fact["description"]
        if fact["x-provenance"] == "assumed":
            assert fact["x-confidence"] in ("high", "medium", "low"), fact
            assert isinstance(fact["x-also-read-as"], list)


def test_names_of_the_collection() -> None:
    assert DOCUMENTED["organization.backup_restore_iam_role_name"] == "backupRestoreIamRoleName"
    assert DOCUMENTED["statistics.units"] == "unitsCount"
    assert ALTERNATIVES["organization.rescan_iam_role"] == ("iamRoleId", "rescanIamRole.id")
    assert len(DOCUMENTED) == 20


@pytest.mark.parametrize("seed", range(5))
def test_derived_contract_is_valid(seed: int) -> None:
    validate(derived(Shape.random(seed)))


def ask(appliance: Appliance, path: str, token: str) -> tuple[int, Any]:
    """Sends a GET to the API without a network."""
    answer: dict[str, Any] = {"body": b""}

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        answer["status"] = message.get("status", answer.get("status"))
        answer["body"] += message.get("body", b"")

    headers = [(b"authorization", f"Bearer {token}".encode()), (b"x-api-version", b"1.7-rev0")]
    scope = {"type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": b""}
    scope.update(headers=headers, http_version="1.1", scheme="https", server=("h", 1), client=("c", 2), root_path="")
    asyncio.run(build(appliance)(scope, receive, send))
    return answer["status"], json.loads(answer["body"])


def wrong_type(answer: dict[str, Any]) -> dict[str, Any]:
    return {**answer, "name": 7}


def missing(answer: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in answer.items() if key != "id"}


def too_much(answer: dict[str, Any]) -> dict[str, Any]:
    return {**answer, "colour": "red"}


def forbidden_null(answer: dict[str, Any]) -> dict[str, Any]:
    return {**answer, "name": None}


@pytest.mark.parametrize("spoil", [wrong_type, missing, too_much, forbidden_null])
def test_own_answers_are_held_to_it(monkeypatch: pytest.MonkeyPatch, spoil: Any) -> None:
    everybody = users()
    admin = next(iter(everybody.values()))
    with Appliance(Start(load(DEFAULT), everybody)) as appliance:
        form = {"grant_type": "password", "username": admin.name, "password": admin.password}
        token = appliance.tokens.log_in(form)["access_token"]
        assert ask(appliance, "/api/v1/accounts/amazon", token)[0] == 200
        honest = WireOut.role
        monkeypatch.setattr(WireOut, "role", lambda self, role: spoil(honest(self, role)))
        status, problem = ask(appliance, "/api/v1/accounts/amazon", token)
    assert (status, problem["status"]) == (500, 500)
    assert "does not conform" in appliance.violations[0]
