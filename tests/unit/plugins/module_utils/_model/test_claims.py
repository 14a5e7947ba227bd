# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which organizations all declarations of a task mean, and that no two of them mean the same one."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.vbaws.appliance.plugins.module_utils._model.claims import (
    Meaning,
    Owners,
    RoleOwner,
    claim,
    require_different,
)
from ansible_collections.vbaws.appliance.tests.unit.support.builders import (
    AWS_ID,
    BOTH,
    ORGANIZATION_ID,
    OTHER_AWS_ID,
    OTHER_ID,
    PRODUCTION,
    ROLE_ID,
    SUBSIDIARY,
    actual,
    desired,
    fails,
    uuid,
)

GIVES_UP = [desired(id=OTHER_ID, state="absent"), desired(id=OTHER_ID, name="shops")]


# What each of them means


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


@pytest.mark.parametrize("gives_up", GIVES_UP)
@pytest.mark.parametrize("owner", [RoleOwner(None), RoleOwner(ORGANIZATION_ID)])
def test_a_name_that_is_given_up_means_the_new_one_if_the_role_is_another(gives_up: Any, owner: RoleOwner) -> None:
    declared = [gives_up, desired(name="subsidiary", rescan_iam_role="role")]
    assert claim(declared, BOTH, [None, owner]).found == (OTHER_ID, None)


@pytest.mark.parametrize("gives_up", GIVES_UP)
def test_a_name_that_is_given_up_means_the_new_one_if_the_aws_id_is_another(gives_up: Any) -> None:
    declared = [gives_up, desired(name="subsidiary", aws_organization_id="o-other00001")]
    assert claim(declared, BOTH, [None, None]).found == (OTHER_ID, None)
    assert claim(declared, BOTH, [None, RoleOwner(OTHER_ID)]).found == (OTHER_ID, None)


@pytest.mark.parametrize("gives_up", GIVES_UP)
@pytest.mark.parametrize("owner", [None, RoleOwner(OTHER_ID)])
@pytest.mark.parametrize("state", ["present", "absent"])
def test_else_a_name_that_is_given_up_means_the_old_one(gives_up: Any, owner: RoleOwner | None, state: str) -> None:
    declared = [gives_up, desired(name="subsidiary", state=state)]
    assert claim(declared, BOTH, [None, owner]).found == (OTHER_ID, OTHER_ID)


def test_an_aws_id_that_the_appliance_does_not_show_does_not_free_a_name() -> None:
    hidden = actual(id=OTHER_ID, awsOrganizationId=None, name="subsidiary")
    declared = [desired(id=OTHER_ID, state="absent"), desired(name="subsidiary", aws_organization_id="o-other00001")]
    assert claim(declared, [hidden]).found == (OTHER_ID, OTHER_ID)
    assert claim(declared, [hidden], [None, RoleOwner(None)]).found == (OTHER_ID, None)


def test_one_that_contradicts_itself_still_claims_what_it_names() -> None:
    claims = claim([desired(name="subsidiary", aws_organization_id="o-other00001")], BOTH)
    assert claims.found == (OTHER_ID,)
    assert claims.unclaimed(BOTH) == [PRODUCTION]


# No two mean the same


def test_two_that_mean_the_same_are_named_with_the_options_that_lead_there() -> None:
    meanings = [
        Meaning(desired(id=OTHER_ID, description="keep"), SUBSIDIARY),
        Meaning(desired(name="new", rescan_iam_role="role"), SUBSIDIARY, ROLE_ID, (SUBSIDIARY,)),
    ]
    with fails("invalid", f"'{OTHER_ID}' (by id) and 'new' (by rescan_iam_role) mean", f": subsidiary ({OTHER_ID})"):
        require_different(meanings)


def test_of_a_name_that_is_given_up_the_message_says_how_another_gets_it() -> None:
    gone = Meaning(desired(aws_organization_id=OTHER_AWS_ID, state="absent"), SUBSIDIARY)
    named = Meaning(desired(name="subsidiary"), SUBSIDIARY)
    with fails("invalid", "correct name or aws_organization_id", "To give the name 'subsidiary' to a new"):
        require_different([named, gone])
    kept = Meaning(desired(aws_organization_id=OTHER_AWS_ID), SUBSIDIARY)
    with fails("invalid", "correct name or aws_organization_id") as caught:
        require_different([named, kept])
    assert "To give" not in caught.said


def test_what_is_removed_is_not_the_owner_of_another_role() -> None:
    contradicting = Meaning(desired(name="subsidiary"), SUBSIDIARY, ROLE_ID, (PRODUCTION,))
    require_different([contradicting, Meaning(desired(name="production"), PRODUCTION)])
    with fails("invalid", "'production' (by name) and 'subsidiary' (by rescan_iam_role)"):
        require_different([contradicting, Meaning(desired(name="production", state="absent"), PRODUCTION)])


def test_new_ones_and_different_ones_are_no_conflict() -> None:
    new = Meaning(desired(name="new"), None)
    own = Meaning(desired(name="subsidiary"), SUBSIDIARY, ROLE_ID, (SUBSIDIARY,))
    require_different([new, Meaning(desired(name="newer"), None), own, Meaning(desired(name="production"), PRODUCTION)])


# After the plan


def test_an_organization_belongs_to_the_declaration_that_means_it() -> None:
    owners, first, second = Owners(), desired(name="production"), desired(name="second")
    owners.require_free(second, PRODUCTION)
    owners.enter(first, PRODUCTION)
    owners.require_free(first, PRODUCTION)
    owners.require_free(second, SUBSIDIARY)
    with fails(
        "conflict", "'production' (by name) and 'second' (by rescan_iam_role)", "correct rescan_iam_role of 'second'"
    ):
        owners.require_free(second, PRODUCTION)


def test_a_new_organization_belongs_to_the_declaration_of_its_name() -> None:
    owners, first, second = Owners(), desired(name="first"), desired(name="second")
    owners.enter(first, None)
    owners.enter(second, None)
    owners.require_free(first, actual(name="first"))
    with fails("conflict", "It stays with 'first'"):
        owners.require_free(second, actual(name="first"))
    owners.enter(first, actual(id=uuid(9), name="cut off"))
    with fails("conflict", "It stays with 'first'"):
        owners.require_free(second, actual(id=uuid(9), name="cut off"))
