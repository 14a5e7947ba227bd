# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drift that somebody accepted, with a reason and perhaps until a day. Pure.

A rule is strict, since a wrong one hides drift: it names an appliance or an organization, it has a reason, it has no
key that is not known, and it never covers an error.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from .words import DRIFT_STATES

_KEYS = ("appliance", "organization", "field", "state", "reason", "until")
# The states that consist of fields; a missing organization is not accepted field by field.
FIELD_STATES = ("different", "unknown")


def check_rules(accepted: Any) -> list[dict[str, str | None]]:
    """Checks the rules and gives each all its keys. Raises ValueError, which names the rule by its number."""
    if not isinstance(accepted, list):
        raise ValueError("accepted must be a list.")
    return [_check_rule(f"accepted, item {number}", rule) for number, rule in enumerate(accepted, 1)]


def apply_rules(
    records: list[dict[str, Any]], rules: list[dict[str, str | None]], today: str, unread: set[str], complete: bool
) -> dict[str, list[dict[str, str | None]]]:
    """Marks what is accepted in the records, and returns the rules that need a look: ``expired`` and ``stale``.

    today: YYYY-MM-DD; a rule holds on its last day. unread: appliances that were not read. complete: whether every
    expected appliance is there. What may be where nobody could look is not stale.
    Each record and each of its fields gets ``accepted``: the reason and the last day, or None.
    """
    used: set[int] = set()
    for record in records:
        matching = []
        if record["state"] in DRIFT_STATES:
            matching = [(number, rule) for number, rule in enumerate(rules) if _matches(rule, record)]
        used.update(number for number, _rule in matching)
        _mark(record, [rule for _number, rule in matching if not _expired(rule, today)])
    errors = [record for record in records if record["state"] == "error"]
    seen = {record["appliance"] for record in records}
    expired = [rule for number, rule in enumerate(rules) if number in used and _expired(rule, today)]
    stale = [
        rule
        for number, rule in enumerate(rules)
        if number not in used
        and not _may_be_unread(rule, unread, complete, seen)
        and not any(_names(rule, error) for error in errors)
    ]
    return {"expired": _in_order(expired), "stale": _in_order(stale)}


def accept_snippet(record: Mapping[str, Any]) -> str | None:
    """YAML that accepts this drift, once somebody fills in why and until when. None for what cannot be accepted.

    Both are empty, which is an error, so that nobody accepts anything by pasting alone.
    """
    if record["state"] not in DRIFT_STATES:
        return None
    named = {"appliance": record["appliance"], "organization": record["aws_organization_id"] or record["organization"]}
    fields = parts(record) if record["state"] in FIELD_STATES else []
    whole = {**named, "state": record["state"]}
    items = []
    for rule in [{**whole, "field": field} for field in fields] or [whole]:
        lines = [f"{key}: {yaml_text(value)}" for key, value in rule.items()]
        lines += ['reason: ""  # say why', 'until: ""  # the last day, YYYY-MM-DD, or leave this line out']
        items.append("- " + "\n  ".join(lines))
    return "\n".join(items) + "\n"


def yaml_text(text: str) -> str:
    """A text as YAML that means exactly it, and that Ansible takes for no template."""
    escaped = "".join(
        f"\\{char}" if char in '"\\' else char if char.isprintable() else f"\\U{ord(char):08x}" for char in text
    )
    unsafe = "!unsafe " if any(mark in text for mark in ("{{", "{%", "{#")) else ""
    return f'{unsafe}"{escaped}"'


def _check_rule(where: str, rule: Any) -> dict[str, str | None]:
    if not isinstance(rule, Mapping):
        raise ValueError(f"{where} is no dictionary.")
    unknown = sorted(set(rule) - set(_KEYS))
    if unknown:
        raise ValueError(f"{where} has {', '.join(unknown)}, which is not known; it takes {', '.join(_KEYS)}.")
    for key, value in rule.items():
        if not isinstance(value, str) or not value.strip():
            raise ValueError(f"{where}: {key} must be a text that is not empty.")
    if "appliance" not in rule and "organization" not in rule:
        raise ValueError(f"{where} needs an appliance or an organization.")
    if "reason" not in rule:
        raise ValueError(f"{where} needs a reason.")
    _check_state(where, rule)
    _check_day(where, rule.get("until"))
    return {key: rule.get(key) for key in _KEYS}


def _check_state(where: str, rule: Mapping[str, Any]) -> None:
    state = rule.get("state")
    if state is not None and state not in DRIFT_STATES:
        raise ValueError(f"{where}: state is {state}; what can be accepted is {', '.join(DRIFT_STATES)}.")
    if "field" in rule and state is not None and state not in FIELD_STATES:
        raise ValueError(f"{where} has a field, which goes with the state {' or '.join(FIELD_STATES)} only.")


def _check_day(where: str, until: Any) -> None:
    if until is None:
        return
    try:
        written = datetime.date.fromisoformat(until).isoformat()
    except ValueError:
        written = None
    # Newer Pythons read other forms as well, which compare as text no longer.
    if written != until:
        raise ValueError(f"{where}: until must be a day such as 2026-12-31, not {until}.")


def _names(rule: Mapping[str, str | None], record: Mapping[str, Any]) -> bool:
    """Whether a rule means the organization of a record, whatever its state."""
    return rule["appliance"] in (None, record["appliance"]) and rule["organization"] in (
        None,
        record["organization"],
        record["aws_organization_id"],
    )


def _matches(rule: Mapping[str, str | None], record: Mapping[str, Any]) -> bool:
    if not _names(rule, record) or rule["state"] not in (None, record["state"]):
        return False
    return rule["field"] is None or (record["state"] in FIELD_STATES and rule["field"] in parts(record))


def parts(record: Mapping[str, Any]) -> list[str]:
    """What has to be accepted before the record is: each field that differs, and each that is not shown."""
    return [*(field["field"] for field in record["fields"]), *record["unverified"]]


def _mark(record: dict[str, Any], rules: list[dict[str, str | None]]) -> None:
    record["accepted"] = None
    whole = next((rule for rule in rules if rule["field"] is None), None)
    by_field = {str(rule["field"]): rule for rule in reversed(rules) if rule["field"] is not None}
    for field in record["fields"]:
        field["accepted"] = _shown(by_field.get(field["field"]) or whole)
    needed = parts(record)
    if whole is not None:
        record["accepted"] = _shown(whole)
    elif needed and all(part in by_field for part in needed):
        record["accepted"] = _shown(by_field[needed[0]])


def _shown(rule: Mapping[str, str | None] | None) -> dict[str, str | None] | None:
    return {"reason": rule["reason"], "until": rule["until"]} if rule else None


def _expired(rule: Mapping[str, str | None], today: str) -> bool:
    return rule["until"] is not None and rule["until"] < today


def _may_be_unread(rule: Mapping[str, str | None], unread: set[str], complete: bool, seen: set[str]) -> bool:
    if rule["appliance"] is None:
        return bool(unread) or not complete
    return rule["appliance"] in unread or (not complete and rule["appliance"] not in seen)


def _in_order(rules: list[dict[str, str | None]]) -> list[dict[str, str | None]]:
    return sorted(rules, key=lambda rule: [rule[key] or "" for key in _KEYS])
