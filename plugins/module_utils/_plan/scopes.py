# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Limited scopes: the declared ones compared with those that exist."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from .._errors import ApplianceError
from .._model.desired import Desired, DesiredScope
from .._model.organization import LimitedScope, Organization
from .._model.values import check_new_name
from .._wording import first_of, printable, quoted
from .references import References


@dataclass(frozen=True)
class ScopePlan:
    """The limited scopes of an update.

    kept: existing scopes as they will be, with their IDs. new: scopes to create. dropped: existing scopes that are left
    out. pairs: (before, after) of every scope that changes, None for the missing side.
    """

    kept: tuple[LimitedScope, ...] = ()
    new: tuple[LimitedScope, ...] = ()
    dropped: tuple[LimitedScope, ...] = ()
    pairs: tuple[tuple[LimitedScope | None, LimitedScope | None], ...] = ()

    @property
    def result(self) -> tuple[LimitedScope, ...]:
        """The scopes as they will be."""
        return (*self.kept, *self.new)


def plan_scopes(desired: Desired, actual: Organization | None, references: References) -> ScopePlan:
    """Compare the scopes. If none are declared, they stay as they are.

    Raises ApplianceError: invalid (a contradiction with what exists), conflict (a scope is dropped and a new one has
    units of it, which looks like a rename and would break the policies that refer to the scope).
    """
    existing = actual.limited_scopes if actual else ()
    if desired.scope == "entire":
        return ScopePlan(dropped=existing, pairs=tuple((scope, None) for scope in existing))
    if desired.limited_scopes is None:
        _require_scopes(desired, actual)
        return ScopePlan(kept=existing)
    if actual is not None and actual.scope == "entire" and desired.scope != "limited":
        raise ApplianceError(
            f"The AWS Organization {actual.label} is registered as a whole, and the option limited_scopes would "
            f"narrow it",
            reason="invalid",
            remedy="If accounts are meant to lose their protection, say scope: limited as well.",
        )
    matched = _match(desired.limited_scopes, existing, desired.label)
    sides = [
        (before, _changed(wanted, before, references) if before else _created(wanted, references))
        for wanted, before in matched
    ]
    new = tuple(after for before, after in sides if before is None)
    used = {before.name for before, _after in sides if before is not None}
    dropped = tuple(scope for scope in existing if scope.name not in used)
    _require_no_hidden_rename(desired.label, dropped, new)
    return ScopePlan(
        kept=tuple(after for before, after in sides if before is not None),
        new=new,
        dropped=dropped,
        pairs=(*((before, after) for before, after in sides if before != after), *((scope, None) for scope in dropped)),
    )


def kept_as_read(desired: Desired, actual: Organization) -> list[LimitedScope]:
    """Return the scopes whose members an update sends back as they were read, because none are declared."""
    if desired.scope == "entire":
        return []
    if desired.limited_scopes is None:
        return list(actual.limited_scopes)
    matched = _match(desired.limited_scopes, actual.limited_scopes, desired.label)
    return [scope for wanted, scope in matched if scope is not None and wanted.units is None]


def _match(
    wanted: Sequence[DesiredScope], existing: Sequence[LimitedScope], organization: str
) -> list[tuple[DesiredScope, LimitedScope | None]]:
    """Pair each declared scope with the existing one of its name, else of one of its former names."""
    by_name = {scope.name: scope for scope in existing}
    if len(by_name) < len(existing):
        twice = sorted(name for name, times in Counter(scope.name for scope in existing).items() if times > 1)
        raise ApplianceError(
            f"The AWS Organization {quoted(organization)} has more than one limited scope of the name "
            + first_of(twice, as_text=quoted),
            reason="ambiguous",
            remedy="Scopes are told apart by their names: rename one of them in the web interface first.",
        )
    return [(scope, by_name.get(scope.name) or _former(scope, by_name, organization)) for scope in wanted]


def _former(wanted: DesiredScope, by_name: Mapping[str, LimitedScope], organization: str) -> LimitedScope | None:
    former = [by_name[name] for name in wanted.former_names if name in by_name]
    if len(former) > 1:
        raise ApplianceError(
            f"The limited scope {quoted(wanted.name)} of {quoted(organization)} has former_names that all exist: "
            + first_of(former, as_text=lambda scope: quoted(scope.name)),
            reason="ambiguous",
            remedy="Leave the one in former_names that is to be renamed.",
        )
    return former[0] if former else None


def _created(wanted: DesiredScope, references: References) -> LimitedScope:
    if wanted.units is None:
        raise ApplianceError(
            f"The limited scope {quoted(wanted.name)} does not exist yet and is declared without organizational_units",
            reason="invalid",
            remedy="Give its units, or the name of the scope that it was before as former_names.",
        )
    check_new_name("limited_scopes.name", wanted.name)
    return LimitedScope(name=wanted.name, units=references.unit_ids(wanted.units))


def _changed(wanted: DesiredScope, scope: LimitedScope, references: References) -> LimitedScope:
    if wanted.name != scope.name:
        check_new_name("limited_scopes.name", wanted.name)
    after = replace(scope, name=wanted.name)
    if wanted.units is None:
        return after
    units = references.unit_ids(wanted.units)
    return after if scope.covers_exactly(units) else replace(after, units=units, subtree=None)


def _require_scopes(desired: Desired, actual: Organization | None) -> None:
    """Raises ApplianceError (invalid) if ``scope: limited`` is declared without any scope, declared or existing."""
    if desired.scope == "limited" and (actual is None or not actual.limited_scopes):
        raise ApplianceError(
            f"The AWS Organization {quoted(desired.label)} is declared with scope: limited and has no limited scope",
            reason="invalid",
            remedy="Name at least one in limited_scopes.",
        )


def _require_no_hidden_rename(organization: str, dropped: Sequence[LimitedScope], new: Sequence[LimitedScope]) -> None:
    """Raises ApplianceError (conflict) if a new scope has units of a dropped one."""
    for old in dropped:
        for scope in new:
            if scope.units and old.touches(scope.units):
                raise ApplianceError(
                    f"In the AWS Organization {quoted(organization)} the limited scope {quoted(old.name)} is no "
                    f"longer declared, and the new one {quoted(scope.name)} has units of it",
                    reason="conflict",
                    remedy="Backup policies refer to a scope by its ID, which a new one does not have. If this is a "
                    f"rename, add former_names: [{printable(old.name)}] to {quoted(scope.name)}. If not, drop the one "
                    f"and add the other in two runs.",
                )
