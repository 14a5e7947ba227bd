#!/usr/bin/python
# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: organization
short_description: Manage an AWS Organization registered on a Veeam Backup for AWS appliance
version_added: 0.1.0
description:
  - Adds an AWS Organization to a backup appliance, changes its settings, takes it over under another name, or removes
    it.
  - Compares the declared options with the appliance and writes only if they differ. A second run changes nothing.
  - Runs the appliance's own checks before a write. After a write, it reads the organization back and compares again. A
    change that the appliance accepted but did not apply is an error.
  - Options that are omitted keep their values on the appliance. V(null) is the same as omitting an option.
author:
  - vbaws.appliance contributors (@vbaws)
extends_documentation_fragment:
  - vbaws.appliance.connection
  - vbaws.appliance.identity
  - vbaws.appliance.settings
  - vbaws.appliance.waiting
  - vbaws.appliance.limits
  - vbaws.appliance.attributes
  - vbaws.appliance.attributes.actiongroup
attributes:
  check_mode:
    support: full
    details:
      - Makes the same plan and the same checks as the real run, and fails if the real run would fail.
      - Starts no session on the appliance unless O(check_mode_sessions=true). RV(not_checked) lists what was skipped
        for this reason.
      - A role or unit that does not exist only causes a warning, because an earlier task of the play could create it.
        The task is then C(changed), and never reports that the organization is in sync.
  diff_mode:
    support: full
  idempotent:
    support: full
options:
  state:
    description:
      - Whether the organization must be registered on the appliance.
      - Before a removal, in check mode too, the appliance checks whether backup policies use the organization. If they
        do, the task fails with the appliance's reasons.
    type: str
    choices: [present, absent]
    default: present
  id:
    description:
      - UUID of the organization on this appliance. Each appliance assigns its own.
      - The organization is found by O(id), else by O(aws_organization_id), else by O(name). If O(id) or
        O(aws_organization_id) finds an organization with a different name, it is renamed to O(name).
      - Options that lead to two organizations are an error, also with O(state=absent).
  aws_organization_id:
    description:
      - ID of the organization in AWS, such as V(o-exampleorgid). It is the same on every appliance.
      - The task fails if the organization with this O(name) has another ID in AWS. The appliance reports the ID of a
        new organization only after the addition. A O(rescan_iam_role) of another AWS Organization is therefore detected
        only after the addition.
  name:
    description:
      - Name of the organization on the appliance, at most 127 characters. It is case-sensitive. A new name must not
        begin or end with white space.
      - A bool or a number is an error, here and in all other texts of an organization. Put a name such as V("0123") or
        V("NO") in quotes.
      - The name must be unique on the appliance. An IAM role of the appliance must not have the same name.
      - Required to add an organization.
  on_conflict:
    description:
      - What to do if the AWS Organization is already registered under another name. An AWS Organization can be added
        only once.
      - With V(fail), the task fails and reports that name. With V(update), the task takes the organization over and
        renames it. A mistyped O(name) then renames the organization.
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
      - With an empty list only the AWS Organization of a new rescan role is checked.
    type: list
    elements: str
    choices: [role, name, settings, configuration, removal]
    default: [role, name, settings, removal]
  fail_on:
    description:
      - Lowest severity of a finding that makes the task fail before the write. V(error) accepts warnings. V(never)
        attempts the write despite any findings. The appliance may then refuse it.
      - Findings that do not make the task fail are shown as one warning, in check mode too. All findings are returned
        in RV(preflight) in any case.
    type: str
    choices: [error, warning, never]
    default: error
  check_mode_sessions:
    description:
      - Whether check mode may start sessions that change no configuration. These are rescans in memory and tests of the
        configuration. They allow check mode to resolve units of an organization that is not added yet.
    type: bool
    default: false
  refresh_structure:
    description:
      - When the appliance rescans the structure of a registered organization from AWS and updates what it has stored. A
        unit that was created in AWS after the last rescan is unknown to the appliance until then.
      - V(when_missing) rescans if a declared unit is unknown, V(always) before every comparison that involves units. A
        path that differs from the path of a unit only in upper and lower case is an error without a rescan.
      - The rescan takes time. It does not make the task C(changed) by itself.
    type: str
    choices: [never, when_missing, always]
    default: when_missing
seealso:
  - module: vbaws.appliance.organizations
  - module: vbaws.appliance.organization_info
  - module: vbaws.appliance.organization_rescan
  - ref: ansible_collections.vbaws.appliance.docsite.guide_declare
    description: How to declare organizations, step by step.
  - ref: ansible_collections.vbaws.appliance.docsite.guide_errors
    description: Why a task can fail, and what to do.
notes:
  - A write is never based on a guess. A setting that the playbook does not declare is sent back as it was read, under
    the property name that it was read from.
  - Some property names of the API are assumed, because no public document shows them. See O(wire_names).
  - With O(wait=false), the task returns when the appliance has accepted an addition. A later run first checks whether
    the addition has ended.
"""

EXAMPLES = r"""
- name: Set the connection once for all tasks of the play
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

    - name: Change one setting and keep all others
      vbaws.appliance.organization:
        name: subsidiary
        description: ""

    - name: Rename an organization that is found by its AWS ID
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

    - name: Take over an organization that was registered manually under another name
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

    - name: Remove an organization, and continue if policies still use it
      block:
        - name: Remove the organization
          vbaws.appliance.organization:
            name: acquired
            state: absent
          register: removal
      rescue:
        - name: Fail for any other reason
          ansible.builtin.fail:
            msg: "{{ removal.msg }}"
          when: (removal.failure | default({})).reason | default('') != 'in_use'
