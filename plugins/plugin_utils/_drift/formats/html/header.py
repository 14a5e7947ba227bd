# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The top of the HTML page: the outcome, the numbers, and the filters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...words import STATE_MEANINGS, STATE_WORDS, STATES, appliances_read
from .markup import Markup, icon, isolate, tag, timestamp

# The state whose colours an outcome has. It has the icon of that state too, except for partial.
_OUTCOME_STATES = {
    "in_sync": "in_sync",
    "drift": "different",
    "unknown": "unknown",
    "error": "error",
    "partial": "missing",
}


def header(report: Mapping[str, Any]) -> Markup:
    """Return the outcome, how many appliances were read, and what changed since the earlier report."""
    meta, outcome = report["meta"], report["outcome"]
    state = _OUTCOME_STATES[outcome]
    read, expected = report["read"], report["expected"]
    return tag(
        "header",
        tag("p", isolate(meta.get("title", "Drift report")), " ", timestamp(meta["generated_at"]), class_="title"),
        tag("h1", icon(outcome if outcome == "partial" else state), tag("span", report["headline"])),
        tag(
            "p",
            tag("progress", value=min(read, expected), max=max(expected, 1), aria_label=appliances_read(report)),
            tag("strong", appliances_read(report)),
            class_="read",
        ),
        _since(report),
        class_=f"outcome s-{state}",
    )


def filters(report: Mapping[str, Any]) -> Markup:
    """Return the numbers by state, which filter the records if the script runs, and the other filters."""
    tiles = [_tile(state, report["counts"][state]) for state in (*STATES, "accepted")]
    choices = [tag("option", item["appliance"], value=item["appliance"]) for item in report["appliances"]]
    every = tag("option", "All appliances", value="")
    only_new = tag("label", tag("input", type="checkbox", name="new"), "Only new", class_="check")
    return tag(
        "form",
        tag("fieldset", tag("legend", "Records by state", class_="unseen"), *tiles, class_="tiles"),
        tag(
            "div",
            tag("label", "Search", tag("input", type="search", name="text", autocomplete="off")),
            tag("label", "Appliance", tag("select", every, *choices, name="appliance")),
            only_new if report["memory"] else None,
            tag("button", "Show all", type="reset"),
            tag("p", role="status", id="shown"),
            class_="controls",
        ),
        id="filters",
        role="search",
        aria_label="Filter the records",
    )


def _since(report: Mapping[str, Any]) -> Markup | None:
    memory = report["memory"]
    if not memory:
        return None
    numbers = (
        (memory["new"], "new"),
        (memory["known"], "known"),
        (len(memory["resolved"]), "resolved"),
        (len(memory["not_read"]), "not read again"),
    )
    items = [tag("li", tag("strong", f"{number:,}"), f" {word}") for number, word in numbers]
    earlier = tag("span", "Since the report of ", timestamp(report["meta"]["baseline_generated_at"]))
    return tag("div", earlier, tag("ul", *items), class_="since")


def _tile(state: str, count: int) -> Markup:
    return tag(
        "label",
        tag("input", type="checkbox", name="state", value=state),
        icon(state),
        tag("strong", f"{count:,}"),
        tag("span", STATE_WORDS[state]),
        class_=f"tile s-{state}{'' if count else ' none'}",
        title=STATE_MEANINGS[state],
    )
