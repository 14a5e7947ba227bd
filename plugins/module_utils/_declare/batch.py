# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All declarations of one task: plan every one, judge them together, then carry out in order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from .._appliance.appliance import Appliance
from .._appliance.sessions import concurrently
from .._errors import ApplianceError
from .._model.claims import Meaning, require_different
from .._model.desired import Desired
from .._model.organization import Organization
from .._model.seen import Listed
from .._module.task import Task
from .._plan.limits import require_approved, require_few_accounts_lost, require_prune_limit
from .._plan.order import Step, in_order
from .._wording import first_of, quoted
from .declaration import Declaration
from .identity import Known, identify
from .preparation import Prepared

_NAMED = 10  # in a message
# Failures of the appliance itself: whatever came after would fail in the same way.
_OF_THE_APPLIANCE = ("unreachable", "tls", "auth", "mfa_required", "api_version")


class Batch:
    """Declarations of one task, which share their reads and wait for their sessions together.

    declared: in the order of the playbook. undeclared: what the appliance has beside them. removed: those of them that
    prune takes away. threads: how many organizations are read at the same time; writes are sequential.
    """

    def __init__(self, appliance: Appliance, declared: Sequence[Declaration], threads: int = 1) -> None:
        self.declared = list(declared)
        self.undeclared: list[Organization] = []
        self.removed: list[Declaration] = []
        self._meanings: list[Meaning] = []
        self._appliance = appliance
        self._options = appliance.task.options
        self._progress = appliance.task.progress
        self._threads = threads

    @property
    def all(self) -> list[Declaration]:
        """Those that are declared, then those that are removed for not being declared."""
        return [*self.declared, *self.removed]

    @property
    def kept(self) -> list[str]:
        """Names of those that prune leaves, because a declaration could not be planned: it could mean one of them."""
        understood = all(one.prepared is not None for one in self.declared)
        return [] if understood else [one.label for one in self.removed]

    def plan(self, prune: Task | None = None) -> None:
        """Plan all; one that cannot be planned has ended with an error. prune: with which options others are removed.

        Raises ApplianceError if the organizations cannot be listed.
        """
        identities = identify(self._appliance, [one.desired for one in self.declared], self._threads, prune is not None)
        listed = identities.organizations
        known = identities.known()
        understood = [(one, of_one) for one, of_one in zip(self.declared, known) if one.outcome is None]
        count = self._progress.counter(len(understood), "checked")
        concurrently(lambda item: item[0].plan(item[1]), understood, self._threads, count)
        self._meanings = identities.meanings([one.prepared.actual if one.prepared else None for one in self.declared])
        meant = {one.id for meaning in self._meanings for one in (meaning.organization, *meaning.leads_to) if one}
        self.undeclared = [one for one in identities.claims.unclaimed(listed) if one.id not in meant]
        if prune is not None:
            self.removed = [self._removal(prune, one) for one in self.undeclared]
            count = self._progress.counter(len(self.removed), "removals checked")
            concurrently(lambda one: one.plan(Known(listed)), self.removed, self._threads, count)
        for meaning in self._meanings:
            self._appliance.owners.enter(meaning.desired, meaning.organization)
        _refuse_circles(_pending(self.all))

    def judge(self, prune_limit: int | None = None) -> None:
        """Raises ApplianceError if all together is not what the task may do: invalid (two declarations mean the same
        organization, also one that could not be planned), plan_changed, over_limit.
        """
        require_different(self._meanings)
        judged = self.declared if self.kept else self.all
        planned = [(one, one.prepared) for one in judged if one.prepared is not None]
        removed = [one.label for one in judged if not one.declared]
        require_prune_limit(removed, prune_limit, bool(self.declared))
        expected = self._options.get("expected_plan")
        if expected and len(planned) < len(judged):
            raise ApplianceError(
                "Not every AWS Organization could be planned, so that nothing can be compared with expected_plan",
                reason="plan_changed",
                stage="approve",
                remedy="See the failures of the organizations; run in check mode until there are none.",
            )
        require_approved(expected or None, [(one.desired, prepared.plan) for one, prepared in planned])
        impacts = [(one.label, prepared.impact) for one, prepared in planned]
        require_few_accounts_lost(impacts, self._options.get("max_accounts_lost"))

    def refuse(self, error: ApplianceError) -> None:
        """End all that would be changed because of an error of the whole task, which is shown once."""
        for one in _pending(self.all):
            one.refuse(
                ApplianceError(
                    "Not carried out, since the task as a whole was refused",
                    reason=error.reason,
                    stage=error.stage,
                    remedy="See the message of the task.",
                )
            )

    def carry_out(self) -> None:
        """Outside of check mode, do what is left to do."""
        if not self._appliance.task.check_mode:
            pending = _pending(self.declared if self.kept else self.all)
            order, _circular = in_order([_step(one) for one in pending])
            _Execution(self._appliance, self.all, self._threads).carry_out([pending[index] for index in order])
        for one in _pending(self.all):
            one.show()

    def _removal(self, prune: Task, organization: Organization) -> Declaration:
        desired = Desired("absent", id=organization.id, settings={"name": organization.name})
        return Declaration(self._appliance.for_item(prune), desired, declared=False)


