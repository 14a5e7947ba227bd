# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Both doors return the same for every module and every kind of ending."""

from __future__ import annotations

from doors.comparison import assert_same
from doors.runs import Ansible

DECLARE = """
- name: Create in check mode with a diff
  vbaws.appliance.organization: &production
    name: production
    description: First
    rescan_iam_role: prod-rescan
    backup_restore_iam_role_name: VeeamBackupRestore
    scope: entire
  check_mode: true
  diff: true
- name: Create with a diff
  vbaws.appliance.organization: *production
  diff: true
- name: In sync
  vbaws.appliance.organization: *production
- name: Update in check mode
  vbaws.appliance.organization: {<<: *production, description: Second}
  check_mode: true
  diff: true
- name: Update
  vbaws.appliance.organization: {<<: *production, description: Second}
- name: Limit with a warning about accounts
  vbaws.appliance.organization:
    name: production
    scope: limited
    limited_scopes:
      - name: nested
        organizational_units: [/Workloads, /Workloads/Prod, /Sandbox]
  diff: true
- name: Refuse to widen by an empty list
  vbaws.appliance.organization: {name: production, limited_scopes: []}
- name: Refuse to exceed a limit
  vbaws.appliance.organization:
    name: production
    max_accounts_lost: 0
    limited_scopes: [{name: small, organizational_units: [/Sandbox]}]
- name: Conflict of two identifiers
  vbaws.appliance.organization: {name: production, id: 11111111-2222-3333-4444-555555555555}
- name: Conflict with another name
  vbaws.appliance.organization: {<<: *production, name: other}
- name: Role that does not exist
  vbaws.appliance.organization: {<<: *production, name: subsidiary, rescan_iam_role: nonexistent}
- name: Role without permissions
  vbaws.appliance.organization: {<<: *production, name: acquired, rescan_iam_role: acquired-rescan}
- name: Many
  vbaws.appliance.organizations:
    defaults: {backup_restore_iam_role_name: VeeamBackupRestore, scope: entire}
    organizations:
      - {name: production}
      - {name: subsidiary, rescan_iam_role: subsidiary-rescan}
      - {name: broken, rescan_iam_role: nonexistent}
  diff: true
- name: Many in check mode
  vbaws.appliance.organizations:
    defaults: {backup_restore_iam_role_name: VeeamBackupRestore, scope: entire}
    organizations: [{name: production}, {name: research, rescan_iam_role: research-rescan}]
    prune: true
    prune_limit: 1
  check_mode: true
  diff: true
- name: Use a policy
  simulator: {path: /policies, body: {name: nightly, organization: subsidiary}}
- name: Removal that the appliance refuses
  vbaws.appliance.organization: {name: subsidiary, state: absent}
- name: Remove
  vbaws.appliance.organization: {name: production, state: absent}
  diff: true
- name: Absent already
  vbaws.appliance.organization: {name: production, state: absent}
"""

READ = """
- name: Create
  vbaws.appliance.organization:
    name: production
    rescan_iam_role: prod-rescan
    backup_restore_iam_role_name: VeeamBackupRestore
    scope: entire
  register: created
- vbaws.appliance.appliance_info: {api_versions: [1.7-rev0, 9.9-rev9]}
  name: appliance_info
- vbaws.appliance.iam_role_info: {search: rescan}
  name: iam_role_info
- vbaws.appliance.organization_info: {sort: [nameDesc], limit: 5}
  name: organization_info
- vbaws.appliance.organization_export: {format: csv}
  name: organization_export
- vbaws.appliance.organization_preflight: {name: production, remove: [production, subsidiary], fail_on: never}
  name: organization_preflight
- vbaws.appliance.organization_preflight: {name: production, checks: [configuration]}
  name: organization_preflight in check mode
  check_mode: true
- vbaws.appliance.organization_rescan: {name: production}
  name: organization_rescan
  diff: true
- vbaws.appliance.organization_rescan: {name: production, wait: false}
  name: organization_rescan without waiting
- vbaws.appliance.organization_rescan: {rescan_iam_role: acquired-rescan, storage: in_memory}
  name: organization_rescan that fails
- vbaws.appliance.organization_structure_info: {name: production, format: tree}
  name: organization_structure_info
- vbaws.appliance.session_info: {id: "{{ created.session.id }}", wait: true}
  name: session_info
- vbaws.appliance.session_info: {id: 11111111-2222-3333-4444-555555555555, wait: true}
  name: session that is not found
- vbaws.appliance.organization_structure_info: {name: nowhere}
  name: organization that is not found
- vbaws.appliance.token: {state: absent, access_token: not-a-token}
  name: token
- vbaws.appliance.token:
  name: token that would be shown
- vbaws.appliance.organization_info: {port: 1, retries: 0}
  name: unreachable
- vbaws.appliance.organization_info: {certificate_fingerprint: "{{ 'ab' * 32 }}"}
  name: another certificate
- vbaws.appliance.organization_info: {password: canary-Wrong-1}
  name: login refused
- vbaws.appliance.organization_info: {validate_certs: false}
  name: unverified certificate
- simulator:
    path: /faults
    body:
      kind: status
      status: 403
      details: "\\e[31mnot for you {{ '{{' }} 7*7 }}"
      match: {path: organizations}
  name: fault 1
- vbaws.appliance.organization_info:
  name: refused
- simulator: {path: /faults, body: {kind: html, times: 1, match: {path: organizations}}}
  name: fault 2
- vbaws.appliance.organization_info: {retries: 0}
  name: a web page
- simulator: {path: /faults, body: {kind: slow, seconds: 3, times: 1, match: {path: organizations}}}
  name: fault 3
- vbaws.appliance.organization_info: {timeout: 1, retries: 0}
  name: too slow
"""

