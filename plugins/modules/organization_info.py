#!/usr/bin/python
# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: organization_info
short_description: Read the AWS Organizations registered on a Veeam Backup for AWS appliance
version_added: 0.1.0
description:
  - Returns all AWS Organizations of a backup appliance, or the selected organizations, with all settings and the units
    of their limited scopes.
  - RV(organizations[].config) contains the settings of an organization as options of M(vbaws.appliance.organization).
    It contains no UUID of the appliance, so it declares the same organization on another appliance, or on this
    appliance after a rebuild.
  - A list of any length is read completely. A list with inconsistent pages is an error, never a short list.
author:
  - vbaws.appliance contributors (@vbaws)
extends_documentation_fragment:
  - vbaws.appliance.connection
  - vbaws.appliance.identity
  - vbaws.appliance.attributes
  - vbaws.appliance.attributes.info_module
  - vbaws.appliance.attributes.actiongroup
options:
  search:
    description:
      - Name pattern that is passed to the appliance. The appliance's rules for it are not published, so it may match
        more or fewer names than expected. To find exactly one organization, use O(name).
    type: str
  sort:
    description: Columns to sort by, in order of priority. C(organizationId) is the ID in AWS.
    type: list
    elements: str
    choices:
      - nameAsc
      - nameDesc
      - organizationIdAsc
      - organizationIdDesc
      - iamRoleAsc
      - iamRoleDesc
      - scopeAsc
      - scopeDesc
      - descriptionAsc
      - descriptionDesc
    default: []
  offset:
    description: Number of organizations to skip, after searching and sorting.
    type: int
    default: 0
  limit:
    description: Maximum number of organizations to return. If not set, all are returned.
    type: int
seealso:
  - module: vbaws.appliance.organization
  - ref: ansible_collections.vbaws.appliance.docsite.guide_adopt
    description: The role that writes C(config) to a variables file.
  - ref: ansible_collections.vbaws.appliance.docsite.guide_api_names
    description: How to use C(other).
notes:
  - If a requested organization does not exist, the task does not fail, and RV(organizations) is empty.
"""

EXAMPLES = r"""
- name: Read all organizations
  vbaws.appliance.organization_info:
  register: registered

- name: Show the scope of each organization
  ansible.builtin.debug:
    msg: "{{ item.name }} ({{ item.aws_organization_id }}) is {{ item.scope }}"
  loop: "{{ registered.organizations }}"
  loop_control:
    label: "{{ item.name }}"

- name: Fail unless an organization is registered
  vbaws.appliance.organization_info:
    aws_organization_id: o-exampleorg1
  register: production
  failed_when: production.organizations | length != 1

- name: Read ten organizations, sorted by name from Z to A
  vbaws.appliance.organization_info:
    sort: [nameDesc]
    limit: 10

- name: Declare the organizations of the first appliance on a second appliance
  vbaws.appliance.organization:
    hostname: backup2.example.com
    name: "{{ item.config.name }}"
    aws_organization_id: "{{ item.config.aws_organization_id | default(omit) }}"
    description: "{{ item.config.description | default(omit) }}"
    rescan_iam_role: "{{ item.config.rescan_iam_role | default(omit) }}"
    backup_restore_iam_role_name: "{{ item.config.backup_restore_iam_role_name | default(omit) }}"
    production_worker_iam_role_name: "{{ item.config.production_worker_iam_role_name | default(omit) }}"
    scope: "{{ item.config.scope | default(omit) }}"
    limited_scopes: "{{ item.config.limited_scopes | default(omit) }}"
  loop: "{{ registered.organizations }}"
  loop_control:
    label: "{{ item.name }}"

- name: Show what cannot be declared
  ansible.builtin.debug:
    msg: "{{ item.name }}: {{ item.not_in_config | join(' ') }}"
  loop: "{{ registered.organizations | selectattr('not_in_config') }}"
  loop_control:
    label: "{{ item.name }}"
