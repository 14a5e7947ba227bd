# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table that is printed: what was measured, the goal, and the figures behind it."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

WIDTH = 118
INDENT = "    "


@dataclass(frozen=True)
class Row:
    """A figure.

    goal: what it may be at most, or has to be at least; None without a goal. why: the figures behind it.
    """

    what: str
    measured: float
    unit: str = ""
    goal: float | None = None
    at_least: bool = False
    why: str = ""

    @property
    def met(self) -> str:
        """Whether the goal was reached, as it is printed."""
        if self.goal is None:
            return "-"
        return "met" if (self.measured >= self.goal if self.at_least else self.measured <= self.goal) else "NOT MET"

    @property
    def goal_text(self) -> str:
        """The goal as it is printed."""
        if self.goal is None:
            return "no goal"
        return f"{'at least' if self.at_least else 'at most'} {figure(self.goal)}{self.unit}"

    def lines(self) -> list[str]:
        """The row as it is printed."""
        head = f"{self.what:<62} {figure(self.measured) + self.unit:>10}  {self.goal_text:<18} {self.met}"
        return [head.rstrip(), *textwrap.wrap(self.why, WIDTH, initial_indent=INDENT, subsequent_indent=INDENT)]


def figure(value: float) -> str:
    """A number with as many digits as it needs to be compared."""
    value = round(value, 2) or 0.0  # never -0.00
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"
