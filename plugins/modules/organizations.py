#!/usr/bin/python
# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: organizations
short_description: Manage all AWS Organizations registered on a Veeam Backup for AWS appliance
version_added: 0.1.0
description:
  - Applies a list of declared AWS Organizations to a backup appliance in one task. Each organization is handled in the
    same way as by M(vbaws.appliance.organization), which runs the same code with a list of one.
  - The task logs in once, reads the list of organizations once and the IAM roles once, and waits for all additions
    together. A loop over M(vbaws.appliance.organization) does all that for each item.
  - Everything is planned before the first write. Changes come first, then removals, then additions. An organization
    that gives up a name is processed before the organization that takes it.
  - If an organization fails, the task continues with the other organizations and fails at its end. It reports what was
    changed, what failed and what was not touched, and returns a record of each organization.
  - The task can also remove organizations that are not declared, up to a limit. It can require an approved plan, and
    limit how many accounts may fall out of backup.
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
      - Makes the same plan and the same checks as the real run, and fails if the real run would fail.
      - Starts no session on the appliance unless O(organizations[].check_mode_sessions=true).
        RV(organizations[].not_checked) lists what was skipped for this reason.
  diff_mode:
    support: full
    details:
      - Shows one hunk for each organization that changes.
  idempotent:
    support: full
options:
  organizations:
    description:
      - The organizations, each with the options of M(vbaws.appliance.organization), which documents them in full.
      - Two entries with the same name, the same ID or the same rescan role are an error before any write. Two entries
        that resolve to the same organization by their name, their ID or the AWS Organization of their rescan role are
        also an error, whatever their state is, and even if one of them cannot be planned.
      - If an entry removes or renames an organization by its ID, another entry can use the old name. This entry must
        show that it is another AWS Organization, by its C(aws_organization_id) or its C(rescan_iam_role). Otherwise,
        its name stands for the old organization.
      - An organization that an entry has added or keeps is never taken over or removed by another entry.
      - An empty list declares nothing, and changes nothing unless O(prune=true).
    type: list
    elements: dict
    required: true
    suboptions:
      id:
        description: UUID of the organization on this appliance. With it, a different name renames the organization.
        type: str
      aws_organization_id:
        description: ID of the organization in AWS. With it, a different name renames the organization.
        type: str
      name:
        description: Name of the organization on the appliance.
        type: str
      <<: &settings
        state:
          description: Whether the organization must be registered on the appliance. V(present) by default.
          type: str
          choices: [present, absent]
        description:
          description: Text of at most 255 characters. An empty string clears it.
          type: str
        rescan_iam_role:
          description: IAM role on the appliance that reads the organization's structure, by its name, ID or ARN.
          type: str
        backup_restore_iam_role_name:
          description: Name in AWS of the IAM role for backup and restore.
          type: str
        production_worker_iam_role_name:
          description: Name in AWS of the IAM role for worker instances. An empty string clears it.
          type: str
        scope:
          description: V(entire) covers every account, V(limited) the units of the limited scopes.
          type: str
        limited_scopes:
          description:
            - Complete list of the organization's limited scopes. If omitted, they stay as they are. An empty list is an
              error unless the scope is V(entire).
          type: list
          elements: dict
          suboptions:
            name:
              description: Name of the scope.
              type: str
              required: true
            former_names:
              description: Earlier names of the scope, to rename it. Backup policies keep referring to it.
              type: list
              elements: str
              default: []
            organizational_units:
              description: Units by AWS ID or by path, such as V(/Workloads/Prod). If omitted, they stay as they are.
              type: list
              elements: str
        on_conflict:
          description:
            - V(fail) fails if the AWS Organization is registered under another name. V(update) takes it over. V(fail)
              by default.
          type: str
          choices: [fail, update]
        checks:
          description:
            - Which checks the appliance makes before a write. V(role), V(name), V(settings) and V(removal) by
              default.
            - With an empty list only the AWS Organization of a new rescan role is checked.
          type: list
          elements: str
          choices: [role, name, settings, configuration, removal]
        fail_on:
          description: Lowest severity of a finding that prevents the write. V(error) by default.
          type: str
          choices: [error, warning, never]
        check_mode_sessions:
          description: Whether check mode may start sessions that change no configuration. V(false) by default.
          type: bool
        refresh_structure:
          description: When the appliance rescans the structure from AWS. V(when_missing) by default.
          type: str
          choices: [never, when_missing, always]
  defaults:
    description: Options for all organizations. The options of an organization take precedence. Lists are not merged.
    type: dict
    suboptions: *settings
  prune:
    description:
      - Whether to remove the organizations that are not declared.
      - Nothing is pruned while a declared organization cannot be planned, because it could be one of those to prune.
    type: bool
    default: false
  prune_limit:
    description:
      - Maximum number of organizations that O(prune) may remove. If more would be removed, the task fails before any
        write and names them. Organizations that are declared with C(state=absent) do not count.
      - If not set, the limit is V(1). It must be set if O(organizations) is an empty list, because a list may be empty
        by mistake.
      - Without O(prune=true) it has no effect, and the task warns about it.
    type: int
  concurrency:
    description:
      - How many organizations the task reads and checks in parallel. With V(1), reads and checks are sequential. Writes
        are always sequential.
    type: int
    default: 8
