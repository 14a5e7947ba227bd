# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Worlds: which AWS Organizations there are, which IAM roles the appliance has, and what is registered on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from . import edits
from .storage.structure import ACCOUNT, UNIT, Node, Structure

if TYPE_CHECKING:
    from .appliance import Appliance

DEFAULT = Path(__file__).resolve().parent / "worlds" / "default.yml"


def load(path: Path) -> dict[str, Any]:
    """A world from a YAML file."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    world = yaml.load(path.read_text(encoding="utf-8"), loader)  # noqa: S506  (a safe loader)
    if not isinstance(world, dict):
        raise ValueError(f"{path} is no world: a mapping is expected")
    return world


def install(appliance: Appliance, world: Mapping[str, Any]) -> None:
    """Fills an empty appliance."""
    unknown = set(world) - {"aws_organizations", "iam_roles", "organizations", "policies"}
    if unknown:
        raise ValueError(f"a world has no {', '.join(sorted(unknown))}")
    for described in world.get("aws_organizations", ()):
        describe(appliance, described)
    for role in world.get("iam_roles", ()):
        appliance.roles.add(**role)
    for organization in world.get("organizations", ()):
        edits.add(appliance, organization)
    for policy in world.get("policies", ()):
        edits.use(appliance, policy)


def describe(appliance: Appliance, described: dict[str, Any]) -> None:
    """Describes an AWS Organization."""
    appliance.database.run("INSERT INTO aws_organizations VALUES (?, ?)", described["id"], described["name"])
    roles = tuple(described.get("account_iam_roles", ()))
    appliance.structures.put(described["id"], Structure(_nodes({"name": "Root", **described["root"]}, None, roles)))


def _nodes(unit: dict[str, Any], parent: str | None, roles: tuple[str, ...]) -> Iterator[Node]:
    yield Node(unit["id"], unit["name"], UNIT, parent)
    for account in unit.get("accounts", ()):
        yield Node(str(account["id"]), account["name"], ACCOUNT, unit["id"], tuple(account.get("iam_roles", roles)))
    for child in unit.get("units", ()):
        yield from _nodes(child, unit["id"], roles)
