# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The only writer: adds, modifies or removes one organization as it was planned, and reads it back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast

from .._appliance.appliance import Appliance
from .._appliance.checks import check_removal
from .._appliance.sessions import Ended, Session
from .._errors import ApplianceError, NotFound, Refused, UnknownOutcome
from .._model.desired import Desired
from .._model.evidence import blaming_names
from .._model.organization import Organization
from .._plan.plan import modify_body
from .._plan.verify import not_applied
from .._wording import quoted
from .preparation import Prepared
from .read_back import Additions, ReadBack


@dataclass(frozen=True)
class Written:
    """What a write has led to.

    organization: as it is now, None if it was removed or is not added yet. unverified: declared fields that the
    appliance does not show. pending: the session of an addition that is to be waited for. started: that of one that is
    not waited for.
    """

    organization: Organization | None = None
    unverified: tuple[str, ...] = ()
    pending: Session | None = None
    started: Session | None = None


class Stale(Exception):
    """What was planned may not be what is there: plan once more.

    error: what the declaration fails with if that does not help, such as the refusal of an addition. may_add: whether
    planning once more may lead to an addition. answer_lost: the change may have been carried out.
    """

    def __init__(
        self, error: ApplianceError | None = None, *, may_add: bool = False, answer_lost: bool = False
    ) -> None:
        super().__init__()
        self.error = error
        self.may_add = may_add
        self.answer_lost = answer_lost


class Writer:
    """Writes for one declaration. It never plans: it returns what it has written, or raises Stale or ApplianceError."""

    def __init__(self, appliance: Appliance, desired: Desired, additions: Additions) -> None:
        self._appliance = appliance
        self._task = appliance.task
        self._journal = appliance.task.journal
        self._desired = desired
        self._additions = additions
        self._read_back = ReadBack(appliance, desired)
        self._known = 0

    @property
    def adding(self) -> str:
        """What the session of an addition does, for messages."""
        return f"Adding the AWS Organization {quoted(self._desired.label)}"

    def write(self, prepared: Prepared, look_again: bool) -> Written:
        """Carry out a plan that changes something. look_again: others had time to add it since it was planned."""
        if prepared.plan.action == "create":
            return self._add(prepared, look_again or prepared.took_time)
        return self._remove(prepared) if prepared.plan.action == "remove" else self._modify(prepared)

    def finish(self, prepared: Prepared, ended: Ended, listed: Sequence[Organization] | None = None) -> Written:
        """Judge how the session of an addition ended, read back and compare.

        listed: the organizations of the appliance if they were read after that.
        """
        try:
            self._appliance.sessions.require(ended.get(), self.adding)
        except ApplianceError as error:
            if ended.session is not None:
                self._journal.failed()
            if error.reason != "session_failed":
                raise
            # A session that the appliance forgot leaves open how it ended, as a lost answer does.
            found = self._additions.look_for() if ended.session is None else self._additions.find()
            if found is None:
                raise
            if ended.session is not None:
                raise Stale(error) from error
        return self._verify_added(prepared, listed)

    def verify(self, prepared: Prepared, organization_id: str) -> Written:
        """Read an organization back. Raises ApplianceError (not_applied) naming every field that did not arrive."""
        compared = self._read_back.compare(prepared, organization_id)
        if compared.left:
            before = prepared.actual
            unknown = prepared.plan.unverified or prepared.plan.unknown
            if before is not None and compared.after.shows_the_same(before) and not unknown:
                self._journal.failed()
            raise not_applied(self._desired, compared.after, compared.left, self._appliance.names)
        return Written(compared.after, compared.unverified)

    def _add(self, prepared: Prepared, look_again: bool) -> Written:
        """Add. It is never sent twice: if the answer is lost, the organization is looked for."""
        role_id, label = prepared.references.rescan_role_id, self._desired.label
        if look_again and role_id and self._additions.added_as(role_id):
            raise Stale
        self._known = self._appliance.reader.seen.count
        try:
            with blaming_names(self._appliance.names, prepared.plan.body):
                session = self._appliance.api.add_organization(prepared.plan.body, quoted(label))
        except UnknownOutcome:
            if self._additions.look_for() is None:
                raise
            return self._verify_added(prepared, None)
        except Refused as error:
            found = self._additions.find()
            if found is None and self._additions.is_under_way():
                found = self._additions.look_for()
            if found is None:
                raise
            raise Stale(error) from error
        if not self._task.options["wait"]:
            self._journal.succeeded(f"the addition of the AWS Organization {quoted(label)} was started")
            return Written(started=Session(session))
        return Written(pending=Session(session))

    def _verify_added(self, prepared: Prepared, listed: Sequence[Organization] | None) -> Written:
        self._journal.succeeded()
        found = self._read_back.find_added(self._additions, listed)
        if not self._appliance.reader.seen.is_new(found, self._known):
            self._journal.doubted()
            raise ApplianceError(
                f"The appliance reports that the AWS Organization {quoted(self._desired.label)} was added, and shows "
                f"{found.label} for it, which was registered before",
                reason="api",
                stage="verify",
                remedy="Look at both on the appliance.",
            )
        return self.verify(prepared, found.id)

    def _modify(self, prepared: Prepared) -> Written:
        actual, names = self._unchanged(prepared), self._appliance.names
        # Made from what was read just now: a property that the collection does not know may have changed meanwhile.
        body = modify_body(self._desired, actual, prepared.references, names)
        try:
            with blaming_names(names, body):
                self._appliance.api.modify_organization(actual.id, body, actual.label)
        except UnknownOutcome as error:
            raise Stale(error, answer_lost=True) from error
        self._journal.succeeded()
        return self.verify(replace(prepared, actual=actual), actual.id)

    def _remove(self, prepared: Prepared) -> Written:
        api, actual = self._appliance.api, self._unchanged(prepared)
        try:
            api.remove_organization(actual.id, actual.label)
        except NotFound:
            # Somebody was faster, or the first of two attempts did it: gone is gone, as the read below proves.
            self._task.warn(f"The AWS Organization {actual.label} was gone already when it was to be removed.")
        except Refused as error:
            if any(finding.severity == "error" for finding in check_removal(api, actual.id)):
                raise error.but(reason="in_use") from error
            raise
        self._journal.succeeded()
        if self._read_back.is_gone(actual.id):
            return Written()
        self._journal.doubted(f"the AWS Organization {actual.label} gets removed")
        raise ApplianceError(
            f"The appliance accepted to remove the AWS Organization {actual.label}, and still shows it",
            reason="not_applied",
            stage="verify",
            remedy="Look at the appliance; a later run tries again.",
        )

    def _unchanged(self, prepared: Prepared) -> Organization:
        """Return the organization as it is now. Raises Stale if somebody has changed it since it was planned with."""
        now = self._read_back.as_now(cast(Organization, prepared.actual))
        if now is None:
            raise Stale(may_add=True)
        return now
