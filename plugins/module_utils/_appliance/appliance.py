# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all declarations of one task share."""

from __future__ import annotations

from dataclasses import dataclass

from .._model.names import Names
from .._module.task import Task
from .api import Api
from .reader import Reader
from .sessions import WaitingTime


@dataclass(frozen=True)
class Workbench:
    """The way to the appliance, what was read of it, and the time that there is to wait."""

    api: Api
    names: Names
    reader: Reader
    time: WaitingTime

    @classmethod
    def of(cls, task: Task) -> Workbench:
        """Sends nothing. Raises ApplianceError (invalid) where the options of the connection name no property."""
        api, names = Api(task.client), Names(task.options.get("wire_names"))
        return cls(api, names, Reader(api, names), WaitingTime(task.options["wait_timeout"]))