"""

RETURN = r"""
organizations:
  description: The organizations, in the order of the appliance.
  returned: success
  type: list
  elements: dict
  sample:
    - id: 5fb25a3c-8d4a-4b3f-9a0c-2f6c61d3e7aa
      aws_organization_id: o-exampleorg1
      name: production
      description: null
      rescan_iam_role_id: c963aa50-056c-4578-a8af-77ff0aca8807
      backup_restore_iam_role_name: vbaws-backup
      production_worker_iam_role_name: null
      scope: limited
      limited_scopes:
        - id: 0f0b1c62-2d10-4f6d-8e0a-5f3f3f1f8a11
          name: North
          organizational_units: [ou-ab12-cdefghij]
          other: {}
      other: {}
      config:
        aws_organization_id: o-exampleorg1
        name: production
        description: ""
        rescan_iam_role: production-rescan
        backup_restore_iam_role_name: vbaws-backup
        production_worker_iam_role_name: ""
        scope: limited
        limited_scopes:
          - name: North
            organizational_units: [/Shops/North]
      not_in_config: []
      unit_paths:
        ou-ab12-cdefghij: /Shops/North
  contains:
    id: {description: UUID on this appliance., type: str}
    aws_organization_id: {description: ID in AWS., type: str}
    name: {description: Name on the appliance., type: str}
    description: {description: Description or V(null)., type: str}
    rescan_iam_role_id: {description: UUID of the rescan role on this appliance., type: str}
    backup_restore_iam_role_name: {description: Name of the role in AWS., type: str}
    production_worker_iam_role_name: {description: Name of the role in AWS or V(null)., type: str}
    scope: {description: "V(entire), V(limited), or V(null) if the appliance does not show it.", type: str}
    limited_scopes:
      description:
        - Scopes with ID, name, the AWS IDs of their units, and C(other), the properties that the collection does not
          know.
      type: list
      elements: dict
    other: {description: Properties that the collection does not know., type: dict}
    config:
      description:
        - The settings as options of M(vbaws.appliance.organization), for use on any appliance. A setting without a
          value is an empty string, so declaring it clears it. A setting that the appliance does not show is omitted.
        - The rescan role is given by its name on the appliance, or by its ARN if the name is not unique. Units are
          given by their paths, or by their AWS IDs if two units share a path or a unit is not stored.
      type: dict
    not_in_config:
      description:
        - One sentence for each part of the organization that C(config) cannot express, and what to do about it. An
          example is a role without a unique name. Empty if C(config) is complete.
        - A value that cannot be declared, such as a name with two lines, is omitted from C(config) with a warning.
      type: list
      elements: str
    unit_paths:
      description:
        - Path of each unit of the limited scopes by its AWS ID, as stored at the last rescan. Units that are not stored
          are omitted.
      type: dict
total_count:
  description: Number of matching organizations before O(offset) and O(limit).
  returned: success
  type: int
  sample: 1
unproven_names:
  description:
    - The keys of O(wire_names) whose assumed property names no organization has shown and you have not set. Each has
      the properties that the collection does not know and that it could be, the likeliest first.
    - A name can be proven only if at least one organization has a value for it.
  returned: success
  type: dict
  sample:
    organization.production_worker_iam_role_name: [pwRole]
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from ..module_utils._appliance.appliance import Appliance
from ..module_utils._appliance.lookup import find_organization
from ..module_utils._appliance.reader import Reader
from ..module_utils._appliance.roles import Roles
from ..module_utils._errors import ApplianceError
from ..module_utils._model.desired import check_identity, desired_from_options
from ..module_utils._model.evidence import unproven
from ..module_utils._model.organization import Organization
from ..module_utils._model.settings import SETTINGS
from ..module_utils._model.values import check_window, is_role_arn
from ..module_utils._module.arguments import arguments
from ..module_utils._module.definition import Definition
from ..module_utils._module.options import CONNECTION, IDENTITY
from ..module_utils._module.task import Task

SORT_COLUMNS = ("name", "organizationId", "iamRole", "scope", "description")
"""Columns of the list, as the reference spells them."""

SELECTION: dict[str, dict[str, Any]] = {
    **IDENTITY,
    "search": {"type": "str"},
    "sort": {
        "type": "list",
        "elements": "str",
        "choices": [column + direction for column in SORT_COLUMNS for direction in ("Asc", "Desc")],
        "default": [],
    },
    "offset": {"type": "int", "default": 0},
    "limit": {"type": "int"},
}


def organization_info(task: Task) -> dict[str, Any]:
    """Reads what the options select and returns the result of the module."""
    check_identity(task.options)
    check_window(task.options)
    appliance = Appliance.of(task)
    organizations, total = _select(appliance.reader, task.options)
    return {
        "changed": False,
        "organizations": [_described(item, appliance) for item in organizations],
        "total_count": total,
        "unproven_names": unproven(appliance.names),
    }


