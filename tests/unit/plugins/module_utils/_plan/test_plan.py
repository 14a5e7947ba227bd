# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans: what differs, what is sent, and what is refused. The rules that hold for all cases are drawn at random."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.vbaws.appliance.plugins.module_utils._appliance.appliance import Appliance
from ansible_collections.vbaws.appliance.plugins.module_utils._errors import ApplianceError
from ansible_collections.vbaws.appliance.plugins.module_utils._model.names import Names
from ansible_collections.vbaws.appliance.plugins.module_utils._model.organization import (
    Organization,
    organization_from_wire,
)
from ansible_collections.vbaws.appliance.plugins.module_utils._plan.plan import Change, Plan, lost, plan
from ansible_collections.vbaws.appliance.plugins.module_utils._plan.references import References
from ansible_collections.vbaws.appliance.plugins.module_utils._plan.verify import remaining
from ansible_collections.vbaws.appliance.plugins.module_utils._rest.client import Call
from ansible_collections.vbaws.appliance.tests.unit.support.appliance import SimulatedAppliance
from ansible_collections.vbaws.appliance.tests.unit.support.builders import (
    AWS_ID,
    DELEGATE_ID,
    NORTH_ID,
    ORGANIZATION_ID,
    PROD,
    ROLE_ID,
    SANDBOX,
    SOUTH_ID,
    TEST,
    WORKLOADS,
    actual,
    desired,
    fails,
    organization_options,
    references,
    scope,
    shown_names,
    structure,
    wire,
    wire_scope,
    without,
)
from ansible_collections.vbaws.appliance.tests.unit.support.fake_client import BASE
from ansible_collections.vbaws.appliance.tests.unit.support.strategies import (
    SETTINGS,
    declarations,
    stored_organizations,
)
from hypothesis import assume, event, given
from hypothesis import strategies as st

NORTH = wire_scope("North", PROD)
SOUTH = wire_scope("South", SANDBOX, id=SOUTH_ID)
COMPLETE: dict[str, Any] = {
    "name": "production",
    "rescan_iam_role": ROLE_ID,
    "backup_restore_iam_role_name": "backup",
    "scope": "entire",
}


def planned(organization: Organization | None, names: Names | None = None, **given: Any) -> Plan:
    given = {"name": "production", **given}
    return plan(desired(**given), organization, references(role=given.get("rescan_iam_role")), names or shown_names())


def fields(found: Plan) -> dict[str, tuple[Any, Any]]:
    return {change.field: (change.before, change.after) for change in found.changes}


# Nothing to do


def test_what_is_omitted_is_in_sync_whatever_it_is() -> None:
    found = planned(actual(NORTH))
    assert (found.action, found.status, found.changes, found.body) == ("none", "in_sync", (), {})
    assert found.before == found.after


def test_what_is_declared_as_it_is_is_in_sync() -> None:
    found = planned(
        actual(SOUTH, NORTH, description=None, productionWorkerIamRoleName=""),
        description="",
        production_worker_iam_role_name="",
        rescan_iam_role=ROLE_ID,
        backup_restore_iam_role_name="backup",
        scope="limited",
        limited_scopes=[scope("North", "/Workloads/Prod"), scope("South", SANDBOX)],
    )
    assert (found.action, found.status) == ("none", "in_sync")


def test_an_absent_organization_that_is_not_there_is_in_sync() -> None:
    assert planned(None, state="absent") == Plan("none", "in_sync")


def test_an_absent_organization_that_is_there_is_unwanted_and_removed() -> None:
    found = planned(actual(NORTH), state="absent", description="ignored")
    assert (found.action, found.status, found.body, found.after) == ("remove", "unwanted", {}, {})
    assert fields(found) == {"state": ("present", "absent")}
    assert found.before["limited_scopes"] == [{"name": "North", "organizational_units": ["/Workloads/Prod"]}]


# A new organization


@pytest.mark.parametrize("missing", list(COMPLETE))
def test_a_new_organization_needs_every_required_setting_and_a_word_on_its_scope(missing: str) -> None:
    given = {**COMPLETE, missing: None, "aws_organization_id": AWS_ID}
    with fails("invalid", f"takes {missing} to add it", "Nothing was changed."):
        planned(None, **given)


def test_a_new_organization_that_is_limited_needs_a_scope() -> None:
    with fails("invalid", "limited"):
        planned(None, **{**COMPLETE, "scope": "limited"})


