# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of property names, and what a user may lay over it."""

from __future__ import annotations

import itertools
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from ansible_collections.vbaws.appliance.plugins.module_utils._model.names import ASSUMED, PROPERTIES, Found, Names
from ansible_collections.vbaws.appliance.tests.unit.support.builders import ORGANIZATION_ID, fails
from hypothesis import given
from hypothesis import strategies as st

ROLE = "organization.rescan_iam_role"
BACKUP = "organization.backup_restore_iam_role_name"
AWS = "organization.aws_organization_id"


@pytest.mark.parametrize("key", PROPERTIES)
def test_a_value_is_found_under_every_name_of_its_property(key: str) -> None:
    row = PROPERTIES[key]
    for name in (row.write, *row.also_read):
        obj: Any = "o-abcdefghij"
        for part in reversed(name.split(".")):
            obj = {part: obj}
        assert Names().find(obj, key) == Found(name, "o-abcdefghij")


def test_a_property_that_is_missing_is_not_one_that_is_null() -> None:
    assert Names().find({}, "organization.description") is None
    assert Names().find({"description": None}, "organization.description") == Found("description", None)
    assert Names().find({"description": ""}, "organization.description") == Found("description", "")


def test_a_name_with_a_value_wins_over_one_with_null_whatever_their_order() -> None:
    assert Names().find({"rescanIamRoleId": None, "iamRoleId": "x"}, ROLE) == Found("iamRoleId", "x")
    assert Names().find({"rescanIamRoleId": None, "iamRoleId": None}, ROLE) == Found("rescanIamRoleId", None)


def test_of_two_names_with_values_the_first_of_the_table_wins() -> None:
    both = {"backupRoleName": "last", "backupRestoreIamRoleName": "first"}
    assert Names().find(both, BACKUP) == Found("backupRestoreIamRoleName", "first")


@pytest.mark.parametrize("inside", ["text", None, {}, {"name": "x"}])
def test_a_dotted_name_needs_the_object_and_the_property_inside(inside: Any) -> None:
    assert Names().find({"rescanIamRole": inside}, ROLE) is None


def test_a_uuid_under_organization_id_is_not_taken_for_the_aws_id() -> None:
    assert Names().find({"organizationId": ORGANIZATION_ID}, AWS) is None
    assert Names().find({"organizationId": ORGANIZATION_ID, "awsId": "o-abc"}, AWS) == Found("awsId", "o-abc")
    assert Names().find({"organizationId": "o-abc"}, AWS) == Found("organizationId", "o-abc")
    assert Names().find({"awsOrganizationId": 7}, AWS) is None


# What the appliance shows


def showing(key: str, *objects: dict[str, Any], **overrides: str) -> Names:
    """The names of an appliance that has shown a property on these objects."""
    names = Names(overrides)
    for obj in objects:
        names.find(obj, key)
    return names


def test_a_property_is_written_under_the_name_by_which_it_was_read_else_under_the_first_of_the_table() -> None:
    assert Names().written(BACKUP) == "backupRestoreIamRoleName"
    assert showing(BACKUP, {"backupRoleName": "b"}).written(BACKUP) == "backupRoleName"
    assert showing(BACKUP, {"backupRoleName": None}).written(BACKUP) == "backupRoleName"


def test_a_name_inside_an_object_is_never_written() -> None:
    assert showing(ROLE, {"rescanIamRole": {"id": "x"}}).written(ROLE) == "rescanIamRoleId"


def test_the_users_own_word_is_written_whatever_was_read() -> None:
    names = Names({BACKUP: " brRole "})
    assert names.written(BACKUP) == "brRole"
    names.find({"backupRoleName": "b", "iamRoleId": "x"}, BACKUP)
    names.find({"backupRoleName": "b", "iamRoleId": "x"}, ROLE)
    assert names.written(BACKUP) == "brRole"
    assert names.written(ROLE) == "iamRoleId"


def test_only_a_name_that_the_appliance_alone_tells_is_learned() -> None:
    assert showing(BACKUP, {"backupRoleName": "b"}).is_learned(BACKUP)
    assert not Names().is_learned(BACKUP)
    assert not showing(BACKUP, {"backupRestoreIamRoleName": "b"}).is_learned(BACKUP)
    assert not showing(ROLE, {"rescanIamRole": {"id": "x"}}).is_learned(ROLE)
    assert not showing(BACKUP, {"backupRoleName": "b"}, **{BACKUP: "brRole"}).is_learned(BACKUP)


def test_a_property_is_shown_once_an_object_has_it_even_as_null() -> None:
    names = showing(BACKUP, {"description": "x"}, {"backupRoleName": None})
    assert names.reads(BACKUP)
    assert not names.reads(ROLE)
    assert not showing(AWS, {"organizationId": ORGANIZATION_ID}).reads(AWS)


@pytest.mark.parametrize(
    "objects",
    [
        [{"backupRestoreIamRoleName": None}, {"backupRoleName": "b"}, {}],
        [{"backupIamRoleName": "b", "backupRoleName": "b"}, {"backupRoleName": "b"}],
    ],
)
def test_the_order_in_which_objects_are_read_does_not_matter(objects: list[dict[str, Any]]) -> None:
    written = {showing(BACKUP, *order).written(BACKUP) for order in itertools.permutations(objects)}
    assert written == {"backupRoleName" if len(objects) == 3 else "backupIamRoleName"}


@pytest.mark.parametrize("list_first", [True, False])
def test_an_object_that_was_read_by_its_id_tells_more_than_an_item_of_a_list(list_first: bool) -> None:
    names = Names()
    listed: dict[str, Any] = {"backupRestoreIamRoleName": "b"}
    for detailed in (False, True) if list_first else (True, False):
        names.find({"backupRoleName": None} if detailed else listed, BACKUP, detailed)
    assert names.written(BACKUP) == "backupRoleName"


