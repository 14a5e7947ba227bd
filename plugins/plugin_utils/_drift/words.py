# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How every format words a record: its name, its values, its order. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .states import STATES
from .values import counted


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
