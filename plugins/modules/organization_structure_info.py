#!/usr/bin/python
# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: organization_structure_info
short_description: Read the units and accounts of an AWS Organization from a Veeam Backup for AWS appliance
version_added: 0.1.0
description:
  - Returns the structure of an AWS Organization, either as stored on the appliance at the last rescan, or as found by a
    rescan in memory.
  - Each unit and account is returned with its path and the limited scopes that cover it.
  - A structure of any size is read completely, page by page, unless O(limit) is set.
author:
  - vbaws.appliance contributors (@vbaws)
extends_documentation_fragment:
  - vbaws.appliance.connection
  - vbaws.appliance.identity
  - vbaws.appliance.attributes
  - vbaws.appliance.attributes.info_module
  - vbaws.appliance.attributes.actiongroup
options:
  session:
    description:
      - ID of the session of a rescan in memory, as returned by M(vbaws.appliance.organization_rescan). The appliance
        keeps the result for a limited time.
    type: str
  unit:
    description:
      - Return only this unit and everything below it. Specify its AWS ID, its UUID on the appliance, or its path, such
        as V(/Workloads/Prod).
    type: str
  limited_scope:
    description: Return only what this limited scope of the organization covers. Cannot be used with O(session).
    type: str
  included_members:
    description: Return only these units and everything below them. Specify them like O(unit).
    type: list
    elements: str
  recurse:
    description: Whether to return everything below the topmost node, or only the topmost node.
    type: bool
    default: true
  type:
    description: Whether to return only units (including roots), only accounts, or both.
    type: str
    choices: [any, unit, account]
    default: any
  search:
    description:
      - Name pattern that is passed to the appliance. The appliance's rules for it are not published, so it may match
        more or fewer names than expected.
    type: str
  format:
    description: With V(tree), the result is also returned as RV(tree).
    type: str
    choices: [list, tree]
    default: list
  offset:
    description: Number of units and accounts to skip.
    type: int
    default: 0
  limit:
    description: Maximum number of units and accounts to return. If not set, all are returned.
    type: int
seealso:
  - module: vbaws.appliance.organization_rescan
"""

EXAMPLES = r"""
- name: Read all units and accounts of a registered organization
  vbaws.appliance.organization_structure_info:
    name: production
  register: structure

- name: Show the accounts that no limited scope covers
  ansible.builtin.debug:
    msg: >-
      {{ structure.identities | selectattr('type', 'equalto', 'account') | selectattr('covered_by', 'equalto', [])
         | map(attribute='path') }}

- name: List the units below a path
  vbaws.appliance.organization_structure_info:
    name: production
    unit: /Workloads
    type: unit

- name: Read everything that a limited scope covers as a tree
  vbaws.appliance.organization_structure_info:
    aws_organization_id: o-exampleorg1
    limited_scope: North
    format: tree

- name: Rescan an AWS Organization before it is registered
  vbaws.appliance.organization_rescan:
    rescan_iam_role: production-rescan
    storage: in_memory
  register: rescan

- name: Read the result of the rescan
  vbaws.appliance.organization_structure_info:
    session: "{{ rescan.session.id }}"
"""

RETURN = r"""
identities:
  description: Roots, units and accounts, in the order of the appliance.
  returned: success
  type: list
  elements: dict
  sample:
    - aws_id: "123456789012"
      id: 9b8f2e66-24a5-4f5c-8f5b-5a4a7d1f3c21
      name: shop-17
      type: account
      parent: ou-ab12-cdefghij
      path: /Shops/North/shop-17
      covered_by: [North]
  contains:
    aws_id: {description: "AWS ID of the root, unit or account.", type: str}
    id: {description: "UUID on this appliance, V(null) in a rescan in memory.", type: str}
    name: {description: Name in AWS., type: str}
    type: {description: "V(root), V(unit) or V(account).", type: str}
    parent: {description: "AWS ID of the parent, V(null) for a root.", type: str}
    path: {description: "Path of names from the root, V(null) if unknown.", type: str}
    covered_by: {description: Names of the limited scopes that cover it., type: list, elements: str}
tree:
  description:
    - The RV(identities) as a tree, each with its C(children). Items whose parent is not among RV(identities) are at the
      top.
    - V(null) with O(format=list).
  returned: success
  type: list
  elements: dict
  sample: null
