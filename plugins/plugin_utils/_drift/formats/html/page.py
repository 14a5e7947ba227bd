# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A drift report as one HTML page that needs nothing else: no network, no other file. Pure."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

from ...values import counted
from ...words import (
    OUTCOME_WORDS,
    STATE_MEANINGS,
    STATE_WORDS,
    STATES,
    appliances_read,
    by_gravity,
    label,
    open_records,
    rule_text,
)
from .assets import icons, script, style
from .aws import aws_sections
from .markup import Markup, foreign, icon, moment, tag, together
from .record import badge, card, line

_LOOKS = {"in_sync": "in_sync", "drift": "different", "unknown": "unknown", "error": "error", "partial": "missing"}
_PICTURES = {**_LOOKS, "partial": "partial"}


def render_html(report: Mapping[str, Any]) -> str:
    """The page. Without its script everything is there to read; the script filters, and copies links."""
    title = f"{OUTCOME_WORDS[report['outcome']]} - {report['meta'].get('title', 'Drift report')}"
    css, javascript = style(), script()
    policy = (
        f"default-src 'none'; style-src {_hash(css)}; script-src {_hash(javascript)}; "
        "base-uri 'none'; form-action 'none'"
    )
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=policy),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("title", title),
        tag("style", css),
    )
    body = tag(
        "body",
        tag("a", "Skip to the records", href="#records", class_="skip"),
        icons(),
        _header(report),
        _filters(report),
        tag("main", *_sections(report), id="records", tabindex="-1"),
        _footer(report),
        tag("script", javascript),
    )
    return f"<!DOCTYPE html>\n{tag('html', head, body, lang='en')}\n"


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _header(report: Mapping[str, Any]) -> Markup:
    look = _LOOKS[report["outcome"]]
    meta = report["meta"]
    read, expected = report["read"], report["expected"]
    return tag(
        "header",
        tag("p", foreign(meta.get("title", "Drift report")), " ", moment(meta["generated_at"]), class_="title"),
        tag("h1", icon(_PICTURES[report["outcome"]]), tag("span", report["headline"])),
        tag(
            "p",
            tag("progress", value=min(read, expected), max=max(expected, 1), aria_label=appliances_read(report)),
            tag("strong", appliances_read(report)),
            class_="read",
        ),
        _since(report),
        class_=f"outcome s-{look}",
    )


def _since(report: Mapping[str, Any]) -> Markup | None:
    memory = report["memory"]
    if not memory:
        return None
    numbers = [
        tag("li", tag("strong", f"{number:,}"), f" {word}")
        for number, word in (
            (memory["new"], "new"),
            (memory["known"], "known"),
            (len(memory["resolved"]), "resolved"),
            (len(memory["not_read"]), "not read again"),
        )
    ]
    earlier = tag("span", "Since the report of ", moment(report["meta"]["baseline_generated_at"]))
    return tag("div", earlier, tag("ul", *numbers), class_="since")


def _filters(report: Mapping[str, Any]) -> Markup:
    """The numbers by state, which with the script are also what to filter by."""
    counts = report["counts"]
    tiles = [
        tag(
            "label",
            tag("input", type="checkbox", name="state", value=state),
            icon(state),
            tag("strong", f"{counts[state]:,}"),
            tag("span", STATE_WORDS[state]),
            class_=f"tile s-{state}{'' if counts[state] else ' none'}",
            title=STATE_MEANINGS[state],
        )
        for state in (*STATES, "accepted")
    ]
    choices = [tag("option", item["appliance"], value=item["appliance"]) for item in report["appliances"]]
    every = tag("option", "All appliances", value="")
    return tag(
        "form",
        tag("fieldset", tag("legend", "Records by state", class_="unseen"), *tiles, class_="tiles"),
        tag(
            "div",
            tag("label", "Search", tag("input", type="search", name="text", autocomplete="off")),
            tag("label", "Appliance", tag("select", every, *choices, name="appliance")),
            tag("label", tag("input", type="checkbox", name="new"), "Only new", class_="check")
            if report["memory"]
            else None,
            tag("button", "Show all", type="reset"),
            tag("p", role="status", id="shown"),
            class_="controls",
        ),
        id="filters",
        role="search",
        aria_label="Filter the records",
    )


