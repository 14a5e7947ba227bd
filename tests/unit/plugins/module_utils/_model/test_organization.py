# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Organizations as the appliance shows them, and what is written back."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.vbaws.appliance.plugins.module_utils._model.names import Names
from ansible_collections.vbaws.appliance.plugins.module_utils._model.organization import (
    OPTIONAL,
    LimitedScope,
    organization_from_wire,
    scope_to_wire,
    settings_to_wire,
)
from ansible_collections.vbaws.appliance.tests.unit.support.builders import (
    AWS_ID,
    NORTH_ID,
    ORGANIZATION_ID,
    OTHER_ID,
    PROD,
    ROLE_ID,
    SANDBOX,
    TEST,
    WORKLOADS,
    actual,
    fails,
    wire,
    wire_scope,
    without,
)

# Reading


def test_an_organization_is_read_with_everything_that_the_collection_knows() -> None:
    organization = actual(wire_scope("North", PROD, TEST))
    assert organization.as_result() == {
        "id": ORGANIZATION_ID,
        "aws_organization_id": AWS_ID,
        "name": "production",
        "description": "Shops",
        "rescan_iam_role_id": ROLE_ID,
        "backup_restore_iam_role_name": "backup",
        "production_worker_iam_role_name": "worker",
        "scope": "limited",
        "limited_scopes": [
            {"id": NORTH_ID, "name": "North", "organizational_units": sorted([PROD, TEST]), "other": {}}
        ],
        "other": {},
    }
    assert organization.is_complete()


def test_an_update_sends_back_what_the_collection_does_not_know_apart_from_links_counters_and_computed_values() -> None:
    names = Names({"not_sent": ["lastSync"]})
    obj = wire(
        {**wire_scope("North", PROD), "color": "red", "accountsCount": 3},
        pwRole="W1", accountsCount=7, status="Protected", links=[{"href": "x"}], _links=[], lastSync="yesterday",
    )  # fmt: skip
    organization = organization_from_wire(obj, names)
    assert organization.other == {"pwRole": "W1"}
    (north,) = organization.limited_scopes
    assert north.other == {"color": "red"}
    assert settings_to_wire({"name": "new"}, names, organization)["pwRole"] == "W1"
    assert scope_to_wire(north, names) == {**wire_scope("North", PROD), "color": "red"}
    assert names.unknown == {"organization": {"pwRole": "W1"}, "limited_scope": {"color": "red"}}


def test_other_names_are_read_and_remembered() -> None:
    obj = {
        **without(wire(), "name", "rescanIamRoleId", "backupRestoreIamRoleName", "productionWorkerIamRoleName"),
        "organizationName": "x",
        "rescanIamRole": {"id": ROLE_ID, "name": "prod-rescan"},
        "backupRoleName": "b",
        "workerRoleName": "w",
    }
    names = Names()
    organization = organization_from_wire(obj, names)
    assert (organization.name, organization.rescan_iam_role) == ("x", ROLE_ID)
    assert organization.settings["backup_restore_iam_role_name"] == "b"
    assert organization.settings["production_worker_iam_role_name"] == "w"
    assert names.reads("organization.rescan_iam_role")
    assert names.written("organization.name") == "organizationName"
    assert names.written("organization.backup_restore_iam_role_name") == "backupRoleName"
    assert organization.other == {}


def test_wire_names_apply_to_reading() -> None:
    names = Names({"organization.description": "note", "limited_scope.organizational_units": "ous"})
    obj = {**without(wire({"id": NORTH_ID, "name": "North", "ous": [PROD]}), "description"), "note": "hello"}
    organization = organization_from_wire(obj, names)
    assert organization.settings["description"] == "hello"
    assert organization.limited_scopes[0].units == frozenset({PROD})


def test_ids_of_the_appliance_are_compared_in_lower_case_and_sent_back_as_they_came() -> None:
    organization = actual(id=ORGANIZATION_ID.upper(), rescanIamRoleId=ROLE_ID.upper())
    assert (organization.id, organization.rescan_iam_role) == (ORGANIZATION_ID, ROLE_ID)
    assert settings_to_wire({"name": "x"}, Names(), organization)["rescanIamRoleId"] == ROLE_ID.upper()


@pytest.mark.parametrize("empty", [None, ""])
def test_null_and_empty_text_both_mean_not_set(empty: str | None) -> None:
    organization = actual(description=empty)
    assert organization.settings["description"] is None
    assert "description" in organization.shown