class _Execution:
    """Carries out planned declarations. One that fails does not keep the others from being carried out, unless the
    appliance itself fails.

    planned: all declarations of the task. threads: how many organizations are read at the same time.
    """

    def __init__(self, appliance: Appliance, planned: Sequence[Declaration], threads: int) -> None:
        self._planned = planned
        self._appliance = appliance
        self._progress = appliance.task.progress
        self._threads = threads
        self._appliance_failed = False
        for one in planned:
            self._note(one)

    def carry_out(self, ordered: Sequence[Declaration]) -> None:
        """Do what is planned: changes and removals, then additions, which are waited for together."""
        # Decided first: a change whose organization vanishes ends as an addition, and must not be added again.
        additions = [one for one in ordered if one.action == "create"]
        self._change([one for one in ordered if one.action != "create"])
        self._add(additions)

    def _change(self, changes: Sequence[Declaration]) -> None:
        count = self._progress.counter(len(changes), "changed")
        for one in changes:
            if self._must_stop:
                break
            one.carry_out()
            self._note(one)
            if one.error is None:
                count()

    def _add(self, additions: Sequence[Declaration]) -> None:
        took_time = any(one.prepared is not None and one.prepared.took_time for one in self._planned)
        sessions: dict[str, Declaration] = {}
        count = self._progress.counter(len(additions), "additions started")
        for one in additions:
            if self._must_stop:
                break
            session = one.start(look_again=took_time)
            self._note(one)
            if session is not None:
                sessions[session] = one
                count()
        if not sessions:
            return
        names = {session: one.adding for session, one in sessions.items()}
        ended = self._appliance.sessions.wait_all(names, self._threads, "added")
        listed = self._list_again([one.desired for one in sessions.values()])
        # An addition that ended well is only read. One that did not may turn out to be there and need a change, and
        # writes are sequential.
        well = {session: one for session, one in sessions.items() if ended[session].succeeded}
        count = self._progress.counter(len(well), "read back")
        concurrently(lambda item: item[1].finish(ended[item[0]], listed), list(well.items()), self._threads, count)
        for session, one in sessions.items():
            if session not in well:
                one.finish(ended[session], listed)

    def _list_again(self, added: Sequence[Desired]) -> Listed | None:
        """The list after many additions, which is read once for all of them; a single one reads it for itself."""
        if len(added) < 2:
            return None
        try:
            return Listed(self._appliance.reader.list_all(added, self._threads))
        except ApplianceError:
            # Each looks for itself then, and reports what became of it.
            return None

    def _note(self, one: Declaration) -> None:
        """Note whether a declaration failed because of the appliance itself."""
        self._appliance_failed |= one.error is not None and one.error.reason in _OF_THE_APPLIANCE

    @property
    def _must_stop(self) -> bool:
        return self._appliance_failed or self._appliance.task.deadline.expired


def _pending(declarations: Sequence[Declaration]) -> list[Declaration]:
    return [one for one in declarations if one.outcome is None]


def _refuse_circles(pending: Sequence[Declaration]) -> None:
    _order, circular = in_order([_step(one) for one in pending])
    names = first_of(sorted(circular), _NAMED, as_text=lambda other: quoted(pending[other].label))
    for index in circular:
        pending[index].refuse(
            ApplianceError(
                f"The AWS Organizations {names} are to get each other's names",
                reason="conflict",
                stage="order",
                remedy="Names are unique at every moment: give one of them another name in between, in two runs.",
            )
        )


def _step(one: Declaration) -> Step:
    prepared = cast(Prepared, one.prepared)
    has = prepared.actual.name if prepared.actual else None
    takes = None if prepared.plan.action == "remove" else one.desired.name or has
    return Step(prepared.plan.action, has, takes)
