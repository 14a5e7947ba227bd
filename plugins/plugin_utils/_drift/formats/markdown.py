# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A drift report, and the comparison of two, as Markdown for a merge request. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..states import OUTCOME_WORDS, STATE_MEANINGS, STATE_WORDS, STATES, appliances_read
from ..values import counted
from ..words import (
    accepted_text,
    by_gravity,
    label,
    notes,
    nothing_words,
    open_records,
    rule_text,
    value_text,
    web_address,
)
from .markdown_text import LIMIT, Document, code, row

_HEAD = ("State", "Appliance", "Organization", "Field", "Declared", "Actual")
_ALL_ELSEWHERE = "The JSON report and the HTML page have all of them."


def render_markdown(report: Mapping[str, Any], limit: int = LIMIT) -> str:
    """Totals, then errors, then drift. At most ``limit`` bytes; it says what it leaves out."""
    document = Document(limit)
    document.add(f"## {report['headline']}", "", f"**{appliances_read(report)}.**{_link(report)}")
    _totals(document, report)
    records = open_records(report)
    _errors(document, "Errors", [record for record in records if record["state"] == "error"])
    for state in STATES[1:-1]:
        some = [record for record in records if record["state"] == state]
        document.table(f"{STATE_WORDS[state]}: {STATE_MEANINGS[state]}", _HEAD, _rows(some))
    _acceptances(document, report)
    _aws(document, report)
    return document.text(_ALL_ELSEWHERE)


def render_comparison(comparison: Mapping[str, Any], limit: int = LIMIT) -> str:
    """What a change causes, beside what was there already. At most ``limit`` bytes; it says what it leaves out."""
    caused, already, unclear = (comparison[name] for name in ("caused", "already", "unclear"))
    document = Document(limit)
    document.add(
        f"## Caused by this change: {counted(len(caused), 'record')}; already drifting: {len(already):,}",
        "",
        row("", "Outcome", "Appliances read", "What was found"),
        row("---", "---", "---", "---"),
        *(_side(name, comparison[key]) for name, key in (("Before", "before"), ("After", "after"))),
    )
    if not caused:
        complete = all(comparison[key]["read"] >= comparison[key]["expected"] for key in ("before", "after"))
        document.add("", "This change causes no drift." if complete else "No drift was found that this change causes.")
    for title, records in (
        ("Caused by this change", caused),
        ("Not clear: one of the two reports could not read it", unclear),
        ("Already drifting", already),
    ):
        document.table(title, _HEAD, _rows(by_gravity(records)))
    for title, records in (
        ("Resolved by this change", comparison["resolved"]),
        ("Drifted before, and was not read after", comparison["not_read"]),
    ):
        rows = [row(STATE_WORDS[item["state"]], code(item["appliance"]), code(label(item))) for item in records]
        document.table(title, ("State", "Appliance", "Organization"), rows)
    return document.text("The JSON reports and the HTML pages have all of them.")


def _link(report: Mapping[str, Any]) -> str:
    link = web_address(report["links"]["report"])
    return f" [The whole report]({_address(link)})" if link else ""


def _address(link: str) -> str:
    """A checked address, without what would end the link or the cell early."""
    return "".join(f"%{ord(char):02X}" if char in "()<>|\\`*_[]@\"'" else char for char in link)


def _totals(document: Document, report: Mapping[str, Any]) -> None:
    counts = report["counts"]
    used = [state for state in (*STATES, "accepted") if counts[state]]
    if used:
        words = [STATE_WORDS[state] for state in used]
        document.add("", row(*words), row(*("---:" for _word in words)), row(*(f"{counts[state]:,}" for state in used)))
    memory = report["memory"]
    if memory:
        document.add(
            "",
            f"Since the report of {code(report['meta']['baseline_generated_at'])}: **{memory['new']:,} new**, "
            f"{memory['known']:,} known, {len(memory['resolved']):,} resolved, {len(memory['not_read']):,} not read.",
        )


def _errors(document: Document, title: str, records: Iterable[Mapping[str, Any]]) -> None:
    rows = [
        row(code(record["appliance"]), code(label(record)), code(record["message"] or ""), _since(record))
        for record in records
    ]
    document.table(title, ("Appliance", "Organization", "Message", ""), rows)


def _rows(records: Iterable[Mapping[str, Any]]) -> list[str]:
    """One line for each field of each record; one for a record without fields."""
    lines = []
    for record in records:
        named = (code(record["appliance"]), code(label(record)))
        state = f"{STATE_WORDS[record['state']]}{_since(record)}"
        fix = web_address(record["fix"])
        cells = []
        no_declared, no_actual = nothing_words(record)
        for field in record["fields"]:
            accepted = f" {code(accepted_text(field['accepted']))}" if field["accepted"] else ""
            declared, actual = value_text(field["declared"], no_declared), value_text(field["actual"], no_actual)
            cells.append((f"{code(field['field'])}{accepted}", code(declared), code(actual)))
        said = " ".join(notes(record))
        if said or not record["fields"]:
            cells.append((code(said) if said else "", "", ""))
        for number, cell in enumerate(cells):
            link = f" [fix]({_address(fix)})" if fix and number == 0 else ""
            lines.append(row(f"{state}{link}", *named, *cell))
    return lines


def _since(record: Mapping[str, Any]) -> str:
    return " **new**" if record["since"] == "new" else ""


def _acceptances(document: Document, report: Mapping[str, Any]) -> None:
    rules = report["acceptances"]
    for title, key in (("Accepted until a day that has passed", "expired"), ("Accepted, but no longer there", "stale")):
        document.table(title, ("Rule",), [row(code(rule_text(rule))) for rule in rules[key]])


def _aws(document: Document, report: Mapping[str, Any]) -> None:
    changed = [
        row(code(item["appliance"]), code(item["organization"]), kind, code(unit["path"] or unit["aws_id"] or ""))
        for item in report["structure"]
        for kind in ("added", "removed", "moved", "renamed")
        for unit in item[kind]
    ]
    document.table("Changed in AWS", ("Appliance", "Organization", "", "Unit or account"), changed)
    uncovered = [
        row(code(item["appliance"]), code(item["organization"]), code(account["path"] or account["aws_id"] or ""))
        for item in report["uncovered"]
        for account in item["accounts"]
    ]
    document.table("Accounts that no scope covers", ("Appliance", "Organization", "Account"), uncovered)
    unused = [row(code(item["appliance"]), code(item["organization"])) for item in report["unused"]]
    document.table("Organizations that no policy uses", ("Appliance", "Organization"), unused)


def _side(name: str, side: Mapping[str, Any]) -> str:
    return row(
        name, OUTCOME_WORDS[side["outcome"]], f"{side['read']:,} of {side['expected']:,}", code(side["headline"])
    )
