#!/usr/bin/python
# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: organizations
short_description: Keep many AWS Organizations registered on a Veeam Backup for AWS appliance
version_added: 0.1.0
description:
  - Makes all AWS Organizations of a backup appliance what is declared, in one task. Each of them is treated as
    M(vbaws.appliance.organization) does it, which is the same code with a list of one.
  - The task logs in once, reads the list of organizations once and the IAM roles once, and waits for all additions
    together. A loop over M(vbaws.appliance.organization) does all that for each item.
  - Everything is planned before the first write. Then come changes, then removals, then additions; an organization that
    gives up a name goes before the one that gets it.
  - An organization that fails does not keep the others from being carried out. The task fails at its end, says what
    was changed, what failed and what was not touched, and returns a record of each.
  - Optionally removes what is not declared, within a limit, and refuses a plan that is not the approved one or that
    would take too many accounts out of backup.
author:
  - vbaws.appliance contributors (@vbaws)
extends_documentation_fragment:
  - vbaws.appliance.connection
  - vbaws.appliance.waiting
  - vbaws.appliance.limits
  - vbaws.appliance.attributes
  - vbaws.appliance.attributes.actiongroup
attributes:
  check_mode:
    support: full
    details:
      - Makes the same plan and the same checks, and fails where the real run would fail.
      - Starts no session on the appliance unless C(check_mode_sessions) of an organization allows it. What was left out
        for that reason is in RV(organizations[].not_checked).
  diff_mode:
    support: full
    details:
      - One hunk for each organization that changes.
  idempotent:
    support: full
options:
  organizations:
    description:
      - The organizations, each with the options of M(vbaws.appliance.organization), where they are explained in full.
      - Two of them with the same name, the same ID or the same rescan role are an error before any write, as are two
        that turn out to mean the same organization.
      - An empty list declares nothing, and changes nothing unless O(prune=true).
    type: list
    elements: dict
    required: true
    suboptions:
      id:
        description:
          - UUID by which this appliance knows the organization.
        type: str
      aws_organization_id:
        description:
          - ID of the organization in AWS, as in V(o-exampleorgid). With it another name renames the organization.
        type: str
      name:
        description:
          - Name of the organization on the appliance.
        type: str
      <<: &settings
        state:
          description:
            - Whether the organization is to be registered on the appliance. V(present) if nothing says otherwise.
          type: str
          choices: [present, absent]
        description:
          description:
            - A text of at most 255 characters. An empty string clears it.
          type: str
        rescan_iam_role:
          description:
            - IAM role registered on the appliance that reads the organization's structure, by its name on the
              appliance, its ID or its ARN.
          type: str
        backup_restore_iam_role_name:
          description:
            - Name in AWS of the IAM role for backup and restore.
          type: str
        production_worker_iam_role_name:
          description:
            - Name in AWS of the IAM role for worker instances in production accounts. An empty string clears it.
          type: str
        scope:
          description:
            - V(entire) covers every account, V(limited) the units of the limited scopes.
          type: str
        limited_scopes:
          description:
            - The limited scopes that the organization has, and no others. Left out, they stay as they are. An empty
              list is an error unless the scope is declared as V(entire).
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
                - Names that the scope had before, so that it is renamed and the policies that refer to it stay.
              type: list
              elements: str
              default: []
            organizational_units:
              description:
                - Units by AWS ID, or by path as in V(/Workloads/Prod). Left out, those of an existing scope stay.
              type: list
              elements: str
        on_conflict:
          description:
            - What to do if the AWS Organization is registered under another name. V(fail) fails, V(update) takes it
              over. V(fail) if nothing says otherwise.
          type: str
          choices: [fail, update]
        checks:
          description:
            - Which checks the appliance makes before a write. V(role), V(name), V(settings) and V(removal) if nothing
              says otherwise.
            - With an empty list only the AWS Organization of a new rescan role is checked.
          type: list
          elements: str
          choices: [role, name, settings, configuration, removal]
        fail_on:
          description:
            - Lowest severity of a finding that keeps the organization from being written. V(error) if nothing says
              otherwise.
          type: str
          choices: [error, warning, never]
        check_mode_sessions:
          description:
            - Whether check mode may start sessions that change no configuration. V(false) if nothing says otherwise.
          type: bool
        refresh_structure:
          description:
            - When to let the appliance read the structure again from AWS. V(when_missing) if nothing says otherwise.
          type: str
          choices: [never, when_missing, always]
  defaults:
    description:
      - Options for all organizations. What an organization says itself wins; a list is not merged.
    type: dict
    suboptions: *settings
  prune:
    description:
      - Whether to remove the organizations that are not declared.
      - None is removed while any that is declared could not be planned, because then it is not clear which one is
        meant.
    type: bool
    default: false
  prune_limit:
    description:
      - How many organizations O(prune) may remove. Would it be more, the task is refused before any write and names
        them. What is declared with C(state=absent) does not count.
      - It is V(1) where it is not given. With an empty list of O(organizations) it must be given, since a list may be
        empty by mistake.
    type: int
  concurrency:
    description:
      - How many organizations are read and checked at the same time. Writes come one by one, whatever it is.
      - With V(1) everything comes one by one.
    type: int
    default: 8
