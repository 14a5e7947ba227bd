# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of how tasks went on appliances of every form."""

from __future__ import annotations

from itertools import combinations

from ansible_collections.vbaws.appliance.tests.robustness.shape_variations import (
    REASONS,
    VARIATIONS,
    expected,
    shape_of,
)

Outcomes = dict[tuple[str, ...], str]
"""The variations of an appliance -> letters that say how its tasks went, ``F`` where not as expected."""


def table(outcomes: Outcomes, *, one_each: bool) -> list[str]:
    """Variation by variation: a pair is as good as the worst appliance on which the two have met."""
    names = list(VARIATIONS)
    met: dict[tuple[str, str], str] = {}
    for cell, letters in outcomes.items():
        for one, other in ((cell[0], cell[0]),) if len(cell) == 1 else combinations(cell, 2):
            own = "".join(expected(shape_of({one, other}))) or "."
            met[one, other] = "F" if "F" in (letters, met.get((one, other))) else own
    width = max(map(len, names))
    lines = [" " * (width + 5) + "".join(f"{number:>3}" for number in range(1, len(names) + 1))]
    for number, name in enumerate(names, 1):
        cells = "".join(f"{met.get((one, name), ''):>3}" for one in names[:number])
        lines.append(f"{number:>3}  {name:{width}}{cells}")
    failed = sum(letters == "F" for letters in outcomes.values())
    return [
        f"The life of an organization on {len(outcomes)} appliances, of which {failed} failed unexpectedly"
        + (
            ""
            if one_each
            else "; pairs meet on appliances with many variations (VBAWS_SHAPE_MATRIX=full: one for each)"
        ),
        *lines,
        ".  everything as declared",
        *(f"{letter}  {why}" for letter, why in REASONS.items()),
        "F  unexpected; an empty cell is a pair that cannot be, or was not run",
    ]
