# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the work of a module, the same for both doors: client, signals, errors, logout, result."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from .._errors import ApplianceError
from .._http.deadline import Deadline
from .._http.settings import TIMEOUT
from .._rest.client import Client, connect
from .._secrets.redactor import Redactor
from .._wording import full_stop
from .journal import Journal
from .options import require_text
from .progress import Progress
from .shown import message, presentable
from .signals import Interrupted, Signals
from .task import Door, Task

TIMEOUTS_PER_TASK = 10
"""How many single reads' worth of time a task has beside what it may wait for sessions."""

MASKED = (
    "A secret of this task, such as its password, also occurs in the returned data, where Ansible shows asterisks in "
    "its place. Do not use the result as data. Use another password, or an access token."
)
"""The warning about a result that Ansible does not show as it is."""

LONGEST_TASK = 10**9
"""Seconds: clocks cannot count further, and an unusable option is refused later."""


@dataclass(frozen=True)
class Ended:
    """The end of the work of a module. signals: those that came by then. changed: what the task changed, in words."""

    signals: Signals
    changed: str


def run(door: Door, work: Callable[[Task], dict[str, Any]]) -> Ended:
    """Do the work of a module and end it through its door.

    ``work`` is given the task and returns the keys of the result, ``changed`` among them. An ``ApplianceError``
    becomes a failure with its text and the ending of the journal as ``msg``, the structured ``failure``, and the keys
    of its ``result``. In any case the token that the task obtained is given back first, also after a signal.
    """
    redactor = Redactor(door.secrets)
    redactor.add_options(door.options)

    def shown(text: str) -> str:
        return message(redactor.text(text))

    deadline, journal = Deadline(_seconds(door.options)), Journal()
    with Signals(deadline) as signals:
        client: Client | None = None
        try:
            require_text(door.options)
            client = connect(door.options, deadline, redactor=redactor)
            task = Task(
                client=client,
                options=door.options,
                check_mode=door.check_mode,
                warn=lambda text: door.warn(shown(text)),
                deadline=deadline,
                sleep=deadline.sleep,
                journal=journal,
                masks=redactor.masks,
                reveal=redactor.reveal,
                progress=Progress(door.show, mask=shown),
                no_log=door.no_log,
                destination=door.destination,
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
                door.warn(shown(warning))
        _end(door, redactor, journal, result, failure)
    return Ended(signals, shown(journal.ending("Changed")))


def _logout(client: Client | None) -> list[str]:
    try:
        return client.logout() if client else []
    except Exception as error:  # noqa: BLE001  (the result of the work must not be lost by the logout)
        return [f"The logout failed, so the token may stay valid until it expires: {type(error).__name__}: {error}"]


def _end(door: Door, redactor: Redactor, journal: Journal, result: dict[str, Any], failure: dict[str, Any]) -> None:
    """Return the result or the failure. What was changed is returned even if the rest cannot be."""
    try:
        # The text of a failure may quote a secret, and is not data.
        masked = redactor.masks({**result, **failure, "msg": None, "failure": None, "exception": None})
        if masked:
            door.warn(MASKED)
        shown = presentable(redactor.value(failure) if failure else redactor.value(result) if masked else result)
        door.end(bool(failure), shown, presentable(door.options))
    except Exception as error:  # noqa: BLE001  (no door raises one after it has returned the result)
        why = f"The result cannot be shown: {type(error).__name__}: {error}"
        text = f"{full_stop(why)} {failure.get('msg') or journal.ending()}"
        door.end(True, {"msg": message(redactor.text(text))}, {})


def _work(work: Callable[[Task], dict[str, Any]], task: Task) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the result of the work and an empty failure, or an empty result and the failure of a defect."""
    try:
        return work(task), {}
    except ApplianceError:
        raise
    except Exception as error:  # noqa: BLE001  (a defect: shown whole, but only after the logout and without secrets)
        message = f"This is a defect of the collection: {type(error).__name__}: {error}"
        return {}, {"msg": f"{full_stop(message)} {task.journal.ending()}", "exception": traceback.format_exc()}


def _seconds(options: Mapping[str, Any]) -> float:
    """The time that a task has: what it may wait, and some reads on top, more for many organizations."""
    timeout, wait, organizations = (options.get(option) for option in ("timeout", "wait_timeout", "organizations"))
    timeouts = TIMEOUTS_PER_TASK + len(organizations or ())
    seconds: float = timeouts * max(1, timeout or TIMEOUT.default) + max(0, wait or 0)
    return min(seconds, LONGEST_TASK)


def _failure(error: ApplianceError, journal: Journal) -> dict[str, Any]:
    return {**error.result, "msg": f"{error} {journal.ending()}", "failure": error.failure(journal.done)}
