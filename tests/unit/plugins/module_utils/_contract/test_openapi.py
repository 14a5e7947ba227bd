# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""OpenAPI documents of many shapes: which assumed names hold, and the ``wire_names`` that settle the others."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
import yaml
from ansible_collections.vbaws.appliance.plugins.module_utils._contract.compare import CALLS, PLACES, compare
from ansible_collections.vbaws.appliance.plugins.module_utils._contract.openapi import Document
from ansible_collections.vbaws.appliance.plugins.module_utils._errors import ApplianceError
from ansible_collections.vbaws.appliance.plugins.module_utils._http.deadline import Deadline
from ansible_collections.vbaws.appliance.plugins.module_utils._model.names import ASSUMED, Names
from ansible_collections.vbaws.appliance.tests.simulator.api.contract import published
from ansible_collections.vbaws.appliance.tests.simulator.state.names import DOCUMENTED
from ansible_collections.vbaws.appliance.tests.simulator.state.shape import Shape

SPEC = "AmazonOrganizationSpec"


def spec_of(shape: Shape | None = None) -> dict[str, Any]:
    return published(shape or Shape.documented())


def compared(spec: dict[str, Any]) -> dict[str, Any]:
    return compare(Document(json.dumps(spec), "The test", Deadline(30)))


def renamed(old: str, new: str, *schemas: str, value: Any = None) -> dict[str, Any]:
    """The contract with a property of some schemas called otherwise."""
    spec = spec_of()
    for schema in schemas:
        properties = spec["components"]["schemas"][schema]["properties"]
        properties[new] = value or properties[old]
        del properties[old]
    return spec


def verdict_of(result: dict[str, Any], key: str, use: str) -> dict[str, Any]:
    (found,) = (one for one in result["properties"] if (one["key"], one["use"]) == (key, use))
    verdict: dict[str, Any] = found
    return verdict


def test_the_contract_itself_holds() -> None:
    result = compared(spec_of())
    assert result["holds"] is True
    assert (result["wire_names"], result["unsettled"], result["missing_calls"]) == ({}, [], [])
    assert result["version"] == "1.7-rev0"


def test_every_assumed_name_is_looked_for() -> None:
    assert {key for place in PLACES for key in place.keys} == set(ASSUMED)


def test_the_calls_are_the_fifteen() -> None:
    assert len(set(CALLS)) == 15


@pytest.mark.parametrize("seed", range(60))
def test_any_drawn_appliance_is_settled_by_its_own_document(seed: int) -> None:
    shape = Shape.random(seed)
    result = compared(spec_of(shape))
    written = {key for place in PLACES if place.use == "write" for key in place.keys}
    expected = {key: shape.write_name(key) for key in written if shape.write_name(key) != DOCUMENTED[key]}
    assert result["wire_names"] == expected
    assert set(result["unsettled"]) <= {"identity.parent_id"}
    Names(result["wire_names"])


def test_a_known_other_name_is_certain() -> None:
    result = compared(renamed("backupRestoreIamRoleName", "backupRoleName", SPEC))
    verdict = verdict_of(result, "organization.backup_restore_iam_role_name", "write")
    assert (verdict["verdict"], verdict["found"], verdict["certain"]) == ("differs", "backupRoleName", True)
    assert result["wire_names"] == {"organization.backup_restore_iam_role_name": "backupRoleName"}
    assert (result["holds"], result["unsettled"]) == (False, [])


def test_a_likeness_is_a_proposal_that_stays_open() -> None:
    result = compared(renamed("productionWorkerIamRoleName", "deploymentWorkerRole", SPEC))
    verdict = verdict_of(result, "organization.production_worker_iam_role_name", "write")
    assert (verdict["found"], verdict["certain"]) == ("deploymentWorkerRole", False)
    assert result["wire_names"] == {"organization.production_worker_iam_role_name": "deploymentWorkerRole"}
    assert result["unsettled"] == ["organization.production_worker_iam_role_name"]


@pytest.mark.parametrize(
    ("new", "value"),
    [("tags", None), ("workerSettings", {"type": "object", "properties": {"a": {"type": "string"}}})],
)
def test_what_only_is_left_over_is_no_proposal(new: str, value: Any) -> None:
    result = compared(renamed("productionWorkerIamRoleName", new, SPEC, value=value))
    verdict = verdict_of(result, "organization.production_worker_iam_role_name", "write")
    assert (verdict["verdict"], verdict["found"], verdict["candidates"]) == ("missing", None, [new])
    assert result["unsettled"] == ["organization.production_worker_iam_role_name"]
    # It is read under the assumed name, which is no reason to write it under that.
    assert result["wire_names"] == {}


def test_two_that_look_alike_are_no_proposal() -> None:
    spec = renamed("productionWorkerIamRoleName", "workerA", SPEC)
    spec["components"]["schemas"][SPEC]["properties"]["workerB"] = {"type": "string"}
    verdict = verdict_of(compared(spec), "organization.production_worker_iam_role_name", "write")
    assert verdict["verdict"] == "missing"
    assert sorted(verdict["candidates"]) == ["workerA", "workerB"]


