#!/usr/bin/python
# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: token
short_description: Log in to a Veeam Backup for AWS appliance once for many tasks, and log out again
version_added: 0.1.0
description:
  - Obtains a token from a backup appliance. Later tasks use it as O(access_token) instead of each logging in. This is
    also how a user with multi-factor authentication logs in.
  - With O(state=absent), it revokes the token.
  - The result contains secrets. The task must have the keyword C(no_log=true). Without it, the task fails before it
    sends anything.
author:
  - vbaws.appliance contributors (@vbaws)
extends_documentation_fragment:
  - vbaws.appliance.connection
  - vbaws.appliance.attributes
  - vbaws.appliance.attributes.actiongroup
attributes:
  check_mode:
    support: partial
    details:
      - Logs in and revokes in check mode too, because later tasks need the token in check mode too, and it would stay
        valid if it were not revoked. Neither changes the configuration.
  diff_mode:
    support: N/A
    details:
      - The token is not shown.
  idempotent:
    support: partial
    details:
      - Each run with O(state=present) obtains a new token. It is not C(changed), because the configuration does not
        change.
      - A run with O(state=absent) is C(changed) only if the token was still valid.
options:
  state:
    description:
      - V(present) obtains a new token. It uses O(refresh_token), or O(mfa_token) and O(mfa_code), or otherwise
        O(username) and O(password). O(access_token) is ignored.
      - V(absent) revokes O(access_token), which is then required. A token that is no longer valid is not an error.
    type: str
    choices: [present, absent]
    default: present
  mfa_code:
    description:
      - Code from the user's authenticator. Together with O(username) and O(password), it completes the login in one
        task. Each code is valid once.
    type: str
  mfa_token:
    description:
      - RV(mfa_token) of an earlier task, to complete its login with O(mfa_code). Use it in a playbook that asks for the
        code only if the user needs one.
    type: str
  refresh_token:
    description:
      - RV(refresh_token) of an earlier task, to obtain new tokens without a password. The appliance may accept each
        refresh token only once, and revoke the access token that it was issued with.
    type: str
seealso:
  - module: vbaws.appliance.organization
notes:
  - Every module logs in and out by itself. A separate token saves the login of each task, and is required for
    multi-factor authentication.
  - Log in outside the block whose C(module_defaults) contain the token, because the token must exist before the block.
    Revoke the token in C(always) of that block, so it is revoked after a failure too.
  - On another host, the module cannot distinguish C(no_log=true) of the task from the Ansible setting
    C(no_target_syslog). If C(no_target_syslog) is set for all tasks, make sure that the task has C(no_log=true).
  - An access token is valid for one hour by default. If the later tasks take longer, also set O(username) and
    O(password) for them, or refresh the token.
"""

EXAMPLES = r"""
# Many tasks with one login: log in before the block that uses the token, and always log out at its end.
- name: Log in
  vbaws.appliance.token:
    hostname: "{{ vbaws_hostname }}"
    username: "{{ vbaws_username }}"
    password: "{{ vbaws_password }}"
  no_log: true
  register: login

- name: Use the token
  module_defaults:
    group/vbaws.appliance.all:
      hostname: "{{ vbaws_hostname }}"
      access_token: "{{ login.access_token }}"
  block:
    - name: Read the organizations
      vbaws.appliance.organization_info:
      register: registered

    - name: Rescan each organization
      vbaws.appliance.organization_rescan:
        id: "{{ item.id }}"
      loop: "{{ registered.organizations }}"
      loop_control:
        label: "{{ item.name }}"
  always:
    - name: Log out
      vbaws.appliance.token:
        state: absent
      no_log: true

- name: Log in with the code of an authenticator
  vbaws.appliance.token:
    username: operator
    password: "{{ vbaws_password }}"
    mfa_code: "{{ code_from_survey }}"
  no_log: true
  register: login

- name: Ask for a code only if it is needed
  block:
    - name: Start the login
      vbaws.appliance.token:
        username: operator
        password: "{{ vbaws_password }}"
      no_log: true
      register: login_begun

    - name: Ask for the code
      ansible.builtin.pause:
        prompt: Code of your authenticator
        echo: false
      when: login_begun.mfa_required
      no_log: true
      register: asked

    - name: Complete the login
      vbaws.appliance.token:
        mfa_token: "{{ login_begun.mfa_token }}"
        mfa_code: "{{ asked.user_input }}"
      when: login_begun.mfa_required
      no_log: true
      register: login_ended

    - name: Store the result
      ansible.builtin.set_fact:
        login: "{{ login_ended if login_begun.mfa_required else login_begun }}"
      no_log: true

- name: Refresh the token in a long playbook
  vbaws.appliance.token:
    refresh_token: "{{ login.refresh_token }}"
  no_log: true
  register: login
"""

RETURN = r"""
access_token:
  description: Token for O(access_token) of later tasks. V(null) if RV(mfa_required).
  returned: success, with O(state=present)
  type: str
  sample: eyJhbGciOi...
refresh_token:
  description: Token for O(refresh_token) of a later task. V(null) if the appliance returned none.
  returned: success, with O(state=present)
  type: str
  sample: eyJhbGciOi...
