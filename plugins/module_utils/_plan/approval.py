# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan as a short text, so that what a person approved can be compared with what would be done now. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from .._errors import ApplianceError
from .._model.desired import Desired
from .plan import Plan

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
