#!/usr/bin/python
# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: organization
short_description: Keep an AWS Organization registered on a Veeam Backup for AWS appliance
version_added: 0.1.0
description:
  - Adds an AWS Organization to a backup appliance, changes its settings, takes it over under another name, or removes
    it.
  - Compares what is declared with what the appliance shows, and writes only where they differ. A second run changes
    nothing.
  - Before a write the appliance's own checks are asked. After it the organization is read back and compared again, so
    that a change which the appliance accepted and did not apply is an error.
  - Options that are left out keep their values on the appliance.
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
      - Starts no session on the appliance unless O(check_mode_sessions=true). What it left out for that reason is in
        RV(not_checked).
      - A role or unit that does not exist is a warning only, since an earlier task of the play could create it. The
        result is V(changed) then, and never in sync.
  diff_mode:
    support: full
  idempotent:
    support: full
options:
  state:
    description:
      - Whether the organization is to be registered on the appliance.
      - Removing asks the appliance first, in check mode too, and is refused with the appliance's reasons while backup
        policies use the organization.
    type: str
    choices: [present, absent]
    default: present
  id:
    description:
      - UUID by which this appliance knows the organization. It differs from appliance to appliance.
      - The organization is found by O(id), else by O(aws_organization_id), else by O(name). Found by one of the first
        two, another O(name) renames it.
    type: str
  aws_organization_id:
    description:
      - ID of the organization in AWS, as in V(o-exampleorgid). It is the same on every appliance.
      - If the organization that has the O(name) is another one in AWS, the task fails. Of an organization that is added
        the appliance tells the ID only afterwards, so that O(rescan_iam_role) of another AWS Organization is told then.
    type: str
  name:
    description:
      - Name of the organization on the appliance, at most 127 characters. Upper and lower case count.
      - It is unique on the appliance, and no IAM role of the appliance may have the same name.
      - Required to add an organization.
    type: str
  description:
    description:
      - A text of at most 255 characters. An empty string clears it.
    type: str
  rescan_iam_role:
    description:
      - IAM role registered on the appliance with whose permissions the organization's structure is read. Takes its
        name on the appliance, its ID, or its ARN.
      - The role must belong to the management account or to a delegated administrator account of the AWS Organization.
        The role of another AWS Organization is refused before anything is written.
      - Given by its ID it costs no request; otherwise the roles of the appliance are read once.
      - Required to add an organization.
    type: str
  backup_restore_iam_role_name:
    description:
      - Name in AWS of the IAM role for backup and restore. It must exist in every account that is to be protected.
      - A name, not an ARN, since the account differs.
      - Required to add an organization.
    type: str
  production_worker_iam_role_name:
    description:
      - Name in AWS of the IAM role for worker instances in production accounts. Without it the role for backup and
        restore is used.
      - An empty string clears it.
    type: str
  scope:
    description:
      - V(entire) covers every account of the AWS Organization, V(limited) the units named in O(limited_scopes).
      - Required to add an organization, and to switch a registered one from one to the other. Declaring
        O(limited_scopes) alone does not narrow an organization that is registered as a whole.
      - V(entire) drops the scopes that exist.
    type: str
  limited_scopes:
    description:
      - The limited scopes that the organization has, and no others. Left out, they stay as they are.
      - An empty list is an error unless O(scope=entire) is said as well, since an empty filter must never widen access
        to a whole organization.
      - A scope that is no longer declared is dropped. Where the appliance keeps it, for example because a backup
        policy uses it, the task fails and says so.
      - The order does not matter.
    type: list
    elements: dict
    suboptions:
      name:
        description:
          - Name of the scope, unique within the organization. A scope is found by its name.
        type: str
        required: true
      former_names:
        description:
          - Names that the scope had before. Where the O(limited_scopes[].name) does not exist and one of these does,
            that scope is renamed, and the backup policies that refer to it stay in place.
          - Dropping a scope while a new one takes over its units is refused, because it is most likely a rename.
        type: list
        elements: str
        default: []
      organizational_units:
        description:
          - Units that make up the scope. Accounts in them, and in units below them, are included.
          - A unit is given by its AWS ID (V(ou-...), or V(r-...) for the root), or by its path of names from the
            root, as in V(/Workloads/Prod). The root is V(/). A slash within a name is written V(\\/), a backslash
            V(\\\\).
          - Accounts cannot be chosen. The order does not matter.
          - May be left out for a scope that exists, whose units then stay as they are.
        type: list
        elements: str
  on_conflict:
    description:
      - What to do if the AWS Organization is registered already, under another name. An AWS Organization can be added
        once.
      - V(fail) fails and names it, V(update) takes it over, which renames it.
    type: str
    choices: [fail, update]
    default: fail
  checks:
    description:
      - Which checks the appliance makes before a write. If nothing would be written, nothing is checked.
      - V(role) checks that a new rescan role can read an AWS Organization. The appliance is asked about the role even
        without V(role), because its answer shows which AWS Organization the role belongs to. A role of another AWS
        Organization always fails the task. Without V(role), a role that cannot be used is a finding of severity
        V(warning) in RV(preflight) and does not fail the task, whatever O(fail_on) is.
      - V(name) checks that a new name is valid and free.
      - V(settings) checks all settings together before an addition or a change.
      - V(configuration) tests the permissions of the roles before an addition or a change. The test is a session on the
        appliance, which takes time and changes no configuration.
      - V(removal) checks that the organization can be removed.
      - If this option is omitted or V(null), the checks are V(role), V(name), V(settings) and V(removal). With an empty
        list only the AWS Organization of a new rescan role is checked.
    type: list
    elements: str
    choices: [role, name, settings, configuration, removal]
  fail_on:
    description:
      - Lowest severity of a finding with which the task fails before the write. V(error) lets warnings pass. V(never)
        makes the attempt whatever the checks found, and leaves it to the appliance to refuse.
      - All findings are returned in RV(preflight) in any case.
    type: str
    choices: [error, warning, never]
    default: error
  check_mode_sessions:
    description:
      - Whether check mode may start sessions that change no configuration, that is rescans in memory and tests of the
        configuration. With them it resolves units of an organization that is not added yet.
    type: bool
    default: false
  refresh_structure:
    description:
      - When to let the appliance read the structure of a registered organization again from AWS, which updates what it
        stores. A unit that was made in AWS after the last rescan is unknown to it until then.
      - V(when_missing) does so if a declared unit is not known, V(always) before every comparison that involves units.
      - The rescan takes its time. It does not make the task V(changed) by itself.
    type: str
    choices: [never, when_missing, always]
    default: when_missing
