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
    limited_scopes: {description: "Scopes with ID, name, and the AWS IDs of their units.", type: list, elements: dict}
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
"""

from ansible.module_utils.basic import AnsibleModule

from ..module_utils._info import organization_info
from ..module_utils._options import CONNECTION, SELECTION
from ..module_utils._run import run


def main() -> None:
    module = AnsibleModule(
        argument_spec={**CONNECTION, **SELECTION},
        mutually_exclusive=[("id", "aws_organization_id", "name", "search")],
        supports_check_mode=True,
    )
    run(module, organization_info)


if __name__ == "__main__":
    main()
