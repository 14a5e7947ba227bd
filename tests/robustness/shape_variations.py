# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every way in which a simulated appliance can differ from the documented one, and how to meet all pairs of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import combinations, product
from typing import Any

from simulator.state.names import ALTERNATIVES
from simulator.state.shape import CHOICES, Shape

Fragment = dict[str, Any]
Level = tuple[str, str | None]
"""What varies, and the name of the variation; None where it is as documented."""

WORKER = "organization.production_worker_iam_role_name"
MEMBERS = "limited_scope.organizational_units"


def _variations() -> dict[str, dict[str, Fragment]]:
    """What varies -> name of the variation -> the fields of the shape that make it."""
    found: dict[str, dict[str, Fragment]] = {}
    for key, others in ALTERNATIVES.items():
        found[key] = {f"{key} = {name}": {"names": {key: name}} for name in others}
    documented = Shape()
    for field, choices in CHOICES.items():
        usual = getattr(documented, field)
        found[field] = {f"{field} = {choice}": {field: choice} for choice in choices if choice != usual}
    for flag in ("keeps_dropped_scopes", "problem_type", "framework_problems", "old_role_names"):
        found[flag] = {flag: {flag: True}}
    found["zoned_times"] = {"times without a zone": {"zoned_times": False}}
    found["page_cap"] = {"pages of two": {"page_cap": 2}}
    found["list_keys"] = {
        "list shows names alone": {"list_keys": []},
        "list shows AWS IDs alone": {"list_keys": ["organization.aws_organization_id"]},
    }
    found["write_names"] = {
        f"{WORKER} written as workerAlias": {"write_names": {WORKER: "workerAlias"}},
        "organization.description written as comment": {"write_names": {"organization.description": "comment"}},
    }
    return found


FACTORS = _variations()
VARIATIONS: dict[str, tuple[str, Fragment]] = {
    name: (factor, fragment) for factor, levels in FACTORS.items() for name, fragment in levels.items()
}
"""Name of the variation -> what varies, and the fields of the shape."""


def shape_of(names: Iterable[str]) -> Fragment:
    """One shape with several variations, of which no two are about the same thing."""
    shape: Fragment = {}
    for name in names:
        for field, value in VARIATIONS[name][1].items():
            shape[field] = {**shape.get(field, {}), **value} if isinstance(value, Mapping) else value
    return shape


def pairs() -> list[tuple[str, str]]:
    """Every two variations that one appliance can have together."""
    return [(one, other) for one, other in combinations(VARIATIONS, 2) if VARIATIONS[one][0] != VARIATIONS[other][0]]


def rows() -> list[tuple[str, ...]]:
    """A few appliances with many variations each, on which all pairs meet. Greedy, and always the same.

    What is as documented is paired too, so that no variation always comes with another one that hides it.
    """
    levels: dict[str, list[Level]] = {
        factor: [(factor, None), *((factor, name) for name in names)] for factor, names in FACTORS.items()
    }
    order = {level: place for place, level in enumerate(level for some in levels.values() for level in some)}
    left = {(first, second) for one, other in combinations(levels.values(), 2) for first, second in product(one, other)}
    made: list[tuple[str, ...]] = []
    while left:
        first_left = min(left, key=lambda pair: (order[pair[0]], order[pair[1]]))
        row: list[Level] = [*first_left]
        for factor, choices in levels.items():
            if factor not in {taken for taken, _name in row}:
                row.append(max(choices, key=lambda level: sum(_sorted(level, other, order) in left for other in row)))
        row.sort(key=order.__getitem__)
        left -= set(combinations(row, 2))
        made.append(tuple(name for _factor, name in row if name is not None))
    return made


def _sorted(one: Level, other: Level, order: Mapping[Level, int]) -> tuple[Level, Level]:
    return (one, other) if order[one] < order[other] else (other, one)


def expected(shape: Fragment) -> list[str]:
    """What a task on an appliance of this shape must fail with, as letters of REASONS; nothing where all goes well."""
    found = []
    unseen = shape.get("scope_members") == "by_structure_call"
    renamed = MEMBERS in shape.get("names", {})
    if unseen and renamed:
        found.append("u")
    if shape.get("write_names"):
        found.append("w")
    if unseen and not renamed:
        found.append("m")
    if shape.get("keeps_dropped_scopes"):
        found.append("k")
    return found


REASONS = {
    "u": "the add is refused: members are taken under a name that the appliance never shows. Goes on with wire_names",
    "w": "the add ends in not_applied, with the field and its key of wire_names: only requests use this name. Goes on "
    "with wire_names",
    "m": "a change is refused before the write: it sends the members of existing scopes too, and the appliance never "
    "shows their name, although it is the assumed one. Goes on with wire_names",
    "k": "dropping a scope ends in not_applied, with the scope: the appliance keeps it",
}


def to_be_told(shape: Fragment) -> dict[str, str]:
    """The wire_names that nobody can learn from what an appliance of this shape shows, and that an add needs."""
    unseen = {MEMBERS: shape["names"][MEMBERS]} if "u" in expected(shape) else {}
    return {**unseen, **shape.get("write_names", {})}
