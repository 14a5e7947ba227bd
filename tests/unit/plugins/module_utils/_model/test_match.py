# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which organization a declaration means by its identifiers."""

from __future__ import annotations

import pytest
from ansible_collections.vbaws.appliance.plugins.module_utils._model.match import match, require_free_name
from ansible_collections.vbaws.appliance.tests.unit.support.builders import (
    AWS_ID,
    BOTH,
    ORGANIZATION_ID,
    OTHER_AWS_ID,
    OTHER_ID,
    PRODUCTION,
    SUBSIDIARY,
    actual,
    desired,
    fails,
    uuid,
)

# One declaration


def test_the_id_decides_before_the_name() -> None:
    assert match(desired(id=OTHER_ID, name="production"), BOTH) is SUBSIDIARY
    assert match(desired(id=OTHER_ID.upper()), BOTH) is SUBSIDIARY


def test_the_aws_id_decides_before_the_name() -> None:
    assert match(desired(aws_organization_id=OTHER_AWS_ID, name="production"), BOTH) is SUBSIDIARY


def test_the_name_is_compared_exactly() -> None:
    assert match(desired(name="production"), BOTH) is PRODUCTION
    for near in ("Production", "production ", "prod*", "prod"):
        assert match(desired(name=near), BOTH) is None


def test_an_aws_id_that_is_not_there_falls_back_to_the_name() -> None:
    shown = actual(id=uuid(9), name="third", awsOrganizationId="o-thirdaaaaa")
    wanted = desired(aws_organization_id="o-thirdaaaaa", name="production")
    assert match(wanted, [PRODUCTION, shown]) is shown
    assert match(desired(aws_organization_id="o-thirdaaaaa", name="new"), BOTH) is None


def test_a_name_that_belongs_to_another_aws_organization_fails() -> None:
    with fails("conflict", f"is {AWS_ID} in AWS, not o-thirdaaaaa", "production"):
        match(desired(aws_organization_id="o-thirdaaaaa", name="production"), BOTH)


def test_an_id_that_belongs_to_another_aws_organization_fails() -> None:
    with fails("conflict", AWS_ID, OTHER_AWS_ID):
        match(desired(id=ORGANIZATION_ID, aws_organization_id=OTHER_AWS_ID), BOTH)


def test_nothing_is_absent_by_an_aws_id_that_the_appliance_may_not_show() -> None:
    hidden = actual(awsOrganizationId=None)
    with fails("api", "does not show its AWS ID"):
        match(desired(aws_organization_id=AWS_ID, state="absent"), [SUBSIDIARY, hidden])
    assert match(desired(aws_organization_id=AWS_ID, state="absent"), [SUBSIDIARY]) is None


def test_an_aws_id_that_the_appliance_does_not_show_cannot_be_compared() -> None:
    hidden = actual(awsOrganizationId=None)
    with fails("api", "does not show its AWS ID", "organization.aws_organization_id"):
        match(desired(aws_organization_id=AWS_ID, name="production"), [hidden])
    with fails("api", "does not show its AWS ID"):
        match(desired(aws_organization_id=AWS_ID, id=ORGANIZATION_ID), [hidden])


def test_two_matches_fail_with_the_ids_of_the_candidates() -> None:
    twin = actual(id=OTHER_ID)
    with fails("ambiguous", ORGANIZATION_ID, OTHER_ID, "2 AWS Organizations"):
        match(desired(name="production"), [PRODUCTION, twin])
    with fails("ambiguous", ORGANIZATION_ID, OTHER_ID):
        match(desired(aws_organization_id=AWS_ID), [PRODUCTION, twin])


def test_an_unknown_id_fails_if_the_organization_is_wanted() -> None:
    with fails("not_found", uuid(9), "production", "leave id out"):
        match(desired(id=uuid(9), name="production"), BOTH)
    with fails("not_found", "no AWS Organizations at all"):
        match(desired(id=uuid(9)), [])


def test_the_known_organizations_are_named_up_to_ten() -> None:
    many = [actual(id=uuid(number), name=f"organization-{number}") for number in range(11)]
    with fails("not_found", "organization-9", " and 1 more.") as caught:
        match(desired(id=uuid(99)), many)
    assert "organization-10" not in caught.said


def test_a_new_name_that_another_organization_has_is_a_conflict() -> None:
    with fails("conflict", "subsidiary", OTHER_ID, "cannot be renamed"):
        require_free_name(desired(id=ORGANIZATION_ID, name="subsidiary"), PRODUCTION, BOTH)


@pytest.mark.parametrize("name", ["production", "new"])
def test_its_own_name_and_a_free_one_are_no_conflict(name: str) -> None:
    require_free_name(desired(id=ORGANIZATION_ID, name=name), PRODUCTION, BOTH)
    with fails("conflict"):
        require_free_name(desired(id=OTHER_ID, name=name), SUBSIDIARY, [*BOTH, actual(id=uuid(8), name="new")])


def test_a_new_name_that_is_taken_names_the_organization_and_its_id_first() -> None:
    wanted = desired(aws_organization_id=OTHER_AWS_ID, name="production")
    with fails("conflict", f"production ({ORGANIZATION_ID}) has this name") as caught:
        require_free_name(wanted, SUBSIDIARY, BOTH)
    assert caught.raised.remedy.startswith(
        f"If 'production' is meant, correct aws_organization_id: it is {AWS_ID}. If 'subsidiary' is meant, correct the "
        "name."
    )
    with fails("conflict", f"correct id: it is {ORGANIZATION_ID}."):
        require_free_name(desired(id=OTHER_ID, name="production"), SUBSIDIARY, BOTH)
    hidden = [actual(awsOrganizationId=None), SUBSIDIARY]
    with fails("conflict", "If 'production' is meant, correct aws_organization_id. If"):
        require_free_name(wanted, SUBSIDIARY, hidden)


@pytest.mark.parametrize("option", ["id", "aws_organization_id"])
def test_a_removal_by_an_id_and_the_name_of_another_organization_is_a_conflict(option: str) -> None:
    value = {"id": OTHER_ID, "aws_organization_id": OTHER_AWS_ID}[option]
    with fails("conflict", f"{option} {value} and the name 'production' mean two", ORGANIZATION_ID, OTHER_ID):
        match(desired(name="production", state="absent", **{option: value}), BOTH)
    twin = actual(id=uuid(9), awsOrganizationId=None, name="subsidiary")
    for name in ("subsidiary", "new", None):
        assert match(desired(name=name, state="absent", **{option: value}), [*BOTH, twin]) is SUBSIDIARY


def test_an_id_and_an_aws_id_that_mean_two_organizations_name_both() -> None:
    with fails("conflict", f"production ({ORGANIZATION_ID})", f"subsidiary ({OTHER_ID})", "Correct id or aws_"):
        match(desired(id=ORGANIZATION_ID, aws_organization_id=OTHER_AWS_ID), BOTH)


@pytest.mark.parametrize("given", [{"aws_organization_id": AWS_ID}, {"name": "production"}])
def test_a_removal_by_an_id_that_is_gone_does_not_pass_for_done_while_another_identifier_is_registered(
    given: dict[str, str],
) -> None:
    with fails("conflict", f"no AWS Organization with the id {OTHER_ID}", "correct the id or leave it out"):
        match(desired(state="absent", id=OTHER_ID, **given), [actual()])
    assert (
        match(desired(state="absent", id=OTHER_ID, name="gone", aws_organization_id=OTHER_AWS_ID), [actual()]) is None
    )
