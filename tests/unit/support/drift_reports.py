# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reports of the example fleet, and reports of single entries."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ansible_collections.vbaws.appliance.plugins.plugin_utils._drift.report import build_report
from ansible_collections.vbaws.appliance.tests.unit.support.drift_examples import (
    META,
    Record,
    different,
    entry,
    fleet,
    planned,
    result,
)
from jsonschema import Draft202012Validator

SCHEMA = json.loads((Path(__file__).parents[3] / "docs/drift/drift-report-1.schema.json").read_text())
DAYS = [f"2026-03-0{day}T00:00:00Z" for day in range(1, 6)]
DRIFT = different("production", ("description", "a", "b"), aws_organization_id="o-1")
SYNC = planned("production", aws_organization_id="o-1")


def report(*entries: Record, expected: int | None = None, **more: Any) -> Record:
    """A report that conforms to the published schema."""
    found = build_report(list(entries), len(entries) if expected is None else expected, **{"meta": META, **more})
    Draft202012Validator(SCHEMA).validate(found)
    return found


def states(found: Record) -> dict[str, str]:
    """The state of each organization by its name, and of each appliance by the reason of its error."""
    return {record["organization"] or f"({record['reason']})": record["state"] for record in found["records"]}


def fleet_report(*entries: Record, **more: Any) -> Record:
    """A report of three appliances: the entries that are given, else the example fleet."""
    return build_report(list(entries) or fleet(), 3, **{"meta": META, **more})


def fleet_records(**more: Any) -> dict[str, Record]:
    """The records of the example fleet by the name of their organization, or of their appliance."""
    return {record["organization"] or record["appliance"]: record for record in fleet_report(**more)["records"]}


def evil_report(text: str) -> Record:
    """A report in which a text is everything that it can be."""
    evil = different(text, (text, text, [text]), msg=text, unverified=[text])
    twins = result(evil, different(text, ("description", "a", "b")))
    return fleet_report(entry(text or "a", twins), entry("(b)", error={"reason": text, "msg": text}))


def report_of_day(day: int, *entries: Record, baseline: Record | None = None, expected: int | None = None) -> Record:
    """A report of one of five days."""
    number = len(entries) if expected is None else expected
    return build_report(list(entries), number, baseline=baseline, meta={"generated_at": DAYS[day]})


def north(*records: Record) -> Record:
    """The entry of the appliance north."""
    return entry("north", result(*records))
