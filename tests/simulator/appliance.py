# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One appliance: its database and everything that is kept in it."""

from __future__ import annotations

import copy
from typing import Any

from . import additions, configuration, rescans, worlds
from .database import Database
from .ids import Ids
from .organizations import Organizations
from .roles import Roles
from .sessions import Sessions
from .settings import Settings
from .shape import Shape
from .structures import Structures
from .tokens import Tokens


class Appliance:
    """What the API and the control endpoint work on."""

    def __init__(
        self, settings: Settings, shape: Shape, seed: int, world: dict[str, Any], state_file: str = ""
    ) -> None:
        self._settings_at_start = copy.deepcopy(settings)
        self._world = world
        self.settings = settings
        self.database = Database(state_file or ":memory:")
        self.violations: list[str] = []
        self._compose(shape, seed)
        if self.database.get("installed") is None:
            self._install()
        self.tokens.forget()

    def _compose(self, shape: Shape, seed: int) -> None:
        self.shape, self.seed = shape, seed
        self.ids = Ids(self.database, seed)
        self.tokens = Tokens(self.database, self.settings)
        self.roles = Roles(self.database, self.ids)
        self.structures = Structures(self.database, self.ids)
        self.organizations = Organizations(self.database, self.ids)
        self.sessions = Sessions(self.database, self.ids)
        self.sessions.does("AmazonOrganizationAdd", lambda _id, payload, log: additions.carry_out(self, payload, log))
        self.sessions.does(
            "AmazonOrganizationRescan", lambda session, payload, log: rescans.carry_out(self, session, payload, log)
        )
        self.sessions.does(
            "AmazonOrganizationTest", lambda _id, payload, log: configuration.carry_out(self, payload, log)
        )

    def _install(self) -> None:
        with self.database.transaction():
            worlds.install(self, self._world)
            self.database.put("installed", "yes")

    def reset(
        self,
        shape: Shape | None = None,
        seed: int | None = None,
        world: dict[str, Any] | None = None,
        product: str | None = None,
    ) -> None:
        """Back to the start, or to another start. A world that cannot be installed leaves the appliance empty."""
        start = copy.deepcopy(self._settings_at_start)
        if product is not None:
            start = Settings(product=product, session_seconds=start.session_seconds, users=start.users)
        self._world = self._world if world is None else world
        self.settings.__dict__.update(start.__dict__)
        self._settings_at_start = start if product is not None else self._settings_at_start
        self.violations.clear()
        self.database.clear()
        self._compose(self.shape if shape is None else shape, self.seed if seed is None else seed)
        self._install()
