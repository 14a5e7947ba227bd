# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans one declaration, twice if somebody else was faster."""

from __future__ import annotations

from typing import cast

from .._appliance.appliance import Appliance
from .._appliance.checks import Checks
from .._appliance.sessions import Session
from .._errors import ApplianceError
from .._model.desired import Desired
from .._model.organization import Organization
from .._plan.limits import plan_id, require_approved, require_few_accounts_lost
from .._wording import quoted
from .identity import Known
from .preparation import Preparation, Prepared
from .read_back import Additions
from .writer import Stale


class Planner:
    """The plans of one declaration.

    declared: False for an organization that is removed for not being declared.
    """

    def __init__(self, appliance: Appliance, desired: Desired, additions: Additions, declared: bool) -> None:
        self._preparation = Preparation(appliance, desired)
        self._appliance = appliance
        self._options = appliance.task.options
        self._desired = desired
        self._additions = additions
        self._declared = declared
        self._planned_again = False

    @property
    def checks(self) -> Checks:
        """The checks of the last plan."""
        return self._preparation.checks

    def plan(self, known: Known | None = None) -> Prepared:
        """Plan, with all checks. known: what the task read just now.

        A new name that is taken although no organization has it may be an addition under way, which is waited for.
        """
        # Thousands of plans that need no request would not notice otherwise that the time is over.
        self._appliance.task.deadline.require()
        try:
            return self._prepare(known)
        except ApplianceError as error:
            if error.stage != "preflight":
                raise
            if error.reason == "conflict" and self._additions.has_name_of_role():
                remedy = "An IAM role of the appliance has this name, and names must differ. Choose another one."
                raise error.but(remedy=remedy) from error
            if not self._may_be_under_way(error) or self._additions.look_for() is None:
                raise
        return self._prepare()

    def plan_now(self, before: Prepared) -> Prepared:
        """Plan from what is there now, and do not let the task do more than what was approved before."""
        again = self.plan()
        if again.actual is not None:
            self._appliance.owners.enter(self._desired, again.actual)
        if again.plan.action == "none":
            return again
        if self._options.get("expected_plan"):
            require_approved(plan_id([(self._desired, before.plan)]), [(self._desired, again.plan)])
        if self._options.get("max_accounts_lost") is not None:
            require_few_accounts_lost([(self._desired.label, again.impact)], len(before.impact.lost or ()))
        return again

    def plan_again(self, before: Prepared, stale: Stale) -> Prepared:
        """Plan from what somebody else has made of the organization. Raises ApplianceError the second time."""
        label = quoted(self._desired.label)
        if self._planned_again:
            raise stale.error or _conflict(
                f"The AWS Organization {label} kept changing while it was worked on",
                "Somebody else works on it; run again later.",
            )
        self._planned_again = True
        again = self.plan_now(before)
        if again.plan.action == "create" and not stale.may_add:
            raise stale.error or _conflict(f"The AWS Organization {label} vanished", "")
        if again.plan.action != "none" and not self._declared:
            raise _conflict(
                f"The AWS Organization {cast(Organization, again.actual).label}, which is not declared, was changed by "
                "somebody else while the task ran, and is not removed",
                "Declare it if it is to stay; if it is to go, run again.",
            )
        return again

    def keep(self, session: Session | None) -> None:
        """Keep the session that the result shows."""
        if session is not None:
            self.checks.session = session

    def _prepare(self, known: Known | None = None) -> Prepared:
        earlier = self.checks
        self._preparation = Preparation(self._appliance, self._desired, known)
        # A second plan may make other checks, and what the first ones found must reach the person all the same.
        self.checks.keep(earlier.let_pass)
        return self._preparation.prepare()

    def _may_be_under_way(self, error: ApplianceError) -> bool:
        """Whether a refusal may be due to an addition that somebody else has begun."""
        if self._appliance.task.check_mode:
            return False
        # If the other addition began after the check of the name, the check of the settings refuses.
        begun = error.reason == "invalid" and self._preparation.adding and self._additions.is_under_way()
        return error.reason == "conflict" or begun


def _conflict(message: str, remedy: str) -> ApplianceError:
    return ApplianceError(message, reason="conflict", remedy=remedy)
