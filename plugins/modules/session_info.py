#!/usr/bin/python
# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: session_info
short_description: Read a session of a Veeam Backup for AWS appliance, or wait for its end
version_added: 0.1.0
description:
  - Returns the state and the log of a session on a backup appliance. A session is an operation that takes time, such as
    the addition of an organization or a rescan.
  - With O(wait=true), it waits for a session that another module has started with O(ignore:wait=false).
author:
  - vbaws.appliance contributors (@vbaws)
extends_documentation_fragment:
  - vbaws.appliance.connection
  - vbaws.appliance.waiting
  - vbaws.appliance.attributes
  - vbaws.appliance.attributes.info_module
  - vbaws.appliance.attributes.actiongroup
options:
  id:
    description: UUID of the session. Modules that start a session return it as C(session.id).
    type: str
    required: true
  log:
    description: Whether to also read the log of the session.
    type: bool
    default: true
  wait:
    description: Whether to wait until the session has ended. If the session failed, the task fails, see O(fail_on).
    default: false
  fail_on:
    description:
      - Lowest severity of a session's result that makes the task fail with O(wait=true). V(error) fails if the session
        failed or was canceled, V(warning) also if it ended with a warning, V(never) in neither case.
      - Without O(wait=true), the task returns the session in any state.
    type: str
    choices: [error, warning, never]
    default: error
seealso:
  - module: vbaws.appliance.organization
  - module: vbaws.appliance.organization_rescan
notes:
  - An appliance does not keep sessions forever. If it does not know the session, RV(session) is V(null). With
    O(wait=true), the task then fails.
  - A session that succeeded does not prove that the appliance did everything that was requested. Run the module that
    started the session again to verify this.
"""

EXAMPLES = r"""
- name: Start to add an organization
  vbaws.appliance.organization:
    name: production
    rescan_iam_role: production-rescan
    backup_restore_iam_role_name: vbaws-backup
    scope: entire
    wait: false
  register: production

- name: Wait for its session if a session was started
  vbaws.appliance.session_info:
    id: "{{ production.session.id }}"
    wait: true
    wait_timeout: 3600
  when: production.session is not none

- name: Read a session
  vbaws.appliance.session_info:
    id: 10437ea3-6ba6-4b6e-a615-0ea67a25e346
  register: rescan

- name: Show its log
  ansible.builtin.debug:
    msg: "{{ rescan.session.log | map(attribute='message') }}"
  when: rescan.session is not none

- name: Wait, and decide on a failure in the playbook
  vbaws.appliance.session_info:
    id: 10437ea3-6ba6-4b6e-a615-0ea67a25e346
    wait: true
    fail_on: never
  register: rescan
  failed_when: rescan.session.state == 'failed' and 'throttled' not in rescan.session.reason | default('', true)
"""

RETURN = r"""
session:
  description:
    - The session, V(null) if the appliance does not know it.
    - It is also returned if the task fails because of the session's result.
  returned: success, and if the session failed
  type: dict
  sample:
    id: 10437ea3-6ba6-4b6e-a615-0ea67a25e346
    name: Rescan of production
    type: AmazonOrganizationRescan
    state: succeeded
    status: Succeeded
    result: Success
    reason: null
    start_time: "2026-11-23T00:30:12.000Z"
    end_time: "2026-11-23T00:30:15.000Z"
    duration: "00:00:03.000"
    log:
      - logTime: "2026-11-23T00:30:15.000Z"
        status: Success
        message: The structure was read.
    other: {}
  contains:
    id: {description: UUID of the session., type: str}
    name: {description: Name of the session., type: str}
    type: {description: Type of the session on the appliance., type: str}
    state:
      description: V(running) (also if it has not started yet), V(succeeded), V(warning) or V(failed).
      type: str
    status: {description: Status that the appliance shows., type: str}
    result: {description: Result that the appliance shows., type: str}
    reason: {description: Why the session failed if the appliance shows a reason., type: str}
    start_time: {description: "Start time in the appliance's format, possibly without a time zone.", type: str}
    end_time: {description: End time., type: str}
    duration: {description: Duration., type: str}
    log:
      description: Log entries as the appliance shows them. Empty with O(log=false).
      type: list
      elements: dict
    other: {description: Properties that the collection does not know., type: dict}
