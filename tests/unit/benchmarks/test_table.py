# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A row shows whether its goal was reached."""

from __future__ import annotations

import pytest

from benchmarks.harness.table import WIDTH, Row, figure


@pytest.mark.parametrize(
    ("measured", "goal", "at_least", "met"),
    [
        (1.25, 1.25, False, "met"),
        (1.26, 1.25, False, "NOT MET"),
        (20.0, 20.0, True, "met"),
        (19.9, 20.0, True, "NOT MET"),
        (5.0, None, False, "-"),
    ],
)
def test_a_goal_is_the_most_or_the_least(measured: float, goal: float | None, at_least: bool, met: str) -> None:
    row = Row("what", measured, goal=goal, at_least=at_least)
    assert row.met == met
    assert row.lines()[0].endswith(f" {met}")


def test_a_row_shows_the_figure_the_goal_and_the_figures_behind_it() -> None:
    head, why = Row("one more", 0.4567, " ms", goal=0.5, why="4 requests").lines()
    assert head.split() == ["one", "more", "0.46", "ms", "at", "most", "0.50", "ms", "met"]
    assert why == "    4 requests"


def test_long_reasons_are_wrapped() -> None:
    lines = Row("what", 1.0, why="word " * 60).lines()
    assert len(lines) > 2
    assert max(map(len, lines)) <= WIDTH


@pytest.mark.parametrize(("value", "text"), [(0.4567, "0.46"), (-3.456, "-3.46"), (12.34, "12.3"), (1234.5, "1,234")])
def test_figures_have_three_digits(value: float, text: str) -> None:
    assert figure(value) == text
