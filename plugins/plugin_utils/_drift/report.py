# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The drift report: from what was gathered of each appliance to one dictionary, which all formats are made of. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .acceptance import accept_snippet, apply_rules, check_rules
from .entry import Reading, reading
from .history import Now, check_report, first_seen, forget, remember
from .links import check_links, fix_link, name_records
from .values import TIME, plain, text_or_none
from .words import SCHEMA_VERSION, STATES, headline, outcome

_COMPUTED = ("first_seen", "baseline_generated_at")


def build_report(
    entries: Any,
    expected: Any,
    baseline: Any = None,
    accepted: Any = None,
    links: Any = None,
    meta: Any = None,
) -> dict[str, Any]:
    """Builds the report.

    entries: a list with one dictionary for each appliance: ``appliance``, ``target``, ``error``, ``result``,
    ``structure``, ``coverage``. expected: how many appliances there should be. baseline: an earlier report, or None.
    accepted: a list of rules. links: see check_links. meta: ``generated_at`` (UTC, such as 2026-01-31T04:05:06Z), which
    is also what "today" is, and any other texts. The report is plain data, and the same for the same input.
    Raises ValueError, with a sentence, for arguments that are wrong. What is wrong in an entry is in the report.
    """
    given_meta, now = _check_meta(plain(meta))
    rules = check_rules(plain(accepted) or [])
    checked_links = check_links(plain(links))
    earlier = check_report(plain(baseline), "baseline") if baseline is not None else None
    readings = _read(plain(entries))
    wanted = _check_expected(expected)

    records = [record for found in readings for record in found.records]
    records.sort(key=_order)
    name_records(records)
    unread = {found.appliance for found in readings if not found.read}
    complete = len(readings) >= wanted
    rules_to_look_at = apply_rules(records, rules, now[:10], unread, complete)
    forget(records)
    memory = None
    if earlier is not None:
        appliances = frozenset(found.appliance for found in readings)
        memory = remember(Now(records, appliances, frozenset(unread), complete), earlier)
        given_meta["baseline_generated_at"] = earlier["meta"]["generated_at"]
    for record in records:
        record["fix"] = fix_link(checked_links["fix"], record)
        record["accept"] = accept_snippet(record)
    counts = _count(records)
    read = sum(found.read for found in readings)
    report = {
        "schema_version": SCHEMA_VERSION,
        "meta": {**given_meta, "first_seen": first_seen(records, memory, earlier, now)},
        "outcome": outcome(counts, read, wanted),
        "expected": wanted,
        "read": read,
        "counts": counts,
        "appliances": [_appliance(found) for found in readings],
        "records": records,
        "memory": memory,
        "acceptances": rules_to_look_at,
        "structure": [item for found in readings for item in found.structure],
        "uncovered": [item for found in readings for item in found.uncovered],
        "unused": [item for found in readings for item in found.unused],
        "links": {"report": checked_links["report"]},
    }
    return {**report, "headline": headline(report)}


def _check_meta(meta: Any) -> tuple[dict[str, Any], str]:
    if not isinstance(meta, Mapping) or not TIME.fullmatch(str(meta.get("generated_at"))):
        raise ValueError("meta.generated_at must be a time in UTC such as 2026-01-31T04:05:06Z.")
    wrong = sorted(key for key, value in meta.items() if key in _COMPUTED or not isinstance(value, str))
    if wrong:
        raise ValueError(f"meta takes texts only, and {' and '.join(_COMPUTED)} are computed: {', '.join(wrong)}.")
    return dict(meta), str(meta["generated_at"])


def _check_expected(expected: Any) -> int:
    if isinstance(expected, bool) or not isinstance(expected, int) or expected < 0:
        raise ValueError("expected must be the number of appliances that there should be.")
    return int(expected)


def _read(entries: Any) -> list[Reading]:
    """Reads the entries by name. Two hosts on one target would report one appliance twice, and another one not."""
    if not isinstance(entries, list) or not all(isinstance(entry, Mapping) for entry in entries):
        raise ValueError("The entries must be a list of dictionaries, one for each appliance.")
    names = [text_or_none(entry.get("appliance")) for entry in entries]
    if None in names or len(set(names)) < len(names):
        raise ValueError("Each entry must have the name of an appliance, and each name must occur once.")
    readings = sorted((reading(entry) for entry in entries), key=lambda found: found.appliance)
    hosts: dict[str, list[Reading]] = {}
    for found in readings:
        if found.target is not None:
            hosts.setdefault(found.target.lower(), []).append(found)
    for sharing in hosts.values():
        for found in sharing if len(sharing) > 1 else ():
            found.read = False
            others = ", ".join(other.appliance for other in sharing if other is not found)
            found.error("same_target", f"It has the same target as {others}: {found.target}.")
    return readings


def _order(record: Mapping[str, Any]) -> tuple[str, ...]:
    names = ("appliance", "organization", "aws_organization_id", "id", "state", "reason", "message")
    return tuple(record[name] or "" for name in names)


def _count(records: list[dict[str, Any]]) -> dict[str, int]:
    """Records by state; what is accepted counts as that alone."""
    counts = dict.fromkeys((*STATES, "accepted"), 0)
    for record in records:
        counts["accepted" if record["accepted"] else record["state"]] += 1
    return counts


def _appliance(found: Reading) -> dict[str, Any]:
    return {
        "appliance": found.appliance,
        "target": found.target,
        "read": found.read,
        "plan_id": found.plan_id,
        "counts": _count(found.records),
    }