def test_requests_that_do_not_agree_are_left_open() -> None:
    result = compared(renamed("includedMembers", "unitIds", "AmazonOrganizationLimitedScopeSpec"))
    assert result["wire_names"] == {}
    assert result["unsettled"] == ["limited_scope.organizational_units"]


def test_a_name_that_only_answers_use_is_read_anyway() -> None:
    result = compared(renamed("awsOrganizationId", "organizationId", "AmazonOrganization"))
    assert (result["holds"], result["wire_names"], result["unsettled"]) == (True, {}, [])


def test_a_nested_role_of_answers_is_read_and_not_written() -> None:
    nested = {"type": "object", "properties": {"id": {"type": "string"}}}
    result = compared(renamed("rescanIamRoleId", "rescanIamRole", "AmazonOrganization", value=nested))
    assert verdict_of(result, "organization.rescan_iam_role", "read")["found"] == "rescanIamRole.id"
    assert (result["wire_names"], result["unsettled"]) == ({}, [])


def test_a_name_of_answers_that_nobody_knows_beside_another_one_of_requests_stays_open() -> None:
    result = compared(renamed("productionWorkerIamRoleName", "theWorker", "AmazonOrganization"))
    assert result["wire_names"] == {}
    assert result["unsettled"] == ["organization.production_worker_iam_role_name"]


def test_objects_are_found_by_their_names_where_no_call_leads_to_them() -> None:
    spec = spec_of()
    schemas = spec["components"]["schemas"]
    spec["components"]["schemas"] = {f"Veeam.Aws.{name}": schema for name, schema in schemas.items()}
    spec = json.loads(json.dumps(spec).replace("#/components/schemas/", "#/components/schemas/Veeam.Aws."))
    assert compared(spec)["holds"] is True
    spec["paths"] = {}
    result = compared(spec)
    assert verdict_of(result, "organization.name", "write")["verdict"] == "holds"
    assert len(result["missing_calls"]) == 15


def test_an_object_that_is_not_described_is_left_open() -> None:
    result = compared({"openapi": "3.0.0", "paths": {}})
    assert {one["verdict"] for one in result["properties"]} == {"not_described"}
    assert set(result["unsettled"]) == set(ASSUMED)
    assert (result["holds"], result["wire_names"]) == (False, {})


def swagger_2(spec: dict[str, Any]) -> dict[str, Any]:
    """The same in the words of the older version, as far as it is read."""
    old = json.loads(json.dumps(spec).replace("#/components/schemas/", "#/definitions/"))
    old.update(swagger="2.0", definitions=old.pop("components")["schemas"])
    del old["openapi"]
    for item in old["paths"].values():
        for operation in item.values():
            if not isinstance(operation, dict):
                continue
            for media in operation.pop("requestBody", {}).get("content", {}).values():
                operation["parameters"] = [{"in": "body", "name": "body", "schema": media["schema"]}]
            for response in operation["responses"].values():
                for media in response.pop("content", {}).values():
                    response["schema"] = media["schema"]
    return old


def test_older_documents_are_read_too() -> None:
    old = swagger_2(renamed("backupRestoreIamRoleName", "backupRoleName", SPEC))
    result = compared(old)
    assert result["wire_names"] == {"organization.backup_restore_iam_role_name": "backupRoleName"}
    assert result["unsettled"] == []


def test_paths_may_have_a_prefix_and_other_words_in_braces() -> None:
    spec = spec_of()
    spec["paths"] = {"/api/v1" + path.replace("{organizationId}", "{id}"): item for path, item in spec["paths"].items()}
    result = compared(spec)
    assert (result["missing_calls"], result["holds"]) == ([], True)


def test_a_call_that_is_gone_is_named() -> None:
    spec = spec_of()
    del spec["paths"]["/organizations/amazon/export"]
    assert compared(spec)["missing_calls"] == ["POST /organizations/amazon/export"]


def test_a_document_that_goes_in_circles_ends() -> None:
    spec = spec_of()
    schemas = spec["components"]["schemas"]
    schemas[SPEC] = {"allOf": [{"$ref": "#/components/schemas/B"}, copy.deepcopy(schemas[SPEC])]}
    schemas["B"] = {"allOf": [{"$ref": f"#/components/schemas/{SPEC}"}, {"$ref": "#/components/schemas/C"}]}
    schemas["C"] = {"$ref": "#/components/schemas/C"}
    assert compared(spec)["holds"] is True


def test_yaml_is_read_where_it_can_be() -> None:
    assert compare(Document(yaml.safe_dump(spec_of()), "The test", Deadline(30)))["holds"] is True


@pytest.mark.parametrize(
    "text", ["", "<html><title>Swagger UI</title></html>", "[]", "{}", '{"paths": {}}', "a: [", '"x"']
)
def test_what_is_no_document_is_refused(text: str) -> None:
    with pytest.raises(ApplianceError) as caught:
        Document(text, "The file x.json", Deadline(30))
    assert caught.value.reason == "invalid"
    assert caught.value.message.startswith("The file x.json is not an OpenAPI document")
