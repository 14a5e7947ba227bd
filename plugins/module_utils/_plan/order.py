# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The order of many changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_PHASES = {"update": 0, "rename": 0, "remove": 1, "create": 2}


@dataclass(frozen=True)
class Step:
    """One change. has: the current name of its organization; takes: its name after the change."""

    action: str
    has: str | None
    takes: str | None


def in_order(steps: Sequence[Step]) -> tuple[list[int], set[int]]:
    """Return the indexes of the steps in order, and those of steps that wait for each other in a circle.

    Updates come first, then removals, then additions. A step that gives up a name comes before the step that takes it.
    Steps in a circle, such as two that swap their names, are not in the order.
    """
    holders = {step.has: index for index, step in enumerate(steps) if step.has is not None and step.has != step.takes}
    order: dict[int, None] = {}
    circular: set[int] = set()
    for first in sorted(range(len(steps)), key=lambda index: _PHASES[steps[index].action]):
        # A step waits for at most one other step: these steps are a chain.
        chain: list[int] = []
        waiting: set[int] = set()
        index: int | None = first
        while index is not None and index not in order and index not in waiting:
            chain.append(index)
            waiting.add(index)
            takes = steps[index].takes
            holder = holders.get(takes) if takes is not None else None
            index = holder if holder != index else None
        if index is not None and index in waiting:
            circular.update(chain[chain.index(index) :])
        order.update(dict.fromkeys(reversed(chain)))
    return [index for index in order if index not in circular], circular
