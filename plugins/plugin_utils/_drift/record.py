# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One record of a drift report: an organization of an appliance and its state, or the error of an appliance.

A value that cannot be interpreted becomes the state ``error``: a report must never be green because something failed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .._masked import masked_parts
from .values import field_value, join_words, sorted_texts, text_or_none
from .words import DRIFT_STATES

_ACTIONS = ("none", "create", "update", "rename", "remove")
# The settings of an organization, in the order of a playbook.
_SETTINGS = (
    "description",
    "rescan_iam_role",
    "rescan_iam_role_id",
    "backup_restore_iam_role_name",
    "production_worker_iam_role_name",
    "scope",
    "limited_scopes",
)


def error_record(appliance: str, reason: str, message: str) -> dict[str, Any]:
    """Return the record of an appliance that was not read, or whose result cannot be trusted."""
    return {**_empty_record(appliance), "kind": "appliance", "state": "error", "reason": reason, "message": message}


def masked_record(appliance: str, organization: Mapping[str, Any], parts: Sequence[str]) -> dict[str, Any]:
    """Return the record of an organization of which Ansible hid a part, so it is unknown whether it is as declared.

    parts: the names of the values that are not what the appliance has.
    """
    readable = {key: value for key, value in organization.items() if not masked_parts(value)}
    return {
        **_empty_record(appliance),
        **_identity(readable),
        "state": "error",
        "reason": "masked",
        "message": masked_message(parts),
    }


def masked_message(parts: Sequence[str]) -> str:
    """Return why values cannot be reported. parts: their names."""
    return (
        f"Ansible shows asterisks in {join_words(parts)}, because a secret of the task, such as its password, occurs "
        "there. Use another password or an access token."
    )


def planned_record(appliance: str, planned: Mapping[str, Any]) -> dict[str, Any]:
    """Return the record of an organization that the module planned or failed to plan.

    planned: an item of ``organizations`` in the result of vbaws.appliance.organizations in check mode.
    """
    state, reason, message = _state(planned)
    fields = _changed_fields(planned.get("changes"))
    if state in ("unwanted", "unmanaged"):
        fields += _existing_fields(planned.get("organization"))
    return {
        **_empty_record(appliance),
        **_identity({**planned, "name": _name(planned)}),
        "state": state,
        "action": text_or_none(planned.get("action")),
        "reason": reason,
        "message": message,
        "fields": _sorted_fields(fields),
        "unverified": sorted_texts(planned.get("unverified")),
        "not_checked": sorted_texts(planned.get("not_checked")),
        "findings": _findings(planned.get("preflight")),
        "impact": _impact(planned.get("impact")),
    }


def unmanaged_record(appliance: str, organization: Mapping[str, Any]) -> dict[str, Any]:
    """Return the record of an organization that is registered and not declared, as organization_info returns it."""
    identity, fields = _identity(organization), _sorted_fields(_existing_fields(organization))
    return {**_empty_record(appliance), **identity, "state": "unmanaged", "action": "none", "fields": fields}


def sorted_accounts(accounts: Any) -> list[dict[str, Any]]:
    """Return the ID, name and path of AWS accounts, sorted by path."""
    known = [
        {key: text_or_none(account.get(key)) for key in ("aws_id", "name", "path")}
        for account in accounts or ()
        if isinstance(account, Mapping)
    ]
    return sorted(known, key=lambda account: (account["path"] or "", account["aws_id"] or ""))


def _empty_record(appliance: str) -> dict[str, Any]:
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
    ids = {key: text_or_none(source.get(key)) for key in ("id", "aws_organization_id")}
    name = text_or_none(source.get("name")) or ids["aws_organization_id"] or ids["id"] or "(without a name)"
    return {**ids, "organization": name}


def _name(planned: Mapping[str, Any]) -> Any:
    """Return the declared name; if only an ID is declared, the name on the appliance."""
    name, registered = planned.get("name"), planned.get("organization")
    if name in (planned.get("aws_organization_id"), planned.get("id")) and isinstance(registered, Mapping):
        return registered.get("name") or name
    return name


def _state(planned: Mapping[str, Any]) -> tuple[str, str | None, str | None]:
    """Return state, reason and message. An organization is in sync only if its plan is complete and changes nothing."""
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


def _changed_fields(changes: Any) -> list[dict[str, Any]]:
    """Return the declared and the actual value of each field that differs."""
    fields: list[dict[str, Any]] = []
    for change in changes if isinstance(changes, list) else ():
        if isinstance(change, Mapping):
            fields += _fields(str(change.get("field")), declared=change.get("after"), actual=change.get("before"))
    return fields


def _existing_fields(organization: Any) -> list[dict[str, Any]]:
    """Return the settings of an organization that is not declared, or is declared absent."""
    if not isinstance(organization, Mapping):
        return []
    config = organization.get("config")
    source = config if isinstance(config, Mapping) else organization
    return [
        field
        for setting in _SETTINGS
        if source.get(setting) not in (None, [], "")
        for field in _fields(setting, declared=None, actual=source[setting])
    ]


def _fields(name: str, declared: Any, actual: Any) -> list[dict[str, Any]]:
    """Return one field, or a field for each limited scope if a list of scopes is added or removed."""
    lists = [side for side in (declared, actual) if side]
    if name != "limited_scopes" or not lists or not all(map(_is_scopes, lists)):
        return [_field(name, declared, actual)]
    units_declared, units_actual = _units_by_scope(declared), _units_by_scope(actual)
    return [
        _field(f"limited_scopes.{scope}.organizational_units", units_declared.get(scope), units_actual.get(scope))
        for scope in {**units_declared, **units_actual}
    ]


def _is_scopes(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, Mapping) for item in value)


def _units_by_scope(scopes: Any) -> dict[str, Any]:
    return {str(scope.get("name")): scope.get("organizational_units") for scope in scopes or ()}


def _field(name: str, declared: Any, actual: Any) -> dict[str, Any]:
    return {"field": name, "declared": field_value(declared), "actual": field_value(actual)}


def _sorted_fields(fields: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Sort settings in the order of a playbook, then scopes by name. A field that occurs twice is listed once."""
    rank = {name: number for number, name in enumerate(("state", "name", *_SETTINGS))}
    by_name = {field["field"]: field for field in reversed(fields)}
    return sorted(by_name.values(), key=lambda field: (rank.get(field["field"], len(rank)), field["field"]))


def _findings(findings: Any) -> list[dict[str, str]]:
    known = [
        {key: str(finding.get(key) or "") for key in ("check", "severity", "message")}
        for finding in (findings if isinstance(findings, list) else ())
        if isinstance(finding, Mapping)
    ]
    return sorted(known, key=lambda finding: (finding["severity"], finding["check"], finding["message"]))


def _impact(impact: Any) -> dict[str, Any] | None:
    if not isinstance(impact, Mapping):
        return None
    numbers = {key: impact.get(key) for key in ("accounts_gained", "accounts_lost")}
    return {
        "known": impact.get("known") is True,
        **{key: number if isinstance(number, int) else None for key, number in numbers.items()},
        **{key: sorted_accounts(impact.get(key)) for key in ("gained", "lost")},
    }
