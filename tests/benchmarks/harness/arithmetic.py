# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Medians, costs for each task, and the growth of a cost with a number of things."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import pairwise
from statistics import median
from typing import TypeVar

Key = TypeVar("Key")


@dataclass(frozen=True)
class Cost:
    """What a run cost.

    wall, cpu: seconds. peak: MiB of the process that does the work. The other figures are counted by the server.
    """

    wall: float = 0.0
    cpu: float = 0.0
    peak: float = 0.0
    requests: float = 0
    handshakes: float = 0
    server_cpu: float = 0.0

    def __sub__(self, other: Cost) -> Cost:
        """What this run cost more. The peak stays as it is: memory of two runs does not add up."""
        differences = {one.name: getattr(self, one.name) - getattr(other, one.name) for one in fields(self)}
        return Cost(**{**differences, "peak": self.peak})

    def __truediv__(self, number: float) -> Cost:
        """The share of one of several tasks."""
        shares = {one.name: getattr(self, one.name) / number for one in fields(self)}
        return Cost(**{**shares, "peak": self.peak})


def median_cost(costs: Sequence[Cost]) -> Cost:
    """The median of each figure by itself."""
    return Cost(**{one.name: median(getattr(cost, one.name) for cost in costs) for one in fields(Cost)})


def interleaved(variants: Mapping[Key, Callable[[], Cost]], rounds: int) -> dict[Key, Cost]:
    """Runs all variants one after the other, and all of that several times. Returns the medians."""
    measured: dict[Key, list[Cost]] = {name: [] for name in variants}
    for _round in range(rounds):
        for name, run in variants.items():
            measured[name].append(run())
    return {name: median_cost(costs) for name, costs in measured.items()}


@dataclass(frozen=True)
class Growth:
    """A cost that is fixed + linear * n + quadratic * n * n, as it fits best."""

    fixed: float
    linear: float
    quadratic: float

    @classmethod
    def fit(cls, points: Mapping[int, float]) -> Growth:
        """Fits at least three points by least squares.

        Each deviation counts in proportion to the cost. Otherwise only the largest sizes would matter.
        """
        largest = max(points)
        rows = [[1.0, n / largest, (n / largest) ** 2] for n in points]
        weights = [1.0 / cost**2 for cost in points.values()]
        columns = range(3)
        matrix = [
            [sum(w * row[i] * row[j] for w, row in zip(weights, rows, strict=True)) for j in columns] for i in columns
        ]
        costs = points.values()
        right = [sum(w * row[i] * y for w, row, y in zip(weights, rows, costs, strict=True)) for i in columns]
        fixed, linear, quadratic = _solved(matrix, right)
        return cls(fixed, linear / largest, quadratic / largest**2)

    def at(self, number: float) -> float:
        """The cost of so many things."""
        return self.fixed + self.linear * number + self.quadratic * number**2

    def share(self, number: float) -> float:
        """The part that the quadratic term has in the cost of so many things."""
        return self.quadratic * number**2 / self.at(number)

    def __str__(self) -> str:
        """As a formula."""
        return f"{self.fixed:.4g} + {self.linear:.4g} n + {self.quadratic:.4g} n^2"


def _solved(matrix: list[list[float]], right: list[float]) -> list[float]:
    """The solution of a system of linear equations, by elimination with the largest pivot."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for place in range(len(rows)):
        best = max(range(place, len(rows)), key=lambda number: abs(rows[number][place]))
        rows[place], rows[best] = rows[best], rows[place]
        rows[place] = [value / rows[place][place] for value in rows[place]]
        for number, row in enumerate(rows):
            if number != place:
                rows[number] = [value - row[place] * pivot for value, pivot in zip(row, rows[place], strict=True)]
    return [row[-1] for row in rows]


def steps(points: Mapping[int, float]) -> Iterator[tuple[int, int, float]]:
    """From one size to the next: both sizes, and what each further thing costs between them."""
    for (small, before), (large, after) in pairwise(sorted(points.items())):
        yield small, large, (after - before) / (large - small)
