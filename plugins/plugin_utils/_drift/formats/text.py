# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A drift report as plain text for mail and chat, of at most 20 lines."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ..._printable import printable
from ..values import quantity, shorten
from ..words import STATE_WORDS, appliances_read, count_words, open_records, subject, web_address

LINES = 20
_WIDTH = 160
# Characters that start a mention or a command in a chat. An invisible word joiner after each of them prevents that.
_MARKS = re.compile(r"([@<#!])")
_WORD_JOINER = "\u2060"


def render_text(report: Mapping[str, Any]) -> str:
    """Return the outcome, the numbers, and as many records as fit, the most severe first."""
    head = [report["headline"], f"{appliances_read(report)}. {', '.join(count_words(report['counts'])) or 'Nothing'}."]
    memory = report["memory"]
    if memory:
        head.append(
            f"Since {report['meta']['baseline_generated_at']}: {memory['new']:,} new, {memory['known']:,} known, "
            f"{len(memory['resolved']):,} resolved, {len(memory['not_read']):,} not read."
        )
    tail = _tail(report)
    room = LINES - len(head) - len(tail)
    lines = [_line(record) for record in open_records(report)]
    if len(lines) > room:
        left_out = len(lines) - room + 1
        lines = [*lines[: room - 1], f"... and {quantity(left_out, 'record')} more"]
    return "\n".join([*head, *lines, *tail]) + "\n"


def _line(record: Mapping[str, Any]) -> str:
    fields = [field["field"] for field in record["fields"] if not field["accepted"]]
    detail = record["message"] or (", ".join(fields) if record["state"] == "different" else None)
    new = " (new)" if record["since"] == "new" else ""
    line = f"- {STATE_WORDS[record['state']]}{new}: {record['appliance']} / {subject(record)}"
    return _MARKS.sub(rf"\1{_WORD_JOINER}", shorten(printable(f"{line}: {detail}" if detail else line), _WIDTH))


def _tail(report: Mapping[str, Any]) -> list[str]:
    uncovered = sum(len(item["accounts"]) for item in report["uncovered"])
    lines = []
    if report["structure"]:
        lines.append(f"{quantity(len(report['structure']), 'organization')} changed in AWS.")
    if uncovered:
        lines.append(f"{quantity(uncovered, 'account')} that no scope covers.")
    if report["unused"]:
        lines.append(f"{quantity(len(report['unused']), 'organization')} that no policy uses.")
    rules = report["acceptances"]
    if rules["expired"] or rules["stale"]:
        lines.append(f"Accepted drift to look at: {len(rules['expired']):,} expired, {len(rules['stale']):,} stale.")
    link = web_address(report["links"]["report"])
    if link:
        lines.append(link)
    return lines