expires_in:
  description: Validity of the access token in seconds. V(null) if the appliance did not return it.
  returned: success, with O(state=present)
  type: int
  sample: 3600
issued:
  description: Start of the access token's validity, in the appliance's format.
  returned: success, with O(state=present)
  type: str
  sample: Mon, 23 Nov 2026 00:30:12 GMT
expires:
  description: End of the access token's validity, in the appliance's format.
  returned: success, with O(state=present)
  type: str
  sample: Mon, 23 Nov 2026 01:30:12 GMT
username:
  description: User that has logged in.
  returned: success, with O(state=present)
  type: str
  sample: operator
role_name:
  description: Role of the user on the appliance.
  returned: success, with O(state=present)
  type: str
  sample: Portal Administrator
mfa_required:
  description: Whether a code is still needed to complete the login. There is then no access token yet.
  returned: success, with O(state=present)
  type: bool
  sample: false
mfa_token:
  description: Token for O(mfa_token) of a later task. V(null) unless RV(mfa_required).
  returned: success, with O(state=present)
  type: str
  sample: null
failure:
  description: Failure in a form that a playbook can branch on, see RV(vbaws.appliance.organization#module:failure).
  returned: failure
  type: dict
  sample: {reason: auth, stage: login, done: []}
"""

from collections.abc import Mapping
from typing import Any

from ..module_utils._errors import ApplianceError
from ..module_utils._http.deadline import Deadline
from ..module_utils._module.arguments import arguments
from ..module_utils._module.definition import Definition
from ..module_utils._module.options import CONNECTION
from ..module_utils._module.task import Task
from ..module_utils._rest.login import LOGIN_GRACE, LOGOUT_SECONDS, Login
from ..module_utils._rest.token_call import TOKENS

TOKEN: dict[str, dict[str, Any]] = {
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "mfa_code": {"type": "str", "no_log": True},
    "mfa_token": {"type": "str", "no_log": True},
    "refresh_token": {"type": "str", "no_log": True},
}

# Ours -> the token call's, in the order of the result; public documentation of the product. None but the first is sure.
_ANSWERED = {
    "access_token": "access_token",
    "refresh_token": "refresh_token",
    "expires_in": "expires_in",
    "issued": ".issued",
    "expires": ".expires",
    "username": "username",
    "role_name": "roleName",
}


def token(task: Task) -> dict[str, Any]:
    """Obtain or revoke a token and return the result of the module. Nothing is sent unless the task hides its result.

    Raises ApplianceError (invalid, auth, ...).
    """
    if not task.no_log:
        raise ApplianceError(
            "The task would show a token to everybody who reads its output or its log",
            reason="invalid",
            stage="options",
            remedy="Give the task the keyword no_log: true, beside its name and not among the options of the module.",
        )
    login = task.client.login_for_others()
    if task.options["state"] == "absent":
        return {"changed": login.withdraw(task.options["access_token"].strip())}
    result = _result(_kept(login, task))
    # A refresh token may come back as it was sent. The task is one that hides its whole result.
    task.reveal([result[name] for name in TOKENS if result[name]])
    return result


def _kept(login: Login, task: Task) -> dict[str, Any]:
    """Log in and return the answer. A token that an interruption keeps from the user is given back."""
    body: dict[str, Any] = {}
    try:
        with task.deadline.shielded(LOGIN_GRACE) as deadline:
            body = _obtain(login, task.options, deadline)
    except BaseException:
        if body.get("access_token"):
            login.revoke(body["access_token"], Deadline(LOGOUT_SECONDS))
        raise
    finally:
        if login.may_be_lost:
            task.warn(login.lost_warning())
    return body


def _obtain(login: Login, options: Mapping[str, Any], deadline: Deadline) -> dict[str, Any]:
    code = (options.get("mfa_code") or "").strip()
    if options.get("refresh_token"):
        return login.refresh(options["refresh_token"].strip(), deadline)
    if options.get("mfa_token"):
        return login.second_factor(options["mfa_token"].strip(), code, deadline)
    missing = [name for name in ("username", "password") if not options.get(name)]
    if missing:
        # Where access_token is set, which is no way to a new token, nobody has missed them before.
        raise ApplianceError(
            f"There is no way to log in: {' and '.join(missing)} {'are' if missing[1:] else 'is'} not set",
            reason="invalid",
            stage="options",
            remedy="Set username and password, or refresh_token, or mfa_token and mfa_code.",
        )
    body = login.begin(deadline)
    if body.get("access_token") or not code:
        return body
    return login.second_factor(str(body["mfa_token"]), code, deadline)


def _result(body: Mapping[str, Any]) -> dict[str, Any]:
    wanted = not body.get("access_token")
    return {
        "changed": False,
        **{ours: body.get(theirs) for ours, theirs in _ANSWERED.items()},
        "mfa_required": wanted,
        "mfa_token": body.get("mfa_token") if wanted else None,
    }


MODULE = Definition(
    token,
    arguments(CONNECTION, TOKEN),
    required_if=[("state", "absent", ["access_token"])],
    required_by={"mfa_token": ["mfa_code"]},
    mutually_exclusive=[("refresh_token", "mfa_token"), ("refresh_token", "mfa_code")],
)


def main() -> None:
    MODULE.main()


if __name__ == "__main__":
    main()
