# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two reports compared for a merge request: what the change causes, and what drifted before."""

from __future__ import annotations

from typing import Any

from .history import Snapshot, mark_changes
from .schema import check_report
from .values import plain_data


def compare_reports(before: Any, after: Any) -> dict[str, Any]:
    """Compare the report of the current declaration with the report of a changed one.

    Returns ``caused``, ``already`` and ``unclear`` (records of ``after``, each field with ``since``: ``new`` or
    ``known``), and ``resolved`` and ``not_read`` (records of ``before``). Records are unclear if one of the two reports
    could not read them. Accepted records are left out. Raises ValueError.
    """
    old = check_report(plain_data(before), "The report before")
    new = check_report(plain_data(after), "The report after")
    memory = mark_changes(_snapshot(new), old)
    groups: dict[str, list[dict[str, Any]]] = {"caused": [], "already": [], "unclear": []}
    failed = {record["key"] for record in old["records"] if record["state"] == "error"}
    read = {item["appliance"] for item in old["appliances"] if item["read"]}
    for record in new["records"]:
        if record["state"] == "in_sync" or record["accepted"]:
            continue
        if record["since"] == "known":
            groups["already"].append(record)
        elif record["state"] != "error" and (record["key"] in failed or record["appliance"] not in read):
            groups["unclear"].append(record)
        else:
            groups["caused"].append(record)
    accepted = {record["key"] for record in old["records"] if record["accepted"]}
    resolved = [record for record in memory["resolved"] if record["key"] not in accepted]
    sides = {"before": _side(old), "after": _side(new)}
    return {**sides, **groups, "resolved": resolved, "not_read": memory["not_read"]}


def _snapshot(report: dict[str, Any]) -> Snapshot:
    appliances = frozenset(item["appliance"] for item in report["appliances"])
    unread = frozenset(item["appliance"] for item in report["appliances"] if not item["read"])
    return Snapshot(report["records"], appliances, unread, len(appliances) >= report["expected"])


def _side(report: dict[str, Any]) -> dict[str, Any]:
    return {name: report[name] for name in ("outcome", "headline", "read", "expected")}
