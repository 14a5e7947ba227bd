# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The actual state, read whole and as seldom as possible."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from ansible_collections.vbaws.appliance.plugins.module_utils._appliance.reader import Reader
from ansible_collections.vbaws.appliance.plugins.module_utils._appliance.structures import Structures
from ansible_collections.vbaws.appliance.plugins.module_utils._errors import NotFound
from ansible_collections.vbaws.appliance.plugins.module_utils._model.names import PROPERTIES, Names
from ansible_collections.vbaws.appliance.plugins.module_utils._model.structure import unknown_unit
from ansible_collections.vbaws.appliance.tests.unit.support.appliance import SimulatedAppliance
from ansible_collections.vbaws.appliance.tests.unit.support.builders import (
    AWS_ID,
    ORGANIZATION_ID,
    OTHER_AWS_ID,
    OTHER_ID,
    PROD,
    RD,
    ROLE_ID,
    ROOT,
    SANDBOX,
    TEST,
    TREE,
    WORKLOADS,
    actual,
    desired,
    fails,
    structure,
    uuid,
    wire,
    wire_scope,
    without,
)
from ansible_collections.vbaws.appliance.tests.unit.support.fake_client import BASE, FakeClient
from ansible_collections.vbaws.appliance.tests.unit.support.progress import Watched


def reader_of(appliance: SimulatedAppliance, names: Names | None = None) -> Reader:
    api, names = appliance.api(), names or Names()
    return Reader(api, names, Structures(api, names))


def test_organizations_that_are_read_one_by_one_are_counted() -> None:
    appliance = SimulatedAppliance(list_keys=())
    for name, aws_id in (("a", AWS_ID), ("b", OTHER_AWS_ID)):
        appliance.has(name=name, aws_organization_id=aws_id)
    watched, api, names = Watched(), appliance.api(), Names()
    reader = Reader(api, names, Structures(api, names), watched)
    listed, _total = reader.search()
    found = reader.complete_all(reader.get_all(listed, threads=1))
    assert found == [reader.get(one.id) for one in listed]
    assert watched.texts == [
        "1 of 2 AWS Organizations read",
        "2 of 2 AWS Organizations read",
        "1 of 2 AWS Organizations read with their scopes",
        "2 of 2 AWS Organizations read with their scopes",
    ]


def structures_of(appliance: SimulatedAppliance) -> Structures:
    return Structures(appliance.api(), Names())


# Organizations


def test_a_complete_list_item_costs_no_further_request() -> None:
    appliance = SimulatedAppliance()
    appliance.has()
    reader = reader_of(appliance)
    (found,), total = reader.search()
    assert (total, reader.complete(found)) == (1, found)
    assert appliance.calls() == [f"GET {BASE}"]


@pytest.mark.parametrize(
    "thin", [(), ("organization.description", "organization.rescan_iam_role"), ("organization.limited_scopes",)]
)
def test_an_item_that_lacks_a_managed_key_is_read_by_its_id(thin: tuple[str, ...]) -> None:
    appliance = SimulatedAppliance(list_keys=thin)
    key = appliance.has(appliance.scope("North", PROD))
    reader = reader_of(appliance)
    (item,), _total = reader.search()
    whole = reader.complete(item)
    assert appliance.calls() == [f"GET {BASE}", f"GET {BASE}/{key}"]
    assert (whole.settings["description"], whole.scope, whole.rescan_iam_role) == ("Shops", "limited", ROLE_ID)
    assert whole.is_complete()


def test_a_key_that_the_single_get_lacks_too_means_not_set_where_others_are_shown() -> None:
    appliance = SimulatedAppliance(nulls="absent")
    key = appliance.has(description=None)
    organization = reader_of(appliance).get(key)
    assert organization.settings["description"] is None
    assert "description" in organization.shown


