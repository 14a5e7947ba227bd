# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The writer alone: what it returns, when it asks for another plan, and what the journal says then."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.vbaws.appliance.plugins.module_utils._appliance.appliance import Appliance
from ansible_collections.vbaws.appliance.plugins.module_utils._appliance.sessions import Ended, Session
from ansible_collections.vbaws.appliance.plugins.module_utils._declare.preparation import Prepared
from ansible_collections.vbaws.appliance.plugins.module_utils._declare.read_back import Additions
from ansible_collections.vbaws.appliance.plugins.module_utils._declare.writer import Stale, Writer
from ansible_collections.vbaws.appliance.plugins.module_utils._errors import ApplianceError, UnknownOutcome
from ansible_collections.vbaws.appliance.plugins.module_utils._plan.plan import Plan
from ansible_collections.vbaws.appliance.plugins.module_utils._plan.references import References
from ansible_collections.vbaws.appliance.tests.unit.support.builders import (
    ORGANIZATION_ID,
    ROLE_ID,
    SESSION_ID,
    actual,
    answer,
    desired,
    organization_options,
    wire,
)
from ansible_collections.vbaws.appliance.tests.unit.support.fake_client import FakeClient, refused

LIST = {"totalCount": 1, "results": [wire()]}
EMPTY = {"totalCount": 0, "results": []}
LOST = UnknownOutcome("The answer was lost")
DECLARED = {"name": "production", "description": "Tills", "wait_interval": 0}


class Case:
    """A writer whose appliance answers what it is told."""

    def __init__(self, *answers: Any, action: str = "update", **given: Any) -> None:
        options = {**DECLARED, **given}
        self.client = FakeClient(*answers)
        appliance = Appliance.of(self.client.task(organization_options(**options)))
        declared = desired(**options)
        self.writer = Writer(appliance, declared, Additions(appliance, declared))
        before = None if action == "create" else actual()
        self.prepared = Prepared(Plan(action, "different", body={"organization": {}}), before, References())

    def write(self, look_again: bool = False) -> Any:
        return self.writer.write(self.prepared, look_again)

    def stale(self) -> Stale:
        with pytest.raises(Stale) as caught:
            self.write()
        return caught.value


def test_a_change_is_read_back() -> None:
    case = Case(wire(), {}, wire(description="Tills"))
    written = case.write()
    assert written.organization.settings["description"] == "Tills"
    assert [request.method for request in case.client.requests] == ["GET", "PUT", "GET"]
    assert case.client.journal.done[0].endswith("was modified")


def test_what_somebody_has_changed_since_is_not_written_over() -> None:
    case = Case(wire(description="theirs"))
    stale = case.stale()
    assert (stale.error, stale.may_add, stale.answer_lost) == (None, True, False)
    assert case.client.journal.untouched


def test_a_lost_answer_asks_for_another_plan_and_stays_unknown() -> None:
    case = Case(wire(), LOST)
    stale = case.stale()
    assert (stale.error, stale.may_add, stale.answer_lost) == (LOST, False, True)
    assert (case.client.journal.done, case.client.journal.unknown is None) == ([], False)


def test_a_change_that_did_not_arrive_is_an_error_and_nothing_was_changed() -> None:
    case = Case(wire(), {}, *[wire()] * 3)
    with pytest.raises(ApplianceError, match="description is 'Shops' instead of 'Tills'"):
        case.write()
    assert case.client.journal.untouched


def test_an_addition_returns_the_session_to_wait_for() -> None:
    case = Case(answer({"sessionId": SESSION_ID}, 202), action="create")
    written = case.write()
    assert (written.pending, written.organization) == (Session(SESSION_ID), None)
    assert case.client.journal.unknown is not None


def test_an_addition_that_is_not_waited_for_was_started() -> None:
    case = Case(answer({"sessionId": SESSION_ID}, 202), action="create", wait=False)
    assert case.write().started == Session(SESSION_ID)
    assert case.client.journal.done == ["the addition of the AWS Organization 'production' was started"]


def test_a_refused_addition_that_is_there_asks_for_another_plan() -> None:
    refusal = refused(409)
    case = Case(refusal, LIST, LIST, action="create")
    stale = case.stale()
    assert (stale.error, stale.may_add) == (refusal, False)
    assert case.client.journal.untouched


def test_a_session_that_failed_has_changed_nothing() -> None:
    case = Case(answer({"sessionId": SESSION_ID}, 202), EMPTY, action="create")
    case.write()
    with pytest.raises(ApplianceError, match="has failed"):
        case.writer.finish(case.prepared, Ended(Session(SESSION_ID, "failed")))
    assert case.client.journal.untouched


def test_a_removal_is_proven_by_reading() -> None:
    case = Case(wire(), answer(None, 204), refused(404), action="remove")
    assert case.write().organization is None
    assert str(case.client.requests[1]) == f"DELETE /organizations/amazon/{ORGANIZATION_ID}"
    assert case.client.journal.done[0].endswith("was removed")


def test_a_removed_organization_that_is_still_shown_is_in_doubt() -> None:
    case = Case(wire(), answer(None, 204), *[wire()] * 3, action="remove")
    with pytest.raises(ApplianceError, match="still shows it"):
        case.write()
    assert str(case.client.journal.unknown).endswith("gets removed")


def test_an_addition_looks_again_for_its_role_only_if_others_had_time() -> None:
    case = Case({"isRescanIamRoleValid": True, "conflictingOrganizationId": ORGANIZATION_ID}, action="create")
    case.prepared = Prepared(case.prepared.plan, None, References(rescan_role_id=ROLE_ID))
    with pytest.raises(Stale) as caught:
        case.write(look_again=True)
    assert (caught.value.error, case.client.journal.untouched) == (None, True)
