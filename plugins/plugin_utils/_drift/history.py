# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What changed since an earlier report: new, known and resolved drift, and when it was first seen.

A record of an appliance that is not read now is not resolved. It is kept until the appliance is read again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

_COMPACT = ("kind", "key", "appliance", "organization", "aws_organization_id", "state", "reason", "unverified")


@dataclass(frozen=True)
class Snapshot:
    """The records of a report. unread: appliances that were not read. complete: no expected appliance is missing."""

    records: list[dict[str, Any]]
    appliances: frozenset[str]
    unread: frozenset[str]
    complete: bool

    def drift_of(self, earlier: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        """Return the records of the same organization or appliance that are not in sync. earlier: a record of it."""
        alike = (record for subject in _subjects(earlier) for record in self._drift.get(subject, ()))
        return [record for record in alike if _same_subject(record, earlier)]

    @cached_property
    def _drift(self) -> Mapping[tuple[Any, ...], list[Mapping[str, Any]]]:
        found: dict[tuple[Any, ...], list[Mapping[str, Any]]] = {}
        for record in self.records:
            if record["state"] != "in_sync":
                for subject in _subjects(record):
                    found.setdefault(subject, []).append(record)
        return found


def clear_changes(records: Iterable[dict[str, Any]]) -> None:
    """Set ``since`` of each record and each field to None: without an earlier report it is unknown."""
    for record in records:
        for part in (record, *record["fields"]):
            part["since"] = None


def mark_changes(now: Snapshot, baseline: Mapping[str, Any]) -> dict[str, Any]:
    """Compare with an earlier report, and set ``since`` of each record and each field.

    ``since`` is ``new`` or ``known``, or None if the record is in sync. A record is known if its state is the same and
    nothing was added to it. Returns ``new`` and ``known`` (numbers of records), ``resolved`` and ``not_read`` (earlier
    records).
    """
    earlier = _Baseline(baseline)
    matched: set[tuple[str, str]] = set()
    for record in now.records:
        before = earlier.find(record) if record["state"] != "in_sync" else None
        if before is not None:
            matched.add(_identity(before))
        _mark(record, before)
    gone = [record for identity, record in earlier.drift.items() if identity not in matched]
    not_read = [record for record in gone if _not_read(record, now)]
    resolved = [record for record in gone if not _not_read(record, now) and not _drifts(record, now)]
    return {
        **{since: sum(1 for record in now.records if record["since"] == since) for since in ("new", "known")},
        "resolved": list(map(compact_record, resolved)),
        "not_read": list(map(compact_record, not_read)),
    }


def first_seen(
    records: list[dict[str, Any]], memory: Mapping[str, Any] | None, baseline: Mapping[str, Any] | None, time: str
) -> dict[str, str]:
    """Return when each drift was first reported, by first_seen_key: the time in the earlier report, else ``time``.

    A record is new if something was added to it, but keeps the time when it was first seen.
    """
    earlier = _Baseline(baseline) if baseline else None
    times: dict[str, str] = {}
    for record in (*records, *(memory["not_read"] if memory else ())):
        if record["state"] != "in_sync":
            before = earlier.find(record) if earlier else None
            key = first_seen_key(record)
            times[key] = earlier.times.get(first_seen_key(before), time) if earlier and before else time
    return times


def first_seen_key(record: Mapping[str, Any]) -> str:
    """Return the key of a record in ``meta.first_seen``. Another state of the same organization is another drift."""
    return f"{record['key']}#{record['state']}"


def compact_record(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parts of an earlier record that later reports need."""
    fields = [{name: field[name] for name in ("field", "declared", "actual")} for field in record["fields"]]
    return {**{name: record[name] for name in _COMPACT}, "fields": fields}


class _Baseline:
    """The drift in an earlier report, including what it kept from reports before it."""

    def __init__(self, report: Mapping[str, Any]) -> None:
        self.times: Mapping[str, str] = report["meta"]["first_seen"]
        kept = report["memory"]["not_read"] if report["memory"] else []
        records = [*kept, *(record for record in report["records"] if record["state"] != "in_sync")]
        self.drift: dict[tuple[str, str], Mapping[str, Any]] = {_identity(record): record for record in records}
        self._by_name = {_name(record): record for record in records if record["kind"] == "organization"}

    def find(self, record: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """Return the same drift. The name identifies it only if an AWS ID is unknown, as after many failures."""
        same = self.drift.get(_identity(record))
        if same is None and record["kind"] == "organization":
            named: Mapping[str, Any] | None = self._by_name.get(_name(record))
            if named and not (named["aws_organization_id"] and record["aws_organization_id"]):
                return named
        return same


def _identity(record: Mapping[str, Any]) -> tuple[str, str]:
    return record["key"], record["state"]


def _name(record: Mapping[str, Any]) -> tuple[str, str, str]:
    return record["appliance"], record["organization"], record["state"]


def _mark(record: dict[str, Any], before: Mapping[str, Any] | None) -> None:
    """Set ``since`` of a record and its fields. before: the same drift in the earlier report."""
    known = [_difference(field) for field in before["fields"]] if before else []
    for field in record["fields"]:
        field["since"] = "known" if _difference(field) in known else "new"
    if record["state"] == "in_sync":
        record["since"] = None
        return
    same = (
        before is not None
        and before["reason"] == record["reason"]
        and set(record["unverified"]) <= set(before["unverified"])
        and all(field["since"] == "known" for field in record["fields"])
    )
    record["since"] = "known" if same else "new"


def _difference(field: Mapping[str, Any]) -> tuple[Any, ...]:
    return field["field"], field["declared"], field["actual"]


def _not_read(earlier: Mapping[str, Any], now: Snapshot) -> bool:
    """Return whether an earlier record may still exist, because its appliance or its organization was not read."""
    if earlier["appliance"] not in now.appliances:
        return not now.complete
    if earlier["kind"] == "organization" and earlier["appliance"] in now.unread:
        return True
    return earlier["state"] != "error" and any(
        record["state"] == "error" and record["kind"] == "organization" for record in now.drift_of(earlier)
    )


def _drifts(earlier: Mapping[str, Any], now: Snapshot) -> bool:
    """Return whether the same organization or appliance has another drift now. Then the earlier one is not resolved."""
    return bool(now.drift_of(earlier))


def _subjects(record: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Return what a record is found by: records of one subject share one of these at least."""
    by_name = (record["appliance"], "name", record["organization"])
    aws_id = record["aws_organization_id"]
    return [by_name, (record["appliance"], "aws_id", aws_id)] if aws_id else [by_name]


def _same_subject(record: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    if (record["appliance"], record["kind"]) != (other["appliance"], other["kind"]):
        return False
    both = record["aws_organization_id"], other["aws_organization_id"]
    return bool(both[0] == both[1] if all(both) else record["organization"] == other["organization"])
