# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A hundred AWS Organizations, each with one kind of difference between what is there and what is declared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from simulator.state.generate import world

BACKUP, WORKER = "VeeamBackupRestore", "VeeamProductionWorker"
DEFAULTS = {"backup_restore_iam_role_name": BACKUP}
SETTINGS = ("description", "backup_restore_iam_role_name", "production_worker_iam_role_name")


@dataclass
class Place:
    """One AWS Organization of the world. units: path -> AWS ID."""

    number: int
    aws_id: str
    units: dict[str, str]

    @property
    def name(self) -> str:
        return f"organization-{self.number:03d}"

    @property
    def role(self) -> str:
        return f"rescan-{self.number:03d}"

    def scopes(self, **paths: str) -> list[dict[str, Any]]:
        """Limited scopes of one unit each, by AWS ID, as somebody makes them in the web interface."""
        return [{"name": name, "organizational_units": [self.units[path]]} for name, path in paths.items()]


@dataclass
class Plant:
    """there: what the appliance has, None for nothing. declared: None for nothing. action: what is to be done.

    left: what is on the appliance afterwards, as far as it differs from what was there; None for nothing.
    """

    there: dict[str, Any] | None
    declared: dict[str, Any] | None
    action: str
    left: dict[str, Any] | None = field(default_factory=dict)


def _limited(**paths: str) -> list[dict[str, Any]]:
    return [{"name": name, "organizational_units": [path]} for name, path in paths.items()]


def _by_id(at: Place, **declared: Any) -> dict[str, Any]:
    return {"aws_organization_id": at.aws_id, **declared}


KINDS: dict[str, Callable[[Place], Plant]] = {
    "in sync": lambda _at: Plant({"description": "as it is"}, {"description": "as it is"}, "none"),
    "in sync, limited": lambda at: Plant(
        {"limited_scopes": at.scopes(A="/unit-1")},
        {"scope": "limited", "limited_scopes": _limited(A="/unit-1")},
        "none",
    ),
    "new": lambda at: Plant(
        None, {"rescan_iam_role": at.role, "scope": "entire", "description": "new"}, "create", {"description": "new"}
    ),
    "new, limited": lambda at: Plant(
        None,
        {"rescan_iam_role": at.role, "scope": "limited", "limited_scopes": _limited(A="/unit-2")},
        "create",
        {"limited_scopes": {"A": [at.units["/unit-2"]]}},
    ),
    "described": lambda _at: Plant({"description": "old"}, {"description": "new"}, "update", {"description": "new"}),
    "description cleared": lambda _at: Plant(
        {"description": "old"}, {"description": ""}, "update", {"description": None}
    ),
    "worker role": lambda _at: Plant(
        {"production_worker_iam_role_name": "other", "description": "stays"},
        {"production_worker_iam_role_name": WORKER},
        "update",
        {"production_worker_iam_role_name": WORKER},
    ),
    "renamed": lambda at: Plant({}, _by_id(at, name=f"{at.name} renamed"), "rename", {"name": f"{at.name} renamed"}),
    "narrowed": lambda at: Plant(
        {"description": "stays"},
        {"scope": "limited", "limited_scopes": _limited(A="/unit-1", B="/unit-2")},
        "update",
        {"limited_scopes": {"A": [at.units["/unit-1"]], "B": [at.units["/unit-2"]]}},
    ),
    "widened": lambda at: Plant(
        {"limited_scopes": at.scopes(A="/unit-1"), "description": "stays"},
        {"scope": "entire"},
        "update",
        {"limited_scopes": {}},
    ),
    "other unit": lambda at: Plant(
        {"limited_scopes": at.scopes(A="/unit-1", B="/unit-2")},
        {"limited_scopes": [{"name": "A", "organizational_units": ["/unit-1/unit-1.1"]}, {"name": "B"}]},
        "update",
        {"limited_scopes": {"A": [at.units["/unit-1/unit-1.1"]], "B": [at.units["/unit-2"]]}},
    ),
    "scope renamed": lambda at: Plant(
        {"limited_scopes": at.scopes(A="/unit-1")},
        {"limited_scopes": [{"name": "Z", "former_names": ["A"]}]},
        "update",
        {"limited_scopes": {"Z": [at.units["/unit-1"]]}},
    ),
    "scope dropped": lambda at: Plant(
        {"limited_scopes": at.scopes(A="/unit-1", B="/unit-2")},
        {"limited_scopes": [{"name": "B"}]},
        "update",
        {"limited_scopes": {"B": [at.units["/unit-2"]]}},
    ),
    "taken over": lambda at: Plant(
        {"name": f"{at.name} by hand"},
        {"rescan_iam_role": at.role, "on_conflict": "update", "scope": "entire"},
        "rename",
        {"name": at.name},
    ),
    "declared absent": lambda _at: Plant({}, {"state": "absent"}, "remove", None),
    "absent already": lambda _at: Plant(None, {"state": "absent"}, "none", None),
    "not declared": lambda _at: Plant({}, None, "remove", None),
}