@pytest.mark.parametrize(
    ("obj", "word"),
    [
        (None, "NoneType"),
        (["x"], "list"),
        ({}, "'id'"),
        (wire(id=None), "'id'"),
        (wire(name=""), "'name'"),
        (wire(name=7), "'name'"),
        (wire(description={"text": "x"}), "'description'"),
        (wire(limitedScopes={}), "limited scopes came as dict"),
        (wire(limitedScopes=["North"]), "a limited scope came as str"),
        (wire({"id": NORTH_ID, "includedMembers": []}), "without a name"),
        (wire({"id": NORTH_ID, "name": ""}), "without a name"),
        (wire({"id": 7, "name": "North"}), "'id'"),
        (wire(wire_scope("North") | {"includedMembers": "x"}), "'North'"),
        (wire(wire_scope("North") | {"includedMembers": [{"id": PROD}]}), "'North'"),
    ],
)
def test_an_answer_that_cannot_be_understood_is_an_error_and_no_guess(obj: Any, word: str) -> None:
    with fails("api", word, "wire_names", "Nothing was changed."):
        organization_from_wire(obj, Names())


# What is shown, and what a missing key means


@pytest.mark.parametrize(
    ("obj", "expected"),
    [
        (wire(), "entire"),
        (wire(limitedScopes=None), "entire"),
        (wire(wire_scope("North", PROD)), "limited"),
        (without(wire(), "limitedScopes"), None),
    ],
)
def test_the_scope_is_told_by_the_scopes_and_unknown_without_the_key(obj: dict[str, Any], expected: str | None) -> None:
    assert organization_from_wire(obj, Names()).scope == expected


@pytest.mark.parametrize("missing", ["description", "rescanIamRoleId", "limitedScopes", "awsOrganizationId"])
def test_an_item_that_lacks_a_managed_key_is_not_complete(missing: str) -> None:
    assert organization_from_wire(wire(), Names()).is_complete()
    assert not organization_from_wire(without(wire(), missing), Names()).is_complete()


def test_a_missing_optional_key_means_not_set_where_the_object_has_other_optional_keys() -> None:
    obj = without(wire(), "description", "limitedScopes")
    organization = organization_from_wire(obj, Names()).with_missing_judged(Names())
    assert set(OPTIONAL) <= organization.shown
    assert (organization.settings["description"], organization.scope) == (None, "entire")


def test_a_missing_optional_key_stays_unknown_on_an_appliance_that_shows_none() -> None:
    obj = without(wire(), "description", "limitedScopes", "productionWorkerIamRoleName")
    names = Names()
    organization = organization_from_wire(obj, names)
    assert not set(OPTIONAL) & organization.with_missing_judged(names).shown
    assert organization.with_missing_judged(names).scope is None
    organization_from_wire({"id": OTHER_ID, "name": "other", "description": "x"}, names)
    assert organization.with_missing_judged(names).shown - organization.shown == {"description"}


@pytest.mark.parametrize("other", [{}, {"pwRole": "W1"}])
def test_a_missing_optional_key_stays_unknown_beside_a_property_that_the_collection_does_not_know(
    other: dict[str, Any],
) -> None:
    key, names = "production_worker_iam_role_name", Names()
    organization = organization_from_wire({**without(wire(), "productionWorkerIamRoleName"), **other}, names)
    assert (key in organization.with_missing_judged(names).unknown) is bool(other)
    told = Names({f"organization.{key}": "workerRole"})
    assert key in organization.with_missing_judged(told).shown
    names.find({"workerRoleName": None}, f"organization.{key}")
    assert key in organization.with_missing_judged(names).shown


def test_a_missing_required_key_never_counts_as_shown() -> None:
    obj = without(wire(), "rescanIamRoleId", "backupRestoreIamRoleName")
    names = Names()
    organization_from_wire(wire(), names)
    organization = organization_from_wire(obj, names).with_missing_judged(names)
    assert not {"rescan_iam_role", "backup_restore_iam_role_name"} & organization.shown


# Members


@pytest.mark.parametrize(
    ("wanted", "expected"), [({PROD, TEST}, True), ({PROD}, False), ({PROD, TEST, SANDBOX}, False), (set(), False)]
)
def test_listed_members_are_compared_exactly(wanted: set[str], expected: bool) -> None:
    assert LimitedScope("North", units=frozenset({PROD, TEST})).covers_exactly(frozenset(wanted)) is expected


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({WORKLOADS}, True),
        ({WORKLOADS, PROD}, True),
        ({PROD}, False),
        ({PROD, TEST}, False),
        ({WORKLOADS, SANDBOX}, False),
    ],
)
def test_members_read_as_a_subtree_are_compared_as_covering_sets(wanted: set[str], expected: bool) -> None:
    scope = LimitedScope("North", units=frozenset({WORKLOADS}), subtree=frozenset({WORKLOADS, PROD, TEST}))
    assert scope.covers_exactly(frozenset(wanted)) is expected


