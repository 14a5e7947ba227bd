# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a playbook may declare, and what is refused before an appliance is asked anything."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.vbaws.appliance.plugins.module_utils._model.desired import DesiredScope
from ansible_collections.vbaws.appliance.plugins.module_utils._model.settings import SETTINGS
from ansible_collections.vbaws.appliance.plugins.module_utils._model.values import is_role_arn, is_unit_id, is_uuid
from ansible_collections.vbaws.appliance.tests.unit.support.builders import (
    ACCOUNT,
    AWS_ID,
    ORGANIZATION_ID,
    PROD,
    ROLE_ID,
    ROOT,
    TEST,
    desired,
    fails,
    scope,
)

ARN = "arn:aws:iam::111122223333:role/service/vbaws-rescan"


def test_everything_is_read_as_declared() -> None:
    declared = desired(
        id=ORGANIZATION_ID.upper(),
        aws_organization_id=AWS_ID,
        name="production",
        description="",
        rescan_iam_role=ARN,
        backup_restore_iam_role_name="backup+=,.@-_",
        production_worker_iam_role_name="",
        limited_scopes=[scope("North", "/Workloads/Prod", PROD, "/Workloads/Prod", ROOT, "/", former=("Old", "North"))],
        on_conflict="update",
    )
    assert (declared.id, declared.aws_organization_id, declared.name) == (ORGANIZATION_ID, AWS_ID, "production")
    assert declared.settings == {
        "name": "production",
        "description": "",
        "rescan_iam_role": ARN,
        "backup_restore_iam_role_name": "backup+=,.@-_",
        "production_worker_iam_role_name": "",
    }
    assert declared.limited_scopes == (DesiredScope("North", ("Old",), ("/Workloads/Prod", PROD, ROOT, "/")),)
    assert (declared.state, declared.on_conflict) == ("present", "update")


def test_what_is_omitted_is_none_which_means_left_alone() -> None:
    declared = desired(name="x")
    settings = ("description", "rescan_iam_role", "backup_restore_iam_role_name", "production_worker_iam_role_name")
    assert [declared.settings[option] for option in settings] == [None] * 4
    assert (declared.scope, declared.limited_scopes) == (None, None)
    assert declared.on_conflict == "fail"


def test_each_unit_is_mentioned_once_in_the_order_of_the_declaration() -> None:
    declared = desired(name="x", limited_scopes=[scope("A", TEST, PROD), scope("B"), scope("C", PROD, "/")])
    assert declared.unit_references == (TEST, PROD, "/")
    assert desired(name="x").unit_references == ()


@pytest.mark.parametrize(
    ("given", "label"),
    [
        ({"name": "x", "id": ORGANIZATION_ID}, "x"),
        ({"aws_organization_id": AWS_ID, "id": ORGANIZATION_ID}, AWS_ID),
        ({"id": ORGANIZATION_ID}, ORGANIZATION_ID),
    ],
)
def test_messages_name_it_by_name_else_by_aws_id_else_by_id(given: dict[str, str], label: str) -> None:
    assert desired(**given).label == label


# The scope: an empty filter must never widen access


def test_a_scope_that_is_neither_entire_nor_limited_is_an_error() -> None:
    with fails("invalid", "scope", "'everything'", "neither entire nor limited", "Nothing was changed."):
        desired(name="x", scope="everything")


@pytest.mark.parametrize("said", [None, "limited"])
def test_an_empty_list_of_scopes_is_an_error(said: str | None) -> None:
    with fails("invalid", "limited_scopes", "scope: entire", "Nothing was changed."):
        desired(name="x", limited_scopes=[], scope=said)


def test_an_empty_list_of_scopes_is_allowed_where_scope_entire_says_it() -> None:
    assert desired(name="x", limited_scopes=[], scope="entire").limited_scopes == ()


def test_scopes_and_scope_entire_contradict_each_other() -> None:
    with fails("invalid", "contradict"):
        desired(name="x", scope="entire", limited_scopes=[scope("North", PROD)])


def test_scopes_of_an_organization_that_is_to_be_removed_do_not_matter() -> None:
    assert desired(name="x", state="absent", limited_scopes=[]).limited_scopes == ()


def test_a_scope_without_units_keeps_those_it_has_and_an_empty_list_is_an_error() -> None:
    assert desired(name="x", limited_scopes=[scope("North")]).limited_scopes == (DesiredScope("North"),)
    with fails("invalid", "'North'", "empty list"):
        desired(name="x", limited_scopes=[{"name": "North", "organizational_units": []}])


def test_a_name_from_a_yaml_block_with_its_line_break_is_an_error() -> None:
    with fails("invalid", "option name holds a line break"):
        desired(name="production\n")
    with fails("invalid", "option limited_scopes.name holds a line break"):
        desired(name="x", limited_scopes=[scope("North\n", PROD)])


@pytest.mark.parametrize("name", ["", "  "])
def test_a_scope_needs_a_name(name: str) -> None:
    with fails("invalid", "limited_scopes.name"):
        desired(name="x", limited_scopes=[scope(name, PROD)])


