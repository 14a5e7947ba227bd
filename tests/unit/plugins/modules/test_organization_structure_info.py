# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What organization_structure_info selects, and how it places every unit and account."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.vbaws.appliance.plugins.module_utils._module.options import CONNECTION
from ansible_collections.vbaws.appliance.plugins.modules.organization_structure_info import STRUCTURE, structure_info
from ansible_collections.vbaws.appliance.tests.unit.support.appliance import SimulatedAppliance
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

ORDER = [ROOT, WORKLOADS, PROD, ACCOUNT, TEST, SANDBOX, SANDBOX_ACCOUNT, RD]
SANDBOX_ID = "the appliance's ID of Sandbox"


def registered(**shape: Any) -> SimulatedAppliance:
    """An appliance with one organization, whose units have IDs of the appliance."""
    appliance = SimulatedAppliance(**shape)
    appliance.has(appliance.scope("Prod", PROD), appliance.scope("Work and R/D", WORKLOADS, RD))
    return appliance


def id_of(appliance: SimulatedAppliance, aws_id: str) -> str:
    """The appliance's own ID of a unit of the first organization."""
    structure = appliance.state.structures.get(appliance.organizations[0]["id"])
    return structure.get(aws_id).id


def read(appliance: SimulatedAppliance, **given: Any) -> dict[str, Any]:
    options = given if "session" in given else {"name": "production", **given}
    return structure_info(appliance.task(options_of(CONNECTION, STRUCTURE, **options)))


def ids(result: dict[str, Any]) -> list[str]:
    return [item["aws_id"] for item in result["identities"]]


def rescanned(appliance: SimulatedAppliance) -> str:
    """The session of a rescan in memory."""
    return appliance.api().rescan(ROLE_ID, "InMemory", "x")


@pytest.mark.parametrize(
    "shape",
    [
        {},
        {"parent_id": "absent"},
        {"scope_members": "by_structure_call"},
        {"parent_id": "absent", "scope_members": "by_structure_call"},
        {"page_cap": 2},
    ],
)
def test_every_item_has_its_path_and_the_scopes_that_cover_it(shape: dict[str, Any]) -> None:
    result = read(registered(**shape))
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
    appliance = registered(parent_id="system")
    result = read(appliance)
    assert {item["aws_id"]: item["parent"] for item in result["identities"]} == {
        aws_id: parent for aws_id, (_name, parent) in TREE.items()
    }
    assert result["identities"][ORDER.index(ACCOUNT)]["path"] == "/Workloads/Prod/shop"


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"unit": "/Workloads"}, [WORKLOADS, PROD, ACCOUNT, TEST]),
        ({"unit": PROD}, [PROD, ACCOUNT]),
        ({"unit": SANDBOX_ID}, [SANDBOX, SANDBOX_ACCOUNT]),
        ({"unit": SANDBOX_ID.upper(), "type": "account"}, [SANDBOX_ACCOUNT]),
        ({"unit": "/R\\/D"}, [RD]),
        ({"unit": "/", "type": "unit"}, [ROOT, WORKLOADS, PROD, TEST, SANDBOX, RD]),
        ({"limited_scope": "Prod"}, [PROD, ACCOUNT]),
        ({"included_members": ["/Sandbox", PROD], "type": "account"}, [ACCOUNT, SANDBOX_ACCOUNT]),
        ({"recurse": False}, [ROOT]),
        ({"search": "op"}, [ACCOUNT]),
        ({"offset": 6}, [SANDBOX_ACCOUNT, RD]),
        ({"offset": 1, "limit": 2}, [WORKLOADS, PROD]),
        ({"offset": 99}, []),
    ],
)
def test_a_part_is_the_same_as_in_the_whole(given: dict[str, Any], found: list[str]) -> None:
    appliance = registered()
    whole = {item["aws_id"]: item for item in read(appliance)["identities"]}
    own = id_of(appliance, SANDBOX)
    ids_given = {SANDBOX_ID: own, SANDBOX_ID.upper(): own.upper()}
    if given.get("unit") in ids_given:
        given = {**given, "unit": ids_given[given["unit"]]}
    result = read(appliance, **given)
    assert ids(result) == found
    assert all(item == whole[item["aws_id"]] for item in result["identities"])


def test_a_rescan_in_memory_is_selected_by_aws_id_and_covered_by_nothing() -> None:
    appliance = SimulatedAppliance()
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
    appliance = registered(lists_root=False)
    assert [item["path"] for item in read(appliance)["identities"]][:2] == ["/Workloads", "/Workloads/Prod"]


def test_what_the_appliance_does_not_count_is_not_made_up() -> None:
    appliance = registered(names={"statistics.units": None, "statistics.accounts": None})
    assert read(appliance)["statistics"] is None


@pytest.mark.parametrize(
    ("given", "reason", "words"),
    [
        ({"unit": "/Workload"}, "not_found", ["'/Workload'", "Did you mean '/Workloads'"]),
        ({"unit": uuid(1)}, "not_found", [uuid(1)]),
        ({"unit": "Workloads"}, "invalid", ["is no unit", "AWS ID"]),
        ({"unit": ACCOUNT}, "invalid", [f"'{ACCOUNT}' is an AWS account", f"'/Workloads/Prod' ({PROD})"]),
        ({"unit": int(ACCOUNT)}, "invalid", [f"'{ACCOUNT}' is an AWS account"]),
        ({"unit": 83}, "invalid", ["The value 83 of the option unit is a number", "in quotes"]),
        ({"limited_scope": False}, "invalid", ["The value false of the option limited_scope is a bool"]),
        ({"included_members": [1.5]}, "invalid", ["The value 1.5 of the option included_members is a number"]),
        ({"unit": "/Workloads/Prod/shop"}, "invalid", [f"is the AWS account {ACCOUNT}", f"({PROD})"]),
        ({"unit": "/New"}, "not_found", ["see organization_rescan"]),
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
    appliance = SimulatedAppliance()
    appliance.change_aws(add=[{"id": "ou-prod-sandbox9", "name": "Sandbox", "parent": ROOT}])
    appliance.has()
    with fails("ambiguous", SANDBOX, "ou-prod-sandbox9"):
        read(appliance, unit="/Sandbox")


def test_a_unit_without_an_id_of_the_appliance_cannot_be_selected_in_the_database() -> None:
    appliance = registered(names={"identity.id": None})
    with fails("api", "no system ID", "identity.id"):
        read(appliance, unit=PROD)


def test_a_result_that_is_gone_is_told_with_what_to_do() -> None:
    appliance = registered()
    session = appliance.api().rescan(ROLE_ID, "Database", "x")
    with fails("not_found", "no result of a rescan in memory", "rescan again"):
        read(appliance, session=session)
