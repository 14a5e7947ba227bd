# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The organizations of the appliance, read as completely as the appliance shows them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from .._errors import ApplianceError, NotFound
from .._model.desired import Desired
from .._model.evidence import advice
from .._model.names import Names
from .._model.organization import LimitedScope, Organization, organization_from_wire
from .._model.seen import Seen
from .._module.progress import Progress
from .._wording import quoted
from .api import Api, require_about
from .sessions import concurrently
from .structures import Structures

_HOW_MEMBERS_ARE_READ = ("limited_scope.organizational_units", "limited_scope.id")


class Reader:
    """Reads organizations for one task. Thread-safe."""

    def __init__(self, api: Api, names: Names, structures: Structures, progress: Progress | None = None) -> None:
        self._api = api
        self._progress = progress or Progress()
        self._names = names
        self._structures = structures
        self.seen = Seen()

    def search(self, **selection: Any) -> tuple[list[Organization], int]:
        """Return organizations as the list shows them, and the total count.

        selection: as Api.get_organizations takes it. The list may lack what only the single GET shows.
        """
        items, total = self._api.get_organizations(**selection)
        found = [organization_from_wire(item, self._names) for item in items]
        self.seen.add_all(found)
        return found, total

    def list_all(self, declared: Iterable[Desired], threads: int = 1) -> list[Organization]:
        """Return every organization of the appliance, with its AWS ID if one of the declarations gives one.

        Never searched for by name: the list is read to its end and compared exactly. threads: how many organizations
        are read at the same time if the list does not show AWS IDs.
        """
        organizations, _total = self.search()
        shown = all("aws_organization_id" in organization.shown for organization in organizations)
        if shown or all(desired.aws_organization_id is None for desired in declared):
            return organizations
        detailed = self.get_all(organizations, threads)
        vanished = [one for one in detailed if not one.is_complete() and "aws_organization_id" not in one.shown]
        if vanished:
            self._require_gone(vanished)
        gone = {one.id for one in vanished}
        return [one for one in detailed if one.id not in gone]

    def get(self, organization_id: str) -> Organization:
        """Return one organization as its single GET shows it, with the members of its scopes. Raises NotFound."""
        return self.add_members(self._read(organization_id).with_missing_judged(self._names))

    def exists(self, organization_id: str) -> bool:
        """Whether the single GET knows an organization."""
        try:
            self._read(organization_id)
        except NotFound:
            return False
        return True

    def still(self, organization: Organization) -> bool:
        """Whether the single GET shows an organization as it was read, apart from members. Raises NotFound."""
        now = self._read(organization.id)
        shown = [
            (one.settings, {(scope.id, scope.name) for scope in one.limited_scopes}) for one in (now, organization)
        ]
        return shown[0] == shown[1]

    def get_all(self, organizations: Iterable[Organization], threads: int = 1) -> list[Organization]:
        """Return organizations of a list with every setting that the appliance shows; members may still be missing.

        One that vanished since stays as it was listed. What a missing property means is decided after all of them were
        read, so that it does not depend on which was read first. threads: how many are read at the same time.
        """

        def read(item: Organization) -> Organization | None:
            try:
                return None if item.is_complete() else self._read(item.id)
            except NotFound:
                return None

        listed = list(organizations)
        found = concurrently(read, listed, threads, self._progress.counter(len(listed), "AWS Organizations read"))
        return [one.with_missing_judged(self._names) if one else item for item, one in zip(listed, found)]

    def complete(self, organization: Organization) -> Organization:
        """Return an organization with every setting that the appliance shows, and the members of its scopes."""
        if organization.is_complete():
            return self.add_members(organization)
        return self.get(organization.id)

    def complete_all(self, organizations: Sequence[Organization]) -> list[Organization]:
        """Return complete organizations, one read after the other."""
        count = self._progress.counter(len(organizations), "AWS Organizations read with their scopes")
        return concurrently(self.complete, organizations, 1, count)

    def add_members(self, organization: Organization) -> Organization:
        """Read the members of scopes that come without them: as the units that the scope's structure shows."""
        scopes = tuple(
            scope if scope.units is not None else self._read_members(organization, scope)
            for scope in organization.limited_scopes
        )
        return replace(organization, limited_scopes=scopes)

    def read_sample(self) -> None:
        """Read one organization by its ID if no organization has been read with its settings.

        What it shows is the best guess at the property names of an organization that does not exist yet.
        """
        sample = self.seen.sample
        if sample is not None:
            self._read(sample)

    def _read(self, organization_id: str) -> Organization:
        organization = organization_from_wire(self._api.get_organization(organization_id), self._names, detailed=True)
        require_about(organization_id, organization.id)
        self.seen.add(organization)
        return organization

    def _require_gone(self, vanished: Iterable[Organization]) -> None:
        """Raises ApplianceError (api) if the list goes on showing what its single GET does not know.

        Left out, such an organization would look as if nobody had to declare it.
        """
        listed = {organization.id for organization in self.search()[0]}
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
                f"The limited scope {quoted(scope.name)} of the AWS Organization {organization.label} comes without "
                f"members and ID",
                reason="api",
                remedy=" ".join(advice(self._names, key) for key in _HOW_MEMBERS_ARE_READ),
            )
        listed, tells_parents = self._structures.read_scope(organization.id, scope.id)
        subtree = frozenset(identity.aws_id for identity in listed.by_aws_id.values() if identity.is_unit)
        structure = listed if tells_parents else self._structures.stored(organization.id)
        return replace(scope, units=structure.topmost(subtree), subtree=subtree)
