# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of settings: what each may be, and that everything else follows from it."""

from __future__ import annotations

import pytest
from ansible_collections.vbaws.appliance.plugins.module_utils._model.names import PROPERTIES
from ansible_collections.vbaws.appliance.plugins.module_utils._model.settings import (
    REQUIRED,
    SETTINGS,
    check_texts,
)
from ansible_collections.vbaws.appliance.plugins.module_utils._module.options import ORGANIZATION
from ansible_collections.vbaws.appliance.tests.unit.support.builders import ROLE_ID, actual, desired, fails

ARN = "arn:aws:iam::111122223333:role/service/vbaws-rescan"


# The table


@pytest.mark.parametrize("option", SETTINGS)
def test_each_setting_is_an_option_has_a_name_and_is_shown(option: str) -> None:
    assert ORGANIZATION[option] == {"type": "str"}
    assert PROPERTIES[f"organization.{option}"].write == SETTINGS[option].write
    shown = {"rescan_iam_role": "rescan_iam_role_id"}.get(option, option)
    assert actual().settings[option] is not None
    assert actual().as_result()[shown] == actual().settings[option]


@pytest.mark.parametrize("option", SETTINGS)
def test_an_empty_text_clears_a_setting_unless_it_is_required(option: str) -> None:
    if option in REQUIRED:
        with fails("invalid", f"option {option} is empty"):
            check_texts({option: ""})
    else:
        check_texts({option: ""})


def test_what_is_not_given_is_not_checked() -> None:
    check_texts({})
    check_texts(dict.fromkeys(SETTINGS))


# Names and descriptions


def test_the_longest_name_and_description_are_accepted() -> None:
    assert desired(name="x" * 127, description="y" * 255).settings["description"] == "y" * 255
    with fails("invalid", "256 characters", "at most 255"):
        desired(name="x", description="y" * 256)


# Roles


@pytest.mark.parametrize("option", ["rescan_iam_role", "backup_restore_iam_role_name"])
def test_an_empty_text_for_a_required_role_is_an_error(option: str) -> None:
    with fails("invalid", option, "is empty", "to keep"):
        desired(name="x", **{option: ""})


@pytest.mark.parametrize("option", ["backup_restore_iam_role_name", "production_worker_iam_role_name"])
@pytest.mark.parametrize(
    ("value", "words"),
    [
        (ARN, ["is an ARN", "vbaws-rescan."]),
        ("path/role", ["no name of an IAM role"]),
        ("r" * 65, ["1 to 64"]),
        ("backup\n", ["1 to 64"]),
    ],
)
def test_a_role_in_every_account_is_given_by_its_name(option: str, value: str, words: list[str]) -> None:
    with fails("invalid", option, *words):
        desired(name="x", **{option: value})


@pytest.mark.parametrize("reference", ["prod rescan", ROLE_ID, ARN, "arn-like", "a/b"])
def test_a_rescan_role_is_a_name_an_id_or_an_arn(reference: str) -> None:
    assert desired(name="x", rescan_iam_role=reference).rescan_iam_role == reference


@pytest.mark.parametrize(
    "reference", ["arn:aws:iam::1:role/x", "arn:aws:iam::111122223333:user/x", "arn:aws:s3:::bucket", "arn:"]
)
def test_another_arn_is_no_rescan_role(reference: str) -> None:
    with fails("invalid", "no ARN of an IAM role"):
        desired(name="x", rescan_iam_role=reference)
