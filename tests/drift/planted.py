# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drift that is planted on simulated appliances, one kind after the other, and what a report must say of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from simulator.web.process import RunningAppliance

EVIL = "<script>alert(1)</script> {{ 1 + 1 }} | `@all`"
ROLE, WORKER = "VeeamBackupRestore", "VeeamProductionWorker"
TAKEN = {"organization.backup_restore_iam_role_name": "backupRestoreIamRoleName"}
SHOWS_NO_ROLE = {
    "names": {"organization.backup_restore_iam_role_name": "nameThatNobodyKnows"},
    "write_names": TAKEN,
}
"""The shape of an appliance on which nobody can tell which role for backups an organization has."""


@dataclass
class Planted:
    """What is declared on an appliance, and what a report must say.

    declared: by name. states: name in the report -> state. fields: of the different ones, field -> declared and actual.
    """

    appliance: RunningAppliance
    declared: dict[str, dict[str, Any]]
    states: dict[str, str] = field(default_factory=dict)
    fields: dict[str, dict[str, tuple[Any, Any]]] = field(default_factory=dict)
    units: dict[str, list[str]] = field(default_factory=dict)

    def edit(self, which: str, **changes: Any) -> None:
        """Somebody edits an organization by hand."""
        self.appliance.control("PATCH", f"/organizations/{which}", changes)

    def differs(self, name: str, *fields: tuple[str, Any, Any]) -> None:
        """Says what the report must say: the field, what is declared, what is there."""
        self.states[name] = "different"
        self.fields[name] = {one: (declared, actual) for one, declared, actual in fields}


def appliance_as_declared(appliance: RunningAppliance, shows_role: bool) -> Planted:
    """All organizations that the appliance has, declared as they are, as far as it shows it."""
    state = appliance.state()
    declared, units = {}, {}
    for one in state["organizations"]:
        declared[one["name"]] = {
            "name": one["name"],
            "aws_organization_id": one["aws_organization_id"],
            "rescan_iam_role": one["rescan_iam_role"],
            "scope": "entire",
            **({"backup_restore_iam_role_name": ROLE} if shows_role else {}),
        }
        nodes = state["aws"][one["aws_organization_id"]]["nodes"]
        units[one["name"]] = [node["aws_id"] for node in nodes if node["aws_id"].startswith("ou-")]
    return Planted(appliance, declared, dict.fromkeys(declared, "in_sync"), units=units)


def _description(planted: Planted, name: str) -> None:
    planted.declared[name]["description"] = "as declared"
    planted.edit(name, description="by hand")
    planted.differs(name, ("description", "as declared", "by hand"))


def _backup_role(planted: Planted, name: str) -> None:
    planted.edit(name, backup_restore_iam_role_name="ByHand")
    planted.differs(name, ("backup_restore_iam_role_name", ROLE, "ByHand"))


def _worker_role(planted: Planted, name: str) -> None:
    planted.declared[name]["production_worker_iam_role_name"] = WORKER
    planted.differs(name, ("production_worker_iam_role_name", WORKER, None))


def _scope(planted: Planted, name: str) -> None:
    unit = planted.units[name][0]
    planted.edit(name, limited_scopes=[{"name": "By hand", "organizational_units": [unit]}])
    # By its ID: nothing that is declared takes a look at the structure.
    gone = ("limited_scopes.By hand.organizational_units", None, [unit])
    planted.differs(name, ("scope", "entire", "limited"), gone)


def _units(planted: Planted, name: str) -> None:
    first, second = planted.units[name][:2]
    planted.declared[name] |= {
        "scope": "limited",
        "limited_scopes": [{"name": "One", "organizational_units": [first]}],
    }
    planted.edit(name, limited_scopes=[{"name": "One", "organizational_units": [second]}])
    declared, actual = (_path(planted, name, unit) for unit in (first, second))
    planted.differs(name, ("limited_scopes.One.organizational_units", [declared], [actual]))


def _renamed(planted: Planted, name: str) -> None:
    planted.edit(name, name=f"{name} by hand")
    planted.differs(name, ("name", name, f"{name} by hand"))


def _missing(planted: Planted, name: str) -> None:
    planted.declared[name]["backup_restore_iam_role_name"] = ROLE
    planted.appliance.control("DELETE", f"/organizations/{name}")
    planted.states[name] = "missing"


def _unwanted(planted: Planted, name: str) -> None:
    planted.declared[name] = {"name": name, "state": "absent"}
    planted.states[name] = "unwanted"


def _unmanaged(planted: Planted, name: str) -> None:
    del planted.declared[name]
    planted.states[name] = "unmanaged"


def _evil(planted: Planted, name: str) -> None:
    planted.edit(name, name=EVIL)
    del planted.declared[name]
    del planted.states[name]
    planted.states[EVIL] = "unmanaged"


def _error(planted: Planted, name: str) -> None:
    # Which is no way to say that a whole organization is meant.
    planted.declared[name] = {**planted.declared[name], "scope": "limited", "limited_scopes": []}
    planted.states[name] = "error"


def _unknown(planted: Planted, name: str) -> None:
    planted.declared[name]["backup_restore_iam_role_name"] = ROLE
    planted.states[name] = "unknown"


EDITED: tuple[Callable[[Planted, str], None], ...] = (
    _description,
    _backup_role,
    _worker_role,
    _scope,
    _units,
    _renamed,
)
OTHERS = (_missing, _unwanted, _unmanaged, _evil, _error)


def plant(planted: Planted, first: int, shows_role: bool) -> None:
    """Plants every kind, each on an organization of its own, beginning with one of them.

    An appliance that does not show the role for backups refuses every edit that does not say it.
    """
    kinds = (*(EDITED if shows_role else (_unknown,)), *OTHERS)
    for kind, name in zip(kinds, list(planted.declared)[first:], strict=False):
        kind(planted, name)


def _path(planted: Planted, name: str, unit: str) -> str:
    state = planted.appliance.state()
    nodes = {node["aws_id"]: node for node in state["aws"][planted.declared[name]["aws_organization_id"]]["nodes"]}
    return f"/{nodes[unit]['name']}"
