# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs cases in several processes: most of them wait for a time that is to pass."""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Iterable
from concurrent.futures import Future, ProcessPoolExecutor

from ansible_collections.vbaws.appliance.tests.robustness.hostile import case as cases
from ansible_collections.vbaws.appliance.tests.robustness.hostile.case import Case, Certificates, Outcome
from ansible_collections.vbaws.appliance.tests.robustness.hostile.doors.door import Door, Forked, Subprocess
from ansible_collections.vbaws.appliance.tests.robustness.hostile.doors.worker import ControllerProcess, Worker
from ansible_collections.vbaws.appliance.tests.robustness.hostile.draws import draw
from ansible_collections.vbaws.appliance.tests.robustness.hostile.tasks import BY_NAME, TASKS

PROCESSES = 12
PYTHON = os.environ.get("VBAWS_CAMPAIGN_PYTHON", "")
LENGTHS: dict[str, int] = {}
"""Requests of each task without an attack, in the process of a worker."""


WRITTEN_DOWN: dict[str, Case] = {}
"""Cases by name, filled when tests are collected: an attack is a function, which reaches a worker only by its fork."""


class Runner:
    """Runs a case in a process of the pool. controller: the socket of the process that forks workers."""

    def __init__(self, certificates: Certificates, controller: str) -> None:
        self._certificates = certificates
        self._controller = controller

    def unharmed(self, name: str, in_worker: bool) -> Outcome:
        return self._run(Case(0, BY_NAME[name], in_worker=in_worker))

    def drawn(self, seed: int) -> Outcome:
        return self._run(draw(seed, LENGTHS))

    def written_down(self, name: str) -> Outcome:
        return self._run(WRITTEN_DOWN[name])

    def _run(self, case: Case) -> Outcome:
        return cases.run(case, self._door(case), self._certificates)

    def _door(self, case: Case) -> Door:
        if case.in_worker:
            return Worker(self._controller)
        return Subprocess(PYTHON) if PYTHON else Forked()


def _begin(lengths: dict[str, int]) -> None:
    os.nice(5)
    LENGTHS.update(lengths)


class Pool:
    """Processes that run cases, and what the tasks do without an attack."""

    def __init__(self, certificates: Certificates) -> None:
        self._controller = ControllerProcess(PYTHON or sys.executable)
        self._runner = Runner(certificates, self._controller.where)
        self._drawn: dict[int, Future[Outcome]] = {}
        self._by_name: dict[str, Future[Outcome]] = {}
        with self._executor({}) as executor:
            found = {
                (task.name, in_worker): executor.submit(self._runner.unharmed, task.name, in_worker)
                for task in TASKS
                for in_worker in (False, True)
                if not in_worker or Case(0, task).may_be_in_worker
            }
            self.unharmed = {key: one.result() for key, one in found.items()}
        self._lengths = {name: len(one.requests) for (name, in_worker), one in self.unharmed.items() if not in_worker}
        self._pool = self._executor(self._lengths)

    @staticmethod
    def _executor(lengths: dict[str, int]) -> ProcessPoolExecutor:
        context = multiprocessing.get_context("fork")
        return ProcessPoolExecutor(PROCESSES, context, initializer=_begin, initargs=(lengths,))

    def close(self) -> None:
        """End the processes; what has not begun is not run."""
        self._pool.shutdown(cancel_futures=True)
        self._controller.close()

    def submit(self, seeds: Iterable[int]) -> None:
        """Run the cases of these seeds."""
        # Those that take long begin first.
        for seed in sorted(seeds, key=lambda seed: not draw(seed, self._lengths).is_slow):
            self._drawn[seed] = self._pool.submit(self._runner.drawn, seed)

    def outcome(self, seed: int) -> Outcome:
        """What became of the case of a seed."""
        return self._drawn[seed].result()

    def submit_written_down(self) -> None:
        """Run the cases that are written down."""
        for name in sorted(WRITTEN_DOWN, key=lambda name: not WRITTEN_DOWN[name].is_slow):
            self._by_name[name] = self._pool.submit(self._runner.written_down, name)

    def written_down(self, name: str) -> Outcome:
        """What became of a case that is written down."""
        return self._by_name[name].result()
