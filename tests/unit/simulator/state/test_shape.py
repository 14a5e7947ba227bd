# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every shape serves a whole life of an organization."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.state.names import ALTERNATIVES, DOCUMENTED, LIST_ITEM_KEYS
from simulator.state.shape import CHOICES, MEMBERS, UNHEARD_OF, Shape

ORGANIZATIONS = "/organizations/amazon"
WORKER = "organization.production_worker_iam_role_name"
SCOPE = "00000000-0000-4000-8000-000000000002"


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


@pytest.mark.parametrize(
    ("kind", "seed"), [("documented", 1), *((kind, seed) for kind in ("random", "unknown") for seed in range(31))]
)
def test_life_of_an_organization(appliance: Any, connect: Any, kind: str, seed: int) -> None:
    appliance.reset(shape=kind, seed=seed)
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


def behind_the_back(appliance: Any, **values: Any) -> dict[str, Any]:
    """Registers an organization by the control endpoint."""
    given = {"name": "production", "rescan_iam_role": "prod-rescan", "backup_restore_iam_role_name": "backup", **values}
    added: dict[str, Any] = appliance.control("POST", "/organizations", given)
    return added


def logged_in(appliance: Any, connect: Any, **shape: Any) -> Any:
    appliance.reset(shape=shape)
    client = connect()
    client.log_in()
    return client


def test_properties_that_are_never_shown(appliance: Any, connect: Any) -> None:
    hidden = ("organization.description", "identity.id", "statistics.units", "statistics.accounts")
    client = logged_in(appliance, connect, names=dict.fromkeys(hidden))
    added = client.add(description="Shops")
    assert "description" not in added
    assert appliance.state()["organizations"][0]["description"] == "Shops"
    found = client.call("POST", f"{ORGANIZATIONS}/{added['id']}/identitiesInDb")
    assert "statistics" not in found
    assert set(found["identities"][0]) == {"awsId", "name", "type", "parentId"}


@pytest.mark.parametrize(
    ("way", "sent", "shown"),
    [
        ("kept", {"costCenter": "2"}, {"costCenter": "1", "region": "eu"}),
        ("replaced", {"costCenter": "2"}, {"costCenter": "2"}),
        ("replaced", {}, {}),
        ("refused", {}, {"costCenter": "1", "region": "eu"}),
    ],
)
def test_unknown_properties(
    appliance: Any, connect: Any, way: str, sent: dict[str, str], shown: dict[str, str]
) -> None:
    client = logged_in(appliance, connect, unknown_properties=way)
    added = behind_the_back(appliance, other={"costCenter": "1", "region": "eu"})
    one = f"{ORGANIZATIONS}/{added['id']}"
    before = client.call("GET", one)
    assert client.everything(ORGANIZATIONS) == [before]
    spec = client.spec(rescan_iam_role=added["rescan_iam_role_id"])
    after = client.call("PUT", one, json={"organization": {**spec, **sent}})
    assert {key: value for key, value in after.items() if key in ("costCenter", "region")} == shown
    assert (before["costCenter"], before["region"]) == ("1", "eu")


def test_unknown_properties_that_are_refused(appliance: Any, connect: Any) -> None:
    client = logged_in(appliance, connect, unknown_properties="refused")
    added = behind_the_back(appliance, other={"costCenter": "1"})
    one, spec = f"{ORGANIZATIONS}/{added['id']}", client.spec(rescan_iam_role=added["rescan_iam_role_id"])
    problem = client.call("PUT", one, 400, json={"organization": {**spec, "costCenter": "1"}})
    assert "costCenter" in problem["details"]


def scopes_by_hand(**other: Any) -> dict[str, Any]:
    scope = {"id": SCOPE, "name": "North", "organizational_units": ["ou-prod-sandbox0"], "other": other}
    return {"limited_scopes": [scope]}


