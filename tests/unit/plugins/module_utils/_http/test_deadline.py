# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long to wait before a call is repeated."""

from __future__ import annotations

from email.utils import formatdate

from ansible_collections.vbaws.appliance.plugins.module_utils._http.deadline import Backoff, Deadline, retry_after
from ansible_collections.vbaws.appliance.tests.unit.support.builders import fails


def test_pauses_grow_to_a_cap_and_are_drawn_from_nothing_on():
    drawn, slept = [], []

    def uniform(low: float, high: float) -> float:
        drawn.append((low, high))
        return 0.25

    backoff = Backoff(uniform=uniform, sleep=slept.append)
    for repeat in (0, 1, 5, 6, 1000):
        assert backoff.pause(repeat, 0, Deadline(3600))
    assert drawn == [(0.0, 0.5), (0.0, 1.0), (0.0, 16.0), (0.0, 30.0), (0.0, 30.0)]
    assert slept == [0.25] * 5
    assert backoff.pause(0, 100, Deadline(3600))
    assert slept[-1] == 100


def test_a_deadline_that_is_over_is_an_error():
    now = 100.0
    deadline = Deadline(20, clock=lambda: now)
    now = 119.9
    deadline.require()
    now = 120.0
    with fails("timeout", "The task timed out after 20 seconds", "raise one of them"):
        deadline.require()


def test_a_shorter_deadline_ends_with_the_deadline_of_the_task_too():
    now = 100.0
    deadline = Deadline(20, clock=lambda: now)
    assert (deadline.at_most(5).left(), deadline.at_most(50).left()) == (5, 20)
    shorter = deadline.at_most(5)
    now = 103.0
    assert shorter.left() == 2
    deadline.expire()
    assert shorter.expired


def test_retry_after_is_seconds_or_a_date():
    def at(seconds: float) -> float:
        return retry_after(formatdate(1_000_000 + seconds, usegmt=True), now=lambda: 1_000_000.0)

    assert [retry_after(text) for text in ("12", " 0 ", "-3", "soon", "", None, "²")] == [12.0, 0, 0, 0, 0, 0, 0]
    assert (at(90), at(-90)) == (90.0, 0.0)
