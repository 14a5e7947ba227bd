# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Looking at what a write has left on the appliance."""

from __future__ import annotations

from .._errors import ApplianceError, NotFound
from .._model.organization import Organization
from .._module.task import Task
from .._plan.plan import Change
from .._plan.verify import remaining, unverified
from .additions import Additions
from .preparation import Preparation, Prepared

# The appliance answers a PUT when it is done; a second look is cheap all the same, a third one the last.
READ_BACKS = 3


class ReadBack:
    """Reads one declared organization again, with a few looks where an answer is not what was written."""

    def __init__(self, task: Task, preparation: Preparation) -> None:
        self._task = task
        self._preparation = preparation

    def changed_since(self, planned: Organization) -> bool:
        """Whether somebody has changed the organization since it was planned with.

        A PUT sends back whatever it does not change, a removal cannot be undone, and what came before may have taken
        minutes.
        """
        reader = self._preparation.reader
        try:
            now = reader.with_members(reader.organization(planned.id))
        except NotFound:
            return True
        return not now.is_as(planned)

    def compare(self, prepared: Prepared, organization_id: str) -> tuple[Organization, list[Change], tuple[str, ...]]:
        """The organization as it is, what is not as declared, and what of the declared the appliance does not show."""
        reader, names, desired = self._preparation.reader, self._preparation.names, self._preparation.desired
        for attempt in range(READ_BACKS):
            after = reader.with_members(reader.organization(organization_id))
            left = remaining(desired, prepared.references, prepared.actual, after, names)
            if not left:
                self._warn_of_lost_properties(prepared.actual, after)
                break
            self._pause_before(attempt)
        return after, left, unverified(desired, prepared.references, after, names)

    def is_gone(self, organization_id: str) -> bool:
        """Whether the single GET knows the organization no more."""
        for attempt in range(READ_BACKS):
            try:
                self._preparation.api.get_organization(organization_id)
            except NotFound:
                return True
            self._pause_before(attempt)
        return False

    def added(self, additions: Additions, listed: list[Organization] | None) -> Organization:
        """The organization that was just added: the session does not promise its ID, so the list is asked.

        listed: what the list shows if it was read after that. Raises ApplianceError (not_applied).
        """
        for attempt in range(READ_BACKS):
            found = additions.find(listed if attempt == 0 else None)
            if found is not None:
                return found
            self._pause_before(attempt)
        raise ApplianceError(
            f"The appliance says that the AWS Organization {self._preparation.desired.label!r} was added, and does not "
            "list it",
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
