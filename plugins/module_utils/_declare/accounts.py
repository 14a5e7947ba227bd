# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The AWS accounts that a plan takes into backup or out of it, by the structures that the appliance shows."""

from __future__ import annotations

from .._appliance.appliance import Appliance
from .._errors import ApplianceError, Refused
from .._model.desired import Desired
from .._model.organization import Organization
from .._model.structure import Structure
from .._plan.impact import NOTHING, Impact, covered_now, covered_then, impact
from .._plan.references import References


def impact_of_plan(
    appliance: Appliance,
    desired: Desired,
    actual: Organization | None,
    references: References,
    rescan_session: str | None,
    not_checked: list[str],
) -> Impact:
    """Return the accounts that a plan gains or loses.

    rescan_session: of the rescan in memory that resolved the units. What cannot be counted is left open and entered in
    not_checked: whether that matters is decided by max_accounts_lost.
    """
    before, after = covered_now(actual), covered_then(desired, actual, references)
    if before == after and before.known:
        return Impact()
    try:
        return impact(before, after, _structure(appliance, actual, rescan_session))
    except ApplianceError as error:
        if not isinstance(error, Refused) and error.reason != "api":
            raise
        not_checked.append(f"the accounts that are gained or lost: {error.message}")
        return impact(before, after, None)


def impact_of_added(appliance: Appliance, added: Organization) -> Impact:
    """Return the accounts that came into backup, by the structure that the appliance stored as it added them."""
    try:
        structure = appliance.structures.stored(added.id, units_only=False)
    except ApplianceError:
        # It is added and verified; accounts that cannot be counted are no failure.
        return impact(NOTHING, covered_now(added), None)
    return impact(NOTHING, covered_now(added), structure)


def _structure(appliance: Appliance, actual: Organization | None, rescan_session: str | None) -> Structure | None:
    if rescan_session is not None:
        return appliance.structures.rescanned(rescan_session, units_only=False)
    return appliance.structures.stored(actual.id, units_only=False) if actual else None
