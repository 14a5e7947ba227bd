# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What organization_info selects and returns."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.vbaws.appliance.plugins.module_utils._appliance.roles import Roles
from ansible_collections.vbaws.appliance.plugins.module_utils._module.options import CONNECTION
from ansible_collections.vbaws.appliance.plugins.modules.organization import organization
from ansible_collections.vbaws.appliance.plugins.modules.organization_info import (
    SELECTION,
    organization_info,
    portable_role,
)
from ansible_collections.vbaws.appliance.tests.unit.support.appliance import SimulatedAppliance
from ansible_collections.vbaws.appliance.tests.unit.support.builders import (
    AWS_ID,
    DELEGATE_ID,
    FOREIGN_ROLE_ID,
    OTHER_AWS_ID,
    PROD,
    RD,
    ROLE_ID,
    ROOT,
    SANDBOX,
    fails,
    options_of,
    organization_options,
    uuid,
)
from ansible_collections.vbaws.appliance.tests.unit.support.fake_client import BASE, FakeClient

WORKER = "organization.production_worker_iam_role_name"


def info(appliance: SimulatedAppliance, **given: Any) -> dict[str, Any]:
    return organization_info(appliance.task(options_of(CONNECTION, SELECTION, **given)))


def two(**shape: Any) -> tuple[SimulatedAppliance, str, str]:
    appliance = SimulatedAppliance(**shape)
    first = appliance.has(appliance.scope("South", RD, PROD), appliance.scope("North", SANDBOX))
    second = appliance.has(name="subsidiary", aws_organization_id=OTHER_AWS_ID, description=None)
    return appliance, first, second


def names(result: dict[str, Any]) -> list[str]:
    return [item["name"] for item in result["organizations"]]


def test_without_a_selection_all_are_returned() -> None:
    appliance, _first, _second = two()
    result = info(appliance)
    assert (names(result), result["total_count"], result["changed"]) == (["production", "subsidiary"], 2, False)
    assert appliance.writes() == []


@pytest.mark.parametrize("thin", [None, ()])
@pytest.mark.parametrize("selection", [{"name": "subsidiary"}, {"aws_organization_id": OTHER_AWS_ID}, {"id": True}])
def test_one_is_selected_by_id_aws_id_or_name(selection: dict[str, Any], thin: tuple[str, ...] | None) -> None:
    appliance, _first, second = two(list_keys=thin)
    given = {"id": second.upper()} if "id" in selection else selection
    result = info(appliance, **given)
    assert (names(result), result["total_count"]) == (["subsidiary"], 1)
    assert result["organizations"][0]["aws_organization_id"] == OTHER_AWS_ID


@pytest.mark.parametrize(
    "selection", [{"name": "Subsidiary"}, {"aws_organization_id": "o-nonenone00"}, {"id": uuid(7)}]
)
def test_what_is_not_there_is_an_empty_list_and_no_error(selection: dict[str, Any]) -> None:
    result = info(two()[0], **selection)
    assert (result["changed"], result["organizations"], result["total_count"]) == (False, [], 0)


def test_names_that_no_organization_shows_are_returned_with_properties_that_they_could_be() -> None:
    names = {WORKER: "pwRole", "limited_scope.organizational_units": "ous", "organization.description": "memo"}
    appliance = SimulatedAppliance(names=names)
    appliance.has(appliance.scope("North", PROD))
    assert info(appliance)["unproven_names"] == {
        "organization.description": ["memo", "pwRole"],
        WORKER: ["pwRole", "memo"],
        "limited_scope.organizational_units": ["ous"],
    }
    assert info(appliance, wire_names=names)["unproven_names"] == {}


def test_a_role_that_is_set_under_an_unknown_name_is_not_in_the_config() -> None:
    appliance = SimulatedAppliance(names={WORKER: "pwRole"})
    appliance.has()
    (item,) = info(appliance)["organizations"]
    assert "production_worker_iam_role_name" not in item["config"]
    assert item["other"] == {"pwRole": "worker"}


def test_an_id_costs_one_request() -> None:
    appliance, _first, second = two()
    info(appliance, id=second)
    assert appliance.calls() == [f"GET {BASE}/{second}", "GET /accounts/amazon"]


