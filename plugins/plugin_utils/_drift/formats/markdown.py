# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A drift report, and the comparison of two reports, as Markdown for a merge request."""

from __future__ import annotations

import string
from collections.abc import Iterable, Mapping
from typing import Any

from ..._printable import printable
from ..entry import STRUCTURE_KINDS
from ..values import quantity, shorten
from ..words import (
    OUTCOME_WORDS,
    STATE_MEANINGS,
    STATE_WORDS,
    STATES,
    accepted_text,
    appliances_read,
    by_severity,
    notes,
    open_records,
    rule_text,
    subject,
    unset_words,
    value_text,
    web_address,
)

# Bytes of UTF-8. GitHub refuses comments above about 65,000 bytes, GitLab above 1,000,000.
LIMIT = 60_000
_HARMLESS = frozenset(string.ascii_letters + string.digits + " ,/()+=")
_FIELD_COLUMNS = ("State", "Appliance", "Organization", "Field", "Declared", "Actual")


def render_markdown(report: Mapping[str, Any], limit: int = LIMIT) -> str:
    """Return totals, errors and drift in at most ``limit`` bytes, and the number of lines that are left out."""
    document = Document(limit)
    link = web_address(report["links"]["report"])
    whole = f" [The whole report]({_escaped_address(link)})" if link else ""
    document.add(f"## {report['headline']}", "", f"**{appliances_read(report)}.**{whole}")
    _add_totals(document, report)
    records = open_records(report)
    errors = [_error_row(record) for record in records if record["state"] == "error"]
    document.table("Errors", ("Appliance", "Organization", "Message", ""), errors)
    for state in STATES[1:-1]:
        rows = _field_rows(record for record in records if record["state"] == state)
        document.table(f"{STATE_WORDS[state]}: {STATE_MEANINGS[state]}", _FIELD_COLUMNS, rows)
    rules = report["acceptances"]
    for title, key in (("Accepted until a day that has passed", "expired"), ("Accepted, but no longer there", "stale")):
        document.table(title, ("Rule",), [row(code(rule_text(rule))) for rule in rules[key]])
    _add_aws(document, report)
    return document.text("The JSON report and the HTML page have all of them.")


def render_comparison(comparison: Mapping[str, Any], limit: int = LIMIT) -> str:
    """Return what a change causes and what drifted before, in at most ``limit`` bytes."""
    caused, already, unclear = (comparison[name] for name in ("caused", "already", "unclear"))
    before, after = comparison["before"], comparison["after"]
    document = Document(limit)
    document.add(
        f"## Caused by this change: {quantity(len(caused), 'record')}; already drifting: {len(already):,}",
        "",
        row("", "Outcome", "Appliances read", "What was found"),
        row("---", "---", "---", "---"),
        _side_row("Before", before),
        _side_row("After", after),
    )
    if not caused:
        complete = all(side["read"] >= side["expected"] for side in (before, after))
        document.add("", "This change causes no drift." if complete else "No drift was found that this change causes.")
    for title, records in (
        ("Caused by this change", caused),
        ("Not clear: one of the two reports could not read it", unclear),
        ("Already drifting", already),
    ):
        document.table(title, _FIELD_COLUMNS, _field_rows(by_severity(records)))
    for title, records in (
        ("Resolved by this change", comparison["resolved"]),
        ("Drifted before, and was not read after", comparison["not_read"]),
    ):
        rows = [row(STATE_WORDS[item["state"]], code(item["appliance"]), code(subject(item))) for item in records]
        document.table(title, ("State", "Appliance", "Organization"), rows)
    return document.text("The JSON reports and the HTML pages have all of them.")


def code(text: str, length: int = 400) -> str:
    """Return a foreign text as code in one line.

    Every character with a meaning in Markdown or HTML becomes a character reference. Mentions are looked for in the
    rendered text, where a reference does not help, but not within <code>.
    """
    shown = shorten(printable(text), length)
    escaped = "".join(char if char in _HARMLESS or ord(char) > 0x7F else f"&#{ord(char)};" for char in shown)
    return f"<code>{escaped}</code>"


def row(*cells: str) -> str:
    """Return a line of a table."""
    return f"| {' | '.join(cells)} |"


