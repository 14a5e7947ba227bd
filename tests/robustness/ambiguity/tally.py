# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Counts what became of the cases of a suite, for its summary line."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Tally:
    """kinds: kind of violation -> cases with it. examples: kind -> the first seed with it and what it was."""

    title: str
    cases: int = 0
    refused: int = 0
    failed: int = 0
    carried_out: int = 0
    violated: int = 0
    seeds: list[int] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)

    def count(self, seed: int, how: str, violations: list[tuple[str, str]]) -> None:
        """A case has ended. how: refused, failed or carried_out."""
        self.cases += 1
        self.seeds.append(seed)
        setattr(self, how, getattr(self, how) + 1)
        self.violated += bool(violations)
        self.kinds.update({kind for kind, _what in violations})
        for kind, what in violations:
            self.examples.setdefault(kind, f"seed {seed}: {what}")

    def lines(self) -> list[str]:
        """One line, and one more for each kind of violation."""
        if not self.cases:
            return []
        first = (
            f"{self.title}: {self.cases} cases (seeds {min(self.seeds)} to {max(self.seeds)}), {self.refused} refused, "
            f"{self.failed} failed in part, {self.carried_out} carried out, {self.violated} with violations"
        )
        kinds = [f"  {count:4}  {kind}  ({self.examples[kind][:200]})" for kind, count in self.kinds.most_common()]
        return [first, *kinds]
