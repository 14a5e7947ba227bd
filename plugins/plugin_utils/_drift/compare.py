# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two reports compared for a merge request: what the change causes, and what was there already. Pure."""

from __future__ import annotations

from typing import Any

from .history import Now, check_report, remember
from .values import plain


def compare_reports(before: Any, after: Any) -> dict[str, Any]:
    """Compares the report of what is declared now with that of what a change would declare.

    Returns ``caused``, ``already`` and ``unclear`` (records of ``after``, each field with ``since``: ``new`` or
    ``known``) and ``resolved`` (records of ``before`` that are in sync or gone). ``unclear`` is what one of the two
    reports could not read, so that nobody can tell. Accepted records are left out. Raises ValueError, with a sentence.
    """
    old, new = check_report(plain(before), "The report before"), check_report(plain(after), "The report after")
    readable = {item["appliance"]: item["read"] for item in old["appliances"]}
    unread = frozenset(item["appliance"] for item in new["appliances"] if not item["read"])
    appliances = frozenset(item["appliance"] for item in new["appliances"])
    memory = remember(Now(new["records"], appliances, unread, len(appliances) >= new["expected"]), old)
    errors = {record["key"] for record in old["records"] if record["state"] == "error"}
    found: dict[str, list[dict[str, Any]]] = {"caused": [], "already": [], "unclear": []}
    for record in new["records"]:
        if record["state"] == "in_sync" or record["accepted"]:
            continue
        if record["since"] == "known":
            found["already"].append(record)
        elif record["state"] != "error" and (record["key"] in errors or not readable.get(record["appliance"])):
            found["unclear"].append(record)
        else:
            found["caused"].append(record)
    accepted = {record["key"] for record in old["records"] if record["accepted"]}
    resolved = [record for record in memory["resolved"] if record["key"] not in accepted]
    return {
        "before": _side(old),
        "after": _side(new),
        **found,
        "resolved": resolved,
        "not_read": memory["not_read"],
    }


def _side(report: dict[str, Any]) -> dict[str, Any]:
    return {name: report[name] for name in ("outcome", "headline", "read", "expected")}
