# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The AWS Organizations that are registered on the appliance: how they are kept."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import asdict, dataclass, field
from typing import Any

from .database import Database
from .ids import Ids


@dataclass
class Scope:
    """A named set of units, by AWS ID. A new one has no ID yet."""

    id: str
    name: str
    organizational_units: list[str]
    other: dict[str, Any] = field(default_factory=dict)
    """Properties that no documentation names, as they are shown."""


@dataclass
class NewSettings:
    """What an add or a PUT brings. The rescan role is the ID of a role; no text or an empty one is not set."""

    name: str
    description: str | None
    rescan_iam_role: str
    backup_restore_iam_role_name: str | None
    production_worker_iam_role_name: str | None
    limited_scopes: list[Scope] = field(default_factory=list)
    other: dict[str, Any] = field(default_factory=dict)
    """Properties that no documentation names, as they are shown."""

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> NewSettings:
        """The reverse of dataclasses.asdict."""
        return cls(**{**values, "limited_scopes": [Scope(**scope) for scope in values["limited_scopes"]]})


@dataclass
class Organization(NewSettings):
    """An organization that is registered. Without limited scopes it is covered entirely."""

    id: str = ""
    aws_organization_id: str = ""

    @property
    def scope(self) -> str:
        """How much of the AWS Organization is covered."""
        return "limited" if self.limited_scopes else "entire"


class Organizations:
    """Reads and writes organizations, and the policies that use them."""

    def __init__(self, database: Database, ids: Ids) -> None:
        self._database = database
        self._ids = ids

    def all(self) -> list[Organization]:
        """All organizations in the order in which they were added."""
        return self._find("1 = 1")

    def get(self, organization_id: str) -> Organization | None:
        """The organization with an ID of the appliance."""
        return next(iter(self._find("id = ?", organization_id)), None)

    def called(self, name: str) -> Organization | None:
        """The organization of a name."""
        return next(iter(self._find("name = ?", name)), None)

    def of_aws(self, aws_organization_id: str) -> Organization | None:
        """The organization with an ID of AWS."""
        return next(iter(self._find("aws_organization = ?", aws_organization_id)), None)

    def _find(self, condition: str, *values: str) -> list[Organization]:
        rows = self._database.all(f"SELECT * FROM organizations WHERE {condition} ORDER BY position", *values)  # noqa: S608
        of_one = len(rows) == 1
        which = ("WHERE organization = ?", rows[0]["id"]) if of_one else ("",)
        scopes: dict[str, list[Scope]] = defaultdict(list)
        if rows:
            for row in self._database.all(f"SELECT * FROM scopes {which[0]} ORDER BY position", *which[1:]):  # noqa: S608
                scope = Scope(row["id"], row["name"], json.loads(row["units"]), json.loads(row["other"]))
                scopes[row["organization"]].append(scope)
        return [
            Organization(
                id=row["id"],
                aws_organization_id=row["aws_organization"],
                name=row["name"],
                description=row["description"],
                rescan_iam_role=row["rescan_role"],
                backup_restore_iam_role_name=row["backup_role"],
                production_worker_iam_role_name=row["worker_role"],
                limited_scopes=scopes[row["id"]],
                other=json.loads(row["other"]),
            )
            for row in rows
        ]

    def add(self, settings: NewSettings, aws_organization_id: str, organization_id: str = "") -> Organization:
        """Registers an organization, under a new ID if none is given."""
        organization = organization_id or self._ids.new()
        with self._database.transaction():
            self._database.run(
                "INSERT INTO organizations"
                " (id, aws_organization, name, description, rescan_role, backup_role, worker_role, other)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                organization,
                aws_organization_id,
                *_columns(settings),
            )
            self._put_scopes(organization, settings.limited_scopes)
        added = self.get(organization)
        assert added is not None
        return added

    def replace(self, organization_id: str, settings: NewSettings) -> None:
        """Gives an organization other settings and scopes. Scopes that are not among them are gone."""
        with self._database.transaction():
            self._database.run(
                "UPDATE organizations SET name = ?, description = ?, rescan_role = ?, backup_role = ?, worker_role = ?,"
                " other = ? WHERE id = ?",
                *_columns(settings),
                organization_id,
            )
            kept = {scope.id for scope in settings.limited_scopes}
            for row in self._database.all("SELECT id FROM scopes WHERE organization = ?", organization_id):
                if row["id"] not in kept:
                    self._database.run("DELETE FROM scopes WHERE id = ?", row["id"])
            self._put_scopes(organization_id, settings.limited_scopes)

    def _put_scopes(self, organization_id: str, scopes: list[Scope]) -> None:
        for scope in scopes:
            self._database.run(
                "INSERT INTO scopes (id, organization, name, units, other) VALUES (?, ?, ?, ?, ?)"
                " ON CONFLICT (id) DO UPDATE SET name = excluded.name, units = excluded.units, other = excluded.other",
                scope.id or self._ids.new(),
                organization_id,
                scope.name,
                json.dumps(scope.organizational_units),
                json.dumps(scope.other),
            )

    def remove(self, organization_id: str) -> None:
        """Takes an organization off, with its scopes and what uses them."""
        self._database.run("DELETE FROM organizations WHERE id = ?", organization_id)

    def policies(self, organization_id: str, scope_id: str | None = None) -> list[str]:
        """The backup policies that use an organization (or any of its scopes), or one of its scopes."""
        column, value = ("organization", organization_id) if scope_id is None else ("scope", scope_id)
        rows = self._database.all(f"SELECT policy FROM policies WHERE {column} = ? ORDER BY rowid", value)  # noqa: S608
        return [row["policy"] for row in rows]

    def use(self, policy: str, organization_id: str, scope_id: str | None) -> None:
        """Lets a backup policy use an organization or one of its scopes."""
        self._database.run("INSERT INTO policies VALUES (?, ?, ?)", organization_id, scope_id, policy)

    def unuse(self, policy: str | None = None) -> None:
        """Removes a backup policy, or all of them."""
        self._database.run("DELETE FROM policies WHERE ? IS NULL OR policy = ?", policy, policy)


def _columns(settings: NewSettings) -> tuple[str | None, ...]:
    return (
        settings.name,
        settings.description,
        settings.rescan_iam_role,
        settings.backup_restore_iam_role_name,
        settings.production_worker_iam_role_name,
        json.dumps(settings.other),
    )


def as_payload(settings: NewSettings) -> dict[str, Any]:
    """The settings as JSON has them, for a session that uses them later."""
    values = asdict(settings)
    return {key: values[key] for key in NewSettings.__dataclass_fields__}
