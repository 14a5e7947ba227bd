# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Units and accounts of an AWS Organization, and the choices that the structure calls offer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

UNIT, ACCOUNT = "Unit", "Account"


@dataclass(frozen=True)
class Node:
    """A unit (the root is one too) or an account. `parent` is an AWS ID, `id` the appliance's own if it is stored."""

    aws_id: str
    name: str
    type: str
    parent: str | None
    iam_roles: tuple[str, ...] = ()
    id: str | None = None


class Structure:
    """A whole tree, in the order parent before child."""

    def __init__(self, nodes: Iterable[Node]) -> None:
        by_id: dict[str, Node] = {}
        children: dict[str | None, list[str]] = {}
        for node in nodes:
            if node.aws_id in by_id:
                raise ValueError(f"{node.aws_id} is there twice")
            by_id[node.aws_id] = node
            children.setdefault(node.parent, []).append(node.aws_id)
        roots = children.get(None, [])
        if len(roots) != 1:
            raise ValueError(f"a structure has one root, not {len(roots)}")
        self.root = roots[0]
        self._children = children
        self._nodes = {aws_id: by_id[aws_id] for aws_id in self._walk(self.root)}
        if len(self._nodes) != len(by_id):
            raise ValueError(f"not below the root: {', '.join(sorted(set(by_id) - set(self._nodes)))}")
        for node in self._nodes.values():
            if node.parent is not None and self._nodes[node.parent].type != UNIT:
                raise ValueError(f"{node.aws_id} is in {node.parent}, which is no unit")

    def _walk(self, top: str) -> Iterator[str]:
        waiting = [top]
        while waiting:
            aws_id = waiting.pop()
            yield aws_id
            waiting.extend(reversed(self._children.get(aws_id, ())))

    def __iter__(self) -> Iterator[Node]:
        return iter(self._nodes.values())

    def __len__(self) -> int:
        return len(self._nodes)

    def get(self, aws_id: str | None) -> Node | None:
        """The node of an AWS ID."""
        return self._nodes.get(aws_id or "")

    def by_system_id(self, system_id: str) -> Node | None:
        """The stored node of one of the appliance's IDs."""
        return next((node for node in self if node.id == system_id), None)

    def children(self, aws_id: str) -> list[str]:
        """The AWS IDs directly below a unit."""
        return list(self._children.get(aws_id, ()))

    def below(self, tops: Iterable[str]) -> Mapping[str, Node]:
        """The tops with everything below them, in the order of the tree."""
        tops = tuple(tops)
        if self.root in tops:
            return self._nodes
        chosen = {aws_id for top in tops for aws_id in self._walk(top)}
        return {node.aws_id: node for node in self if node.aws_id in chosen}

    def accounts(self, units: Iterable[str] = ()) -> list[Node]:
        """The accounts below the given units that exist; without units all of them."""
        tops = [unit for unit in units if unit in self._nodes] or [self.root]
        return [node for node in self.below(tops).values() if node.type == ACCOUNT]

    def not_units(self, aws_ids: Iterable[str]) -> list[str]:
        """Which of the AWS IDs are no unit of this structure."""
        return [aws_id for aws_id in aws_ids if aws_id not in self._nodes or self._nodes[aws_id].type != UNIT]

    def changed(self, nodes: Iterable[Node] = (), without: Iterable[str] = ()) -> Structure:
        """The same with nodes put in or in the place of others, and some dropped together with what is below them."""
        gone = {aws_id for top in without for aws_id in self._walk(top)}
        kept = {node.aws_id: node for node in self if node.aws_id not in gone}
        kept.update({node.aws_id: node for node in nodes})
        return Structure(kept.values())

    def with_system_ids(self, ids: Mapping[str, str | None]) -> Structure:
        """The same with the appliance's IDs, by AWS ID."""
        return Structure(replace(node, id=ids[node.aws_id]) for node in self)