def test_not_even_an_unchecked_declaration_adds_an_organization_that_is_limited_to_nothing() -> None:
    wanted = replace(desired(**{**COMPLETE, "scope": "limited"}), limited_scopes=())
    with fails("invalid", "limited to no scope"):
        plan(wanted, None, references(role=ROLE_ID), Names())


def test_a_new_organization_is_sent_as_declared() -> None:
    given = {**COMPLETE, "scope": "limited", "description": "Shops", "production_worker_iam_role_name": ""}
    found = planned(None, **given, limited_scopes=[scope("North", "/Workloads/Test", PROD)])
    assert (found.action, found.status, found.before) == ("create", "missing", {})
    assert found.body == {
        "organization": {
            "name": "production",
            "description": "Shops",
            "rescanIamRoleId": ROLE_ID,
            "backupRestoreIamRoleName": "backup",
        },
        "limitedScopes": [{"name": "North", "includedMembers": sorted([PROD, TEST])}],
    }
    assert found.after["limited_scopes"] == [
        {"name": "North", "organizational_units": ["/Workloads/Prod", "/Workloads/Test"]}
    ]
    assert "production_worker_iam_role_name" not in fields(found)


def test_an_entire_organization_is_added_without_scopes() -> None:
    assert "limitedScopes" not in planned(None, **COMPLETE, limited_scopes=[]).body


# An existing one


def test_a_change_of_one_setting_sends_all_of_them_and_every_scope() -> None:
    found = planned(actual(NORTH, SOUTH), description="Tills")
    assert (found.action, found.status) == ("update", "different")
    assert fields(found) == {"description": ("Shops", "Tills")}
    assert found.body == {
        "organization": {
            "name": "production",
            "description": "Tills",
            "rescanIamRoleId": ROLE_ID,
            "backupRestoreIamRoleName": "backup",
            "productionWorkerIamRoleName": "worker",
        },
        "newLimitedScopes": [],
        "changedLimitedScopes": [NORTH, SOUTH],
    }


def test_an_empty_text_clears_what_may_be_cleared() -> None:
    found = planned(actual(), description="", production_worker_iam_role_name="")
    assert fields(found) == {"description": ("Shops", None), "production_worker_iam_role_name": ("worker", None)}
    assert found.body["organization"]["description"] == ""
    assert found.body["organization"]["productionWorkerIamRoleName"] is None


def test_another_name_alone_is_a_rename() -> None:
    found = planned(actual(), id=ORGANIZATION_ID, name="eu")
    assert (found.action, fields(found)) == ("rename", {"name": ("production", "eu")})
    assert planned(actual(), id=ORGANIZATION_ID, name="eu", description="x").action == "update"


def test_another_role_is_shown_by_name_and_sent_by_id() -> None:
    found = plan(
        desired(name="production", rescan_iam_role="prod-delegate"),
        actual(),
        References("prod-delegate", DELEGATE_ID, role_names={ROLE_ID: "prod-rescan", DELEGATE_ID: "prod-delegate"}),
        shown_names(),
    )
    assert fields(found) == {"rescan_iam_role": ("prod-rescan", "prod-delegate")}
    assert found.body["organization"]["rescanIamRoleId"] == DELEGATE_ID


def test_a_role_that_was_not_found_is_a_change_and_never_in_sync() -> None:
    unknown = References("new-role", None, not_found=("new-role",))
    found = plan(desired(name="production", rescan_iam_role="new-role"), actual(), unknown, shown_names())
    assert (found.status, fields(found)) == ("different", {"rescan_iam_role": (ROLE_ID, "new-role (not found)")})


def test_a_unit_that_was_not_found_is_a_change_and_never_in_sync() -> None:
    known = references(None, PROD, not_found=("/New",))
    wanted = desired(name="production", limited_scopes=[scope("North", PROD, "/New")])
    found = plan(wanted, actual(NORTH), known, shown_names())
    assert found.status == "different"
    assert fields(found)["limited_scopes.North.organizational_units"][1] == ["/New (not found)", "/Workloads/Prod"]


