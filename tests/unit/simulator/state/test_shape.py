# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every shape serves a whole life of an organization."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.state.names import ALTERNATIVES, DOCUMENTED, LIST_ITEM_KEYS
from simulator.state.shape import CHOICES, Shape

ORGANIZATIONS = "/organizations/amazon"


def hierarchy(node: dict[str, Any], children: str, parent: str | None = None) -> dict[str, str | None]:
    """The parent of each node of a tree, by AWS ID."""
    found = {node["awsId"]: parent}
    for child in node.get(children) or ():
        found.update(hierarchy(child, children, node["awsId"]))
    return found


def members_of(client: Any, organization: dict[str, Any], scope: dict[str, Any]) -> list[str]:
    """The units of a scope, wherever this shape tells them."""
    listed = client.read("limited_scope.organizational_units", scope)
    if listed is not None:
        return list(listed)
    query = {"LimitedScopeId": client.read("limited_scope.id", scope)}
    return [one["awsId"] for one in client.identities(f"{ORGANIZATIONS}/{organization['id']}/identitiesInDb", **query)]


def expected_list_keys(shape: Shape, organization: dict[str, Any]) -> set[str]:
    if shape.list_keys is None:
        return set(organization)
    wanted = {
        shape.read_name(key).partition(".")[0] for key in ("organization.id", "organization.name", *shape.list_keys)
    }
    return wanted & set(organization)


@pytest.mark.parametrize("seed", ["documented", *range(31)])
def test_life_of_an_organization(appliance: Any, connect: Any, seed: int | str) -> None:
    if isinstance(seed, int):
        appliance.reset(shape="random", seed=seed)
    client = connect()
    shape: Shape = client.shape
    client.log_in()
    roles = client.roles()
    assert len(roles) == 8, "two roles share a name"

    body = {"rescanIamRoleId": roles["subsidiary-rescan"], "rescanStorageType": "InMemory"}
    rescan = client.wait(client.send("POST", f"{ORGANIZATIONS}/rescan", json=body))
    in_memory = f"{ORGANIZATIONS}/rescan/{rescan['id']}/identitiesInMemory"
    found = client.identities(in_memory, expandChildNodes="true")
    assert len(found) == 10
    query = {"expandChildNodes": "true", "ReturnAsTree": "true"}
    tree = client.call("POST", in_memory, params=query)["tree"]
    parents = hierarchy(tree, shape.read_name("tree.children"))
    assert parents["ou-subs-north000"] == "ou-subs-shops000"
    assert set(parents) == {one["awsId"] for one in found}
    assert all(("parentId" in one) <= (shape.parent_id != "absent") for one in found)

    scope = client.scope(name="Shops", organizational_units=["ou-subs-shops000"])
    spec = client.spec(name="subsidiary", description="Shops", rescan_iam_role=roles["subsidiary-rescan"])
    create = {"organization": spec, "limitedScopes": [scope]}
    settings = {"create": create, "rescanSessionId": rescan["id"]}
    assert client.call("POST", f"{ORGANIZATIONS}/validateOrganization", json=settings) == []
    test = client.wait(client.send("POST", f"{ORGANIZATIONS}/testConfiguration", json=settings))
    assert (test["status"], test.get("reason")) == ("Succeeded", None)
    assert client.wait(client.send("POST", ORGANIZATIONS, json=create))["status"] == "Succeeded"

    (item,) = client.everything(ORGANIZATIONS)
    address = f"{ORGANIZATIONS}/{item['id']}"
    read = client.call("GET", address)
    assert set(item) == expected_list_keys(shape, read)
    assert client.read("organization.rescan_iam_role", read) == roles["subsidiary-rescan"]
    assert client.read("organization.aws_organization_id", read) == "o-subs000002"
    worker = shape.read_name("organization.production_worker_iam_role_name")
    assert (worker in read) == (shape.nulls == "null")
    (stored,) = client.read("organization.limited_scopes", read)
    assert members_of(client, read, stored) == ["ou-subs-shops000"]

    changed = client.scope(
        id=client.read("limited_scope.id", stored), name="North", organizational_units=["ou-subs-north000"]
    )
    new = client.scope(name="Lab", organizational_units=["ou-subs-lab00000"])
    put = {
        "organization": {**spec, **client.spec(name="renamed")},
        "changedLimitedScopes": [changed],
        "newLimitedScopes": [new],
    }
    client.call("PUT", address, json=put)
    read = client.call("GET", address)
    assert client.read("organization.name", read) == "renamed"
    scopes = {client.read("limited_scope.name", one): one for one in client.read("organization.limited_scopes", read)}
    assert {name: members_of(client, read, one) for name, one in scopes.items()} == {
        "North": ["ou-subs-north000"],
        "Lab": ["ou-subs-lab00000"],
    }
    client.call("PUT", address, json={**put, "newLimitedScopes": []})
    read = client.call("GET", address)
    names = {client.read("limited_scope.name", one) for one in client.read("organization.limited_scopes", read)}
    assert names == ({"North", "Lab"} if shape.keeps_dropped_scopes else {"North"})

    problem = client.send("POST", ORGANIZATIONS, json={})
    assert (problem.status_code, problem.headers["Content-Type"]) == (400, shape.problem_media_type)
    assert ("errors" in problem.json()) == shape.framework_problems
    assert client.call("POST", f"{address}/validateDelete") == []
    client.call("DELETE", address, 204)
    assert client.everything(ORGANIZATIONS) == []
    client.call("DELETE", "/token", 204)
    assert appliance.state()["tokens_open"] == 0


