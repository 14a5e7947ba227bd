# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Structures as get_rescan_results and get_structure answer them."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.vbaws.appliance.plugins.module_utils._appliance.structures import read_structure
from ansible_collections.vbaws.appliance.plugins.module_utils._model.names import Names
from ansible_collections.vbaws.appliance.plugins.module_utils._rest.paging import Listing
from ansible_collections.vbaws.appliance.tests.unit.support.builders import (
    ACCOUNT,
    PROD,
    ROOT,
    SESSION_ID,
    WORKLOADS,
    fails,
    uuid,
)


class Answers:
    """Stands for one of the two calls: answers in order, keeps what it was asked."""

    def __init__(self, *answers: tuple[list[dict[str, Any]], dict[str, Any]]) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, dict[str, Any]]] = []

    def __call__(self, key: str, **selection: Any) -> Listing:
        self.asked.append((key, selection))
        items, page = self.answers.pop(0)
        return Listing(items, len(items), page)


def item(aws_id: str, name: str, parent: Any = None, **more: Any) -> dict[str, Any]:
    return {"awsId": aws_id, "name": name, "parentId": parent, **more}


LIST = [item(ROOT, "Root"), item(WORKLOADS, "Workloads", ROOT), item(PROD, "Prod", WORKLOADS)]
PATHS = {ROOT: "/", WORKLOADS: "/Workloads", PROD: "/Workloads/Prod"}


def test_a_list_with_parents_is_read_as_it_is() -> None:
    call = Answers(([*LIST, item(ACCOUNT, "shop", PROD)], {}))
    made = read_structure(call, SESSION_ID, Names(), TypeFilter="Unit")
    assert made.unit_paths() == PATHS
    assert made.path(ACCOUNT) == "/Workloads/Prod/shop"
    assert call.asked == [(SESSION_ID, {"TypeFilter": "Unit"})]


def test_parents_may_be_ids_of_the_appliance() -> None:
    items = [
        item(ROOT, "Root", id=uuid(1)),
        item(WORKLOADS, "Workloads", uuid(1), id=uuid(2)),
        item(PROD, "Prod", uuid(2), id=uuid(3)),
    ]
    made = read_structure(Answers((items, {})), SESSION_ID, Names())
    assert made.unit_paths() == PATHS
    assert made.by_aws_id[PROD].id == uuid(3)


def test_a_list_without_parents_is_read_again_as_a_tree() -> None:
    flat = [{"awsId": entry["awsId"], "name": entry["name"]} for entry in LIST]
    leaf = {"awsId": PROD, "name": "Prod", "children": None}
    tree = {
        "awsId": ROOT,
        "name": "Root",
        "children": [{"awsId": WORKLOADS, "name": "Workloads", "childNodes": [leaf]}],
    }
    call = Answers((flat, {}), ([], {"tree": tree}))
    assert read_structure(call, SESSION_ID, Names(), TypeFilter="Unit").unit_paths() == PATHS
    assert call.asked[1] == (SESSION_ID, {"ReturnAsTree": True, "TypeFilter": "Unit"})


@pytest.mark.parametrize("items", [[], [{"awsId": ROOT, "name": "Root"}]])
def test_one_item_needs_no_parent(items: list[dict[str, Any]]) -> None:
    call = Answers((items, {}))
    assert list(read_structure(call, SESSION_ID, Names()).by_aws_id) == [entry["awsId"] for entry in items]
    assert len(call.asked) == 1


@pytest.mark.parametrize("tree", [None, [], "x"])
def test_neither_parents_nor_a_tree_is_an_error(tree: Any) -> None:
    flat = [{"awsId": ROOT, "name": "Root"}, {"awsId": PROD, "name": "Prod"}]
    with fails("api", "identity.parent_id, tree.children"):
        read_structure(Answers((flat, {}), ([], {"tree": tree})), SESSION_ID, Names())


@pytest.mark.parametrize("bad", [{"name": "Prod"}, {"awsId": "", "name": "Prod"}, {"awsId": 7}])
def test_an_item_without_an_aws_id_is_an_error(bad: dict[str, Any]) -> None:
    with fails("api", "without an AWS ID", "identity.aws_id"):
        read_structure(Answers(([*LIST, bad], {})), SESSION_ID, Names())


def test_a_tree_with_something_else_than_nodes_is_an_error() -> None:
    flat = [{"awsId": ROOT, "name": "Root"}, {"awsId": PROD, "name": "Prod"}]
    call = Answers((flat, {}), ([], {"tree": {"awsId": ROOT, "name": "Root", "children": [{"name": "Prod"}]}}))
    with fails("api", "without an AWS ID"):
        read_structure(call, SESSION_ID, Names())


def tree_of(levels: int) -> dict[str, Any]:
    tree: dict[str, Any] = {"awsId": "ou-0", "name": "x"}
    for number in range(1, levels):
        tree = {"awsId": f"ou-{number}", "name": "x", "children": [tree]}
    return tree


def test_a_tree_that_is_nested_too_deep_is_an_error() -> None:
    flat = [{"awsId": ROOT, "name": "Root"}, {"awsId": PROD, "name": "Prod"}]
    assert len(read_structure(Answers((flat, {}), ([], {"tree": tree_of(65)})), SESSION_ID, Names()).by_aws_id) == 65
    for levels in (66, 5000):
        with fails("api", "nested deeper than 64 levels"):
            read_structure(Answers((flat, {}), ([], {"tree": tree_of(levels)})), SESSION_ID, Names())


def test_an_item_twice_in_a_tree_is_an_error() -> None:
    flat = [{"awsId": ROOT, "name": "Root"}, {"awsId": PROD, "name": "Prod"}]
    tree = {"awsId": ROOT, "name": "Root", "children": [flat[1], flat[1]]}
    with fails("api", f"'{PROD}' more than once"):
        read_structure(Answers((flat, {}), ([], {"tree": tree})), SESSION_ID, Names())


def test_a_name_that_no_unit_can_have_is_an_error() -> None:
    with fails("api", f"The name of '{PROD}'", "1001 characters") as caught:
        read_structure(Answers(([*LIST[:2], item(PROD, "x" * 1001, ROOT)], {})), SESSION_ID, Names())
    assert len(caught.said) < 500


def test_a_nameless_item_is_called_by_its_aws_id() -> None:
    made = read_structure(Answers(([LIST[0], {"awsId": PROD, "parentId": ROOT}], {})), SESSION_ID, Names())
    assert made.path(PROD) == f"/{PROD}"


def test_wire_names_apply_to_identities_too() -> None:
    names = Names({"identity.parent_id": "above", "identity.aws_id": "arn"})
    items = [{"arn": ROOT, "name": "Root"}, {"arn": WORKLOADS, "name": "Workloads", "above": ROOT}]
    made = read_structure(Answers((items, {})), SESSION_ID, names)
    assert made.by_aws_id[WORKLOADS].parent == ROOT
