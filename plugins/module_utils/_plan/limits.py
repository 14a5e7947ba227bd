# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Limits on what one task may do, judged on the whole plan before the first write. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from .._errors import ApplianceError
from .._model.desired import check_least
from .impact import Impact

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
