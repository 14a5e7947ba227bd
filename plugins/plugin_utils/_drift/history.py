# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The memory of drift reports: what is new, known or resolved since an earlier one, and since when. Pure.

What cannot be read now is never resolved: it is carried on as it was, until somebody reads it again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .values import TIME
from .words import SCHEMA_VERSION, STATES

# What else a comparison shows of a report.
_SHOWN = ("outcome", "headline", "read", "expected")
_CARRIED = ("kind", "key", "appliance", "organization", "aws_organization_id", "state", "reason", "unverified")


@dataclass(frozen=True)
class Now:
    """What a report says of now, for the memory. unread: appliances that were not read. complete: none is lacking."""

    records: list[dict[str, Any]]
    appliances: frozenset[str]
    unread: frozenset[str]
    complete: bool

    def of_appliance(self, name: str) -> list[dict[str, Any]]:
        return [record for record in self.records if record["appliance"] == name and record["state"] != "in_sync"]


def check_report(report: Any, name: str) -> dict[str, Any]:
    """An earlier report, fit to compare with. Raises ValueError, which calls it by ``name``."""
    if not isinstance(report, Mapping):
        raise ValueError(f"{name} must be a drift report, the dictionary that its JSON holds.")
    version = report.get("schema_version")
    if version != SCHEMA_VERSION or isinstance(version, bool):
        raise ValueError(f"{name} has the schema_version {version}; this collection reads {SCHEMA_VERSION}.")
    try:
        for record in (*report["records"], *(report["memory"] or {"not_read": []})["not_read"]):
            _check_record(record)
        sound = all(report[name] is not None for name in _SHOWN)
        times = report["meta"]["first_seen"]
        sound = sound and all(TIME.fullmatch(time) for time in (report["meta"]["generated_at"], *times.values()))
        sound = sound and all(isinstance(item["read"], bool) and item["appliance"] for item in report["appliances"])
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError(f"{name} is no whole drift report: {type(error).__name__} {error}.") from error
    if not sound:
        raise ValueError(f"{name} is no whole drift report: a part of it is broken.")
    return dict(report)


def remember(now: Now, baseline: Mapping[str, Any]) -> dict[str, Any]:
    """Compares with an earlier report. Gives each record and each field ``since``: ``new``, ``known``, or None where
    all is in sync. Returns ``new`` and ``known`` (numbers of records), ``resolved`` and ``not_read`` (earlier records).

    A record is known while its state is the same and nothing in it is other than before.
    """
    earlier = _Earlier(baseline)
    met: set[tuple[str, str]] = set()
    for record in now.records:
        before = earlier.find(record) if record["state"] != "in_sync" else None
        if before is not None:
            met.add((before["key"], before["state"]))
        _mark(record, before)
    gone = [record for identity, record in earlier.drift.items() if identity not in met]
    not_read = [carried(record) for record in gone if _unread(record, now)]
    resolved = [carried(record) for record in gone if not _unread(record, now) and not _drifts(record, now)]
    numbers = {since: sum(1 for record in now.records if record["since"] == since) for since in ("new", "known")}
    return {**numbers, "resolved": resolved, "not_read": not_read}


def forget(records: Iterable[dict[str, Any]]) -> None:
    """Without an earlier report nobody knows what is new."""
    for record in records:
        record["since"] = None
        for field in record["fields"]:
            field["since"] = None


def first_seen(
    records: list[dict[str, Any]], memory: Mapping[str, Any] | None, baseline: Mapping[str, Any] | None, time: str
) -> dict[str, str]:
    """When each drift was first reported, by seen_key: carried on from the earlier report, else ``time``.

    A record to which something was added is new, but it has not been in sync since it was first seen.
    """
    earlier = _Earlier(baseline) if baseline else None
    times: dict[str, str] = {}
    for record in (*records, *(memory["not_read"] if memory else ())):
        if record["state"] != "in_sync":
            before = earlier.find(record) if earlier else None
            times[seen_key(record)] = earlier.times.get(seen_key(before), time) if earlier and before else time
    return times


def seen_key(record: Mapping[str, Any]) -> str:
    """Under which ``meta.first_seen`` holds the time of a record: another state is another drift."""
    return f"{record['key']}#{record['state']}"


def carried(record: Mapping[str, Any]) -> dict[str, Any]:
    """An earlier record, as far as a later report needs it."""
    fields = [{name: field[name] for name in ("field", "declared", "actual")} for field in record["fields"]]
    return {**{name: record[name] for name in _CARRIED}, "fields": fields}


class _Earlier:
    """What an earlier report knew to be out of sync, with what it carried on from reports before it."""

    def __init__(self, report: Mapping[str, Any]) -> None:
        self.times: Mapping[str, str] = report["meta"]["first_seen"]
        carried_on = report["memory"]["not_read"] if report["memory"] else []
        known = [*carried_on, *(record for record in report["records"] if record["state"] != "in_sync")]
        self.drift: dict[tuple[str, str], Mapping[str, Any]] = {_identity(record): record for record in known}
        self._named = {
            (record["appliance"], record["organization"], record["state"]): record
            for record in known
            if record["kind"] == "organization"
        }

    def find(self, record: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """The same drift. By name only where an AWS ID is not known: a failed plan often does not tell it."""
        found = self.drift.get(_identity(record))
        if found is None and record["kind"] == "organization":
            named: Mapping[str, Any] | None = self._named.get(
                (record["appliance"], record["organization"], record["state"])
            )
            if named and not (named["aws_organization_id"] and record["aws_organization_id"]):
                return named
        return found


def _identity(record: Mapping[str, Any]) -> tuple[str, str]:
    return record["key"], record["state"]


def _mark(record: dict[str, Any], before: Mapping[str, Any] | None) -> None:
    known = [(field["field"], field["declared"], field["actual"]) for field in before["fields"]] if before else []
    for field in record["fields"]:
        field["since"] = "known" if (field["field"], field["declared"], field["actual"]) in known else "new"
    if record["state"] == "in_sync":
        record["since"] = None
        return
    same = before is not None and before["reason"] == record["reason"]
    same = same and set(record["unverified"]) <= set(before["unverified"] if before else ())
    record["since"] = "known" if same and all(field["since"] == "known" for field in record["fields"]) else "new"


def _unread(earlier: Mapping[str, Any], now: Now) -> bool:
    """Whether an earlier record may still be there, because nobody could look."""
    if earlier["appliance"] not in now.appliances:
        return not now.complete
    if earlier["kind"] == "organization" and earlier["appliance"] in now.unread:
        return True
    return earlier["state"] != "error" and any(
        record["state"] == "error" and record["kind"] == "organization" and _same(record, earlier)
        for record in now.of_appliance(earlier["appliance"])
    )


def _drifts(earlier: Mapping[str, Any], now: Now) -> bool:
    """Whether the same thing is out of sync in another way, so that the earlier record is not resolved."""
    return any(_same(record, earlier) for record in now.of_appliance(earlier["appliance"]))


def _same(record: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    if (record["appliance"], record["kind"]) != (other["appliance"], other["kind"]):
        return False
    both = record["aws_organization_id"], other["aws_organization_id"]
    return bool(both[0] == both[1] if all(both) else record["organization"] == other["organization"])


def _check_record(record: Mapping[str, Any]) -> None:
    """Raises KeyError or TypeError where a record lacks what a comparison needs."""
    if record["state"] not in STATES:
        raise TypeError(f"state {record['state']}")
    carried(record)
    if not isinstance(record["unverified"], list) or not isinstance(record["key"], str):
        raise TypeError("record")
