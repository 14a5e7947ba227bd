# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of the campaign: what each kind of attack came to."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from ansible_collections.vbaws.appliance.tests.robustness.hostile.case import Outcome
from ansible_collections.vbaws.appliance.tests.robustness.hostile.doors.runner import MIB

COLUMNS = ("cases", "hit", "violations", "canaries", "s beyond", "peak MiB")
"""s beyond: the longest time that a run took beyond its deadline. peak: memory on top of that of an idle process."""


@dataclass
class Row:
    """The cases of one kind of attack."""

    cases: int = 0
    hits: int = 0
    violated: int = 0
    canaries: int = 0
    beyond: float = float("-inf")
    memory: int = 0

    def values(self) -> tuple[float, ...]:
        """The columns."""
        return self.cases, self.hits, self.violated, self.canaries, max(0.0, self.beyond), self.memory // MIB


@dataclass
class AttackTable:
    """Shown below the tests, in the way of a tally."""

    title: str
    rows: dict[str, Row] = field(default_factory=dict)
    kinds: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)

    def count(self, outcome: Outcome) -> None:
        """A case has ended."""
        for row in (self.rows.setdefault(outcome.kind, Row()), self.rows.setdefault("all", Row())):
            row.cases += 1
            row.hits += bool(outcome.hits)
            row.violated += bool(outcome.violations)
            row.canaries += any(kind.startswith("b:") for kind, _what in outcome.violations)
            row.beyond = max(row.beyond, outcome.beyond)
            row.memory = max(row.memory, outcome.memory)
        self.kinds.update({kind for kind, _what in outcome.violations})
        for kind, what in outcome.violations:
            self.examples.setdefault(kind, f"{outcome.text}: {what}")

    def lines(self) -> list[str]:
        """The table, and one line for each kind of violation."""
        if not self.rows:
            return []
        head = f"{self.title:24}" + "".join(f" {name:>10}" for name in COLUMNS)
        rows = [
            f"{kind:24}" + "".join(f" {value:10.0f}" for value in row.values())
            for kind, row in sorted(self.rows.items(), key=lambda item: (item[0] == "all", item[0]))
        ]
        kinds = [f"  {count:4}  {kind}  ({self.examples[kind][:300]})" for kind, count in self.kinds.most_common()]
        return [head, *rows, *kinds]