seealso:
  - module: vbaws.appliance.organizations
  - module: vbaws.appliance.organization_info
  - module: vbaws.appliance.organization_rescan
  - ref: ansible_collections.vbaws.appliance.docsite.guide_declare
    description: How organizations are declared, step by step.
  - ref: ansible_collections.vbaws.appliance.docsite.guide_errors
    description: Every reason for which a task fails, and what to do.
notes:
  - Nothing is guessed where a guess could write. A setting that the playbook does not declare goes back to the
    appliance as it was read, under the name by which it was read.
  - Some property names of the API are assumed, because no public document shows them. See O(wire_names).
  - With O(wait=false) the task returns after the appliance has accepted an addition. A later run first looks whether
    it has ended.
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
    - name: Protect the whole AWS Organization
      vbaws.appliance.organization:
        name: production
        aws_organization_id: o-exampleorg1
        rescan_iam_role: arn:aws:iam::111122223333:role/vbaws-rescan
        backup_restore_iam_role_name: vbaws-backup
        scope: entire

    - name: Protect two sets of units
      vbaws.appliance.organization:
        name: subsidiary
        description: Shops of the subsidiary
        rescan_iam_role: subsidiary-rescan
        backup_restore_iam_role_name: vbaws-backup
        production_worker_iam_role_name: vbaws-worker
        scope: limited
        limited_scopes:
          - name: North
            organizational_units:
              - /Shops/North
              - ou-ab12-cdefghij
          - name: South
            organizational_units: [/Shops/South]

    - name: Test the permissions of the roles before the organization is added
      vbaws.appliance.organization:
        name: research
        rescan_iam_role: research-rescan
        backup_restore_iam_role_name: vbaws-backup
        scope: entire
        checks: [role, name, settings, configuration]

    - name: Change one setting, leave all others as they are
      vbaws.appliance.organization:
        name: subsidiary
        description: ""

    - name: Rename an organization by the ID that it has in AWS
      vbaws.appliance.organization:
        aws_organization_id: o-exampleorg1
        name: production-eu

    - name: Rename a scope without breaking the policies that refer to it
      vbaws.appliance.organization:
        name: subsidiary
        limited_scopes:
          - name: Northern shops
            former_names: [North]
          - name: South

    - name: Take over what somebody registered by hand under another name
      vbaws.appliance.organization:
        name: research
        rescan_iam_role: research-rescan
        backup_restore_iam_role_name: vbaws-backup
        scope: entire
        on_conflict: update

    - name: Remove an organization that no policy uses
      vbaws.appliance.organization:
        name: acquired
        state: absent

    - name: Remove an organization, and go on if policies still use it
      block:
        - name: Remove it
          vbaws.appliance.organization:
            name: acquired
            state: absent
          register: removal
      rescue:
        - name: Stop for any other reason
          ansible.builtin.fail:
            msg: "{{ removal.msg }}"
          when: (removal.failure | default({})).reason | default('') != 'in_use'
