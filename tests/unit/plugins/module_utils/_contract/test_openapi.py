# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""OpenAPI documents of many shapes: which assumed names hold, and the ``wire_names`` that settle the others."""

from __future__ import annotations

import contextlib
import copy
import json
import re
import time
import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from ansible_collections.vbaws.appliance.plugins.module_utils._contract.compare import CALLS, PLACES, compare
from ansible_collections.vbaws.appliance.plugins.module_utils._contract.openapi import (
    LONGEST_TEXT,
    MOST_PROPERTIES,
    Document,
)
from ansible_collections.vbaws.appliance.plugins.module_utils._errors import ApplianceError
from ansible_collections.vbaws.appliance.plugins.module_utils._http.deadline import Deadline
from ansible_collections.vbaws.appliance.plugins.module_utils._model.names import ASSUMED, Names
from ansible_collections.vbaws.appliance.tests.simulator.api.contract import published
from ansible_collections.vbaws.appliance.tests.simulator.state.names import DOCUMENTED
from ansible_collections.vbaws.appliance.tests.simulator.state.shape import Shape
from hypothesis import given
from hypothesis import strategies as st

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


# Hostile and unusual documents

BODY = ("components", "schemas", SPEC)
POST = ("paths", "/organizations/amazon", "post")
GET = ("paths", "/organizations/amazon/{organizationId}", "get")