seealso:
  - module: vbaws.appliance.organization
  - module: vbaws.appliance.organization_info
  - ref: ansible_collections.vbaws.appliance.docsite.guide_many
    description: Many organizations, approvals and limits, step by step.
  - ref: ansible_collections.vbaws.appliance.docsite.guide_errors
    description: Every reason for which a task fails, and what to do.
notes:
  - RV(plan_id) of check mode is what O(expected_plan) of the real run takes. It does not depend on the order of the
    list, on when it was made, or on the version of ansible-core.
"""

EXAMPLES = r"""
- name: Connection from the environment or the vault, once for all tasks of the play
  hosts: localhost
  gather_facts: false
  module_defaults:
    group/vbaws.appliance.all:
      hostname: backup.example.com
      username: ansible
      password: "{{ vault_vbaws_password }}"
      ca_path: /etc/ssl/certs/backup.example.com.pem
  tasks:
    - name: Declare organizations that have settings in common
      vbaws.appliance.organizations:
        defaults:
          backup_restore_iam_role_name: vbaws-backup
          scope: entire
        organizations:
          - name: production
            rescan_iam_role: production-rescan
          - name: research
            rescan_iam_role: research-rescan
          - name: subsidiary
            rescan_iam_role: subsidiary-rescan
            scope: limited
            limited_scopes:
              - name: North
                organizational_units: [/Shops/North]
          - name: acquired
            state: absent

    - name: Exactly these and no others, with at most two removals and no account out of backup
      vbaws.appliance.organizations:
        organizations: "{{ aws_organizations }}"
        prune: true
        prune_limit: 2
        max_accounts_lost: 0

    - name: Plan
      vbaws.appliance.organizations:
        organizations: "{{ aws_organizations }}"
      check_mode: true
      register: plan

    - name: Let somebody look at it
      ansible.builtin.pause:
        prompt: "{{ plan.summary.text }} Go on?"

    - name: Carry out that plan and no other
      vbaws.appliance.organizations:
        organizations: "{{ aws_organizations }}"
        expected_plan: "{{ plan.plan_id }}"

    - name: Go on with what could be done, and tell what could not
      block:
        - name: Declare
          vbaws.appliance.organizations:
            organizations: "{{ aws_organizations }}"
          register: declared
      rescue:
        - name: Tell
          ansible.builtin.debug:
            msg: "{{ declared.organizations | selectattr('failure') | map(attribute='msg') }}"
"""

RETURN = r"""
organizations:
  description:
    - A record of each organization, in the order of O(organizations), then of those that O(prune) removes. On failure
      too.
    - Where M(vbaws.appliance.organization) returns a key of the same name, it is explained there in full.
  returned: always, once a connection could be made
  type: list
  elements: dict
  sample:
    - name: subsidiary
      id: 5fb25a3c-8d4a-4b3f-9a0c-2f6c61d3e7aa
      aws_organization_id: o-exampleorg2
      declared: true
      status: different
      action: update
      outcome: done
      changes:
        - field: limited_scopes.North.organizational_units
          before: [/Shops]
          after: [/Shops/North]
      unverified: []
      verified: true
      preflight: []
      not_checked: []
      session: null
      plan_id: 9c2f4b1d0e8a7c6b5d4e3f2a1b0c9d8e-4fe31a5f
      impact:
        known: true
        accounts_gained: 0
        accounts_lost: 1
        gained: []
        lost:
          - aws_id: "111122223333"
            name: shop-south
            path: /Shops/South/shop-south
      organization: {}
      msg: null
      failure: null
  contains:
    name: {description: "Its declared name, else the ID by which it is declared.", type: str}
    id: {description: UUID on this appliance where it is there., type: str}
    aws_organization_id: {description: ID in AWS where it is there., type: str}
    declared: {description: V(false) for one that O(prune) removes., type: bool}
    organization: {description: As M(vbaws.appliance.organization_info) returns it., type: dict}
    status:
      description:
        - What was found. V(in_sync), V(different), V(missing), V(unwanted) (declared absent), V(unmanaged) (not
          declared, and removed by O(prune)), V(unknown), or V(null) where it could not be planned.
      type: str
    action:
      description: V(none), V(create), V(update), V(rename), V(remove), or V(null) where it could not be planned.
      type: str
    outcome:
      description:
        - V(done), V(refused), V(failed), or V(planned). The last is what check mode returns; outside of it the
          organization was not touched, because something else failed before.
      type: str
    changes: {description: "What the plan changes: C(field), C(before) and C(after).", type: list, elements: dict}
    unverified: {description: Declared options that the appliance does not show., type: list, elements: str}
    verified: {description: Whether it was read back and is as declared., type: bool}
    preflight: {description: "Findings of the appliance's checks.", type: list, elements: dict}
    not_checked: {description: Checks that were left out., type: list, elements: str}
    session: {description: The session that added it or V(null)., type: dict}
    plan_id: {description: As RV(plan_id) for this one alone., type: str}
    impact:
      description:
        - What the change means for the accounts of the AWS Organization, by the structure that the appliance has
          stored. V(null) where nothing changes.
      type: dict
      contains:
        known: {description: Whether both numbers are known., type: bool}
        accounts_gained: {description: How many accounts come into backup or V(null)., type: int}
        accounts_lost: {description: How many accounts fall out of backup or V(null)., type: int}
        gained: {description: "The first 20 of them, with C(aws_id), C(name) and C(path).", type: list, elements: dict}
        lost: {description: "The first 20 of them, with C(aws_id), C(name) and C(path).", type: list, elements: dict}
    msg: {description: What it failed with or V(null)., type: str}
    failure: {description: The same in the form of RV(failure) or V(null)., type: dict}
