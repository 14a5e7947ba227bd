# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Carries a plan out and proves it: write, wait, read back, compare. The only place that adds, modifies or removes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

from ._additions import Additions
from ._desired import Desired
from ._errors import ApplianceError, NotFound, Refused, UnknownOutcome
from ._model import Organization
from ._preflight import check_removal
from ._prepare import Preparation, Prepared
from ._record import failed_record, record
from ._sessions import Session
from ._task import Task
from ._verify import not_applied, remaining, unverified

# The appliance answers a PUT when it is done; a second look is cheap all the same, a third one the last.
READ_BACKS = 3


def declare(task: Task, desired: Desired) -> dict[str, Any]:
    """Makes one organization what is declared and returns the result of the module.

    Raises ApplianceError that carries what was done before and the record of the organization.
    """
    return Declaration(task, desired).run()


class Declaration:
    """One organization on its way from declared to verified."""

    def __init__(self, task: Task, desired: Desired) -> None:
        self._task = task
        self._desired = desired
        self._preparation = Preparation(task, desired)
        self._additions = Additions(task, self._preparation)
        self._prepared: Prepared | None = None
        self._session: Session | str | None = None
        self._done: list[str] = []
        self._unknown: str | None = None
        self._may_replan = True

    def run(self) -> dict[str, Any]:
        """Plans, and outside of check mode carries out. See declare."""
        try:
            self._prepared = self._prepare()
            if self._task.check_mode or self._prepared.plan.action == "none":
                return self._record(
                    "planned" if self._prepared.plan.action != "none" else "done", self._prepared.actual
                )
            return self._execute(self._prepared)
        except ApplianceError as error:
            error.done = [*self._preparation.rescans.done, *self._done, *error.done]
            error.unknown = self._unknown or error.unknown
            error.journaled = True
            error.record = failed_record(self._preparation, self._prepared, error, self._session)
            raise

    def _prepare(self) -> Prepared:
        """Plans; a new name that is taken although nobody has it may be an add under way, which is waited for."""
        try:
            return self._preparation.prepare()
        except ApplianceError as error:
            if error.stage != "preflight":
                raise
            if error.reason == "conflict" and self._additions.is_called_as_a_role():
                error.remedy = "An IAM role of the appliance has this name, and names must differ. Choose another one."
                raise
            if self._task.check_mode:
                raise
            # Where the other add began after the check of the name, the check of the settings refuses.
            if error.reason != "conflict" and not (error.reason == "invalid" and self._additions.is_being_added()):
                raise
            if self._additions.look_for() is None:
                raise
            return self._preparation.prepare()

    def _execute(self, prepared: Prepared) -> dict[str, Any]:
        if prepared.plan.action == "remove":
            return self._remove(prepared)
        if prepared.plan.action == "create":
            return self._add(prepared)
        return self._modify(prepared)

    def _add(self, prepared: Prepared) -> dict[str, Any]:
        """Adds and waits. An add is never sent twice: one whose answer is lost is looked for."""
        label = self._desired.label
        role_id = prepared.references.rescan_role_id
        if prepared.took_time and role_id and self._preparation.added_as(role_id):
            return self._replan(None)
        try:
            session = self._preparation.api.add_organization(prepared.plan.body, label)
        except UnknownOutcome:
            self._unknown = f"the AWS Organization {label!r} was added"
            if self._additions.look_for() is None:
                raise
            self._task.client.settled()
        except Refused as error:
            if self._additions.find() is None and self._additions.is_being_added():
                self._additions.look_for()
            return self._replan(error)
        else:
            self._session = session
            if not self._task.options["wait"]:
                return self._record("done", None, verified=False)
            try:
                self._wait_for_add(session)
            except ApplianceError as error:
                if error.reason != "session_failed" or self._additions.find() is None:
                    raise
                # A session that the appliance forgot leaves open how it ended, as a lost answer does.
                if self._unknown is None:
                    return self._replan(error)
        self._unknown = None
        self._done.append(f"the AWS Organization {label!r} was added")
        return self._verified(prepared, self._added().id)

    def _added(self) -> Organization:
        """The organization that was just added: the session does not promise its ID, so the list is asked."""
        for attempt in range(READ_BACKS):
            found = self._additions.find()
            if found is not None:
                return found
            self._pause_before(attempt)
        raise ApplianceError(
            f"The appliance says that the AWS Organization {self._desired.label!r} was added, and does not list it",
            reason="not_applied",
            stage="verify",
            remedy="Look at the session on the appliance.",
        )

    def _wait_for_add(self, session: str) -> None:
        label = self._desired.label
        self._unknown = f"the AWS Organization {label!r} gets added by the session {session}"
        ended = self._preparation.sessions.wait(session, f"Adding the AWS Organization {label!r}")
        self._session, self._unknown = ended, None
        self._preparation.sessions.require(ended, f"Adding the AWS Organization {label!r}")

    def _modify(self, prepared: Prepared) -> dict[str, Any]:
        actual = cast(Organization, prepared.actual)
        label = actual.label
        if self._changed_since(actual):
            return self._start_again()
        try:
            self._preparation.api.modify_organization(actual.id, prepared.plan.body, label)
        except UnknownOutcome:
            self._unknown = f"the AWS Organization {label} was modified"
            if not self._may_replan:
                raise
            return self._replan(None)
        self._unknown = None
        self._done.append(f"the AWS Organization {label} was modified")
        return self._verified(prepared, actual.id)

    def _changed_since(self, planned: Organization) -> bool:
        """Whether somebody has changed the organization since it was planned with.

        A PUT sends back whatever it does not change, and the checks before it may have taken minutes.
        """
        reader = self._preparation.reader
        try:
            now = reader.with_members(reader.organization(planned.id))
        except NotFound:
            return True
        return not now.is_as(planned)

    def _start_again(self) -> dict[str, Any]:
        """Plans once more, from what somebody else has made of the organization in the meantime."""
        if not self._may_replan:
            raise self._kept_changing()
        self._may_replan = False
        self._prepared = self._prepare()
        if self._prepared.plan.action == "none":
            return self._record("done", self._prepared.actual)
        return self._execute(self._prepared)

    def _kept_changing(self) -> ApplianceError:
        return ApplianceError(
            f"The AWS Organization {self._desired.label!r} kept changing while it was worked on",
            reason="conflict",
            remedy="Somebody else works on it; run again later.",
        )

    def _remove(self, prepared: Prepared) -> dict[str, Any]:
        api, actual = self._preparation.api, cast(Organization, prepared.actual)
        try:
            api.remove_organization(actual.id, actual.label)
        except NotFound:
            # Somebody was faster, or the first of two attempts did it: gone is gone, as the read below proves.
            self._task.warn(f"The AWS Organization {actual.label} was gone already when it was to be removed.")
        except Refused as error:
            if any(finding.severity == "error" for finding in check_removal(api, actual.id)):
                error.reason = "in_use"
            raise
        self._done.append(f"the AWS Organization {actual.label} was removed")
        for attempt in range(READ_BACKS):
            try:
                api.get_organization(actual.id)
            except NotFound:
                return self._record("done", None)
            self._pause_before(attempt)
        self._done.clear()
        self._unknown = f"the AWS Organization {actual.label} gets removed"
        raise ApplianceError(
            f"The appliance accepted to remove the AWS Organization {actual.label}, and still shows it",
            reason="not_applied",
            stage="verify",
            remedy="Look at the appliance; a later run tries again.",
        )

    def _verified(self, prepared: Prepared, organization_id: str) -> dict[str, Any]:
        """Reads the organization back. Raises ApplianceError (not_applied) naming every field that did not arrive."""
        reader = self._preparation.reader
        for attempt in range(READ_BACKS):
            after = reader.with_members(reader.organization(organization_id))
            left = remaining(self._desired, prepared.references, prepared.actual, after, self._preparation.names)
            if not left:
                self._warn_of_lost_properties(prepared.actual, after)
                hidden = unverified(self._desired, prepared.references, after, self._preparation.names)
                self._prepared = replace(prepared, plan=replace(prepared.plan, unverified=hidden))
                return self._record("done", after)
            self._pause_before(attempt)
        if prepared.actual is not None and after.is_as(prepared.actual) and not prepared.plan.unverified:
            self._done.clear()
        raise not_applied(self._desired, after, left, self._preparation.names)

    def _warn_of_lost_properties(self, before: Organization | None, after: Organization) -> None:
        """A change replaces everything, and what the collection does not know it cannot send back."""
        lost = [name for name, value in (before.other if before else {}).items() if value and not after.other.get(name)]
        if lost:
            self._task.warn(
                f"The AWS Organization {after.label} had the properties {', '.join(sorted(lost))}, which the "
                "collection does not know and could not send back; after the change the appliance shows them empty "
                "or not at all."
            )

    def _replan(self, refused: ApplianceError | None) -> dict[str, Any]:
        """Starts again, once, from what is there now: somebody else was faster, or a lost answer was carried out.

        refused: the refusal of an add, which stands unless the organization exists now.
        """
        if not self._may_replan or (refused is not None and self._additions.find() is None):
            raise refused or self._kept_changing()
        self._may_replan = False
        before, self._prepared = self._prepared, self._prepare()
        action = self._prepared.plan.action
        if action == "create":
            raise refused or ApplianceError(f"The AWS Organization {self._desired.label!r} vanished", reason="conflict")
        if action != "none":
            return self._execute(self._prepared)
        self._unknown = None
        self._task.client.settled()
        if before is not None and before.actual is not None:
            # The PUT whose answer was lost was carried out, so that it is this task's change.
            self._prepared = before
            self._done.append(f"the AWS Organization {before.actual.label} was modified")
            return self._verified(before, before.actual.id)
        return self._record("done", self._prepared.actual)

    def _pause_before(self, attempt: int) -> None:
        if attempt < READ_BACKS - 1:
            self._task.sleep(min(1.0, self._task.options["wait_interval"]))

    def _record(self, outcome: str, organization: Organization | None, verified: bool = True) -> dict[str, Any]:
        prepared = cast(Prepared, self._prepared)
        return record(self._preparation, prepared, outcome, organization, self._session, verified)