def test_scopes_are_created_changed_renamed_and_dropped_in_one_request() -> None:
    west, east = wire_scope("West", TEST, id=NORTH_ID), wire_scope("East", WORKLOADS, id=SOUTH_ID)
    gone = wire_scope("Gone", "ou-prod-goneunit", id=ROLE_ID)
    found = planned(
        actual(west, east, gone),
        limited_scopes=[scope("New", SANDBOX), scope("Eastern", former=("East",)), scope("West", TEST, PROD)],
    )
    assert found.body["newLimitedScopes"] == [{"name": "New", "includedMembers": [SANDBOX]}]
    assert found.body["changedLimitedScopes"] == [
        wire_scope("Eastern", WORKLOADS, id=SOUTH_ID),
        wire_scope("West", *sorted([PROD, TEST]), id=NORTH_ID),
    ]
    assert fields(found) == {
        "limited_scopes.New.organizational_units": (None, ["/Sandbox"]),
        "limited_scopes.Eastern.name": ("East", "Eastern"),
        "limited_scopes.West.organizational_units": (["/Workloads/Test"], ["/Workloads/Prod", "/Workloads/Test"]),
        "limited_scopes.Gone.organizational_units": (["ou-prod-goneunit"], None),
    }
    assert [item["name"] for item in found.after["limited_scopes"]] == ["Eastern", "New", "West"]


def test_scope_entire_drops_the_scopes_and_says_so() -> None:
    found = planned(actual(NORTH), scope="entire")
    assert fields(found)["scope"] == ("limited", "entire")
    assert found.body["changedLimitedScopes"] == []
    assert found.after["scope"] == "entire"


def test_a_property_is_written_under_the_name_by_which_this_organization_was_read() -> None:
    item = {"limitedScopeId": NORTH_ID, "name": "North", "unitIds": [PROD]}
    obj = {**without(wire(item), "backupRestoreIamRoleName"), "backupRoleName": "backup"}
    names = Names()
    found = planned(
        organization_from_wire(obj, names),
        names,
        backup_restore_iam_role_name="restore",
        limited_scopes=[scope("North"), scope("South", SANDBOX)],
    )
    assert found.body["organization"]["backupRoleName"] == "restore"
    assert found.body["changedLimitedScopes"] == [item]
    assert found.body["newLimitedScopes"] == [{"name": "South", "unitIds": [SANDBOX]}]


# What a PUT would take away


@pytest.mark.parametrize(
    ("key", "setting"),
    [("rescanIamRoleId", "rescan_iam_role"), ("backupRestoreIamRoleName", "backup_restore_iam_role_name")],
)
def test_a_required_setting_that_is_neither_declared_nor_readable_fails_before_the_put(key: str, setting: str) -> None:
    organization = organization_from_wire(without(wire(), key), Names())
    with fails(
        "api", f"does not show its {setting}", f"wire_names: {{organization.{setting}: NAME}}", "Nothing was changed."
    ):
        planned(organization, description="new")
    assert planned(organization).action == "none"
    assert planned(organization, description="new", **{setting: ROLE_ID}).action == "update"


def test_scopes_that_are_not_shown_are_not_written_away() -> None:
    organization = organization_from_wire(without(wire(), "limitedScopes"), Names())
    with fails("api", "limited_scopes", "Say scope: entire"):
        planned(organization, description="new")
    assert planned(organization, description="new", scope="entire").action == "update"


def test_a_scope_without_an_id_is_not_replaced_by_a_new_one() -> None:
    with fails("api", "'North'", "without an ID", "limited_scope.id"):
        planned(actual(without(NORTH, "id")), description="new")


# What the appliance does not show


def test_a_declared_setting_that_is_never_shown_is_sent_and_unknown_never_in_sync() -> None:
    organization = organization_from_wire(without(wire(), "description"), Names())
    found = planned(organization, description="Shops")
    assert (found.action, found.status, found.unverified) == ("update", "unknown", ("description",))
    assert found.body["organization"]["description"] == "Shops"


def test_clearing_what_is_never_shown_is_unknown_and_no_reason_for_a_write() -> None:
    organization = organization_from_wire(without(wire(), "description"), Names())
    found = planned(organization, description="")
    assert (found.action, found.status, found.unverified) == ("none", "unknown", ("description",))


def test_a_known_difference_beside_an_unknown_one_is_different() -> None:
    organization = organization_from_wire(without(wire(), "description"), Names())
    found = planned(organization, description="x", production_worker_iam_role_name="helper")
    assert (found.status, found.unverified) == ("different", ("description",))


def test_a_declared_scope_that_is_not_shown_is_unknown() -> None:
    organization = organization_from_wire(without(wire(), "limitedScopes"), Names())
    assert (planned(organization, scope="entire").status, planned(organization).status) == ("unknown", "in_sync")


