# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A drift report, and the comparison of two, as Markdown for a merge request. Pure."""

from __future__ import annotations

import string
from collections.abc import Iterable, Mapping
from typing import Any

from ..values import counted, cut, visible
from ..words import (
    OUTCOME_WORDS,
    STATE_MEANINGS,
    STATE_WORDS,
    STATES,
    accepted_text,
    appliances_read,
    by_gravity,
    label,
    notes,
    nothing_words,
    open_records,
    rule_text,
    value_text,
    web_address,
)

# GitHub and GitLab refuse longer comments at about 65,000 and 1,000,000; bytes of UTF-8.
LIMIT = 60_000
_HARMLESS = frozenset(string.ascii_letters + string.digits + " ,/()+=")
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


def code(text: str, length: int = 400) -> str:
    """A text of others as code, in one line.

    Every character that Markdown or HTML could take for more than itself becomes a reference. That alone would still
    send a mention, which is looked for in the finished text; within <code> nobody looks.
    """
    shown = cut(visible(text), length)
    escaped = "".join(char if char in _HARMLESS or ord(char) > 0x7F else f"&#{ord(char)};" for char in shown)
    return f"<code>{escaped}</code>"


def row(*cells: str) -> str:
    """A line of a table."""
    return f"| {' | '.join(cells)} |"


class Document:
    """Lines as long as there is room. What is first written is kept; what does not fit is counted."""

    def __init__(self, limit: int, reserve: int = 500) -> None:
        self._room = limit - reserve
        self._lines: list[str] = []
        self.left_out = 0

    def add(self, *lines: str) -> bool:
        """Adds all of the lines or none; returns whether there was room."""
        size = sum(len(line.encode()) + 1 for line in lines)
        if size > self._room:
            return False
        self._room -= size
        self._lines += lines
        return True

    def table(self, title: str, head: tuple[str, ...], rows: list[str]) -> None:
        """A table under a title. Rows for which there is no room are left out and counted."""
        if not rows:
            return
        if not self.add("", f"### {title}", "", row(*head), row(*("---" for _cell in head))):
            self.left_out += len(rows)
            return
        for number, line in enumerate(rows):
            if not self.add(line):
                self.left_out += len(rows) - number
                return

    def text(self, where_all_is: str) -> str:
        """The document, which says at its end how much is left out. That is what was reserved."""
        lines = list(self._lines)
        if self.left_out:
            lines += ["", f"**{self.left_out:,} lines are left out here for their length.** {where_all_is}"]
        return "\n".join(lines) + "\n"
