# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Draws what somebody registered by hand on an appliance with unknown names, and what is declared about it."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from simulator.state.shape import Shape

Json = dict[str, Any]
UNITS = {"/Workloads": "ou-prod-workload", "/Workloads/Prod": "ou-prod-wrkprod0", "/Sandbox": "ou-prod-sandbox0"}
AWS_ID = "o-prod000001"
KINDS = ("change", "change", "change", "rename", "scopes", "scopes", "add", "config", "adopt")


@dataclass
class Case:
    """One task. kind: what it does; `config` and `adopt` declare what the collection itself returned."""

    seed: int
    shape: Shape
    by_hand: list[Json]
    kind: str
    declared: Json

    def __str__(self) -> str:
        shape = {key: value for key, value in self.shape.as_dict().items() if value != getattr(Shape(), key)}
        hand = "\n".join(f"  registered {one}" for one in self.by_hand)
        return f"seed {self.seed}: {self.kind}\n  shape {shape}\n{hand}\n  declared {self.declared}"


def draw(seed: int) -> Case:
    """The case of a seed: the same one each time."""
    chance, shape = random.Random(f"unknown names {seed}"), Shape.unknown(seed)
    others = shape.unknown_properties != "none"
    by_hand = [_production(chance, others)]
    if chance.random() < 0.5:
        by_hand.append(_subsidiary(chance, others))
    kind = chance.choice(KINDS)
    return Case(seed, shape, by_hand, kind, _declared(chance, kind, by_hand[0]))


def _production(chance: random.Random, others: bool) -> Json:
    scopes: list[Json] = [
        {"name": "Front", "organizational_units": [UNITS["/Workloads/Prod"], UNITS["/Sandbox"]]},
        {"name": "Back", "organizational_units": ["ou-prod-security"]},
    ]
    if others:
        scopes[0]["other"] = {"retention": 30}
    return {
        "name": "production",
        "description": chance.choice(["", "By hand", "By hand"]),
        "rescan_iam_role": "prod-rescan",
        "backup_restore_iam_role_name": "VeeamBackupRestore",
        "production_worker_iam_role_name": chance.choice(["", "VeeamProductionWorker", "VeeamProductionWorker"]),
        "limited_scopes": scopes[: chance.choice([0, 1, 2])],
        "other": {"costCenter": "4711", "contact": {"mail": "shops"}} if others else {},
    }


def _subsidiary(chance: random.Random, others: bool) -> Json:
    return {
        "name": "subsidiary",
        "description": chance.choice(["", "Shops"]),
        "rescan_iam_role": "subsidiary-rescan",
        "backup_restore_iam_role_name": "VeeamBackupRestore",
        "production_worker_iam_role_name": chance.choice(["", "ShopWorker"]),
        "other": {"costCenter": "4712"} if others else {},
    }


def _declared(chance: random.Random, kind: str, there: Json) -> Json:
    if kind in ("config", "adopt"):
        return {}
    if kind == "add":
        return {
            "name": "research",
            "rescan_iam_role": "research-rescan",
            "backup_restore_iam_role_name": "VeeamBackupRestore",
            "production_worker_iam_role_name": chance.choice(["", "VeeamProductionWorker"]),
            "description": chance.choice(["", "Physics"]),
            **chance.choice(
                [{"scope": "entire"}, {"scope": "limited", "limited_scopes": [_scope("Labs", "/Physics")]}]
            ),
        }
    options: Json = {"name": "production"}
    if kind == "rename":
        options = {"name": "renamed", "aws_organization_id": AWS_ID}
    choices: Json = {
        "description": ["", "declared", "By hand"],
        "production_worker_iam_role_name": ["", "OtherWorker", "VeeamProductionWorker"],
        "backup_restore_iam_role_name": ["OtherBackup", "VeeamBackupRestore"],
        "rescan_iam_role": ["prod-rescan", "prod-rescan-delegate"],
    }
    for option, values in choices.items():
        if chance.random() < 0.35:
            options[option] = chance.choice(values)
    if kind == "scopes":
        options.update(_declared_scopes(chance, [scope["name"] for scope in there["limited_scopes"]]))
    return options


def _declared_scopes(chance: random.Random, names: list[str]) -> Json:
    if not names:
        return {"scope": "limited", "limited_scopes": [_scope("New", chance.choice(list(UNITS)))]}
    if chance.random() < 0.15:
        return {"scope": "entire"}
    scopes: list[Json] = [{"name": name} for name in names]
    change = chance.choice(["units", "rename", "new", "same"])
    if change == "units":
        scopes[0] = _scope(names[0], "/Workloads")
    elif change == "rename":
        scopes[0] = {"name": "Renamed", "former_names": [names[0]]}
    elif change == "new":
        scopes.append(_scope("New", "/Workloads/Test"))
    return {"limited_scopes": scopes}


def _scope(name: str, path: str) -> Json:
    return {"name": name, "organizational_units": [path]}
