# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a task may carry out its plans: limits on removals and lost accounts, and the approved plan.

All of it is judged before the first write.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from .._errors import ApplianceError
from .._model.desired import Desired
from .._model.values import check_least
from .._wording import first_of, full_stop, printable, quoted
from .impact import Impact
from .plan import Plan

PRUNE_LIMIT = 1
"""How many undeclared organizations a task may remove if prune_limit is not given."""

Planned = Sequence["tuple[Desired, Plan]"]
"""All organizations of a task, in any order."""

_NAMED = 20  # in a message
_TASK_DIGITS = 32
# Half of the other: an approval accepts each change by this alone, so that no change can be made to fit.
_ORGANIZATION_DIGITS = 16
_APPROVE = "Run in check mode, look at the changes, and approve the plan_id that it returns."
_CONTINUE = (
    "To continue, run the task again with the same expected_plan. It makes the approved changes that are left, and "
    "refuses any other change."
)
_BEFORE_THE_FIRST_WRITE = ("approve", "limits")
_PLAN_ID = re.compile(rf"[0-9a-f]{{{_TASK_DIGITS}}}(-[0-9a-f]{{{_ORGANIZATION_DIGITS}}})*")


def require_prune_limit(undeclared: Sequence[str], limit: int | None, anything_declared: bool) -> None:
    """Raises ApplianceError (over_limit) if the task would remove more organizations than prune_limit allows.

    undeclared: the labels of those that would be removed. limit: None if it is not given. A task that declares nothing,
    perhaps because a variable is empty, needs a limit that is given.
    """
    allowed = PRUNE_LIMIT if limit is None else limit
    labels = first_of(undeclared, _NAMED)
    if undeclared and limit is None and not anything_declared:
        raise ApplianceError(
            f"No AWS Organization is declared, and prune would remove all {len(undeclared)}: {labels}",
            reason="over_limit",
            stage="limits",
            remedy=f"If that is meant, say prune_limit: {len(undeclared)}.",
        )
    if len(undeclared) > allowed:
        raise ApplianceError(
            f"prune would remove {_count(len(undeclared), 'AWS Organization')} that nobody declares, and prune_limit "
            f"is {allowed}: {labels}",
            reason="over_limit",
            stage="limits",
            remedy=f"Declare those that are to stay. If all of them are to go, say prune_limit: {len(undeclared)}.",
        )


def require_few_accounts_lost(impacts: Sequence[tuple[str, Impact]], limit: int | None) -> None:
    """Raises ApplianceError (over_limit) if more accounts than max_accounts_lost would lose their backup, or if the
    number cannot be determined.

    impacts: label and impact of each organization. limit: None allows any number.
    """
    if limit is None:
        return
    check_least({"max_accounts_lost": limit}, {"max_accounts_lost": 0})
    unknown = [label for label, impact in impacts if impact.lost is None]
    if unknown:
        raise ApplianceError(
            f"Nobody can tell how many accounts lose their backup with the change of {first_of(unknown, _NAMED)}, and "
            f"max_accounts_lost is {limit}",
            reason="over_limit",
            stage="limits",
            remedy="Rescan the organization, so that the appliance knows its accounts, or leave max_accounts_lost out.",
        )
    losses = [(label, impact.lost) for label, impact in impacts if impact.lost]
    total = sum(len(lost) for _label, lost in losses)
    if total > limit:
        raise ApplianceError(
            f"{_count(total, 'account')} would fall out of backup, and max_accounts_lost is {limit}: "
            f"{first_of(losses, _NAMED, '; ', _loss)}",
            reason="over_limit",
            stage="limits",
            remedy=f"If that is meant, say max_accounts_lost: {total}.",
        )


def plan_id(planned: Planned) -> str:
    """Return a hash of what is declared, what exists, and what would be done; the order does not matter.

    A short hash follows for each organization that would change, so that an approval covers each change by itself.
    """
    ids = sorted((plan.id(desired), plan.action) for desired, plan in planned)
    task = hashlib.sha256("".join(one for one, _action in ids).encode()).hexdigest()[:_TASK_DIGITS]
    return "-".join([task, *(one[:_ORGANIZATION_DIGITS] for one, action in ids if action != "none")])


def require_approved(expected: str | None, planned: Planned) -> None:
    """Raises ApplianceError (plan_changed) that shows the differences, unless the expected plan covers every change.

    Changes that were approved and are done already do not count, so a task that failed half-way can go on.
    """
    if expected is None:
        return
    expected = expected.strip()
    if not _PLAN_ID.fullmatch(expected):
        raise ApplianceError(
            f"expected_plan is {expected!r}, which is not a plan_id",
            reason="plan_changed",
            stage="approve",
            remedy=_APPROVE,
        )
    _task, *approved = expected.split("-")
    changing = [(desired, plan) for desired, plan in planned if plan.action != "none"]
    if not Counter(_short_id(desired, plan) for desired, plan in changing) - Counter(approved):
        return
    raise ApplianceError(
        f"The plan is not the approved one: it is {plan_id(planned)} now, and expected_plan is {expected}",
        reason="plan_changed",
        stage="approve",
        remedy=f"{_differences(approved, changing)} {_APPROVE}",
    )


def with_way_to_continue(error: ApplianceError, options: Mapping[str, Any]) -> ApplianceError:
    """Return the failure of a task, with how to go on if its plan was approved."""
    if not options.get("expected_plan") or error.stage in _BEFORE_THE_FIRST_WRITE:
        return error
    remedy = f"{full_stop(error.remedy)} {_CONTINUE}".strip()
    return error.but(remedy=remedy)


def _differences(approved: Sequence[str], changing: Planned) -> str:
    """Sentences about what differs from the approved plan. approved: the short hashes of its organizations."""
    shorts = [_short_id(desired, plan) for desired, plan in changing]
    known = set(approved)
    others = [one for short, one in zip(shorts, changing) if short not in known]
    gone = len(known - set(shorts))
    sentences = [f"Not approved as it would be done now: {first_of(others, _NAMED, '; ', _describe)}."]
    if gone:
        sentences.append(
            f"Approved, but already done or to be done differently now: {gone} of {len(approved)} changes."
        )
    return " ".join(sentences)


def _short_id(desired: Desired, plan: Plan) -> str:
    return plan.id(desired)[:_ORGANIZATION_DIGITS]


def _describe(planned: tuple[Desired, Plan]) -> str:
    desired, plan = planned
    changed = first_of(plan.changes, _NAMED, as_text=lambda change: printable(change.field))
    fields = f" ({changed})" if plan.action in ("update", "rename") else ""
    # A removal by an ID may be declared with another name than the one that goes.
    label = plan.before.get("name", desired.label) if plan.action == "remove" else desired.label
    return f"{plan.action} {quoted(label)}{fields}"


def _loss(loss: tuple[str, Sequence[Mapping[str, Any]]]) -> str:
    label, accounts = loss
    return f"{label} loses {len(accounts)}: {first_of(accounts, 5, as_text=lambda one: printable(str(one['name'])))}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")