def test_search_sort_offset_and_limit_are_the_appliances_business() -> None:
    appliance, _first, _second = two()
    result = info(appliance, search="*", sort=["nameDesc", "scopeAsc"], offset=1, limit=1)
    assert (names(result), result["total_count"]) == (["production"], 2)
    assert appliance.requests[0].query == (
        ("SearchPattern", "*"), ("Sort", "nameDesc"), ("Sort", "scopeAsc"), ("Offset", 1), ("Limit", 1),
    )  # fmt: skip


@pytest.mark.parametrize(("option", "value"), [("offset", -1), ("limit", 0), ("limit", -1)])
def test_an_offset_or_limit_that_makes_no_sense_is_refused(option: str, value: int) -> None:
    appliance = SimulatedAppliance()
    with fails("invalid", f"option {option} is {value}", "at least"):
        info(appliance, **{option: value})
    assert appliance.requests == []


def test_an_identity_that_cannot_be_one_is_refused() -> None:
    with fails("invalid", "give it as aws_organization_id"):
        info(SimulatedAppliance(), id=AWS_ID)


def test_the_config_is_portable_and_has_no_ids_of_the_appliance() -> None:
    appliance, first, _second = two()
    (item,) = info(appliance, id=first)["organizations"]
    assert item["config"] == {
        "name": "production",
        "aws_organization_id": AWS_ID,
        "rescan_iam_role": "prod-rescan",
        "description": "Shops",
        "backup_restore_iam_role_name": "backup",
        "production_worker_iam_role_name": "worker",
        "scope": "limited",
        "limited_scopes": [
            {"name": "North", "organizational_units": ["/Sandbox"]},
            {"name": "South", "organizational_units": [r"/R\/D", "/Workloads/Prod"]},
        ],
    }


@pytest.mark.parametrize("shape", [{}, {"list_keys": (), "nulls": "absent"}, {"scope_members": "by_structure_call"}])
def test_the_config_fed_back_is_in_sync_here_and_makes_the_same_elsewhere(shape: dict[str, Any]) -> None:
    appliance = SimulatedAppliance(**shape)
    appliance.has(appliance.scope("South", RD, PROD), description=None, production_worker_iam_role_name=None)
    (item,) = info(appliance)["organizations"]
    options = organization_options(**item["config"])
    assert organization(appliance.task(options))["status"] == "in_sync"

    other = SimulatedAppliance(**shape)
    assert organization(other.task(options))["action"] == "create"
    (copy,) = info(other)["organizations"]
    assert copy["config"] == item["config"]


def test_the_config_of_an_entire_organization_says_so() -> None:
    appliance = SimulatedAppliance()
    appliance.has(description=None)
    config = info(appliance)["organizations"][0]["config"]
    assert (config["scope"], config["description"]) == ("entire", "")
    assert "limited_scopes" not in config


@pytest.mark.parametrize(
    ("account", "arn"),
    [
        ("", None),  # no ARN
        ("888888888888", None),  # the ARN of both
        ("555555555555", "arn:aws:iam::555555555555:role/prod-delegate"),
    ],
)
def test_a_role_that_nothing_portable_names_is_left_out_with_a_warning(account: str, arn: str | None) -> None:
    appliance = SimulatedAppliance()
    twin = appliance.state.roles.add("prod-delegate", account, aws_organization=AWS_ID).id
    appliance.has(rescan_iam_role=twin)
    (item,) = info(appliance)["organizations"]
    assert item["config"].get("rescan_iam_role") == arn
    assert len(item["not_in_config"]) == len(appliance.warnings) == (arn is None)
    assert all(f"role {twin} has no name that is unique" in said for said in appliance.warnings)


def test_what_the_appliance_does_not_show_is_not_in_the_config() -> None:
    hidden = ("description", "production_worker_iam_role_name", "limited_scopes")
    appliance = SimulatedAppliance(names={f"organization.{key}": None for key in hidden})
    appliance.has()
    (item,) = info(appliance)["organizations"]
    assert not {"description", "production_worker_iam_role_name", "scope"} & set(item["config"])
    assert item["scope"] is None
    (said,) = item["not_in_config"]
    assert said.startswith("Not shown by the appliance: description, production_worker_iam_role_name, scope. If it")
    assert appliance.warnings == []


