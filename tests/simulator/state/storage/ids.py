# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""System IDs that differ from appliance to appliance and are the same in every run of one seed."""

from __future__ import annotations

import hashlib
import uuid

from .database import Database


class Ids:
    """UUIDs drawn from a seed. How many were drawn is kept in the database: none comes twice after a restart."""

    def __init__(self, database: Database, seed: int) -> None:
        self._database = database
        self._seed = seed

    def new(self) -> str:
        """The next UUID, as text."""
        return self.several(1)[0]

    def several(self, count: int) -> list[str]:
        """The next UUIDs, as text."""
        drawn = int(self._database.get("drawn_ids") or 0)
        self._database.put("drawn_ids", str(drawn + count))
        return [self._uuid(number) for number in range(drawn + 1, drawn + count + 1)]

    def _uuid(self, number: int) -> str:
        digest = hashlib.sha256(f"{self._seed}/{number}".encode()).digest()
        return str(uuid.UUID(bytes=digest[:16], version=4))