# What a write took away


def test_an_undeclared_setting_that_came_back_different_is_lost() -> None:
    before, after = actual(NORTH), actual(NORTH, productionWorkerIamRoleName=None, description="new")
    assert lost(before, after, desired(name="production", description="new")) == [
        Change("production_worker_iam_role_name", None, "worker")
    ]


def test_undeclared_scopes_that_came_back_different_are_lost() -> None:
    before, after = actual(NORTH, SOUTH), actual(wire_scope("North", TEST))
    assert lost(before, after, desired(name="production")) == [
        Change("limited_scopes.North", [TEST], [PROD]),
        Change("limited_scopes.South", None, [SANDBOX]),
    ]
    for declared in ({"scope": "entire"}, {"limited_scopes": [scope("North", TEST)]}):
        assert lost(before, after, desired(name="production", **declared)) == []


# The ID of a plan


def test_the_id_of_a_plan_tells_declaration_state_and_work_apart() -> None:
    def made(organization: Organization | None, **given: Any) -> str:
        return planned(organization, **given).id(desired(name="production", **given))

    ids = [
        made(actual(), description="x"),
        made(actual(), description="y"),
        made(actual(productionWorkerIamRoleName="other"), description="x"),
        made(actual(), state="absent"),
        made(None, state="absent"),
    ]
    assert len(set(ids)) == 5
    assert all(len(one) == 64 for one in ids)
    assert made(actual(), description="x") == ids[0]


def test_the_id_of_an_addition_is_the_same_whether_or_not_its_units_were_looked_up() -> None:
    options: dict[str, Any] = {
        "name": "production",
        "rescan_iam_role": "prod-rescan",
        "backup_restore_iam_role_name": "backup",
        "scope": "limited",
        "limited_scopes": [scope("North", PROD)],
    }
    wanted = desired(**options)
    unknown = References(rescan_role="prod-rescan", rescan_role_id=ROLE_ID)
    known = replace(unknown, units={PROD: PROD}, unit_paths={PROD: "/Workloads/Prod"})
    plans = [plan(wanted, None, found, Names()) for found in (unknown, known)]
    assert plans[0].after != plans[1].after
    assert plans[0].id(wanted) == plans[1].id(wanted)


# Rules that hold for any declaration and any state

SHAPES = st.fixed_dictionaries(
    {
        "names": st.fixed_dictionaries(
            {
                "organization.backup_restore_iam_role_name": st.sampled_from(
                    ("backupRestoreIamRoleName", "backupRoleName")
                ),
                "organization.production_worker_iam_role_name": st.sampled_from(
                    ("workerIamRoleName", "workerRoleName")
                ),
                "limited_scope.organizational_units": st.sampled_from(("includedMembers", "unitIds")),
                "limited_scope.id": st.sampled_from(("id", "limitedScopeId")),
            }
        ),
        "nulls": st.sampled_from(("null", "absent")),
        "scope_members": st.sampled_from(("listed", "by_structure_call")),
    }
)


def appliance_with(stored: dict[str, Any], shape: dict[str, Any]) -> SimulatedAppliance:
    """An appliance with one organization. What it never shows has its documented name, since nothing tells another."""
    names = dict(shape["names"])
    if shape["nulls"] == "absent" and stored["production_worker_iam_role_name"] is None:
        del names["organization.production_worker_iam_role_name"]
    if shape["scope_members"] != "listed" or not stored["limited_scopes"]:
        del names["limited_scope.organizational_units"]
    appliance = SimulatedAppliance(**{**shape, "names": names}, keeps_empty_text=True)
    appliance.has(**stored)
    return appliance


def read(appliance: SimulatedAppliance) -> tuple[Organization, Names]:
    made = Appliance.of(appliance.task(organization_options()))
    (found,), _total = made.reader.search()
    return made.reader.complete(found), made.names


def outcome(options: dict[str, Any], organization: Organization, names: Names) -> Plan | str:
    """The plan, or the reason for which there is none."""
    wanted = desired(**options)
    try:
        return plan(wanted, organization, references(role=wanted.rescan_iam_role), names)
    except ApplianceError as error:
        return error.reason


