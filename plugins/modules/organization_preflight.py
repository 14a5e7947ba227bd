#!/usr/bin/python
# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: organization_preflight
short_description: Check an AWS Organization on a Veeam Backup for AWS appliance before a change
version_added: 0.1.0
description:
  - Runs the appliance's checks before an organization is added, changed or removed. Changes nothing.
  - M(vbaws.appliance.organization) runs the same checks before it writes. Use this module for a report, for an
    approval, or to test the permissions of the roles.
  - Settings of a registered organization that are not declared are checked as they are.
author:
  - vbaws.appliance contributors (@vbaws)
extends_documentation_fragment:
  - vbaws.appliance.connection
  - vbaws.appliance.identity
  - vbaws.appliance.settings
  - vbaws.appliance.waiting
  - vbaws.appliance.attributes
  - vbaws.appliance.attributes.info_module
  - vbaws.appliance.attributes.actiongroup
attributes:
  check_mode:
    details:
      - Runs every check that only reads. RV(not_checked) lists what was skipped.
      - Rescans in memory and the test of the configuration are sessions on the appliance. Check mode starts them only
        with O(check_mode_sessions=true).
options:
  checks:
    description:
      - Checks to run.
      - V(name) checks whether the name is valid and free. It is skipped if the organization already has this name.
      - V(role) checks whether the rescan role can read an AWS Organization, and whether it is the right one.
      - V(settings) checks all settings together. If the organization is not registered, its units are resolved by a
        rescan in memory first.
      - V(configuration) tests the permissions of the roles in a session on the appliance. RV(session) contains its log.
        With O(wait=false), the session is started and its result is unknown.
      - V(removal) checks whether the organization, or each organization in O(remove), can be removed. If the
        organization is not registered, RV(not_checked) names it.
    type: list
    elements: str
    choices: [name, role, settings, configuration, removal]
    default: [name, role, settings]
  remove:
    description:
      - Organizations whose removal is checked in one call. Specify each by its name, its ID in AWS, or its UUID on the
        appliance.
    type: list
    elements: str
  fail_on:
    description: Lowest severity of a finding that makes the task fail. With V(never), the findings are only returned.
    type: str
    choices: [error, warning, never]
    default: error
  check_mode_sessions:
    description: Whether check mode may start sessions that change no configuration.
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

- name: Show the log of the test
  ansible.builtin.debug:
    msg: "{{ permissions.session.log }}"

- name: Check whether two organizations can be removed
  vbaws.appliance.organization_preflight:
    checks: [removal]
    remove: [acquired, o-exampleorg2]
    fail_on: never
  register: removal

- name: Show what prevents the removal
  ansible.builtin.debug:
    msg: "{{ removal.findings | map(attribute='message') }}"
  when: not removal.ok
"""

RETURN = r"""
ok:
  description: Whether no check found an error. A check that was skipped found nothing, see RV(not_checked).
  returned: always, once the checks could be made
  type: bool
  sample: false
findings:
  description: Findings of the checks.
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
    message: {description: Message of the finding., type: str}
    organization:
      description:
        - Only for V(removal), the UUID of the affected organization. V(null) if the appliance does not show which of
          several organizations is affected.
      type: str
not_checked:
  description: Checks that were skipped, and why.
  returned: always, once the checks could be made
  type: list
  elements: str
  sample: []
registered:
  description: Whether the organization is registered on the appliance.
  returned: always, once the checks could be made
  type: bool
  sample: true
session:
  description:
    - Session that tested the configuration, with its log. V(null) without such a session. See
      M(vbaws.appliance.session_info) for its keys.
  returned: always, once the checks could be made
  type: dict
  sample: null
failure:
  description: Failure in a form that a playbook can branch on, see RV(vbaws.appliance.organization#module:failure).
  returned: failure
  type: dict
  sample: {reason: invalid, stage: preflight, done: []}
"""

from ansible.module_utils.basic import AnsibleModule

from ..module_utils._options import CONNECTION, PREFLIGHT, WAITING
from ..module_utils._preflight_task import preflight_task
from ..module_utils._run import run


def main() -> None:
    module = AnsibleModule(
        argument_spec={**CONNECTION, **WAITING, **PREFLIGHT},
        required_one_of=[("id", "aws_organization_id", "name", "remove")],
        supports_check_mode=True,
    )
    run(module, preflight_task)


if __name__ == "__main__":
    main()