def _described(organization: Organization, appliance: Appliance) -> dict[str, Any]:
    """An organization with its settings as options that declare the same on any appliance, and what they cannot say."""
    members = {unit for scope in organization.limited_scopes for unit in scope.units or ()}
    paths = appliance.structures.stored(organization.id).unit_paths() if members else {}
    config = {
        # A setting that is not set is declared as such: "" clears it. The required role cannot be declared so.
        **{option: organization.settings[option] or "" for option in SETTINGS if option in organization.shown},
        "aws_organization_id": organization.aws_organization_id,
        "rescan_iam_role": portable_role(organization.rescan_iam_role, appliance.roles),
        "scope": organization.scope,
        "limited_scopes": _limited_scopes(organization, paths),
    }
    config = {option: value for option, value in config.items() if value is not None}
    left_out = _remove_what_cannot_be_declared(config)
    if organization.rescan_iam_role and "rescan_iam_role" not in config:
        left_out["rescan_iam_role"] = (
            f"The rescan role {organization.rescan_iam_role} has no name that is unique on the appliance and no ARN of "
            "its own that it shows. Rename one of the roles on the appliance."
        )
    for text in left_out.values():
        appliance.task.warn(f"The config of the AWS Organization {organization.label} is not whole. {text}")
    return {
        **organization.as_result(),
        "config": config,
        "not_in_config": [*left_out.values(), *_doubts(organization, paths, {*config, *left_out})],
        "unit_paths": {unit: paths[unit] for unit in sorted(members) if unit in paths},
    }


def portable_role(role_id: str | None, roles: Roles) -> str | None:
    """Return what names the same role on any appliance, and no other one on this appliance.

    That is its name if it is unique, else its ARN if the appliance shows it and no other entry has it.
    """
    role = roles.get(role_id) if role_id else None
    if role is None:
        return None
    names = [role.name, *(word for word in role.words if is_role_arn(word))]
    return next((name for name in names if _means(roles, name, role.id)), None)


def _means(roles: Roles, name: str, role_id: str) -> bool:
    try:
        return roles.find(name) == role_id
    except ApplianceError:  # a name or an ARN that two entries share
        return False


def _limited_scopes(organization: Organization, paths: Mapping[str, str]) -> list[dict[str, Any]] | None:
    """The scopes with their units by path, or by AWS ID where the path would mean another unit too.

    A unit that is not stored can be declared by its AWS ID only as long as nothing has to be looked up, see Resolver:
    all units of the organization are then given by their AWS IDs.
    """
    shared = Counter(paths.values())
    named = {unit: path for unit, path in paths.items() if shared[path] == 1}
    if _not_stored(organization, paths):
        named = {}
    return [
        {"name": scope.name, "organizational_units": sorted(named.get(unit, unit) for unit in scope.units or ())}
        for scope in sorted(organization.limited_scopes, key=lambda scope: scope.name)
    ] or None


def _not_stored(organization: Organization, paths: Mapping[str, str]) -> list[str]:
    """The members of scopes that the stored structure does not have."""
    return sorted({unit for scope in organization.limited_scopes for unit in scope.units or () if unit not in paths})


def _remove_what_cannot_be_declared(config: dict[str, Any]) -> dict[str, str]:
    """Takes out of the config what the module organization would refuse; returns a sentence for each such option."""
    left_out = {}
    for option, value in list(config.items()):
        context = {"state": "present", "scope": config.get("scope") if option == "limited_scopes" else None}
        try:
            desired_from_options({**context, option: value})
        except ApplianceError as error:
            del config[option]
            left_out[option] = f"{error.message}, which cannot be declared. Change it on the appliance."
    return left_out


def _doubts(organization: Organization, paths: Mapping[str, str], told: set[str]) -> list[str]:
    """What is not stored, what the appliance does not show, and what it shows that the collection does not know."""
    said = []
    gone = _not_stored(organization, paths)
    if gone:
        said.append(
            f"Not in the stored structure: {', '.join(gone)}. All units are therefore given by their AWS IDs. Rescan "
            "the AWS Organization; if they are gone in AWS, take them out of the limited scopes."
        )
    hidden = [option for option in ("aws_organization_id", *SETTINGS, "scope") if option not in told]
    if hidden:
        said.append(f"Not shown by the appliance: {', '.join(hidden)}. If it has other names for them, set wire_names.")
    if organization.other:
        said.append(f"Not known to the collection: {', '.join(sorted(organization.other))}.")
    return said


def _select(reader: Reader, options: Mapping[str, Any]) -> tuple[list[Organization], int]:
    if any(options.get(option) for option in ("id", "aws_organization_id", "name")):
        found = find_organization(reader, options)
        return ([found], 1) if found else ([], 0)
    organizations, total = reader.search(
        search=options.get("search"),
        sort=options.get("sort") or (),
        offset=options.get("offset") or 0,
        limit=options.get("limit"),
    )
    return reader.complete_all(reader.get_all(organizations)), total


MODULE = Definition(
    organization_info,
    arguments(CONNECTION, SELECTION),
    mutually_exclusive=[("id", "aws_organization_id", "name", "search")],
)


def main() -> None:
    MODULE.main()


if __name__ == "__main__":
    main()
