# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A rescan on its own: what is rescanned, where to, and what it changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from ansible_collections.vbaws.appliance.plugins.module_utils._model.structure import split_path
from ansible_collections.vbaws.appliance.plugins.module_utils._module.options import CONNECTION, WAITING
from ansible_collections.vbaws.appliance.plugins.modules.organization_rescan import (
    RESCAN,
    covering,
    rescan_task,
    structure_changes,
)
from ansible_collections.vbaws.appliance.tests.simulator.state.sessions import FAILED
from ansible_collections.vbaws.appliance.tests.unit.support.appliance import SimulatedAppliance
from ansible_collections.vbaws.appliance.tests.unit.support.builders import (
    ACCOUNT,
    AWS_ID,
    DELEGATE_ID,
    PROD,
    ROLE_ID,
    ROOT,
    SANDBOX,
    SANDBOX_ACCOUNT,
    TEST,
    TREE,
    WORKLOADS,
    fails,
    options_of,
    structure,
    uuid,
)
from ansible_collections.vbaws.appliance.tests.unit.support.fake_client import BASE
from ansible_collections.vbaws.appliance.tests.unit.support.strategies import trees
from hypothesis import given

Tree = Mapping[str, tuple[str, "str | None"]]


def rescan(appliance: SimulatedAppliance, *, check: bool = False, **given: Any) -> dict[str, Any]:
    return rescan_task(appliance.task(options_of(CONNECTION, WAITING, RESCAN, **given), check_mode=check))


def registered(**shape: Any) -> tuple[SimulatedAppliance, str]:
    """Since the last rescan an account has moved in AWS."""
    appliance = SimulatedAppliance(**shape)
    key = appliance.has(appliance.scope("Play", SANDBOX))
    appliance.change_aws(move=[{"id": ACCOUNT, "parent": SANDBOX}])
    return appliance, key


def sent(appliance: SimulatedAppliance) -> list[dict[str, Any]]:
    return appliance.sent("POST", f"{BASE}/rescan")


MOVED = {
    "aws_id": ACCOUNT,
    "name": "shop",
    "type": "account",
    "path": "/Sandbox/shop",
    "covered_by": ["Play"],
    "former_path": "/Workloads/Prod/shop",
}


def test_a_rescan_into_the_database_says_what_it_changed() -> None:
    appliance, key = registered()
    result = rescan(appliance, name="production")
    session = result["session"]["id"]
    structure = f"POST {BASE}/{key}/identitiesInDb"
    assert appliance.calls() == [
        f"GET {BASE}", structure, f"POST {BASE}/rescan", f"GET /sessions/{session}", structure,
    ]  # fmt: skip
    assert sent(appliance) == [{"rescanIamRoleId": ROLE_ID, "rescanStorageType": "Database"}]
    assert result["structure_changes"] == {"added": [], "removed": [], "moved": [MOVED], "renamed": []}
    assert (result["changed"], result["verified"]) == (True, True)
    assert result["diff"] == {
        "before": {"structure": [f"/Workloads/Prod/shop ({ACCOUNT})"]},
        "after": {"structure": [f"/Sandbox/shop ({ACCOUNT})"]},
        "before_header": f"structure of production ({key})",
        "after_header": f"structure of production ({key})",
    }
    assert result["statistics"] == {"units": 5, "accounts": 2}
    assert result["organization"]["id"] == key


def test_a_structure_that_did_not_change_is_no_change() -> None:
    appliance = SimulatedAppliance()
    appliance.has()
    result = rescan(appliance, aws_organization_id=AWS_ID)
    assert (result["changed"], result["verified"]) == (False, True)
    assert "diff" not in result
    assert not any(result["structure_changes"].values())


def test_every_kind_of_change_is_in_the_diff() -> None:
    appliance, _key = registered()
    new = {"id": "333333333333", "name": "new", "parent": PROD}
    appliance.change_aws(drop=[SANDBOX_ACCOUNT], add=[new], rename=[{"id": PROD, "name": "Live"}])
    diff = rescan(appliance, name="production")["diff"]
    assert diff["before"]["structure"] == [
        f"/Sandbox/playground ({SANDBOX_ACCOUNT})", f"/Workloads/Prod/shop ({ACCOUNT})", f"Prod ({PROD})",
    ]  # fmt: skip
    assert diff["after"]["structure"] == [
        f"/Sandbox/shop ({ACCOUNT})", "/Workloads/Live/new (333333333333)", f"Live ({PROD})",
    ]  # fmt: skip


