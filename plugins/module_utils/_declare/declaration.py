# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One organization on its way from declared to verified."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import cast

from .._appliance.appliance import Appliance
from .._appliance.sessions import Ended, Session
from .._errors import ApplianceError
from .._model.desired import Desired
from .._model.organization import Organization
from .._plan.limits import plan_id, require_approved, require_few_accounts_lost
from .accounts import impact_of_added
from .additions import Additions
from .preparation import Checked, Preparation, Prepared
from .results import Outcome
from .writer import AnswerLost, Stale, Writer, Written


class Declaration:
    """One organization in steps that may alternate with those of others.

    First plan; then, unless nothing is to be done, ``carry_out``, or ``start`` and ``finish`` for an addition. It has
    ended once it has an outcome.

    desired: what is declared. declared: False for one that is removed for not being declared. prepared: the plan that
    counts, None if it could not be planned. outcome: how it ended.
    """

    def __init__(self, appliance: Appliance, desired: Desired, declared: bool = True) -> None:
        self.desired = desired
        self.declared = declared
        self.prepared: Prepared | None = None
        self.outcome: Outcome | None = None
        self.journal = appliance.task.journal
        self._appliance = appliance
        self._options = appliance.task.options
        self._additions = Additions(appliance, desired)
        self._writer = Writer(appliance, desired, self._additions)
        self._checked = Checked()
        self._planned_again = False

    @property
    def action(self) -> str | None:
        """What is planned; None if it could not be planned."""
        return self.prepared.plan.action if self.prepared else None

    @property
    def error(self) -> ApplianceError | None:
        """What it failed with."""
        return self.outcome.error if self.outcome else None

    @property
    def label(self) -> str:
        """How messages name it: as declared, or, for one that is not declared, as the appliance does."""
        actual = self.prepared.actual if self.prepared else None
        return actual.label if actual and not self.declared else self.desired.label

    @property
    def adding(self) -> str:
        """What the session of an addition does, for messages."""
        return self._writer.adding

    def plan(self, listed: Sequence[Organization] | None = None, released: Collection[str] = ()) -> None:
        """Plan, with all checks. released: names that others of the task give up before this one is carried out."""
        with self._errors_end_it():
            self.prepared = self._prepare(listed, released)
            if self.prepared.plan.action == "none":
                self._end("done", self.prepared.actual)

    def show(self) -> None:
        """Leave it at the plan: in check mode, or because something else keeps it from being carried out."""
        self._end("planned", cast(Prepared, self.prepared).actual)

    def refuse(self, error: ApplianceError) -> None:
        """End it with an error that is not its own, before anything was attempted."""
        with self._errors_end_it():
            raise error

    def carry_out(self) -> None:
        """Do what is planned, read back and compare."""
        with self._errors_end_it():
            pending = self._write(look_again=True)
            if pending is not None:
                self._finish(self._appliance.sessions.wait_all({pending: self.adding})[pending], None)

    def start(self, look_again: bool) -> str | None:
        """Do what is planned, and return the session to wait for; None if it has ended.

        look_again: others had time to add the organization since it was planned.
        """
        with self._errors_end_it():
            return self._write(look_again)
        return None

    def finish(self, ended: Ended, listed: Sequence[Organization] | None = None) -> None:
        """Judge how the session of an addition ended, read back and compare.

        listed: the organizations of the appliance if they were read after that.
        """
        with self._errors_end_it():
            self._finish(ended, listed)

    def _write(self, look_again: bool) -> str | None:
        """Write in at most two attempts: what is found to be different is planned once more."""
        prepared = cast(Prepared, self.prepared)
        if prepared.name_is_taken:
            # The other organization has given the name up in the meantime, so that it can be checked now.
            prepared = self._prepare_again(prepared)
        while self.outcome is None:
            if prepared.plan.action == "none":
                self._end("done", prepared.actual)
                break
            try:
                written = self._writer.write(prepared, look_again)
            except Stale as stale:
                prepared, look_again = self._plan_again(prepared, stale), True
            except AnswerLost as lost:
                again = self._plan_after_lost_answer(prepared, lost)
                if again.plan.action == "none":
                    # The change whose answer was lost was carried out: it is this task's change.
                    self.journal.settle()
                    self.prepared = prepared
                    self._end_written(prepared, self._writer.verify(prepared, cast(Organization, again.actual).id))
                prepared = again
            else:
                if written.pending is not None:
                    self._keep(written.pending)
                    return written.pending.id
                self._end_written(prepared, written)
        return None

    def _finish(self, ended: Ended, listed: Sequence[Organization] | None) -> None:
        prepared = cast(Prepared, self.prepared)
        self._keep(ended.session)
        try:
            self._end_written(prepared, self._writer.finish(prepared, ended, listed))
        except Stale as stale:
            self._plan_again(prepared, stale)
            self._write(look_again=True)

    def _plan_again(self, before: Prepared, stale: Stale) -> Prepared:
        """Plan once more, from what somebody else has made of the organization in the meantime."""
        label = repr(self.desired.label)
        if self._planned_again:
            raise stale.refused or _conflict(
                f"The AWS Organization {label} kept changing while it was worked on",
                "Somebody else works on it; run again later.",
            )
        self._planned_again = True
        again = self._prepare_again(before)
        if again.plan.action == "create" and not stale.may_add:
            raise stale.refused or _conflict(f"The AWS Organization {label} vanished", "")
        if again.plan.action != "none" and not self.declared:
            raise _conflict(
                f"The AWS Organization {cast(Organization, again.actual).label}, which is not declared, was changed by "
                "somebody else while the task ran, and is not removed",
                "Declare it if it is to stay; if it is to go, run again.",
            )
        return again

    def _plan_after_lost_answer(self, before: Prepared, lost: AnswerLost) -> Prepared:
        if self._planned_again:
            raise lost.error
        return self._plan_again(before, Stale())

    def _prepare_again(self, before: Prepared) -> Prepared:
        """Plan from what is there now, and do not let the task do more than what was approved."""
        self.prepared = again = self._prepare()
        if again.plan.action == "none":
            return again
        if self._options.get("expected_plan"):
            require_approved(plan_id([(self.desired, before.plan)]), [(self.desired, again.plan)])
        if self._options.get("max_accounts_lost") is not None:
            require_few_accounts_lost([(self.desired.label, again.impact)], len(before.impact.lost or ()))
        return again

    def _prepare(self, listed: Sequence[Organization] | None = None, released: Collection[str] = ()) -> Prepared:
        """Plan; a new name that is taken although nobody has it may be an addition under way, which is waited for."""
        preparation = Preparation(self._appliance, self.desired, released)
        self._checked = preparation.checked
        try:
            return preparation.prepare(listed)
        except ApplianceError as error:
            if error.stage != "preflight":
                raise
            if error.reason == "conflict" and self._additions.has_name_of_role():
                remedy = "An IAM role of the appliance has this name, and names must differ. Choose another one."
                raise error.but(remedy=remedy) from error
            if not self._may_be_under_way(error) or self._additions.look_for() is None:
                raise
        preparation = Preparation(self._appliance, self.desired)
        self._checked = preparation.checked
        return preparation.prepare()

    def _may_be_under_way(self, error: ApplianceError) -> bool:
        """Whether a refusal may be due to an addition that somebody else has begun."""
        if self._appliance.task.check_mode:
            return False
        # Where the other addition began after the check of the name, the check of the settings refuses.
        begun = error.reason == "invalid" and self._checked.adding and self._additions.is_under_way()
        return error.reason == "conflict" or begun

    def _keep(self, session: Session | None) -> None:
        """Keep the session that the result shows."""
        if session is not None:
            self._checked = replace(self._checked, session=session)

    def _end_written(self, prepared: Prepared, written: Written) -> None:
        self._keep(written.started)
        if written.organization is not None:
            prepared = replace(prepared, plan=replace(prepared.plan, unverified=written.unverified))
            if prepared.actual is None and not prepared.impact.known:
                prepared = replace(prepared, impact=impact_of_added(self._appliance, written.organization))
        self.prepared = prepared
        self._end("done", written.organization, verified=written.started is None)

    def _end(self, how: str, organization: Organization | None, verified: bool = True) -> None:
        plan = cast(Prepared, self.prepared).plan
        if plan.unverified:
            self._appliance.task.warn(
                f"The appliance does not show {', '.join(plan.unverified)} of the AWS Organization "
                f"{self.desired.label!r}, so that nobody can tell whether it is as declared. If the appliance calls it "
                "by another name, say so with wire_names."
            )
        self.outcome = Outcome(self.desired, self._checked, self.journal, self.prepared, how, organization, verified)

    @contextmanager
    def _errors_end_it(self) -> Iterator[None]:
        try:
            yield
        except ApplianceError as error:
            self.outcome = Outcome(self.desired, self._checked, self.journal, self.prepared, "failed", error=error)


def _conflict(message: str, remedy: str) -> ApplianceError:
    return ApplianceError(message, reason="conflict", remedy=remedy)
