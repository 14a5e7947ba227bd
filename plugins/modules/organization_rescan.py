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
  - Makes a backup appliance read the units and accounts of an AWS Organization from AWS, waits for the end of this
    rescan, and returns how the structure has changed since the last rescan.
  - A rescan into the database updates the stored structure of a registered organization. A rescan in memory stores
    nothing, and also works for an organization that is not registered.
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
      - Without O(check_mode_sessions=true), the task only finds the organization. It does not know what a rescan into
        the database would change, so it is C(changed) and not RV(verified).
      - With O(check_mode_sessions=true), the task rescans in memory and compares the result with the stored structure.
        This gives the same result and stores nothing.
  diff_mode:
    support: full
    details:
      - Shows the paths that appear and disappear.
  idempotent:
    support: full
    details:
      - Each run makes a rescan, but is C(changed) only if the stored structure has changed.
options:
  rescan_iam_role:
    description:
      - IAM role of the AWS Organization that is registered on the appliance. Specify its name on the appliance, its ID,
        or its ARN. Needed to rescan an organization in memory that is not registered.
    type: str
  storage:
    description:
      - V(database) updates the stored structure, and fails if the organization is not registered. V(in_memory) stores
        nothing and is never C(changed).
    type: str
    choices: [database, in_memory]
    default: database
  check_mode_sessions:
    description: Whether check mode may rescan in memory, which changes no configuration.
    type: bool
    default: false
seealso:
  - module: vbaws.appliance.organization
notes:
  - With O(wait=false), it is unknown what a rescan into the database will change. The task is then C(changed) and not
    RV(verified).
"""

EXAMPLES = r"""
- name: Update the stored units and accounts
  vbaws.appliance.organization_rescan:
    name: production
  register: rescan

- name: Show the new accounts that no limited scope covers
  ansible.builtin.debug:
    msg: >-
      {{ rescan.structure_changes.added | selectattr('type', 'equalto', 'account')
      | selectattr('covered_by', 'equalto', []) | map(attribute='path') }}

- name: Show in check mode what a rescan would change, and store nothing
  vbaws.appliance.organization_rescan:
    aws_organization_id: o-exampleorg1
    check_mode_sessions: true
  check_mode: true
  diff: true

- name: Rescan an AWS Organization that is not registered
  vbaws.appliance.organization_rescan:
    rescan_iam_role: arn:aws:iam::111122223333:role/vbaws-rescan
    storage: in_memory

- name: Start a long rescan and continue
  vbaws.appliance.organization_rescan:
    name: production
    wait: false
"""

RETURN = r"""
session:
  description:
    - Session of the rescan, V(null) if check mode started none. With O(wait=false), it contains only C(id). See
      M(vbaws.appliance.session_info) for its keys.
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
    - Differences from the structure that was stored before. V(null) if the differences are unknown, or if no structure
      is stored.
    - Each item has C(aws_id), C(name), C(type) (V(unit) or V(account)), C(path), and C(covered_by), the names of the
      limited scopes that cover it. Without limited scopes, C(covered_by) is always empty.
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
    added: {description: New units and accounts., type: list, elements: dict}
    removed: {description: Removed units and accounts with their former paths., type: list, elements: dict}
    moved: {description: "Units and accounts with a new parent, and with C(former_path).", type: list, elements: dict}
    renamed: {description: "Units and accounts with a new name, and with C(former_name).", type: list, elements: dict}
organization:
  description: The organization as in M(vbaws.appliance.organization). V(null) if it is not registered.
  returned: success
  type: dict
  sample: {id: 5fb25a3c-8d4a-4b3f-9a0c-2f6c61d3e7aa, name: production}
statistics:
  description: Number of units (without the root) and accounts after the rescan. V(null) if unknown.
  returned: success
  type: dict
  sample: {units: 7, accounts: 14}
verified:
  description: Whether the rescan has ended and its changes are known.
  returned: always
  type: bool
  sample: true
failure:
  description: Failure in a form that a playbook can branch on, see RV(vbaws.appliance.organization#module:failure).
  returned: failure
  type: dict
  sample: {reason: session_failed, stage: wait, done: []}
"""

from ansible.module_utils.basic import AnsibleModule

from ..module_utils._options import CONNECTION, RESCAN, WAITING
from ..module_utils._rescan_task import rescan_task
from ..module_utils._run import run


def main() -> None:
    module = AnsibleModule(
        argument_spec={**CONNECTION, **WAITING, **RESCAN},
        required_one_of=[("id", "aws_organization_id", "name", "rescan_iam_role")],
        supports_check_mode=True,
    )
    run(module, rescan_task)


if __name__ == "__main__":
    main()
