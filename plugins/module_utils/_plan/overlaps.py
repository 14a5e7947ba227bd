# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Units that limited scopes include more than once, which is allowed and most likely a mistake."""

from __future__ import annotations

from collections.abc import Collection

from .._model.desired import Desired, DesiredScope
from .._model.organization import Organization
from .._model.structure import split_path
from .._wording import first_of, quoted
from .references import References

_SHOWN = 5  # in a warning


def overlaps(desired: Desired, actual: Organization | None, references: References) -> list[str]:
    """Return warnings about a unit in several limited scopes, and about a unit and its ancestor in one.

    A unit counts as the same whether it is declared by its AWS ID or by its path. Ancestors are found by paths.
    """
    scopes = {scope.name: _units(scope, actual, references) for scope in desired.limited_scopes or ()}
    warnings = []
    shared = _shared(scopes, references)
    if shared:
        warnings.append(
            f"The AWS Organization {quoted(desired.label)} has units in more than one limited scope: "
            f"{first_of(shared, _SHOWN)}. Their accounts belong to each of these scopes."
        )
    nested = [text for name, units in scopes.items() for text in _nested(name, units, references)]
    if nested:
        warnings.append(
            f"The AWS Organization {quoted(desired.label)} has limited scopes that list a unit and also a unit above "
            f"it: {first_of(nested, _SHOWN)}. The unit above already includes the other one."
        )
    return warnings


def _units(scope: DesiredScope, actual: Organization | None, references: References) -> Collection[str]:
    """Return the units of a scope as it will be: those of an existing scope stay if none are declared."""
    if scope.units is not None:
        return references.unit_ids(scope.units)
    existing = {one.name: one for one in actual.limited_scopes} if actual else {}
    found = (existing[name].units for name in (scope.name, *scope.former_names) if name in existing)
    return next(found, None) or ()


def _shared(scopes: dict[str, Collection[str]], references: References) -> list[str]:
    found = []
    for unit in sorted({unit for units in scopes.values() for unit in units}):
        names = [quoted(name) for name, units in scopes.items() if unit in units]
        if len(names) > 1:
            found.append(f"{_shown(unit, references)} in {' and '.join(names)}")
    return found


def _nested(scope: str, units: Collection[str], references: References) -> list[str]:
    paths = {tuple(split_path(path)): unit for unit in sorted(units) if (path := _path(unit, references)) is not None}
    return [
        f"{quoted(scope)} has {_shown(unit, references)} below {_shown(paths[above], references)}"
        for names, unit in paths.items()
        for above in [next((names[:length] for length in range(len(names)) if names[:length] in paths), None)]
        if above is not None
    ]


def _path(unit: str, references: References) -> str | None:
    return references.unit_paths.get(unit) or (unit if unit.startswith("/") else None)


def _shown(unit: str, references: References) -> str:
    return quoted(_path(unit, references) or unit)