@pytest.mark.parametrize(
    ("way", "sent", "shown"),
    [
        ("kept", {}, {"retention": 30}),
        ("replaced", {"retention": 31, "guess": 1}, {"retention": 31}),
        ("replaced", {"guess": 1}, {}),
    ],
)
def test_unknown_properties_of_scopes(
    appliance: Any, connect: Any, way: str, sent: dict[str, Any], shown: dict[str, Any]
) -> None:
    client = logged_in(appliance, connect, unknown_properties=way)
    added = behind_the_back(appliance, **scopes_by_hand(retention=30))
    spec = client.spec(rescan_iam_role=added["rescan_iam_role_id"])
    scope = client.scope(id=SCOPE, name="North", organizational_units=["ou-prod-sandbox0"])
    body = {"organization": spec, "changedLimitedScopes": [{**scope, **sent}]}
    after = client.call("PUT", f"{ORGANIZATIONS}/{added['id']}", json=body)
    assert after["limitedScopes"] == [{**scope, **shown}]


COMPUTED = {"organization.protectionState": "Protected", "limited_scope.accountsTotal": 2}


@pytest.mark.parametrize(
    ("place", "name"), [("organization", "protectionState"), ("scope", "accountsTotal"), ("scope", "guess")]
)
@pytest.mark.parametrize("strict", [False, True])
def test_properties_that_no_request_sets(appliance: Any, connect: Any, strict: bool, place: str, name: str) -> None:
    client = logged_in(appliance, connect, strict=strict, computed=COMPUTED, unknown_properties="replaced")
    added = behind_the_back(appliance, **scopes_by_hand(retention=30))
    one = f"{ORGANIZATIONS}/{added['id']}"
    before = client.call("GET", one)
    assert (before["protectionState"], before["limitedScopes"][0]["accountsTotal"]) == ("Protected", 2)
    scope = client.scope(id=SCOPE, name="North", organizational_units=["ou-prod-sandbox0"])
    sent = {
        "organization": client.spec(rescan_iam_role=added["rescan_iam_role_id"], backup_restore_iam_role_name="backup"),
        "scope": {**scope, "retention": 30},
    }
    sent[place][name] = 7
    body = {"organization": sent["organization"], "changedLimitedScopes": [sent["scope"]]}
    answers = [
        client.call("PUT", one, 400 if strict else 200, json=body),
        client.call(
            "POST",
            f"{ORGANIZATIONS}/validateOrganization",
            400 if strict else 200,
            json={"update": {"organizationId": added["id"], **body}},
        ),
    ]
    assert all((f"not known: {name}." in str(answer)) == strict for answer in answers)
    assert client.call("GET", one) == before


def test_an_appliance_has_no_unknown_properties_unless_its_shape_says_so(appliance: Any) -> None:
    with pytest.raises(RuntimeError, match="no unknown properties"):
        behind_the_back(appliance, other={"costCenter": "1"})


@pytest.mark.parametrize("lenient", [False, True])
def test_settings_that_a_request_lacks(appliance: Any, connect: Any, lenient: bool) -> None:
    client = logged_in(appliance, connect, lenient=lenient, keeps_empty_text=True)
    added = behind_the_back(appliance)
    body = {"organization": {"name": "production", "rescanIamRoleId": added["rescan_iam_role_id"]}}
    body["newLimitedScopes"] = [{"name": "North"}]
    body["changedLimitedScopes"] = [{"name": "South"}]
    answer = client.call("PUT", f"{ORGANIZATIONS}/{added['id']}", 200 if lenient else 400, json=body)
    if lenient:
        assert answer["backupRestoreIamRoleName"] is None
        assert [one["includedMembers"] for one in answer["limitedScopes"]] == [[], []]
        body["organization"].pop("rescanIamRoleId")
        assert client.call("PUT", f"{ORGANIZATIONS}/{added['id']}", json=body)["rescanIamRoleId"] is None