NOT_TEXT = [
    (False, "false", "a bool"),
    (83, "83", "a number"),
    (1.1, "1.1", "a number"),
    ({"a": 1}, '{"a": 1}', "not text"),
]


@pytest.mark.parametrize("option", SETTINGS)
@pytest.mark.parametrize(("value", "shown", "kind"), NOT_TEXT)
def test_a_setting_that_is_not_text_is_an_error(option: str, value: Any, shown: str, kind: str) -> None:
    with fails("invalid", f"The value {shown} of the option {option} is {kind}.", "Put the text in quotes"):
        desired(**{"name": "x", option: value})


@pytest.mark.parametrize(("value", "shown", "kind"), [*NOT_TEXT, (0, "0", "a number")])
def test_a_text_of_a_scope_that_is_not_text_is_an_error(value: Any, shown: str, kind: str) -> None:
    with fails("invalid", f"The value {shown} of the option limited_scopes.name is {kind}."):
        desired(name="x", limited_scopes=[{"name": value, "organizational_units": [PROD]}])
    with fails("invalid", f"The value {shown} of the option limited_scopes.former_names is {kind}."):
        desired(name="x", limited_scopes=[{"name": "North", "former_names": ["Old", value]}])
    with fails("invalid", f"The value {shown} of the option limited_scopes.organizational_units is {kind}."):
        desired(name="x", limited_scopes=[{"name": "North", "organizational_units": [PROD, value]}])


def test_the_number_of_an_account_is_read_with_and_without_quotes() -> None:
    # Which unit contains it is known later, so it is refused later.
    scopes = desired(name="x", limited_scopes=[scope("North", ACCOUNT), scope("South", int(ACCOUNT))]).limited_scopes
    assert scopes is not None
    assert [one.units for one in scopes] == [(ACCOUNT,), (ACCOUNT,)]


def test_a_name_that_may_exist_already_may_have_white_space() -> None:
    declared = desired(name=" x ", limited_scopes=[scope("North ", PROD, former=(" Old",))])
    assert declared.name == " x "


@pytest.mark.parametrize(
    "scopes",
    [
        [scope("North", PROD), scope("North", TEST)],
        [scope("North", PROD, former=("South",)), scope("South", TEST)],
        [scope("South", PROD), scope("North", TEST, former=("South",))],
        [scope("A", PROD, former=("Old",)), scope("B", TEST, former=("Old",))],
    ],
)
def test_a_name_of_a_scope_is_given_once_former_names_included(scopes: list[dict[str, Any]]) -> None:
    with fails("invalid", "twice"):
        desired(name="x", limited_scopes=scopes)


# Units


@pytest.mark.parametrize("unit", [PROD, ROOT, "/", "/Workloads", r"/R\/D", r"/a\\b/c", "/with space/ü"])
def test_a_unit_is_an_aws_id_or_a_path(unit: str) -> None:
    scopes = desired(name="x", limited_scopes=[scope("North", unit)]).limited_scopes
    assert scopes == (DesiredScope("North", (), (unit,)),)


@pytest.mark.parametrize(
    ("unit", "words"),
    [
        ("arn:aws:organizations::1:ou/o-a/ou-ab12-cdefghij", ["is an ARN", "ou-ab12-cdefghij."]),
        ("Workloads/Prod", ["neither an AWS ID", "starts with /"]),
        ("ou-prod", ["neither an AWS ID"]),
        ("", ["neither an AWS ID"]),
        ("/Workloads/", ["no path", "no / at its end"]),
        ("//Workloads", ["no path", "no empty names"]),
        (r"/a\b", ["no path", "backslash"]),
        ("/a\\", ["no path", "does not end in a backslash"]),
    ],
)
def test_anything_else_is_an_error_with_the_reason(unit: str, words: list[str]) -> None:
    with fails("invalid", f"'{unit}'", "'North'", *words):
        desired(name="x", limited_scopes=[scope("North", PROD, unit)])


# Identity


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"id": "production"}, ["option id", "is no UUID"]),
        ({"id": AWS_ID}, ["option id", "give it as aws_organization_id"]),
        ({"aws_organization_id": "prod"}, ["aws_organization_id", "o-exampleorgid"]),
        ({"aws_organization_id": ORGANIZATION_ID}, ["aws_organization_id", "give it as id"]),
        ({"aws_organization_id": ""}, ["aws_organization_id"]),
        ({"id": ""}, ["option id"]),
        ({"name": ""}, ["option name", "is empty"]),
        ({"name": "  "}, ["option name", "is empty"]),
        ({"name": "x" * 128}, ["128 characters", "at most 127"]),
    ],
)
def test_an_identity_that_cannot_be_one_is_refused(given: dict[str, str], words: list[str]) -> None:
    with fails("invalid", *words):
        desired(**given)


def test_ids_are_told_by_their_form() -> None:
    assert is_uuid(ROLE_ID.upper())
    assert not is_uuid(ROLE_ID + "0")
    assert is_role_arn("arn:aws-us-gov:iam::111122223333:role/x")
    assert is_unit_id(ROOT)
    assert not is_unit_id(ACCOUNT)
