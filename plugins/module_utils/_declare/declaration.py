# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Carries a plan out and proves it: write, wait, read back, compare. The only place that adds, modifies or removes."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, cast

from .._appliance.appliance import Workbench
from .._appliance.checks import check_removal
from .._appliance.sessions import Session
from .._errors import ApplianceError, NotFound, Refused, UnknownOutcome
from .._model.desired import Desired
from .._model.organization import Organization
from .._module.task import Task
from .._plan.limits import plan_id, require_approved, require_few_accounts_lost
from .._plan.verify import not_applied
from .additions import Additions
from .preparation import Preparation, Prepared
from .read_back import ReadBack
from .results import failed_record, record


class Declaration:
    """One organization on its way from declared to verified, in steps that may alternate with those of others.

    First plan; then, unless nothing is to be done, either change, or start and finish for an addition. Once it has a
    result or an error it has ended.

    result: what the module returns of it. error: what it failed with, which carries what was done before and the record
    of the organization. declared: False for one that is removed for not being declared.
    """

    def __init__(self, task: Task, desired: Desired, bench: Workbench, declared: bool = True) -> None:
        self.task = task
        self.desired = desired
        self.declared = declared
        self.error: ApplianceError | None = None
        self.prepared: Prepared | None = None
        self.result: dict[str, Any] | None = None
        self._preparation = Preparation(task, desired, bench)
        self._additions = Additions(task, self._preparation)
        self._read_back = ReadBack(task, self._preparation)
        self._session: Session | str | None = None
        self._done: list[str] = []
        self.untouched = False
        self._unknown: str | None = None
        self._lost: str | None = None
        self._may_replan = True

    def plan(self, listed: list[Organization] | None = None, released: Collection[str] = ()) -> None:
        """Plans, with all checks. See Preparation.prepare."""
        with self._told():
            self.prepared = self._additions.prepare(listed, released)
            if self.prepared.plan.action == "none":
                self._record("done", self.prepared.actual)

    def show(self) -> None:
        """Leaves it at the plan: in check mode, or where something else keeps it from being carried out."""
        self.untouched = not self.task.check_mode
        self._record("planned", cast(Prepared, self.prepared).actual)

    def change(self) -> None:
        """Modifies or removes, reads back and compares."""
        with self._told():
            self._ready()
            if self.result is None:
                self._execute(cast(Prepared, self.prepared))

    def start(self, look_again: bool) -> str | None:
        """Adds, and returns the session to wait for, or None where there is nothing to wait for.

        look_again: others had time to add it since it was planned.
        """
        with self._told():
            self._ready()
            if self.result is not None:
                return None
            prepared = cast(Prepared, self.prepared)
            if prepared.plan.action != "create":
                self._execute(prepared)
                return None
            return self._start(prepared, look_again)
        return None

    def finish(self, ended: Session | ApplianceError | None, listed: list[Organization] | None = None) -> None:
        """Judges how the session of an addition ended, reads back and compares.

        ended: None without a session. listed: the organizations of the appliance if they were read after that.
        """
        with self._told():
            if not self.ended:
                self._finish(ended, listed)

    def refuse(self, error: ApplianceError) -> None:
        """Ends it with an error that is not its own, before anything was attempted."""
        with self._told():
            raise error

    @property
    def ended(self) -> bool:
        return self.result is not None or self.error is not None

    @property
    def done(self) -> list[str]:
        """What was changed on the appliance, in words."""
        return self.error.done if self.error else [*self._preparation.rescans.done, *self._done]

    @property
    def unknown(self) -> str | None:
        """An assertion of which nobody knows whether it is true, such as that it was added."""
        return self.error.unknown if self.error else None

    @property
    def action(self) -> str | None:
        """What is planned; None where it could not be planned."""
        return self.prepared.plan.action if self.prepared else None

    @property
    def label(self) -> str:
        """How messages name it: as declared, or, for one that nobody declares, as the appliance does."""
        actual = self.prepared.actual if self.prepared else None
        return actual.label if actual and not self.declared else self.desired.label

    @property
    def adding(self) -> str:
        """What the session of an addition does, for messages."""
        return f"Adding the AWS Organization {self.desired.label!r}"

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Ends it with an error that tells all that is known of this organization."""
        try:
            yield
        except ApplianceError as error:
            error.done = [*self.done, *error.done]
            error.unknown = self._unknown or error.unknown
            error.journaled = True
            error.record = failed_record(self._preparation, self.prepared, error, self._session)
            self.error = error

    def _ready(self) -> None:
        """A name that another organization gave up in the meantime can be checked now."""
        if self.prepared is not None and self.prepared.name_is_taken:
            again = self._prepare_again()
            if again.plan.action == "none":
                self._record("done", again.actual)

    def _prepare_again(self) -> Prepared:
        """Plans from what is there now, and does not let the task do more than what was approved."""
        before, self.prepared = cast(Prepared, self.prepared), self._additions.prepare()
        options, label = self.task.options, self.desired.label
        if self.prepared.plan.action == "none":
            return self.prepared
        if options.get("expected_plan"):
            require_approved(plan_id([(self.desired, before.plan)]), [(self.desired, self.prepared.plan)])
        if options.get("max_accounts_lost") is not None:
            require_few_accounts_lost([(label, self.prepared.impact)], len(before.impact.lost or ()))
        return self.prepared

    def _execute(self, prepared: Prepared) -> None:
        if prepared.plan.action == "remove":
            self._remove(prepared)
        elif prepared.plan.action == "create":
            self._add(prepared)
        else:
            self._modify(prepared)

    def _add(self, prepared: Prepared) -> None:
        """Starts and finishes in one go, where an addition came up only while something else was done."""
        session = self._start(prepared, look_again=True)
        if self.result is None:
            self._finish(self._preparation.sessions.wait_all({session: self.adding})[session] if session else None)

    def _start(self, prepared: Prepared, look_again: bool) -> str | None:
        """Adds. It is never sent twice: where the answer is lost, the organization is looked for."""
        label = self.desired.label
        role_id = prepared.references.rescan_role_id
        if (look_again or prepared.took_time) and role_id and self._preparation.added_as(role_id):
            self._replan(None)
            return None
        try:
            self._session = self._preparation.api.add_organization(prepared.plan.body, label)
        except UnknownOutcome as error:
            self._unknown = f"the AWS Organization {label!r} was added"
            if self._additions.look_for() is None:
                raise
            self.task.client.settled(error.unknown)
            return None
        except Refused as error:
            if self._additions.find() is None and self._additions.is_being_added():
                self._additions.look_for()
            self._replan(error)
            return None
        if not self.task.options["wait"]:
            self._done.append(f"the addition of the AWS Organization {label!r} was started")
            self._record("done", None, verified=False)
            return None
        self._unknown = f"the AWS Organization {label!r} gets added by the session {self._session}"
        return self._session

    def _finish(self, ended: Session | ApplianceError | None, listed: list[Organization] | None = None) -> None:
        label = self.desired.label
        try:
            if isinstance(ended, ApplianceError):
                raise ended
            if ended is not None:
                self._session, self._unknown = ended, None
                self._preparation.sessions.require(ended, self.adding)
        except ApplianceError as error:
            if error.reason != "session_failed" or self._additions.find() is None:
                raise
            # A session that the appliance forgot leaves open how it ended, as a lost answer does.
            if self._unknown is None:
                self._replan(error)
                return
        self._unknown = None
        self._done.append(f"the AWS Organization {label!r} was added")
        self._verify(cast(Prepared, self.prepared), self._read_back.added(self._additions, listed).id)

    def _modify(self, prepared: Prepared) -> None:
        actual = cast(Organization, prepared.actual)
        label = actual.label
        if self._read_back.changed_since(actual):
            self._start_again()
            return
        try:
            self._preparation.api.modify_organization(actual.id, prepared.plan.body, label)
        except UnknownOutcome as error:
            self._unknown, self._lost = f"the AWS Organization {label} was modified", error.unknown
            if not self._may_replan:
                raise
            self._replan(None)
            return
        self._unknown = None
        self._done.append(f"the AWS Organization {label} was modified")
        self._verify(prepared, actual.id)

    def _start_again(self) -> None:
        """Plans once more, from what somebody else has made of the organization in the meantime."""
        if not self._may_replan:
            raise self._kept_changing()
        self._may_replan = False
        again = self._prepare_again()
        if again.plan.action == "none":
            self._record("done", again.actual)
        elif self.declared:
            self._execute(again)
        else:
            raise ApplianceError(
                f"The AWS Organization {cast(Organization, again.actual).label}, which is not declared, was changed by "
                "somebody else while the task ran, and is not removed",
                reason="conflict",
                remedy="Declare it if it is to stay; if it is to go, run again.",
            )

    def _kept_changing(self) -> ApplianceError:
        return ApplianceError(
            f"The AWS Organization {self.desired.label!r} kept changing while it was worked on",
            reason="conflict",
            remedy="Somebody else works on it; run again later.",
        )

    def _remove(self, prepared: Prepared) -> None:
        api, actual = self._preparation.api, cast(Organization, prepared.actual)
        if self._read_back.changed_since(actual):
            self._start_again()
            return
        try:
            api.remove_organization(actual.id, actual.label)
        except NotFound:
            # Somebody was faster, or the first of two attempts did it: gone is gone, as the read below proves.
            self.task.warn(f"The AWS Organization {actual.label} was gone already when it was to be removed.")
        except Refused as error:
            if any(finding.severity == "error" for finding in check_removal(api, actual.id)):
                error.reason = "in_use"
            raise
        self._done.append(f"the AWS Organization {actual.label} was removed")
        if self._read_back.is_gone(actual.id):
            self._record("done", None)
            return
        self._done.clear()
        self._unknown = f"the AWS Organization {actual.label} gets removed"
        raise ApplianceError(
            f"The appliance accepted to remove the AWS Organization {actual.label}, and still shows it",
            reason="not_applied",
            stage="verify",
            remedy="Look at the appliance; a later run tries again.",
        )

    def _verify(self, prepared: Prepared, organization_id: str) -> None:
        """Reads the organization back. Raises ApplianceError (not_applied) naming every field that did not arrive."""
        after, left, hidden = self._read_back.compare(prepared, organization_id)
        if left:
            if prepared.actual is not None and after.is_as(prepared.actual) and not prepared.plan.unverified:
                self._done.clear()
            raise not_applied(self.desired, after, left, self._preparation.names)
        self.prepared = replace(prepared, plan=replace(prepared.plan, unverified=hidden))
        if prepared.actual is None and not prepared.impact.known:
            self.prepared.impact = self._preparation.impact_of_added(after)
        self._record("done", after)

    def _replan(self, refused: ApplianceError | None) -> None:
        """Starts again, once, from what is there now: somebody else was faster, or a lost answer was carried out.

        refused: the refusal of an add, which stands unless the organization exists now.
        """
        if not self._may_replan or (refused is not None and self._additions.find() is None):
            raise refused or self._kept_changing()
        self._may_replan = False
        before, again = self.prepared, self._prepare_again()
        action = again.plan.action
        if action == "create":
            raise refused or ApplianceError(f"The AWS Organization {self.desired.label!r} vanished", reason="conflict")
        if action != "none":
            self._execute(again)
            return
        self._unknown = None
        self.task.client.settled(self._lost)
        if before is not None and before.actual is not None:
            # The PUT whose answer was lost was carried out, so that it is this task's change.
            self.prepared = before
            self._done.append(f"the AWS Organization {before.actual.label} was modified")
            self._verify(before, before.actual.id)
            return
        self._record("done", again.actual)

    def _record(self, outcome: str, organization: Organization | None, verified: bool = True) -> None:
        prepared = cast(Prepared, self.prepared)
        self.result = record(self._preparation, prepared, outcome, organization, self._session, verified)
