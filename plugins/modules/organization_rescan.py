#!/usr/bin/python
# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: organization_rescan
short_description: Rescan the structure of an AWS Organization on a Veeam Backup for AWS appliance
version_added: 0.1.0
description:
  - Lets a backup appliance read the units and accounts of an AWS Organization from AWS, waits for it, and says what
    changed in the structure since the last rescan.
  - A rescan into the database updates what the appliance knows of a registered organization. A rescan into memory
    stores nothing, and also serves an organization that is not registered yet.
author:
  - vbaws.appliance contributors (@vbaws)
extends_documentation_fragment:
  - vbaws.appliance.connection
  - vbaws.appliance.identity
  - vbaws.appliance.waiting
  - vbaws.appliance.attributes
  - vbaws.appliance.attributes.actiongroup
attributes:
  check_mode:
    support: partial
    details:
      - Without O(check_mode_sessions=true) it only finds the organization. What a rescan into the database would change
        is not known then, and the task is V(changed) and not RV(verified).
      - With it the structure is rescanned into memory and compared with the stored one, which gives the same answer
        with nothing stored.
  diff_mode:
    support: full
    details:
      - Shows the paths that appear and disappear.
  idempotent:
    support: full
    details:
      - A rescan is made on each run. It is V(changed) only where the stored structure changed.
options:
  rescan_iam_role:
    description:
      - IAM role registered on the appliance that belongs to the AWS Organization, by its name on the appliance, its ID,
        or its ARN. With it an organization that is not registered can be rescanned into memory.
    type: str
  storage:
    description:
      - V(database) updates the stored structure, and fails for an organization that is not registered. V(in_memory)
        stores nothing and is never V(changed).
    type: str
    choices: [database, in_memory]
    default: database
  check_mode_sessions:
    description:
      - Whether check mode may rescan into memory, which changes no configuration.
    type: bool
    default: false
seealso:
  - module: vbaws.appliance.organization
notes:
  - With O(wait=false) nobody knows what a rescan into the database will change. The task is V(changed) and not
    RV(verified) then.
"""

EXAMPLES = r"""
- name: Update what the appliance knows of the units and accounts
  vbaws.appliance.organization_rescan:
    name: production
  register: rescan

- name: Tell which new accounts no limited scope covers
  ansible.builtin.debug:
    msg: >-
      {{ rescan.structure_changes.added | selectattr('type', 'equalto', 'account')
      | selectattr('covered_by', 'equalto', []) | map(attribute='path') }}

- name: Show in check mode what a rescan would change, with nothing stored
  vbaws.appliance.organization_rescan:
    aws_organization_id: o-exampleorg1
    check_mode_sessions: true
  check_mode: true
  diff: true

- name: Read an AWS Organization that is not registered yet
  vbaws.appliance.organization_rescan:
    rescan_iam_role: arn:aws:iam::111122223333:role/vbaws-rescan
    storage: in_memory

- name: Start a long rescan and go on
  vbaws.appliance.organization_rescan:
    name: production
    wait: false
"""

RETURN = r"""
session:
  description: The session of the rescan. Only its C(id) with O(wait=false), V(null) where check mode started none.
  returned: success
  type: dict
  sample:
    id: 10437ea3-6ba6-4b6e-a615-0ea67a25e346
    state: succeeded
    status: Succeeded
    result: Success
    reason: null
    log: []
structure_changes:
  description:
    - What is different from the structure that was stored before. V(null) where that is not known, or nothing is
      stored.
    - Each item has C(aws_id), C(name), C(type) (V(unit) or V(account)), C(path), and C(covered_by), the names of the
      limited scopes that it belongs to. That list is empty for every item of an organization without limited scopes.
  returned: success
  type: dict
  sample:
    added:
      - aws_id: "123456789012"
        name: new-shop
        type: account
        path: /Shops/North/new-shop
        covered_by: [North]
    removed: []
    moved: []
    renamed: []
  contains:
    added: {description: Units and accounts that appeared., type: list, elements: dict}
    removed: {description: "Units and accounts that disappeared, with the path they had.", type: list, elements: dict}
    moved: {description: "Units and accounts with another parent, with C(former_path).", type: list, elements: dict}
    renamed: {description: "Units and accounts with another name, with C(former_name).", type: list, elements: dict}
organization:
  description: The organization as it is on the appliance, V(null) where it is not registered.
  returned: success
  type: dict
  sample: {id: 5fb25a3c-8d4a-4b3f-9a0c-2f6c61d3e7aa, name: production}
statistics:
  description:
    - How many units (roots not counted) and accounts the structure has after the rescan. V(null) where not known.
  returned: success
  type: dict
  sample: {units: 7, accounts: 14}
verified:
  description: Whether the rescan has ended, and what it changed is known.
  returned: always
  type: bool
  sample: true
failure:
  description: The failure in a form that a playbook can branch on, see M(vbaws.appliance.organization).
  returned: failure
  type: dict
  sample: {reason: session_failed, stage: wait, done: []}
"""

from ansible.module_utils.basic import AnsibleModule

from ..module_utils._module.options import CONNECTION, RESCAN, WAITING
from ..module_utils._module.run import run
from ..module_utils._work.organization_rescan import rescan_task


def main() -> None:
    module = AnsibleModule(
        argument_spec={**CONNECTION, **WAITING, **RESCAN},
        required_one_of=[("id", "aws_organization_id", "name", "rescan_iam_role")],
        supports_check_mode=True,
    )
    run(module, rescan_task)


if __name__ == "__main__":
    main()
