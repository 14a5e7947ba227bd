# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Worlds: which AWS Organizations there are, which IAM roles the appliance has, and what is registered on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from .storage.organizations import NewSettings, Organization, Scope
from .storage.roles import Role
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
        add(appliance, organization)
    for policy in world.get("policies", ()):
        use(appliance, policy)


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


def role_called(appliance: Appliance, name: str) -> Role:
    """The one role of a name."""
    roles = appliance.roles.called(name)
    if len(roles) != 1:
        raise ValueError(f"{len(roles)} IAM roles are called {name}")
    return roles[0]


def find(appliance: Appliance, which: str) -> Organization:
    """The organization with an ID of the appliance or a name."""
    found = appliance.organizations.get(which) or appliance.organizations.called(which)
    if found is None:
        raise LookupError(f"no AWS Organization is called {which}")
    return found


def add(appliance: Appliance, wanted: dict[str, Any]) -> Organization:
    """Registers an organization without asking any rule."""
    role = role_called(appliance, wanted["rescan_iam_role"])
    structure = appliance.structures.get(role.aws_organization)
    if structure is None:
        raise ValueError(f"the IAM role {role.name} cannot read an AWS Organization")
    settings = NewSettings(
        name=wanted["name"],
        description=wanted.get("description") or "",
        rescan_iam_role=role.id,
        backup_restore_iam_role_name=wanted["backup_restore_iam_role_name"],
        production_worker_iam_role_name=wanted.get("production_worker_iam_role_name") or "",
        limited_scopes=[
            Scope("", one["name"], list(one["organizational_units"])) for one in wanted.get("limited_scopes") or ()
        ],
    )
    organization = appliance.organizations.add(settings, role.aws_organization)
    appliance.structures.store(organization.id, structure)
    return organization


def change(appliance: Appliance, which: str, changes: dict[str, Any]) -> Organization:
    """Changes an organization without asking any rule. A scope whose name stays keeps its ID."""
    organization = find(appliance, which)
    for key, value in changes.items():
        if key == "rescan_iam_role":
            organization.rescan_iam_role = role_called(appliance, value).id
        elif key == "limited_scopes":
            ids = {scope.name: scope.id for scope in organization.limited_scopes}
            organization.limited_scopes = [
                Scope(ids.get(one["name"], ""), one["name"], list(one["organizational_units"])) for one in value
            ]
        elif key in ("name", "description", "backup_restore_iam_role_name", "production_worker_iam_role_name"):
            setattr(organization, key, value or "")
        else:
            raise ValueError(f"an organization has no {key}")
    appliance.organizations.replace(organization.id, organization)
    return find(appliance, organization.id)


def use(appliance: Appliance, wanted: dict[str, Any]) -> None:
    """Lets a backup policy use an organization or one of its scopes."""
    organization = find(appliance, wanted["organization"])
    scope_id = None
    if wanted.get("limited_scope"):
        ids = {scope.name: scope.id for scope in organization.limited_scopes}
        if wanted["limited_scope"] not in ids:
            raise LookupError(f"{organization.name} has no limited scope called {wanted['limited_scope']}")
        scope_id = ids[wanted["limited_scope"]]
    appliance.organizations.use(wanted.get("policy") or "Daily", organization.id, scope_id)


def change_aws(appliance: Appliance, aws_organization_id: str, changes: dict[str, Any]) -> Structure:
    """Changes a described AWS Organization: `drop` (AWS IDs), then `add`, `move`, `rename` (dicts with `id`)."""
    structure = appliance.structures.get(aws_organization_id)
    if structure is None or not aws_organization_id.startswith("o-"):
        raise LookupError(f"no AWS Organization {aws_organization_id} is described")
    unknown = set(changes) - {"drop", "add", "move", "rename"}
    if unknown:
        raise ValueError(f"what is {', '.join(sorted(unknown))}? There are drop, add, move and rename")
    # A new account has the IAM roles that another one has, unless it is said otherwise.
    usual = next((node.iam_roles for node in structure if node.type == ACCOUNT), ())
    structure = structure.changed(without=changes.get("drop", ()))
    for one in changes.get("add", ()):
        kind = UNIT if one["id"].startswith("ou-") else ACCOUNT
        structure = structure.changed(
            [Node(one["id"], one["name"], kind, one["parent"], tuple(one.get("iam_roles", usual)))]
        )
    for one in (*changes.get("move", ()), *changes.get("rename", ())):
        node = structure.get(one["id"])
        if node is None:
            raise LookupError(f"{one['id']} is not in {aws_organization_id}")
        changed = Node(
            node.aws_id, one.get("name", node.name), node.type, one.get("parent", node.parent), node.iam_roles
        )
        structure = structure.changed([changed])
    appliance.structures.put(aws_organization_id, structure)
    return structure