@given(declarations(), stored_organizations(), SHAPES)
def test_after_a_plan_was_carried_out_nothing_is_left_to_do(
    options: dict[str, Any], stored: dict[str, Any], shape: dict[str, Any]
) -> None:
    appliance = appliance_with(stored, shape)
    before, names = read(appliance)
    found = outcome(options, before, names)
    assume(isinstance(found, Plan))
    assert isinstance(found, Plan)
    event(found.action)
    if found.action != "none":
        appliance.call(Call("PUT", f"{BASE}/{stored['id']}", json=found.body))
    after, names = read(appliance)
    wanted = desired(**options)

    again = outcome(options, after, names)
    assert isinstance(again, Plan)
    assert (again.action, again.changes) == ("none", ())
    assert remaining(wanted, references(role=wanted.rescan_iam_role), before, after, names) == []

    (now,) = appliance.organizations
    for setting in SETTINGS:
        if options[setting] is None:
            assert now[setting] == stored[setting]
        else:
            assert (now[setting] or "") == options[setting]
    if wanted.scope == "entire":
        assert now["limited_scopes"] == []
    elif wanted.limited_scopes is not None:
        assert {item["name"] for item in now["limited_scopes"]} == {item.name for item in wanted.limited_scopes}
    else:
        assert same_cover(now["limited_scopes"], stored["limited_scopes"], exact=shape["scope_members"] == "listed")
    if stored["limited_scopes"] and wanted.scope != "entire":
        assert now["limited_scopes"], "a limited organization became an entire one"


def same_cover(now: list[dict[str, Any]], then: list[dict[str, Any]], *, exact: bool) -> bool:
    """Units that are read through the structure may go back as the topmost ones, which cover the same."""
    if exact:
        return now == then
    tops = [
        {item["id"]: (item["name"], structure().topmost(item["organizational_units"])) for item in side}
        for side in (now, then)
    ]
    return tops[0] == tops[1]


@given(declarations(), stored_organizations(), SHAPES, st.randoms(use_true_random=False))
def test_the_order_of_scopes_and_units_never_matters(
    options: dict[str, Any], stored: dict[str, Any], shape: dict[str, Any], random: Any
) -> None:
    shuffled, mixed = copy.deepcopy(options), copy.deepcopy(stored)
    lists = [shuffled["limited_scopes"] or [], mixed["limited_scopes"]]
    lists += [item[key] or [] for item in lists[0] for key in ("organizational_units", "former_names")]
    lists += [item["organizational_units"] for item in lists[1]]
    for one in lists:
        random.shuffle(one)

    first = outcome(options, *read(appliance_with(stored, shape)))
    second = outcome(shuffled, *read(appliance_with(mixed, shape)))
    if isinstance(first, str) or isinstance(second, str):
        assert first == second
        return
    assert first.id(desired(**options)) == second.id(desired(**shuffled))
    assert sorted_json(first.body) == sorted_json(second.body)
    assert (first.action, first.status) == (second.action, second.status)
    assert sorted(map(repr, first.changes)) == sorted(map(repr, second.changes))


def sorted_json(body: Any) -> str:
    scopes = [sorted(map(json.dumps, value)) for value in body.values() if isinstance(value, list)]
    return json.dumps([body.get("organization"), scopes], sort_keys=True)


@given(declarations())
def test_an_empty_list_of_scopes_never_widens(options: dict[str, Any]) -> None:
    """Whatever else is declared: either scope entire says it, or nothing is planned at all."""
    options["limited_scopes"] = []
    if options["scope"] == "entire":
        assert desired(**options).limited_scopes == ()
        return
    with fails("invalid", "widen"):
        desired(**options)


@given(declarations(), SHAPES)
def test_after_an_addition_nothing_is_left_to_do(options: dict[str, Any], shape: dict[str, Any]) -> None:
    shape = {**shape, "names": {}}  # a new organization has no names to learn
    options |= {"id": None, "name": options["name"] or "production", "rescan_iam_role": ROLE_ID}
    options["backup_restore_iam_role_name"] = options["backup_restore_iam_role_name"] or "backup"
    options["scope"] = "limited" if options["limited_scopes"] else "entire"
    wanted, known = desired(**options), references(role=ROLE_ID)
    assume(all(item.units for item in wanted.limited_scopes or ()))
    appliance = SimulatedAppliance(**shape)
    appliance.call(Call("POST", BASE, json=plan(wanted, None, known, shown_names()).body))
    after, names = read(appliance)
    assert plan(wanted, after, known, names).status == "in_sync"
    assert remaining(wanted, known, None, after, names) == []
