# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which declaration means which organization."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.vbaws.appliance.plugins.module_utils._model.match import claim, require_distinct
from ansible_collections.vbaws.appliance.tests.unit.support.builders import (
    AWS_ID,
    ORGANIZATION_ID,
    OTHER_AWS_ID,
    OTHER_ID,
    actual,
    desired,
    fails,
)

PRODUCTION = actual()
SUBSIDIARY = actual(id=OTHER_ID, awsOrganizationId=OTHER_AWS_ID, name="subsidiary")
BOTH = [PRODUCTION, SUBSIDIARY]


@pytest.mark.parametrize(
    "same",
    [{"name": "x"}, {"aws_organization_id": AWS_ID}, {"id": ORGANIZATION_ID}, {"rescan_iam_role": "role"}],
)
def test_two_that_name_the_same_are_an_error(same: dict[str, Any]) -> None:
    others = [{"name": "a"}, {"name": "b"}] if "name" not in same else [{}, {}]
    (option,) = same
    with fails("invalid", f"number 1 and 3 of the list have the same {option}"):
        require_distinct([desired(**others[0], **same), desired(name="c"), desired(**others[1], **same)])


def test_a_name_that_is_removed_and_added_is_an_error_too() -> None:
    with fails("invalid", "have the same name: x"):
        require_distinct([desired(name="x", state="absent"), desired(name="x")])


def test_the_role_of_one_that_is_to_be_absent_does_not_count() -> None:
    require_distinct(
        [desired(name="a", state="absent", rescan_iam_role="role"), desired(name="b", rescan_iam_role="role")]
    )


def test_what_no_declaration_means_is_unclaimed() -> None:
    claims = claim([desired(name="subsidiary"), desired(name="new")], BOTH)
    assert claims.found == (OTHER_ID, None)
    assert claims.unclaimed(BOTH) == [PRODUCTION]
    assert claims.released == {}


def test_a_removal_and_a_rename_by_id_give_up_their_names() -> None:
    declared = [
        desired(aws_organization_id=OTHER_AWS_ID, state="absent"),
        desired(aws_organization_id=AWS_ID, name="subsidiary"),
    ]
    claims = claim(declared, BOTH)
    assert claims.found == (OTHER_ID, ORGANIZATION_ID)
    assert claims.released == {"subsidiary": OTHER_ID, "production": ORGANIZATION_ID}


def test_a_name_that_is_given_up_means_the_new_one() -> None:
    declared = [desired(id=OTHER_ID, state="absent"), desired(name="subsidiary")]
    assert claim(declared, BOTH).found == (OTHER_ID, None)


def test_one_that_contradicts_itself_still_claims_what_it_names() -> None:
    claims = claim([desired(name="subsidiary", aws_organization_id="o-other00001")], BOTH)
    assert claims.found == (OTHER_ID,)
    assert claims.unclaimed(BOTH) == [PRODUCTION]
