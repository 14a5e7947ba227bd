# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task did about many organizations, or would do, in lists, numbers and one line for a person. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .._errors import ApplianceError

_BY_ACTION = {"create": "created", "update": "updated", "rename": "renamed", "remove": "removed"}
_KINDS = ("created", "updated", "renamed", "removed", "unchanged", "unknown", "refused", "failed", "untouched")
_NAMED = 10  # in the one line; the lists hold all
_CAUSES = 10  # different ones that a message tells; the records hold all
_TO_DO = {"created": "to create", "updated": "to update", "renamed": "to rename", "removed": "to remove"}


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