def _sections(report: Mapping[str, Any]) -> list[Markup]:
    first_seen = report["meta"]["first_seen"]
    records = open_records(report)
    sections = [
        _section(
            state,
            tag("h2", STATE_WORDS[state] if state != "error" else "Errors", tag("small", STATE_MEANINGS[state])),
            [card(record, first_seen) for record in records if record["state"] == state],
        )
        for state in STATES[:-1]
    ]
    accepted = by_gravity(record for record in report["records"] if record["accepted"])
    title = tag("h2", "Accepted", tag("small", STATE_MEANINGS["accepted"]))
    sections.append(_section("accepted", title, [card(record, first_seen) for record in accepted]))
    nothing = tag(
        "p", "No record matches. ", tag("button", "Show all", type="reset", form="filters"), id="nothing", hidden=True
    )
    found = [section for section in sections if section is not None]
    if not found and report["outcome"] == "in_sync":
        found.append(tag("p", "There is nothing to mend.", class_="calm"))
    return [
        nothing,
        *found,
        *(section for section in (*_rules(report), *_memory(report)) if section is not None),
        *aws_sections(report),
        *_in_sync(report),
        _appliances(report),
    ]


def _section(name: str, title: Markup, children: Iterable[Markup]) -> Markup | None:
    cards = list(children)
    return tag("section", title, *cards, class_=f"s-{name}") if cards else None


def _rules(report: Mapping[str, Any]) -> list[Markup | None]:
    titles = {
        "expired": "Accepted until a day that has passed: it counts again",
        "stale": "Accepted, but no longer there: the rule can go",
    }
    return [
        _section("accepted", tag("h2", title), [_plain_list(map(rule_text, report["acceptances"][key]))])
        if report["acceptances"][key]
        else None
        for key, title in titles.items()
    ]


def _memory(report: Mapping[str, Any]) -> list[Markup | None]:
    memory = report["memory"] or {"resolved": [], "not_read": []}
    titles = {"not_read": "Drift that could not be read again", "resolved": "Resolved since the earlier report"}
    return [
        _section(
            "unknown" if key == "not_read" else "in_sync",
            tag("h2", title),
            [tag("ul", *(_earlier(record) for record in memory[key]), class_="plain")],
        )
        if memory[key]
        else None
        for key, title in titles.items()
    ]


def _earlier(record: Mapping[str, Any]) -> Markup:
    return tag("li", badge(record["state"]), foreign(label(record)), " on ", foreign(record["appliance"]))


def _plain_list(texts: Iterable[str]) -> Markup:
    return tag("ul", *(tag("li", text) for text in texts), class_="plain")


def _in_sync(report: Mapping[str, Any]) -> list[Markup]:
    """Collapsed: whoever looks for an organization finds it, and nobody has to read past it."""
    records = [record for record in report["records"] if record["state"] == "in_sync"]
    if not records:
        return []
    lists = [
        together(tag("h3", foreign(name)), tag("ul", *map(line, some), class_="lines"))
        for name, some in groupby(records, key=lambda record: str(record["appliance"]))
    ]
    summary = tag("summary", badge("in_sync"), counted(len(records), "organization"), " as declared")
    return [tag("details", summary, *(tag("div", part) for part in lists), class_="group s-in_sync")]


def _appliances(report: Mapping[str, Any]) -> Markup:
    used = [state for state in (*STATES, "accepted") if report["counts"][state]]
    head = tag("tr", *(tag("th", word, scope="col") for word in ("Appliance", "Read", *map(STATE_WORDS.get, used))))
    rows = [
        tag(
            "tr",
            tag("th", foreign(item["appliance"]), tag("small", item["target"] or ""), scope="row"),
            tag("td", "yes" if item["read"] else tag("strong", "no")),
            *(tag("td", f"{item['counts'][state]:,}" if item["counts"][state] else "") for state in used),
        )
        for item in report["appliances"]
    ]
    table = tag("table", tag("thead", head), tag("tbody", *rows), class_="numbers")
    scroll = tag("div", table, class_="scroll", tabindex="0", role="region", aria_label="Appliances")
    return tag("details", tag("summary", f"Appliances: {appliances_read(report)}"), scroll, class_="group")


def _footer(report: Mapping[str, Any]) -> Markup:
    """What else the report was given about itself."""
    own = ("generated_at", "title", "first_seen", "baseline_generated_at")
    said = [tag("span", f"{key}: ", foreign(value)) for key, value in sorted(report["meta"].items()) if key not in own]
    version = tag("span", f"Drift report, schema version {report['schema_version']}")
    return tag("footer", version, *said)
