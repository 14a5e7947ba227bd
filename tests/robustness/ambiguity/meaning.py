# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which AWS Organizations the items of a list mean, and whether the whole list must be refused for it.

Written from the rules of the documentation alone: nothing of the collection is imported here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from ansible_collections.vbaws.appliance.tests.robustness.ambiguity.world import ROLES, Facts

Json = dict[str, Any]
IDENTIFIERS = ("id", "aws_organization_id", "name")
LITERALS = (*IDENTIFIERS, "rescan_iam_role")


@dataclass(frozen=True)
class Meaning:
    """by: option -> AWS ID of the organization that it leads to. shown: those of them that the appliance shows, or that
    the item gives by their AWS ID.

    lost: an identifier of the appliance leads nowhere. stray: the AWS Organization of a role that a removal gives.
    """

    by: dict[str, str]
    shown: frozenset[str]
    lost: bool
    stray: frozenset[str]

    @property
    def all(self) -> frozenset[str]:
        """Every AWS Organization that the item could mean."""
        return frozenset(self.by.values())

    @property
    def identified(self) -> frozenset[str]:
        """The same without the role, which does not identify an organization."""
        return frozenset(aws for option, aws in self.by.items() if option != "rescan_iam_role")

    @property
    def is_clear(self) -> bool:
        """Whether all that the item gives leads to one AWS Organization."""
        return len(self.all) == 1 and not self.lost


def meanings(items: Sequence[Json], facts: Facts) -> list[Meaning]:
    """One meaning for each item."""
    given_up = [_gives_up(item, facts) for item in items]
    return [
        _meaning(item, facts, {name for other, name in enumerate(given_up) if other != number and name})
        for number, item in enumerate(items)
    ]


def _leads(item: Json, facts: Facts) -> dict[str, str]:
    role = ROLES.get(item.get("rescan_iam_role", ""), "") if item["state"] == "present" else ""
    found = {
        "id": facts.by("id", item.get("id")),
        "aws_organization_id": item.get("aws_organization_id"),
        "name": facts.by("name", item.get("name")),
        "rescan_iam_role": role,
    }
    return {option: aws for option, aws in found.items() if aws}


def _gives_up(item: Json, facts: Facts) -> str | None:
    """The name that an organization has now and not any more after an item that finds it by one of its IDs."""
    by = _leads(item, facts)
    found = {by[option] for option in ("id", "aws_organization_id") if option in by}
    if len(found) != 1 or not found <= set(facts.registered):
        return None
    name: str = facts.registered[found.pop()]["name"]
    return name if item["state"] == "absent" or item.get("name") not in (None, name) else None


def _meaning(item: Json, facts: Facts, given_up: set[str]) -> Meaning:
    by = _leads(item, facts)
    others = {aws for option, aws in by.items() if option != "name"}
    if item["state"] == "present" and item.get("name") in given_up and others - {by.get("name")}:
        # The organization of this name loses it, and the item shows that it is about another one.
        by.pop("name", None)
    shown = {aws for option, aws in by.items() if option == "aws_organization_id" or aws in facts.registered}
    stray = ROLES.get(item.get("rescan_iam_role", ""), "") if item["state"] == "absent" else ""
    lost = "id" in item and "id" not in by
    return Meaning(by, frozenset(shown), lost, frozenset([stray] if stray else []))


def must_refuse(items: Sequence[Json], found: Sequence[Meaning]) -> bool:
    """Whether two items mean the same AWS Organization for certain."""
    for (one, its), (other, others) in combinations(zip(items, found, strict=True), 2):
        if any(_same(one, other, option) for option in LITERALS):
            return True
        if its.is_clear and others.is_clear and its.shown & others.shown:
            return True
    return False


def may_refuse(items: Sequence[Json], found: Sequence[Meaning]) -> bool:
    """Whether two items may mean the same AWS Organization."""
    return must_refuse(items, found) or any(
        (its.all | its.stray) & (others.all | others.stray) for its, others in combinations(found, 2)
    )


def _same(one: Json, other: Json, option: str) -> bool:
    if option == "rescan_iam_role" and "absent" in (one["state"], other["state"]):
        return False
    return option in one and one.get(option) == other.get(option)


def takes(items: Sequence[Json], found: Sequence[Meaning], facts: Facts) -> Iterator[tuple[int, int | None]]:
    """The items that take a name which somebody else has at the start, each with the item that gives it up, if any."""
    given_up = {_gives_up(item, facts): number for number, item in enumerate(items)}
    for number, (item, meaning) in enumerate(zip(items, found, strict=True)):
        holder = facts.by("name", item.get("name"))
        if item["state"] == "present" and holder and holder not in meaning.all:
            giver = given_up.get(item["name"])
            yield number, giver if giver != number else None
