# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the HTML page shows of AWS: changes, accounts without a scope, organizations without a policy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...entry import STRUCTURE_KINDS
from ...values import quantity
from .markup import Markup, isolate, tag
from .record import account_list, limited


def aws_sections(report: Mapping[str, Any]) -> list[Markup]:
    """Return a section for each of these that is not empty."""
    changed = [
        tag("div", _title(item), tag("ul", *limited(_changes(item), 200), class_="plain"), class_="card")
        for item in report["structure"]
    ]
    uncovered = [
        tag("div", _title(item), account_list(item["accounts"]), class_="card") for item in report["uncovered"]
    ]
    unused = [tag("li", isolate(item["organization"]), " on ", isolate(item["appliance"])) for item in report["unused"]]
    accounts = sum(len(item["accounts"]) for item in report["uncovered"])
    sections = (
        ("Changed in AWS", "units and accounts, since the appliance looked last", changed),
        (
            f"{quantity(accounts, 'account')} that no scope covers",
            "outside of every limited scope of the organization",
            uncovered,
        ),
        (
            f"{quantity(len(unused), 'organization')} that no policy uses",
            "registered, and in no backup policy",
            [tag("ul", *unused, class_="plain")] if unused else [],
        ),
    )
    return [
        tag("section", tag("h2", title, tag("small", meaning)), *parts, class_="s-unmanaged")
        for title, meaning, parts in sections
        if parts
    ]


def _title(item: Mapping[str, Any]) -> Markup:
    return tag("h3", isolate(item["organization"]), tag("small", "on ", isolate(item["appliance"])))


def _changes(item: Mapping[str, Any]) -> list[Markup]:
    return [_change(kind, changed) for kind in STRUCTURE_KINDS for changed in item[kind]]


def _change(kind: str, changed: Mapping[str, Any]) -> Markup:
    former = changed["former_path"] if kind == "moved" else changed["former_name"] if kind == "renamed" else None
    return tag(
        "li",
        tag("b", kind.capitalize()),
        f" {changed['type'] or 'unit or account'} ",
        isolate(changed["path"] or changed["name"] or ""),
        " ",
        tag("code", changed["aws_id"] or ""),
        tag("span", "before ", isolate(former)) if former else None,
    )