def test_what_other_organizations_show_tells_what_a_missing_key_means() -> None:
    appliance = SimulatedAppliance(nulls="absent", names={"organization.limited_scopes": None})
    appliance.has(name="other", aws_organization_id=OTHER_AWS_ID, production_worker_iam_role_name=None)
    key = appliance.has(description=None, production_worker_iam_role_name=None)
    reader = reader_of(appliance)
    assert "description" not in reader.get(key).shown
    reader.search()
    shown = reader.get(key).shown
    assert "description" in shown
    assert "limited_scopes" not in shown


def test_an_organization_that_is_not_there_is_not_found() -> None:
    with pytest.raises(NotFound):
        reader_of(SimulatedAppliance()).get(uuid(7))


def read_with(*answers: Any, names: Names | None = None) -> Reader:
    api, names = FakeClient(*answers).api(), names or Names()
    return Reader(api, names, Structures(api, names))


def test_an_id_in_another_case_is_the_same() -> None:
    assert read_with(wire(id=OTHER_ID.upper())).get(OTHER_ID).id == OTHER_ID


def test_the_id_of_an_answer_is_read_by_the_name_that_the_user_gives() -> None:
    names = Names({"organization.id": "uid"})
    assert read_with(wire(uid=OTHER_ID), names=names).get(OTHER_ID).id == OTHER_ID
    with fails("api", f"was asked for '{ORGANIZATION_ID}' and returned '{OTHER_ID}'"):
        read_with(wire(uid=OTHER_ID), names=Names({"organization.id": "uid"})).get(ORGANIZATION_ID)


def test_an_answer_without_an_id_is_an_error() -> None:
    with fails("api", "without 'id'"):
        read_with(without(wire(), "id")).get(ORGANIZATION_ID)


def test_two_items_of_a_list_with_one_id_are_an_error() -> None:
    twice = [wire(), wire(id=ORGANIZATION_ID.upper(), name="second", awsOrganizationId=OTHER_AWS_ID)]
    with fails("api", f"more than one AWS Organization with the ID '{ORGANIZATION_ID}'"):
        read_with({"totalCount": 2, "results": twice}).search()


def test_an_aws_id_that_an_answer_leaves_out_is_no_contradiction() -> None:
    reader = read_with(wire(), without(wire(), "awsOrganizationId"), wire(awsOrganizationId=OTHER_AWS_ID))
    reader.get(ORGANIZATION_ID)
    reader.get(ORGANIZATION_ID)
    with fails("api", "contradicts itself", f"as '{OTHER_AWS_ID}' in AWS, and showed it as '{AWS_ID}' before"):
        reader.get(ORGANIZATION_ID)


def test_an_organization_is_new_if_it_was_not_read_before() -> None:
    reader = read_with(wire(), wire(id=OTHER_ID, awsOrganizationId=OTHER_AWS_ID), wire())
    old = reader.get(ORGANIZATION_ID)
    known = reader.seen.count
    new = reader.get(OTHER_ID)
    reader.get(ORGANIZATION_ID)
    assert not reader.seen.is_new(old, known)
    assert reader.seen.is_new(new, known)
    assert not reader.seen.is_new(new, reader.seen.count)


def test_a_selection_is_handed_on() -> None:
    appliance = SimulatedAppliance()
    appliance.has()
    appliance.has(name="second", aws_organization_id=OTHER_AWS_ID)
    found, total = reader_of(appliance).search(search="o", sort=["nameAsc"], offset=1, limit=1)
    assert ([item.name for item in found], total) == (["second"], 2)
    assert appliance.requests[0].query == (("SearchPattern", "o"), ("Sort", "nameAsc"), ("Offset", 1), ("Limit", 1))


def test_the_aws_id_is_read_where_the_list_lacks_it() -> None:
    appliance = SimulatedAppliance(list_keys=())
    key = appliance.has()
    reader = reader_of(appliance)
    (item,), _total = reader.search()
    (found,) = reader.get_all([item])
    assert (found.id, found.aws_organization_id) == (key, AWS_ID)
    assert reader.get_all([found])[0] is found
    appliance.remove()
    assert reader.get_all([item]) == [item]


