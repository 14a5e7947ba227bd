# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One record on the HTML page: a card, or a line if it is in sync."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...history import first_seen_key
from ...words import STATE_WORDS, accepted_text, notes, subject, web_address
from .markup import Markup, concat, icon, isolate, tag, timestamp

# The marks of list items that only one side has.
_SIGNS = {"declared": "+", "actual": "\N{MINUS SIGN}"}


def badge(state: str) -> Markup:
    """Return a state as icon, word and colour."""
    return tag("span", icon(state), STATE_WORDS[state], class_=f"badge s-{state}")


def card(record: Mapping[str, Any], first_seen: Mapping[str, str]) -> Markup:
    """Return a record that needs attention: its differences, the link to its fix, the YAML that accepts it."""
    texts = [tag("li", text) for text in notes(record)]
    accepted = record["accepted"]
    return tag(
        "article",
        tag("h3", badge(record["state"]), isolate(_name(record)), _new(record)),
        _about(record, first_seen),
        tag("p", icon("accepted"), accepted_text(accepted), class_="accepted s-accepted") if accepted else None,
        tag("ul", *texts, class_="notes") if texts else None,
        _fields(record),
        _accounts(record),
        _snippet(record),
        class_=f"card record s-{record['state']}",
        id=record["anchor"],
        tabindex="-1",
        **_data(record),
    )


def line(record: Mapping[str, Any]) -> Markup:
    """Return a record that is in sync."""
    return tag(
        "li",
        isolate(subject(record)),
        _aws_id(record),
        *(tag("small", " ", text) for text in notes(record)),
        class_="record",
        id=record["anchor"],
        tabindex="-1",
        **_data(record),
    )


def account_list(accounts: list[dict[str, Any]], limit: int = 200) -> Markup:
    """Return at most ``limit`` accounts by path and AWS ID."""
    items = [
        tag("li", isolate(account["path"] or account["name"] or ""), " ", tag("code", account["aws_id"] or ""))
        for account in accounts
    ]
    return tag("ul", *limited(items, limit), class_="accounts")


def limited(items: list[Markup], limit: int) -> list[Markup]:
    """Return at most ``limit`` items of a list, and an item with the number of the others."""
    if len(items) <= limit:
        return items
    return [*items[:limit], tag("li", f"and {len(items) - limit:,} more, which the JSON report has")]


def _name(record: Mapping[str, Any]) -> str:
    return subject(record) if record["kind"] == "organization" else str(record["appliance"])


def _data(record: Mapping[str, Any]) -> dict[str, str | None]:
    """Return the attributes that the filters of the page read."""
    return {
        "data_state": "accepted" if record["accepted"] else record["state"],
        "data_appliance": record["appliance"],
        "data_since": record["since"],
    }


def _new(part: Mapping[str, Any]) -> Markup | None:
    return tag("span", "new", class_="new") if part["since"] == "new" else None


def _aws_id(record: Mapping[str, Any]) -> Markup | None:
    """Return the AWS ID, unless it is also the name."""
    aws_id = record["aws_organization_id"]
    return tag("code", aws_id) if aws_id and aws_id != record["organization"] else None


def _about(record: Mapping[str, Any], first_seen: Mapping[str, str]) -> Markup:
    """Return the appliance, the time when the drift was first seen, and the links."""
    since, fix = first_seen.get(first_seen_key(record)), web_address(record["fix"])
    place = ("on ", isolate(record["appliance"])) if record["kind"] == "organization" else ("the whole appliance",)
    return tag(
        "p",
        tag("span", *place),
        _aws_id(record),
        tag("span", "first seen ", timestamp(since)) if since else None,
        tag("a", "Link to this", href=f"#{record['anchor']}", class_="self") if record["anchor"] else None,
        tag("a", "Go to the fix", href=fix, rel="noreferrer") if fix else None,
        class_="about",
    )


def _fields(record: Mapping[str, Any]) -> Markup | None:
    """Return the table of declared and actual values."""
    if not record["fields"]:
        return None
    head = tag("tr", *(tag("th", word, scope="col") for word in ("Field", "Declared", "On the appliance")))
    caption = tag("caption", f"Declared and actual values of {_name(record)}", class_="unseen")
    # If every field is new, the title of the record already shows it.
    mixed = any(field["since"] == "known" for field in record["fields"])
    rows = [_row(record, field, mixed) for field in record["fields"]]
    return tag("table", caption, tag("thead", head), tag("tbody", *rows), class_="fields")


def _row(record: Mapping[str, Any], field: Mapping[str, Any], mixed: bool) -> Markup:
    new = _new(field) if mixed else None
    accepted = tag("small", icon("accepted"), accepted_text(field["accepted"])) if field["accepted"] else None
    undeclared = record["state"] in ("unwanted", "unmanaged")
    return tag(
        "tr",
        tag("th", isolate(field["field"]), new, accepted if not record["accepted"] else None, scope="row"),
        _side(field, "declared", "actual", "not declared" if undeclared else "not set"),
        _side(field, "actual", "declared", "not there" if record["state"] == "missing" else "not set"),
    )


def _side(field: Mapping[str, Any], side: str, other: str, unset: str) -> Markup:
    """Return one side of a field. List items that only this side has are marked."""
    value, opposite = field[side], field[other]
    if value is None:
        return tag("td", tag("em", unset))
    if isinstance(value, str):
        return tag("td", isolate(value) if value else tag("em", "empty"))
    shared = set(opposite) if isinstance(opposite, list) else set()
    items = [
        tag("li", isolate(item))
        if item in shared or opposite is None
        else tag("li", tag("b", _SIGNS[side]), isolate(item), class_=f"only-{side}")
        for item in value
    ]
    return tag("td", tag("ul", *items) if items else tag("em", "empty list"))


def _accounts(record: Mapping[str, Any]) -> Markup | None:
    """Return the accounts that applying the declaration gains or loses, as far as they are listed."""
    impact = record["impact"] or {"lost": [], "gained": []}
    lists = [
        tag("div", tag("h4", title), account_list(impact[key]))
        for key, title in (("lost", "Accounts lost"), ("gained", "Accounts gained"))
        if impact[key]
    ]
    return tag("details", tag("summary", "Which accounts"), *lists) if lists else None


def _snippet(record: Mapping[str, Any]) -> Markup | None:
    if not record["accept"] or record["accepted"]:
        return None
    # The lines of the snippet stay lines. Characters that are not printable are already escaped in it.
    lines = [concat(text, Markup("\n")) for text in record["accept"].splitlines()]
    return tag("details", tag("summary", "Accept this"), tag("pre", tag("code", *lines), tabindex="0"), class_="accept")
