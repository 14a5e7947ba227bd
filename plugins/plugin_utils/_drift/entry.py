# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One appliance of a drift report: whether it was read, and the records it gives. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .record import accounts, appliance_error, planned_record, unmanaged_record
from .values import text_or_none

# Failures by which nothing was read at all. Behind any other one stands an answer of the appliance.
_NOTHING_READ = ("unreachable", "tls", "auth", "mfa_required", "api_version", "timeout")
STRUCTURE_KINDS = ("added", "removed", "moved", "renamed")


@dataclass
class Reading:
    """What one entry says. read: whether the appliance told what it has. The rest is as in the report."""

    appliance: str
    target: str | None
    read: bool = False
    plan_id: str | None = None
    records: list[dict[str, Any]] = field(default_factory=list)
    structure: list[dict[str, Any]] = field(default_factory=list)
    uncovered: list[dict[str, Any]] = field(default_factory=list)
    unused: list[dict[str, Any]] = field(default_factory=list)

    def error(self, reason: str, message: str) -> None:
        """Adds an error of the whole appliance; errors of the same kind stay apart by their messages."""
        self.records.append(appliance_error(self.appliance, reason, message))


def reading(entry: Mapping[str, Any]) -> Reading:
    """Reads one entry: ``appliance``, ``target``, ``error``, ``result``, ``structure``, ``coverage``.

    Nothing in ``result``, ``structure`` or ``coverage`` raises: what cannot be understood is an error in the report.
    """
    found = Reading(str(entry["appliance"]), text_or_none(entry.get("target")))
    error, result = entry.get("error"), entry.get("result")
    if result is not None:
        _read_result(found, result, bool(error))
    if error:
        said = error if isinstance(error, Mapping) else {"msg": error}
        found.read = False
        found.error(text_or_none(said.get("reason")) or "api", text_or_none(said.get("msg")) or "It was not read.")
    elif result is None:
        found.error("not_read", "Nothing is known of it: neither a result nor an error was reported.")
    _read_structure(found, entry.get("structure"))
    _read_coverage(found, entry.get("coverage"))
    return found


def _read_result(found: Reading, result: Any, explained: bool) -> None:
    """explained: whether an error of the entry already says why there may be nothing in the result."""
    message, reason = _task_failure(result)
    fault = _fault(result, bool(message))
    if fault:
        if not explained:
            found.error(reason or "malformed", message or f"The result cannot be understood: {fault}.")
        return
    planned, unmanaged = result.get("organizations") or [], result.get("unmanaged") or []
    if message and not unmanaged and not any(map(_was_read, planned)):
        if not explained:
            found.error(reason or "api", message)
        return
    found.read = True
    found.plan_id = text_or_none(result.get("plan_id"))
    found.records = [planned_record(found.appliance, item) for item in planned]
    known = {identity for item in planned for identity in _identities(item)}
    found.records += [
        unmanaged_record(found.appliance, item) for item in unmanaged if not known & set(_identities(item))
    ]
    if any(record["state"] == "error" for record in found.records):
        return
    if message:
        found.error(reason or "api", message)
    elif found.plan_id is None:
        found.error("not_planned", "The result has no plan, and does not say why.")
    elif result["changed"] and all(record["action"] == "none" for record in found.records):
        found.error("malformed", "The result says that something would be changed, but not what.")


def _task_failure(result: Any) -> tuple[str | None, str | None]:
    """Message and reason of a task that failed, else None and None."""
    if not isinstance(result, Mapping):
        return None, None
    failure = result.get("failure")
    if not (failure or result.get("failed") or result.get("unreachable")):
        return None, None
    reason = failure.get("reason") if isinstance(failure, Mapping) else None
    if reason is None and result.get("unreachable"):
        reason = "unreachable"
    return text_or_none(result.get("msg")) or "The task failed without a message.", text_or_none(reason)


def _fault(result: Any, failed: bool) -> str | None:
    """What is wrong with the form of a result. One that failed may lack what it did not get to."""
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


def _was_read(planned: Mapping[str, Any]) -> bool:
    """Whether an organization was compared with the appliance, or refused for a reason that takes an answer of it."""
    failure = planned.get("failure")
    if isinstance(failure, Mapping):
        return failure.get("reason") not in _NOTHING_READ
    return planned.get("status") is not None


def _identities(source: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What tells that two of them are the same: either ID, or the name where neither ID is known."""
    ids = [(key, str(source[key])) for key in ("id", "aws_organization_id") if source.get(key)]
    return ids or [("name", str(source.get("name")))]


def _read_structure(found: Reading, structure: Any) -> None:
    """Structure drift of AWS itself. None: not asked for. Changes that are None: it is not known what changed."""
    if structure is None:
        return
    for item in _items(found, "structure", structure):
        changes = item.get("changes")
        if not isinstance(changes, Mapping) or not all(isinstance(changes.get(kind), list) for kind in STRUCTURE_KINDS):
            found.error("structure", f"It is not known what changed in the structure of {item.get('organization')}.")
            continue
        kinds = {kind: [_identity(changed) for changed in changes[kind]] for kind in STRUCTURE_KINDS}
        if any(kinds.values()):
            organization = {"appliance": found.appliance, "organization": str(item.get("organization"))}
            found.structure.append({**organization, **kinds})


def _identity(item: Any) -> dict[str, Any]:
    """A unit or an account of which AWS changed something."""
    source = item if isinstance(item, Mapping) else {}
    names = ("type", "aws_id", "name", "path", "former_path", "former_name")
    covered = source.get("covered_by")
    return {
        **{name: text_or_none(source.get(name)) for name in names},
        "covered_by": sorted(map(str, covered)) if isinstance(covered, list) else None,
    }


def _read_coverage(found: Reading, coverage: Any) -> None:
    """Accounts that no scope covers, and organizations that no policy uses. None: not asked for."""
    if coverage is None:
        return
    unused = coverage.get("unused") if isinstance(coverage, Mapping) else None
    if not isinstance(coverage, Mapping) or not isinstance(unused, list):
        found.error("coverage", "Its coverage cannot be understood.")
        return
    for item in _items(found, "coverage", coverage.get("uncovered")):
        listed = accounts(item.get("accounts"))
        if listed:
            organization = str(item.get("organization"))
            found.uncovered.append({"appliance": found.appliance, "organization": organization, "accounts": listed})
    found.unused = [{"appliance": found.appliance, "organization": str(name)} for name in unused]


def _items(found: Reading, what: str, items: Any) -> list[Mapping[str, Any]]:
    """A list of dictionaries; anything else is an error in the report, and an empty list here."""
    if not isinstance(items, list) or not all(isinstance(item, Mapping) for item in items):
        found.error(what, f"Its {what} cannot be understood.")
        return []
    return items
