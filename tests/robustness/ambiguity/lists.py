# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Draws appliances and lists of declarations that may contradict themselves, each other, or what is registered."""

from __future__ import annotations

import random
import uuid
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.vbaws.appliance.tests.robustness.ambiguity.door import Door
from ansible_collections.vbaws.appliance.tests.robustness.ambiguity.world import AWS_IDS, PLACES, ROLES, UNITS, Facts

Json = dict[str, Any]
NEW_NAMES = ("new", "Alpha", "alpah", "bravo ii", "alpha-rescan")
"""Nobody has them at the start; two look like a name that somebody has, and the last one is that of an IAM role."""
UNKNOWN_ROLE = "no-such-rescan"


@dataclass
class Case:
    """One task. items: as the playbook has them. defaults, prune, prune_limit: the options of the task."""

    seed: int
    by_hand: list[Json]
    used: list[str]
    items: list[Json] = field(default_factory=list)
    defaults: Json = field(default_factory=dict)
    prune: bool = False
    prune_limit: int | None = None
    module: str = "organizations"

    def declared(self) -> list[Json]:
        """The items with the defaults of the task."""
        return [{"state": "present", "on_conflict": "fail", **self.defaults, **item} for item in self.items]

    def options(self) -> Json:
        """The options of the module."""
        if self.module == "organization":
            return {**self.defaults, **self.items[0]}
        limits = {} if self.prune_limit is None else {"prune_limit": self.prune_limit}
        return {"organizations": self.items, "defaults": self.defaults, "prune": self.prune, **limits}

    def __str__(self) -> str:
        lines = [f"seed {self.seed}: {self.module}, defaults {self.defaults}, prune {self.prune} {self.prune_limit}"]
        lines += [f"  registered {one}" for one in self.by_hand]
        lines += [f"  used by a policy {name}" for name in self.used]
        return "\n".join([*lines, *(f"  declared {item}" for item in self.items)])


def draw(seed: int) -> Case:
    """The appliance of a seed; its list is drawn when the IDs are known."""
    chance = random.Random(f"list {seed}")
    places = chance.sample(PLACES, chance.randint(3, 5))
    by_hand = [_by_hand(chance, place) for place in places if chance.random() < 0.7]
    used = [one["name"] for one in by_hand if chance.random() < 0.1]
    return Case(seed, by_hand, used)


def _by_hand(chance: random.Random, place: str) -> Json:
    roles = _roles(AWS_IDS[place])
    units = list(UNITS[AWS_IDS[place]].values())
    scopes = [
        {"name": name, "organizational_units": [unit]}
        for name, unit in zip(("A", "B"), chance.sample(units, 2), strict=True)
    ]
    return {
        "name": place if chance.random() < 0.7 else f"{place} by hand",
        "description": chance.choice(["", "by hand"]),
        "rescan_iam_role": chance.choice(roles),
        "backup_restore_iam_role_name": "backup",
        "production_worker_iam_role_name": chance.choice(["", "worker"]),
        "limited_scopes": scopes[: chance.choice([0, 0, 1, 2])],
    }


def draw_list(case: Case, facts: Facts) -> None:
    """Draws the list of a case."""
    chance = random.Random(f"items {case.seed}")
    subjects = [chance.choice(PLACES) for _number in range(chance.choice([1, 1, 2, 2, 2, 3, 3, 4, 5]))]
    if chance.random() < 0.5:
        subjects = list(dict.fromkeys(subjects))
    case.items = [_item(chance, AWS_IDS[place], place, facts) for place in subjects]
    new = [place for place in PLACES if AWS_IDS[place] not in facts.registered and len(_roles(AWS_IDS[place])) > 1]
    if new and chance.random() < 0.15:
        case.items += _twins(chance.choice(new))
    if chance.random() < 0.5:
        case.defaults = {"backup_restore_iam_role_name": "backup"}
    if len(case.items) == 1 and chance.random() < 0.5:
        case.module = "organization"
    elif chance.random() < 0.35:
        case.prune, case.prune_limit = True, chance.choice([None, 0, 1, 3, 5])