def test_a_scope_whose_members_are_not_read_covers_nothing_for_sure() -> None:
    assert not LimitedScope("North").covers_exactly(frozenset())
    assert not LimitedScope("North").touches(frozenset({PROD}))


def test_a_scope_touches_units_below_its_members_where_they_are_known() -> None:
    assert LimitedScope("North", units=frozenset({PROD})).touches(frozenset({PROD, SANDBOX}))
    assert not LimitedScope("North", units=frozenset({WORKLOADS})).touches(frozenset({PROD}))
    subtree = LimitedScope("North", units=frozenset({WORKLOADS}), subtree=frozenset({WORKLOADS, PROD}))
    assert subtree.touches(frozenset({PROD}))


# Writing


def test_a_put_carries_every_setting_and_the_undeclared_ones_as_they_were_read() -> None:
    organization = actual(description=None, productionWorkerIamRoleName="")
    assert settings_to_wire({"name": "new"}, Names(), organization) == {
        "name": "new",
        "description": None,
        "rescanIamRoleId": ROLE_ID,
        "backupRestoreIamRoleName": "backup",
        "productionWorkerIamRoleName": "",
    }


def test_a_setting_is_written_under_the_name_by_which_this_object_was_read() -> None:
    names, unnamed = Names(), without(wire(), "backupRestoreIamRoleName")
    organization_from_wire({**unnamed, "backupIamRoleName": "b"}, names)  # an item of the list
    organization = organization_from_wire({**unnamed, "backupRoleName": "b"}, names, detailed=True)
    for declared in ({}, {"backup_restore_iam_role_name": "c"}):
        body = settings_to_wire(declared, names, organization)
        assert body["backupRoleName"] == declared.get("backup_restore_iam_role_name", "b")
        assert not {"backupRestoreIamRoleName", "backupIamRoleName"} & set(body)


def test_what_this_object_does_not_show_is_written_as_another_one_was_read() -> None:
    names, hidden = Names(), without(wire(), "backupRestoreIamRoleName")
    organization_from_wire({**hidden, "id": OTHER_ID, "backupRoleName": "b"}, names)
    body = settings_to_wire({"backup_restore_iam_role_name": "x"}, names, organization_from_wire(hidden, names))
    assert body["backupRoleName"] == "x"
    assert "backupRestoreIamRoleName" not in body


def test_what_is_neither_declared_nor_shown_is_not_invented() -> None:
    organization = organization_from_wire(without(wire(), "description"), Names())
    assert "description" not in settings_to_wire({"name": "x"}, Names(), organization)


def test_what_is_declared_empty_is_cleared_with_what_the_property_takes() -> None:
    body = settings_to_wire({"description": "", "production_worker_iam_role_name": ""}, Names(), actual())
    assert (body["description"], body["productionWorkerIamRoleName"]) == ("", None)


def test_a_new_organization_carries_what_is_declared_and_nothing_else() -> None:
    declared = {"name": "x", "description": "", "rescan_iam_role": ROLE_ID, "backup_restore_iam_role_name": None}
    assert settings_to_wire(declared, Names()) == {"name": "x", "rescanIamRoleId": ROLE_ID}


def test_the_users_name_is_written_for_a_new_organization_as_well() -> None:
    for names, expected in (
        (Names({"organization.backup_restore_iam_role_name": "brRole"}), "brRole"),
        (Names(), "backupRoleName"),
    ):
        organization_from_wire({**without(wire(), "backupRestoreIamRoleName"), "backupRoleName": "x"}, names)
        assert settings_to_wire({"backup_restore_iam_role_name": "b"}, names) == {expected: "b"}


def test_a_scope_that_exists_is_written_with_its_id_and_a_new_one_without() -> None:
    units = frozenset({TEST, PROD})
    assert scope_to_wire(LimitedScope("North", NORTH_ID, units), Names()) == {
        "id": NORTH_ID,
        "name": "North",
        "includedMembers": sorted([PROD, TEST]),
    }
    names = Names()
    organization_from_wire(wire({"limitedScopeId": NORTH_ID, "name": "North", "unitIds": [PROD]}), names)
    assert scope_to_wire(LimitedScope("North", None, units), names) == {
        "name": "North",
        "unitIds": sorted([PROD, TEST]),
    }
    assert scope_to_wire(LimitedScope("North", OTHER_ID, units), names)["limitedScopeId"] == OTHER_ID


def test_two_scopes_with_one_id_are_an_error() -> None:
    with fails("api", f"more than one limited scope came with the ID '{NORTH_ID}'"):
        actual(wire_scope("North"), wire_scope("South", id=NORTH_ID.upper()))
    assert len(actual(without(wire_scope("North"), "id"), without(wire_scope("South"), "id")).limited_scopes) == 2
