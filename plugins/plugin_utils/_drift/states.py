# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The words of a drift report: states, outcomes, and the sentence that sums it up. Pure."""

from __future__ import annotations

from collections.abc import Mapping
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
