# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The actual state of an appliance, read whole. Nothing here writes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from .._errors import ApplianceError, NotFound
from .._model.desired import Desired
from .._model.match import match
from .._model.names import Names
from .._model.organization import LimitedScope, Organization, organization_from_wire
from .._model.structure import Structure
from .._wording import did_you_mean
from .api import Api
from .concurrency import concurrently
from .roles import Roles
from .structures import read_structure, read_units


class Reader:
    """Reads organizations and structures for one task, each structure and the IAM roles at most once.

    Several threads may use it at the same time.
    """

    def __init__(self, api: Api, names: Names) -> None:
        self.api = api
        self.names = names
        self.roles = Roles(api)
        self._seen: dict[str, Organization] = {}
        self._structures: dict[tuple[str, bool], Structure] = {}

    def organizations(self, **selection: Any) -> tuple[list[Organization], int]:
        """The collection as its list shows it, and the total count. selection: as Api.get_organizations takes it.

        Items may lack what only the single GET has: whole reads the rest.
        """
        items, total = self.api.get_organizations(**selection)
        found = [organization_from_wire(item, self.names) for item in items]
        self._seen.update((organization.id, organization) for organization in found)
        return found, total

    def organization(self, organization_id: str) -> Organization:
        """One organization by its ID, as its single GET shows it. Raises NotFound."""
        return self._read(organization_id).with_missing_judged(self.names)

    def whole(self, organization: Organization) -> Organization:
        """An organization of the list with every setting that the appliance shows, and the members of its scopes."""
        if not organization.is_complete():
            organization = self.organization(organization.id)
        return self.with_members(organization)

    def named(self, options: Mapping[str, Any]) -> Organization | None:
        """The organization that ``id``, ``aws_organization_id`` or ``name`` means, whole; None where there is none.

        Raises ApplianceError (ambiguous, conflict).
        """
        wanted = Desired(
            "absent",  # the declaration that matches without insisting on anything else
            id=options["id"].lower() if options.get("id") else None,
            aws_organization_id=options.get("aws_organization_id"),
            settings={"name": options.get("name")},
        )
        if wanted.id:
            try:
                found = match(wanted, [self.organization(wanted.id)])
            except NotFound:
                return None
            return self.with_members(found) if found else None
        found, _organizations = self.find(wanted)
        return self.whole(found) if found else None

    def find(
        self, desired: Desired, listed: list[Organization] | None = None, released: Collection[str] = ()
    ) -> tuple[Organization | None, list[Organization]]:
        """The organization that a declaration means, as the list shows it, and all that the list shows.

        Never searched for: the list is read whole and compared exactly. listed: what ``listed`` returned; it is read
        anew where it is not given. released: see match. Raises ApplianceError (not_found, ambiguous, conflict).
        """
        if listed is None:
            listed = self.listed([desired])
        return match(desired, listed, released), listed

    def listed(self, declared: Iterable[Desired], threads: int = 1) -> list[Organization]:
        """Every organization of the appliance, with its AWS ID if one of the declarations gives one.

        threads: how many organizations are read at the same time where the list does not show AWS IDs.
        """
        organizations, _total = self.organizations()
        shown = all("aws_organization_id" in organization.shown for organization in organizations)
        if shown or all(desired.aws_organization_id is None for desired in declared):
            return organizations
        found = self.with_details(organizations, threads)
        vanished = [one for one in found if not one.is_complete() and "aws_organization_id" not in one.shown]
        if vanished:
            self._require_gone(vanished)
        return [one for one in found if one not in vanished]

    def require_named(self, options: Mapping[str, Any], otherwise: str = "") -> Organization:
        """The same, or ApplianceError (not_found) with near names. otherwise: what else a user can do."""
        found = self.named(options)
        if found is None:
            label = options.get("name") or options.get("aws_organization_id") or options.get("id")
            raise ApplianceError(
                f"The AWS Organization {label!r} is not registered on the appliance",
                reason="not_found",
                stage="resolve",
                remedy=did_you_mean(str(label), [item.name for item in self._seen.values()]) + otherwise,
            )
        return found

    def with_details(self, organizations: Iterable[Organization], threads: int = 1) -> list[Organization]:
        """Those of a list with every setting that the appliance shows; one that vanished since stays as it was listed.

        What a missing property means is judged once all are read, so that it does not depend on which was read first.
        threads: how many are read at the same time.
        """

        def read(item: Organization) -> Organization | None:
            try:
                return None if item.is_complete() else self._read(item.id)
            except NotFound:
                return None

        listed = list(organizations)
        found = concurrently(read, listed, threads)
        return [one.with_missing_judged(self.names) if one else item for item, one in zip(listed, found)]

    def with_aws_id(self, item: Organization) -> Organization | None:
        """An item of the list with its AWS ID; None where it vanished since the list was read."""
        if "aws_organization_id" in item.shown:
            return item
        try:
            return self.organization(item.id)
        except NotFound:
            return None

    def with_members(self, organization: Organization) -> Organization:
        """Reads the members of scopes that come without them: as the units of the scope's subtree, by call 8."""
        scopes = tuple(
            scope if scope.units is not None else self._read_members(organization, scope)
            for scope in organization.limited_scopes
        )
        return replace(organization, limited_scopes=scopes)

    def read_sample(self) -> None:
        """Reads one organization by its ID if the list shows none with its settings.

        What it shows is the best guess at the property names of an organization that does not exist yet.
        """
        seen = list(self._seen.values())
        if seen and not any(organization.is_complete() for organization in seen):
            self.organization(seen[0].id)

    def stored_structure(self, organization_id: str, units_only: bool = True) -> Structure:
        """The structure of an added organization as the appliance stored it at the last rescan."""
        key = (organization_id, units_only)
        if key not in self._structures:
            selection = {"TypeFilter": "Unit"} if units_only else {}
            self._structures[key] = read_structure(self.api.get_structure, organization_id, self.names, **selection)
        return self._structures[key]

    def rescanned_structure(self, session: str, units_only: bool = True) -> Structure:
        """The structure that an in-memory rescan found."""
        key = (session, units_only)
        if key not in self._structures:
            selection = {"TypeFilter": "Unit"} if units_only else {}
            self._structures[key] = read_structure(self.api.get_rescan_results, session, self.names, **selection)
        return self._structures[key]

    def require_whole_subtrees(self, organization: Organization, scopes: Iterable[LimitedScope]) -> None:
        """Makes sure that members which were read through the structure may be sent back.

        They are the units of the scope and all below them. Should an appliance list what lies above them too, the
        topmost one would stand for far more than the scope has. Raises ApplianceError (api) then: a filter must never
        widen.
        """
        for scope in scopes:
            if scope.subtree is None:
                continue
            structure = self.stored_structure(organization.id)
            outside = [unit for unit in structure.below(scope.units or ()) if unit not in scope.subtree]
            if outside:
                raise ApplianceError(
                    f"The members of the limited scope {scope.name!r} of {organization.label} cannot be told: the "
                    f"appliance lists {', '.join(sorted(scope.units or ()))} for it, and not {outside[0]}, which "
                    "lies below",
                    reason="api",
                    remedy="Declare the organizational_units of this scope, or rescan the organization if its "
                    "structure has changed in AWS.",
                )

    def forget_structure(self, organization_id: str) -> None:
        """After a rescan into the database, the structure that was read before is history."""
        for units_only in (True, False):
            self._structures.pop((organization_id, units_only), None)

    def _read(self, organization_id: str) -> Organization:
        organization = organization_from_wire(self.api.get_organization(organization_id), self.names, detailed=True)
        self._seen[organization.id] = organization
        return organization

    def _require_gone(self, vanished: Iterable[Organization]) -> None:
        """Raises ApplianceError (api) where the list goes on showing what its single GET does not know.

        Left out, such an organization would look as if nobody had to declare it.
        """
        listed = {organization.id for organization in self.organizations()[0]}
        for one in vanished:
            if one.id in listed:
                raise ApplianceError(
                    f"The appliance lists the AWS Organization {one.label}, and does not know it by its ID",
                    reason="api",
                    remedy="Run again; if it stays so, look at the organization on the appliance.",
                )

    def _read_members(self, organization: Organization, scope: LimitedScope) -> LimitedScope:
        if scope.id is None:
            raise ApplianceError(
                f"The limited scope {scope.name!r} of the AWS Organization {organization.label} comes without "
                f"members and ID",
                reason="api",
                remedy="If the appliance calls them by other names, say so with wire_names: "
                "limited_scope.organizational_units, limited_scope.id.",
            )
        call = self.api.get_structure
        listed, tells_parents = read_units(call, organization.id, self.names, LimitedScopeId=scope.id)
        subtree = frozenset(identity.aws_id for identity in listed.by_aws_id.values() if identity.is_unit)
        structure = listed if tells_parents else self.stored_structure(organization.id)
        return replace(scope, units=structure.topmost(subtree), subtree=subtree)
