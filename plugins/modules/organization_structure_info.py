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
  - Returns the structure of an AWS Organization, either as stored on the appliance at the last rescan, or as found by a
    rescan in memory.
  - Each unit and account is returned with its path and the limited scopes that cover it.
  - A structure of any size is read completely, page by page, unless O(limit) is set.
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
      - ID of the session of a rescan in memory, as returned by M(vbaws.appliance.organization_rescan). The appliance
        keeps the result for a limited time.
    type: str
  unit:
    description:
      - Return only this unit and everything below it. Specify its AWS ID, its UUID on the appliance, or its path, such
        as V(/Workloads/Prod).
    type: str
  limited_scope:
    description: Return only what this limited scope of the organization covers. Cannot be used with O(session).
    type: str
  included_members:
    description: Return only these units and everything below them. Specify them like O(unit).
    type: list
    elements: str
  recurse:
    description: Whether to return everything below the topmost node, or only the topmost node.
    type: bool
    default: true
  type:
    description: Whether to return only units (including roots), only accounts, or both.
    type: str
    choices: [any, unit, account]
    default: any
  search:
    description:
      - Name pattern that is passed to the appliance. The appliance's rules for it are not published, so it may match
        more or fewer names than expected.
    type: str
  format:
    description: With V(tree), the result is also returned as RV(tree).
    type: str
    choices: [list, tree]
    default: list
  offset:
    description: Number of units and accounts to skip.
    type: int
    default: 0
  limit:
    description: Maximum number of units and accounts to return. If not set, all are returned.
    type: int
seealso:
  - module: vbaws.appliance.organization_rescan
"""

EXAMPLES = r"""
- name: Read all units and accounts of a registered organization
  vbaws.appliance.organization_structure_info:
    name: production
  register: structure

- name: Show the accounts that no limited scope covers
  ansible.builtin.debug:
    msg: >-
      {{ structure.identities | selectattr('type', 'equalto', 'account') | selectattr('covered_by', 'equalto', [])
         | map(attribute='path') }}

- name: List the units below a path
  vbaws.appliance.organization_structure_info:
    name: production
    unit: /Workloads
    type: unit

- name: Read everything that a limited scope covers as a tree
  vbaws.appliance.organization_structure_info:
    aws_organization_id: o-exampleorg1
    limited_scope: North
    format: tree

- name: Rescan an AWS Organization before it is registered
  vbaws.appliance.organization_rescan:
    rescan_iam_role: production-rescan
    storage: in_memory
  register: rescan

- name: Read the result of the rescan
  vbaws.appliance.organization_structure_info:
    session: "{{ rescan.session.id }}"
"""

RETURN = r"""
identities:
  description: Roots, units and accounts, in the order of the appliance.
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
    aws_id: {description: "AWS ID of the root, unit or account.", type: str}
    id: {description: "UUID on this appliance, V(null) in a rescan in memory.", type: str}
    name: {description: Name in AWS., type: str}
    type: {description: "V(root), V(unit) or V(account).", type: str}
    parent: {description: "AWS ID of the parent, V(null) for a root.", type: str}
    path: {description: "Path of names from the root, V(null) if unknown.", type: str}
    covered_by: {description: Names of the limited scopes that cover it., type: list, elements: str}
tree:
  description:
    - The RV(identities) as a tree, each with its C(children). Items whose parent is not among RV(identities) are at the
      top.
    - V(null) with O(format=list).
  returned: success
  type: list
  elements: dict
  sample: null
statistics:
  description: Numbers that the appliance returns, V(null) if it returns none.
  returned: success
  type: dict
  sample: {units: 7, accounts: 14}
  contains:
    units: {description: Number of units., type: int}
    accounts: {description: Number of accounts., type: int}
total_count:
  description: Number of matching units and accounts before O(offset) and O(limit).
  returned: success
  type: int
  sample: 21
organization:
  description: The organization as in M(vbaws.appliance.organization). V(null) with O(session).
  returned: success
  type: dict
  sample: {id: 5fb25a3c-8d4a-4b3f-9a0c-2f6c61d3e7aa, name: production}
"""

from ansible.module_utils.basic import AnsibleModule

from ..module_utils._options import CONNECTION, STRUCTURE
from ..module_utils._run import run
from ..module_utils._structure_info import structure_info


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
