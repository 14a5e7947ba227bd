# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Organizations are found by an identifier, and what was seen last counts."""

from __future__ import annotations

from ansible_collections.vbaws.appliance.plugins.module_utils._model.names import Names
from ansible_collections.vbaws.appliance.plugins.module_utils._model.organization import organization_from_wire
from ansible_collections.vbaws.appliance.plugins.module_utils._model.seen import Listed, Seen
from ansible_collections.vbaws.appliance.tests.unit.support.builders import (
    AWS_ID,
    BOTH,
    ORGANIZATION_ID,
    OTHER_AWS_ID,
    OTHER_ID,
    PRODUCTION,
    SUBSIDIARY,
    actual,
    uuid,
)

HIDDEN = [actual(id=uuid(number), name="hidden", awsOrganizationId=None) for number in (8, 9)]
LISTED = Listed([*BOTH, *HIDDEN])


def test_an_organization_is_found_by_each_identifier() -> None:
    assert LISTED.get(OTHER_ID.upper()) is SUBSIDIARY
    assert LISTED.with_id(ORGANIZATION_ID) == [PRODUCTION]
    assert LISTED.with_aws_id(AWS_ID) == [PRODUCTION]
    assert LISTED.with_name("subsidiary") == [SUBSIDIARY]
    assert LISTED.names == ["production", "subsidiary", "hidden", "hidden"]


def test_namesakes_are_all_found_in_the_order_of_the_list() -> None:
    assert LISTED.with_name("hidden") == HIDDEN
    assert LISTED.with_aws_id(None) == HIDDEN


def test_what_is_not_listed_is_not_found() -> None:
    assert (LISTED.get(uuid(7)), LISTED.get(None)) == (None, None)
    assert [*LISTED.with_id(None), *LISTED.with_aws_id("o-thirdaaaaa"), *LISTED.with_name("Production")] == []
    assert [*LISTED.with_name(None), *Listed().with_aws_id(None)] == []


def test_a_list_is_indexed_once() -> None:
    assert Listed.of(LISTED) is LISTED
    assert Listed.of(BOTH) == tuple(BOTH)


def test_a_sample_is_the_first_until_one_is_known_with_every_setting() -> None:
    short, other = (
        organization_from_wire({"id": key, "name": "x", "awsOrganizationId": aws_id}, Names())
        for key, aws_id in ((ORGANIZATION_ID, AWS_ID), (OTHER_ID, OTHER_AWS_ID))
    )
    seen = Seen()
    assert seen.sample is None
    seen.add_all([short, other])
    assert seen.sample == ORGANIZATION_ID
    seen.add(SUBSIDIARY)
    assert seen.sample is None
    seen.add(other)
    assert seen.sample == ORGANIZATION_ID
