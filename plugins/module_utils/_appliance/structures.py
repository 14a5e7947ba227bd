# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The answers of calls 7 and 8 read as a structure, whether the hierarchy shows in parents or in a tree only."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from .._errors import ApplianceError
from .._model.names import Names
from .._model.structure import Identity, Structure
from .._rest.response import Structured

Call = Callable[..., Structured]
"""Api.get_rescan_results or Api.get_structure."""


def read_structure(call: Call, key: str, names: Names, **selection: Any) -> Structure:
    """Reads identities with one of the two calls.

    call: Api.get_structure or Api.get_rescan_results; key: the ID it takes; selection: its query parameters.
    A list that does not say what lies below what is read again as a tree.
    Raises ApplianceError (api) where an item cannot be understood.
    """
    items = call(key, **selection).items
    if len(items) < 2 or tells_parents(items, names):
        return _from_list(items, names)
    tree = call(key, ReturnAsTree=True, **selection).page.get("tree")
    if not isinstance(tree, dict):
        raise ApplianceError(
            "The appliance shows the structure of an AWS Organization neither with parents nor as a tree",
            reason="api",
            remedy="If it calls them by other names, say so with wire_names: identity.parent_id, tree.children.",
        )
    return Structure(_from_tree([tree], None, names))


def read_units(call: Call, key: str, names: Names, **selection: Any) -> tuple[Structure, bool]:
    """The units that one of the two calls lists, and whether the list tells what lies below what.

    Which units a selection holds is told by the list alone: a tree also shows what lies above them, up to the root.
    """
    items = call(key, TypeFilter="Unit", **selection).items
    return _from_list(items, names), len(items) < 2 or tells_parents(items, names)


def tells_parents(items: Iterable[Any], names: Names) -> bool:
    """Whether a list says what lies below what."""
    return any(names.find(item, "identity.parent_id") for item in items)


def _from_list(items: Iterable[Any], names: Names) -> Structure:
    identities = [identity_from_wire(item, names) for item in items]
    # A stored structure may name parents by the appliance's UUIDs; a rescan in memory has AWS IDs only.
    aws_ids = {identity.id: identity.aws_id for identity in identities if identity.id}
    return Structure(
        replace(identity, parent=aws_ids.get(identity.parent, identity.parent)) if identity.parent else identity
        for identity in identities
    )


def _from_tree(nodes: Iterable[Any], parent: str | None, names: Names) -> list[Identity]:
    found: list[Identity] = []
    for node in nodes:
        identity = replace(identity_from_wire(node, names), parent=parent)
        children = names.find(node, "tree.children")
        below = children.value if children and isinstance(children.value, list) else []
        found += [identity, *_from_tree(below, identity.aws_id, names)]
    return found


def identity_from_wire(item: Any, names: Names) -> Identity:
    """Reads a root, unit or account; its parent is left as it came. Raises ApplianceError (api) without an AWS ID."""
    keys = ("aws_id", "name", "parent_id", "id")
    found = {key: names.find(item, f"identity.{key}") if isinstance(item, Mapping) else None for key in keys}
    values = {key: hit.value if hit and isinstance(hit.value, str) else None for key, hit in found.items()}
    aws_id = values["aws_id"]
    if not aws_id:
        raise ApplianceError(
            "The appliance's answer about the structure of an AWS Organization holds an item without an AWS ID",
            reason="api",
            remedy="If it calls the AWS ID by another name, say so with wire_names: identity.aws_id.",
        )
    return Identity(aws_id=aws_id, name=values["name"] or aws_id, parent=values["parent_id"] or None, id=values["id"])