def test_a_rescan_in_memory_compares_and_is_never_changed() -> None:
    appliance, key = registered()
    result = rescan(appliance, id=key, storage="in_memory")
    assert (result["changed"], result["structure_changes"]["moved"]) == (False, [MOVED])
    assert "diff" not in result
    assert appliance.writes() == []
    assert appliance.tree(key) == TREE


def test_an_organization_that_is_not_registered_is_read_in_memory_by_its_role() -> None:
    appliance = SimulatedAppliance()
    result = rescan(appliance, rescan_iam_role="prod-rescan", storage="in_memory")
    assert (result["organization"], result["structure_changes"], result["verified"]) == (None, None, True)
    assert result["statistics"] == {"units": 5, "accounts": 2}
    assert sent(appliance) == [{"rescanIamRoleId": ROLE_ID, "rescanStorageType": "InMemory"}]


@pytest.mark.parametrize("check", [False, True])
def test_a_rescan_into_the_database_of_what_is_not_registered_fails(check: bool) -> None:
    appliance = SimulatedAppliance()
    with fails("not_found", "not registered", "storage: in_memory", "Nothing was changed."):
        rescan(appliance, check=check, rescan_iam_role="prod-rescan")
    assert sent(appliance) == []


def test_a_role_leads_to_the_organization_that_it_belongs_to() -> None:
    appliance, key = registered()
    result = rescan(appliance, rescan_iam_role="prod-delegate")
    assert (result["organization"]["id"], result["changed"]) == (key, True)
    assert sent(appliance)[0]["rescanIamRoleId"] == DELEGATE_ID


def test_a_role_beside_an_organization_must_belong_to_it() -> None:
    appliance, _key = registered()
    rescan(appliance, name="production", rescan_iam_role="prod-delegate")
    assert sent(appliance)[0]["rescanIamRoleId"] == DELEGATE_ID
    with fails("conflict", "subs-rescan does not belong", "Leave rescan_iam_role out"):
        rescan(appliance, name="production", rescan_iam_role="subs-rescan")


def test_a_role_that_cannot_read_refuses() -> None:
    appliance = SimulatedAppliance()
    appliance.change_role(ROLE_ID, aws_organization="")
    with fails("role_invalid", "prod-rescan"):
        rescan(appliance, rescan_iam_role="prod-rescan", storage="in_memory")
    assert sent(appliance) == []


def test_check_mode_starts_nothing_and_does_not_know() -> None:
    appliance, key = registered()
    result = rescan(appliance, check=True, name="production")
    assert (result["changed"], result["verified"], result["structure_changes"]) == (True, False, None)
    assert (result["session"], appliance.sessions, appliance.tree(key)) == (None, [], TREE)


def test_check_mode_with_sessions_gives_the_same_answer_with_nothing_stored() -> None:
    appliance, key = registered()
    planned = rescan(appliance, check=True, name="production", check_mode_sessions=True)
    assert sent(appliance) == [{"rescanIamRoleId": ROLE_ID, "rescanStorageType": "InMemory"}]
    assert appliance.tree(key) == TREE
    done = rescan(appliance, name="production")
    for key in ("changed", "structure_changes", "diff", "statistics", "verified"):
        assert planned[key] == done[key]


def test_without_waiting_the_session_is_returned_and_what_changed_is_not_known() -> None:
    appliance, _key = registered()
    result = rescan(appliance, name="production", wait=False)
    assert result["session"] == {"id": appliance.sessions[0]}
    assert (result["changed"], result["verified"], result["structure_changes"]) == (True, False, None)
    assert appliance.calls()[-1] == f"POST {BASE}/rescan"


def test_a_failed_session_is_told() -> None:
    appliance, _key = registered()
    appliance.ends(FAILED, "No trust")
    with fails("session_failed", "'production'", "No trust"):
        rescan(appliance, name="production")


@pytest.mark.parametrize(("storage", "known"), [("database", False), ("in_memory", True)])
def test_a_rescan_that_takes_too_long_leaves_open_what_becomes_of_the_stored_structure(
    storage: str, known: bool
) -> None:
    appliance, _key = registered()
    appliance.state.settings.session_seconds = 1e9
    with fails("timeout", "has not ended") as caught:
        rescan(appliance, name="production", storage=storage, wait_timeout=0)
    assert ("Nothing was changed." in caught.said) is known
    updated = "has updated the stored structure of the AWS Organization 'production'; run again"
    assert (updated in caught.said) is not known


def test_a_rescan_whose_result_cannot_be_read_was_made_all_the_same() -> None:
    appliance, key = registered()
    unreadable = {"identities": [{"name": "x"}], "totalCount": 1}
    appliance.fault("answer", "POST", f"{BASE}/{key}/identitiesInDb", body=unreadable, skip=1)
    with fails("api", "Changed before the failure: the stored structure of the AWS Organization 'production'"):
        rescan(appliance, name="production")


