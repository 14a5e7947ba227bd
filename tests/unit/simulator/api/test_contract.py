# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The contract file: complete, and every fact with its source. And the simulator is really held to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from openapi_spec_validator import validate

from simulator.api.contract import derived
from simulator.state.names import ALTERNATIVES, DOCUMENTED, contract
from simulator.state.shape import Shape

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
