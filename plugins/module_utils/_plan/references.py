# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The IDs behind the names, ARNs and paths of a declaration on this appliance, and the names shown for IDs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class References:
    """References of one declaration, resolved as far as possible.

    rescan_role: the declared reference of the rescan role. rescan_role_id: its ID, None if it was not found.
    units: reference -> AWS ID, without those that were not found or could not be looked up.
    not_found: references that were looked up and do not exist; only check mode continues with these.
    role_names: ID -> name, as far as they are known. unit_paths: AWS ID -> path, as far as they are known.
    """

    rescan_role: str | None = None
    rescan_role_id: str | None = None
    units: Mapping[str, str] = field(default_factory=dict)
    not_found: tuple[str, ...] = ()
    role_names: Mapping[str, str] = field(default_factory=dict)
    unit_paths: Mapping[str, str] = field(default_factory=dict)

    def unit_ids(self, references: Iterable[str]) -> frozenset[str]:
        """Return the AWS IDs. A reference without one is returned as it is, which equals no existing ID."""
        return frozenset(self.units.get(reference, reference) for reference in references)

    def resolves(self, units: Iterable[str]) -> bool:
        """Whether the declared role, if any, and all of these units were found."""
        return (self.rescan_role is None or self.rescan_role_id is not None) and self.units.keys() >= set(units)

    def show_role(self, role_id: str | None) -> str | None:
        """Return the name of a role if it is known, else its ID."""
        return None if role_id is None else self.role_names.get(role_id, role_id)

    def show_wanted_role(self) -> str | None:
        """Return the declared role, marked if it does not exist."""
        if self.rescan_role_id is not None:
            return self.show_role(self.rescan_role_id)
        return self._marked(self.rescan_role) if self.rescan_role else None

    def show_units(self, units: Iterable[str] | None) -> list[str] | None:
        """Return units sorted, as paths if these are known, else as AWS IDs."""
        if units is None:
            return None
        return sorted(self.unit_paths.get(unit) or self._marked(unit) for unit in units)

    def _marked(self, reference: str) -> str:
        return f"{reference} (not found)" if reference in self.not_found else reference