def nodes(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to each object, list and reference in a document."""
    if isinstance(value, (dict, list)) or path[-1] == "$ref":
        yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield from nodes(one, (*path, key))


def put(spec: dict[str, Any], path: tuple[Any, ...], value: Any) -> None:
    """Put a value in a place of a document, if the way to the place is there."""
    outer: Any = spec
    for key in path[:-1]:
        if not isinstance(outer, (dict, list)) or (isinstance(outer, dict) and key not in outer):
            return
        outer = outer[key]
    if isinstance(outer, dict):
        outer[path[-1]] = value


def replaced(path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    """The contract with another value in one place."""
    spec = spec_of()
    put(spec, path, value)
    return spec


CALLED = [("paths", CALLS[place.call - 1][1], CALLS[place.call - 1][0].lower()) for place in PLACES]
READ = [("info",), ("components",), ("components", "schemas"), ("paths",), *CALLED]
NAMED = [("components", "schemas", place.name) for place in PLACES]
NODES = sorted({*READ, *(path for path in nodes(spec_of()) if path[:3] in {*CALLED, *NAMED})}, key=str)
REFERENCES = ["#/" + "/".join(str(key).replace("/", "~1") for key in path) for path in NODES]
KEYWORDS = st.sampled_from(
    ["allOf", "oneOf", "anyOf", "properties", "items", "type", "schema", "content", "parameters", "responses", "$ref"]
)
SCALARS = st.sampled_from([None, True, 5, 1.5, float("nan"), 10**400, "x", "", "\ud800", "\x00", [], {}, [5], {"a": 5}])
VALUES = SCALARS | st.recursive(
    SCALARS | st.sampled_from(REFERENCES).map(lambda to: {"$ref": to}),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYWORDS | st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


def outcome(text: str) -> dict[str, Any] | ApplianceError:
    try:
        return compare(Document(text, "The test", Deadline(30)))
    except ApplianceError as error:
        return error


PLACED = st.sampled_from(NODES) | st.tuples(st.sampled_from(NODES), KEYWORDS).map(lambda pair: (*pair[0], pair[1]))


@given(st.dictionaries(PLACED, VALUES, min_size=10, max_size=20))
def test_any_values_in_any_places_are_compared(values: dict[tuple[Any, ...], Any]) -> None:
    """Values are replaced, and added to objects under keywords of OpenAPI."""
    spec = spec_of()
    for path in sorted(values, key=len, reverse=True):
        put(spec, path, copy.deepcopy(values[path]))
    result = outcome(json.dumps(spec))
    if isinstance(result, ApplianceError):
        assert (result.reason, ("paths",) in values) == ("invalid", True)
    else:
        Names(result["wire_names"])
        json.dumps(result)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ((*POST, "parameters"), 5),
        ((*POST, "parameters"), [5, None, "x"]),
        ((*POST, "requestBody"), []),
        ((*POST, "requestBody", "content"), ["application/json"]),
        ((*POST, "requestBody", "content", "application/json"), 5),
        ((*POST, "requestBody", "content", "application/json", "schema"), [1]),
        ((*POST, "requestBody", "content", "application/json", "schema", "$ref"), 5),
        ((*GET, "responses"), ["200"]),
        ((*GET, "responses"), {"200": 5, "default": 5}),
        ((*BODY, "allOf"), {"a": 1}),
        ((*BODY, "allOf"), 5),
        ((*BODY, "allOf"), "x"),
        ((*BODY, "oneOf"), [5, None, [[]]]),
        ((*BODY, "properties", "backupRestoreIamRoleName"), {"type": 5}),
        ((*BODY, "properties", "backupRestoreIamRoleName"), {"type": [[5], {}, None]}),
        (("components",), []),
        (("components", "schemas"), "x"),
        (("paths", "/organizations/amazon"), [1]),
        (("info",), 5),
        (("info", "title"), {"a": float("nan")}),
    ],
    ids=lambda value: str(value)[-60:],
)
def test_a_wrong_kind_of_value_is_not_described(path: tuple[str, ...], value: Any) -> None:
    result = compared(replaced(path, value))
    assert result["version"] in ("1.7-rev0", None)
    assert len(result["properties"]) == sum(len(place.keys) for place in PLACES)


def test_ordinary_yaml_has_keys_that_are_not_quoted() -> None:
    spec = spec_of()
    for item in spec["paths"].values():
        item.update({"on": "x", "yes": []})
        for method in ("get", "post", "put", "delete"):
            item.get(method, {}).get("responses", {}).update({"default": {"description": "An error."}, "no": {}})
    text = yaml.safe_dump(spec)
    plain = re.sub(r"^( +)'(\w+)':", r"\1\2:", text, flags=re.MULTILINE)
    assert re.search(r"^ +200:$", plain, re.MULTILINE)
    assert re.search(r"^ +on:", plain, re.MULTILINE)
    assert compare(Document(plain, "The test", Deadline(30))) == compared(spec)


def test_a_document_with_merge_keys_and_anchors_holds() -> None:
    """What schemas have in common is written once."""
    properties = spec_of()["components"]["schemas"][SPEC]["properties"]
    shared = {name: properties.pop(name) for name in sorted(properties)[:2]}
    spec = replaced((*BODY, "properties"), {"MERGED": "SHARED", **properties})
    text = yaml.safe_dump({"x-shared": "DEFINED", **spec}, sort_keys=False)
    text = text.replace("DEFINED", "&shared " + json.dumps(shared)).replace("MERGED: SHARED", "<<: *shared")
    assert compare(Document(text, "The test", Deadline(30))) == compared(spec_of())


@pytest.mark.parametrize("last", ["info: {title: *a8}", "components: {schemas: *a8}", "x: *a8"])
def test_aliases_of_aliases_are_never_expanded(last: str) -> None:
    levels = "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 9))
    text = f"openapi: 3.0.0\npaths: {{}}\na0: &a0 [0, 1, 2, 3]\n{levels}{last}\n"
    assert compare(Document(text, "The test", Deadline(5)))["title"] is None


def test_a_reference_can_lead_through_a_list() -> None:
    spec = replaced(("x-parts",), [{"a": 1}, {"schemas": [spec_of()["components"]["schemas"][SPEC]]}])
    spec["components"]["schemas"][SPEC] = {"$ref": "#/x-parts/1/schemas/0"}
    assert compared(spec)["holds"] is True


@pytest.mark.parametrize(
    "to",
    ["#/paths/0", "#/x-parts/9", "#/x-parts/-1", "#/x-parts/a", "#/x-parts/" + "1" * 900, "#" + "/ab" * 5_000_000],
    ids=lambda to: to[:20],
)
def test_a_reference_to_nothing_is_not_described(to: str) -> None:
    spec = replaced(("x-parts",), [{"type": "object", "properties": {"name": {}}}])
    spec["components"]["schemas"][SPEC] = {"$ref": to}
    assert verdict_of(compared(spec), "organization.name", "write")["verdict"] == "not_described"


@pytest.mark.parametrize("composition", ["allOf", "oneOf", "anyOf"])
def test_a_chain_of_10000_parts_is_followed_to_its_end(composition: str) -> None:
    spec = spec_of()
    schemas = spec["components"]["schemas"]
    schemas["C10000"] = schemas[SPEC]
    schemas.update({f"C{n}": {composition: [{"$ref": f"#/components/schemas/C{n + 1}"}]} for n in range(10_000)})
    schemas[SPEC] = {composition: [{"$ref": "#/components/schemas/C0"}]}
    assert compared(spec)["holds"] is True


def test_parts_that_are_nested_10000_deep_are_refused_or_read() -> None:
    spec = json.dumps(replaced((*BODY, "allOf"), "NESTED"))
    nested = spec.replace('"NESTED"', '[{"allOf": ' * 10_000 + "[]" + "}]" * 10_000)
    result = outcome(nested)
    assert "nested too deeply" in str(result) if isinstance(result, ApplianceError) else result["holds"]


def test_parts_that_share_one_list_take_no_memory_each() -> None:
    """Each of 600 schemas has the same 600 parts, of which no copies are made."""
    parts = "".join(f"  - {{allOf: *parts, properties: {{p{n}: {{}}}}}}\n" for n in range(600))
    text = f"openapi: 3.0.0\npaths: {{}}\ndefinitions:\n {SPEC}:\n  allOf: &parts\n{parts}"
    document = Document(text, "The test", Deadline(60))
    with memory(1_000_000):
        assert len(document.properties(document.named(SPEC))) == MOST_PROPERTIES


def test_a_long_reference_leads_nowhere_and_is_not_taken_apart() -> None:
    document = Document('{"openapi": "3.0.0", "paths": {}, "ab": {"ab": {"x": 1}}}', "The test", Deadline(30))
    assert document.resolved({"$ref": "#/ab/ab"}) == {"x": "1"}
    long = "#" + "/ab" * 300_000
    with memory(1_000_000):
        assert document.resolved({"$ref": long}) == {}


@contextlib.contextmanager
def memory(most: int) -> Iterator[None]:
    """Fail if the block takes more bytes at any time."""
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < most
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("place", ["properties", "parameters"])
def test_long_work_ends_with_the_deadline(place: str) -> None:
    """Each of many properties or parameters leads through the same long chain of references."""
    spec = spec_of()
    schemas = spec["components"]["schemas"]
    schemas.update({f"R{n}": {"$ref": f"#/components/schemas/R{n + 1}"} for n in range(50_000)})
    many = {f"worker_{n}": {"$ref": "#/components/schemas/R0"} for n in range(90)}
    if place == "properties":
        put(spec, (*BODY, place), many)
    else:
        put(spec, (*POST, place), list(many.values()))
    document = Document(json.dumps(spec), "The test", Deadline(0.5))
    began = time.process_time()
    with pytest.raises(ApplianceError) as caught:
        compare(document)
    assert caught.value.reason == "timeout"
    assert time.process_time() - began < 2


def test_the_result_of_a_huge_document_is_small() -> None:
    spec = replaced(("info",), {"title": "T" * 10_000_000, "version": "V" * (LONGEST_TEXT + 1)})
    spec["components"]["schemas"][SPEC] = {
        "properties": {"workerLong" + "x" * LONGEST_TEXT: {"type": "string"}, **{f"a{n}": {} for n in range(100_000)}}
    }
    result = compared(spec)
    assert (result["title"], result["version"]) == (None, None)
    candidates = verdict_of(result, "organization.production_worker_iam_role_name", "write")["candidates"]
    assert candidates == [f"a{n}" for n in range(MOST_PROPERTIES - 1)]
    assert len(json.dumps(result)) < 50_000


def test_a_name_that_is_too_long_is_not_the_label() -> None:
    name = "N" * (LONGEST_TEXT + 1)
    spec = spec_of()
    spec["components"]["schemas"][name] = spec["components"]["schemas"][SPEC]
    spec["components"]["schemas"]["CreateAmazonOrganizationSpec"]["properties"]["organization"] = {
        "$ref": f"#/components/schemas/{name}"
    }
    assert verdict_of(compared(spec), "organization.name", "write")["schema"] == SPEC


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"paths": {}}', "it does not have the keys openapi or swagger, and paths"),
        ("openapi: 3.0.0\npaths: [", "in line "),
        ("a: " + "x" * 5_000_000, "larger than 4 MiB"),
    ],
)
def test_a_refusal_has_the_reason_and_no_text_of_the_document(text: str, message: str) -> None:
    with pytest.raises(ApplianceError, match=re.escape(message)) as caught:
        Document(text, "The file x.json", Deadline(30))
    assert caught.value.message.startswith("The file x.json is not ")
    assert len(str(caught.value)) < 300
