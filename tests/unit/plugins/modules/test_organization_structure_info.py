# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What organization_structure_info selects, and how it places every unit and account."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.vbaws.appliance.plugins.module_utils._module.options import CONNECTION
from ansible_collections.vbaws.appliance.plugins.modules.organization_structure_info import STRUCTURE, structure_info
from ansible_collections.vbaws.appliance.tests.unit.support.builders import (
    ACCOUNT,
    AWS_ID,
    PROD,
    RD,
    ROLE_ID,
    ROOT,
    SANDBOX,
    SANDBOX_ACCOUNT,
    TEST,
    TREE,
    WORKLOADS,
    fails,
    options_of,
    uuid,
)
from ansible_collections.vbaws.appliance.tests.unit.support.fake_appliance import FakeAppliance, Rule, Shape
from ansible_collections.vbaws.appliance.tests.unit.support.fake_client import refused

ORDER = list(TREE)


def registered(shape: Shape | None = None) -> FakeAppliance:
    """An appliance with one organization, whose units have IDs of the appliance."""
    appliance = FakeAppliance(shape)
    appliance.has(appliance.scope("Prod", PROD), appliance.scope("Work and R/D", WORKLOADS, RD))
    appliance.unit_ids = {aws_id: uuid(0x900 + place) for place, aws_id in enumerate(ORDER)}
    return appliance


def read(appliance: FakeAppliance, **given: Any) -> dict[str, Any]:
    options = given if "session" in given else {"name": "production", **given}
    return structure_info(appliance.task(options_of(CONNECTION, STRUCTURE, **options)))


def ids(result: dict[str, Any]) -> list[str]:
    return [item["aws_id"] for item in result["identities"]]


def rescanned(appliance: FakeAppliance) -> str:
    """The session of a rescan in memory."""
    session = appliance._session(None)
    appliance.sessions[session]["tree"] = dict(TREE)
    return session


@pytest.mark.parametrize(
    "shape", [Shape(), Shape(parents=False), Shape(members=False), Shape(parents=False, members=False), Shape(page=2)]
)
def test_every_item_has_its_path_and_the_scopes_that_cover_it(shape: Shape) -> None:
    result = read(registered(shape))
    shown = {
        item["aws_id"]: (item["type"], item["path"], item["parent"], item["covered_by"])
        for item in result["identities"]
    }
    assert list(shown) == ORDER
    assert shown == {
        ROOT: ("root", "/", None, []),
        WORKLOADS: ("unit", "/Workloads", ROOT, ["Work and R/D"]),
        PROD: ("unit", "/Workloads/Prod", WORKLOADS, ["Prod", "Work and R/D"]),
        TEST: ("unit", "/Workloads/Test", WORKLOADS, ["Work and R/D"]),
        SANDBOX: ("unit", "/Sandbox", ROOT, []),
        RD: ("unit", "/R\\/D", ROOT, ["Work and R/D"]),
        ACCOUNT: ("account", "/Workloads/Prod/shop", PROD, ["Prod", "Work and R/D"]),
        SANDBOX_ACCOUNT: ("account", "/Sandbox/playground", SANDBOX, []),
    }
    assert (result["total_count"], result["statistics"]) == (8, {"units": 6, "accounts": 2})
    assert (result["changed"], result["tree"]) == (False, None)
    assert result["organization"]["aws_organization_id"] == AWS_ID


def test_parents_that_are_ids_of_the_appliance_are_shown_as_aws_ids() -> None:
    appliance = registered()
    for aws_id, (name, parent) in list(appliance.stored[appliance.organizations[0]["id"]].items()):
        tree = appliance.stored[appliance.organizations[0]["id"]]
        tree[aws_id] = (name, appliance.unit_ids[parent] if parent else None)
    result = read(appliance)
    assert {item["aws_id"]: item["parent"] for item in result["identities"]} == {
        aws_id: parent for aws_id, (_name, parent) in TREE.items()
    }
    assert result["identities"][-2]["path"] == "/Workloads/Prod/shop"


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"unit": "/Workloads"}, [WORKLOADS, PROD, TEST, ACCOUNT]),
        ({"unit": PROD}, [PROD, ACCOUNT]),
        ({"unit": uuid(0x904)}, [SANDBOX, SANDBOX_ACCOUNT]),
        ({"unit": uuid(0x904).upper(), "type": "account"}, [SANDBOX_ACCOUNT]),
        ({"unit": "/R\\/D"}, [RD]),
        ({"unit": "/", "type": "unit"}, [ROOT, WORKLOADS, PROD, TEST, SANDBOX, RD]),
        ({"limited_scope": "Prod"}, [PROD, ACCOUNT]),
        ({"included_members": ["/Sandbox", PROD], "type": "account"}, [ACCOUNT, SANDBOX_ACCOUNT]),
        ({"recurse": False}, [ROOT]),
        ({"search": "op"}, [ACCOUNT]),
        ({"offset": 6}, [ACCOUNT, SANDBOX_ACCOUNT]),
        ({"offset": 1, "limit": 2}, [WORKLOADS, PROD]),
        ({"offset": 99}, []),
    ],
)
def test_a_part_is_the_same_as_in_the_whole(given: dict[str, Any], found: list[str]) -> None:
    appliance = registered()
    whole = {item["aws_id"]: item for item in read(appliance)["identities"]}
    result = read(appliance, **given)
    assert ids(result) == found
    assert all(item == whole[item["aws_id"]] for item in result["identities"])


