# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A drift report as one HTML page that loads nothing: no other file and nothing from the network."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

from ...values import quantity
from ...words import (
    OUTCOME_WORDS,
    STATE_MEANINGS,
    STATE_WORDS,
    STATES,
    appliances_read,
    by_severity,
    open_records,
    rule_text,
    subject,
)
from .assets import icons, script, style
from .aws import aws_sections
from .header import filters, header
from .markup import Markup, concat, isolate, tag
from .record import badge, card, line


def render_html(report: Mapping[str, Any]) -> str:
    """Return the page. All records can be read without its script, which filters, follows links and copies."""
    css, javascript = style(), script()
    body = tag(
        "body",
        tag("a", "Skip to the records", href="#records", class_="skip"),
        icons(),
        header(report),
        filters(report),
        tag("main", *_sections(report), id="records", tabindex="-1"),
        _footer(report),
        tag("script", javascript),
    )
    return f"<!DOCTYPE html>\n{tag('html', _head(report, css, javascript), body, lang='en')}\n"


def _head(report: Mapping[str, Any], css: Markup, javascript: Markup) -> Markup:
    """Return the head, whose policy allows this style and this script and nothing else."""
    policy = (
        f"default-src 'none'; style-src {_hash(css)}; script-src {_hash(javascript)}; "
        "base-uri 'none'; form-action 'none'"
    )
    return tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=policy),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("title", f"{OUTCOME_WORDS[report['outcome']]} - {report['meta'].get('title', 'Drift report')}"),
        tag("style", css),
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _sections(report: Mapping[str, Any]) -> list[Markup]:
    records = [*_open_sections(report), *_accepted_section(report)]
    if not records and report["outcome"] == "in_sync":
        records = [tag("p", "There is nothing to mend.", class_="calm")]
    show_all = tag("button", "Show all", type="reset", form="filters")
    return [
        tag("p", "No record matches. ", show_all, id="nothing", hidden=True),
        *records,
        *_rule_sections(report),
        *_history_sections(report),
        *aws_sections(report),
        *_in_sync(report),
        _appliances(report),
    ]


def _section(state: str, title: str, children: Iterable[Markup], meaning: str | None = None) -> list[Markup]:
    """Return a section in the colours of a state, or nothing if it is empty."""
    parts = list(children)
    heading = tag("h2", title, tag("small", meaning) if meaning else None)
    return [tag("section", heading, *parts, class_=f"s-{state}")] if parts else []


def _open_sections(report: Mapping[str, Any]) -> list[Markup]:
    """Return a section for each state that needs attention."""
    records, first_seen = open_records(report), report["meta"]["first_seen"]
    sections = []
    for state in STATES[:-1]:
        title = STATE_WORDS[state] if state != "error" else "Errors"
        cards = [card(record, first_seen) for record in records if record["state"] == state]
        sections += _section(state, title, cards, STATE_MEANINGS[state])
    return sections


def _accepted_section(report: Mapping[str, Any]) -> list[Markup]:
    records = by_severity(record for record in report["records"] if record["accepted"])
    cards = [card(record, report["meta"]["first_seen"]) for record in records]
    return _section("accepted", "Accepted", cards, STATE_MEANINGS["accepted"])


def _rule_sections(report: Mapping[str, Any]) -> list[Markup]:
    titles = {
        "expired": "Accepted until a day that has passed: it counts again",
        "stale": "Accepted, but no longer there: the rule can go",
    }
    sections = []
    for key, title in titles.items():
        sections += _section("accepted", title, _plain_list(map(rule_text, report["acceptances"][key])))
    return sections


def _history_sections(report: Mapping[str, Any]) -> list[Markup]:
    memory = report["memory"] or {"not_read": [], "resolved": []}
    not_read, resolved = map(_earlier_record, memory["not_read"]), map(_earlier_record, memory["resolved"])
    return [
        *_section("unknown", "Drift that could not be read again", _plain_list(not_read)),
        *_section("in_sync", "Resolved since the earlier report", _plain_list(resolved)),
    ]


def _earlier_record(record: Mapping[str, Any]) -> Markup:
    return concat(badge(record["state"]), isolate(subject(record)), " on ", isolate(record["appliance"]))


def _plain_list(texts: Iterable[str]) -> list[Markup]:
    """Return a list, or nothing if it is empty."""
    items = [tag("li", text) for text in texts]
    return [tag("ul", *items, class_="plain")] if items else []


def _in_sync(report: Mapping[str, Any]) -> list[Markup]:
    """Return the records in sync, collapsed: they are only needed to look one up."""
    records = [record for record in report["records"] if record["state"] == "in_sync"]
    if not records:
        return []
    lists = [
        tag("div", tag("h3", isolate(name)), tag("ul", *map(line, group), class_="lines"))
        for name, group in groupby(records, key=lambda record: str(record["appliance"]))
    ]
    summary = tag("summary", badge("in_sync"), quantity(len(records), "organization"), " as declared")
    return [tag("details", summary, *lists, class_="group s-in_sync")]


def _appliances(report: Mapping[str, Any]) -> Markup:
    """Return the table of all appliances, with a column for each state that occurs."""
    states = [state for state in (*STATES, "accepted") if report["counts"][state]]
    words = ("Appliance", "Read", *(STATE_WORDS[state] for state in states))
    rows = [
        tag(
            "tr",
            tag("th", isolate(item["appliance"]), tag("small", item["target"] or ""), scope="row"),
            tag("td", "yes" if item["read"] else tag("strong", "no")),
            *(tag("td", f"{item['counts'][state]:,}" if item["counts"][state] else "") for state in states),
        )
        for item in report["appliances"]
    ]
    head = tag("thead", tag("tr", *(tag("th", word, scope="col") for word in words)))
    table = tag("table", head, tag("tbody", *rows), class_="numbers")
    scroll = tag("div", table, class_="scroll", tabindex="0", role="region", aria_label="Appliances")
    return tag("details", tag("summary", f"Appliances: {appliances_read(report)}"), scroll, class_="group")


def _footer(report: Mapping[str, Any]) -> Markup:
    """Return the version of the report, and the texts about it that are not shown elsewhere."""
    shown = ("generated_at", "title", "first_seen", "baseline_generated_at")
    others = {key: value for key, value in sorted(report["meta"].items()) if key not in shown}
    version = tag("span", f"Drift report, schema version {report['schema_version']}")
    return tag("footer", version, *(tag("span", f"{key}: ", isolate(value)) for key, value in others.items()))
