# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The code against the contract in docs/openapi: the names it writes, and the calls it makes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.vbaws.appliance.plugins.module_utils._http.settings import API_VERSION
from ansible_collections.vbaws.appliance.plugins.module_utils._model.names import ASSUMED, PROPERTIES
from ansible_collections.vbaws.appliance.plugins.module_utils._model.settings import REQUIRED, SETTINGS
from ansible_collections.vbaws.appliance.plugins.module_utils._rest.client import Call
from ansible_collections.vbaws.appliance.plugins.modules.organization_info import SELECTION
from ansible_collections.vbaws.appliance.tests.unit.support.api_examples import (
    EXAMPLES,
    Example,
    made_request,
)
from ansible_collections.vbaws.appliance.tests.unit.support.appliance import SimulatedAppliance
from ansible_collections.vbaws.appliance.tests.unit.support.builders import PROD, wire, wire_scope
from ansible_collections.vbaws.appliance.tests.unit.support.fake_client import BASE

FOLDER = Path(__file__).resolve().parents[5] / "docs" / "openapi"
CONTRACT: dict[str, Any] = yaml.safe_load(
    (FOLDER / f"organizations-{API_VERSION.default}.yaml").read_text(encoding="utf-8")
)
METHODS = ("get", "post", "put", "delete")


def resolved(node: Any) -> Any:
    """A part of the contract without its reference, and with what allOf brings."""
    while "$ref" in node:
        at: Any = CONTRACT
        for part in node["$ref"].removeprefix("#/").split("/"):
            at = at[part]
        node = at
    for inner in node.get("allOf", ()):
        node = {**resolved(inner), **{key: value for key, value in node.items() if key != "allOf"}}
    return node


