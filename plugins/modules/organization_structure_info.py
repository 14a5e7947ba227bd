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
  - Returns the structure of an AWS Organization as the appliance stored it at the last rescan, or as a rescan in memory
    found it.
  - Every unit and account comes with its path and with the limited scopes that cover it.
  - A structure of any size is read to the end, page by page, unless O(limit) is given.
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
      - ID of the session of a rescan in memory, as M(vbaws.appliance.organization_rescan) returns it. The appliance
        keeps the result for a while.
    type: str
  unit:
    description:
      - Only this unit and what lies below it. Given by its AWS ID, by the appliance's UUID, or by its path, as in
        V(/Workloads/Prod).
    type: str
  limited_scope:
    description:
      - Only what this limited scope of the organization covers, given by its name. Not with O(session).
    type: str
  included_members:
    description:
      - Only these units and what lies below them. Given like O(unit).
    type: list
    elements: str
  recurse:
    description:
      - Whether to return all that lies below, or the topmost node alone.
    type: bool
    default: true
  type:
    description:
      - Only units (roots count as such), or only accounts.
    type: str
    choices: [any, unit, account]
    default: any
  search:
    description:
      - Pattern for names, passed on to the appliance. No rule for it is published, so that it may match more or less
        than it seems to say.
    type: str
  format:
    description:
      - With V(tree) the result is returned as RV(tree) as well.
    type: str
    choices: [list, tree]
    default: list
  offset:
    description:
      - Leaves out this many units and accounts.
    type: int
    default: 0
  limit:
    description:
      - Returns at most this many units and accounts. Without it all of them.
    type: int
seealso:
  - module: vbaws.appliance.organization_rescan
"""

EXAMPLES = r"""
- name: Read all units and accounts of a registered organization
  vbaws.appliance.organization_structure_info:
    name: production
  register: structure

- name: Tell which accounts no limited scope covers
  ansible.builtin.debug:
    msg: >-
      {{ structure.identities | selectattr('type', 'equalto', 'account') | selectattr('covered_by', 'equalto', [])
         | map(attribute='path') }}

- name: List the units below a path
  vbaws.appliance.organization_structure_info:
    name: production
    unit: /Workloads
    type: unit

- name: Show as a tree what a limited scope covers
  vbaws.appliance.organization_structure_info:
    aws_organization_id: o-exampleorg1
    limited_scope: North
    format: tree

- name: Look at an AWS Organization before it is registered
  vbaws.appliance.organization_rescan:
    rescan_iam_role: production-rescan
    storage: in_memory
  register: rescan

- name: Read what the rescan found
  vbaws.appliance.organization_structure_info:
    session: "{{ rescan.session.id }}"
"""

RETURN = r"""
identities:
  description: Roots, units and accounts, in the order in which the appliance lists them.
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
    aws_id: {description: "ID in AWS, of the root, the unit or the account.", type: str}
    id: {description: "UUID on this appliance, V(null) in a rescan in memory.", type: str}
    name: {description: Name in AWS., type: str}
    type: {description: "V(root), V(unit) or V(account).", type: str}
    parent: {description: "AWS ID of the parent, V(null) for a root.", type: str}
    path: {description: "Path of names from the root, V(null) where it cannot be told.", type: str}
    covered_by: {description: Names of the limited scopes that cover it., type: list, elements: str}
tree:
  description:
    - The same, nested, each with its C(children). What has no parent among RV(identities) stands at the top.
    - V(null) with O(format=list).
  returned: success
  type: list
  elements: dict
  sample: null
statistics:
  description: What the appliance counts, V(null) where it does not.
  returned: success
  type: dict
  sample: {units: 7, accounts: 14}
  contains:
    units: {description: Number of units., type: int}
    accounts: {description: Number of accounts., type: int}
total_count:
  description: How many units and accounts match, before O(offset) and O(limit).
  returned: success
  type: int
  sample: 21
organization:
  description: The organization as M(vbaws.appliance.organization_info) returns it, V(null) with O(session).
  returned: success
  type: dict
  sample: {id: 5fb25a3c-8d4a-4b3f-9a0c-2f6c61d3e7aa, name: production}
"""

from ansible.module_utils.basic import AnsibleModule

from ..module_utils._module.options import CONNECTION, STRUCTURE
from ..module_utils._module.run import run
from ..module_utils._work.organization_structure_info import structure_info


def main() -> None:
    module = AnsibleModule(
        argument_spec={**CONNECTION, **STRUCTURE},
        required_one_of=[("id", "aws_organization_id", "name", "session")],
        mutually_exclusive=[(option, "session") for option in ("id", "aws_organization_id", "name", "limited_scope")],
        supports_check_mode=True,
    )
    run(module, structure_info)


if __name__ == "__main__":
    main()
