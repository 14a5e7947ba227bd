# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The words of a drift report: states, outcomes, the headline, and how all formats describe a record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .values import join_words, quantity

# The states of a record that is not in sync, the most severe first.
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
    """Return the outcome of the report, the most severe that applies.

    ``partial``: fewer appliances were read than expected. ``error``: all were read, but an organization could not be
    planned, or there was no appliance to read. ``drift``: an organization is not as declared. ``unknown``: the only
    doubt is what the appliances do not show. ``in_sync``: everything was read and is as declared or accepted.
    """
    if read < expected:
        return "partial"
    if counts["error"] or read == 0:
        return "error"
    if _drifting(counts):
        return "drift"
    return "unknown" if counts["unknown"] else "in_sync"


def headline(report: Mapping[str, Any]) -> str:
    """Return the outcome and its numbers as a sentence. It contains no text of an appliance."""
    counts = report["counts"]
    problems = []
    if counts["error"]:
        problems.append(quantity(counts["error"], "error"))
    if _drifting(counts):
        problems.append(f"{quantity(_drifting(counts), 'organization')} not as declared")
    if counts["unknown"]:
        problems.append(f"{counts['unknown']:,} unknown")
    accepted = [f"{counts['accepted']:,} accepted"] if counts["accepted"] else []
    numbers = join_words([*problems, *accepted])
    sentences = {
        "partial": f"Incomplete: {numbers if problems else join_words(['no drift in what was read', *accepted])}",
        "error": f"Errors: {numbers if problems else 'there was no appliance to read'}",
        "drift": f"Drift: {numbers}",
        "unknown": f"Not known: {numbers}",
        "in_sync": f"In sync: {join_words([quantity(counts['in_sync'], 'organization') + ' as declared', *accepted])}",
    }
    return sentences[report["outcome"]]


def appliances_read(report: Mapping[str, Any]) -> str:
    """Return a text such as ``37 of 40 appliances read``."""
    return f"{report['read']:,} of {quantity(report['expected'], 'appliance')} read"


def count_words(counts: Mapping[str, int]) -> list[str]:
    """Return a text such as ``2 missing`` for each state that occurs, the most severe first."""
    words = {state: word.lower() for state, word in STATE_WORDS.items()}
    if counts["error"] != 1:
        words["error"] = "errors"
    return [f"{counts[state]:,} {word}" for state, word in words.items() if counts[state]]


def by_severity(records: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Sort records: errors first, then by state; new records before known ones."""
    return sorted(
        records, key=lambda record: (STATES.index(record["state"]), record.get("since") == "known", record["key"])
    )


def open_records(report: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the records that are neither in sync nor accepted, the most severe first."""
    return by_severity(
        record for record in report["records"] if record["state"] != "in_sync" and not record["accepted"]
    )


def subject(record: Mapping[str, Any]) -> str:
    """Return what a record is about: the organization, or the appliance as a whole."""
    return str(record["organization"]) if record["kind"] == "organization" else "(the appliance)"


def value_text(value: str | list[str] | None, unset: str) -> str:
    """Return one side of a difference in one line. unset: the text for None."""
    if value is None:
        return unset
    if isinstance(value, list):
        return ", ".join(value) or "empty list"
    return value or "empty"


def unset_words(record: Mapping[str, Any]) -> tuple[str, str]:
    """Return the texts for a declared value and for an actual value that are None."""
    declared = "nothing" if record["state"] in ("unwanted", "unmanaged") else "not set"
    actual = "not there" if record["state"] == "missing" else "not set"
    return declared, actual


def impact_text(impact: Mapping[str, Any] | None) -> str | None:
    """Return how many accounts applying the declaration adds to and removes from the backup. None: no account."""
    if impact is None:
        return None
    gained, lost = impact["accounts_gained"], impact["accounts_lost"]
    if not impact["known"] or gained is None or lost is None:
        return "It is not known how many accounts applying the declaration would gain or lose."
    if not gained and not lost:
        return None
    return f"Applying the declaration gains {quantity(gained, 'account')} and loses {quantity(lost, 'account')}."


def notes(record: Mapping[str, Any]) -> list[str]:
    """Return the notes of a record, which are not about its fields: message, findings, impact."""
    texts = [str(record["message"])] if record["message"] else []
    if record["unverified"]:
        texts.append(f"The appliance does not show: {', '.join(record['unverified'])}.")
    texts += [f"{finding['severity']}: {finding['message']}" for finding in record["findings"]]
    if record["not_checked"]:
        texts.append(f"Not checked: {'; '.join(record['not_checked'])}.")
    impact = impact_text(record["impact"])
    return [*texts, impact] if impact else texts


def accepted_text(accepted: Mapping[str, Any]) -> str:
    """Return a text such as ``accepted until 2026-12-31: migration``."""
    until = f" until {accepted['until']}" if accepted["until"] else ""
    return f"accepted{until}: {accepted['reason']}"


def rule_text(rule: Mapping[str, Any]) -> str:
    """Return a rule of ``accepted`` in one line."""
    names = [f"{key} {rule[key]}" for key in ("appliance", "organization", "state", "field", "until") if rule[key]]
    return f"{', '.join(names)}: {rule['reason']}"


def web_address(link: str | None) -> str | None:
    """Return the link if it is a web address, else None: a report may come from a file that was changed."""
    return link if link and link.startswith(("https://", "http://")) and link.isprintable() else None


def _drifting(counts: Mapping[str, int]) -> int:
    return sum(counts[state] for state in DRIFT_STATES if state != "unknown")
