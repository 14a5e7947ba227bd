# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Medians, costs of one task, and fits are what they are by hand."""

from __future__ import annotations

import random

import pytest

from benchmarks.harness.arithmetic import Cost, Growth, interleaved, median_cost, steps


def test_each_figure_has_its_own_median() -> None:
    costs = [Cost(1, 9, 5, 2, 0, 7), Cost(3, 1, 6, 2, 4, 8), Cost(2, 4, 9, 3, 1, 9)]
    assert median_cost(costs) == Cost(2, 4, 6, 2, 1, 8)


def test_one_outlier_does_not_move_a_median() -> None:
    assert median_cost([Cost(cpu=1.0), Cost(cpu=1.1), Cost(cpu=60.0)]).cpu == 1.1


def test_one_task_costs_its_share_of_what_an_empty_playbook_does_not() -> None:
    whole, empty = Cost(11, 6, 90, 80, 20, 2), Cost(1, 1, 70)
    assert (whole - empty) / 20 == Cost(0.5, 0.25, 90, 4, 1, 0.1)


def test_variants_take_turns_and_give_their_medians() -> None:
    order: list[str] = []
    wall = {"a": iter([1.0, 9.0, 2.0]), "b": iter([5.0, 4.0, 3.0])}

    def run(name: str) -> Cost:
        order.append(name)
        return Cost(next(wall[name]))

    found = interleaved({"a": lambda: run("a"), "b": lambda: run("b")}, 3)
    assert order == ["a", "b"] * 3
    assert found == {"a": Cost(2.0), "b": Cost(4.0)}


def test_a_fit_finds_the_formula_that_the_points_are_made_from() -> None:
    formula = Growth(300.0, 0.4, 0.001)
    found = Growth.fit({size: formula.at(size) for size in (10, 100, 1_000, 5_000)})
    assert (found.fixed, found.linear, found.quadratic) == pytest.approx((300.0, 0.4, 0.001))


def test_linear_growth_has_no_quadratic_part_in_spite_of_noise() -> None:
    noise = random.Random(1)
    found = Growth.fit({size: (300 + 0.5 * size) * noise.uniform(0.98, 1.02) for size in (10, 100, 1_000, 5_000)})
    assert found.linear == pytest.approx(0.5, rel=0.2)
    assert abs(found.share(5_000)) < 0.1


def test_a_fit_does_not_sacrifice_the_small_sizes_to_the_largest_one() -> None:
    points = {10: 310.0, 100: 350.0, 1_000: 2_000.0, 5_000: 5_000.0}  # not on one curve
    assert Growth.fit(points).at(10) == pytest.approx(310.0, rel=0.2)


def test_the_quadratic_part_is_a_share_of_the_whole_cost() -> None:
    assert Growth(1.0, 1.0, 1.0).share(2) == pytest.approx(4 / 7)


def test_a_step_is_the_cost_of_one_more_between_two_sizes() -> None:
    assert list(steps({100: 350.0, 10: 305.0, 1_000: 2_150.0})) == [(10, 100, 0.5), (100, 1_000, 2.0)]
