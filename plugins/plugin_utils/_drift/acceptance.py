# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Accepted drift, with a reason and an optional last day.

Rules are strict, because a wrong rule hides drift: a rule names an appliance or an organization, has a reason and no
unknown key, and never applies to an error.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Optional

from .words import DRIFT_STATES

Rule = Mapping[str, Optional[str]]

_KEYS = ("appliance", "organization", "field", "state", "reason", "until")
# The states that consist of fields. A missing organization, for example, is accepted as a whole.
_FIELD_STATES = ("different", "unknown")


def check_rules(accepted: Any) -> list[Rule]:
    """Return the rules, each with all keys. Raises ValueError, which names the rule by its number."""
    if not isinstance(accepted, list):
        raise ValueError("accepted must be a list.")
    return [_check_rule(f"accepted, item {number}", rule) for number, rule in enumerate(accepted, 1)]


def apply_rules(
    records: list[dict[str, Any]], rules: list[Rule], today: str, unread: frozenset[str], complete: bool
) -> dict[str, list[Rule]]:
    """Set ``accepted`` of each record and each field: reason and last day, or None. Return the rules to review.

    today: YYYY-MM-DD; a rule includes its last day. unread: appliances that were not read. complete: no expected
    appliance is missing. The rules to review are ``expired`` or ``stale``. A rule is not stale if its drift may exist
    on an appliance that was not read.
    """
    used: set[int] = set()
    for record in records:
        matching = []
        if record["state"] in DRIFT_STATES:
            matching = [number for number, rule in enumerate(rules) if _matches(rule, record)]
        used.update(matching)
        _mark(record, [rules[number] for number in matching if not _is_expired(rules[number], today)])
    errors = [record for record in records if record["state"] == "error"]
    seen = {record["appliance"] for record in records}
    expired = [rule for number, rule in enumerate(rules) if number in used and _is_expired(rule, today)]
    stale = [
        rule
        for number, rule in enumerate(rules)
        if number not in used
        and not _may_be_unread(rule, unread, complete, seen)
        and not any(_names(rule, error) for error in errors)
    ]
    return {"expired": _sorted_rules(expired), "stale": _sorted_rules(stale)}


def accept_snippet(record: Mapping[str, Any]) -> str | None:
    """Return YAML that accepts this drift, or None if it cannot be accepted.

    ``reason`` and ``until`` are empty. That is an error until a person fills them in.
    """
    if record["state"] not in DRIFT_STATES:
        return None
    organization = record["aws_organization_id"] or record["organization"]
    whole = {"appliance": record["appliance"], "organization": organization, "state": record["state"]}
    fields = _parts(record) if record["state"] in _FIELD_STATES else []
    items = []
    for rule in [{**whole, "field": field} for field in fields] or [whole]:
        lines = [f"{key}: {yaml_text(value)}" for key, value in rule.items()]
        lines += ['reason: ""  # say why', 'until: ""  # the last day, YYYY-MM-DD, or leave this line out']
        items.append("- " + "\n  ".join(lines))
    return "\n".join(items) + "\n"


def yaml_text(text: str) -> str:
    """Return a text as a YAML scalar that Ansible does not take for a template."""
    escaped = "".join(
        f"\\{char}" if char in '"\\' else char if char.isprintable() else f"\\U{ord(char):08x}" for char in text
    )
    unsafe = "!unsafe " if any(mark in text for mark in ("{{", "{%", "{#")) else ""
    return f'{unsafe}"{escaped}"'


def _check_rule(where: str, rule: Any) -> Rule:
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
    if "field" in rule and state is not None and state not in _FIELD_STATES:
        raise ValueError(f"{where} has a field, which goes with the state {' or '.join(_FIELD_STATES)} only.")


def _check_day(where: str, until: Any) -> None:
    if until is None:
        return
    try:
        normal = datetime.date.fromisoformat(until).isoformat()
    except ValueError:
        normal = None
    # Newer Pythons accept other forms as well, which do not compare as texts.
    if normal != until:
        raise ValueError(f"{where}: until must be a day such as 2026-12-31, not {until}.")


def _names(rule: Rule, record: Mapping[str, Any]) -> bool:
    """Return whether a rule names the organization of a record, regardless of its state."""
    return rule["appliance"] in (None, record["appliance"]) and rule["organization"] in (
        None,
        record["organization"],
        record["aws_organization_id"],
    )


def _matches(rule: Rule, record: Mapping[str, Any]) -> bool:
    if not _names(rule, record) or rule["state"] not in (None, record["state"]):
        return False
    return rule["field"] is None or (record["state"] in _FIELD_STATES and rule["field"] in _parts(record))


def _parts(record: Mapping[str, Any]) -> list[str]:
    """Return the fields to accept before the record is accepted: those that differ, and those that are not shown."""
    return [*(field["field"] for field in record["fields"]), *record["unverified"]]


def _mark(record: dict[str, Any], rules: list[Rule]) -> None:
    """Set ``accepted`` of a record and its fields."""
    record["accepted"] = None
    whole = next((rule for rule in rules if rule["field"] is None), None)
    by_field = {str(rule["field"]): rule for rule in reversed(rules) if rule["field"] is not None}
    for field in record["fields"]:
        field["accepted"] = _acceptance(by_field.get(field["field"]) or whole)
    parts = _parts(record)
    if whole is not None:
        record["accepted"] = _acceptance(whole)
    elif parts and all(part in by_field for part in parts):
        record["accepted"] = _acceptance(by_field[parts[0]])


def _acceptance(rule: Rule | None) -> dict[str, str | None] | None:
    return {"reason": rule["reason"], "until": rule["until"]} if rule else None


def _is_expired(rule: Rule, today: str) -> bool:
    return rule["until"] is not None and rule["until"] < today


def _may_be_unread(rule: Rule, unread: frozenset[str], complete: bool, seen: set[str]) -> bool:
    if rule["appliance"] is None:
        return bool(unread) or not complete
    return rule["appliance"] in unread or (not complete and rule["appliance"] not in seen)


def _sorted_rules(rules: list[Rule]) -> list[Rule]:
    return sorted(rules, key=lambda rule: [rule[key] or "" for key in _KEYS])