@pytest.mark.parametrize(("keeps", "shown"), [(False, None), (True, "")])
def test_empty_text(appliance: Any, connect: Any, keeps: bool, shown: str | None) -> None:
    client = logged_in(appliance, connect, keeps_empty_text=keeps)
    added = client.add(description="")
    assert (added["description"], added["productionWorkerIamRoleName"]) == (shown, None)


@pytest.mark.parametrize(("shape", "shown"), [({}, []), ({"empty_lists": False}, None)])
def test_no_limited_scopes(appliance: Any, connect: Any, shape: dict[str, Any], shown: list[Any] | None) -> None:
    client = logged_in(appliance, connect, **shape)
    assert client.add()["limitedScopes"] == shown


def test_a_root_that_is_not_listed(appliance: Any, connect: Any) -> None:
    client = logged_in(appliance, connect, lists_root=False)
    address = f"{ORGANIZATIONS}/{client.add()['id']}/identitiesInDb"
    found = client.identities(address, ExpandChildNodes="true", TypeFilter="Unit")
    assert "r-prod" not in {one["awsId"] for one in found}
    assert len(found) == 7


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
    never = ("unknown_properties", "lenient", "keeps_empty_text", "empty_lists", "lists_root", "strict", "computed")
    for name in never:
        assert all(getattr(shape, name) == getattr(Shape(), name) for shape in shapes), f"{name} is never drawn"
    assert len({str(shape) for shape in shapes}) == 200


def test_unknown_shapes_have_names_in_no_list_of_the_collection() -> None:
    shapes = [Shape.unknown(seed) for seed in range(200)]
    listed = {*DOCUMENTED.values(), *(name for names in ALTERNATIVES.values() for name in names)}
    assert not any(set(shape.names.values()) & listed for shape in shapes)
    assert all(WORKER in shape.names for shape in shapes)
    for key, names in UNHEARD_OF.items():
        assert {shape.names.get(key) for shape in shapes} - {None} == set(names)
    for name in ("strict", "lenient", "nulls", "scope_members", "unknown_properties"):
        assert len({getattr(shape, name) for shape in shapes}) > 1, name
    assert not any(shape.strict and shape.lenient for shape in shapes)
    assert len({str(shape) for shape in shapes}) > 190


@pytest.mark.parametrize(
    ("fields", "names"),
    [
        ({"names": {WORKER: "pwRole"}}, {WORKER: "pwRole"}),
        ({"names": {"organization.rescan_iam_role": "rescanIamRole.id"}}, {}),
        ({"scope_members": "by_structure_call"}, {MEMBERS: "includedMembers"}),
        ({"nulls": "absent"}, {}),
        ({"strict": True, "computed": COMPUTED}, {"not_sent": ["protectionState", "accountsTotal"]}),
        (
            {"nulls": "absent", "computed": COMPUTED},
            {"organization.description": "description", WORKER: "productionWorkerIamRoleName"},
        ),
    ],
)
def test_wire_names_that_settle_a_shape(fields: dict[str, Any], names: dict[str, Any]) -> None:
    assert Shape.from_dict(fields).wire_names() == names


def test_shape_survives_json() -> None:
    for seed in range(20):
        shape = Shape.random(seed)
        assert shape == Shape.random(seed) == Shape.from_dict(shape.as_dict())
        unheard_of = Shape.unknown(seed)
        assert unheard_of == Shape.of("unknown", seed) == Shape.from_dict(unheard_of.as_dict())
    assert Shape.documented() == Shape.from_dict({})


@pytest.mark.parametrize(
    "fields",
    [
        {"nulls": "maybe"},
        {"names": {"name": "x"}},
        {"page_cap": 0},
        {"list_keys": ["name"]},
        {"unknown_properties": "maybe"},
        {"colour": 1},
        {"computed": {"state": 1}},
    ],
)
def test_shape_that_cannot_be(fields: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="shape: "):
        Shape.from_dict(fields)