def test_what_the_list_shows_and_its_own_call_does_not_know_is_gone_only_if_the_list_says_so_too() -> None:
    appliance = SimulatedAppliance(list_keys=())
    appliance.has()
    key = appliance.has(name="second", aws_organization_id=OTHER_AWS_ID)
    wanted = [desired(aws_organization_id=AWS_ID)]
    appliance.fault("status", "GET", f"{BASE}/{key}", status=404)
    with fails("api", "lists the AWS Organization second"):
        reader_of(appliance).list_all(wanted)
    appliance.fault("none", "GET", f"{BASE}/{key}", act=lambda: appliance.remove("second"))
    assert [one.name for one in reader_of(appliance).list_all(wanted)] == ["production"]


def test_a_structure_is_read_once_until_a_rescan_makes_it_history() -> None:
    appliance = SimulatedAppliance()
    key = appliance.has()
    structures = structures_of(appliance)
    for _time in range(2):
        for units_only in (True, False, True, False):
            structures.stored(key, units_only)
        structures.forget(key)
    assert len(appliance.calls()) == 4


# Members


def test_members_that_are_listed_are_not_read_again() -> None:
    appliance = SimulatedAppliance()
    appliance.has(appliance.scope("North", PROD))
    reader = reader_of(appliance)
    (item,), _total = reader.search()
    assert reader.add_members(item).limited_scopes == item.limited_scopes
    assert len(appliance.requests) == 1


@pytest.mark.parametrize("parent_id", ["aws", "absent"])
def test_members_that_are_not_listed_are_the_topmost_units_of_the_subtree(parent_id: str) -> None:
    appliance = SimulatedAppliance(scope_members="by_structure_call", parent_id=parent_id)
    scope = appliance.scope("North", WORKLOADS, RD)
    key = appliance.has(scope)
    reader = reader_of(appliance)
    (item,), _total = reader.search()
    (found,) = reader.add_members(item).limited_scopes
    assert found.units == frozenset({WORKLOADS, RD})
    assert found.subtree == frozenset({WORKLOADS, PROD, TEST, RD})
    call = appliance.requests[1]
    assert str(call) == f"POST {BASE}/{key}/identitiesInDb"
    assert call.query[:3] == (("ExpandChildNodes", "true"), ("TypeFilter", "Unit"), ("LimitedScopeId", scope["id"]))


def test_a_scope_without_members_and_id_is_an_error() -> None:
    organization = actual(without(wire_scope("North"), "id", "includedMembers"))
    with fails("api", "'North'", "{limited_scope.organizational_units: NAME}", "{limited_scope.id: NAME}"):
        reader_of(SimulatedAppliance()).add_members(organization)


def test_a_subtree_that_is_whole_may_be_sent_back_and_another_may_not() -> None:
    appliance = SimulatedAppliance(scope_members="by_structure_call")
    appliance.has(appliance.scope("North", WORKLOADS))
    reader = reader_of(appliance)
    (item,), _total = reader.search()
    organization = reader.add_members(item)
    structures = structures_of(appliance)
    structures.require_complete(organization, organization.limited_scopes)
    (scope,) = organization.limited_scopes
    wider = actual(wire_scope("North", ROOT)).limited_scopes[0]
    object.__setattr__(wider, "subtree", scope.subtree)
    with fails("api", "'North'", "cannot be told", "Declare the organizational_units"):
        structures.require_complete(organization, [wider])


# Names


def test_the_names_by_which_properties_were_seen_are_remembered() -> None:
    shown = {"organization.backup_restore_iam_role_name": "backupRoleName", "limited_scope.id": "limitedScopeId"}
    appliance, names = SimulatedAppliance(names=shown), Names()
    appliance.has(appliance.scope("North", PROD))
    reader = reader_of(appliance, names)
    assert not any(map(names.reads, PROPERTIES))
    reader.search()
    assert {key: names.written(key) for key in shown} == shown
    reader.read_sample()
    assert len(appliance.requests) == 1


