# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The words of a drift report: states, outcomes, the headline, and how every format words a record. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .values import counted, joined

SCHEMA_VERSION = 1

# What stands between a record and "in sync", the gravest first.
DRIFT_STATES = ("missing", "different", "unwanted", "unmanaged", "unknown")
STATES = ("error", *DRIFT_STATES, "in_sync")

STATE_WORDS = {
    "error": "Error",
    "missing": "Missing",
    "different": "Different",
    "unwanted": "Unwanted",
    "unmanaged": "Unmanaged",
    "unknown": "Unknown",
    "in_sync": "In sync",
    "accepted": "Accepted",
}
STATE_MEANINGS = {
    "error": "could not be read or planned",
    "missing": "declared, not on the appliance",
    "different": "on the appliance, not as declared",
    "unwanted": "declared absent, on the appliance",
    "unmanaged": "on the appliance, declared by nobody",
    "unknown": "the appliance does not show whether it is as declared",
    "in_sync": "as declared",
    "accepted": "drift that somebody accepted",
}
OUTCOME_WORDS = {
    "in_sync": "In sync",
    "drift": "Drift",
    "unknown": "Not known",
    "error": "Errors",
    "partial": "Incomplete",
}


def outcome(counts: Mapping[str, int], read: int, expected: int) -> str:
    """The one word for the whole, the gravest that applies.

    ``partial``: fewer appliances read than expected. ``error``: all were read, but something could not be told, or
    there was nothing to read. ``drift``: something is not as declared. ``unknown``: the only doubt is what the
    appliances do not show. ``in_sync``: everything was read, and is as declared or accepted.
    """
    if read < expected:
        return "partial"
    if counts["error"] or read == 0:
        return "error"
    if any(counts[state] for state in DRIFT_STATES if state != "unknown"):
        return "drift"
    return "unknown" if counts["unknown"] else "in_sync"


def headline(report: Mapping[str, Any]) -> str:
    """The outcome as a sentence, with numbers and nothing that anybody could have made up."""
    counts = report["counts"]
    drift = sum(counts[state] for state in DRIFT_STATES if state != "unknown")
    found = []
    if counts["error"]:
        found.append(counted(counts["error"], "error"))
    if drift:
        found.append(f"{counted(drift, 'organization')} not as declared")
    if counts["unknown"]:
        found.append(f"{counts['unknown']:,} unknown")
    accepted = [f"{counts['accepted']:,} accepted"] if counts["accepted"] else []
    what = joined([*found, *accepted])
    sentences = {
        "partial": f"Incomplete: {what if found else joined(['no drift in what was read', *accepted])}",
        "error": f"Errors: {what if found else 'there was no appliance to read'}",
        "drift": f"Drift: {what}",
        "unknown": f"Not known: {what}",
        "in_sync": f"In sync: {joined([counted(counts['in_sync'], 'organization') + ' as declared', *accepted])}",
    }
    return sentences[report["outcome"]]


def appliances_read(report: Mapping[str, Any]) -> str:
    """Such as ``37 of 40 appliances read``."""
    return f"{report['read']:,} of {counted(report['expected'], 'appliance')} read"


def count_words(counts: Mapping[str, int]) -> list[str]:
    """Such as ``2 missing`` for each state that occurs, the gravest first."""
    words = {state: word.lower() for state, word in STATE_WORDS.items()}
    if counts["error"] != 1:
        words["error"] = "errors"
    return [f"{counts[state]:,} {word}" for state, word in words.items() if counts[state]]


def by_gravity(records: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Errors first, then by state; what is new before what is known."""
    return sorted(
        records,
        key=lambda record: (STATES.index(record["state"]), record.get("since") == "known", record["key"]),
    )


def open_records(report: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """What is not in sync and not accepted, the gravest first."""
    return by_gravity(record for record in report["records"] if record["state"] != "in_sync" and not record["accepted"])


def label(record: Mapping[str, Any]) -> str:
    """What a record is about: the organization, or the appliance as a whole."""
    return str(record["organization"]) if record["kind"] == "organization" else "(the appliance)"


def value_text(value: str | list[str] | None, nothing: str = "not set") -> str:
    """One side of a difference in one line."""
    if value is None:
        return nothing
    if isinstance(value, list):
        return ", ".join(value) or "empty list"
    return value or "empty"


def nothing_words(record: Mapping[str, Any]) -> tuple[str, str]:
    """What no value means on either side: declared and actual."""
    declared = "nothing" if record["state"] in ("unwanted", "unmanaged") else "not set"
    actual = "not there" if record["state"] == "missing" else "not set"
    return declared, actual


def impact_text(impact: Mapping[str, Any] | None) -> str | None:
    """What carrying out the declaration does to the accounts that are protected."""
    if impact is None:
        return None
    gained, lost = impact["accounts_gained"], impact["accounts_lost"]
    if not impact["known"] or gained is None or lost is None:
        return "It is not known how many accounts applying the declaration would gain or lose."
    if not gained and not lost:
        return None
    return f"Applying the declaration gains {counted(gained, 'account')} and loses {counted(lost, 'account')}."


def notes(record: Mapping[str, Any]) -> list[str]:
    """What there is to say of a record beside its fields."""
    said = [str(record["message"])] if record["message"] else []
    if record["unverified"]:
        said.append(f"The appliance does not show: {', '.join(record['unverified'])}.")
    said += [f"{finding['severity']}: {finding['message']}" for finding in record["findings"]]
    if record["not_checked"]:
        said.append(f"Not checked: {'; '.join(record['not_checked'])}.")
    impact = impact_text(record["impact"])
    return [*said, impact] if impact else said


def accepted_text(accepted: Mapping[str, Any]) -> str:
    """Such as ``accepted until 2026-12-31: migration``."""
    until = f" until {accepted['until']}" if accepted["until"] else ""
    return f"accepted{until}: {accepted['reason']}"


def web_address(link: str | None) -> str | None:
    """The link if it leads to the web, else None: a report may come from a file that somebody else wrote."""
    return link if link and link.startswith(("https://", "http://")) and link.isprintable() else None


def rule_text(rule: Mapping[str, Any]) -> str:
    """A rule of ``accepted`` in one line."""
    named = [f"{key} {rule[key]}" for key in ("appliance", "organization", "state", "field", "until") if rule[key]]
    return f"{', '.join(named)}: {rule['reason']}"
