# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the work of a module is given, and the door to Ansible. Nothing below needs Ansible's own objects."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Callable

from .journal import Journal
from .progress import Progress

if TYPE_CHECKING:
    from .._http.deadline import Deadline
    from .._rest.client import Client
    from .destination import Destination


def _masks_nothing(_data: Any) -> bool:
    return False


def _ignore(_texts: Iterable[str]) -> None:
    pass


@dataclass(frozen=True)
class Task:
    """One run of one module.

    ``client`` speaks to the appliance, ``options`` are the module's parameters, ``check_mode`` forbids every change,
    ``warn`` shows the user a warning, ``deadline`` is when everything must have ended, ``sleep`` waits some seconds,
    ``journal`` holds what was changed, ``masks`` says whether a mask would be shown in place of a part of a result,
    ``reveal`` lets no secret mask these texts, ``progress`` shows how far long work is, ``no_log`` says whether Ansible
    hides the result, ``destination`` is the file of the option ``dest``.
    """

    client: Client
    options: Mapping[str, Any]
    check_mode: bool
    warn: Callable[[str], None]
    deadline: Deadline
    sleep: Callable[[float], None]
    journal: Journal = field(default_factory=Journal)
    masks: Callable[[Any], bool] = _masks_nothing
    reveal: Callable[[Iterable[str]], None] = _ignore
    progress: Progress = field(default_factory=Progress)
    no_log: bool = False
    destination: Destination | None = None


class Door:
    """What Ansible gives to a module, and takes from it.

    options: validated. secrets: the values of options that are not logged; those that are found later are added.
    no_log: whether the task keeps its result from being shown. destination: the file of the option ``dest``, if set.
    show: shows a line while the task runs, without secrets; None if nobody would see it.
    """

    options: Mapping[str, Any]
    secrets: set[str]
    check_mode: bool
    no_log: bool
    destination: Destination | None = None
    show: Callable[[str], None] | None = None

    def warn(self, text: str) -> None:
        """Show a warning, now or with the result. text: without secrets."""
        raise NotImplementedError

    def end(self, failed: bool, result: Mapping[str, Any], options: Mapping[str, Any]) -> None:
        """Return the result. options: as the result shows them."""
        raise NotImplementedError
