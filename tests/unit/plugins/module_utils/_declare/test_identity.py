# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which organization a rescan role leads to, and when a declaration may have it."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.vbaws.appliance.plugins.module_utils._appliance.appliance import Appliance
from ansible_collections.vbaws.appliance.plugins.module_utils._appliance.checks import Finding, RoleCheck
from ansible_collections.vbaws.appliance.plugins.module_utils._declare.identity import identify, owner_of_role
from ansible_collections.vbaws.appliance.plugins.module_utils._model.organization import Organization
from ansible_collections.vbaws.appliance.plugins.module_utils._model.seen import Listed
from ansible_collections.vbaws.appliance.tests.unit.support.builders import (
    AWS_ID,
    ORGANIZATION_ID,
    OTHER_AWS_ID,
    OTHER_ID,
    actual,
    desired,
    fails,
    organization_options,
    wire,
)
from ansible_collections.vbaws.appliance.tests.unit.support.fake_client import FakeClient

UNUSABLE = (Finding("role", "error", "The role cannot be used."),)


def owner(check: RoleCheck, found: Organization | None = None, **declared: Any) -> Organization | None:
    """The owner of the declared role, by a list with one organization. No request is made."""
    options = {"name": "production", "rescan_iam_role": "prod-rescan", **declared}
    appliance = Appliance.of(FakeClient().task(organization_options(**options)))
    return owner_of_role(appliance, desired(**options), check, found, Listed([actual()]))


def test_a_role_of_no_registered_organization_is_for_a_new_one() -> None:
    assert owner(RoleCheck((), None)) is None


def test_a_role_of_the_same_organization_is_accepted() -> None:
    assert owner(RoleCheck((), ORGANIZATION_ID), actual()) == actual()


@pytest.mark.parametrize(
    ("added_as", "of"), [(OTHER_ID, f"registered as {OTHER_ID}"), (None, "one that is not registered")]
)
def test_a_role_of_another_organization_is_a_conflict(added_as: str | None, of: str) -> None:
    with fails("conflict", "belongs to another AWS Organization than production", of):
        owner(RoleCheck((), added_as), actual())


def test_the_organization_that_a_role_belongs_to_is_named() -> None:
    other = actual(id=OTHER_ID, name="other")
    with fails("conflict", f"than other ({OTHER_ID}): to production ({ORGANIZATION_ID}). Correct rescan_iam_role"):
        owner(RoleCheck((), ORGANIZATION_ID), other)


def test_of_an_unusable_role_only_a_known_owner_is_a_conflict() -> None:
    assert owner(RoleCheck(UNUSABLE, None), actual()) == actual()
    with fails("conflict", "belongs to another AWS Organization"):
        owner(RoleCheck(UNUSABLE, OTHER_ID), actual())


def test_an_organization_of_another_name_is_taken_over_only_on_demand() -> None:
    check = RoleCheck((), ORGANIZATION_ID)
    with fails("conflict", "'new' is registered already, as production", "on_conflict: update", AWS_ID):
        owner(check, name="new")
    assert owner(check, name="new", on_conflict="update") == actual()
    assert owner(check, name="production") == actual()  # somebody else has just added it


def test_a_name_that_is_nearly_right_is_corrected_first() -> None:
    with fails("conflict") as caught:
        owner(RoleCheck((), ORGANIZATION_ID), name="prodution")
    assert caught.raised.remedy.startswith("Did you mean 'production'? Correct the name, or rescan_iam_role if")
    with fails("conflict") as caught:
        owner(RoleCheck((), ORGANIZATION_ID), name="new")
    assert caught.raised.remedy.startswith("Correct the name, or rescan_iam_role if")


def test_another_aws_organization_than_the_declared_one_is_never_taken_over() -> None:
    with fails("conflict", f"and not to {OTHER_AWS_ID}"):
        owner(RoleCheck((), ORGANIZATION_ID), name="new", aws_organization_id=OTHER_AWS_ID, on_conflict="update")


def test_the_comparison_of_many_declarations_ends_when_the_time_is_over() -> None:
    client = FakeClient({"totalCount": 1, "results": [wire()]})
    appliance = Appliance.of(client.task(organization_options(name="production")))
    client.deadline.expire()
    with fails("timeout", "The task timed out"):
        identify(appliance, [desired(name="production")], 1, details_of_all=False)
