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
    choices: [role, name, settings, configuration, removal]
    default: [role, name, settings]
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

from dataclasses import replace
from typing import Any

from ansible.module_utils.basic import AnsibleModule

from ..module_utils._appliance.appliance import Workbench
from ..module_utils._appliance.checks import (
    Finding,
    check_configuration,
    check_name,
    check_removal,
    check_removals,
    check_role,
    check_settings,
    refuse,
)
from ..module_utils._declare.preparation import Preparation, check_request
from ..module_utils._declare.resolver import Resolver
from ..module_utils._errors import ApplianceError
from ..module_utils._model.desired import Desired, desired_from_options
from ..module_utils._model.organization import Organization
from ..module_utils._model.values import is_uuid
from ..module_utils._module.options import CHECKS, CONNECTION, IDENTITY, ORGANIZATION, WAITING
from ..module_utils._module.run import run
from ..module_utils._module.task import Task
from ..module_utils._plan.plan import modify_body, plan, require_complete
from ..module_utils._plan.references import References
from ..module_utils._wording import did_you_mean

_SETTINGS = (
    *IDENTITY,
    "description",
    "rescan_iam_role",
    "backup_restore_iam_role_name",
    "production_worker_iam_role_name",
    "scope",
    "limited_scopes",
)

PREFLIGHT: dict[str, dict[str, Any]] = {
    **{name: ORGANIZATION[name] for name in _SETTINGS},
    "checks": {
        "type": "list",
        "elements": "str",
        "choices": list(CHECKS),
        "default": ["role", "name", "settings"],
    },
    "remove": {"type": "list", "elements": "str"},
    "fail_on": ORGANIZATION["fail_on"],
    "check_mode_sessions": ORGANIZATION["check_mode_sessions"],
}
"""What is checked without being declared."""

_OF_SETTINGS = ("settings", "configuration")
_REASONS = {
    "name": "conflict",
    "role": "role_invalid",
    "settings": "invalid",
    "configuration": "invalid",
    "removal": "in_use",
}


def preflight_task(task: Task) -> dict[str, Any]:
    """Makes the checks that the options ask for and returns the result of the module.

    Raises ApplianceError with the findings in its record where they are as grave as ``fail_on`` says.
    """
    if task.options.get("remove") and "removal" not in task.options["checks"]:
        raise ApplianceError(
            "The option remove names organizations, and the check of a removal is not asked for",
            reason="invalid",
            remedy="Say checks: [removal], or leave remove out.",
        )
    others = set(task.options["checks"]) - {"removal"}
    if others and not any(task.options.get(option) for option in ("id", "aws_organization_id", "name")):
        raise ApplianceError(
            f"The checks {', '.join(sorted(others))} need an organization, and none is named",
            reason="invalid",
            remedy="Give name, aws_organization_id or id, or say checks: [removal].",
        )
    # Checks change nothing, so that a unit which is not stored yet is an error and no reason for a rescan.
    task = replace(task, options={**task.options, "state": "present", "refresh_structure": "never"})
    return Preflight(task, desired_from_options(task.options)).run()


