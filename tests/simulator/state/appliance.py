# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One appliance: its database and everything that is kept in it."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from . import worlds
from .sessions import Sessions
from .settings import Clock, Settings, User
from .shape import Shape
from .storage.database import Database
from .storage.ids import Ids
from .storage.organizations import Organizations
from .storage.roles import Roles
from .storage.structures import Structures
from .tokens import Tokens
from .work import additions, configuration, rescans


@dataclass(frozen=True)
class Start:
    """What an appliance is started with. `shape` is a shape, a dict of its fields, or one of the words of Shape.of."""

    world: Mapping[str, Any]
    users: Mapping[str, User]
    shape: Shape | Mapping[str, Any] | str = "documented"
    seed: int = 1
    product: str = "9"
    session_seconds: float = 0.2

    def settings(self) -> Settings:
        """The changeable settings at the start."""
        return Settings(product=self.product, session_seconds=self.session_seconds, users=dict(self.users))


class Appliance:
    """What the API and the control endpoint work on. A context manager that closes its database."""

    def __init__(self, start: Start, state_file: str = "", clock: Clock = time.time) -> None:
        self._start = start
        self._clock = clock
        self.database = Database(state_file or ":memory:")
        self.violations: list[str] = []
        self.settings = start.settings()
        try:
            self._begin()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes the database."""
        self.database.close()

    def _begin(self) -> None:
        start, kept = self._start, self.database.get("shape")
        if kept is not None:
            # A database that is gone on with belongs to an appliance that has its shape and its seed.
            self._compose(Shape.from_dict(json.loads(kept)), int(self.database.get("seed") or 0))
        else:
            self._compose(Shape.of(start.shape, start.seed), start.seed)
            self._install(start.world)
        self.tokens.forget()

    def _compose(self, shape: Shape, seed: int) -> None:
        self.shape, self.seed = shape, seed
        self.ids = Ids(self.database, seed)
        self.tokens = Tokens(self.database, self.settings, self._clock)
        self.roles = Roles(self.database, self.ids)
        self.structures = Structures(self.database, self.ids)
        self.organizations = Organizations(self.database, self.ids)
        self.sessions = Sessions(self.database, self.ids, self._clock)
        self.sessions.does("AmazonOrganizationAdd", lambda _id, payload, log: additions.carry_out(self, payload, log))
        self.sessions.does(
            "AmazonOrganizationRescan", lambda session, payload, log: rescans.carry_out(self, session, payload, log)
        )
        self.sessions.does(
            "AmazonOrganizationTest", lambda _id, payload, log: configuration.carry_out(self, payload, log)
        )

    def _install(self, world: Mapping[str, Any]) -> None:
        with self.database.transaction():
            worlds.install(self, world)
            self.database.put("shape", json.dumps(self.shape.as_dict()))
            self.database.put("seed", str(self.seed))

    def reset(self, **changes: Any) -> None:
        """Back to the start, or to one that differs in fields of Start. Other resets are forgotten.

        Raises ValueError for what cannot be; a world that cannot be installed leaves the appliance empty.
        """
        start = replace(self._start, **changes)
        settings, shape = start.settings(), Shape.of(start.shape, start.seed)
        self.settings.__dict__.update(settings.__dict__)
        self.violations.clear()
        self.database.clear()
        self._compose(shape, start.seed)
        self._install(start.world)