def test_what_is_not_registered_is_an_error_with_near_names() -> None:
    appliance, _key = registered()
    with fails("not_found", "'Production'", "Did you mean 'production'", "storage: in_memory"):
        rescan(appliance, name="Production")
    with fails("not_found", uuid(7)):
        rescan(appliance, id=uuid(7))


def test_a_role_that_the_appliance_does_not_show_must_be_given() -> None:
    appliance, _key = registered(names={"organization.rescan_iam_role": None})
    with fails("api", "does not show the rescan role", "organization.rescan_iam_role"):
        rescan(appliance, name="production")
    assert rescan(appliance, name="production", rescan_iam_role="prod-rescan")["changed"]


@pytest.mark.parametrize(
    ("given", "word"), [({"id": AWS_ID}, "option id"), ({"rescan_iam_role": "arn:aws:x"}, "no ARN of an IAM role")]
)
def test_options_are_checked_before_anything_is_asked(given: dict[str, Any], word: str) -> None:
    appliance = SimulatedAppliance()
    with fails("invalid", word):
        rescan(appliance, **given)
    assert appliance.requests == []


def test_an_unknown_role_is_an_error() -> None:
    with fails("not_found", "'prod-rescn'", "Did you mean 'prod-rescan'"):
        rescan(SimulatedAppliance(), rescan_iam_role="prod-rescn")


# What a rescan changed


def test_the_scopes_that_cover_an_account_are_found_through_its_ancestors() -> None:
    scopes = {"Z": frozenset({WORKLOADS}), "A": frozenset({ROOT}), "M": frozenset({SANDBOX})}
    assert covering(structure(), ACCOUNT, scopes) == ["A", "Z"]
    assert covering(structure(), SANDBOX, scopes) == ["A", "M"]
    assert covering(structure(), ROOT, scopes) == ["A"]


def test_equal_structures_have_no_changes() -> None:
    assert not any(structure_changes(structure(), structure(), {}).values())


def test_each_kind_of_change_tells_where_and_which_scopes_cover_it() -> None:
    after = {aws_id: node for aws_id, node in TREE.items() if aws_id != SANDBOX_ACCOUNT}
    after |= {"333333333333": ("new", TEST), PROD: ("Live", WORKLOADS), ACCOUNT: ("shop", SANDBOX)}
    scopes = {"Work": frozenset({WORKLOADS}), "Play": frozenset({SANDBOX})}

    assert structure_changes(structure(), structure(after), scopes) == {
        "added": [entry("333333333333", "new", "/Workloads/Test/new", "Work")],
        "removed": [entry(SANDBOX_ACCOUNT, "playground", "/Sandbox/playground", "Play")],
        "moved": [{**entry(ACCOUNT, "shop", "/Sandbox/shop", "Play"), "former_path": "/Workloads/Prod/shop"}],
        "renamed": [{**entry(PROD, "Live", "/Workloads/Live", "Work"), "former_name": "Prod"}],
    }


def entry(aws_id: str, name: str, path: str, scope: str) -> dict[str, Any]:
    kind = "account" if aws_id.isdigit() else "unit"
    return {"aws_id": aws_id, "name": name, "type": kind, "path": path, "covered_by": [scope]}


@given(trees(), trees())
def test_the_changes_applied_to_one_structure_give_the_other(before: Tree, after: Tree) -> None:
    changes = structure_changes(structure(before), structure(after), {})
    assert applied(before, changes) == dict(after)
    for items in changes.values():
        assert items == sorted(items, key=lambda item: (item["path"], item["aws_id"]))


def applied(before: Tree, changes: dict[str, list[dict[str, Any]]]) -> dict[str, tuple[str, str | None]]:
    """Carries changes out one after the other, as a reader of the report would."""
    tree = dict(before)
    for item in changes["removed"]:
        del tree[item["aws_id"]]
    for item in changes["renamed"]:
        assert tree[item["aws_id"]][0] == item["former_name"]
        tree[item["aws_id"]] = (item["name"], tree[item["aws_id"]][1])
    placed = sorted([*changes["added"], *changes["moved"]], key=lambda item: len(split_path(item["path"])))
    for item in placed:
        tree[item["aws_id"]] = (item["name"], "nowhere yet")
    for item in placed:
        names = split_path(item["path"])
        assert names[-1] == item["name"]
        tree[item["aws_id"]] = (item["name"], walk(tree, names[:-1]))
    return tree


def walk(tree: Tree, names: list[str]) -> str:
    at = ROOT
    for name in names:
        (at,) = [a for a, node in tree.items() if node == (name, at) and not a.isdigit()]
    return at
