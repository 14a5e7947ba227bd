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
    choices: [role, name, settings, configuration, removal]
    default: [role, name, settings]
  remove:
    description:
      - Organizations whose removal is checked in one call. Specify each by its name, its ID in AWS, or its UUID on the
        appliance.
    type: list
    elements: str
  fail_on:
    description:
      - Lowest severity of a finding that makes the task fail. With V(never), no finding does.
      - Findings that do not make the task fail are shown as one warning, and are returned in RV(findings).
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

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..module_utils._appliance.api import Api
from ..module_utils._appliance.appliance import Appliance
from ..module_utils._appliance.checks import (
    Finding,
    check_configuration,
    check_name,
    check_removal,
    check_request,
    check_role,
    check_settings,
    describe,
    finding_from_wire,
    refuse,
    summarize,
)
from ..module_utils._appliance.reader import Reader
from ..module_utils._declare.resolver import Resolver
from ..module_utils._errors import ApplianceError
from ..module_utils._model.desired import Desired, desired_from_options
from ..module_utils._model.evidence import blaming_names
from ..module_utils._model.match import match
from ..module_utils._model.organization import Organization
from ..module_utils._model.settings import SETTINGS
from ..module_utils._model.values import check_new_name, check_text, is_uuid
from ..module_utils._module.arguments import TEXT, arguments
from ..module_utils._module.definition import Definition
from ..module_utils._module.options import CHECKS, CONNECTION, IDENTITY, ORGANIZATION, WAITING
from ..module_utils._module.task import Task
from ..module_utils._plan.plan import modify_body, plan, require_complete
from ..module_utils._wording import did_you_mean, quoted

PREFLIGHT: dict[str, dict[str, Any]] = {
    **{option: ORGANIZATION[option] for option in (*IDENTITY, *SETTINGS, "scope", "limited_scopes")},
    "checks": {"type": "list", "elements": "str", "choices": list(CHECKS), "default": ["role", "name", "settings"]},
    "remove": {"type": "list", "elements": TEXT},
    "fail_on": ORGANIZATION["fail_on"],
    "check_mode_sessions": ORGANIZATION["check_mode_sessions"],
}

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
    for name in task.options.get("remove") or ():
        check_text("remove", name)
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
    return Preflight(Appliance.of(task), desired_from_options(task.options)).run()