statistics:
  description: Numbers that the appliance returns, V(null) if it returns none.
  returned: success
  type: dict
  sample: {units: 7, accounts: 14}
  contains:
    units: {description: Number of units., type: int}
    accounts: {description: Number of accounts., type: int}
total_count:
  description: Number of matching units and accounts before O(offset) and O(limit).
  returned: success
  type: int
  sample: 21
organization:
  description: The organization as in M(vbaws.appliance.organization). V(null) with O(session).
  returned: success
  type: dict
  sample: {id: 5fb25a3c-8d4a-4b3f-9a0c-2f6c61d3e7aa, name: production}
"""

from collections.abc import Mapping, Sequence
from typing import Any

from ..module_utils._appliance.appliance import Appliance
from ..module_utils._appliance.lookup import require_organization
from ..module_utils._appliance.structures import identity_reader, tells_parents
from ..module_utils._errors import ApplianceError, NotFound
from ..module_utils._model.desired import check_identity
from ..module_utils._model.organization import LimitedScope, Organization
from ..module_utils._model.structure import Identity, Structure, child_path, not_a_unit, split_path, unknown_unit
from ..module_utils._model.values import check_text, check_window, is_account_id, is_unit_id, is_uuid, unit_reference
from ..module_utils._module.arguments import TEXT, arguments
from ..module_utils._module.definition import Definition
from ..module_utils._module.options import CONNECTION, IDENTITY
from ..module_utils._module.task import Task
from ..module_utils._rest.paging import Listing
from ..module_utils._wording import did_you_mean, quoted

STRUCTURE: dict[str, dict[str, Any]] = {
    **IDENTITY,
    "session": {"type": "str"},
    "unit": {"type": TEXT},
    "limited_scope": {"type": TEXT},
    "included_members": {"type": "list", "elements": TEXT},
    "recurse": {"type": "bool", "default": True},
    "type": {"type": "str", "choices": ["any", "unit", "account"], "default": "any"},
    "search": {"type": "str"},
    "format": {"type": "str", "choices": ["list", "tree"], "default": "list"},
    "offset": {"type": "int", "default": 0},
    "limit": {"type": "int"},
}

_RESCAN_FINDS_IT = (
    "A unit that was created after the last rescan is found after the next rescan: see organization_rescan."
)
_TYPES = {"unit": "Unit", "account": "Account"}


def structure_info(task: Task) -> dict[str, Any]:
    """Reads what the options select and returns the result of the module."""
    check_identity(task.options)
    check_window(task.options)
    if task.options["limited_scope"] is not None:
        check_text("limited_scope", task.options["limited_scope"])
    session = task.options.get("session")
    if session is not None and not is_uuid(session):
        raise ApplianceError(
            f"The value {quoted(session)} of the option session is no UUID",
            reason="invalid",
            remedy="It is the id of the session that organization_rescan returned.",
        )
    appliance = Appliance.of(task)
    return StructureInfo(appliance, _Source(appliance)).read()


class _Source:
    """Where a structure comes from: a registered organization, or a rescan in memory and its session."""

    def __init__(self, appliance: Appliance) -> None:
        self._api = appliance.api
        self._structures = appliance.structures
        self.session: str | None = appliance.task.options.get("session")
        self.organization: Organization | None = (
            None if self.session else require_organization(appliance.reader, appliance.task.options)
        )

    @property
    def label(self) -> str:
        """How messages name it."""
        return self.organization.name if self.organization else f"of the session {self.session}"

    @property
    def scopes(self) -> tuple[LimitedScope, ...]:
        """The limited scopes that its units belong to."""
        return self.organization.limited_scopes if self.organization else ()

    def call(self, **selection: Any) -> Listing:
        """Return what the appliance selects. Raises NotFound for a session without a result."""
        if self.organization is not None:
            return self._api.get_structure(self.organization.id, **selection)
        try:
            return self._api.get_rescan_results(str(self.session), **selection)
        except NotFound as error:
            raise self._forgotten(error) from error

    def read(self, units_only: bool) -> Structure:
        """Return all of it. Raises NotFound for a session without a result."""
        if self.organization is not None:
            return self._structures.stored(self.organization.id, units_only)
        try:
            return self._structures.rescanned(str(self.session), units_only)
        except NotFound as error:
            raise self._forgotten(error) from error

    def _forgotten(self, error: NotFound) -> NotFound:
        return error.but(
            message=f"The appliance has no result of a rescan in memory with the session {self.session}",
            remedy="Results are kept in memory for a while only: rescan again with organization_rescan.",
        )


class _Parents:
    """What the children of a parent have in common, worked out once for each parent."""

    def __init__(self, lines: Structure, scopes: Sequence[LimitedScope]) -> None:
        self._lines = lines
        self._scopes = scopes
        self._members = frozenset(unit for scope in scopes for unit in scope.units or ())
        self._paths: dict[str | None, str | None] = {None: None}
        self._covered_by: dict[str | None, list[str]] = {}

    def path(self, parent: str | None) -> str | None:
        """Return the path of a parent; None if it is unknown."""
        if parent not in self._paths:
            self._paths[parent] = self._lines.path(str(parent))
        return self._paths[parent]

    def scopes_of_child(self, parent: str | None, aws_id: str) -> list[str]:
        """Return the names of the limited scopes that include a child, by its own AWS ID or by one above it."""
        if aws_id in self._members:
            return self._scopes_of({aws_id, *self._line(parent)})
        if parent not in self._covered_by:
            self._covered_by[parent] = self._scopes_of(set(self._line(parent)))
        return list(self._covered_by[parent])

    def _line(self, parent: str | None) -> Sequence[str]:
        return (parent, *self._lines.ancestors(parent)) if parent is not None else ()

    def _scopes_of(self, line: set[str]) -> list[str]:
        return sorted(scope.name for scope in self._scopes if not line.isdisjoint(scope.units or ()))


class StructureInfo:
    """One selection out of one structure."""

    def __init__(self, appliance: Appliance, source: _Source) -> None:
        self._options = appliance.task.options
        self._names = appliance.names
        self._source = source
        self._units = source.read(units_only=True)
        self._aws_ids = {unit.id: unit.aws_id for unit in self._units.by_aws_id.values() if unit.id}

    def read(self) -> dict[str, Any]:
        """Returns identities, tree, statistics and the total count. Raises ApplianceError (not_found, invalid)."""
        found = self._source.call(**self._selection())
        lines = self._lines(found.items)
        parents = _Parents(lines, self._source.scopes)
        shown: list[dict[str, Any]] = []
        # Each item is let go of when it was read, so that tens of thousands are not held twice.
        found.items.reverse()
        read = identity_reader(self._names)
        while found.items:
            shown.append(self._shown(read(found.items.pop()), lines, parents))
        return {
            "changed": False,
            "organization": self._source.organization.as_result() if self._source.organization else None,
            "identities": shown,
            "tree": _tree(shown) if self._options["format"] == "tree" else None,
            "statistics": self._statistics(found.last_page),
            "total_count": found.total,
        }

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
            selection["ContainerId"] = self._container(unit_reference("unit", options["unit"]))
        if options["limited_scope"] is not None:
            selection["LimitedScopeId"] = self._scope_id(options["limited_scope"])
        if options["included_members"] is not None:
            references = [unit_reference("included_members", unit) for unit in options["included_members"]]
            selection["included_members"] = [self._unit(reference).aws_id for reference in references]
        return selection

    def _container(self, reference: str) -> str:
        """The unit as the call wants it: by its AWS ID in memory, by the appliance's UUID in the database."""
        unit = self._unit(reference)
        if self._source.session is not None:
            return unit.aws_id
        if unit.id is None:
            raise ApplianceError(
                f"The appliance shows no system ID of the unit {quoted(reference)}, by which it would select it",
                reason="api",
                remedy="If it calls the ID by another name, say so with wire_names: identity.id.",
            )
        return unit.id

    def _unit(self, reference: str) -> Identity:
        try:
            return find_unit(self._units, reference, self._source.label)
        except ApplianceError as error:
            if error.reason != "not_found" and not is_account_id(reference):
                raise
            structure = self._source.read(units_only=False)
            if is_account_id(reference) or structure.account(reference) is not None:
                raise not_a_unit(reference, structure) from error
            raise

    def _scope_id(self, name: str) -> str:
        scopes, organization = self._source.scopes, self._source.organization
        found = next((scope for scope in scopes if scope.name == name), None)
        if found is None or found.id is None:
            where = f"The AWS Organization {organization.label}" if organization else "A rescan in memory"
            raise ApplianceError(
                f"{where} has no limited scope {quoted(name)}",
                reason="not_found",
                remedy=did_you_mean(name, [scope.name for scope in scopes]) or "It has none at all." * (not scopes),
            )
        return found.id

    def _lines(self, items: Sequence[Mapping[str, Any]]) -> Structure:
        """Where every item is found with its parents.

        The units are enough, unless items do not tell their parents: then the whole tree is read.
        """
        known = self._units.by_aws_id
        read = identity_reader(self._names)
        if tells_parents(items, self._names) or all(read(item).aws_id in known for item in items):
            return self._units
        return self._source.read(units_only=False)

    def _parent(self, identity: Identity, lines: Structure) -> str | None:
        """The AWS ID of the parent, whether the item tells it by AWS ID or UUID, or the structure does."""
        known = lines.by_aws_id.get(identity.aws_id)
        if known is not None:
            return known.parent
        return self._aws_ids.get(identity.parent, identity.parent) if identity.parent else None

    def _shown(self, identity: Identity, lines: Structure, parents: _Parents) -> dict[str, Any]:
        parent = self._parent(identity, lines)
        above = parents.path(parent)
        path = lines.path(identity.aws_id)
        if path is None and above is not None:
            path = child_path(above, identity.name)
        return {
            "aws_id": identity.aws_id,
            "id": identity.id,
            "name": identity.name,
            "type": "account" if identity.is_account else "root" if identity.is_root else "unit",
            "parent": parent,
            "path": path,
            "covered_by": parents.scopes_of_child(parent, identity.aws_id),
        }

    def _statistics(self, page: Mapping[str, Any]) -> dict[str, Any] | None:
        statistics = page.get("statistics")
        if not isinstance(statistics, Mapping):
            return None
        found = {key: self._names.find(statistics, f"statistics.{key}") for key in ("units", "accounts")}
        return {key: hit.value if hit else None for key, hit in found.items()}


