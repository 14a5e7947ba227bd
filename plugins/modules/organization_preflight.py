#!/usr/bin/python
# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: organization_preflight
short_description: Let a Veeam Backup for AWS appliance check the settings of an AWS Organization
version_added: 0.1.0
description:
  - Asks the appliance for its checks of an organization that is to be added, changed or removed, and changes nothing.
  - M(vbaws.appliance.organization) makes the same checks before it writes. This module is for a report, for an
    approval, or for a look at the permissions of the roles.
  - What is not declared of a registered organization is checked as it is.
author:
  - vbaws.appliance contributors (@vbaws)
extends_documentation_fragment:
  - vbaws.appliance.connection
  - vbaws.appliance.waiting
  - vbaws.appliance.attributes
  - vbaws.appliance.attributes.actiongroup
attributes:
  check_mode:
    support: full
    details:
      - Makes every check that only reads. What it left out is in RV(not_checked).
      - Rescans in memory and the test of the configuration are sessions on the appliance, which check mode starts with
        O(check_mode_sessions=true) only.
  diff_mode:
    support: N/A
    details:
      - Nothing is changed.
  idempotent:
    support: full
    details:
      - Nothing is changed.
options:
  checks:
    description:
      - Which checks are made.
      - V(name) is whether the name is valid and free. A name that the organization has already is not asked about.
      - V(role) is whether the rescan role can read an AWS Organization, and whether it is the right one.
      - V(settings) is what the appliance says of all settings together. Units of an organization that is not registered
        take a rescan in memory first.
      - V(configuration) is a test of the permissions of the roles, in a session on the appliance. Its log is in
        RV(session). With O(wait=false) the session is started and nothing is known of its end.
      - V(removal) is whether the organization, or those of O(remove), can be removed. One that is not registered is
        named in RV(not_checked).
    type: list
    elements: str
    choices: [name, role, settings, configuration, removal]
    default: [name, role, settings]
  remove:
    description:
      - Organizations whose removal is checked, in one call. Each is given by its name, its ID in AWS, or its UUID on
        the appliance.
    type: list
    elements: str
  id:
    description:
      - UUID by which this appliance knows the organization.
    type: str
  aws_organization_id:
    description:
      - ID of the organization in AWS, as in V(o-exampleorgid).
    type: str
  name:
    description:
      - Name of the organization on the appliance.
    type: str
  description:
    description:
      - As in M(vbaws.appliance.organization).
    type: str
  rescan_iam_role:
    description:
      - As in M(vbaws.appliance.organization).
    type: str
  backup_restore_iam_role_name:
    description:
      - As in M(vbaws.appliance.organization).
    type: str
  production_worker_iam_role_name:
    description:
      - As in M(vbaws.appliance.organization).
    type: str
  scope:
    description:
      - V(entire) or V(limited), as in M(vbaws.appliance.organization).
    type: str
  limited_scopes:
    description:
      - As in M(vbaws.appliance.organization).
    type: list
    elements: dict
    suboptions:
      name:
        description:
          - Name of the scope.
        type: str
        required: true
      former_names:
        description:
          - Names that the scope had before.
        type: list
        elements: str
        default: []
      organizational_units:
        description:
          - Units that make up the scope, by AWS ID or path.
        type: list
        elements: str
  fail_on:
    description:
      - From which severity of a finding on the task fails. V(never) leaves the findings in the result.
    type: str
    choices: [error, warning, never]
    default: error
  check_mode_sessions:
    description:
      - Whether check mode may start sessions that change no configuration.
    type: bool
    default: false
seealso:
  - module: vbaws.appliance.organization
"""

EXAMPLES = r"""
- name: Check an organization before it is added
  vbaws.appliance.organization_preflight:
    name: production
    rescan_iam_role: production-rescan
    backup_restore_iam_role_name: vbaws-backup
    scope: entire

- name: Test the permissions of the roles of a registered organization
  vbaws.appliance.organization_preflight:
    name: production
    checks: [configuration]
    fail_on: never
  register: permissions

- name: Show what the test says
  ansible.builtin.debug:
    msg: "{{ permissions.session.log }}"

- name: Ask whether two organizations could be removed
  vbaws.appliance.organization_preflight:
    checks: [removal]
    remove: [acquired, o-exampleorg2]
    fail_on: never
  register: removal

- name: Say what is in the way
  ansible.builtin.debug:
    msg: "{{ removal.findings | map(attribute='message') }}"
  when: not removal.ok
"""

RETURN = r"""
ok:
  description: Whether no check found an error. A check that was left out found nothing, see RV(not_checked).
  returned: always, once the checks could be made
  type: bool
  sample: false
findings:
  description: What the checks found.
  returned: always, once the checks could be made
  type: list
  elements: dict
  sample:
    - check: removal
      severity: error
      message: The organization is used by the policy Daily.
      organization: 5fb25a3c-8d4a-4b3f-9a0c-2f6c61d3e7aa
  contains:
    check: {description: "V(name), V(role), V(settings), V(configuration) or V(removal).", type: str}
    severity: {description: V(error) or V(warning)., type: str}
    message: {description: What the appliance said., type: str}
    organization:
      description:
        - Of V(removal) alone, the UUID of the organization that the finding is about. V(null) where the appliance does
          not say which of several it means.
      type: str
not_checked:
  description: Checks that were left out, and why.
  returned: always, once the checks could be made
  type: list
  elements: str
  sample: []
registered:
  description: Whether the organization is on the appliance.
  returned: always, once the checks could be made
  type: bool
  sample: true
session:
  description: The session that tested the configuration, with its log. V(null) where there was none.
  returned: always, once the checks could be made
  type: dict
  sample: null
failure:
  description: The failure in a form that a playbook can branch on, see M(vbaws.appliance.organization).
  returned: failure
  type: dict
  sample: {reason: invalid, stage: preflight, done: []}
"""

from ansible.module_utils.basic import AnsibleModule

from ..module_utils._module.options import CONNECTION, PREFLIGHT, WAITING
from ..module_utils._module.run import run
from ..module_utils._work.organization_preflight import preflight_task


def main() -> None:
    module = AnsibleModule(
        argument_spec={**CONNECTION, **WAITING, **PREFLIGHT},
        required_one_of=[("id", "aws_organization_id", "name", "remove")],
        supports_check_mode=True,
    )
    run(module, preflight_task)


if __name__ == "__main__":
    main()