seealso:
  - module: vbaws.appliance.organization
  - module: vbaws.appliance.organization_info
  - ref: ansible_collections.vbaws.appliance.docsite.guide_many
    description: Many organizations, approvals and limits, step by step.
  - ref: ansible_collections.vbaws.appliance.docsite.guide_errors
    description: Why a task can fail, and what to do.
notes:
  - Pass RV(plan_id) of a run in check mode to O(expected_plan) of the real run. It does not depend on the order of the
    list, on the time of the run, or on the version of ansible-core.
"""

EXAMPLES = r"""
# The examples of vbaws.appliance.organization show how to set the connection once for all tasks.
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

- name: Keep only these organizations, remove at most two, and take no account out of backup
  vbaws.appliance.organizations:
    organizations: "{{ aws_organizations }}"
    prune: true
    prune_limit: 2
    max_accounts_lost: 0

- name: Plan the changes
  vbaws.appliance.organizations:
    organizations: "{{ aws_organizations }}"
  check_mode: true
  register: plan

- name: Ask for approval
  ansible.builtin.pause:
    prompt: "{{ plan.summary.text }} Continue?"

- name: Apply the approved plan and no other
  vbaws.appliance.organizations:
    organizations: "{{ aws_organizations }}"
    expected_plan: "{{ plan.plan_id }}"

- name: Apply what is possible, and report what failed
  block:
    - name: Apply the organizations
      vbaws.appliance.organizations:
        organizations: "{{ aws_organizations }}"
      register: declared
  rescue:
    - name: Report the failures
      ansible.builtin.debug:
        msg: "{{ declared.organizations | selectattr('failure') | map(attribute='msg') }}"
"""

RETURN = r"""
organizations:
  description:
    - A record of each organization, also if the task fails. The records of O(organizations) come first, in the same
      order, then those of the organizations that O(prune) removes.
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
      plan_id: 9c2f4b1d0e8a7c6b5d4e3f2a1b0c9d8e-4fe31a5f0b7c6d2e
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
    name:
      description:
        - Declared name, otherwise the declared ID. If an organization that is found by its ID is removed, and a
          different name is declared, the name on the appliance.
      type: str
    id: {description: "UUID on this appliance, V(null) if it is not registered.", type: str}
    aws_organization_id: {description: "ID in AWS, V(null) if it is not registered.", type: str}
    declared: {description: V(false) for an organization that O(prune) removes., type: bool}
    organization: {description: As in M(vbaws.appliance.organization)., type: dict}
    status:
      description:
        - As in M(vbaws.appliance.organization). V(unmanaged) if O(prune) removes it, V(null) if it could not be
          planned.
      type: str
    action:
      description: As in M(vbaws.appliance.organization). V(null) if it could not be planned.
      type: str
    outcome:
      description:
        - As in M(vbaws.appliance.organization). Outside check mode, V(planned) means that the organization was not
          touched because of an earlier failure.
      type: str
    changes: {description: As in M(vbaws.appliance.organization)., type: list, elements: dict}
    unverified: {description: As in M(vbaws.appliance.organization)., type: list, elements: str}
    verified: {description: As in M(vbaws.appliance.organization)., type: bool}
    preflight: {description: As in M(vbaws.appliance.organization)., type: list, elements: dict}
    not_checked: {description: As in M(vbaws.appliance.organization)., type: list, elements: str}
    session: {description: As in M(vbaws.appliance.organization)., type: dict}
    plan_id: {description: RV(plan_id) of this organization alone., type: str}
    impact: {description: As in M(vbaws.appliance.organization)., type: dict}
    msg: {description: "Error message, V(null) if it did not fail.", type: str}
    failure: {description: "RV(failure) of this organization, V(null) if it did not fail.", type: dict}
