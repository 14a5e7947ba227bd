# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The drift report: one dictionary made from the entries of all appliances. All formats are made from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .acceptance import accept_snippet, apply_rules, check_rules
from .entry import Appliance, read_entry
from .history import Snapshot, clear_changes, first_seen, mark_changes
from .links import add_keys, check_links, fix_link
from .schema import SCHEMA_VERSION, check_report
from .values import UTC_TIME, plain_data, text_or_none
from .words import STATES, headline, outcome

_COMPUTED = ("first_seen", "baseline_generated_at")


def build_report(
    entries: Any, expected: Any, baseline: Any = None, accepted: Any = None, links: Any = None, meta: Any = None
) -> dict[str, Any]:
    """Build the report, which is plain data and the same for the same arguments.

    entries: a list with a dictionary for each appliance, see read_entry. expected: the number of appliances. baseline:
    an earlier report. accepted: a list of rules. links: see check_links. meta: texts about the report; its
    ``generated_at``, such as 2026-01-31T04:05:06Z, is also the current day.
    Raises ValueError for wrong arguments. A wrong entry becomes an error in the report.
    """
    meta = _check_meta(plain_data(meta))
    now = meta["generated_at"]
    rules = check_rules(plain_data(accepted) or [])
    links = check_links(plain_data(links))
    earlier = check_report(plain_data(baseline), "baseline") if baseline is not None else None
    appliances = _read_entries(plain_data(entries))
    expected = _check_expected(expected)

    snapshot = _snapshot(appliances, expected)
    add_keys(snapshot.records)
    acceptances = apply_rules(snapshot.records, rules, now[:10], snapshot.unread, snapshot.complete)
    memory = None
    if earlier is None:
        clear_changes(snapshot.records)
    else:
        memory = mark_changes(snapshot, earlier)
        meta["baseline_generated_at"] = earlier["meta"]["generated_at"]
    for record in snapshot.records:
        record["fix"] = fix_link(links["fix"], record)
        record["accept"] = accept_snippet(record)
    meta["first_seen"] = first_seen(snapshot.records, memory, earlier, now)
    own = {"meta": meta, "memory": memory, "acceptances": acceptances, "links": {"report": links["report"]}}
    report = {"schema_version": SCHEMA_VERSION, **own, **_contents(appliances, snapshot.records, expected)}
    return {**report, "headline": headline(report)}


def _check_meta(meta: Any) -> dict[str, Any]:
    if not isinstance(meta, Mapping) or not UTC_TIME.fullmatch(str(meta.get("generated_at"))):
        raise ValueError("meta.generated_at must be a time in UTC such as 2026-01-31T04:05:06Z.")
    wrong = sorted(key for key, value in meta.items() if key in _COMPUTED or not isinstance(value, str))
    if wrong:
        raise ValueError(f"meta takes texts only, and {' and '.join(_COMPUTED)} are computed: {', '.join(wrong)}.")
    return dict(meta)


def _check_expected(expected: Any) -> int:
    if isinstance(expected, bool) or not isinstance(expected, int) or expected < 0:
        raise ValueError("expected must be the number of appliances that there should be.")
    return int(expected)


def _read_entries(entries: Any) -> list[Appliance]:
    """Return the appliances, sorted by name."""
    if not isinstance(entries, list) or not all(isinstance(entry, Mapping) for entry in entries):
        raise ValueError("The entries must be a list of dictionaries, one for each appliance.")
    names = [text_or_none(entry.get("appliance")) for entry in entries]
    if None in names or len(set(names)) < len(names):
        raise ValueError("Each entry must have the name of an appliance, and each name must occur once.")
    appliances = sorted(map(read_entry, entries), key=lambda appliance: appliance.name)
    _refuse_shared_targets(appliances)
    return appliances


def _refuse_shared_targets(appliances: list[Appliance]) -> None:
    """Add an error to all hosts that share a target: they would report one appliance twice."""
    by_target: dict[str, list[Appliance]] = {}
    for appliance in appliances:
        if appliance.target is not None:
            by_target.setdefault(appliance.target.lower(), []).append(appliance)
    for sharing in by_target.values():
        for appliance in sharing if len(sharing) > 1 else ():
            appliance.read = False
            others = ", ".join(other.name for other in sharing if other is not appliance)
            appliance.add_error("same_target", f"It has the same target as {others}: {appliance.target}.")


def _snapshot(appliances: list[Appliance], expected: int) -> Snapshot:
    records = sorted((record for appliance in appliances for record in appliance.records), key=_order)
    names = frozenset(appliance.name for appliance in appliances)
    unread = frozenset(appliance.name for appliance in appliances if not appliance.read)
    return Snapshot(records, names, unread, len(appliances) >= expected)


def _order(record: Mapping[str, Any]) -> tuple[str, ...]:
    names = ("appliance", "organization", "aws_organization_id", "id", "state", "reason", "message")
    return tuple(record[name] or "" for name in names)


def _contents(appliances: list[Appliance], records: list[dict[str, Any]], expected: int) -> dict[str, Any]:
    counts = _count(records)
    read = sum(appliance.read for appliance in appliances)
    return {
        "outcome": outcome(counts, read, expected),
        "expected": expected,
        "read": read,
        "counts": counts,
        "appliances": [
            {
                "appliance": appliance.name,
                "target": appliance.target,
                "read": appliance.read,
                "plan_id": appliance.plan_id,
                "counts": _count(appliance.records),
            }
            for appliance in appliances
        ],
        "records": records,
        "structure": [item for appliance in appliances for item in appliance.structure],
        "uncovered": [item for appliance in appliances for item in appliance.uncovered],
        "unused": [item for appliance in appliances for item in appliance.unused],
    }


def _count(records: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """Return the number of records by state. An accepted record counts as accepted only."""
    counts = dict.fromkeys((*STATES, "accepted"), 0)
    for record in records:
        counts["accepted" if record["accepted"] else record["state"]] += 1
    return counts
