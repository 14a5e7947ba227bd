# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a module returns about one organization, and about many."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from .._appliance.checks import Checks
from .._errors import ApplianceError
from .._model.desired import Desired
from .._model.organization import Organization
from .._module.journal import Journal
from .._plan.limits import plan_id
from .._wording import printable
from .preparation import Prepared

# Failures by which the collection or the appliance declined, with nothing attempted.
_REFUSALS = ("invalid", "conflict", "ambiguous", "in_use", "role_invalid", "plan_changed", "over_limit")


@dataclass(frozen=True)
class Outcome:
    """How the declaration of one organization ended.

    how: ``done``, ``planned`` or ``failed``. prepared: None if it could not be planned. organization: as it is now,
    None if there is none, or none yet. verified: whether it was read back. error: what it failed with.
    """

    desired: Desired
    checks: Checks
    journal: Journal
    prepared: Prepared | None
    how: str
    organization: Organization | None = None
    verified: bool = False
    error: ApplianceError | None = None

    @property
    def changed(self) -> bool:
        """Whether something was changed, or would be."""
        return self.error is None and cast(Prepared, self.prepared).plan.action != "none"

    def as_result(self) -> dict[str, Any]:
        """Return the result of the module: all of it, or what is known beside a failure."""
        if self.error is not None:
            return self._as_failure(self.error)
        prepared = cast(Prepared, self.prepared)
        plan = prepared.plan
        result = {
            "changed": self.changed,
            "organization": self.organization.as_result() if self.organization else None,
            **_of_plan(prepared, self.desired),
            **_of_checks(self.checks),
            "outcome": self.how,
            "verified": self.verified and not plan.unverified and self.how == "done",
        }
        if self.changed:
            result["diff"] = self.diff()
        return result

    def diff(self) -> dict[str, Any]:
        """Return one hunk. No setting of an organization is a secret."""
        prepared, desired = cast(Prepared, self.prepared), self.desired
        plan, actual = prepared.plan, prepared.actual
        label = actual.label if actual else desired.label
        renamed = f"{printable(desired.name or actual.name)} ({printable(actual.id)})" if actual else label
        headers = {"create": ("not on the appliance", label), "remove": (label, "removed")}
        before, after = headers.get(plan.action, (label, renamed))
        return {"before": dict(plan.before), "after": dict(plan.after), "before_header": before, "after_header": after}

    def _as_failure(self, error: ApplianceError) -> dict[str, Any]:
        """A failed task prints no diff, so the changes say what was to be done."""
        refused = error.reason in _REFUSALS and self.journal.untouched
        return {
            **(_of_plan(self.prepared, self.desired) if self.prepared else {}),
            **_of_checks(self.checks),
            "outcome": "refused" if refused else "failed",
            "verified": False,
        }


def _of_plan(prepared: Prepared, desired: Desired) -> dict[str, Any]:
    plan = prepared.plan
    return {
        "action": plan.action,
        "status": plan.status,
        "changes": [{"field": change.field, "before": change.before, "after": change.after} for change in plan.changes],
        "unverified": list(plan.unverified),
        "plan_id": plan_id([(desired, plan)]),
        "impact": None if plan.action == "none" else prepared.impact.as_result(),
    }


def _of_checks(checks: Checks) -> dict[str, Any]:
    return {
        "preflight": [finding.as_result() for finding in checks.findings],
        "not_checked": list(checks.not_checked),
        "session": checks.session.as_result() if checks.session else None,
    }
