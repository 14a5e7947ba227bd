# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keeps structures in the database: described ones, those stored with an organization, and what rescans found."""

from __future__ import annotations

import json

from .database import Database
from .ids import Ids
from .structure import Node, Structure


class Structures:
    """Structures by owner: an AWS ID (described), the ID of an organization (stored) or of a session (in memory)."""

    def __init__(self, database: Database, ids: Ids) -> None:
        self._database = database
        self._ids = ids
        self._read: dict[str, Structure] = {}

    def get(self, owner: str) -> Structure | None:
        """The structure of an owner, or None."""
        if owner not in self._read:
            rows = self._database.all("SELECT * FROM nodes WHERE owner = ? ORDER BY position", owner)
            if not rows:
                return None
            self._read[owner] = Structure(
                Node(
                    row["aws_id"],
                    row["name"],
                    row["type"],
                    row["parent"],
                    tuple(json.loads(row["iam_roles"])),
                    row["id"],
                )
                for row in rows
            )
        return self._read[owner]

    def put(self, owner: str, structure: Structure) -> None:
        """Replaces the structure of an owner."""
        with self._database.transaction():
            self.drop(owner)
            self._database.many(
                "INSERT INTO nodes (owner, position, aws_id, name, type, parent, id, iam_roles)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    (
                        owner,
                        position,
                        node.aws_id,
                        node.name,
                        node.type,
                        node.parent,
                        node.id,
                        json.dumps(node.iam_roles),
                    )
                    for position, node in enumerate(structure)
                ),
            )

    def store(self, organization: str, structure: Structure) -> None:
        """Stores what a rescan found. Who was there before keeps the appliance's ID."""
        before = self.get(organization)
        ids = {} if before is None else {node.aws_id: node.id for node in before}
        new = [node.aws_id for node in structure if node.aws_id not in ids]
        ids.update(zip(new, self._ids.several(len(new)), strict=True))
        self.put(organization, structure.with_system_ids(ids))

    def drop(self, owner: str) -> None:
        """Forgets the structure of an owner."""
        self._read.pop(owner, None)
        self._database.run("DELETE FROM nodes WHERE owner = ?", owner)

    def forget(self) -> None:
        """Forgets what was read: the database was emptied."""
        self._read.clear()
