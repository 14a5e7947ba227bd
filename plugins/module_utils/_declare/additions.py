# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the appliance shows of an addition that may be under way, or done by somebody else."""

from __future__ import annotations

from collections.abc import Sequence

from .._appliance.appliance import Appliance
from .._appliance.checks import check_role
from .._model.desired import Desired
from .._model.match import match
from .._model.organization import Organization

# How long an addition that may be under way is looked for. Seconds.
LOOK_FOR_S = 60.0


class Additions:
    """Looks for one declared organization by the list, by its role, and by its name."""

    def __init__(self, appliance: Appliance, desired: Desired) -> None:
        self._appliance = appliance
        self._desired = desired

    def look_for(self) -> Organization | None:
        """Poll for an addition that may be under way; None if it does not appear in time."""
        task = self._appliance.task
        waited, pause = 0.0, max(0.2, task.options["wait_interval"])
        limit = min(LOOK_FOR_S, task.options["wait_timeout"])
        while True:
            found = self.find()
            if found is not None or waited >= limit:
                return found
            task.sleep(min(pause, limit - waited))
            waited += pause

    def find(self, listed: Sequence[Organization] | None = None) -> Organization | None:
        """Return the declared organization as it is now: by the list, or by its role if it got another name.

        listed: what the list shows if it was read just now.
        """
        appliance, desired = self._appliance, self._desired
        organizations = appliance.reader.list_all([desired]) if listed is None else listed
        found = match(desired, organizations)
        if found is not None or not desired.rescan_iam_role:
            return found
        role_id = appliance.roles.find(desired.rescan_iam_role)
        added_as = self.added_as(role_id) if role_id else None
        return next((item for item in organizations if item.id == added_as), None)

    def added_as(self, role_id: str) -> str | None:
        """Return the ID of the organization that the AWS Organization of a role is registered as."""
        return check_role(self._appliance.api, role_id, self._desired.rescan_iam_role or role_id).added_as

    def has_name_of_role(self) -> bool:
        """Whether an IAM role of the appliance has the declared name, which no organization may have then."""
        return any(role.name == self._desired.name for role in self._appliance.roles.all())

    def is_under_way(self) -> bool:
        """Whether the name of a new organization is taken by none that is there: another addition has not ended yet."""
        if not self._desired.name or self.has_name_of_role():
            return False
        _valid, unique = self._appliance.api.validate_name(self._desired.name)
        return not unique
