# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Limits on what one task may do, judged on the whole plan before the first write. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from .._errors import ApplianceError
from .._model.desired import Desired
from .._model.values import check_least
from .impact import Impact
from .plan import Plan

PRUNE_LIMIT = 1
"""How many organizations are removed for not being declared, if nothing else is said."""


def require_prune_limit(undeclared: Sequence[str], limit: int | None, anything_declared: bool) -> None:
    """Raises ApplianceError (over_limit) where more would be removed than prune_limit allows.

    undeclared: how messages name those that would be removed. limit: as given, None where it is not. Where nothing is
    declared at all, which may be an empty variable, only a limit that was given counts.
    """
    allowed = PRUNE_LIMIT if limit is None else limit
    named = ", ".join(undeclared)
    if undeclared and limit is None and not anything_declared:
        raise ApplianceError(
            f"No AWS Organization is declared, and prune would remove all {len(undeclared)}: {named}",
            reason="over_limit",
            stage="limits",
            remedy=f"If that is meant, say prune_limit: {len(undeclared)}.",
        )
    if len(undeclared) > allowed:
        raise ApplianceError(
            f"prune would remove {_count(len(undeclared), 'AWS Organization')} that nobody declares, and prune_limit "
            f"is {allowed}: {named}",
            reason="over_limit",
            stage="limits",
            remedy=f"Declare those that are to stay. If all of them are to go, say prune_limit: {len(undeclared)}.",
        )


def require_few_accounts_lost(impacts: Sequence[tuple[str, Impact]], limit: int | None) -> None:
    """Raises ApplianceError (over_limit) where more accounts than max_accounts_lost would lose their backup, or where
    nobody can tell how many.

    impacts: how messages name an organization, and what its change means.
    """
    if limit is None:
        return
    check_least({"max_accounts_lost": limit}, {"max_accounts_lost": 0})
    unknown = [label for label, impact in impacts if impact.lost is None]
    if unknown:
        raise ApplianceError(
            f"Nobody can tell how many accounts lose their backup with the change of {', '.join(unknown)}, and "
            f"max_accounts_lost is {limit}",
            reason="over_limit",
            stage="limits",
            remedy="Rescan the organization, so that the appliance knows its accounts, or leave max_accounts_lost out.",
        )
    losses = [(label, impact.lost) for label, impact in impacts if impact.lost]
    total = sum(len(lost) for _label, lost in losses)
    if total > limit:
        said = "; ".join(
            f"{label} loses {len(lost)}: {', '.join(str(account['name']) for account in lost[:5])}"
            + (" and more" if len(lost) > 5 else "")
            for label, lost in losses
        )
        raise ApplianceError(
            f"{_count(total, 'account')} would fall out of backup, and max_accounts_lost is {limit}: {said}",
            reason="over_limit",
            stage="limits",
            remedy=f"If that is meant, say max_accounts_lost: {total}.",
        )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")


_WHOLE = 32
_EACH = 8

Planned = Sequence["tuple[Desired, Plan]"]
"""Every organization of a task, in any order."""


def plan_id(planned: Planned) -> str:
    """A hash of what is declared, what is there and what would be done, whatever the order.

    Behind it stands a short hash of each organization that would be changed, by which a later plan can tell what has
    become different; the first part alone decides.
    """
    every = sorted(plan.id(desired) for desired, plan in planned)
    whole = hashlib.sha256("".join(every).encode()).hexdigest()[:_WHOLE]
    return "-".join([whole, *sorted(_short(desired, plan) for desired, plan in planned if plan.action != "none")])


def require_approved(expected: str | None, planned: Planned) -> None:
    """Raises ApplianceError (plan_changed), saying what differs now, unless the plan is the expected one."""
    now = plan_id(planned)
    if expected is None or expected.strip() == now:
        return
    _whole, *approved = expected.strip().split("-")
    changing = [(desired, plan) for desired, plan in planned if plan.action != "none"]
    others = [_tell(desired, plan) for desired, plan in changing if _short(desired, plan) not in approved]
    gone = len(set(approved) - {_short(desired, plan) for desired, plan in changing})
    said = []
    if others:
        said.append(f"Not approved as it would be done now: {'; '.join(others)}.")
    if gone:
        said.append(f"Approved and not to be done any more, or not in this way: {gone} of {len(approved)} changes.")
    if not said:
        said.append("The changes are the same, but another organization is declared or stands differently now.")
    raise ApplianceError(
        f"The plan is not the approved one: it is {now} now, and expected_plan is {expected.strip()}",
        reason="plan_changed",
        stage="approve",
        remedy=f"{' '.join(said)} Run in check mode, look at the changes, and approve the plan_id that it returns.",
    )


def _short(desired: Desired, plan: Plan) -> str:
    return plan.id(desired)[:_EACH]


def _tell(desired: Desired, plan: Plan) -> str:
    fields = f" ({', '.join(change.field for change in plan.changes)})" if plan.action in ("update", "rename") else ""
    return f"{plan.action} {desired.label!r}{fields}"
