# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One entry of a drift report: whether the appliance was read, and its records."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .._masked import masked_parts
from .record import error_record, masked_message, masked_record, planned_record, sorted_accounts, unmanaged_record
from .values import text_or_none

# Failures before the first answer of the appliance. Any other failure follows an answer.
_NO_ANSWER = ("unreachable", "tls", "auth", "mfa_required", "api_version", "timeout")
STRUCTURE_KINDS = ("added", "removed", "moved", "renamed")


@dataclass
class Appliance:
    """What is reported of one appliance. read: whether its organizations are known."""

    name: str
    target: str | None
    read: bool = False
    plan_id: str | None = None
    records: list[dict[str, Any]] = field(default_factory=list)
    structure: list[dict[str, Any]] = field(default_factory=list)
    uncovered: list[dict[str, Any]] = field(default_factory=list)
    unused: list[dict[str, Any]] = field(default_factory=list)

    def add_error(self, reason: str, message: str) -> None:
        """Add an error of the appliance as a whole."""
        self.records.append(error_record(self.name, reason, message))


def read_entry(entry: Mapping[str, Any]) -> Appliance:
    """Read an entry: ``appliance``, ``target``, ``error``, ``result``, ``structure``, ``coverage``.

    Nothing in ``result``, ``structure`` or ``coverage`` raises an exception. A value of an unexpected form becomes an
    error in the report.
    """
    appliance = Appliance(str(entry["appliance"]), text_or_none(entry.get("target")))
    error, result = entry.get("error"), entry.get("result")
    if result is not None:
        _read_result(appliance, result, has_error=bool(error))
    if error:
        details = error if isinstance(error, Mapping) else {"msg": error}
        message = text_or_none(details.get("msg")) or "It was not read."
        appliance.read = False
        appliance.add_error(text_or_none(details.get("reason")) or "api", message)
    elif result is None:
        appliance.add_error("not_read", "Nothing is known of it: neither a result nor an error was reported.")
    _read_structure(appliance, entry.get("structure"))
    _read_coverage(appliance, entry.get("coverage"))
    return appliance


def _read_result(appliance: Appliance, result: Any, has_error: bool) -> None:
    """Add the records of a result. has_error: an error of the entry already explains an incomplete result."""
    message, reason = _task_failure(result)
    fault = _form_fault(result, bool(message))
    if fault:
        if not has_error:
            text = message or f"The result cannot be understood: {fault}."
            appliance.add_error(reason or "malformed", text)
        return
    planned, unmanaged = result.get("organizations") or [], result.get("unmanaged") or []
    if message and not unmanaged and not any(map(_has_answer, planned)):
        if not has_error:
            appliance.add_error(reason or "api", message)
        return
    appliance.read = True
    appliance.plan_id = text_or_none(result.get("plan_id"))
    appliance.records = [_record(planned_record, appliance.name, item) for item in planned]
    known = {identity for item in planned for identity in _identities(item)}
    appliance.records += [
        _record(unmanaged_record, appliance.name, item) for item in unmanaged if not known & set(_identities(item))
    ]
    if _is_masked(appliance, "plan_id", appliance.plan_id):
        appliance.plan_id = None
    if not any(record["state"] == "error" for record in appliance.records):
        _check_plan(appliance, result, message, reason)


def _record(make: Callable[[str, Mapping[str, Any]], dict[str, Any]], appliance: str, item: Any) -> dict[str, Any]:
    # Messages about a failure are no data, and may have been redacted.
    parts = masked_parts({key: value for key, value in item.items() if key not in ("msg", "failure")})
    return masked_record(appliance, item, parts) if parts else make(appliance, item)


def _check_plan(appliance: Appliance, result: Mapping[str, Any], message: str | None, reason: str | None) -> None:
    """Add an error if no record shows that the task failed, or that its plan is missing or contradicts the records."""
    if message:
        appliance.add_error(reason or "api", message)
    elif appliance.plan_id is None:
        appliance.add_error("not_planned", "The result has no plan, and does not say why.")
    elif result["changed"] and all(record["action"] == "none" for record in appliance.records):
        appliance.add_error("malformed", "The result says that something would be changed, but not what.")