def test_write_name_that_differs_from_the_read_name(appliance: Any, connect: Any) -> None:
    key = "organization.production_worker_iam_role_name"
    appliance.reset(shape={"write_names": {key: "workerRoleName"}})
    assert appliance.wire_names() == {key: "workerRoleName"}
    assert "workerRoleName" in appliance.environment()["VBAWS_WIRE_NAMES"]
    client = connect()
    client.log_in()
    added = client.add(production_worker_iam_role_name="VeeamProductionWorker")
    assert added["productionWorkerIamRoleName"] == "VeeamProductionWorker"
    spec = client.spec(rescan_iam_role=added["rescanIamRoleId"])
    body = {"organization": {**spec, "productionWorkerIamRoleName": "VeeamProductionWorker"}}
    read = client.call("PUT", f"{ORGANIZATIONS}/{added['id']}", json=body)
    assert read["productionWorkerIamRoleName"] is None, "the name of the answers means nothing in a request"


def test_everything_is_drawn_sometime() -> None:
    shapes = [Shape.random(seed) for seed in range(200)]
    for name, choices in CHOICES.items():
        assert {getattr(shape, name) for shape in shapes} == set(choices)
    for key, others in ALTERNATIVES.items():
        assert {shape.read_name(key) for shape in shapes} == {DOCUMENTED[key], *others}
    assert {key for shape in shapes for key in shape.list_keys or ()} == set(LIST_ITEM_KEYS)
    for flag in ("keeps_dropped_scopes", "problem_type", "framework_problems", "old_role_names", "zoned_times"):
        assert {getattr(shape, flag) for shape in shapes} == {True, False}
    assert 10 < sum(shape.keeps_dropped_scopes for shape in shapes) < 50
    assert not any(shape.write_names for shape in shapes)
    assert len({str(shape) for shape in shapes}) == 200


def test_shape_survives_json() -> None:
    for seed in range(20):
        shape = Shape.random(seed)
        assert shape == Shape.random(seed) == Shape.from_dict(shape.as_dict())
    assert Shape.documented() == Shape.from_dict({})


@pytest.mark.parametrize(
    "fields", [{"nulls": "maybe"}, {"names": {"name": "x"}}, {"page_cap": 0}, {"list_keys": ["name"]}, {"colour": 1}]
)
def test_shape_that_cannot_be(fields: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="shape: "):
        Shape.from_dict(fields)