def find_unit(units: Structure, reference: str, label: str) -> Identity:
    """Return a unit by its AWS ID, UUID on the appliance, or path. label: the organization, for messages.

    Raises ApplianceError (invalid, not_found, ambiguous).
    """
    known = units.by_aws_id
    if is_unit_id(reference):
        found = [known[reference]] if reference in known else []
    elif is_uuid(reference):
        found = [unit for unit in known.values() if unit.id and unit.id.lower() == reference.lower()]
    else:
        try:
            split_path(reference)
        except ValueError as error:
            raise ApplianceError(
                f"The value {quoted(reference)} is no unit",
                reason="invalid",
                remedy=f"{error}. A unit is given by its AWS ID, by the appliance's UUID, or by its path.",
            ) from error
        found = [known[aws_id] for aws_id in units.unit_at(reference) if aws_id in known]
    if not found:
        raise unknown_unit(reference, label, units, hint=_RESCAN_FINDS_IT)
    if len(found) > 1:
        raise ApplianceError(
            f"{len(found)} organizational units have the path {quoted(reference)}",
            reason="ambiguous",
            remedy=f"Give the AWS ID of the one you mean: {', '.join(unit.aws_id for unit in found)}.",
        )
    return found[0]


def _tree(items: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same items, each with its ``children``; what has no parent among them is a root of the answer."""
    nodes = {item["aws_id"]: {**item, "children": []} for item in items}
    roots: list[dict[str, Any]] = []
    for node in nodes.values():
        parent = nodes.get(node["parent"])
        (parent["children"] if parent is not None else roots).append(node)
    return roots


MODULE = Definition(
    structure_info,
    arguments(CONNECTION, STRUCTURE),
    required_one_of=[("id", "aws_organization_id", "name", "session")],
    mutually_exclusive=[(option, "session") for option in ("id", "aws_organization_id", "name", "limited_scope")],
)


def main() -> None:
    MODULE.main()


if __name__ == "__main__":
    main()