class Preflight:
    """The checks for one organization, or for the removal of several."""

    def __init__(self, appliance: Appliance, desired: Desired) -> None:
        self._appliance = appliance
        self._options = appliance.task.options
        self._desired = desired
        self._wanted = self._options["checks"]
        self._resolver = Resolver(appliance, desired)
        self._findings: list[Finding] = []
        self._not_checked: list[str] = []
        self._session: dict[str, Any] | None = None
        self._sent: Mapping[str, Any] = {}

    def run(self) -> dict[str, Any]:
        """Make the checks and return the result."""
        organizations = self._appliance.reader.list_all([self._desired])
        actual = match(self._desired, organizations)
        role_id: str | None = None
        if set(self._wanted) - {"removal", "name"}:
            # The list may show organizations without their roles.
            actual = self._appliance.reader.complete(actual) if actual else None
            role_id = self._resolver.rescan_role() or (actual.rescan_iam_role if actual else None)
        if "name" in self._wanted:
            self._check_name(actual)
        if "role" in self._wanted:
            self._check_role(actual, role_id, {one.id: one.label for one in organizations})
        if set(self._wanted) & set(_OF_SETTINGS):
            self._check_settings(actual, role_id)
        if "removal" in self._wanted:
            self._check_removal(actual, organizations)
        result = self._result(actual)
        try:
            refuse(self._findings, self._options["fail_on"], f"for {self._label()}", self._reason())
        except ApplianceError as error:
            with blaming_names(self._appliance.names, self._sent):
                raise error.but(
                    message=f"The checks for {self._label()} found: {summarize(self._findings)}",
                    remedy="Correct this, or set fail_on: never to show the findings without a failure.",
                    result=result,
                ) from error
        if self._findings:
            self._appliance.task.warn(describe([(self._label(), finding) for finding in self._findings]))
        return result

    def _reason(self) -> str:
        """The reason of a failure: that of the check where only one found something."""
        checks = {finding.check for finding in self._findings}
        return _REASONS[checks.pop()] if len(checks) == 1 else "invalid"

    def _label(self) -> str:
        return ", ".join(self._options.get("remove") or ()) or f"the AWS Organization {quoted(self._desired.label)}"

    def _check_name(self, actual: Organization | None) -> None:
        """Check a new name only: the name that the organization has already would count as taken."""
        if self._desired.name and (actual is None or actual.name != self._desired.name):
            check_new_name("name", self._desired.name)
            self._findings += check_name(self._appliance.api, self._desired.name)

    def _check_role(self, actual: Organization | None, role_id: str | None, labels: Mapping[str, str]) -> None:
        if role_id is None:
            self._not_checked.append("the role: none is declared, or it does not exist")
            return
        shown_as = self._desired.rescan_iam_role or role_id
        check = check_role(self._appliance.api, role_id, shown_as)
        self._findings += check.findings
        if check.findings:
            return
        if actual is None and check.added_as is not None:
            message = f"The AWS Organization of the IAM role {shown_as} is registered already, as "
            self._findings.append(Finding("role", "error", f"{message}{labels.get(check.added_as, check.added_as)}."))
        elif actual is not None and check.added_as != actual.id:
            message = f"The IAM role {shown_as} belongs to another AWS Organization than {actual.label}."
            self._findings.append(Finding("role", "error", message))

    def _check_settings(self, actual: Organization | None, role_id: str | None) -> None:
        """Check what would be sent; the units of a new organization need a rescan in memory first."""
        test = "configuration" in self._wanted
        names = self._appliance.names
        if actual is not None:
            references = self._resolver.for_existing(actual, role_id if self._desired.rescan_iam_role else None)
        else:
            require_complete(self._desired)
            references = self._resolver.for_new(role_id, test)
        self._not_checked += self._resolver.not_checked
        if not references.resolves(self._desired.unit_references):
            left_out = " and ".join(check for check in _OF_SETTINGS if check in self._wanted)
            self._not_checked.append(f"the {left_out}, for which every role and unit must be known")
            return
        if actual is not None:
            body = modify_body(self._desired, actual, references, names)
        else:
            self._appliance.reader.read_sample()
            body = dict(plan(self._desired, None, references, names).body)
        self._sent = body
        with blaming_names(names, body):
            self._check_request(check_request(names, body, actual, self._resolver.rescan_session), test)

    def _check_request(self, request: Mapping[str, Any], test: bool) -> None:
        if "settings" in self._wanted:
            self._findings += check_settings(self._appliance.api, request)
        if not test:
            return
        if not self._resolver.sessions_allowed:
            self._not_checked.append("the configuration, whose test is a session (check_mode_sessions allows it)")
            return
        if not self._options["wait"]:
            self._session = {"id": self._appliance.api.test_configuration(request)}
            self._not_checked.append("how the test of the configuration ends, since wait is false")
            return
        findings, ended = check_configuration(self._appliance.api, self._appliance.sessions, request)
        self._findings += findings
        # Nothing else tells what was tested, so that the log of a test that found nothing is the result as well.
        log = ended.log or tuple(self._appliance.api.get_session_log(ended.id))
        self._session = replace(ended, log=log).as_result()

    def _check_removal(self, actual: Organization | None, organizations: list[Organization]) -> None:
        """Check the removal of one organization, or of several in one call."""
        api, wanted = self._appliance.api, self._options.get("remove")
        if not wanted and actual is None:
            self._not_checked.append("the removal: the organization is not registered")
        elif not wanted and actual is not None:
            self._findings += check_removal(api, actual.id)
        if not wanted:
            return
        ids = list(dict.fromkeys(_named(self._appliance.reader, name, organizations).id for name in wanted))
        self._findings += check_removals(api, ids) if len(ids) > 1 else check_removal(api, ids[0])

    def _result(self, actual: Organization | None) -> dict[str, Any]:
        return {
            "changed": False,
            "ok": not any(finding.severity == "error" for finding in self._findings),
            "findings": [_shown(finding) for finding in self._findings],
            "not_checked": self._not_checked,
            "session": self._session,
            "registered": actual is not None,
        }


def _named(reader: Reader, name: str, organizations: list[Organization]) -> Organization:
    wanted = name.lower() if is_uuid(name) else name
    if name.startswith("o-"):
        # A list may show organizations without their AWS IDs.
        organizations = reader.get_all(organizations)
    matching = [one for one in organizations if wanted in (one.id, one.aws_organization_id, one.name)]
    if len(matching) != 1:
        raise ApplianceError(
            f"{len(matching) or 'No'} AWS Organizations of the appliance match {quoted(name)} of the option remove",
            reason="ambiguous" if matching else "not_found",
            stage="resolve",
            remedy=did_you_mean(name, [one.name for one in organizations])
            + "Give the name, the ID in AWS, or the UUID on the appliance.",
        )
    return matching[0]


def check_removals(api: Api, organization_ids: Sequence[str]) -> list[Finding]:
    """Find the same for several organizations in one call, whose items name the organization by ``contextId``."""
    asked = {organization_id.lower(): organization_id for organization_id in organization_ids}
    return [
        replace(finding_from_wire("removal", item), organization=asked.get(str(item.get("contextId")).lower()))
        for item in api.validate_removals(organization_ids)
    ]


def _shown(finding: Finding) -> dict[str, Any]:
    """A finding of a removal also says which of the organizations it is about."""
    about = {"organization": finding.organization} if finding.check == "removal" else {}
    return {**finding.as_result(), **about}


MODULE = Definition(
    preflight_task,
    arguments(CONNECTION, WAITING, PREFLIGHT),
    required_one_of=[("id", "aws_organization_id", "name", "remove")],
)


def main() -> None:
    MODULE.main()


if __name__ == "__main__":
    main()
