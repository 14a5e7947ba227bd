# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the appliance shows of a write, before it counts as done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .._appliance.appliance import Appliance
from .._appliance.checks import check_role
from .._errors import ApplianceError, NotFound
from .._model.desired import Desired
from .._model.match import match
from .._model.organization import Organization
from .._model.seen import Listed
from .._plan.plan import Change
from .._plan.verify import remaining, unverified
from .._wording import quoted
from .preparation import Prepared

# How long an addition that may be under way is looked for. Seconds.
LOOK_FOR_S = 60.0
# The appliance answers a PUT when it is done; a second look is cheap, and a third is the last.
READ_BACKS = 3


@dataclass(frozen=True)
class Compared:
    """An organization after a write. left: what is not as declared. unverified: what the appliance does not show."""

    after: Organization
    left: Sequence[Change]
    unverified: tuple[str, ...]


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
            task.progress.report(lambda: f"Looking for the AWS Organization {quoted(self._desired.label)}")
            task.sleep(min(pause, limit - waited))
            waited += pause

    def find(self, listed: Sequence[Organization] | None = None) -> Organization | None:
        """Return the declared organization as it is now: by the list, or by its role if it got another name.

        listed: what the list shows if it was read just now. Raises ApplianceError (conflict) if the organization
        belongs to another declaration of the task.
        """
        found = self._find(listed)
        if found is not None:
            self._appliance.owners.require_free(self._desired, found)
            self._appliance.owners.enter(self._desired, found)
        return found

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
        return not self._appliance.api.validate_name(self._desired.name).unique

    def _find(self, listed: Sequence[Organization] | None) -> Organization | None:
        appliance, desired = self._appliance, self._desired
        organizations = Listed.of(appliance.reader.list_all([desired]) if listed is None else listed)
        found = match(desired, organizations)
        if found is not None or not desired.rescan_iam_role:
            return found
        role_id = appliance.roles.find(desired.rescan_iam_role)
        added_as = self.added_as(role_id) if role_id else None
        return organizations.get(added_as)


class ReadBack:
    """Reads one declared organization again, with a few looks if an answer is not what was written."""

    def __init__(self, appliance: Appliance, desired: Desired) -> None:
        self._appliance = appliance
        self._task = appliance.task
        self._desired = desired

    def as_now(self, planned: Organization) -> Organization | None:
        """Return the organization as it is now, None if somebody has changed it since it was planned with.

        A PUT sends back whatever it does not change, a removal cannot be undone, and what came before may have taken
        minutes. Members that only the structure shows take calls of their own, so the organization is read once more
        after them.
        """
        reader = self._appliance.reader
        try:
            now = reader.get(planned.id)
            if any(scope.subtree is not None for scope in now.limited_scopes) and not reader.still(now):
                return None
        except NotFound:
            return None
        return now if now.is_as(planned) else None

    def compare(self, prepared: Prepared, organization_id: str) -> Compared:
        """Compare the organization as it is now with what is declared."""
        names = self._appliance.names
        for attempt in range(READ_BACKS):
            after = self._appliance.reader.get(organization_id)
            left = remaining(self._desired, prepared.references, prepared.actual, after, names)
            if not left:
                break
            self._pause_before(attempt)
        return Compared(after, left, unverified(self._desired, prepared.references, after, names))

    def is_gone(self, organization_id: str) -> bool:
        """Whether the single GET does not know the organization any more."""
        for attempt in range(READ_BACKS):
            if not self._appliance.reader.exists(organization_id):
                return True
            self._pause_before(attempt)
        return False

    def find_added(self, additions: Additions, listed: Sequence[Organization] | None) -> Organization:
        """Return the organization that was just added: the session does not promise its ID, so the list is read.

        listed: what the list shows if it was read after that. Raises ApplianceError (not_applied).
        """
        for attempt in range(READ_BACKS):
            found = additions.find(listed if attempt == 0 else None)
            if found is not None:
                return found
            self._pause_before(attempt)
        raise ApplianceError(
            f"The appliance says that the AWS Organization {quoted(self._desired.label)} was added, and does "
            "not list it",
            reason="not_applied",
            stage="verify",
            remedy="Look at the session on the appliance.",
        )

    def _pause_before(self, attempt: int) -> None:
        if attempt < READ_BACKS - 1:
            self._task.sleep(min(1.0, self._task.options["wait_interval"]))
