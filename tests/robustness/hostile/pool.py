# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs cases in several processes: most of them wait for a time that is to pass."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterable
from concurrent.futures import Future, ProcessPoolExecutor

from ansible_collections.vbaws.appliance.tests.robustness.hostile import case as cases
from ansible_collections.vbaws.appliance.tests.robustness.hostile.case import Case, Certificates, Outcome
from ansible_collections.vbaws.appliance.tests.robustness.hostile.doors.door import Door, Forked, Subprocess
from ansible_collections.vbaws.appliance.tests.robustness.hostile.draws import draw
from ansible_collections.vbaws.appliance.tests.robustness.hostile.tasks import TASKS

PROCESSES = 12
PYTHON = os.environ.get("VBAWS_CAMPAIGN_PYTHON", "")
LENGTHS: dict[str, int] = {}
"""Requests of each task without an attack, in the process of a worker."""


WRITTEN_DOWN: dict[str, Case] = {}
"""Cases by name, filled when tests are collected: an attack is a function, which reaches a worker only by its fork."""


def door() -> Door:
    """The door of the campaign."""
    return Subprocess(PYTHON) if PYTHON else Forked()


def _begin(lengths: dict[str, int]) -> None:
    os.nice(5)
    LENGTHS.update(lengths)


def _unharmed(name: str, certificates: Certificates) -> tuple[str, Outcome]:
    task = next(task for task in TASKS if task.name == name)
    return name, cases.run(Case(0, task), door(), certificates)


def _drawn(seed: int, certificates: Certificates) -> Outcome:
    return cases.run(draw(seed, LENGTHS), door(), certificates)


def _written_down(name: str, certificates: Certificates) -> Outcome:
    return cases.run(WRITTEN_DOWN[name], door(), certificates)


class Pool:
    """Processes that run cases, and what the tasks do without an attack."""

    def __init__(self, certificates: Certificates) -> None:
        self._certificates = certificates
        self._drawn: dict[int, Future[Outcome]] = {}
        self._by_name: dict[str, Future[Outcome]] = {}
        with self._executor({}) as executor:
            found = [executor.submit(_unharmed, task.name, certificates) for task in TASKS]
            self.unharmed = dict(one.result() for one in found)
        self._lengths = {name: len(one.requests) for name, one in self.unharmed.items()}
        self._pool = self._executor(self._lengths)

    @staticmethod
    def _executor(lengths: dict[str, int]) -> ProcessPoolExecutor:
        context = multiprocessing.get_context("fork")
        return ProcessPoolExecutor(PROCESSES, context, initializer=_begin, initargs=(lengths,))

    def close(self) -> None:
        """End the processes; what has not begun is not run."""
        self._pool.shutdown(cancel_futures=True)

    def submit(self, seeds: Iterable[int]) -> None:
        """Run the cases of these seeds."""
        # Those that take long begin first.
        for seed in sorted(seeds, key=lambda seed: not draw(seed, self._lengths).is_slow):
            self._drawn[seed] = self._pool.submit(_drawn, seed, self._certificates)

    def outcome(self, seed: int) -> Outcome:
        """What became of the case of a seed."""
        return self._drawn[seed].result()

    def submit_written_down(self) -> None:
        """Run the cases that are written down."""
        for name in sorted(WRITTEN_DOWN, key=lambda name: not WRITTEN_DOWN[name].is_slow):
            self._by_name[name] = self._pool.submit(_written_down, name, self._certificates)

    def written_down(self, name: str) -> Outcome:
        """What became of a case that is written down."""
        return self._by_name[name].result()