def test_what_the_collection_does_not_know_is_told() -> None:
    appliance = SimulatedAppliance(names={"organization.description": "note"})
    appliance.has()
    (item,) = info(appliance)["organizations"]
    assert "description" not in item["config"]
    hidden, unknown = item["not_in_config"]
    assert hidden.startswith("Not shown by the appliance: description.")
    assert unknown == "Not known to the collection: note."


@pytest.mark.parametrize(
    ("given", "left_out"),
    [
        ({"name": "two\nlines"}, "name"),
        ({"name": "n" * 128}, "name"),
        ({"description": "d" * 256}, "description"),
        ({"backup_restore_iam_role_name": None}, "backup_restore_iam_role_name"),
        ({"limited_scopes": [{"id": uuid(5), "name": "two\nlines", "organizational_units": [RD]}]}, "limited_scopes"),
        ({"limited_scopes": [{"id": uuid(5), "name": "Of none", "organizational_units": []}]}, "limited_scopes"),
    ],
)
def test_what_no_declaration_may_say_is_left_out_so_that_the_rest_is_in_sync(
    given: dict[str, Any], left_out: str
) -> None:
    appliance = SimulatedAppliance()
    appliance.has(**given)
    (item,) = info(appliance)["organizations"]
    assert left_out not in item["config"]
    assert f"option {left_out}" in item["not_in_config"][0] or "limited scope" in item["not_in_config"][0]
    assert item["not_in_config"][0] in appliance.warnings[0]
    options = organization_options(**item["config"])
    assert organization(appliance.task(options))["status"] == "in_sync"


def test_a_unit_is_named_by_its_aws_id_where_its_path_would_mean_another_too() -> None:
    elder, younger = "ou-prod-twin0001", "ou-prod-twin0002"
    appliance = SimulatedAppliance()
    twins = [{"id": aws_id, "name": "Twin", "parent": ROOT} for aws_id in (elder, younger)]
    appliance.change_aws(add=twins, rename=[{"id": RD, "name": "R"}])
    appliance.has(appliance.scope("All", elder, RD))
    (item,) = info(appliance)["organizations"]
    assert item["config"]["limited_scopes"] == [{"name": "All", "organizational_units": ["/R", elder]}]
    assert (item["unit_paths"], item["not_in_config"]) == ({elder: "/Twin", RD: "/R"}, [])
    options = organization_options(**item["config"])
    assert organization(appliance.task(options))["status"] == "in_sync"


def test_a_unit_that_is_not_stored_makes_all_units_be_named_by_their_aws_ids() -> None:
    appliance = SimulatedAppliance()
    appliance.has(appliance.scope("North", RD, "ou-prod-vanished"), appliance.scope("South", PROD))
    (item,) = info(appliance)["organizations"]
    units = [scope["organizational_units"] for scope in item["config"]["limited_scopes"]]
    assert units == [[RD, "ou-prod-vanished"], [PROD]]
    assert item["unit_paths"] == {PROD: "/Workloads/Prod", RD: r"/R\/D"}
    assert "Not in the stored structure: ou-prod-vanished." in item["not_in_config"][0]
    options = organization_options(**item["config"])
    assert organization(appliance.task(options))["status"] == "in_sync"


def test_wire_names_reach_the_reading() -> None:
    appliance = SimulatedAppliance(names={"organization.description": "note"})
    appliance.has()
    item = info(appliance, wire_names={"organization.description": "note"})["organizations"][0]
    assert (item["description"], item["other"]) == ("Shops", {})


def test_what_names_a_role_on_any_appliance_is_its_unique_name_else_its_arn() -> None:
    arn = "arn:aws:iam::111122223333:role/service/vbaws-rescan"
    listed = [
        {"id": ROLE_ID, "name": "prod-rescan"},
        {"id": DELEGATE_ID, "name": "Twin", "arn": arn},
        {"id": FOREIGN_ROLE_ID, "name": "Twin", "awsAccountId": "1"},
    ]
    roles = Roles(FakeClient({"totalCount": 3, "results": listed}).api())
    assert portable_role(ROLE_ID, roles) == "prod-rescan"
    assert portable_role(DELEGATE_ID, roles) == arn
    assert portable_role(FOREIGN_ROLE_ID, roles) is None
    assert portable_role("00000000", roles) is None
