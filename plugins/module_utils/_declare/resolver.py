# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds out what the references of a declaration stand for, with a rescan where that is needed and allowed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from .._appliance.appliance import Appliance
from .._errors import ApplianceError
from .._model.desired import Desired
from .._model.organization import Organization
from .._model.structure import Structure, not_a_unit, unknown_unit
from .._model.values import is_account_id
from .._plan.overlaps import overlaps
from .._plan.references import References
from .._wording import first_of, printable, quoted

_RESCAN_FINDS_IT = (
    "A unit that was created after the last rescan is found after the next rescan: see refresh_structure."
)
_RESCANNED = "The structure was rescanned from AWS just now."


class Resolver:
    """Resolves the references of one declaration.

    In check mode a role or a unit that does not exist is a warning, since an earlier task could create it; otherwise it
    is an error. not_checked: what check mode did not do and would have done. rescan_session: of the rescan in memory
    that units were resolved by: for a new organization, and in check mode in place of one that is stored.
    """

    def __init__(self, appliance: Appliance, desired: Desired) -> None:
        self._task = appliance.task
        self._roles = appliance.roles
        self._structures = appliance.structures
        self._rescans = appliance.rescans
        self._desired = desired
        self._not_found: list[str] = []
        self.not_checked: list[str] = []
        self.rescan_session: str | None = None

    @property
    def sessions_allowed(self) -> bool:
        return not self._task.check_mode or bool(self._task.options["check_mode_sessions"])

    def rescan_role(self) -> str | None:
        """The ID of the declared rescan role. None where none is declared, or where check mode goes on without it."""
        reference = self._desired.rescan_iam_role
        if reference is None:
            return None
        role_id = self._roles.find(reference)
        if role_id is None:
            self._missing(reference, self._roles.unknown(reference))
        return role_id

    def for_existing(self, actual: Organization, role_id: str | None) -> References:
        """References against the stored structure, which is read only if a unit is not a member of a scope anyway."""
        members = {unit for scope in actual.limited_scopes for unit in scope.subtree or scope.units or ()}
        wanted = self._desired.unit_references
        refresh = self._task.options["refresh_structure"]
        accounts = [reference for reference in wanted if is_account_id(reference)]
        if accounts:
            self._refuse_accounts(accounts, self._structures.stored(actual.id, units_only=False))
        if all(reference in members for reference in wanted) and (refresh != "always" or not wanted):
            return self._references(role_id, {reference: reference for reference in wanted}, {}, actual)
        structure = stored = self._structures.stored(actual.id)
        # A unit that is a member already exists for the appliance, whether its structure shows it or not. Whoever wants
        # to compare with AWS each time is told of one that is gone there.
        kept = {} if refresh == "always" else {reference: reference for reference in wanted if reference in members}
        units = {**kept, **_find_units(structure, wanted)}
        missing = [reference for reference in wanted if reference not in units]
        # A path in the wrong case is a mistake that no rescan corrects.
        mistaken = any(structure.has_in_other_case(reference) for reference in missing)
        if missing and not mistaken:
            self._refuse_accounts(missing, self._structures.stored(actual.id, units_only=False))
        if refresh == "always" or (refresh == "when_missing" and missing and not mistaken):
            structure = self._refreshed(actual, role_id, structure)
            units = {**kept, **_find_units(structure, wanted)}
        return self._resolved(role_id, units, actual, structure, stored)

    def for_new(self, role_id: str | None, test_wanted: bool) -> References:
        """References of an organization that is not added yet, by a rescan in memory.

        Nothing is rescanned if nothing needs it, or if check mode must not start a session: units then stay as they
        are declared.
        """
        wanted = self._desired.unit_references
        self._refuse_accounts(wanted, None)
        if role_id is None or not (wanted or test_wanted):
            return self._references(role_id, {}, {})
        if not self.sessions_allowed:
            self.not_checked.append("the rescan in memory that resolves units (check_mode_sessions allows it)")
            return self._references(role_id, {}, {})
        self.rescan_session = self._rescans.in_memory(role_id, self._desired.label)
        # With accounts, since they show what the addition takes into backup.
        structure = self._structures.rescanned(self.rescan_session, units_only=False)
        units = _find_units(structure, wanted)
        self._refuse_accounts([reference for reference in wanted if reference not in units], structure)
        return self._resolved(role_id, units, None, structure, structure)

    def _refreshed(self, actual: Organization, role_id: str | None, stored: Structure) -> Structure:
        """The structure after a rescan: into the database, since a change can only name units stored there."""
        role = role_id or actual.rescan_iam_role
        if role is None:
            return stored
        if not self._task.check_mode:
            self._rescans.into_database(role, actual.name)
            self._structures.forget(actual.id)
            return self._structures.stored(actual.id)
        if self.sessions_allowed:
            self.rescan_session = self._rescans.in_memory(role, actual.name)
            return self._structures.rescanned(self.rescan_session)
        self.not_checked.append("the rescan that looks for units which are not stored (check_mode_sessions allows it)")
        return stored

    def _resolved(
        self,
        role_id: str | None,
        units: dict[str, str],
        actual: Organization | None,
        structure: Structure,
        before: Structure,
    ) -> References:
        """Return the references in a structure, after the errors of units that it does not have.

        before: the structure before a rescan.
        """
        label = actual.name if actual else self._desired.label
        hint = _RESCAN_FINDS_IT if actual and structure is before else _RESCANNED
        for reference in self._desired.unit_references:
            if reference not in units:
                # Similar paths are looked for among all units.
                self._task.deadline.require()
                self._missing(reference, unknown_unit(reference, label, structure, before, hint))
        return self._references(role_id, units, structure.unit_paths(), actual)

    def _refuse_accounts(self, references: Iterable[str], structure: Structure | None) -> None:
        """Raises ApplianceError (invalid) for an account. structure: with accounts, which are found by path only there.

        This is an error in check mode too, since an account never becomes a unit.
        """
        for reference in references:
            if is_account_id(reference) or (structure is not None and structure.account(reference) is not None):
                raise not_a_unit(reference, structure).but(stage="resolve")

    def _missing(self, reference: str, error: ApplianceError) -> None:
        if not self._task.check_mode:
            raise error.but(stage="resolve")
        self._not_found.append(reference)
        self._task.warn(f"{error.message}. {error.remedy} Outside of check mode this is an error.")

    def _references(
        self,
        role_id: str | None,
        units: dict[str, str],
        paths: Mapping[str, str],
        actual: Organization | None = None,
    ) -> References:
        references = References(
            rescan_role=self._desired.rescan_iam_role,
            rescan_role_id=role_id,
            units=units,
            not_found=tuple(self._not_found),
            role_names=self._roles.names_read(),
            unit_paths=paths,
        )
        for warning in overlaps(self._desired, actual, references):
            self._task.warn(warning)
        return references


def _find_units(structure: Structure, references: Iterable[str]) -> dict[str, str]:
    """Reference -> AWS ID of those that exist. Raises ApplianceError (ambiguous) for a path with namesakes."""
    found: dict[str, str] = {}
    for reference in references:
        if not reference.startswith("/"):
            ids = [reference] if structure.path(reference) is not None else []
        else:
            ids = structure.unit_at(reference)
        if len(ids) > 1:
            raise ApplianceError(
                f"{len(ids)} organizational units have the path {quoted(reference)}: "
                f"{first_of(ids, as_text=printable)}",
                reason="ambiguous",
                stage="resolve",
                remedy="Give the AWS ID of the one you mean.",
            )
        found.update((reference, aws_id) for aws_id in ids)
    return found
