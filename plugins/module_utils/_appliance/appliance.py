# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The appliance of a task, made in one place and given to everything that reads, checks or writes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from .._model.claims import Owners
from .._model.names import Names
from .._module.task import Task
from .api import Api
from .reader import Reader
from .rescans import Rescans
from .roles import Roles
from .sessions import Sessions, WaitingTime
from .structures import Structures


@dataclass(frozen=True)
class Appliance:
    """The calls of an appliance, what was read from it, and the time to wait for it.

    task: whose options, warnings and journal it serves. owners: which declaration of the task an organization belongs
    to. What was read, the owners and the time are shared by all items of a task.
    """

    task: Task
    api: Api
    names: Names
    reader: Reader
    structures: Structures
    roles: Roles
    sessions: Sessions
    rescans: Rescans
    owners: Owners = field(default_factory=Owners)

    @classmethod
    def of(cls, task: Task) -> Appliance:
        """Make the appliance of a task; sends nothing. Raises ApplianceError (invalid) for unusable options."""
        api, names = Api(task.client, task.journal, task.progress), Names(task.options.get("wire_names"))
        structures = Structures(api, names)
        sessions = Sessions(api, task, WaitingTime.of(task.options))
        rescans = Rescans(api, sessions, task.journal)
        reader = Reader(api, names, structures, task.progress)
        return cls(task, api, names, reader, structures, Roles(api), sessions, rescans)

    def for_item(self, task: Task) -> Appliance:
        """Return the same appliance for one item of a list. task: with the options and warnings of the item.

        The item gets a branch of the task's journal.
        """
        task = replace(task, journal=self.task.journal.branch())
        api = Api(task.client, task.journal, task.progress)
        sessions = Sessions(api, task, self.sessions.time)
        return replace(self, task=task, api=api, sessions=sessions, rescans=Rescans(api, sessions, task.journal))
