# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the work of a module is given; nothing below the module needs Ansible's own object."""

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
