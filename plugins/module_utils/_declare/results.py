# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a module returns about one organization, and about many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from .._appliance.checks import Checks
from .._errors import ApplianceError
from .._model.desired import Desired
from .._model.organization import Organization
from .._module.journal import Journal
from .._plan.limits import plan_id
from .._plan.plan import Plan
from .preparation import Prepared

# Failures by which the collection or the appliance declined, with nothing attempted.
_REFUSALS = ("invalid", "conflict", "ambiguous", "in_use", "role_invalid", "plan_changed", "over_limit")

_BY_ACTION = {"create": "created", "update": "updated", "rename": "renamed", "remove": "removed"}
_KINDS = ("created", "updated", "renamed", "removed", "unchanged", "unknown", "refused", "failed", "untouched")
_NAMED = 10  # in the one line; the lists hold all
_CAUSES = 10  # different ones that a message tells; the records hold all
_TO_DO = {"created": "to create", "updated": "to update", "renamed": "to rename", "removed": "to remove"}


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
            result["diff"] = _diff(plan, self.desired, prepared.actual)
        return result

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


def _diff(plan: Plan, desired: Desired, actual: Organization | None) -> dict[str, Any]:
    """One hunk for the organization. Secrets cannot occur: no setting of an organization is one."""
    headers = {"create": ("not on the appliance", desired.label), "remove": (actual.label if actual else "", "removed")}
    label = actual.label if actual else desired.label
    renamed = f"{desired.name or actual.name} ({actual.id})" if actual else desired.label
    before, after = headers.get(plan.action, (label, renamed))
    return {"before": dict(plan.before), "after": dict(plan.after), "before_header": before, "after_header": after}


def summarize(records: Sequence[Mapping[str, Any]], check_mode: bool) -> dict[str, Any]:
    """records: as the module returns them. Returns names by what became of them, accounts, and ``text``.

    In check mode ``created`` and the like are what would be done.
    """
    summary: dict[str, Any] = {kind: [] for kind in _KINDS}
    for record in records:
        summary[_kind(record, check_mode)].append(record["name"])
    counted = [
        record["impact"] for record in records if record["impact"] and _kind(record, check_mode) in _BY_ACTION.values()
    ]
    for side in ("accounts_gained", "accounts_lost"):
        numbers = [impact[side] for impact in counted]
        summary[side] = None if None in numbers else sum(numbers)
    summary["text"] = _text(summary, check_mode)
    return summary


def _kind(record: Mapping[str, Any], check_mode: bool) -> str:
    if record["outcome"] in ("refused", "failed"):
        return str(record["outcome"])
    if record["action"] == "none":
        return "unknown" if record["status"] == "unknown" else "unchanged"
    if record["outcome"] == "planned" and not check_mode:
        return "untouched"
    return _BY_ACTION[record["action"]]


def _text(summary: Mapping[str, Any], check_mode: bool) -> str:
    said = []
    for kind in _KINDS:
        names = summary[kind]
        if names:
            word = _TO_DO.get(kind, kind) if check_mode else kind
            shown = ", ".join(names[:_NAMED]) + (" and more" if len(names) > _NAMED else "")
            said.append(f"{len(names)} {word}" + ("" if kind == "unchanged" else f" ({shown})"))
    text = ", ".join(said) or "nothing is declared"
    if any(summary[kind] for kind in _BY_ACTION.values()):
        gained, lost = (
            "unknown" if summary[side] is None else summary[side] for side in ("accounts_gained", "accounts_lost")
        )
        text += f"; accounts gained: {gained}, lost: {lost}"
    return text + "."


def failure_of_many(
    failed: Sequence[tuple[str, ApplianceError]], total: int, untouched: Sequence[str], kept: Sequence[str]
) -> ApplianceError:
    """The failure of a task some of whose organizations failed: each with its cause, and what was left alone.

    failed: how messages name an organization, and what it failed with; the same cause is told once, and of very many
    the first ones. kept: what prune
    left, since not everything that is declared could be planned.
    """
    causes: dict[str, list[str]] = {}
    for label, error in failed:
        causes.setdefault(str(error), []).append(label)
    said = [f"{', '.join(labels)}: {cause}" for cause, labels in list(causes.items())[:_CAUSES]]
    more = [label for labels in list(causes.values())[_CAUSES:] for label in labels]
    said += [f"{', '.join(more)}: see the msg of each in organizations."] if more else []
    said += [f"Untouched: {', '.join(untouched)}."] if untouched else []
    said += (
        [f"Prune removed nothing ({', '.join(kept)}), since not everything that is declared could be planned."]
        if kept
        else []
    )
    reasons = {error.reason for _label, error in failed}
    return ApplianceError(
        f"{len(failed)} of {total} AWS Organizations failed. {' '.join(said)}",
        reason=reasons.pop() if len(reasons) == 1 else "several",
        stage=failed[0][1].stage if len(failed) == 1 else None,
    )