class Preflight:
    """The checks for one organization, or for the removal of several."""

    def __init__(self, task: Task, desired: Desired) -> None:
        self._task = task
        self._desired = desired
        self._wanted = task.options["checks"]
        self._preparation = Preparation(task, desired, Workbench.of(task))
        self._resolver = Resolver(self._preparation.reader, self._preparation.rescans, task, desired)
        self._findings: list[Finding] = []
        self._not_checked: list[str] = []
        self._session: dict[str, Any] | None = None

    def run(self) -> dict[str, Any]:
        """See preflight_task."""
        actual, organizations = self._preparation.find()
        role_id: str | None = None
        if set(self._wanted) - {"removal", "name"}:
            # The list may show organizations without their roles.
            actual = self._preparation.reader.whole(actual) if actual else None
            role_id = self._resolver.rescan_role() or (actual.rescan_iam_role if actual else None)
        if "name" in self._wanted:
            self._check_name(actual)
        if "role" in self._wanted:
            self._check_role(actual, role_id)
        if set(self._wanted) & set(_OF_SETTINGS):
            self._check_settings(actual, role_id)
        if "removal" in self._wanted:
            self._check_removal(actual, organizations)
        result = self._result(actual)
        try:
            refuse(self._findings, self._task.options["fail_on"], f"for {self._label()}", self._reason())
        except ApplianceError as error:
            error.message = f"The checks for {self._label()} found: {' '.join(one.message for one in self._findings)}"
            error.remedy = "Correct this, or say fail_on: never to have the findings in the result alone."
            error.record = result
            raise
        return result

    def _reason(self) -> str:
        """The reason of a failure: that of the check where only one found something."""
        checks = {finding.check for finding in self._findings}
        return _REASONS[checks.pop()] if len(checks) == 1 else "invalid"

    def _label(self) -> str:
        names = self._task.options.get("remove")
        return ", ".join(names) if names else f"the AWS Organization {self._desired.label!r}"

    def _check_name(self, actual: Organization | None) -> None:
        """Call 14 cannot leave the organization itself out, so that a name which it has already is not asked about."""
        if self._desired.name and (actual is None or actual.name != self._desired.name):
            self._findings += check_name(self._preparation.api, self._desired.name)

    def _check_role(self, actual: Organization | None, role_id: str | None) -> None:
        if role_id is None:
            self._not_checked.append("the role: none is declared, or it does not exist")
            return
        shown_as = self._desired.rescan_iam_role or role_id
        check = check_role(self._preparation.api, role_id, shown_as)
        self._findings += check.findings
        if check.findings:
            return
        if actual is None and check.added_as is not None:
            message = f"The AWS Organization of the IAM role {shown_as} is registered already, as {check.added_as}."
            self._findings.append(Finding("role", "error", message))
        elif actual is not None and check.added_as != actual.id:
            message = f"The IAM role {shown_as} belongs to another AWS Organization than {actual.label}."
            self._findings.append(Finding("role", "error", message))

    def _check_settings(self, actual: Organization | None, role_id: str | None) -> None:
        """Calls 15 and 11 with what would be sent; units of a new organization take a rescan in memory first."""
        test = "configuration" in self._wanted
        names, reader = self._preparation.names, self._preparation.reader
        session: str | None = None
        if actual is not None:
            references = self._resolver.for_existing(actual, role_id if self._desired.rescan_iam_role else None)
        else:
            require_complete(self._desired)
            references, session = self._resolver.for_new(role_id, test)
        self._not_checked += self._resolver.not_checked
        if not self._is_resolved(references):
            left_out = " and ".join(check for check in _OF_SETTINGS if check in self._wanted)
            self._not_checked.append(f"the {left_out}, for which every role and unit must be known")
            return
        if actual is not None:
            body = modify_body(self._desired, actual, references, names, reader.names_seen())
        else:
            body = dict(plan(self._desired, None, references, names, reader.learned_names()).body)
        request = check_request(names, body, actual, session)
        if "settings" in self._wanted:
            self._findings += check_settings(self._preparation.api, request)
        if not test:
            return
        if not self._resolver.sessions_allowed:
            self._not_checked.append("the configuration, whose test is a session (check_mode_sessions allows it)")
            return
        if not self._task.options["wait"]:
            self._session = {"id": self._preparation.api.test_configuration(request)}
            self._not_checked.append("how the test of the configuration ends, since wait is false")
            return
        findings, ended = check_configuration(self._preparation.api, self._preparation.sessions, request)
        self._findings += findings
        # Nothing else tells what was tested, so that the log of a test that found nothing is the result as well.
        log = ended.log or tuple(self._preparation.api.get_session_log(ended.id))
        self._session = replace(ended, log=log).as_result()

    def _is_resolved(self, references: References) -> bool:
        role_found = self._desired.rescan_iam_role is None or references.rescan_role_id is not None
        return role_found and set(self._desired.unit_references) <= set(references.units)

    def _check_removal(self, actual: Organization | None, organizations: list[Organization]) -> None:
        """Call 9 for one organization, call 10 for several."""
        api, wanted = self._preparation.api, self._task.options.get("remove")
        if not wanted and actual is None:
            self._not_checked.append("the removal: the organization is not registered")
        elif not wanted and actual is not None:
            self._findings += check_removal(api, actual.id)
        if not wanted:
            return
        ids = list(dict.fromkeys(self._named(name, organizations).id for name in wanted))
        self._findings += check_removals(api, ids) if len(ids) > 1 else check_removal(api, ids[0])

    def _named(self, name: str, organizations: list[Organization]) -> Organization:
        wanted = name.lower() if is_uuid(name) else name
        if name.startswith("o-"):
            # A list may show organizations without their AWS IDs.
            organizations = [found for one in organizations if (found := self._preparation.reader.with_aws_id(one))]
        matching = [one for one in organizations if wanted in (one.id, one.aws_organization_id, one.name)]
        if len(matching) != 1:
            raise ApplianceError(
                f"{len(matching) or 'No'} AWS Organizations of the appliance match {name!r} of the option remove",
                reason="ambiguous" if matching else "not_found",
                stage="resolve",
                remedy=did_you_mean(name, [one.name for one in organizations])
                + "Give the name, the ID in AWS, or the UUID on the appliance.",
            )
        return matching[0]

    def _result(self, actual: Organization | None) -> dict[str, Any]:
        return {
            "changed": False,
            "ok": not any(finding.severity == "error" for finding in self._findings),
            "findings": [_shown(finding) for finding in self._findings],
            "not_checked": self._not_checked,
            "session": self._session,
            "registered": actual is not None,
        }


def _shown(finding: Finding) -> dict[str, Any]:
    """A finding of a removal also says which of the organizations it is about."""
    about = {"organization": finding.organization} if finding.check == "removal" else {}
    return {**finding.as_result(), **about}


def main() -> None:
    module = AnsibleModule(
        argument_spec={**CONNECTION, **WAITING, **PREFLIGHT},
        required_one_of=[("id", "aws_organization_id", "name", "remove")],
        supports_check_mode=True,
    )
    run(module, preflight_task)


if __name__ == "__main__":
    main()
