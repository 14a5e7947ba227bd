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
from ansible_collections.vbaws.appliance.tests.robustness.hostile.case import Case, Outcome
from ansible_collections.vbaws.appliance.tests.robustness.hostile.door import Door, Forked, Subprocess
from ansible_collections.vbaws.appliance.tests.robustness.hostile.draws import draw
from ansible_collections.vbaws.appliance.tests.robustness.hostile.server import Certificate
from ansible_collections.vbaws.appliance.tests.robustness.hostile.tasks import TASKS

PROCESSES = 8
PYTHON = os.environ.get("VBAWS_CAMPAIGN_PYTHON", "")
LENGTHS: dict[str, int] = {}
"""Requests of each task without an attack, in the process of a worker."""


def door() -> Door:
    """The door of the campaign."""
    return Subprocess(PYTHON) if PYTHON else Forked()


def _begin(lengths: dict[str, int]) -> None:
    os.nice(5)
    LENGTHS.update(lengths)


def _unharmed(name: str, certificate: Certificate) -> tuple[str, Outcome]:
    task = next(task for task in TASKS if task.name == name)
    return name, cases.run(Case(0, task), door(), certificate)


def _drawn(seed: int, certificate: Certificate) -> Outcome:
    return cases.run(draw(seed, LENGTHS), door(), certificate)


class Pool:
    """Processes that run cases, and what the tasks do without an attack."""

    def __init__(self, certificate: Certificate) -> None:
        self._certificate = certificate
        self._drawn: dict[int, Future[Outcome]] = {}
        with self._executor({}) as executor:
            found = [executor.submit(_unharmed, task.name, certificate) for task in TASKS]
            self.unharmed = dict(one.result() for one in found)
        self._pool = self._executor({name: len(one.requests) for name, one in self.unharmed.items()})

    @staticmethod
    def _executor(lengths: dict[str, int]) -> ProcessPoolExecutor:
        context = multiprocessing.get_context("fork")
        return ProcessPoolExecutor(PROCESSES, context, initializer=_begin, initargs=(lengths,))

    def close(self) -> None:
        """End the processes; what has not begun is not run."""
        self._pool.shutdown(cancel_futures=True)

    def submit(self, seeds: Iterable[int]) -> None:
        """Run the cases of these seeds."""
        for seed in seeds:
            self._drawn[seed] = self._pool.submit(_drawn, seed, self._certificate)

    def outcome(self, seed: int) -> Outcome:
        """What became of the case of a seed."""
        return self._drawn[seed].result()

    def run(self, case: Case) -> Outcome:
        """Run a case that somebody wrote down."""
        return cases.run(case, door(), self._certificate)