"""

RETURN = r"""
organization:
  description:
    - The organization on the appliance, V(null) if it does not exist, or does not exist yet.
    - See M(vbaws.appliance.organization_info) for its keys.
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
    other: {}
status:
  description:
    - State before the task. V(in_sync), V(different), V(missing), V(unwanted) (it exists and is declared absent), or
      V(unknown) if nothing differs except for declared settings that the appliance does not show.
  returned: always, once the plan could be made
  type: str
  sample: different
action:
  description: Planned action. V(none), V(create), V(update), V(rename) if only the name changes, or V(remove).
  returned: always, once the plan could be made
  type: str
  sample: update
outcome:
  description:
    - V(done) if everything is as declared, before or after the task. V(planned) if check mode would change something.
      V(refused) if the change was declined before anything was attempted. V(failed) in all other cases.
    - With O(wait=false), V(done) means that the appliance has accepted the addition. See RV(verified).
  returned: always
  type: str
  sample: done
changes:
  description: Planned changes, one entry for each field, in terms of the options.
  returned: always, once the plan could be made
  type: list
  elements: dict
  sample:
    - field: description
      before: Shops of the subsidiary
      after: null
  contains:
    field: {description: "Option, or a part of it such as C(limited_scopes.NAME.organizational_units).", type: str}
    before: {description: Value on the appliance., type: raw}
    after: {description: Declared value., type: raw}
unverified:
  description: Declared options that the appliance does not show, so they cannot be verified.
  returned: always, once the plan could be made
  type: list
  elements: str
  sample: []
verified:
  description:
    - Whether the organization on the appliance is as declared. After a write, it is read back to verify this.
    - V(false) in check mode if something would change, with O(wait=false) after an addition, and if RV(unverified) is
      not empty.
  returned: always
  type: bool
  sample: true
preflight:
  description:
    - Findings of the appliance's checks. Each has the keys C(check), C(severity) and C(message) as in
      M(vbaws.appliance.organization_preflight).
  returned: always, once a connection could be made
  type: list
  elements: dict
  sample: []
not_checked:
  description: Checks that check mode skipped, and how to allow them.
  returned: always, once a connection could be made
  type: list
  elements: str
  sample: []
session:
  description:
    - Session on the appliance that added the organization, or otherwise the session that tested the configuration. See
      M(vbaws.appliance.session_info) for its keys.
    - It contains only C(id) with O(wait=false), and if the task timed out or was interrupted while it waited. C(log) is
      read only if the session failed or ended with a warning.
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
    - Hash of what is declared, what exists, and what would be done. Equal plans have the same hash, in any order.
    - Value for O(expected_plan).
  returned: always, once the plan could be made
  type: str
  sample: 2c26b46b68ffc68ff99b453c1d304134-4fe31a5f0b7c6d2e
impact:
  description:
    - Effect of the change on the accounts of the AWS Organization, based on the structure that the appliance has
      stored. V(null) if nothing changes.
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
    accounts_gained: {description: "Number of accounts that come into backup, V(null) if unknown.", type: int}
    accounts_lost: {description: "Number of accounts that fall out of backup, V(null) if unknown.", type: int}
    gained: {description: "First 20 gained accounts with C(aws_id), C(name), C(path).", type: list, elements: dict}
    lost: {description: "First 20 lost accounts with C(aws_id), C(name), C(path).", type: list, elements: dict}
failure:
  description: The failure in a form that a playbook can branch on. C(msg) describes the same failure in words.
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
    stage: {description: "Step that failed if known, such as V(connect), V(login), V(preflight), V(verify).", type: str}
    done: {description: "Changes made before the failure, in words.", type: list, elements: str}
    method: {description: HTTP method of the failed call., type: str}
    path: {description: Path of the failed call., type: str}
    status: {description: HTTP status of the response., type: int}
    error_code: {description: Error code of the appliance., type: str}
    details: {description: Explanation by the appliance., type: str}
"""

from typing import Any, cast

from ..module_utils._appliance.appliance import Appliance
from ..module_utils._appliance.checks import describe
from ..module_utils._declare.batch import Batch
from ..module_utils._declare.declaration import Declaration
from ..module_utils._declare.results import Outcome
from ..module_utils._errors import ApplianceError
from ..module_utils._model.desired import declared_from_options
from ..module_utils._module.arguments import arguments
from ..module_utils._module.definition import Definition
from ..module_utils._module.options import CONNECTION, LIMITS, ORGANIZATION, WAITING
from ..module_utils._module.signals import Interrupted
from ..module_utils._module.task import Task
from ..module_utils._plan.limits import with_way_to_continue


def organization(task: Task) -> dict[str, Any]:
    """Apply one declaration and return the result of the module. Raises ApplianceError with what is known as result."""
    appliance = Appliance.of(task)
    one = Declaration(appliance, declared_from_options(task.options))
    batch = Batch(appliance, [one])
    try:
        batch.plan()
        if one.error is None:
            try:
                batch.judge()
            except ApplianceError as error:
                one.refuse(error)
        batch.carry_out()
    except Interrupted as interruption:
        one.refuse(interruption.error(task.journal))
    finally:
        if one.findings:
            task.warn(describe(one.findings))
    outcome = cast(Outcome, one.outcome)
    if outcome.error is not None:
        # What could not be planned was not approved either.
        failure = with_way_to_continue(outcome.error, task.options) if one.prepared else outcome.error
        raise failure.but(result=outcome.as_result()) from outcome.error
    return outcome.as_result()


MODULE = Definition(
    organization,
    arguments(CONNECTION, WAITING, ORGANIZATION, LIMITS),
    required_one_of=[("id", "aws_organization_id", "name")],
)


def main() -> None:
    MODULE.main()


if __name__ == "__main__":
    main()