OPTIONS = """
- name: unsupported option
  vbaws.appliance.organization: {name: a, rescan_iam_roles: b, password: "{{ 'canary-Unsupp' ~ 'orted-9' }}"}
- {name: unsupported option of another module, vbaws.appliance.organization_info: {scope: entire}}
- {name: required option, vbaws.appliance.session_info: {}}
- {name: one of several, vbaws.appliance.organization: {scope: entire}}
- {name: one of several in a suboption, vbaws.appliance.organizations: {organizations: [{scope: entire}]}}
- {name: exclusive options, vbaws.appliance.iam_role_info: {name: a, search: b}}
- {name: required by another option, vbaws.appliance.token: {mfa_token: canary-Mfa-31}}
- {name: required if, vbaws.appliance.token: {state: absent}}
- {name: not a choice, vbaws.appliance.organization: {name: a, state: gone}}
- {name: not a choice in a list, vbaws.appliance.organization: {name: a, checks: [role, rolle]}}
- {name: not a number, vbaws.appliance.organization_info: {port: abc}}
- {name: not a boolean, vbaws.appliance.organization_info: {validate_certs: maybe}}
- {name: not a list of dicts, vbaws.appliance.organizations: {organizations: [production]}}
- name: wrong type in a suboption
  vbaws.appliance.organization: {name: a, limited_scopes: [{name: s, organizational_units: {a: b}}]}
- {name: unsupported suboption, vbaws.appliance.organization: {name: a, limited_scopes: [{name: s, units: []}]}}
- {name: required suboption, vbaws.appliance.organization: {name: a, limited_scopes: [{organizational_units: [/A]}]}}
- {name: dict that is not one, vbaws.appliance.organization_info: {wire_names: "{"}}
- {name: boolean in place of text, vbaws.appliance.organization: {name: true, state: absent}}
- {name: number in place of text, vbaws.appliance.organization: {name: 0123, state: absent}}
- {name: invalid for the collection, vbaws.appliance.organization_info: {hostname: "https://x"}}
- {name: out of range, vbaws.appliance.organization_info: {timeout: 0}}
- name: null in suboptions
  vbaws.appliance.organization:
    name: a
    state: absent
    limited_scopes: [{name: s, former_names: null, organizational_units: null}]
    checks: null
- {name: file option without a file, vbaws.appliance.organization_export: {mode: "0600", owner: nobody}}
- name: token in place of a password
  vbaws.appliance.organization_info: {password: null, access_token: canary-Token-77}
"""


def _count(tasks: str) -> int:
    return tasks.count("vbaws.appliance.")


def test_declarations_return_the_same_through_both_doors(ansible: Ansible) -> None:
    assert_same(*ansible.both(DECLARE), tasks=_count(DECLARE))


def test_other_modules_return_the_same_through_both_doors(ansible: Ansible) -> None:
    assert_same(*ansible.both(READ), tasks=_count(READ))


def test_option_errors_are_the_same_through_both_doors(ansible: Ansible) -> None:
    module, worker = ansible.both(OPTIONS)
    assert_same(module, worker, tasks=_count(OPTIONS))
    assert "canary-Unsupported-9" not in module.output + worker.output
