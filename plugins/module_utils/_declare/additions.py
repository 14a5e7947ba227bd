# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finding an organization that is being added: by a call whose answer was lost, or by somebody else."""

from __future__ import annotations

from collections.abc import Collection

from .._errors import ApplianceError
from .._model.organization import Organization
from .._module.task import Task
from .preparation import Preparation, Prepared

# How long an addition that may be under way is looked for. Seconds.
LOOK_FOR_S = 60.0


class Additions:
    """What the list, call 13 and call 14 tell of one declared organization at this moment."""

    def __init__(self, task: Task, preparation: Preparation) -> None:
        self._task = task
        self._preparation = preparation
        self._desired = preparation.desired

    def prepare(self, listed: list[Organization] | None = None, released: Collection[str] = ()) -> Prepared:
        """Plans; a new name that is taken although nobody has it may be an add under way, which is waited for."""
        try:
            return self._preparation.prepare(listed, released)
        except ApplianceError as error:
            if error.stage != "preflight":
                raise
            if error.reason == "conflict" and self.is_called_as_a_role():
                error.remedy = "An IAM role of the appliance has this name, and names must differ. Choose another one."
                raise
            if self._task.check_mode:
                raise
            # Where the other add began after the check of the name, the check of the settings refuses.
            if error.reason != "conflict" and not (error.reason == "invalid" and self.is_being_added()):
                raise
            if self.look_for() is None:
                raise
            return self._preparation.prepare()

    def look_for(self) -> Organization | None:
        """Polls the list and call 13 for an add that may be under way; None where it does not appear in time."""
        waited, pause = 0.0, max(0.2, self._task.options["wait_interval"])
        limit = min(LOOK_FOR_S, self._task.options["wait_timeout"])
        while True:
            found = self.find()
            if found is not None or waited >= limit:
                return found
            self._task.sleep(min(pause, limit - waited))
            waited += pause

    def find(self, listed: list[Organization] | None = None) -> Organization | None:
        """The declared organization as it is now, by the list, or by call 13 where it got another name.

        listed: what the list shows if it was read just now.
        """
        found, organizations = self._preparation.find(listed)
        reference = self._desired.rescan_iam_role
        role_id = self._preparation.reader.roles.find(reference) if found is None and reference else None
        added_as = self._preparation.added_as(role_id) if role_id else None
        return found or next((item for item in organizations if item.id == added_as), None)

    def is_called_as_a_role(self) -> bool:
        """Whether an IAM role of the appliance has the declared name, which no organization may have then."""
        return any(role.name == self._desired.name for role in self._preparation.reader.roles.all())

    def is_being_added(self) -> bool:
        """Whether the name of a new organization is taken by none that is there: another add has not ended yet."""
        name = self._desired.name
        if not self._preparation.adding or not name or self.is_called_as_a_role():
            return False
        _valid, unique = self._preparation.api.validate_name(name)
        return not unique
