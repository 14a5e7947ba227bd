# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The calls that read a structure: what a rescan into memory found, and what is stored with an organization."""

from __future__ import annotations

from typing import Any

from ...state.appliance import Appliance
from ...state.refusal import bad_request, not_found
from ...state.storage.structure import UNIT, Node, Structure
from ...state.work import configuration, modifications
from .. import paging
from ..answer import Answer, ok
from ..wire_out import WireOut


class StructureOperations:
    """Named as the operations of the contract."""

    def __init__(self, appliance: Appliance, out: WireOut) -> None:
        self._appliance = appliance
        self._out = out

    def get_rescan_results(
        self,
        session_id: str,
        container_id: str | None = None,
        body: dict[str, Any] | None = None,
        **choice: Any,
    ) -> Answer:
        """POST /organizations/amazon/rescan/{sessionId}/identitiesInMemory"""
        structure = configuration.structure_of_session(self._appliance, session_id)
        tops = [structure.root]
        if container_id is not None:
            tops = [_unit(structure.get(container_id), container_id)]
        return self._answer(structure, _included(structure, body) or tops, **choice)

    def get_structure(
        self,
        organization_id: str,
        container_id: str | None = None,
        limited_scope_id: str | None = None,
        body: dict[str, Any] | None = None,
        **choice: Any,
    ) -> Answer:
        """POST /organizations/amazon/{organizationId}/identitiesInDb"""
        organization = modifications.existing(self._appliance, organization_id)
        structure = self._appliance.structures.get(organization_id)
        if structure is None:
            raise not_found("The structure of the AWS Organization", organization_id)
        tops = [structure.root]
        if limited_scope_id is not None:
            scope = next((scope for scope in organization.limited_scopes if scope.id == limited_scope_id), None)
            if scope is None:
                raise not_found("The limited scope", limited_scope_id)
            # A unit that a later rescan did not find any more is not in the structure.
            tops = [unit for unit in scope.organizational_units if structure.get(unit) is not None]
        if container_id is not None:
            inside = structure.below(tops)
            node = structure.by_system_id(container_id)
            tops = [_unit(node if node is not None and node.aws_id in inside else None, container_id)]
        return self._answer(structure, _included(structure, body) or tops, **choice)

    def _answer(
        self,
        structure: Structure,
        tops: list[str],
        *,
        expand_child_nodes: bool = False,
        return_as_tree: bool = False,
        offset: int | None = None,
        limit: int | None = None,
        search_pattern: str | None = None,
        type_filter: str | None = None,
    ) -> Answer:
        below = (
            structure.below(tops).values() if expand_child_nodes else [one for one in structure if one.aws_id in tops]
        )
        found = [one for one in below if type_filter in (None, one.type) and paging.matches(one.name, search_pattern)]
        if return_as_tree:
            return ok(self._out.identities(found, tree=self._tree(structure, tops, found)))
        listed = [one for one in found if self._appliance.shape.lists_root or one.aws_id != structure.root]
        begin, size = paging.window(offset, limit, self._appliance.shape.page_cap)
        page = [self._out.identity(one, structure) for one in listed[begin : begin + size]]
        return ok(self._out.identities(listed, identities=page))

    def _tree(self, structure: Structure, tops: list[str], found: list[Node]) -> dict[str, Any] | None:
        if not found:
            return None
        # Several tops hang on the root, and what was found hangs on the units that it is in.
        top = tops[0] if len(tops) == 1 else structure.root
        shown: set[str] = set()
        for node in found:
            above: Node | None = node
            while above is not None and above.aws_id not in shown:
                shown.add(above.aws_id)
                above = structure.get(above.parent)
        return self._out.tree(top, structure, shown)


def _unit(node: Node | None, which: str) -> str:
    if node is None:
        raise not_found("The organizational unit", which)
    if node.type != UNIT:
        raise bad_request(f"{which} is an account: only organizational units can be chosen.")
    return node.aws_id


def _included(structure: Structure, body: dict[str, Any] | None) -> list[str]:
    members = (body or {}).get("includedMembers") or []
    return [_unit(structure.get(member), member) for member in members]
