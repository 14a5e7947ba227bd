# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tokens for later tasks: obtained by password, second factor or refresh token, and revoked."""

from __future__ import annotations

from collections.abc import Mapping, MutableSet
from typing import Any

from .._errors import ApplianceError
from .._module.task import Task
from .._rest.login import Login

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
_TOKENS = ("access_token", "refresh_token", "mfa_token")


def token(task: Task, no_log_values: MutableSet[str], *, no_log: bool) -> dict[str, Any]:
    """Obtains or revokes a token and returns the result of the module.

    no_log: whether the task hides its result; without it nothing is sent. no_log_values: Ansible's set of what is
    masked, out of which goes whatever would mask a token that is returned. Raises ApplianceError (invalid, auth, ...).
    """
    if not no_log:
        raise ApplianceError(
            "The task would show a token to everybody who reads its output or its log",
            reason="invalid",
            stage="options",
            remedy="Give the task the keyword no_log: true, beside its name and not among the options of the module.",
        )
    login = task.client.login_for_others()
    if task.options["state"] == "absent":
        return {"changed": login.withdraw(task.options["access_token"].strip())}
    result = _result(_obtain(login, task.options))
    unmask(result, no_log_values)
    return result


def unmask(result: Mapping[str, Any], no_log_values: MutableSet[str]) -> None:
    """Lets no secret option mask a token, not even in part: a refresh token may come back as it was sent.

    The task is one that hides its whole result.
    """
    tokens = [result[name] for name in _TOKENS if result[name]]
    for secret in list(no_log_values):
        if any(secret in text for text in tokens):
            no_log_values.discard(secret)


def _obtain(login: Login, options: Mapping[str, Any]) -> dict[str, Any]:
    code = (options.get("mfa_code") or "").strip()
    if options.get("refresh_token"):
        return login.refresh(options["refresh_token"].strip())
    if options.get("mfa_token"):
        return login.second_factor(options["mfa_token"].strip(), code)
    missing = [name for name in ("username", "password") if not options.get(name)]
    if missing:
        # Where access_token is set, which is no way to a new token, nobody has missed them before.
        raise ApplianceError(
            f"There is no way to log in: {' and '.join(missing)} {'are' if missing[1:] else 'is'} not set",
            reason="invalid",
            stage="options",
            remedy="Set username and password, or refresh_token, or mfa_token and mfa_code.",
        )
    body = login.begin()
    if body.get("access_token") or not code:
        return body
    return login.second_factor(str(body["mfa_token"]), code)


def _result(body: Mapping[str, Any]) -> dict[str, Any]:
    wanted = not body.get("access_token")
    return {
        "changed": False,
        **{ours: body.get(theirs) for ours, theirs in _ANSWERED.items()},
        "mfa_required": wanted,
        "mfa_token": body.get("mfa_token") if wanted else None,
    }
