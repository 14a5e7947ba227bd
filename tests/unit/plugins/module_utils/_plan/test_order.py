# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The order of many changes."""

from __future__ import annotations

from ansible_collections.vbaws.appliance.plugins.module_utils._plan.order import Step, in_order
from hypothesis import given
from hypothesis import strategies as st


def test_changes_come_before_removals_and_removals_before_additions() -> None:
    steps = [Step("create", None, "a"), Step("remove", "b", None), Step("update", "c", "c"), Step("rename", "d", "e")]
    assert in_order(steps) == ([2, 3, 1, 0], set())


def test_whoever_gives_up_a_name_comes_before_whoever_takes_it() -> None:
    steps = [Step("rename", "a", "b"), Step("rename", "b", "c"), Step("remove", "c", None)]
    assert in_order(steps) == ([2, 1, 0], set())


def test_those_that_wait_for_each_other_are_told_and_the_others_are_ordered() -> None:
    steps = [Step("rename", "a", "b"), Step("rename", "b", "a"), Step("rename", "x", "y"), Step("create", None, "x")]
    order, circular = in_order(steps)
    assert (order, circular) == ([2, 3], {0, 1})


def test_one_that_waits_for_a_circle_is_no_part_of_it() -> None:
    steps = [Step("create", None, "b"), Step("rename", "a", "b"), Step("rename", "b", "a")]
    order, circular = in_order(steps)
    assert (order, circular) == ([0], {1, 2})


def test_thousands_that_wait_for_each_other_are_ordered_or_told() -> None:
    chain = [Step("rename", f"name-{number}", f"name-{number + 1}") for number in range(5_000)]
    assert in_order(chain) == (list(reversed(range(5_000))), set())
    assert in_order([*chain, Step("rename", "name-5000", "name-0")]) == ([], set(range(5_001)))


NAMES = st.sampled_from([None, *"abcdef"])


@given(st.lists(st.builds(Step, st.sampled_from(["update", "rename", "remove", "create"]), NAMES, NAMES), max_size=7))
def test_each_step_comes_once_or_is_circular_and_never_before_the_holder_of_its_name(steps: list[Step]) -> None:
    order, circular = in_order(steps)
    assert sorted([*order, *circular]) == list(range(len(steps)))
    holders = {step.has: index for index, step in enumerate(steps) if step.has is not None and step.has != step.takes}
    for place, index in enumerate(order):
        holder = holders.get(steps[index].takes) if steps[index].takes else None
        if holder is not None and holder != index and holder not in circular:
            assert holder in order[:place]
