# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was changed, what may have been changed, and how a failure ends with it."""

from __future__ import annotations

import pytest
from ansible_collections.vbaws.appliance.plugins.module_utils._module.journal import Journal
from ansible_collections.vbaws.appliance.plugins.module_utils._rest.client import Change

ADD = Change("add", "added", "the AWS Organization 'a'")
REMOVE = Change("remove", "removed", "the AWS Organization 'b'")


def test_a_task_that_wrote_nothing_has_changed_nothing() -> None:
    journal = Journal()
    assert (journal.done, journal.unknown, journal.untouched) == ([], None, True)
    assert journal.ending() == "Nothing was changed."


def test_a_write_on_its_way_is_unknown() -> None:
    journal = Journal()
    journal.sent(ADD)
    assert (journal.done, journal.untouched) == ([], False)
    assert journal.ending() == (
        "It is not known whether the AWS Organization 'a' was added; run again, it looks first."
    )


def test_a_write_that_a_session_carries_out_is_unknown_with_the_session() -> None:
    journal = Journal()
    journal.sent(ADD)
    journal.started("SESSION")
    assert (journal.done, journal.untouched) == ([], False)
    assert journal.ending() == (
        "It is not known whether the session SESSION has added the AWS Organization 'a'; run again, it looks first."
    )
    journal.succeeded()
    assert (journal.done, journal.unknown) == (["the AWS Organization 'a' was added"], None)


def test_an_accepted_write_was_asked_for() -> None:
    journal = Journal()
    journal.sent(ADD)
    journal.accepted()
    assert journal.done == ["the appliance was asked to add the AWS Organization 'a'"]
    assert journal.unknown is None


def test_a_write_that_failed_has_changed_nothing() -> None:
    journal = Journal()
    journal.sent(ADD)
    journal.failed()
    assert journal.untouched


def test_done_comes_before_what_is_unknown() -> None:
    journal = Journal()
    journal.sent(ADD)
    journal.succeeded()
    journal.sent(REMOVE)
    journal.doubted("the AWS Organization 'b' gets removed")
    assert journal.ending() == (
        "Changed before the failure: the AWS Organization 'a' was added. "
        "It is not known whether the AWS Organization 'b' gets removed; run again, it looks first."
    )


def test_another_text_replaces_the_usual_one() -> None:
    journal = Journal()
    journal.sent(ADD)
    journal.succeeded("the addition was started")
    assert journal.done == ["the addition was started"]


def test_a_second_attempt_that_succeeds_settles_the_first() -> None:
    journal = Journal()
    journal.sent(ADD)
    journal.sent(ADD)
    journal.succeeded()
    assert (journal.done, journal.unknown) == ([ADD.done], None)


def test_a_doubt_about_another_write_stays() -> None:
    journal = Journal()
    journal.sent(REMOVE)
    journal.sent(ADD)
    journal.succeeded()
    assert journal.unknown == REMOVE.done


def test_what_was_unknown_may_turn_out_to_be_done() -> None:
    journal = Journal()
    journal.sent(ADD)
    journal.sent(REMOVE)
    journal.failed()
    journal.settle()
    assert (journal.done, journal.unknown) == ([ADD.done], None)


def test_entries_of_a_branch_count_in_the_order_of_the_branches() -> None:
    journal = Journal()
    first, second = journal.branch(), journal.branch()
    second.sent(REMOVE)
    first.sent(ADD)
    first.succeeded()
    assert (journal.done, journal.unknown) == ([ADD.done], REMOVE.done)
    assert (first.unknown, second.done) == (None, [])


def test_several_doubts_are_one_sentence() -> None:
    journal = Journal()
    journal.branch().sent(ADD)
    journal.branch().sent(REMOVE)
    assert journal.unknown == f"{ADD.done} and whether {REMOVE.done}"


@pytest.mark.parametrize(("change", "to_do", "done"), [(ADD, "add the AWS Organization 'a'", ADD.what + " was added")])
def test_a_change_in_words(change: Change, to_do: str, done: str) -> None:
    assert (change.to_do, change.done) == (to_do, done)