class Planted:
    """The world, what is planted in it, and what must come of it."""

    def __init__(self, organizations: int = 100) -> None:
        self.world = world(organizations=organizations, units=2, depth=2, accounts=1)
        self.places = [
            Place(number, described["id"], _paths(described["root"]))
            for number, described in enumerate(self.world["aws_organizations"], 1)
        ]
        kinds = list(KINDS.items())
        self.kinds = {place.name: kinds[place.number % len(kinds)][0] for place in self.places}
        self.plants = {place.name: KINDS[self.kinds[place.name]](place) for place in self.places}

    def plant(self, appliance: Any, shape: dict[str, Any], seed: int) -> None:
        """Starts the appliance with this world and registers what is to be there behind Ansible's back."""
        appliance.reset(shape=shape, seed=seed, world=self.world)
        for place in self.places:
            there = self.plants[place.name].there
            if there is not None:
                given = {"name": place.name, "rescan_iam_role": place.role, **DEFAULTS, **there}
                appliance.control("POST", "/organizations", given)

    @property
    def declared(self) -> list[dict[str, Any]]:
        return [{"name": name, **plant.declared} for name, plant in self.plants.items() if plant.declared is not None]

    @property
    def actions(self) -> dict[str, str]:
        """Name as the record has it -> action, for those that are declared or that prune removes."""
        return {(plant.declared or {}).get("name", name): plant.action for name, plant in self.plants.items()}

    @property
    def expected(self) -> dict[str, dict[str, Any]]:
        """What is on the appliance once all is carried out."""
        expected = {}
        for place in self.places:
            plant = self.plants[place.name]
            if plant.left is None:
                continue
            there = plant.there or {}
            scopes = {one["name"]: one["organizational_units"] for one in there.get("limited_scopes", [])}
            organization = {
                "name": place.name,
                "rescan_iam_role": place.role,
                **dict.fromkeys(SETTINGS),
                **DEFAULTS,
                **there,
                "limited_scopes": scopes,
                **plant.left,
            }
            expected[organization["name"]] = organization
        return expected


def _paths(root: dict[str, Any], above: str = "") -> dict[str, str]:
    found = {above or "/": str(root["id"])}
    for unit in root.get("units", []):
        found.update(_paths(unit, f"{above}/{unit['name']}"))
    return found


def stored(appliance: Any) -> dict[str, dict[str, Any]]:
    """What the appliance holds, in the terms of Planted.expected."""
    return {
        one["name"]: {
            "name": one["name"],
            "rescan_iam_role": one["rescan_iam_role"],
            **{key: one[key] or None for key in SETTINGS},
            "limited_scopes": {scope["name"]: scope["organizational_units"] for scope in one["limited_scopes"]},
        }
        for one in appliance.state()["organizations"]
    }
