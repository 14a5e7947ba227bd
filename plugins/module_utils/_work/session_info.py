# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A session as session_info returns it: how it stands, when it began and ended, what it says it did."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._appliance.api import Api
from .._appliance.sessions import Session, Sessions, session_from_wire
from .._errors import ApplianceError, NotFound
from .._model.desired import is_uuid
from .._module.task import Task

_TIMES = {
    "start_time": "executionStartTime",
    "end_time": "executionStopTime",
    "duration": "executionDuration",
}
_KNOWN = {"id", "name", "type", "status", "result", "reason", *_TIMES.values()}


def session_info(task: Task) -> dict[str, Any]:
    """Reads the session that the options name and returns the result of the module.

    Raises ApplianceError: not_found where it is to be waited for and the appliance does not know it, timeout,
    session_failed with the session in its record where it ended as badly as ``fail_on`` says.
    """
    session_id = task.options["id"].strip().lower()
    if not is_uuid(session_id):
        raise ApplianceError(
            f"The option id is {session_id!r}, which is no UUID",
            reason="invalid",
            remedy="Sessions are named by the UUID that a task returned as session.id.",
        )
    api = Api(task.client)
    try:
        body = api.get_session(session_id)
    except NotFound as error:
        if not task.options["wait"]:
            return {"changed": False, "session": None}
        error.message = f"The appliance does not know the session {session_id}, so that it cannot be waited for"
        error.remedy = "Check the ID. If the session is an old one, look at the objects that it was to change."
        error.stage = "wait"
        raise
    if not task.options["wait"]:
        return {"changed": False, "session": _as_result(api, session_id, body, task)}
    what = f"The session {str(body.get('name') or body.get('type') or session_id)!r}"
    sessions = Sessions(api, task)
    ended = sessions.wait(session_id, what)
    result = _as_result(api, session_id, api.get_session(session_id), task)
    try:
        _judge(sessions, ended, what, task.options["fail_on"])
    except ApplianceError as error:
        error.record = {"session": result}
        raise
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