def test_two_threads_that_read_at_the_same_time_record_the_better_name(monkeypatch: pytest.MonkeyPatch) -> None:
    class Slow(dict[str, Any]):
        """Takes a while to look up, so that another thread could write in between."""

        def __contains__(self, key: object) -> bool:
            found = super().__contains__(key)
            time.sleep(0.02)
            return found

    names = Names()
    monkeypatch.setattr(names, "_shown", Slow())
    with ThreadPoolExecutor(2) as pool:
        for value in ("b", None):
            pool.submit(names.find, {"backupRoleName" if value else "backupRestoreIamRoleName": value}, BACKUP)
    assert names.written(BACKUP) == "backupRoleName"


# What the user sets


def test_the_users_word_applies_to_reading_too_and_comes_first() -> None:
    names = Names({BACKUP: "brRole"})
    assert names.find({"brRole": "a", "backupRestoreIamRoleName": "b"}, BACKUP) == Found("brRole", "a")
    assert names.find({"backupRoleName": "b"}, BACKUP) == Found("backupRoleName", "b")


def test_the_keys_of_wire_names_are_qualified() -> None:
    names = Names({"limited_scope.name": "scopeName"})
    assert names.written("limited_scope.name") == "scopeName"
    assert names.written("organization.name") == "name"


@pytest.mark.parametrize("key", ["name", "organization.scope", "modify.organization", "add.limited_scopes", ""])
def test_a_key_that_names_no_assumed_property_is_refused_with_those_there_are(key: str) -> None:
    with fails("invalid", repr(key), "update.organization_id", "Nothing was changed."):
        Names({key: "x"})


@pytest.mark.parametrize("value", ["", "  ", None, 7, ["x"], {}, {"read": 7}, {"name": "x"}])
def test_a_value_that_is_no_name_is_refused(value: Any) -> None:
    with fails("invalid", BACKUP, repr(value)):
        Names({BACKUP: value})


def test_no_wire_names_is_the_table() -> None:
    assert Names(None).written(ROLE) == Names({}).written(ROLE) == "rescanIamRoleId"


def test_every_assumed_property_can_be_overridden() -> None:
    for key in ASSUMED:
        assert Names({key: "another"}).written(key) == "another"


def test_unknown_properties_are_those_in_no_table_and_are_recorded_with_a_value() -> None:
    names = Names({BACKUP: "brRole"})
    obj = {"brRole": "b", "rescanIamRole": {"id": "x"}, "_links": [], "note": None}
    assert names.find_unknown(obj, "organization") == {"note": None}
    names.find_unknown({"note": "text"}, "organization")
    names.find_unknown({"note": None}, "organization")
    assert names.unknown == {"organization": {"note": "text"}}


# Proof


def test_a_name_is_proven_if_it_is_documented_or_was_set_or_shown() -> None:
    assert not Names().is_proven(BACKUP)
    assert Names().is_proven("modify.organization")
    assert Names({BACKUP: "backupRestoreIamRoleName"}).is_proven(BACKUP)
    assert showing(BACKUP, {"backupRoleName": None}).is_proven(BACKUP)
    assert not showing(ROLE, {"rescanIamRole": {"id": "x"}}).is_proven(ROLE)


def test_a_dotted_name_of_the_user_is_for_reading_only() -> None:
    names = Names({ROLE: "rescan.role"})
    assert names.find({"rescan": {"role": "x"}}, ROLE) == Found("rescan.role", "x")
    assert names.written(ROLE) == "rescanIamRoleId"
    assert names.reads(ROLE)
    assert not names.is_proven(ROLE)
    both = Names({ROLE: {"read": "rescan.role", "write": "rescanRole"}})
    assert (both.written(ROLE), both.is_proven(ROLE)) == ("rescanRole", True)
    assert Names({ROLE: {"write": "rescanRole"}}).find({"iamRoleId": "x"}, ROLE) == Found("iamRoleId", "x")
    assert not Names({ROLE: {"write": "rescanRole"}}).reads(ROLE)
    with fails("invalid", "'rescan.role'", "for reading only"):
        Names({ROLE: {"write": "rescan.role"}})


def test_properties_that_an_update_leaves_out_are_a_list_or_one_name() -> None:
    for value in ("costCenter", ["costCenter"], ["x", " costCenter "]):
        assert Names({"not_sent": value}).is_read_only("costCenter")
    assert not Names({"not_sent": None}).is_read_only("costCenter")
    with fails("invalid", "not_sent", "7"):
        Names({"not_sent": [7]})


IDENTITIES: list[dict[str, Any]] = [
    {"above": "r-1"},
    {"above": "r-1", "parentId": "r-2"},
    {"parentId": "r-2"},
    {"above": None, "parentId": None},
    {"above": None},
    {"children": [1]},
    {"childNodes": [2]},
    {"children": None, "childNodes": [3]},
    {"awsOrganizationId": "o-1", "organizationId": "o-2"},
    {"awsOrganizationId": "x", "organizationId": "o-2"},
    {},
]


@given(st.lists(st.sampled_from(IDENTITIES)), st.sampled_from([None, "above", "a.b"]))
def test_a_finder_finds_and_records_what_find_does(items: list[dict[str, Any]], told: str | None) -> None:
    overrides = {"identity.parent_id": told} if told else {}
    for key in ("identity.parent_id", "tree.children", "organization.aws_organization_id"):
        one, other = Names(overrides), Names(overrides)
        found = [one.find(item, key) for item in items]
        assert list(map(other.finder(key), items)) == [hit.value if hit else None for hit in found]
        assert (other.reads(key), other.written(key)) == (one.reads(key), one.written(key))
