# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the HTML page says of AWS itself: changed structures, accounts and organizations that nothing covers. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...entry import STRUCTURE_KINDS
from ...values import counted
from .markup import Markup, foreign, tag
from .record import account_list


def aws_sections(report: Mapping[str, Any]) -> list[Markup]:
    """A section for each of them about which there is something to say."""
    changed = [
        tag("div", _named(item), tag("ul", *_changes(item), class_="plain"), class_="card")
        for item in report["structure"]
    ]
    uncovered = [
        tag("div", _named(item), account_list(item["accounts"]), class_="card") for item in report["uncovered"]
    ]
    unused = [tag("li", foreign(item["organization"]), " on ", foreign(item["appliance"])) for item in report["unused"]]
    number = sum(len(item["accounts"]) for item in report["uncovered"])
    sections = (
        ("Changed in AWS", "units and accounts, since the appliance looked last", changed),
        (
            f"{counted(number, 'account')} that no scope covers",
            "outside of every limited scope of the organization",
            uncovered,
        ),
        (
            f"{counted(len(unused), 'organization')} that no policy uses",
            "registered, and in no backup policy",
            [tag("ul", *unused, class_="plain")] if unused else [],
        ),
    )
    return [
        tag("section", tag("h2", title, tag("small", meaning)), *parts, class_="s-unmanaged")
        for title, meaning, parts in sections
        if parts
    ]


def _named(item: Mapping[str, Any]) -> Markup:
    return tag("h3", foreign(item["organization"]), tag("small", "on ", foreign(item["appliance"])))


def _changes(item: Mapping[str, Any], limit: int = 200) -> list[Markup]:
    lines = [_change(kind, changed) for kind in STRUCTURE_KINDS for changed in item[kind]]
    if len(lines) > limit:
        return [*lines[:limit], tag("li", f"and {len(lines) - limit:,} more, which the JSON report has")]
    return lines


def _change(kind: str, changed: Mapping[str, Any]) -> Markup:
    former = changed["former_path"] if kind == "moved" else changed["former_name"] if kind == "renamed" else None
    return tag(
        "li",
        tag("b", kind.capitalize()),
        f" {changed['type'] or 'unit or account'} ",
        foreign(changed["path"] or changed["name"] or ""),
        " ",
        tag("code", changed["aws_id"] or ""),
        tag("span", "before ", foreign(former)) if former else None,
    )
