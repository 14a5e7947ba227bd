# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of a campaign against hostile peers."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field

import pytest
from ansible_collections.vbaws.appliance.tests.robustness.summary import TALLIES


@dataclass
class _Row:
    cases: int = 0
    violated: int = 0
    secrets: int = 0
    late: float = 0.0
    memory: int = 0


@dataclass
class HostileTally:
    """Counts by the kind of attack. kinds: kind of violation -> cases with it; examples: the first of each."""

    title: str
    rows: dict[str, _Row] = field(default_factory=lambda: defaultdict(_Row))
    kinds: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)

    @classmethod
    def shown_by(cls, config: pytest.Config, title: str) -> HostileTally:
        """Return a table that is shown below the tests."""
        made = cls(title)
        config.stash.setdefault(TALLIES, []).append(made)
        return made

    def count(self, seed: int, attack: str, violations: list[tuple[str, str]], late: float, memory: int) -> None:
        """A case has ended. late: seconds beyond its deadline; memory: bytes by which the peak grew."""
        for row in (self.rows[attack], self.rows["all"]):
            row.cases += 1
            row.violated += bool(violations)
            row.secrets += any(kind == "a secret is shown" for kind, _what in violations)
            row.late = max(row.late, late)
            row.memory = max(row.memory, memory)
        self.kinds.update({kind for kind, _what in violations})
        for kind, what in violations:
            self.examples.setdefault(kind, f"seed {seed}, {attack}: {what}")

    def lines(self) -> list[str]:
        """The table. late: the longest beyond a deadline; MiB: the growth of the peak memory by one case."""
        if not self.rows:
            return []
        head = f"{self.title}: attack           cases violations secrets  late s  MiB"
        table = [
            f"  {name:28} {row.cases:6} {row.violated:10} {row.secrets:7} {row.late:7.1f} {row.memory >> 20:4}"
            for name, row in sorted(self.rows.items(), key=lambda pair: (pair[0] == "all", pair[0]))
        ]
        kinds = [f"  {count:4}  {kind}  ({self.examples[kind][:200]})" for kind, count in self.kinds.most_common()]
        return [head, *table, *kinds]
