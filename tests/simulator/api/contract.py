# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The contract of one appliance: the file in docs/openapi, with the names and the thinness of its shape."""

from __future__ import annotations

import copy
from typing import Any

from ..state.names import LIST_ITEM_KEYS, contract, named_properties
from ..state.shape import Shape

# What requests consist of. All other schemas are of answers.
REQUESTS = {
    "TokenRequest",
    "RescanRequest",
    "AmazonOrganizationSpec",
    "AmazonOrganizationLimitedScopeSpec",
    "AmazonOrganizationLimitedScopeExistingSpec",
    "CreateAmazonOrganizationSpec",
    "ModifyOrganizationRequest",
    "UpdateAmazonOrganizationSpec",
    "ConfigurationRequest",
    "IncludedMembers",
    "OrganizationIds",
    "CheckAddingRequest",
    "ValidateNameRequest",
}


def derived(shape: Shape) -> dict[str, Any]:
    """The contract that an appliance of this shape keeps.

    Requests and answers are held to it. It is stricter than the file: an answer may have no other properties.
    """
    spec = contract()
    spec["servers"] = [{"url": "/api/v1"}]
    schemas = spec["components"]["schemas"]
    if shape.lenient:
        _relax(schemas)
    _rename(schemas, shape)
    _thin(schemas, shape)
    if shape.unknown_properties != "none" or shape.computed:
        schemas["AmazonOrganization"]["additionalProperties"] = True
        schemas["AmazonOrganizationLimitedScope"]["additionalProperties"] = True
    _session_reference(schemas["SessionReference"], shape)
    # The body of the structure calls is optional; the library takes none at all for null.
    schemas["IncludedMembers"]["nullable"] = True
    for name, schema in schemas.items():
        if name not in REQUESTS:
            _close(schema, shape)
    return spec


def published(shape: Shape) -> dict[str, Any]:
    """The contract as the appliance itself serves it: without what only this collection notes in it."""
    spec: dict[str, Any] = _without_notes(derived(shape))
    return spec


def _without_notes(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_notes(one) for key, one in value.items() if not str(key).startswith("x-")}
    return [_without_notes(one) for one in value] if isinstance(value, list) else value


def _rename(schemas: dict[str, Any], shape: Shape) -> None:
    for schema_name, name, definition in list(named_properties(schemas)):
        key = definition["x-collection-name"]
        other = shape.write_name(key) if schema_name in REQUESTS else shape.read_name(key)
        if other == name:
            continue
        schema = schemas[schema_name]
        if not other:
            _drop(schema, name)
            continue
        outer, _dot, inner = other.partition(".")
        wanted = {"type": "object", "required": [inner], "properties": {inner: definition}} if inner else definition
        # In the same place, so that nobody depends on an order that no shape promises.
        schema["properties"] = {
            outer if old == name else old: wanted if old == name else value
            for old, value in schema["properties"].items()
        }
        if "required" in schema:
            schema["required"] = [outer if old == name else old for old in schema["required"]]


def _drop(schema: dict[str, Any], name: str) -> None:
    """Takes a property out of a schema, if it is there."""
    schema["properties"].pop(name, None)
    _not_required(schema, name)


def _not_required(schema: dict[str, Any], name: str) -> None:
    schema["required"] = [one for one in schema.get("required", ()) if one != name]
    if not schema["required"]:  # an empty list of them is not valid
        del schema["required"]


def _relax(schemas: dict[str, Any]) -> None:
    for name in ("rescanIamRoleId", "backupRestoreIamRoleName"):
        _not_required(schemas["AmazonOrganizationSpec"], name)
        schemas["AmazonOrganization"]["properties"][name]["nullable"] = True
    for kind in ("", "Existing"):
        _not_required(schemas[f"AmazonOrganizationLimitedScope{kind}Spec"], "includedMembers")
    _not_required(schemas["AmazonOrganizationLimitedScopeExistingSpec"], "id")


def _thin(schemas: dict[str, Any], shape: Shape) -> None:
    if shape.scope_members != "listed":
        _drop(schemas["AmazonOrganizationLimitedScope"], shape.read_name("limited_scope.organizational_units"))
    if shape.parent_id == "absent":
        for name in ("Identity", "TreeNode"):
            _drop(schemas[name], shape.read_name("identity.parent_id"))
    if not schemas["Statistics"]["properties"]:
        _drop(schemas["Identities"], "statistics")
    for name in ("OrganizationCollection", "IamRoleCollection"):
        for extra, needs in (("_links", "links"), ("offset", "offset_limit"), ("limit", "offset_limit")):
            if shape.list_extras != needs:
                _drop(schemas[name], extra)
    if shape.list_keys is not None:
        item = copy.deepcopy(schemas["AmazonOrganization"])
        for key in LIST_ITEM_KEYS:
            if key not in shape.list_keys:
                _drop(item, shape.read_name(key).partition(".")[0])
        schemas["OrganizationListItem"] = item
        schemas["OrganizationCollection"]["properties"]["results"]["items"]["$ref"] = (
            "#/components/schemas/OrganizationListItem"
        )
    if shape.old_role_names:
        properties = schemas["IamRole"]["properties"]
        properties["awsid"] = properties.pop("awsAccountId")
        properties["iamRole"] = properties.pop("IAMRole")


def _session_reference(schema: dict[str, Any], shape: Shape) -> None:
    properties = schema["properties"]
    session_id, links = properties.pop("sessionId"), properties.pop("_links")
    if shape.session_reference == "sessionId":
        schema["properties"] = {"sessionId": session_id, "_links": links}
    elif shape.session_reference == "id":
        schema.update(properties={"id": session_id}, required=["id"])
    elif shape.session_reference == "links":
        schema.update(properties={"_links": links}, required=["_links"])
    else:
        del schema["required"]


def _close(schema: dict[str, Any], shape: Shape) -> None:
    if "properties" in schema:
        schema.setdefault("additionalProperties", False)
    if shape.nulls == "absent":
        schema.pop("nullable", None)
    for definition in schema.get("properties", {}).values():
        _close(definition, shape)