def _task_failure(result: Any) -> tuple[str | None, str | None]:
    """Return message and reason of a task that failed, else None and None."""
    if not isinstance(result, Mapping):
        return None, None
    failure = result.get("failure")
    if not (failure or result.get("failed") or result.get("unreachable")):
        return None, None
    reason = failure.get("reason") if isinstance(failure, Mapping) else None
    if reason is None and result.get("unreachable"):
        reason = "unreachable"
    return text_or_none(result.get("msg")) or "The task failed without a message.", text_or_none(reason)


def _form_fault(result: Any, failed: bool) -> str | None:
    """Return what is wrong with the form of a result, if anything. The result of a failed task may be incomplete."""
    if not isinstance(result, Mapping):
        return "it is no dictionary"
    if result.get("skipped"):
        return "the task was skipped"
    for name in ("organizations", "unmanaged"):
        items = result.get(name, [] if failed else None)
        if not isinstance(items, list) or not all(isinstance(item, Mapping) for item in items):
            return f"{name} is no list of dictionaries"
    if not failed and not ("plan_id" in result and isinstance(result.get("changed"), bool)):
        return "plan_id or changed is missing"
    return None


def _has_answer(planned: Mapping[str, Any]) -> bool:
    """Return whether an organization was planned, or failed for a reason that follows an answer of the appliance."""
    failure = planned.get("failure")
    if isinstance(failure, Mapping):
        return failure.get("reason") not in _NO_ANSWER
    return planned.get("status") is not None


def _identities(source: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what identifies an organization: its IDs, or its name if it has none."""
    ids = [(key, str(source[key])) for key in ("id", "aws_organization_id") if source.get(key)]
    return ids or [("name", str(source.get("name")))]


def _read_structure(appliance: Appliance, structure: Any) -> None:
    """Add what changed in AWS. structure: None if it was not requested."""
    if structure is None:
        return
    if _is_masked(appliance, "structure", structure):
        return
    for item in _dictionaries(appliance, "structure", structure):
        changes = item.get("changes")
        if not isinstance(changes, Mapping) or not all(isinstance(changes.get(kind), list) for kind in STRUCTURE_KINDS):
            message = f"It is not known what changed in the structure of {item.get('organization')}."
            appliance.add_error("structure", message)
            continue
        kinds = {kind: [_unit_or_account(changed) for changed in changes[kind]] for kind in STRUCTURE_KINDS}
        if any(kinds.values()):
            organization = {"appliance": appliance.name, "organization": str(item.get("organization"))}
            appliance.structure.append({**organization, **kinds})


def _unit_or_account(item: Any) -> dict[str, Any]:
    source = item if isinstance(item, Mapping) else {}
    names = ("type", "aws_id", "name", "path", "former_path", "former_name")
    covered = source.get("covered_by")
    return {
        **{name: text_or_none(source.get(name)) for name in names},
        "covered_by": sorted(map(str, covered)) if isinstance(covered, list) else None,
    }


def _read_coverage(appliance: Appliance, coverage: Any) -> None:
    """Add accounts outside of every scope and organizations without a policy. coverage: None if not requested."""
    if coverage is None:
        return
    if _is_masked(appliance, "coverage", coverage):
        return
    unused = coverage.get("unused") if isinstance(coverage, Mapping) else None
    if not isinstance(coverage, Mapping) or not isinstance(unused, list):
        appliance.add_error("coverage", "Its coverage cannot be understood.")
        return
    for item in _dictionaries(appliance, "coverage", coverage.get("uncovered")):
        accounts = sorted_accounts(item.get("accounts"))
        if accounts:
            organization = {"appliance": appliance.name, "organization": str(item.get("organization"))}
            appliance.uncovered.append({**organization, "accounts": accounts})
    appliance.unused = [{"appliance": appliance.name, "organization": str(name)} for name in unused]


def _is_masked(appliance: Appliance, part: str, data: Any) -> bool:
    """Return whether Ansible hid a secret in the data, and add an error if it did."""
    parts = masked_parts(data, part)
    if parts:
        appliance.add_error("masked", masked_message(parts))
    return bool(parts)


def _dictionaries(appliance: Appliance, part: str, items: Any) -> list[Mapping[str, Any]]:
    """Return a list of dictionaries. Anything else adds an error and returns an empty list."""
    if not isinstance(items, list) or not all(isinstance(item, Mapping) for item in items):
        appliance.add_error(part, f"Its {part} cannot be understood.")
        return []
    return items
