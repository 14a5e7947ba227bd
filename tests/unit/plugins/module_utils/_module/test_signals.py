# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Signals: which of them interrupt, which are noted, and which are passed on in the end."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from typing import Any

import pytest
from ansible_collections.vbaws.appliance.plugins.module_utils._http.deadline import Deadline
from ansible_collections.vbaws.appliance.plugins.module_utils._module.signals import SIGNALS, Interrupted, Signals


@pytest.fixture
def passed_on() -> Iterator[list[int]]:
    """The signals that reach whoever listens outside of a task."""
    received: list[int] = []

    def note(number: int, _frame: Any) -> None:
        received.append(number)

    before = {number: signal.signal(number, note) for number in SIGNALS}
    yield received
    for number, handler in before.items():
        signal.signal(number, handler)


def test_the_first_signal_interrupts_and_is_passed_on(passed_on: list[int]) -> None:
    with Signals(Deadline(10)) as signals, pytest.raises(Interrupted):
        signal.raise_signal(signal.SIGALRM)
    assert passed_on == []
    assert signals.received
    signals.pass_on()
    assert passed_on == [signal.SIGALRM]


def test_a_signal_that_was_ignored_is_passed_on(passed_on: list[int]) -> None:
    with Signals(Deadline(10)) as signals:
        signals.ignore()
        signal.raise_signal(signal.SIGTERM)
    assert signals.received
    signals.pass_on()
    assert passed_on == [signal.SIGTERM]


def test_a_timeout_after_the_work_is_forgotten(passed_on: list[int]) -> None:
    with Signals(Deadline(10)) as signals:
        signals.ignore()
        signal.raise_signal(signal.SIGALRM)
    assert not signals.received
    signals.pass_on()
    assert passed_on == []


def test_what_ends_the_process_is_passed_on_before_a_timeout(passed_on: list[int]) -> None:
    with Signals(Deadline(10)) as signals:
        with pytest.raises(Interrupted):
            signal.raise_signal(signal.SIGALRM)
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGTERM)
    signals.pass_on()
    assert passed_on == [signal.SIGTERM, signal.SIGINT, signal.SIGALRM]


def test_without_a_signal_nothing_is_passed_on(passed_on: list[int]) -> None:
    with Signals(Deadline(10)) as signals:
        signals.ignore()
    assert not signals.received
    signals.pass_on()
    assert passed_on == []
