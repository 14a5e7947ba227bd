# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What may have become of each AWS Organization after a task, item by item.

Written from the rules of the documentation alone: nothing of the collection is imported here.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from ansible_collections.vbaws.appliance.tests.robustness.ambiguity.meaning import Meaning, takes
from ansible_collections.vbaws.appliance.tests.robustness.ambiguity.world import ROLES, UNITS, Facts

Json = dict[str, Any]
NEEDED = ("name", "rescan_iam_role", "backup_restore_iam_role_name", "scope")
CLEARABLE = ("description", "production_worker_iam_role_name")


class Invalid(Exception):
    """The item cannot be carried out: it fails for itself."""


@dataclass
class Expected:
    """What becomes of one item.

    aws: the AWS Organization that it works on, if there is one. after: that organization if the item succeeds, None if
    there is none then. fails: whether it fails, None if the rules leave that open. late: check mode cannot see it.
    """

    aws: str | None = None
    after: Json | None = None
    fails: bool | None = False
    late: bool = False
    why: str = ""


def expected(items: Sequence[Json], found: Sequence[Meaning], facts: Facts) -> list[Expected]:
    """One for each item, of a task that is not refused as a whole."""
    result = [_alone(item, meaning, facts) for item, meaning in zip(items, found, strict=True)]
    _names_in_time(items, found, facts, result)
    _one_addition_each(result, facts)
    return result


def _alone(item: Json, meaning: Meaning, facts: Facts) -> Expected:
    try:
        if item["state"] == "absent":
            return _removal(item, meaning, facts)
        _check(item)
        return _presence(item, meaning, facts)
    except Invalid as invalid:
        return Expected(fails=True, late=str(invalid).startswith("late"), why=str(invalid))


def _is_valid(item: Json) -> bool:
    try:
        _check(item)
    except Invalid:
        return False
    return True


def _check(item: Json) -> None:
    scopes, scope = item.get("limited_scopes"), item.get("scope")
    if item.get("backup_restore_iam_role_name") == "":
        raise Invalid("the backup role is empty")
    if scopes is None:
        return
    if bool(scopes) == (scope == "entire"):
        raise Invalid("scope and limited_scopes contradict each other")
    if len({one["name"] for one in scopes}) < len(scopes):
        raise Invalid("a scope is declared twice")
    if any(one.get("organizational_units") == [] for one in scopes):
        raise Invalid("a scope has no units")


def _removal(item: Json, meaning: Meaning, facts: Facts) -> Expected:
    if len(meaning.identified) > 1:
        raise Invalid("its identifiers lead to two organizations")
    (aws,) = meaning.identified or {None}
    if meaning.lost or aws not in facts.registered:
        # By this identifier nothing is there, so nothing is to do; what the name alone leads to stays.
        return Expected(
            aws, facts.registered.get(aws or ""), fails=None if meaning.lost or not _is_valid(item) else False
        )
    if aws in facts.used:
        raise Invalid("a backup policy uses it")
    return Expected(aws, None, fails=None if meaning.stray - {aws} or not _is_valid(item) else False)


def _presence(item: Json, meaning: Meaning, facts: Facts) -> Expected:
    if meaning.lost:
        raise Invalid("its id does not exist")
    if len(meaning.identified) > 1:
        raise Invalid("its identifiers lead to two organizations")
    role = item.get("rescan_iam_role")
    if role is not None and role not in ROLES:
        raise Invalid("late: its role does not exist")
    (aws,) = meaning.identified or {None}
    if aws in facts.registered:
        return _change(item, aws, facts)
    owner = ROLES.get(role or "", "")
    if owner in facts.registered:
        if aws not in (None, owner) or item["on_conflict"] != "update" or "name" not in item:
            raise Invalid("its AWS Organization is registered under another name")
        taken_over = _change(item, owner, facts)
        # Whether a declaration that could not add it may take it over is left open.
        taken_over.fails = False if all(item.get(option) for option in NEEDED) else None
        return taken_over
    return _addition(item, owner, aws)


