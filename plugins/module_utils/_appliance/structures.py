# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The structures of AWS Organizations, whether the appliance shows the hierarchy in parents or only in a tree."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from .._errors import ApplianceError
from .._model.names import Names
from .._model.organization import LimitedScope, Organization
from .._model.structure import Identity, Structure
from .._rest.paging import Listing
from .._wording import brief, first_of, printable, quoted
from .api import Api

_LONGEST_NAME = 1000  # characters; more of them, in the paths of all that is below, would take the memory


class Structures:
    """Reads structures for one task, each at most once. Thread-safe."""

    def __init__(self, api: Api, names: Names) -> None:
        self._api = api
        self._names = names
        self._read: dict[tuple[str, bool], Structure] = {}

    def stored(self, organization_id: str, units_only: bool = True) -> Structure:
        """Return the structure of an added organization as the appliance stored it at the last rescan."""
        return self._once(self._api.get_structure, organization_id, units_only)

    def rescanned(self, session: str, units_only: bool = True) -> Structure:
        """Return the structure that a rescan in memory found."""
        return self._once(self._api.get_rescan_results, session, units_only)

    def forget(self, organization_id: str) -> None:
        """After a rescan into the database, the structure that was read before is history."""
        for units_only in (True, False):
            self._read.pop((organization_id, units_only), None)

    def read_scope(self, organization_id: str, scope_id: str) -> tuple[Structure, bool]:
        """Return the units that the appliance lists for a limited scope, and whether the list shows their parents.

        The list alone decides which units a scope holds: a tree also shows what is above them, up to the root.
        """
        items = self._api.get_structure(organization_id, TypeFilter="Unit", LimitedScopeId=scope_id).items
        return _from_list(items, self._names), len(items) < 2 or tells_parents(items, self._names)

    def require_complete(self, organization: Organization, scopes: Iterable[LimitedScope]) -> None:
        """Make sure that members which were read through the structure may be sent back.

        They are the units of the scope and all below them. If an appliance listed what is above them too, the topmost
        one would stand for far more than the scope has. Raises ApplianceError (api) then: a filter must never widen.
        """
        for scope in scopes:
            if scope.subtree is None:
                continue
            units = sorted(scope.units or ())
            outside = [unit for unit in self.stored(organization.id).below(units) if unit not in scope.subtree]
            if outside:
                raise ApplianceError(
                    f"The members of the limited scope {quoted(scope.name)} of {organization.label} cannot be told: "
                    f"the appliance lists {first_of(units, as_text=printable)} for it, and not "
                    f"{printable(outside[0])}, which lies below",
                    reason="api",
                    remedy="Declare the organizational_units of this scope, or rescan the organization if its "
                    "structure has changed in AWS.",
                )

    def _once(self, call: Callable[..., Listing], key: str, units_only: bool) -> Structure:
        if (key, units_only) not in self._read:
            selection = {"TypeFilter": "Unit"} if units_only else {}
            self._read[key, units_only] = read_structure(call, key, self._names, **selection)
        return self._read[key, units_only]


def read_structure(call: Callable[..., Listing], key: str, names: Names, **selection: Any) -> Structure:
    """Read a structure.

    call: Api.get_structure or Api.get_rescan_results; key: the ID it takes; selection: its query parameters. A list
    that does not show parents is read again as a tree. Raises ApplianceError (api) if an item cannot be understood.
    """
    items = call(key, **selection).items
    if len(items) < 2 or tells_parents(items, names):
        return _from_list(items, names)
    tree = call(key, ReturnAsTree=True, **selection).last_page.get("tree")
    if not isinstance(tree, dict):
        raise ApplianceError(
            "The appliance shows the structure of an AWS Organization neither with parents nor as a tree",
            reason="api",
            remedy="If it calls them by other names, say so with wire_names: identity.parent_id, tree.children.",
        )
    return Structure(_from_tree(tree, names))


def tells_parents(items: Iterable[Any], names: Names) -> bool:
    """Whether a list shows parents."""
    return any(names.find(item, "identity.parent_id") for item in items)


def _from_list(items: Iterable[Any], names: Names) -> Structure:
    identities = list(map(identity_reader(names), items))
    # A stored structure may name parents by the appliance's UUIDs; a rescan in memory has AWS IDs only.
    aws_ids = {identity.id: identity.aws_id for identity in identities if identity.id}
    return Structure(
        replace(identity, parent=aws_ids[identity.parent]) if identity.parent in aws_ids else identity
        for identity in identities
    )


def _from_tree(tree: Mapping[str, Any], names: Names) -> Iterator[Identity]:
    read, waiting = identity_reader(names), [(tree, "")]
    while waiting:
        node, parent = waiting.pop()
        identity = replace(read(node), parent=parent or None)
        yield identity
        children = names.find(node, "tree.children")
        below = children.value if children and isinstance(children.value, list) else []
        waiting += [(child, identity.aws_id) for child in reversed(below)]


def identity_reader(names: Names) -> Callable[[Any], Identity]:
    """Return a function that reads the roots, units and accounts of one list; their parents are left as they came.

    It raises ApplianceError (api) for an item without an AWS ID, or with a name that no unit or account can have.
    """
    find = [names.finder(f"identity.{key}") for key in ("aws_id", "name", "parent_id", "id")]

    def read(item: Any) -> Identity:
        values = [one(item) for one in find] if isinstance(item, dict) else [None] * len(find)
        aws_id, name, parent, key = [value if isinstance(value, str) and value else None for value in values]
        if aws_id is None:
            raise ApplianceError(
                "The appliance's answer about the structure of an AWS Organization holds an item without an AWS ID",
                reason="api",
                remedy="If it calls the AWS ID by another name, say so with wire_names: identity.aws_id.",
            )
        if name is not None and len(name) > _LONGEST_NAME:
            raise ApplianceError(
                f"The name of {brief(aws_id)} in the structure of an AWS Organization has {len(name)} characters",
                reason="api",
                remedy="AWS allows 128. Check the structure on the appliance.",
            )
        return Identity(aws_id, name or aws_id, parent, key)

    return read
