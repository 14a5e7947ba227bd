# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The IAM roles that are registered on the appliance."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from .database import Database
from .ids import Ids


@dataclass(frozen=True)
class Role:
    """An IAM role. `aws_organization` is the described AWS Organization that it belongs to, or empty.

    It can read it unless AWS does not let the appliance use it: then it is not trusted. Without an AWS account its ARN
    is not shown.
    """

    id: str
    name: str
    description: str
    aws_account_id: str
    aws_organization: str
    permissions: tuple[str, ...]
    trusted: bool = True


class Roles:
    """Reads and writes IAM roles. Names need not be unique."""

    def __init__(self, database: Database, ids: Ids) -> None:
        self._database = database
        self._ids = ids

    def all(self) -> list[Role]:
        """All roles in the order in which they were registered."""
        return [_role(row) for row in self._database.all("SELECT * FROM roles ORDER BY position")]

    def get(self, role_id: str) -> Role | None:
        """The role with an ID."""
        row = self._database.one("SELECT * FROM roles WHERE id = ?", role_id)
        return None if row is None else _role(row)

    def called(self, name: str) -> list[Role]:
        """The roles of a name."""
        return [_role(row) for row in self._database.all("SELECT * FROM roles WHERE name = ? ORDER BY position", name)]

    def add(
        self,
        name: str,
        aws_account_id: str,
        *,
        description: str = "",
        aws_organization: str = "",
        permissions: Sequence[str] | None = None,
        id: str = "",
    ) -> Role:
        """Registers a role, under a new ID if none is given.

        By default a role that can read an AWS Organization says so in its permissions.
        """
        if permissions is None:
            permissions = ("OrganizationRescanRole",) if aws_organization else ()
        role = Role(id or self._ids.new(), name, description, aws_account_id, aws_organization, tuple(permissions))
        self._database.run(
            "INSERT INTO roles (id, name, description, aws_account_id, aws_organization, permissions, trusted)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            role.id,
            name,
            description,
            aws_account_id,
            aws_organization,
            json.dumps(role.permissions),
            role.trusted,
        )
        return role

    def change(self, role_id: str, *, aws_organization: str, trusted: bool) -> None:
        """Lets a role belong to another AWS Organization or to none, and AWS trust it or not."""
        self._database.run(
            "UPDATE roles SET aws_organization = ?, trusted = ? WHERE id = ?", aws_organization, trusted, role_id
        )

    def remove(self, role_id: str) -> None:
        """Takes a role off."""
        self._database.run("DELETE FROM roles WHERE id = ?", role_id)


def _role(row: sqlite3.Row) -> Role:
    return Role(
        row["id"],
        row["name"],
        row["description"],
        row["aws_account_id"],
        row["aws_organization"],
        tuple(json.loads(row["permissions"])),
        bool(row["trusted"]),
    )