class Document:
    """Lines up to a limit. What does not fit is counted."""

    def __init__(self, limit: int, reserve: int = 500) -> None:
        self._room = limit - reserve
        self._lines: list[str] = []
        self._left_out = 0

    def add(self, *lines: str) -> bool:
        """Add all of the lines or none. Return whether they fit."""
        size = sum(len(line.encode()) + 1 for line in lines)
        if size > self._room:
            return False
        self._room -= size
        self._lines += lines
        return True

    def table(self, title: str, columns: tuple[str, ...], rows: list[str]) -> None:
        """Add a table under a title, with as many rows as fit. Without rows, add nothing."""
        if not rows:
            return
        if not self.add("", f"### {title}", "", row(*columns), row(*("---" for _column in columns))):
            self._left_out += len(rows)
            return
        for number, line in enumerate(rows):
            if not self.add(line):
                self._left_out += len(rows) - number
                return

    def text(self, hint: str) -> str:
        """Return the document. If lines are left out, the reserved room takes their number and the hint."""
        lines = list(self._lines)
        if self._left_out:
            lines += ["", f"**{self._left_out:,} lines are left out here for their length.** {hint}"]
        return "\n".join(lines) + "\n"


def _escaped_address(link: str) -> str:
    """Return a checked address without the characters that would end the link or the cell."""
    return "".join(f"%{ord(char):02X}" if char in "()<>|\\`*_[]@\"'" else char for char in link)


def _add_totals(document: Document, report: Mapping[str, Any]) -> None:
    counts = report["counts"]
    states = [state for state in (*STATES, "accepted") if counts[state]]
    if states:
        words, numbers = [STATE_WORDS[state] for state in states], [f"{counts[state]:,}" for state in states]
        document.add("", row(*words), row(*("---:" for _state in states)), row(*numbers))
    memory = report["memory"]
    if memory:
        document.add(
            "",
            f"Since the report of {code(report['meta']['baseline_generated_at'])}: **{memory['new']:,} new**, "
            f"{memory['known']:,} known, {len(memory['resolved']):,} resolved, {len(memory['not_read']):,} not read.",
        )


def _error_row(record: Mapping[str, Any]) -> str:
    return row(code(record["appliance"]), code(subject(record)), code(record["message"] or ""), _new(record))


def _field_rows(records: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return a row for each field of each record, and a row for its notes."""
    rows = []
    for record in records:
        fix = web_address(record["fix"])
        state = f"{STATE_WORDS[record['state']]}{_new(record)}"
        for number, cells in enumerate(_field_cells(record)):
            link = f" [fix]({_escaped_address(fix)})" if fix and number == 0 else ""
            rows.append(row(f"{state}{link}", code(record["appliance"]), code(subject(record)), *cells))
    return rows


def _field_cells(record: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    unset_declared, unset_actual = unset_words(record)
    cells = []
    for field in record["fields"]:
        accepted = f" {code(accepted_text(field['accepted']))}" if field["accepted"] else ""
        declared, actual = value_text(field["declared"], unset_declared), value_text(field["actual"], unset_actual)
        cells.append((f"{code(field['field'])}{accepted}", code(declared), code(actual)))
    text = " ".join(notes(record))
    if text or not cells:
        cells.append((code(text) if text else "", "", ""))
    return cells


def _new(record: Mapping[str, Any]) -> str:
    return " **new**" if record["since"] == "new" else ""


def _add_aws(document: Document, report: Mapping[str, Any]) -> None:
    changed = [
        row(*_organization(item), kind, code(unit["path"] or unit["aws_id"] or ""))
        for item in report["structure"]
        for kind in STRUCTURE_KINDS
        for unit in item[kind]
    ]
    document.table("Changed in AWS", ("Appliance", "Organization", "", "Unit or account"), changed)
    uncovered = [
        row(*_organization(item), code(account["path"] or account["aws_id"] or ""))
        for item in report["uncovered"]
        for account in item["accounts"]
    ]
    document.table("Accounts that no scope covers", ("Appliance", "Organization", "Account"), uncovered)
    unused = [row(*_organization(item)) for item in report["unused"]]
    document.table("Organizations that no policy uses", ("Appliance", "Organization"), unused)


def _organization(item: Mapping[str, Any]) -> tuple[str, str]:
    return code(item["appliance"]), code(item["organization"])


def _side_row(name: str, side: Mapping[str, Any]) -> str:
    read = f"{side['read']:,} of {side['expected']:,}"
    return row(name, OUTCOME_WORDS[side["outcome"]], read, code(side["headline"]))