failure:
  description: Failure in a form that a playbook can branch on, see RV(vbaws.appliance.organization#module:failure).
  returned: failure
  type: dict
  sample: {reason: session_failed, stage: wait, done: []}
"""

from collections.abc import Mapping
from typing import Any

from ..module_utils._appliance.api import Api
from ..module_utils._appliance.appliance import Appliance
from ..module_utils._appliance.sessions import Session, Sessions, session_from_wire
from ..module_utils._errors import ApplianceError, NotFound
from ..module_utils._model.values import is_uuid
from ..module_utils._module.arguments import arguments
from ..module_utils._module.definition import Definition
from ..module_utils._module.options import CONNECTION, ORGANIZATION, WAITING
from ..module_utils._module.task import Task
from ..module_utils._wording import quoted

SESSION: dict[str, dict[str, Any]] = {
    "id": {"type": "str", "required": True},
    "log": {"type": "bool", "default": True},
    "wait": {"type": "bool", "default": False},
    "wait_timeout": WAITING["wait_timeout"],
    "wait_interval": WAITING["wait_interval"],
    "fail_on": ORGANIZATION["fail_on"],
}

_TIMES = {"start_time": "executionStartTime", "end_time": "executionStopTime", "duration": "executionDuration"}
_KNOWN = {"id", "name", "type", "status", "result", "reason", *_TIMES.values()}


def session_info(task: Task) -> dict[str, Any]:
    """Reads the session that the options name and returns the result of the module.

    Raises ApplianceError: not_found where it is to be waited for and the appliance does not know it, timeout,
    session_failed with the session in its record where it ended as badly as ``fail_on`` says.
    """
    session_id = task.options["id"].strip().lower()
    if not is_uuid(session_id):
        raise ApplianceError(
            f"The option id is {quoted(session_id)}, which is no UUID",
            reason="invalid",
            remedy="Sessions are named by the UUID that a task returned as session.id.",
        )
    appliance = Appliance.of(task)
    api, sessions = appliance.api, appliance.sessions
    try:
        body = api.get_session(session_id)
    except NotFound as error:
        if not task.options["wait"]:
            return {"changed": False, "session": None}
        raise error.but(
            message=f"The appliance does not know the session {session_id}, so that it cannot be waited for",
            remedy="Check the ID. If the session is an old one, look at the objects that it was to change.",
            stage="wait",
        ) from error
    if not task.options["wait"]:
        return {"changed": False, "session": _as_result(api, session_id, body, task)}
    what = f"The session {quoted(str(body.get('name') or body.get('type') or session_id))}"
    ended = sessions.wait(session_id, what)
    result = _as_result(api, session_id, api.get_session(session_id), task)
    try:
        _judge(sessions, ended, what, task.options["fail_on"])
    except ApplianceError as error:
        raise error.but(result={"session": result}) from error
    return {"changed": False, "session": result}


def _judge(sessions: Sessions, ended: Session, what: str, fail_on: str) -> None:
    if fail_on == "warning" and ended.state == "warning":
        raise ApplianceError(
            f"{what} has ended with a warning",
            reason="session_failed",
            stage="wait",
            remedy=f"The appliance said: {ended.explanation() or 'nothing about the cause'}.",
        )
    if fail_on != "never":
        sessions.require(ended, what)


def _as_result(api: Api, session_id: str, body: Mapping[str, Any], task: Task) -> dict[str, Any]:
    log = api.get_session_log(session_id) if task.options["log"] else []
    return {
        **session_from_wire(session_id, body).as_result(),
        "name": body.get("name"),
        "type": body.get("type"),
        **{ours: body.get(theirs) for ours, theirs in _TIMES.items()},
        "log": log,
        "other": {key: value for key, value in body.items() if key not in _KNOWN},
    }


MODULE = Definition(
    session_info,
    arguments(CONNECTION, SESSION),
)


def main() -> None:
    MODULE.main()


if __name__ == "__main__":
    main()