unmanaged:
  description:
    - Organizations that the appliance has and nobody declares, as M(vbaws.appliance.organization_info) returns them.
  returned: always, once a connection could be made
  type: list
  elements: dict
  sample: []
summary:
  description:
    - Names of the organizations by what became of them, or would in check mode, and the accounts of all changes.
  returned: always, once a connection could be made
  type: dict
  sample:
    created: []
    updated: [subsidiary]
    renamed: []
    removed: []
    unchanged: [production, research]
    unknown: []
    refused: []
    failed: []
    untouched: []
    accounts_gained: 0
    accounts_lost: 1
    text: "1 updated (subsidiary), 2 unchanged; accounts gained: 0, lost: 1."
  contains:
    created: {description: Added., type: list, elements: str}
    updated: {description: Modified., type: list, elements: str}
    renamed: {description: Modified in nothing but the name., type: list, elements: str}
    removed: {description: Removed., type: list, elements: str}
    unchanged: {description: As declared., type: list, elements: str}
    unknown: {description: Nothing differs but for what the appliance does not show., type: list, elements: str}
    refused: {description: Declined before anything was attempted., type: list, elements: str}
    failed: {description: Failed., type: list, elements: str}
    untouched: {description: "To be changed, and not reached.", type: list, elements: str}
    accounts_gained: {description: Accounts that come into backup or V(null) where nobody can tell., type: int}
    accounts_lost: {description: Accounts that fall out of backup or V(null) where nobody can tell., type: int}
    text: {description: All of this in one line., type: str}
plan_id:
  description:
    - Hash of what is declared, what is there, and what would be done. Equal for equal plans, in any order.
    - V(null) where an organization could not be planned.
  returned: always, once a connection could be made
  type: str
  sample: 2c26b46b68ffc68ff99b453c1d304134-4fe31a5f
failure:
  description: The failure in a form that a playbook can branch on. The same in words is in C(msg).
  returned: failure
  type: dict
  sample:
    reason: in_use
    stage: preflight
    done: []
    method: null
    path: null
    status: null
    error_code: null
    details: null
  contains:
    reason:
      description:
        - One of V(unreachable), V(tls), V(auth), V(mfa_required), V(api_version), V(not_found), V(ambiguous),
          V(conflict), V(role_invalid), V(in_use), V(invalid), V(timeout), V(session_failed), V(not_applied),
          V(plan_changed), V(over_limit), V(unknown_outcome), V(api), or V(several) where
          organizations failed of different reasons.
      type: str
    stage:
      description: Where in the work it happened, such as V(connect), V(login), V(preflight) or V(verify), if known.
      type: str
    done: {description: "What had been changed before, in words.", type: list, elements: str}
    method: {description: HTTP method of the call that failed., type: str}
    path: {description: Path of the call that failed., type: str}
    status: {description: HTTP status of the answer., type: int}
    error_code: {description: The appliance's error code., type: str}
    details: {description: What the appliance said., type: str}
"""

from ansible.module_utils.basic import AnsibleModule

from ..module_utils._declare.many import declare_organizations
from ..module_utils._module.options import CONNECTION, LIMITS, ORGANIZATIONS, WAITING
from ..module_utils._module.run import run


def main() -> None:
    module = AnsibleModule(
        argument_spec={**CONNECTION, **WAITING, **ORGANIZATIONS, **LIMITS},
        supports_check_mode=True,
    )
    run(module, declare_organizations)


if __name__ == "__main__":
    main()
