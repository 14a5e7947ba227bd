# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a module returns about one organization: planned, done, refused or failed."""

from __future__ import annotations

from typing import Any

from .._appliance.sessions import Session
from .._errors import ApplianceError
from .._model.desired import Desired
from .._model.organization import Organization
from .._plan.limits import plan_id
from .._plan.plan import Plan
from .preparation import Preparation, Prepared

# Failures by which the collection or the appliance declined, with nothing attempted.
_REFUSALS = ("invalid", "conflict", "ambiguous", "in_use", "role_invalid", "plan_changed", "over_limit")


def record(
    preparation: Preparation,
    prepared: Prepared,
    outcome: str,
    organization: Organization | None,
    session: Session | str | None,
    verified: bool,
) -> dict[str, Any]:
    """The result of a task that did not fail. organization: as it is now; None where there is none, or none yet."""
    plan, desired = prepared.plan, preparation.desired
    if plan.unverified:
        preparation.task.warn(
            f"The appliance does not show {', '.join(plan.unverified)} of the AWS Organization {desired.label!r}, so "
            "that nobody can tell whether it is as declared. If the appliance calls it by another name, say so "
            "with wire_names."
        )
    result = {
        "changed": plan.action != "none",
        "organization": organization.as_result() if organization else None,
        **_of_plan(prepared, desired),
        **_of_checks(preparation, session),
        "outcome": outcome,
        "verified": verified and not plan.unverified and outcome == "done",
    }
    if plan.action != "none":
        result["diff"] = _diff(plan, desired, prepared.actual)
    return result


def failed_record(
    preparation: Preparation, prepared: Prepared | None, error: ApplianceError, session: Session | str | None
) -> dict[str, Any]:
    """What is known beside the failure itself: a failed task prints no diff, so the changes say what was to be done."""
    attempted = bool(error.done or error.unknown)
    result = {
        **_of_checks(preparation, session),
        "outcome": "refused" if error.reason in _REFUSALS and not attempted else "failed",
        "verified": False,
    }
    return {**_of_plan(prepared, preparation.desired), **result} if prepared else result


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


def _of_checks(preparation: Preparation, session: Session | str | None) -> dict[str, Any]:
    shown = session or preparation.test_session
    return {
        "preflight": [finding.as_result() for finding in preparation.findings],
        "not_checked": list(preparation.not_checked),
        "session": {"id": shown} if isinstance(shown, str) else shown.as_result() if shown else None,
    }


def _diff(plan: Plan, desired: Desired, actual: Organization | None) -> dict[str, Any]:
    """One hunk for the organization. Secrets cannot occur: no setting of an organization is one."""
    headers = {"create": ("not on the appliance", desired.label), "remove": (actual.label if actual else "", "removed")}
    label = actual.label if actual else desired.label
    renamed = f"{desired.name or actual.name} ({actual.id})" if actual else desired.label
    before, after = headers.get(plan.action, (label, renamed))
    return {"before": dict(plan.before), "after": dict(plan.after), "before_header": before, "after_header": after}
