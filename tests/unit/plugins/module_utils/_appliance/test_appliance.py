# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the parts of an appliance have in common."""

from __future__ import annotations

from ansible_collections.vbaws.appliance.plugins.module_utils._appliance.appliance import Appliance
from ansible_collections.vbaws.appliance.tests.unit.support.builders import organization_options
from ansible_collections.vbaws.appliance.tests.unit.support.fake_client import FakeClient
from ansible_collections.vbaws.appliance.tests.unit.support.progress import Watched


def test_the_calls_of_a_task_and_of_its_items_report_to_the_task() -> None:
    client = FakeClient()
    client.progress = watched = Watched()
    appliance = Appliance.of(client.task(organization_options()))
    roles = [{"id": str(number)} for number in range(201)]
    for one in (appliance, appliance.for_item(appliance.task)):
        client.answers = [{"totalCount": 201, "results": page} for page in (roles[:200], roles[200:])]
        one.api.get_iam_roles()
    assert watched.texts == ["IAM roles: 200 of 201 read"] * 2
