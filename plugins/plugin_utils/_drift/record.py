# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One record of a drift report: an organization of an appliance and its state, or why an appliance was not read. Pure.

Whatever cannot be understood becomes the state ``error``: a report must never be green because something failed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .values import shown_value, text_or_none, texts
from .words import DRIFT_STATES

_ACTIONS = ("none", "create", "update", "rename", "remove")
# What an organization is made of, in the order in which a playbook says it.
_SETTINGS = (
    "description",
    "rescan_iam_role",
    "rescan_iam_role_id",
    "backup_restore_iam_role_name",
    "production_worker_iam_role_name",
    "scope",
    "limited_scopes",
)


def appliance_error(appliance: str, reason: str, message: str) -> dict[str, Any]:
    """The record of an appliance that was not read, or whose answer cannot be believed."""
    return {**_blank(appliance), "kind": "appliance", "state": "error", "reason": reason, "message": message}


def planned_record(appliance: str, planned: Mapping[str, Any]) -> dict[str, Any]:
    """The record of an organization that the module planned, or could not plan.

    planned: an item of ``organizations`` of the result of vbaws.appliance.organizations in check mode.
    """
    organization = planned.get("organization")
    state, reason, message = _judge(planned)
    fields = _fields(planned.get("changes"))
    if state in ("unwanted", "unmanaged"):
        fields += _settings(organization)
    return {
        **_blank(appliance),
        **_identity({**planned, "name": _name(planned)}),
        "state": state,
        "action": text_or_none(planned.get("action")),
        "reason": reason,
        "message": message,
        "fields": _in_order(fields),
        "unverified": texts(planned.get("unverified")),
        "not_checked": texts(planned.get("not_checked")),
        "findings": _findings(planned.get("preflight")),
        "impact": _impact(planned.get("impact")),
    }


def unmanaged_record(appliance: str, organization: Mapping[str, Any]) -> dict[str, Any]:
    """The record of an organization that the appliance has and nobody declares, as organization_info returns it."""
    fields = _in_order(_settings(organization))
    return {**_blank(appliance), **_identity(organization), "state": "unmanaged", "action": "none", "fields": fields}


def accounts(listed: Any) -> list[dict[str, Any]]:
    """Accounts of AWS, each with what a person knows it by, in one order."""
    found = [
        {key: text_or_none(account.get(key)) for key in ("aws_id", "name", "path")}
        for account in listed or ()
        if isinstance(account, Mapping)
    ]
    return sorted(found, key=lambda account: (account["path"] or "", account["aws_id"] or ""))


def _blank(appliance: str) -> dict[str, Any]:
    return {
        "kind": "organization",
        "appliance": appliance,
        "organization": None,
        "aws_organization_id": None,
        "id": None,
        "action": None,
        "reason": None,
        "message": None,
        "fields": [],
        "unverified": [],
        "not_checked": [],
        "findings": [],
        "impact": None,
    }


def _identity(source: Mapping[str, Any]) -> dict[str, str | None]:
    own = {key: text_or_none(source.get(key)) for key in ("id", "aws_organization_id", "name")}
    name = own.pop("name")
    return {**own, "organization": name or own["aws_organization_id"] or own["id"] or "(without a name)"}


def _name(planned: Mapping[str, Any]) -> Any:
    """How it is declared; the name that was found where it is declared by an ID, which tells a person nothing."""
    name, found = planned.get("name"), planned.get("organization")
    by_id = name in (planned.get("aws_organization_id"), planned.get("id"))
    return (found.get("name") or name) if by_id and isinstance(found, Mapping) else name


def _judge(planned: Mapping[str, Any]) -> tuple[str, str | None, str | None]:
    """State, reason and message. Only what was planned without a doubt, and asks for nothing, is in sync."""
    message = text_or_none(planned.get("msg"))
    failure = planned.get("failure")
    if failure:
        reason = text_or_none(failure.get("reason")) if isinstance(failure, Mapping) else None
        return "error", reason or "api", message or "It failed without a message."
    status, action = planned.get("status"), planned.get("action")
    if planned.get("outcome") in ("failed", "refused"):
        return "error", "api", message or f"It was {planned['outcome']} without a message."
    if status is None or action is None:
        return "error", "not_planned", message or "It was not planned."
    if status not in (*DRIFT_STATES, "in_sync") or action not in _ACTIONS:
        return "error", "malformed", f"The result cannot be understood: status {status}, action {action}."
    if status != "in_sync":
        return str(status), None, message
    if action != "none" or planned.get("changes"):
        return "unknown", None, "The result says that it is in sync, and also that something would be changed."
    if planned.get("unverified"):
        return "unknown", None, message
    return "in_sync", None, message


def _fields(changes: Any) -> list[dict[str, Any]]:
    """Declared and actual value of each field that differs."""
    fields: list[dict[str, Any]] = []
    for change in changes if isinstance(changes, list) else ():
        if isinstance(change, Mapping):
            actual, declared = change.get("before"), change.get("after")
            fields += _field(str(change.get("field")), declared, actual)
    return fields


def _settings(organization: Any) -> list[dict[str, Any]]:
    """What is there of an organization that should not be, or that nobody declares."""
    if not isinstance(organization, Mapping):
        return []
    config = organization.get("config")
    source = config if isinstance(config, Mapping) else organization
    return [
        field
        for setting in _SETTINGS
        if source.get(setting) not in (None, [], "")
        for field in _field(setting, None, source[setting])
    ]


def _field(name: str, declared: Any, actual: Any) -> list[dict[str, Any]]:
    """One field, or one for each limited scope where a whole list of them is added or removed."""
    if name == "limited_scopes" and (_is_scopes(declared) or _is_scopes(actual)):
        sides = [
            {str(scope.get("name")): scope.get("organizational_units") for scope in side or ()}
            for side in (declared, actual)
        ]
        return [
            _pair(f"limited_scopes.{scope}.organizational_units", sides[0].get(scope), sides[1].get(scope))
            for scope in {**sides[0], **sides[1]}
        ]
    return [_pair(name, declared, actual)]


def _is_scopes(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, Mapping) for item in value)


def _pair(name: str, declared: Any, actual: Any) -> dict[str, Any]:
    return {"field": name, "declared": shown_value(declared), "actual": shown_value(actual)}


def _in_order(fields: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Settings in the order of a playbook, and then scopes by name; a field that came twice counts once."""
    rank = {name: number for number, name in enumerate(("state", "name", *_SETTINGS))}
    by_name = {field["field"]: field for field in reversed(fields)}
    return sorted(by_name.values(), key=lambda field: (rank.get(field["field"], len(rank)), field["field"]))


def _findings(findings: Any) -> list[dict[str, str]]:
    found = [
        {key: str(finding.get(key) or "") for key in ("check", "severity", "message")}
        for finding in (findings if isinstance(findings, list) else ())
        if isinstance(finding, Mapping)
    ]
    return sorted(found, key=lambda finding: (finding["severity"], finding["check"], finding["message"]))


def _impact(impact: Any) -> dict[str, Any] | None:
    if not isinstance(impact, Mapping):
        return None
    numbers = {
        key: value if isinstance(value, int) else None
        for key, value in ((key, impact.get(key)) for key in ("accounts_gained", "accounts_lost"))
    }
    lists = {key: accounts(impact.get(key)) for key in ("gained", "lost")}
    return {"known": impact.get("known") is True, **numbers, **lists}