def test_one_organization_is_read_as_a_sample_where_the_list_shows_no_settings() -> None:
    shown = {"organization.backup_restore_iam_role_name": "backupRoleName"}
    appliance, names = SimulatedAppliance(names=shown, list_keys=()), Names()
    first = appliance.has()
    appliance.has(name="second", aws_organization_id=OTHER_AWS_ID)
    reader = reader_of(appliance, names)
    reader.search()
    reader.read_sample()
    assert names.written("organization.backup_restore_iam_role_name") == "backupRoleName"
    reader.read_sample()
    assert appliance.calls() == [f"GET {BASE}", f"GET {BASE}/{first}"]


def test_there_is_nothing_to_learn_from_an_empty_appliance() -> None:
    appliance, names = SimulatedAppliance(), Names()
    reader = reader_of(appliance, names)
    reader.search()
    reader.read_sample()
    assert not any(map(names.reads, PROPERTIES))
    assert len(appliance.requests) == 1


# Structures


def test_a_stored_structure_is_read_once_until_it_is_forgotten() -> None:
    appliance = SimulatedAppliance()
    key = appliance.has()
    structures = structures_of(appliance)
    assert structures.stored(key).unit_paths() == structure().unit_paths()
    appliance.state.structures.store(key, appliance.state.structures.get(key).changed(without=[SANDBOX]))
    assert SANDBOX in structures.stored(key).unit_paths()
    structures.forget(uuid(7))
    assert SANDBOX in structures.stored(key).unit_paths()
    structures.forget(key)
    assert SANDBOX not in structures.stored(key).unit_paths()
    assert len(appliance.requests) == 2


def test_units_alone_and_everything_are_two_readings() -> None:
    appliance = SimulatedAppliance()
    key = appliance.has()
    structures = structures_of(appliance)
    assert set(structures.stored(key, units_only=False).by_aws_id) == set(TREE)
    assert set(structures.stored(key).by_aws_id) == {aws_id for aws_id in TREE if not aws_id.isdigit()}
    assert [dict(request.query).get("TypeFilter") for request in appliance.requests] == [None, "Unit"]


def test_the_result_of_a_rescan_in_memory_is_read_by_its_session() -> None:
    appliance = SimulatedAppliance()
    session = appliance.api().rescan(ROLE_ID, "InMemory", "x")
    structures = structures_of(appliance)
    assert structures.rescanned(session).unit_paths() == structure().unit_paths()
    assert set(structures.rescanned(session, units_only=False).by_aws_id) == set(TREE)
    assert appliance.calls()[1:] == [f"POST {BASE}/rescan/{session}/identitiesInMemory"] * 2


def test_a_list_that_comes_in_pages_is_read_whole() -> None:
    appliance = SimulatedAppliance(page_cap=2)
    names = [f"organization-{number}" for number in range(5)]
    for name in names:
        appliance.has(name=name, aws_organization_id=f"o-{name}")
    found, total = reader_of(appliance).search()
    assert ([item.name for item in found], total) == (names, 5)


def test_a_list_that_keeps_changing_is_an_error_and_no_short_list() -> None:
    appliance = SimulatedAppliance(page_cap=2)
    numbers = itertools.count()

    def add() -> None:
        number = next(numbers)
        appliance.has(name=f"organization-{number}", aws_organization_id=f"o-organization-{number}")

    for _time in range(3):
        add()
    appliance.fault("none", "GET", BASE, act=add, times=99)
    with fails("api", "could not be read whole"):
        reader_of(appliance).search()


@pytest.mark.parametrize(
    ("reference", "hint"),
    [
        ("/Workloads/Prd", "Did you mean '/Workloads/Prod'"),
        ("/workloads", "Did you mean '/Workloads'"),
        ("ou-prod-workprox", f"Did you mean '{PROD}'"),
        ("/Nowhere/at/all/that/is", "as far as the appliance knows. Rescan it."),
    ],
)
def test_an_unknown_unit_is_an_error_with_near_ones(reference: str, hint: str) -> None:
    error = unknown_unit(reference, "production", structure(), hint="Rescan it.")
    assert error.reason == "not_found"
    assert hint in str(error)
    # A rescan does not help against upper and lower case.
    assert ("Rescan it." in str(error)) is (reference != "/workloads")
