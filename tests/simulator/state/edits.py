# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What happens behind the back of the API: colleagues, policies and AWS itself change things. No rule is asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from .storage.organizations import NewSettings, Organization, Scope
from .storage.roles import Role
from .storage.structure import ACCOUNT, UNIT, Node, Structure

if TYPE_CHECKING:
    from .appliance import Appliance


def role_called(appliance: Appliance, name: str) -> Role:
    """The one role of a name."""
    roles = appliance.roles.called(name)
    if len(roles) != 1:
        raise ValueError(f"{len(roles)} IAM roles are called {name}")
    return roles[0]


def change_role(appliance: Appliance, which: str, changes: dict[str, Any]) -> Role:
    """Changes what an IAM role, given by its name or ID, can do in AWS: `aws_organization` (or empty), `trusted`."""
    role = appliance.roles.get(which) or role_called(appliance, which)
    values = {"aws_organization": role.aws_organization, "trusted": role.trusted}
    unknown = set(changes) - set(values)
    if unknown:
        raise ValueError(f"what is {', '.join(sorted(unknown))}? There are aws_organization and trusted")
    appliance.roles.change(role.id, **{**values, **changes})
    changed = appliance.roles.get(role.id)
    assert changed is not None
    return changed


def find(appliance: Appliance, which: str) -> Organization:
    """The organization with an ID of the appliance or a name."""
    found = appliance.organizations.get(which) or appliance.organizations.called(which)
    if found is None:
        raise LookupError(f"no AWS Organization is called {which}")
    return found


def add(appliance: Appliance, wanted: dict[str, Any]) -> Organization:
    """Registers an organization without asking any rule, with the structure that the AWS Organization has now.

    `rescan_iam_role` is a name or an ID. Optional: `id`, IDs of limited scopes, an `aws_organization_id` other than the
    role's, and `other`, of scopes too, for properties that no documentation names.
    """
    role = appliance.roles.get(wanted["rescan_iam_role"]) or role_called(appliance, wanted["rescan_iam_role"])
    aws_organization = wanted.get("aws_organization_id") or role.aws_organization
    structure = appliance.structures.get(aws_organization)
    if structure is None:
        raise ValueError(f"the IAM role {role.name} cannot read an AWS Organization")
    settings = NewSettings(
        name=wanted["name"],
        description=_text(appliance, wanted.get("description")),
        rescan_iam_role=role.id,
        backup_restore_iam_role_name=wanted["backup_restore_iam_role_name"],
        production_worker_iam_role_name=_text(appliance, wanted.get("production_worker_iam_role_name")),
        limited_scopes=_scopes(appliance, wanted.get("limited_scopes") or (), {}),
        other=_other(appliance, wanted.get("other") or {}),
    )
    organization = appliance.organizations.add(settings, aws_organization, wanted.get("id", ""))
    appliance.structures.store(organization.id, structure)
    return organization


def _text(appliance: Appliance, value: str | None) -> str | None:
    return value if appliance.shape.keeps_empty_text else value or ""


def _scopes(appliance: Appliance, wanted: Iterable[dict[str, Any]], ids: Mapping[str, str]) -> list[Scope]:
    return [
        Scope(
            one.get("id") or ids.get(one["name"], ""),
            one["name"],
            list(one["organizational_units"]),
            _other(appliance, one.get("other") or {}),
        )
        for one in wanted
    ]


def _other(appliance: Appliance, wanted: dict[str, Any]) -> dict[str, Any]:
    if wanted and appliance.shape.unknown_properties == "none":
        raise ValueError("an appliance of this shape has no unknown properties")
    return wanted


def change(appliance: Appliance, which: str, changes: dict[str, Any]) -> Organization:
    """Changes an organization without asking any rule. A scope whose name stays keeps its ID."""
    organization = find(appliance, which)
    for key, value in changes.items():
        if key == "rescan_iam_role":
            role = appliance.roles.get(value) or role_called(appliance, value)
            organization.rescan_iam_role = role.id
        elif key == "limited_scopes":
            ids = {scope.name: scope.id for scope in organization.limited_scopes}
            organization.limited_scopes = _scopes(appliance, value, ids)
        elif key == "other":
            organization.other = _other(appliance, value)
        elif key in ("name", "description", "backup_restore_iam_role_name", "production_worker_iam_role_name"):
            setattr(organization, key, _text(appliance, value))
        else:
            raise ValueError(f"an organization has no {key}")
    appliance.organizations.replace(organization.id, organization)
    return find(appliance, organization.id)


def remove(appliance: Appliance, which: str) -> None:
    """Takes an organization off without asking any rule."""
    organization = find(appliance, which)
    appliance.organizations.remove(organization.id)
    appliance.structures.drop(organization.id)


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