"""

RETURN = r"""
organization:
  description: The organization as it is on the appliance, V(null) where there is none, or none yet.
  returned: success
  type: dict
  sample:
    id: 5fb25a3c-8d4a-4b3f-9a0c-2f6c61d3e7aa
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
  contains:
    id: {description: UUID on this appliance., type: str}
    aws_organization_id: {description: ID in AWS., type: str}
    name: {description: Name on the appliance., type: str}
    description: {description: Description or V(null)., type: str}
    rescan_iam_role_id: {description: UUID of the rescan role on this appliance., type: str}
    backup_restore_iam_role_name: {description: Name of the role in AWS., type: str}
    production_worker_iam_role_name: {description: Name of the role in AWS or V(null)., type: str}
    scope: {description: "V(entire), V(limited), or V(null) where the appliance does not tell.", type: str}
    limited_scopes: {description: "Scopes with ID, name, and the AWS IDs of their units.", type: list, elements: dict}
    other: {description: Properties that the collection does not know., type: dict}
status:
  description:
    - What was found before the task. V(in_sync), V(different), V(missing), V(unwanted) (there and declared absent), or
      V(unknown) where nothing differs except for declared settings that the appliance does not show.
  returned: always, once the plan could be made
  type: str
  sample: different
action:
  description: What the plan is. V(none), V(create), V(update), V(rename) if only the name changes, or V(remove).
  returned: always, once the plan could be made
  type: str
  sample: update
outcome:
  description:
    - V(done) where everything is as declared, now or before. V(planned) where check mode would change something.
      V(refused) where the task declined before it attempted anything. V(failed) in all other cases.
    - With O(wait=false) it is V(done) as soon as the appliance has accepted the addition. See RV(verified).
  returned: always
  type: str
  sample: done
changes:
  description: What the plan changes, field by field, in the words of the options.
  returned: always, once the plan could be made
  type: list
  elements: dict
  sample:
    - field: description
      before: Shops of the subsidiary
      after: null
  contains:
    field: {description: "Option, or C(limited_scopes.NAME.organizational_units) and the like.", type: str}
    before: {description: Value on the appliance., type: raw}
    after: {description: Declared value., type: raw}
unverified:
  description: Declared options that the appliance does not show, so that nobody can tell whether they are applied.
  returned: always, once the plan could be made
  type: list
  elements: str
  sample: []
verified:
  description:
    - Whether the organization was read, or read back after a write, and is as declared. V(false) in check mode if
      something would change, with O(wait=false) after an addition, and while anything is RV(unverified).
  returned: always
  type: bool
  sample: true
preflight:
  description: Findings of the appliance's checks.
  returned: always, once a connection could be made
  type: list
  elements: dict
  sample: []
  contains:
    check: {description: "V(role), V(name), V(settings), V(configuration) or V(removal).", type: str}
    severity: {description: V(error) or V(warning)., type: str}
    message: {description: What the appliance said., type: str}
not_checked:
  description: Checks that check mode left out, and how to allow them.
  returned: always, once a connection could be made
  type: list
  elements: str
  sample: []
session:
  description:
    - The session on the appliance that added the organization, or else that tested the configuration.
    - Only its C(id) with O(wait=false). Its C(log) is read only if it ended with a warning or failed.
  returned: always, once a connection could be made
  type: dict
  sample:
    id: 10437ea3-6ba6-4b6e-a615-0ea67a25e346
    state: succeeded
    status: Succeeded
    result: Success
    reason: null
    log: []
plan_id:
  description:
    - Hash of what is declared, what is there, and what would be done. Equal for equal plans, in any order.
    - What O(expected_plan) takes.
  returned: always, once the plan could be made
  type: str
  sample: 2c26b46b68ffc68ff99b453c1d304134-4fe31a5f
impact:
  description:
    - What the change means for the accounts of the AWS Organization, by the structure that the appliance has stored.
      V(null) where nothing changes.
  returned: always, once the plan could be made
  type: dict
  sample:
    known: true
    accounts_gained: 0
    accounts_lost: 1
    gained: []
    lost:
      - aws_id: "111122223333"
        name: shop-south
        path: /Shops/South/shop-south
  contains:
    known: {description: Whether both numbers are known., type: bool}
    accounts_gained: {description: How many accounts come into backup or V(null)., type: int}
    accounts_lost: {description: How many accounts fall out of backup or V(null)., type: int}
    gained: {description: "The first 20 of them, with C(aws_id), C(name) and C(path).", type: list, elements: dict}
    lost: {description: "The first 20 of them, with C(aws_id), C(name) and C(path).", type: list, elements: dict}
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
          V(plan_changed), V(over_limit), V(unknown_outcome), V(api).
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

from ..module_utils._declare.batch import declare
from ..module_utils._model.desired import declared_from_options
from ..module_utils._module.options import CONNECTION, LIMITS, ORGANIZATION, WAITING
from ..module_utils._module.run import run


def main() -> None:
    module = AnsibleModule(
        argument_spec={**CONNECTION, **WAITING, **ORGANIZATION, **LIMITS},
        required_one_of=[("id", "aws_organization_id", "name")],
        supports_check_mode=True,
    )
    run(module, lambda task: declare(task, declared_from_options(task.options)))


if __name__ == "__main__":
    main()
