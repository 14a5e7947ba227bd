# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Comparison of what was read back with what was declared, and the error if they differ."""

from __future__ import annotations

from collections.abc import Sequence

from .._errors import ApplianceError
from .._model.desired import Desired
from .._model.evidence import advice
from .._model.names import Names
from .._model.organization import Organization
from .._model.settings import SETTINGS
from .._wording import brief, first_of, printable, quoted
from .plan import Change, LostProperty, lost, plan
from .references import References

_SCOPE = "limited_scopes."
_NAMED = 10  # changes that a message shows
_VALUE = 2000  # characters: what was lost is shown as a whole, if a person can put it back from a message at all


def remaining(
    desired: Desired, references: References, before: Organization | None, after: Organization, names: Names
) -> list[Change]:
    """Return what a new plan would still change, and what a write changed without being declared.

    before: the organization before the write, None for a new one. Fields that the appliance never shows are left out.
    """
    again = plan(desired, after, references, names)
    left = [change for change in again.changes if change.field not in again.unverified]
    return left + (lost(before, after, desired) if before else [])


def unverified(desired: Desired, references: References, after: Organization, names: Names) -> tuple[str, ...]:
    """Return the declared fields that the appliance does not show after a write."""
    return plan(desired, after, references, names).unverified


def not_applied(desired: Desired, after: Organization, left: Sequence[Change], names: Names) -> ApplianceError:
    """Return the error for a write that was accepted and not applied, with a remedy for each field."""
    return ApplianceError(
        f"The appliance accepted the change of the AWS Organization {after.label}, but "
        + first_of(left, _NAMED, "; ", lambda change: _describe(desired, change)),
        reason="not_applied",
        stage="verify",
        remedy=" ".join(dict.fromkeys(_remedy(change, names) for change in left[:_NAMED])),
    )


def _describe(desired: Desired, change: Change) -> str:
    name, before, after = printable(change.field), *(brief(side, _VALUE) for side in (change.before, change.after))
    if isinstance(change, LostProperty):
        return f"{name}, which the collection does not know, is {before} and was {after}"
    if change.field.startswith(_SCOPE) and change.after is None:
        return f"it kept the limited scope {quoted(_scope_name(change))}, which is no longer declared"
    if change.field in SETTINGS and desired.settings.get(change.field) is None:
        return f"{name}, which is not declared, is {before} and was {after}"
    return f"{name} is {before} instead of {after}"


def _remedy(change: Change, names: Names) -> str:
    if isinstance(change, LostProperty):
        return (
            f"Set {printable(change.field.rpartition('.')[2])} again in the web interface. It was sent back as it was "
            "read, so an update cannot keep it."
        )
    if change.field.startswith(_SCOPE) and change.after is None:
        return "Drop the scope in the web interface, or declare it again."
    setting = SETTINGS.get(change.field)
    key = setting.key if setting else "limited_scope.organizational_units"
    if not names.is_learned(key):
        return advice(names, key)
    return (
        f"The appliance shows it as {names.written(key)}: run again, which writes it under this name. If requests use "
        f"another one, set wire_names: {{{key}: NAME}}."
    )


def _scope_name(change: Change) -> str:
    return change.field[len(_SCOPE) :].removesuffix(".organizational_units")