def _change(item: Json, aws: str, facts: Facts) -> Expected:
    after = deepcopy(facts.registered[aws])
    role = item.get("rescan_iam_role")
    if role is not None and role != after["rescan_iam_role"] and ROLES[role] != aws:
        raise Invalid("its role belongs to another AWS Organization")
    if item.get("name") in ROLES:
        raise Invalid("a role has its name")
    _set(item, after)
    after["limited_scopes"] = _scopes(item, after["limited_scopes"], aws)
    return Expected(aws, after)


def _addition(item: Json, owner: str, aws: str | None) -> Expected:
    for option in NEEDED:
        if not item.get(option):
            raise Invalid(f"{option} is missing")
    if not owner:
        raise Invalid("its role reads no AWS Organization")
    if item["name"] in ROLES:
        raise Invalid("a role has its name")
    if item["scope"] == "limited" and not item.get("limited_scopes"):
        raise Invalid("it has no limited scopes")
    after: Json = {"id": None, "description": None, "production_worker_iam_role_name": None}
    _set(item, after)
    after["limited_scopes"] = _scopes(item, {}, owner)
    # The appliance shows the AWS ID only after the addition.
    right = aws in (None, owner)
    return Expected(owner, after, fails=not right, late=not right, why="" if right else "other AWS ID")


def _set(item: Json, after: Json) -> None:
    for option in ("name", "rescan_iam_role", "backup_restore_iam_role_name"):
        after[option] = item.get(option, after.get(option))
    for option in CLEARABLE:
        after[option] = (item.get(option, after[option])) or None


def _scopes(item: Json, before: Json, aws: str) -> Json:
    declared, scope = item.get("limited_scopes"), item.get("scope")
    if scope == "entire":
        return {}
    if declared is None:
        if scope == "limited" and not before:
            raise Invalid("it has no limited scopes")
        return before
    if scope is None and not before:
        raise Invalid("limited scopes alone do not narrow an organization")
    after: Json = {}
    for one in declared:
        old, units = before.get(one["name"]), one.get("organizational_units")
        if units is None:
            if old is None:
                raise Invalid("a new scope has no units")
            after[one["name"]] = old
        else:
            after[one["name"]] = {"id": old["id"] if old else None, "organizational_units": sorted(_ids(units, aws))}
    dropped = [set(scope["organizational_units"]) for name, scope in before.items() if name not in after]
    new = [set(scope["organizational_units"]) for name, scope in after.items() if name not in before]
    if any(one & other for one in dropped for other in new):
        raise Invalid("a dropped and a new scope share a unit")
    return after


def _ids(units: Sequence[str], aws: str) -> set[str]:
    known = UNITS[aws]
    if not all(unit in known or unit in known.values() for unit in units):
        raise Invalid("late: a unit does not exist")
    return {known.get(unit, unit) for unit in units}


def _names_in_time(items: Sequence[Json], found: Sequence[Meaning], facts: Facts, result: list[Expected]) -> None:
    """An item that takes a name fails if nobody gives it up, or if some give theirs to each other in a circle."""
    takers = dict(takes(items, found, facts))
    for number in takers:
        if _in_circle(number, takers):
            result[number] = Expected(fails=True, why="organizations are to get each other's names")
    for _round in takers:
        for number, giver in takers.items():
            how = True if giver is None else result[giver].fails
            if how is True:
                result[number] = Expected(fails=True, why="another organization keeps the name that it takes")
            elif how is None and result[number].fails is False:
                result[number].fails = None


def _in_circle(number: int, takers: dict[int, int | None]) -> bool:
    at = takers[number]
    for _step in takers:
        if at is None or at == number:
            break
        at = takers.get(at)
    return at == number


def _one_addition_each(result: list[Expected], facts: Facts) -> None:
    """If two items add the same AWS Organization by two roles, the first one adds it and the second one fails."""
    adding: dict[str, list[Expected]] = {}
    for one in result:
        if one.aws is not None and one.after is not None and one.aws not in facts.registered:
            adding.setdefault(one.aws, []).append(one)
    for same in (some for some in adding.values() if len(some) > 1):
        for one in same:
            one.fails, one.late = None, True