unmanaged:
  description:
    - Organizations on the appliance that are not declared, in the form of RV(organizations[].organization).
  returned: always, once a connection could be made
  type: list
  elements: dict
  sample: []
summary:
  description: Names of the organizations by result, in check mode by predicted result, and the accounts of all changes.
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
    warned: [subsidiary]
    accounts_gained: 0
    accounts_lost: 1
    findings: >-
      The appliance's checks found 12 warnings for subsidiary. The IAM role "vbaws-worker" does not exist in the AWS
      account 111122223333, 111122224444, 111122225555 and 9 more.
    text: "1 updated (subsidiary), 2 unchanged; accounts gained: 0, lost: 1; with warnings: 1 (subsidiary)."
  contains:
    created: {description: Added., type: list, elements: str}
    updated: {description: Modified., type: list, elements: str}
    renamed: {description: Only the name was modified., type: list, elements: str}
    removed: {description: Removed., type: list, elements: str}
    unchanged: {description: As declared., type: list, elements: str}
    unknown: {description: As declared except for what the appliance does not show., type: list, elements: str}
    refused: {description: Declined before anything was attempted., type: list, elements: str}
    failed: {description: Failed., type: list, elements: str}
    untouched: {description: "To be changed, but not reached.", type: list, elements: str}
    warned:
      description: Organizations that the task warned about, whatever became of them.
      type: list
      elements: str
    accounts_gained: {description: "Number of accounts that come into backup, V(null) if unknown.", type: int}
    accounts_lost: {description: "Number of accounts that fall out of backup, V(null) if unknown.", type: int}
    findings:
      description:
        - All findings of the appliance's checks that did not fail the task, in a few sentences. The task shows the same
          text as a warning. Empty if there are none.
      type: str
    text: {description: Summary in one line., type: str}
plan_id:
  description:
    - Hash of all plans, as in M(vbaws.appliance.organization). V(null) if an organization could not be planned.
  returned: always, once a connection could be made
  type: str
  sample: 2c26b46b68ffc68ff99b453c1d304134-4fe31a5f0b7c6d2e
