# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What became of a write, by the appliance's own word: a change is verified before it counts as done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .._appliance.appliance import Appliance
from .._errors import ApplianceError, NotFound
from .._model.desired import Desired
from .._model.organization import Organization
from .._plan.plan import Change
from .._plan.verify import remaining, unverified
from .additions import Additions
from .preparation import Prepared

# The appliance answers a PUT when it is done; a second look is cheap all the same, a third one the last.
READ_BACKS = 3


@dataclass(frozen=True)
class Compared:
    """An organization after a write. left: what is not as declared. unverified: what the appliance does not show."""

    after: Organization
    left: Sequence[Change]
    unverified: tuple[str, ...]


class ReadBack:
    """Reads one declared organization again, with a few looks if an answer is not what was written."""

    def __init__(self, appliance: Appliance, desired: Desired) -> None:
        self._appliance = appliance
        self._task = appliance.task
        self._desired = desired

    def changed_since(self, planned: Organization) -> bool:
        """Whether somebody has changed the organization since it was planned with.

        A PUT sends back whatever it does not change, a removal cannot be undone, and what came before may have taken
        minutes.
        """
        try:
            return not self._appliance.reader.get(planned.id).is_as(planned)
        except NotFound:
            return True

    def compare(self, prepared: Prepared, organization_id: str) -> Compared:
        """Compare the organization as it is now with what is declared."""
        names = self._appliance.names
        for attempt in range(READ_BACKS):
            after = self._appliance.reader.get(organization_id)
            left = remaining(self._desired, prepared.references, prepared.actual, after, names)
            if not left:
                self._warn_of_lost_properties(prepared.actual, after)
                break
            self._pause_before(attempt)
        return Compared(after, left, unverified(self._desired, prepared.references, after, names))

    def is_gone(self, organization_id: str) -> bool:
        """Whether the single GET does not know the organization any more."""
        for attempt in range(READ_BACKS):
            try:
                self._appliance.api.get_organization(organization_id)
            except NotFound:
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
            f"The appliance says that the AWS Organization {self._desired.label!r} was added, and does not list it",
            reason="not_applied",
            stage="verify",
            remedy="Look at the session on the appliance.",
        )

    def _warn_of_lost_properties(self, before: Organization | None, after: Organization) -> None:
        """A change replaces everything, and what the collection does not know it cannot send back."""
        lost = [name for name, value in (before.other if before else {}).items() if value and not after.other.get(name)]
        if lost:
            self._task.warn(
                f"The AWS Organization {after.label} had the properties {', '.join(sorted(lost))}, which the "
                "collection does not know and could not send back; after the change the appliance shows them empty "
                "or not at all."
            )

    def _pause_before(self, attempt: int) -> None:
        if attempt < READ_BACKS - 1:
            self._task.sleep(min(1.0, self._task.options["wait_interval"]))
