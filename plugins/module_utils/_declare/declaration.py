# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One organization on its way from declared to verified."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import cast

from .._appliance.appliance import Appliance
from .._appliance.checks import Finding
from .._appliance.sessions import Ended
from .._errors import ApplianceError
from .._model.desired import Desired
from .._model.evidence import warnings
from .._model.organization import Organization
from .._wording import quoted
from .accounts import impact_of_added
from .identity import Known
from .planner import Planner
from .preparation import Prepared
from .read_back import Additions
from .results import Outcome
from .writer import Stale, Writer, Written


class Declaration:
    """One organization in steps that may alternate with those of others.

    First plan; then, unless nothing is to be done, ``carry_out``, or ``start`` and ``finish`` for an addition. It has
    ended once it has an outcome.

    declared: False for one that is removed for not being declared. prepared: the plan that counts, if there is one.
    """

    def __init__(self, appliance: Appliance, desired: Desired, declared: bool = True) -> None:
        self.desired = desired
        self.declared = declared
        self.prepared: Prepared | None = None
        self.outcome: Outcome | None = None
        self.journal = appliance.task.journal
        self._appliance = appliance
        additions = Additions(appliance, desired)
        self._planner = Planner(appliance, desired, additions, declared)
        self._writer = Writer(appliance, desired, additions)

    @property
    def action(self) -> str | None:
        """What is planned; None if it could not be planned."""
        return self.prepared.plan.action if self.prepared else None

    @property
    def error(self) -> ApplianceError | None:
        """What it failed with."""
        return self.outcome.error if self.outcome else None

    @property
    def findings(self) -> list[tuple[str, Finding]]:
        """What the appliance's checks found that does not make it fail, each with its label."""
        return [(self.label, finding) for finding in self._planner.checks.let_pass]

    @property
    def label(self) -> str:
        """How messages name it: as declared. What is removed has the name that it has on the appliance."""
        actual = self.prepared.actual if self.prepared else None
        if actual is None or self.desired.state != "absent":
            return self.desired.label
        if not self.declared:
            return actual.label
        return actual.name if self.desired.name else self.desired.label

    @property
    def adding(self) -> str:
        """What the session of an addition does, for messages."""
        return self._writer.adding

    def plan(self, known: Known | None = None) -> None:
        """Plan, with all checks. known: what the task read just now."""
        with self._errors_end_it():
            self.prepared = self._planner.plan(known)
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
        """Write in at most two attempts: what turns out to be different is planned once more."""
        prepared = cast(Prepared, self.prepared)
        if prepared.name_is_taken:
            # The other organization has given the name up in the meantime, so that it can be checked now.
            prepared = self.prepared = self._planner.plan_now(prepared)
        while prepared.plan.action != "none":
            try:
                written = self._writer.write(prepared, look_again)
            except Stale as stale:
                before, look_again = prepared, True
                prepared = self.prepared = self._planner.plan_again(before, stale)
                if stale.answer_lost and prepared.plan.action == "none":
                    # The change whose answer was lost was carried out: it is the change of this task.
                    self.journal.settle()
                    self.prepared = before
                    self._end_written(self._writer.verify(before, cast(Organization, before.actual).id))
                    return None
                continue
            if written.pending is not None:
                self._planner.keep(written.pending)
                return written.pending.id
            self._end_written(written)
            return None
        self._end("done", prepared.actual)
        return None

    def _finish(self, ended: Ended, listed: Sequence[Organization] | None) -> None:
        prepared = cast(Prepared, self.prepared)
        self._planner.keep(ended.session)
        try:
            self._end_written(self._writer.finish(prepared, ended, listed))
        except Stale as stale:
            self.prepared = self._planner.plan_again(prepared, stale)
            self._write(look_again=True)

    def _end_written(self, written: Written) -> None:
        prepared = cast(Prepared, self.prepared)
        self._planner.keep(written.started)
        if written.organization is not None:
            prepared = replace(prepared, plan=replace(prepared.plan, unverified=written.unverified))
            if prepared.actual is None and not prepared.impact.known:
                prepared = replace(prepared, impact=impact_of_added(self._appliance, written.organization))
        self.prepared = prepared
        self._end("done", written.organization, verified=written.started is None)

    def _end(self, how: str, organization: Organization | None, verified: bool = True) -> None:
        plan = cast(Prepared, self.prepared).plan
        for text in warnings(self._appliance.names, quoted(self.desired.label), plan.unverified, plan.unknown):
            self._appliance.task.warn(text)
        checks = self._planner.checks
        self.outcome = Outcome(self.desired, checks, self.journal, self.prepared, how, organization, verified)

    @contextmanager
    def _errors_end_it(self) -> Iterator[None]:
        try:
            yield
        except ApplianceError as error:
            checks = self._planner.checks
            self.outcome = Outcome(self.desired, checks, self.journal, self.prepared, "failed", error=error)
