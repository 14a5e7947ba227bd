# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the work of a module: client, signals, the error root caught once, logout, exit."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ansible.module_utils.basic import missing_required_lib

from .._errors import ApplianceError
from .._http.adapter import HAS_REQUESTS, REQUESTS_ERROR
from .._http.deadline import Deadline
from .._http.settings import TIMEOUT
from .._rest.client import Client, connect
from .._secrets.redactor import Redactor
from .._wording import full_stop
from .journal import Journal
from .options import require_text
from .shown import message, presentable
from .signals import Interrupted, Signals
from .task import Task

if TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule

TIMEOUTS_PER_TASK = 10
"""How many single reads' worth of time a task has beside what it may wait for sessions."""

MASKED = (
    "A secret of this task, such as its password, also occurs in the returned data, where Ansible shows asterisks in "
    "its place. Do not use the result as data. Use another password, or an access token."
)
"""The warning about a result that Ansible does not show as it is."""

LONGEST_TASK = 10**9
"""Seconds: clocks cannot count further, and an unusable option is refused later."""


def run(module: AnsibleModule, work: Callable[[Task], dict[str, Any]]) -> None:
    """Do the work of a module and end the process with its result.

    ``work`` is given the task and returns the keys of the result, ``changed`` among them. An ``ApplianceError``
    becomes a failure with its text and the ending of the journal as ``msg``, the structured ``failure``, and the keys
    of its ``result``. In any case the token that the task obtained is given back first, also after a signal.
    """
    redactor = Redactor(module.no_log_values)
    redactor.add_options(module.params)
    if not HAS_REQUESTS:
        module.fail_json(msg=missing_required_lib("requests"), exception=REQUESTS_ERROR)
    deadline, journal = Deadline(_seconds(module.params)), Journal()
    with Signals(deadline) as signals:
        client: Client | None = None
        try:
            require_text(module.params)
            client = connect(module.params, deadline, redactor=redactor)
            task = Task(
                client=client,
                options=module.params,
                check_mode=module.check_mode,
                warn=lambda text: module.warn(message(redactor.text(text))),
                deadline=deadline,
                sleep=deadline.sleep,
                journal=journal,
                masks=redactor.masks,
                reveal=redactor.reveal,
            )
            result, failure = _work(work, task)
        except ApplianceError as error:
            result, failure = {}, _failure(error, journal)
        except Interrupted as interruption:
            result, failure = {}, _failure(interruption.error(journal), journal)
        finally:
            # In a finally for what no clause catches: work that ends the process by itself.
            signals.ignore()
            for warning in _logout(client):
                module.warn(message(redactor.text(warning)))
        try:
            _end(module, redactor, journal, result, failure)
        finally:
            # Before signals can end the process again: Ansible does not flush what it prints.
            sys.stdout.flush()


def _logout(client: Client | None) -> list[str]:
    try:
        return client.logout() if client else []
    except Exception as error:  # noqa: BLE001  (the result of the work must not be lost by the logout)
        return [f"The logout failed, so the token may stay valid until it expires: {type(error).__name__}: {error}"]


def _end(
    module: AnsibleModule, redactor: Redactor, journal: Journal, result: dict[str, Any], failure: dict[str, Any]
) -> None:
    """Print the result or the failure. What was changed is printed even if the rest cannot be."""
    try:
        # The text of a failure may quote a secret, and is not data.
        masked = redactor.masks({**result, **failure, "msg": None, "failure": None, "exception": None})
        if masked:
            module.warn(MASKED)
        shown = presentable(redactor.value(failure) if failure else redactor.value(result) if masked else result)
        module.params = presentable(module.params)
        if failure:
            module.fail_json(**shown)
        module.exit_json(**shown)
    except Exception as error:  # noqa: BLE001  (neither exit_json nor fail_json raises one when it has printed)
        module.params = {}
        why = f"The result cannot be shown: {type(error).__name__}: {error}"
        module.fail_json(msg=message(redactor.text(f"{full_stop(why)} {failure.get('msg') or journal.ending()}")))


def _work(work: Callable[[Task], dict[str, Any]], task: Task) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the result of the work and an empty failure, or an empty result and the failure of a defect."""
    try:
        return work(task), {}
    except ApplianceError:
        raise
    except Exception as error:  # noqa: BLE001  (a defect: shown whole, but only after the logout and without secrets)
        message = f"This is a defect of the collection: {type(error).__name__}: {error}"
        return {}, {"msg": f"{full_stop(message)} {task.journal.ending()}", "exception": traceback.format_exc()}


def _seconds(options: dict[str, Any]) -> float:
    """The time that a task has: what it may wait, and some reads on top, more for many organizations."""
    timeout, wait, organizations = (options.get(option) for option in ("timeout", "wait_timeout", "organizations"))
    timeouts = TIMEOUTS_PER_TASK + len(organizations or ())
    seconds: float = timeouts * max(1, timeout or TIMEOUT.default) + max(0, wait or 0)
    return min(seconds, LONGEST_TASK)


def _failure(error: ApplianceError, journal: Journal) -> dict[str, Any]:
    return {**error.result, "msg": f"{error} {journal.ending()}", "failure": error.failure(journal.done)}