def _twins(place: str) -> list[Json]:
    """Two complete items whose roles belong to one AWS Organization that is not registered."""
    common = {"backup_restore_iam_role_name": "backup", "scope": "entire", "on_conflict": "update"}
    names = (f"{place} one", f"{place} two")
    return [
        {"name": name, "rescan_iam_role": role, **common}
        for name, role in zip(names, _roles(AWS_IDS[place]), strict=False)
    ]


def _roles(aws: str) -> list[str]:
    return [role for role, owner in ROLES.items() if owner == aws]


def _item(chance: random.Random, aws: str, place: str, facts: Facts) -> Json:
    """Most items are right in most ways, so that those which are not stand out among others."""
    wrong = 0.12 if chance.random() < 0.6 else 0.4
    item: Json = {}
    item.update(_identity(chance, aws, place, facts, wrong))
    if chance.random() < 0.25:
        item["state"] = "absent"
        if chance.random() < 0.8:
            return item
    if chance.random() < (0.5 if aws in facts.registered else 0.85):
        item["rescan_iam_role"] = _role(chance, aws, wrong)
    if chance.random() < (0.3 if aws in facts.registered else 0.9):
        item["backup_restore_iam_role_name"] = chance.choice(["backup", "backup", "backup-2", ""][: 3 + (wrong > 0.2)])
    for option, values in {
        "description": ["", "declared"],
        "production_worker_iam_role_name": ["", "worker-2"],
        "on_conflict": ["update", "update", "fail"],
    }.items():
        if chance.random() < 0.4:
            item[option] = chance.choice(values)
    item.update(_scopes(chance, aws, facts, wrong))
    return item


def _identity(chance: random.Random, aws: str, place: str, facts: Facts, wrong: float) -> Json:
    own = facts.registered.get(aws)
    others = [one for key, one in facts.registered.items() if key != aws]
    name = own["name"] if own else place
    if chance.random() < wrong:
        name = chance.choice([*NEW_NAMES, *PLACES, *(one["name"] for one in others)])
    item: Json = {"name": name}
    if chance.random() < 0.35:
        item["aws_organization_id"] = aws if chance.random() > wrong else chance.choice(list(AWS_IDS.values()))
    if own and chance.random() < 0.3:
        wrongs = [str(uuid.UUID(int=7)), *(one["id"] for one in others)]
        item["id"] = own["id"] if chance.random() > wrong else chance.choice(wrongs)
    if len(item) > 1 and chance.random() < 0.4:
        if chance.random() < 0.5:
            del item["name"]
        else:
            item["name"] = chance.choice([*NEW_NAMES, *PLACES])
    return item


def _role(chance: random.Random, aws: str, wrong: float) -> str:
    if chance.random() < wrong:
        return chance.choice([*ROLES, UNKNOWN_ROLE])
    return chance.choice(_roles(aws))


def _scopes(chance: random.Random, aws: str, facts: Facts, wrong: float) -> Json:
    own = facts.registered.get(aws)
    if chance.random() < (0.4 if own is None else 0.15):
        return {"scope": "entire"}
    if own is not None and chance.random() < 0.6:
        return {}
    paths = UNITS[aws]
    names = chance.sample(["A", "B", "C"], chance.randint(1, 2))
    scopes: list[Json] = [
        {"name": name, "organizational_units": [chance.choice([path, paths[path]])]}
        for name, path in zip(names, chance.sample(list(paths), len(names)), strict=True)
    ]
    if chance.random() < 0.25:
        del scopes[0]["organizational_units"]
    item: Json = {"scope": "limited", "limited_scopes": scopes}
    if chance.random() < wrong:
        item.update(
            chance.choice(
                [
                    {"scope": "entire"},
                    {"limited_scopes": []},
                    {"limited_scopes": [{"name": "A", "organizational_units": ["/Nowhere"]}]},
                    {"limited_scopes": [*scopes, scopes[0]]},
                    {"limited_scopes": [{"name": "A", "organizational_units": []}]},
                ]
            )
        )
    if chance.random() < 0.15:
        del item["scope" if chance.random() < 0.6 else "limited_scopes"]
    return item


def set_up(case: Case, door: Door) -> Facts:
    """Registers what somebody registered by hand."""
    for one in case.by_hand:
        door.register(one)
    for name in case.used:
        door.use(name)
    stored = door.stored()
    used = frozenset(aws for aws, one in stored.items() if one["name"] in case.used)
    return Facts(stored, used)
