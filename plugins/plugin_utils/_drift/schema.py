# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The form of a drift report, and the check that a dictionary has it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .history import compact_record
from .values import UTC_TIME
from .words import STATES

SCHEMA_VERSION = 1


def check_report(report: Any, name: str) -> dict[str, Any]:
    """Return the report if it can be rendered and compared, else raise ValueError. name: its name in the error."""
    if not isinstance(report, Mapping):
        raise ValueError(f"{name} must be a drift report, the dictionary that its JSON holds.")
    version = report.get("schema_version")
    if version != SCHEMA_VERSION or isinstance(version, bool):
        raise ValueError(f"{name} has the schema_version {version}; this collection reads {SCHEMA_VERSION}.")
    try:
        complete = _is_complete(report)
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError(f"{name} is no whole drift report: {type(error).__name__} {error}.") from error
    if not complete:
        raise ValueError(f"{name} is no whole drift report: a part of it is broken.")
    return dict(report)


def _is_complete(report: Mapping[str, Any]) -> bool:
    """Return whether the parts that a comparison needs are there. A missing one may raise an exception."""
    for record in (*report["records"], *(report["memory"] or {"not_read": []})["not_read"]):
        _check_record(record)
    times = (report["meta"]["generated_at"], *report["meta"]["first_seen"].values())
    return (
        all(report[name] is not None for name in ("outcome", "headline", "read", "expected"))
        and all(UTC_TIME.fullmatch(time) for time in times)
        and all(isinstance(item["read"], bool) and item["appliance"] for item in report["appliances"])
    )


def _check_record(record: Mapping[str, Any]) -> None:
    """Raise KeyError or TypeError if a record lacks what a comparison needs."""
    if record["state"] not in STATES:
        raise TypeError(f"state {record['state']}")
    compact_record(record)
    if not isinstance(record["unverified"], list) or not isinstance(record["key"], str):
        raise TypeError("record")
