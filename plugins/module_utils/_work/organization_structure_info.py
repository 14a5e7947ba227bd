# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Units and accounts as organization_structure_info returns them: each with its path and the scopes that cover it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from .._appliance.api import Api
from .._appliance.reader import Reader
from .._appliance.structures import identity_from_wire, tells_parents
from .._errors import ApplianceError, NotFound
from .._model.desired import check_identity, check_window, is_unit_id, is_uuid
from .._model.names import Names
from .._model.organization import Organization
from .._model.structure import Identity, Structure, join_path, split_path
from .._model.unknown_unit import unknown_unit
from .._module.task import Task
from .._rest.response import Structured
from .._wording import did_you_mean

_TYPES = {"unit": "Unit", "account": "Account"}


def structure_info(task: Task) -> dict[str, Any]:
    """Reads what the options select and returns the result of the module."""
    check_identity(task.options)
    check_window(task.options)
    session = task.options.get("session")
    if session is not None and not is_uuid(session):
        raise ApplianceError(
            f"The value {session!r} of the option session is no UUID",
            reason="invalid",
            remedy="It is the id of the session that organization_rescan returned.",
        )
    return StructureInfo(task, Reader(Api(task.client), Names(task.options.get("wire_names")))).read()


class StructureInfo:
    """One selection out of one structure: that of a registered organization, or that of a rescan in memory."""

    def __init__(self, task: Task, reader: Reader) -> None:
        self._options = task.options
        self._reader = reader
        self._names = reader.names
        session = task.options.get("session")
        self._session: str | None = session
        self._organization: Organization | None = None if session else reader.require_named(task.options)
        self._units = self._whole(units_only=True)
        self._aws_ids = {unit.id: unit.aws_id for unit in self._units.by_aws_id.values() if unit.id}

    def read(self) -> dict[str, Any]:
        """Returns identities, tree, statistics and the total count. Raises ApplianceError (not_found, invalid)."""
        found = self._call(**self._selection())
        lines = self._lines(found.items)
        shown: list[dict[str, Any]] = []
        # Each item is let go of when it was read, so that tens of thousands are not held twice.
        found.items.reverse()
        while found.items:
            identity = identity_from_wire(found.items.pop(), self._names)
            shown.append(self._shown(replace(identity, parent=self._parent(identity, lines)), lines))
        return {
            "changed": False,
            "organization": self._organization.as_result() if self._organization else None,
            "identities": shown,
            "tree": _tree(shown) if self._options["format"] == "tree" else None,
            "statistics": self._statistics(found.page),
            "total_count": found.total,
        }

    def _call(self, **selection: Any) -> Structured:
        if self._session is None:
            organization = self._organization
            return self._reader.api.get_structure(organization.id if organization else "", **selection)
        try:
            return self._reader.api.get_rescan_results(self._session, **selection)
        except NotFound as error:
            error.message = f"The appliance has no result of a rescan in memory with the session {self._session}"
            error.remedy = "Results are kept in memory for a while only: rescan again with organization_rescan."
            raise

    def _whole(self, units_only: bool) -> Structure:
        if self._organization is not None:
            return self._reader.stored_structure(self._organization.id, units_only)
        try:
            return self._reader.rescanned_structure(str(self._session), units_only)
        except NotFound:
            self._call()  # says what is wrong in this module's words
            raise

    def _selection(self) -> dict[str, Any]:
        options = self._options
        selection: dict[str, Any] = {
            "expand": options["recurse"],
            "offset": options["offset"],
            "limit": options["limit"],
            "SearchPattern": options["search"],
            "TypeFilter": _TYPES.get(options["type"]),
        }
        if options["unit"] is not None:
            selection["ContainerId"] = self._container(options["unit"])
        if options["limited_scope"] is not None:
            selection["LimitedScopeId"] = self._scope_id(options["limited_scope"])
        if options["included_members"] is not None:
            selection["included_members"] = [self._unit(reference).aws_id for reference in options["included_members"]]
        return selection

    def _container(self, reference: str) -> str:
        """The unit as the call wants it: by its AWS ID in memory, by the appliance's UUID in the database."""
        unit = self._unit(reference)
        if self._session is not None:
            return unit.aws_id
        if unit.id is None:
            raise ApplianceError(
                f"The appliance shows no system ID of the unit {reference!r}, by which it would select it",
                reason="api",
                remedy="If it calls the ID by another name, say so with wire_names: identity.id.",
            )
        return unit.id

    def _unit(self, reference: str) -> Identity:
        """A unit by its AWS ID, UUID on the appliance, or path. Raises ApplianceError (not_found, ambiguous)."""
        known = self._units.by_aws_id
        if is_unit_id(reference):
            found = [known[reference]] if reference in known else []
        elif is_uuid(reference):
            found = [unit for unit in known.values() if unit.id and unit.id.lower() == reference.lower()]
        else:
            try:
                split_path(reference)
            except ValueError as error:
                raise ApplianceError(
                    f"The value {reference!r} is no unit",
                    reason="invalid",
                    remedy=f"{error}. A unit is given by its AWS ID, by the appliance's UUID, or by its path.",
                ) from error
            found = [known[aws_id] for aws_id in self._units.unit_at(reference) if aws_id in known]
        if not found:
            label = self._organization.name if self._organization else f"of the session {self._session}"
            raise unknown_unit(reference, label, self._units)
        if len(found) > 1:
            raise ApplianceError(
                f"{len(found)} organizational units have the path {reference!r}",
                reason="ambiguous",
                remedy=f"Give the AWS ID of the one you mean: {', '.join(unit.aws_id for unit in found)}.",
            )
        return found[0]

    def _scope_id(self, name: str) -> str:
        scopes = self._organization.limited_scopes if self._organization else ()
        found = next((scope for scope in scopes if scope.name == name), None)
        if found is None or found.id is None:
            where = f"The AWS Organization {self._organization.label}" if self._organization else "A rescan in memory"
            raise ApplianceError(
                f"{where} has no limited scope {name!r}",
                reason="not_found",
                remedy=did_you_mean(name, [scope.name for scope in scopes]) or "It has none at all." * (not scopes),
            )
        return found.id

    def _lines(self, items: Sequence[Mapping[str, Any]]) -> Structure:
        """Where every item is found with its parents.

        The units are enough, unless items do not tell their parents: then the whole tree is read.
        """
        known = self._units.by_aws_id
        if tells_parents(items, self._names) or all(
            identity_from_wire(item, self._names).aws_id in known for item in items
        ):
            return self._units
        return self._whole(units_only=False)

    def _parent(self, identity: Identity, lines: Structure) -> str | None:
        """The AWS ID of the parent, whether the item tells it by AWS ID or UUID, or the structure does."""
        known = lines.by_aws_id.get(identity.aws_id)
        if known is not None:
            return known.parent
        return self._aws_ids.get(identity.parent, identity.parent) if identity.parent else None

    def _shown(self, identity: Identity, lines: Structure) -> dict[str, Any]:
        above = lines.path(identity.parent) if identity.parent else None
        path = lines.path(identity.aws_id)
        if path is None and above is not None:
            path = join_path([*split_path(above), identity.name])
        line = {identity.aws_id, *([identity.parent, *lines.ancestors(identity.parent)] if identity.parent else [])}
        scopes = self._organization.limited_scopes if self._organization else ()
        return {
            "aws_id": identity.aws_id,
            "id": identity.id,
            "name": identity.name,
            "type": "account" if identity.is_account else "root" if identity.is_root else "unit",
            "parent": identity.parent,
            "path": path,
            "covered_by": sorted(scope.name for scope in scopes if not line.isdisjoint(scope.units or ())),
        }

    def _statistics(self, page: Mapping[str, Any]) -> dict[str, Any] | None:
        statistics = page.get("statistics")
        if not isinstance(statistics, Mapping):
            return None
        found = {key: self._names.find(statistics, f"statistics.{key}") for key in ("units", "accounts")}
        return {key: hit.value if hit else None for key, hit in found.items()}


def _tree(items: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same items, each with its ``children``; what has no parent among them is a root of the answer."""
    nodes = {item["aws_id"]: {**item, "children": []} for item in items}
    roots: list[dict[str, Any]] = []
    for node in nodes.values():
        parent = nodes.get(node["parent"])
        (parent["children"] if parent is not None else roots).append(node)
    return roots