def test_a_rescan_in_memory_is_selected_by_aws_id_and_covered_by_nothing() -> None:
    appliance = FakeAppliance()
    session = rescanned(appliance)
    result = read(appliance, session=session, unit="/Workloads/Prod")
    assert ids(result) == [PROD, ACCOUNT]
    assert appliance.requests[-1].path.endswith(f"/rescan/{session}/identitiesInMemory")
    assert dict(appliance.requests[-1].query)["ContainerId"] == PROD
    assert [item["covered_by"] for item in result["identities"]] == [[], []]
    assert [item["id"] for item in result["identities"]] == [None, None]
    assert result["organization"] is None


def test_a_tree_nests_and_lets_what_has_no_parent_stand_at_the_top() -> None:
    (top,) = read(registered(), unit="/Workloads", format="tree")["tree"]
    assert (top["aws_id"], [child["aws_id"] for child in top["children"]]) == (WORKLOADS, [PROD, TEST])
    assert top["children"][0]["children"][0]["path"] == "/Workloads/Prod/shop"
    alone = read(registered(), type="account", format="tree")["tree"]
    assert [(node["aws_id"], node["children"]) for node in alone] == [(ACCOUNT, []), (SANDBOX_ACCOUNT, [])]


def test_a_root_that_is_not_listed_still_ends_the_paths() -> None:
    appliance = registered()
    del appliance.stored[appliance.organizations[0]["id"]][ROOT]
    assert [item["path"] for item in read(appliance)["identities"]][:2] == ["/Workloads", "/Workloads/Prod"]


def test_what_the_appliance_does_not_count_is_not_made_up() -> None:
    appliance = registered()
    appliance.counts = False
    assert read(appliance)["statistics"] is None


@pytest.mark.parametrize(
    ("given", "reason", "words"),
    [
        ({"unit": "/Workload"}, "not_found", ["'/Workload'", "Did you mean '/Workloads'"]),
        ({"unit": uuid(1)}, "not_found", [uuid(1)]),
        ({"unit": ACCOUNT}, "invalid", ["is no unit", "AWS ID"]),
        ({"included_members": ["ou-prod-nowhere0"]}, "not_found", ["ou-prod-nowhere0"]),
        ({"limited_scope": "prod"}, "not_found", ["no limited scope 'prod'", "Did you mean 'Prod'"]),
        ({"offset": -1}, "invalid", ["offset is -1", "at least 0"]),
        ({"limit": 0}, "invalid", ["limit is 0", "at least 1"]),
        ({"session": "yesterday"}, "invalid", ["'yesterday'", "organization_rescan"]),
        ({"name": "elsewhere"}, "not_found", ["'elsewhere' is not registered"]),
    ],
)
def test_what_cannot_be_selected_is_refused(given: dict[str, Any], reason: str, words: list[str]) -> None:
    with fails(reason, *words):
        read(registered(), **given)


def test_a_path_with_namesakes_is_ambiguous() -> None:
    appliance = registered()
    appliance.stored[appliance.organizations[0]["id"]]["ou-prod-sandbox9"] = ("Sandbox", ROOT)
    with fails("ambiguous", SANDBOX, "ou-prod-sandbox9"):
        read(appliance, unit="/Sandbox")


def test_a_unit_without_an_id_of_the_appliance_cannot_be_selected_in_the_database() -> None:
    appliance = registered()
    appliance.unit_ids = {}
    with fails("api", "no system ID", "identity.id"):
        read(appliance, unit=PROD)


def test_a_result_that_is_gone_is_told_with_what_to_do() -> None:
    appliance = FakeAppliance()
    appliance.sessions[ROLE_ID] = {}
    appliance.rules.append(Rule("POST", ".*identitiesInMemory", refuse=refused(404), times=9))
    with fails("not_found", "no result of a rescan in memory", "rescan again"):
        read(appliance, session=ROLE_ID)