def named_properties() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Collection's name, property name and schema of every property that has a collection's name."""
    for schema in CONTRACT["components"]["schemas"].values():
        for name, inner in schema.get("properties", {}).items():
            if "x-collection-name" in inner:
                yield inner["x-collection-name"], name, inner


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    """Method, path and operation of every call, in the order of the contract."""
    return [
        (method.upper(), path, {**item[method], "parameters": both(item, item[method])})
        for path, item in CONTRACT["paths"].items()
        for method in item
        if method in METHODS
    ]


def both(item: dict[str, Any], operation: dict[str, Any]) -> list[dict[str, Any]]:
    return [resolved(one) for one in (*item.get("parameters", ()), *operation.get("parameters", ()))]


def operation_of(method: str, path: str) -> dict[str, Any]:
    """The operation that a request is: a path without parameters goes before one with them."""
    found = [
        (template.count("{"), operation)
        for verb, template, operation in operations()
        if verb == method and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path)
    ]
    assert found, f"the contract has no {method} {path}"
    return min(found, key=lambda pair: pair[0])[1]


def unknown_names(schema: Any, value: Any, where: str = "") -> list[str]:
    """Properties of a body that its schema does not have, however deep."""
    schema = resolved(schema)
    if isinstance(value, dict):
        known = schema.get("properties", {})
        wrong = [f"{where}.{name}" for name in value if name not in known]
        inner = [unknown_names(known[name], one, f"{where}.{name}") for name, one in value.items() if name in known]
        return wrong + [name for names in inner for name in names]
    if isinstance(value, list):
        return [name for one in value for name in unknown_names(schema["items"], one, where)]
    return []


# Names


@pytest.mark.parametrize(
    ("key", "name", "schema"), list(named_properties()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_property_is_named_and_rated_as_in_the_contract(key: str, name: str, schema: dict[str, Any]) -> None:
    row = PROPERTIES[key]
    assert row.write == name
    assert list(row.also_read) == schema["x-also-read-as"]
    assert (row.provenance, row.confidence) == (schema["x-provenance"], schema["x-confidence"])


def test_the_contract_has_every_assumed_property() -> None:
    assert {key for key, _name, _schema in named_properties()} == set(ASSUMED)


@pytest.mark.parametrize("key", sorted(set(PROPERTIES) - set(ASSUMED)))
def test_a_documented_property_is_one_of_the_contract(key: str) -> None:
    schemas = {"add": "CreateAmazonOrganizationSpec", "modify": "ModifyOrganizationRequest"}
    known = CONTRACT["components"]["schemas"][schemas[key.split(".", maxsplit=1)[0]]]["properties"]
    assert known[PROPERTIES[key].write]["x-provenance"] == PROPERTIES[key].provenance == "documented"


@pytest.mark.parametrize("option", sorted(set(SETTINGS) - set(REQUIRED)))
def test_what_clears_a_setting_is_allowed_by_the_contract(option: str) -> None:
    setting = SETTINGS[option]
    schema = CONTRACT["components"]["schemas"]["AmazonOrganizationSpec"]["properties"][setting.write]
    assert setting.cleared_as == "" or schema["nullable"]


def test_the_double_of_the_appliance_speaks_the_contract() -> None:
    def names(kind: str) -> set[str]:
        return {name for key, name, _schema in named_properties() if key.startswith(f"{kind}.")}

    appliance = SimulatedAppliance()
    key = appliance.has(appliance.scope("North", PROD))
    shown = appliance.call(Call("GET", f"{BASE}/{key}")).json()
    assert set(shown) == names("organization") == set(wire())
    assert set(shown["limitedScopes"][0]) == names("limited_scope") == set(wire_scope("North"))


def test_the_columns_to_sort_by_are_those_of_the_contract() -> None:
    columns = CONTRACT["components"]["schemas"]["AmazonOrganizationSortColumns"]["enum"]
    assert SELECTION["sort"]["choices"] == columns


# Calls


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.method)
def test_a_call_is_one_of_the_contract_with_its_names(example: Example) -> None:
    request, _returned = made_request(example)
    operation = operation_of(request.method, request.path)
    assert operation["operationId"] == example.method

    allowed = {one["name"] for one in operation["parameters"] if one["in"] == "query"}
    assert {name for name, _value in request.query} <= allowed

    content = operation.get("requestBody", {}).get("content", {})
    if request.json is None:
        assert not operation.get("requestBody", {}).get("required")
    else:
        assert unknown_names(content["application/json"]["schema"], request.json) == []


def test_the_comparison_of_bodies_sees_a_wrong_name_at_any_depth() -> None:
    schema = operation_of("POST", "/organizations/amazon/validateOrganization")["requestBody"]["content"]
    body = {"create": {"organization": {"nam": "x"}, "limitedScopes": [{"members": []}]}, "session": "x"}
    assert unknown_names(schema["application/json"]["schema"], body) == [
        ".session",
        ".create.organization.nam",
        ".create.limitedScopes.members",
    ]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.method)
def test_values_that_are_enumerated_are_spelled_as_in_the_contract(example: Example) -> None:
    request, _returned = made_request(example)
    operation = operation_of(request.method, request.path)
    schemas = {one["name"]: one["schema"] for one in operation["parameters"]}
    for name, value in request.query:
        schema = resolved(schemas[name])
        allowed = resolved(schema.get("items", schema)).get("enum")
        assert allowed is None or value in allowed
        assert schema["type"] != "boolean" or value in ("true", "false")
        assert schema["type"] != "integer" or isinstance(value, int)


def documented_calls() -> list[dict[str, Any]]:
    """The operations of the Organizations reference, whose order the contract keeps."""
    return [operation for _method, _path, operation in operations() if "organizations" in operation["tags"]]


def test_the_reference_has_fifteen_calls() -> None:
    assert len(documented_calls()) == 15
    assert {operation["x-provenance"] for operation in documented_calls()} == {"documented"}


def test_every_call_of_the_reference_has_a_method_of_its_name() -> None:
    """That each of them makes the request of its call and no other is tested above."""
    fifteen = {operation["operationId"] for operation in documented_calls()}
    assert len(fifteen) == 15
    assert fifteen < {example.method for example in EXAMPLES}
