# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One record on the HTML page: a card, or a line where it is in sync. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...history import seen_key
from ...words import STATE_WORDS, accepted_text, label, notes, web_address
from .markup import Markup, foreign, icon, moment, tag, together

_ON_ONE_SIDE = {"declared": "+", "actual": "\N{MINUS SIGN}"}


def badge(state: str) -> Markup:
    """A state by picture, word and colour."""
    return tag("span", icon(state), STATE_WORDS[state], class_=f"badge s-{state}")


def card(record: Mapping[str, Any], first_seen: Mapping[str, str]) -> Markup:
    """A record that asks for a look: what it is, what differs, where to mend it, how to accept it."""
    said = [tag("li", text) for text in notes(record)]
    accepted = record["accepted"]
    return tag(
        "article",
        tag("h3", badge(record["state"]), foreign(_name(record)), _new(record)),
        _about(record, first_seen),
        tag("p", icon("accepted"), accepted_text(accepted), class_="accepted s-accepted") if accepted else None,
        tag("ul", *said, class_="notes") if said else None,
        _fields(record),
        _accounts(record),
        _snippet(record),
        class_=f"card record s-{record['state']}",
        id=record["anchor"],
        tabindex="-1",
        **_data(record),
    )


def line(record: Mapping[str, Any]) -> Markup:
    """A record that is as declared."""
    aws_id = record["aws_organization_id"]
    said = [tag("small", " ", text) for text in notes(record)]
    return tag(
        "li",
        foreign(label(record)),
        tag("code", aws_id) if aws_id and aws_id != record["organization"] else None,
        *said,
        class_="record",
        id=record["anchor"],
        tabindex="-1",
        **_data(record),
    )


def _name(record: Mapping[str, Any]) -> str:
    return label(record) if record["kind"] == "organization" else str(record["appliance"])


def _data(record: Mapping[str, Any]) -> dict[str, str | None]:
    """What the filters of the page ask for."""
    return {
        "data_state": "accepted" if record["accepted"] else record["state"],
        "data_appliance": record["appliance"],
        "data_since": record["since"],
    }


def _new(part: Mapping[str, Any]) -> Markup | None:
    return tag("span", "new", class_="new") if part["since"] == "new" else None


def _about(record: Mapping[str, Any], first_seen: Mapping[str, str]) -> Markup:
    """Where the record is, since when, and its links."""
    aws_id, since = record["aws_organization_id"], first_seen.get(seen_key(record))
    fix = web_address(record["fix"])
    return tag(
        "p",
        tag("span", "on ", foreign(record["appliance"]))
        if record["kind"] == "organization"
        else tag("span", "the whole appliance"),
        tag("code", aws_id) if aws_id and aws_id != record["organization"] else None,
        tag("span", "first seen ", moment(since)) if since else None,
        tag("a", "Link to this", href=f"#{record['anchor']}", class_="self") if record["anchor"] else None,
        tag("a", "Go to the fix", href=fix, rel="noreferrer") if fix else None,
        class_="about",
    )


def _fields(record: Mapping[str, Any]) -> Markup | None:
    """Declared beside actual."""
    if not record["fields"]:
        return None
    head = tag("tr", *(tag("th", word, scope="col") for word in ("Field", "Declared", "On the appliance")))
    caption = tag("caption", f"Declared and actual values of {_name(record)}", class_="unseen")
    # Where all of a record is new, its title says so.
    mixed = any(field["since"] == "known" for field in record["fields"])
    rows = [_row(record, field, mixed) for field in record["fields"]]
    return tag("table", caption, tag("thead", head), tag("tbody", *rows), class_="fields")


def _row(record: Mapping[str, Any], field: Mapping[str, Any], mixed: bool) -> Markup:
    new = _new(field) if mixed else None
    accepted = tag("small", icon("accepted"), accepted_text(field["accepted"])) if field["accepted"] else None
    nobody = record["state"] in ("unwanted", "unmanaged")
    return tag(
        "tr",
        tag("th", foreign(field["field"]), new, accepted if not record["accepted"] else None, scope="row"),
        _side(field, "declared", "actual", "not declared" if nobody else "not set"),
        _side(field, "actual", "declared", "not there" if record["state"] == "missing" else "not set"),
    )


def _side(field: Mapping[str, Any], side: str, other: str, nothing: str) -> Markup:
    """One side of a field. In a list, what only this side has is marked."""
    value, opposite = field[side], field[other]
    if value is None:
        return tag("td", tag("em", nothing))
    if isinstance(value, str):
        return tag("td", foreign(value) if value else tag("em", "empty"))
    shared = set(opposite) if isinstance(opposite, list) else set()
    items = [
        tag("li", foreign(item))
        if item in shared or opposite is None
        else tag("li", tag("b", _ON_ONE_SIDE[side]), foreign(item), class_=f"only-{side}")
        for item in value
    ]
    return tag("td", tag("ul", *items) if items else tag("em", "empty list"))


def _accounts(record: Mapping[str, Any]) -> Markup | None:
    """The accounts that applying the declaration gains or loses, as far as they are named."""
    impact = record["impact"] or {"lost": [], "gained": []}
    lists = [
        tag("div", tag("h4", title), account_list(impact[key]))
        for key, title in (("lost", "Accounts lost"), ("gained", "Accounts gained"))
        if impact[key]
    ]
    return tag("details", tag("summary", "Which accounts"), *lists) if lists else None


def account_list(accounts: list[dict[str, Any]], limit: int = 200) -> Markup:
    """Accounts by path and AWS ID; the JSON report has those above the limit."""
    items = [
        tag("li", foreign(account["path"] or account["name"] or ""), " ", tag("code", account["aws_id"] or ""))
        for account in accounts[:limit]
    ]
    if len(accounts) > limit:
        items.append(tag("li", f"and {len(accounts) - limit:,} more, which the JSON report has"))
    return tag("ul", *items, class_="accounts")


def _snippet(record: Mapping[str, Any]) -> Markup | None:
    if not record["accept"] or record["accepted"]:
        return None
    # A line of the snippet is a line on the page; what is not printable, the snippet itself has spelled out.
    lines = [together(text, Markup("\n")) for text in record["accept"].splitlines()]
    return tag("details", tag("summary", "Accept this"), tag("pre", tag("code", *lines), tabindex="0"), class_="accept")
