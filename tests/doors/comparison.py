# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares what the two doors returned, key by key."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from doors.runs import MODULE, WORKER, Run

MAY_DIFFER = {
    "exception": "the traceback of a failure names files of the unpacked module, or is none at all",
    "_ansible_no_log": "set for results of action plugins by some cores, false in both cases",
    "_ansible_parsed": "set for what a module printed, before ansible-core 2.19",
}


_TIME = re.compile(r"^\d{4}-\d\d-\d\dT[\d:.]+Z$")


def differences(first: Any, second: Any, path: str = "") -> Iterator[str]:
    """Yield each place in which two values differ, in type too."""
    if isinstance(first, dict) and isinstance(second, dict):
        for key in sorted({*first, *second} - set(MAY_DIFFER)):
            yield from differences(first.get(key, "(missing)"), second.get(key, "(missing)"), f"{path}.{key}")
    elif isinstance(first, list) and isinstance(second, list) and len(first) == len(second):
        for number, (one, other) in enumerate(zip(first, second, strict=True)):
            yield from differences(one, other, f"{path}[{number}]")
    elif isinstance(first, str) and isinstance(second, str) and _TIME.match(first) and _TIME.match(second):
        return
    elif type(first) is not type(second) or first != second:
        yield f"{path}: {first!r} != {second!r}"


def assert_same(module: Run, worker: Run, tasks: int) -> None:
    """Assert that everything was the same through both doors, and that each run took its own.

    tasks: how many of them take a door. The others act on the appliance, or fail before.
    """
    assert [record["task"] for record in module.records] == [record["task"] for record in worker.records]
    found = [
        f"{first['task']}: {difference}"
        for first, second in zip(module.records, worker.records, strict=True)
        for difference in differences(first, second)
    ]
    assert not found, "\n".join(found)
    doors = {name: (module.door(name), worker.door(name)) for name in worker.results if worker.workers(name)}
    assert set(doors.values()) == {(MODULE, WORKER)}
    assert len(doors) == tasks