failure:
  description:
    - Failure in a form that a playbook can branch on, see RV(vbaws.appliance.organization#module:failure). C(reason) is
      V(several) if organizations failed for different reasons.
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
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..module_utils._appliance.appliance import Appliance
from ..module_utils._appliance.checks import describe
from ..module_utils._declare.batch import Batch
from ..module_utils._declare.declaration import Declaration
from ..module_utils._errors import ApplianceError
from ..module_utils._model.desired import Desired, declared_from_options
from ..module_utils._model.values import check_least
from ..module_utils._module.arguments import arguments
from ..module_utils._module.definition import Definition
from ..module_utils._module.options import CONNECTION, IDENTITY, LIMITS, ORGANIZATION, WAITING
from ..module_utils._module.signals import Interrupted
from ..module_utils._module.task import Task
from ..module_utils._plan.limits import plan_id, with_way_to_continue


def _without_defaults(options: Mapping[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Options whose defaults come later, so that what is left out can be told from what is given."""
    return {option: {key: value for key, value in spec.items() if key != "default"} for option, spec in options.items()}


ORGANIZATIONS: dict[str, dict[str, Any]] = {
    "organizations": {
        "type": "list",
        "elements": "dict",
        "required": True,
        "options": _without_defaults(ORGANIZATION),
        "required_one_of": [("id", "aws_organization_id", "name")],
    },
    "defaults": {
        "type": "dict",
        "options": _without_defaults({key: spec for key, spec in ORGANIZATION.items() if key not in IDENTITY}),
    },
    "prune": {"type": "bool", "default": False},
    # Without a default, since an empty list of organizations needs a limit that somebody gave.
    "prune_limit": {"type": "int"},
    "concurrency": {"type": "int", "default": 8},
}

_DEFAULTS = {option: spec["default"] for option, spec in ORGANIZATION.items() if "default" in spec}
_LEAST = {"concurrency": 1, "prune_limit": 0}

_BY_ACTION = {"create": "created", "update": "updated", "rename": "renamed", "remove": "removed"}

_KINDS = ("created", "updated", "renamed", "removed", "unchanged", "unknown", "refused", "failed", "untouched")

_NAMED = 10  # in the one line; the lists hold all

_CAUSES = 10  # different ones that a message tells; the records hold all

_TO_DO = {"created": "to create", "updated": "to update", "renamed": "to rename", "removed": "to remove"}


# Keys that every record has, however early its organization failed.
_UNKNOWN: dict[str, Any] = {
    "organization": None,
    "status": None,
    "action": None,
    "changes": [],
    "unverified": [],
    "plan_id": None,
    "impact": None,
    "preflight": [],
    "not_checked": [],
    "session": None,
}


def organizations(task: Task) -> dict[str, Any]:
    """Apply the declarations and return the result of the module.

    Raises ApplianceError with the same result if an organization failed or the task as a whole was refused.
    """
    options = task.options
    check_least(options, _LEAST)
    if options["prune_limit"] is not None and not options["prune"]:
        task.warn("prune_limit has no effect without prune=true. Organizations that are not declared are kept.")
    appliance = Appliance.of(task)
    # Shown in the order of the list, whichever organization comes first.
    warnings: list[list[str]] = [[] for _item in [*options["organizations"], None]]
    declared = [
        _declaration(appliance.for_item(_task_for(task, item, texts)))
        for item, texts in zip(options["organizations"], warnings)
    ]
    require_distinct([one.desired for one in declared])
    batch = Batch(appliance, declared, options["concurrency"])
    try:
        refused = _carry_out(batch, options, _task_for(task, {}, warnings[-1]))
    except Interrupted as interruption:
        _leave(batch, interruption)
        refused = interruption.error(task.journal)
    finally:
        findings = [found for one in batch.all for found in one.findings]
        for text in (text for texts in warnings for text in texts):
            task.warn(text)
        if findings:
            task.warn(describe(findings))
    result = _result(task, batch, warnings[:-1])
    failed = [(one.label, one.error) for one in batch.all if one.error is not None]
    if refused is None and not failed:
        return result
    error = refused or with_way_to_continue(
        failure_of_many(failed, len(batch.all), result["summary"]["untouched"], batch.kept), options
    )
    raise error.but(result={**result, "changed": bool(task.journal.done)})


_UNIQUE = ("id", "aws_organization_id", "name", "rescan_iam_role")


def require_distinct(declared: Sequence[Desired]) -> None:
    """Raises ApplianceError (invalid) if two declarations name the same organization or role."""
    for option in _UNIQUE:
        taken: dict[str, int] = {}
        for number, desired in enumerate(declared, 1):
            value = getattr(desired, option)
            # A removal does not use its role.
            if value is None or (option == "rescan_iam_role" and desired.state == "absent"):
                continue
            if value in taken:
                raise ApplianceError(
                    f"The organizations number {taken[value]} and {number} of the list have the same {option}: {value}",
                    reason="invalid",
                    remedy="Each AWS Organization is declared once, and a rescan role belongs to one AWS Organization.",
                )
            taken[value] = number


def _carry_out(batch: Batch, options: Mapping[str, Any], prune: Task) -> ApplianceError | None:
    """Return the error for which nothing was carried out, if there is one."""
    batch.plan(prune if options["prune"] else None)
    try:
        batch.judge(options.get("prune_limit"))
    except ApplianceError as error:
        batch.refuse(error)
        return error
    batch.carry_out()
    return None


def _leave(batch: Batch, interruption: Interrupted) -> None:
    """End all organizations because the task was told to stop: those that were not begun are left as planned."""
    for one in batch.all:
        if one.outcome is None and one.prepared is not None and one.journal.untouched:
            one.show()
        elif one.outcome is None:
            one.refuse(interruption.error(one.journal))


def _declaration(appliance: Appliance) -> Declaration:
    """One item of the list. One that contradicts itself fails for itself alone, and still shows which one it means."""
    options = appliance.task.options
    try:
        return Declaration(appliance, declared_from_options(options))
    except ApplianceError as error:
        # A value that is refused for not being text must not break the messages that show it.
        texts = {option: None if options[option] is None else str(options[option]) for option in _UNIQUE}
        identifier, aws_id, name, role = texts.values()
        settings = {"name": name, "rescan_iam_role": role}
        meant = Desired(options["state"], identifier and identifier.lower(), aws_id, settings)
        declaration = Declaration(appliance, meant)
        declaration.refuse(error)
        return declaration


def _task_for(task: Task, item: Mapping[str, Any], warnings: list[str]) -> Task:
    """The task as one organization sees it: its own options, else those of ``defaults``, else the documented ones."""
    options = dict(task.options)
    for option in ORGANIZATION:
        given = (item.get(option), (task.options.get("defaults") or {}).get(option), _DEFAULTS.get(option))
        options[option] = next((value for value in given if value is not None), None)
    return replace(task, options=options, warn=warnings.append)


def _result(task: Task, batch: Batch, warnings: Sequence[Sequence[str]]) -> dict[str, Any]:
    """warnings: the texts about each declared organization, in the order of the list."""
    records = [_record(one) for one in batch.all]
    planned = [(one.desired, one.prepared.plan) for one in batch.all if one.prepared is not None]
    ended = [one.outcome for one in batch.all if one.outcome is not None]
    shown = [outcome for outcome in ended if outcome.changed and (task.check_mode or outcome.how == "done")]
    texts = [*warnings, *([] for _one in batch.removed)]
    warned = [record["name"] for record, one, said in zip(records, batch.all, texts) if said or one.findings]
    summary = summarize(records, task.check_mode, warned)
    summary["findings"] = describe([found for one in batch.all for found in one.findings])
    return {
        "changed": any(outcome.changed for outcome in ended),
        "organizations": records,
        "unmanaged": [organization.as_result() for organization in batch.undeclared],
        "summary": summary,
        "plan_id": plan_id(planned) if len(planned) == len(batch.all) else None,
        "diff": [outcome.diff() for outcome in shown],
    }


def _record(one: Declaration) -> dict[str, Any]:
    known = one.outcome.as_result() if one.outcome else {}
    known.pop("changed", None)
    known.pop("diff", None)
    actual = one.prepared.actual if one.prepared else None
    shown = known.get("organization") or (actual.as_result() if actual else {})
    return {
        "name": one.label if one.declared else one.desired.label,
        "id": shown.get("id"),
        "aws_organization_id": shown.get("aws_organization_id"),
        "declared": one.declared,
        **_UNKNOWN,
        **known,
        **({} if one.declared or one.prepared is None else {"status": "unmanaged"}),
        "msg": f"{one.error} {one.journal.ending()}" if one.error else None,
        "failure": one.error.failure(one.journal.done) if one.error else None,
    }


def summarize(records: Sequence[Mapping[str, Any]], check_mode: bool, warned: Sequence[str] = ()) -> dict[str, Any]:
    """records: as the module returns them. Returns names by what became of them, accounts, and ``text``.

    In check mode ``created`` and the like are what would be done. warned: names of the organizations with warnings.
    """
    summary: dict[str, Any] = {kind: [] for kind in _KINDS}
    for record in records:
        summary[_kind(record, check_mode)].append(record["name"])
    counted = [
        record["impact"] for record in records if record["impact"] and _kind(record, check_mode) in _BY_ACTION.values()
    ]
    for side in ("accounts_gained", "accounts_lost"):
        numbers = [impact[side] for impact in counted]
        summary[side] = None if None in numbers else sum(numbers)
    summary["warned"] = list(warned)
    summary["text"] = _text(summary, check_mode)
    return summary


def _kind(record: Mapping[str, Any], check_mode: bool) -> str:
    if record["outcome"] in ("refused", "failed"):
        return str(record["outcome"])
    if record["action"] == "none":
        return "unknown" if record["status"] == "unknown" else "unchanged"
    if record["outcome"] == "planned" and not check_mode:
        return "untouched"
    return _BY_ACTION[record["action"]]


def _text(summary: Mapping[str, Any], check_mode: bool) -> str:
    said = []
    for kind in _KINDS:
        names = summary[kind]
        if names:
            word = _TO_DO.get(kind, kind) if check_mode else kind
            said.append(f"{len(names)} {word}" + ("" if kind == "unchanged" else f" ({_named(names)})"))
    text = ", ".join(said) or "nothing is declared"
    if any(summary[kind] for kind in _BY_ACTION.values()):
        gained, lost = (
            "unknown" if summary[side] is None else summary[side] for side in ("accounts_gained", "accounts_lost")
        )
        text += f"; accounts gained: {gained}, lost: {lost}"
    if summary["warned"]:
        text += f"; with warnings: {len(summary['warned'])} ({_named(summary['warned'])})"
    return text + "."


def _named(names: Sequence[str]) -> str:
    return ", ".join(names[:_NAMED]) + (" and more" if len(names) > _NAMED else "")


def failure_of_many(
    failed: Sequence[tuple[str, ApplianceError]], total: int, untouched: Sequence[str], kept: Sequence[str]
) -> ApplianceError:
    """The failure of a task some of whose organizations failed: each with its cause, and what was left alone.

    failed: how messages name an organization, and what it failed with; the same cause is told once, and of very many
    the first ones. kept: what prune
    left, since not everything that is declared could be planned.
    """
    causes: dict[str, list[tuple[str, ApplianceError]]] = {}
    for label, error in failed:
        causes.setdefault(_without_label(str(error), label), []).append((label, error))
    said = [
        f"{', '.join(label for label, _error in same)}: {cause if len(same) > 1 else same[0][1]}"
        for cause, same in list(causes.items())[:_CAUSES]
    ]
    more = [label for same in list(causes.values())[_CAUSES:] for label, _error in same]
    said += [f"{', '.join(more)}: see the msg of each in organizations."] if more else []
    said += [f"Untouched: {', '.join(untouched)}."] if untouched else []
    said += (
        [f"Prune removed nothing ({', '.join(kept)}), since not everything that is declared could be planned."]
        if kept
        else []
    )
    reasons = {error.reason for _label, error in failed}
    return ApplianceError(
        f"{len(failed)} of {total} AWS Organizations failed. {' '.join(said)}",
        reason=reasons.pop() if len(reasons) == 1 else "several",
        stage=failed[0][1].stage if len(failed) == 1 else None,
    )


def _without_label(text: str, label: str) -> str:
    """Return the text of an error without the name of the organization that it is about, to compare causes."""
    name = re.escape(label)
    return re.sub(rf"""(AWS Organization|[Tt]he name) (?:'{name}'|"{name}"|{name} \([0-9a-f-]{{36}}\))""", r"\1", text)


MODULE = Definition(
    organizations,
    arguments(CONNECTION, WAITING, ORGANIZATIONS, LIMITS),
)


def main() -> None:
    MODULE.main()


if __name__ == "__main__":
    main()
