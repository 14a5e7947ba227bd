# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Progress is one short line at a time, not too often, and nothing is worked out if nobody watches."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest
from ansible_collections.vbaws.appliance.plugins.module_utils._module.progress import LONGEST_LINE, Progress
from ansible_collections.vbaws.appliance.tests.unit.support.nasty_texts import NASTY_TEXTS
from ansible_collections.vbaws.appliance.tests.unit.support.progress import Watched


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_short_work_is_silent_and_long_work_shows_a_line_in_each_interval() -> None:
    clock = Clock()
    watched = Watched(5.0, clock)
    for tenth in range(200):
        clock.now = 100 + tenth / 10
        watched.report(lambda: "work")
    assert watched.lines == ["work, 5 s", "work, 10 s", "work, 15 s"]


def test_the_interval_begins_when_a_line_was_shown() -> None:
    clock = Clock()
    watched = Watched(5.0, clock)

    def slow() -> str:
        clock.now += 4
        return "slow"

    clock.now = 106
    watched.report(slow)
    clock.now = 114
    watched.report(slow)
    assert watched.lines == ["slow, 10 s"]
    clock.now = 115
    watched.report(lambda: "quick")
    assert watched.lines == ["slow, 10 s", "quick, 15 s"]


def test_a_text_is_made_only_if_it_is_shown() -> None:
    def unused() -> str:
        raise AssertionError

    clock = Clock()
    Watched(5.0, clock).report(unused)
    nobody = Progress(None, 5.0, clock)
    clock.now += 1000
    nobody.report(unused)
    Progress(interval=0).report(unused)


@pytest.mark.parametrize("text", NASTY_TEXTS.values(), ids=NASTY_TEXTS)
def test_a_line_is_one_line_that_a_terminal_shows(text: str) -> None:
    watched = Watched(clock=Clock())
    watched.report(lambda: f"The rescan: {text} and more")
    (line,) = watched.lines
    assert line.isprintable()
    assert line.startswith("The rescan: ")
    assert line.endswith(", 0 s")
    assert len(line) <= LONGEST_LINE


@pytest.mark.parametrize("length", range(130, 160))
def test_a_secret_is_masked_before_a_text_is_cut(length: int) -> None:
    watched = Watched(clock=Clock(), mask=lambda text: text.replace("sesame", "********"))
    watched.report(lambda: "x" * length + "sesame" + "y" * 100)
    assert "se" not in watched.lines[0]
    assert len(watched.lines[0]) == LONGEST_LINE


def test_the_seconds_are_kept_if_the_text_is_cut() -> None:
    clock = Clock()
    watched = Watched(clock=clock)
    clock.now += 4000
    watched.report(lambda: "word " * 100)
    assert watched.lines[0].endswith("..., 4000 s")


def test_items_are_counted_with_separators() -> None:
    watched = Watched()
    count = watched.counter(1200, "read")
    for _number in range(1200):
        count()
    assert watched.texts[0] == "1 of 1,200 read"
    assert watched.texts[-1] == "1,200 of 1,200 read"
    assert len(watched.lines) == 1200


def test_many_threads_share_one_line_in_an_interval() -> None:
    watched = Watched(0.2)
    together = threading.Barrier(8)
    ends = time.monotonic() + 1.0

    def work() -> None:
        together.wait(5)
        while time.monotonic() < ends:
            watched.report(lambda: "work")

    threads: list[Any] = [threading.Thread(target=work) for _number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 1 <= len(watched.lines) <= 5


def test_an_error_while_a_line_is_made_does_not_end_the_lines() -> None:
    watched = Watched()

    def broken() -> str:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        watched.report(broken)
    watched.report(lambda: "work")
    assert watched.texts == ["work"]
