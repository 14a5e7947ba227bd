# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A task that is told to stop gives its token back, shows what was changed, and begins nothing more."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from doors.runs import Ansible, Run, playbook
from simulator.web.process import RunningAppliance

SECONDS_TO_END = 20
CREATE = """
- name: create
  vbaws.appliance.organization:
    name: "{{ item }}"
    rescan_iam_role: "{{ item }}-rescan"
    backup_restore_iam_role_name: VeeamBackupRestore
    scope: entire
  loop: [subsidiary, research]
"""
# What is held up, and what may have happened when it is.
HELD_UP = {
    "login": {"method": "POST", "path": "token$"},
    "read": {"method": "GET", "path": "organizations/amazon$"},
    "read back": {"method": "GET", "path": "sessions"},
    "logout": {"method": "DELETE", "path": "token$"},
}


def _hold_up(appliance: RunningAppliance, stage: str, seconds: float, times: int = 1) -> None:
    appliance.control("POST", "/faults", {"kind": "slow", "seconds": seconds, "times": times, "match": HELD_UP[stage]})


def test_the_keyword_timeout_ends_a_task_as_it_ends_a_module(ansible: Ansible) -> None:
    tasks = """
    - name: slow
      simulator: {path: /faults, body: {kind: slow, seconds: 6, times: 1, match: {method: GET, path: organizations}}}
    - name: read
      vbaws.appliance.organization_info: {retries: 0}
      timeout: 3
    - name: the next task
      vbaws.appliance.organization_info:
      timeout: 60
    """
    module, worker = ansible.both(tasks)
    assert module.failed == worker.failed == {"read"}
    first, second = (run.results["read"] for run in (module, worker))
    assert re.search(r"\b3\b", second["msg"])
    assert (first["msg"], sorted(first)) == (second["msg"], sorted(second))
    assert "localhost: The task was interrupted by its keyword timeout" in worker.section("read")
    assert "Nothing was changed" in worker.section("read")


def test_a_timeout_after_a_write_shows_what_was_changed(ansible: Ansible) -> None:
    _hold_up(ansible.appliance, "read back", 6)
    run = ansible.tasks(CREATE + "  timeout: 3\n")
    assert run.events("create")[:2] == ["item failed", "item ok"]
    line = next(line for line in run.output.splitlines() if "keyword timeout" in line)
    assert "subsidiary" in line
    assert "localhost: " in line


def test_no_log_hides_what_was_changed_from_the_line_too(ansible: Ansible) -> None:
    _hold_up(ansible.appliance, "read back", 6)
    run = ansible.tasks(CREATE + "  timeout: 3\n  no_log: true\n")
    assert "subsidiary" not in "\n".join(line for line in run.output.splitlines() if "WARNING" in line)
    assert "keyword timeout" not in run.output


def _requests(appliance: RunningAppliance, stage: str) -> int:
    held = HELD_UP[stage]
    return sum(
        (one["method"] == held["method"] and one["path"].endswith(held["path"].rstrip("$")))
        or (one["method"] == held["method"] == "GET" and stage == "read back" and "/sessions/" in one["path"])
        for one in appliance.requests()
    )


def _until(condition: Callable[[], Any], what: str, seconds: float = SECONDS_TO_END) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, what
        time.sleep(0.05)


def _children(parent: int) -> list[int]:
    path = Path(f"/proc/{parent}/task/{parent}/children")
    return [int(child) for child in path.read_text(encoding="utf-8").split()] if path.exists() else []


def _alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def _interrupted(ansible: Ansible, stage: str, act: Callable[[int, int], None]) -> Run:
    """Begin to create organizations, act on Ansible and its worker during a stage, and return what came of it.

    act: is given the processes.
    """
    appliance = ansible.appliance
    _hold_up(appliance, stage, 5)
    command = ansible.command(playbook(CREATE, {}))
    with (ansible.folder / "output").open("w+", encoding="utf-8") as output:
        process = subprocess.Popen(
            command,
            env=ansible.environment({}),
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            _until(lambda: _requests(appliance, stage), f"no {stage}", 60)
            time.sleep(0.3)
            workers = _children(process.pid)
            assert len(workers) == 1
            act(process.pid, workers[0])
            process.wait(SECONDS_TO_END)
            _until(lambda: not _alive(workers[0]), "an orphaned worker")
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        output.seek(0)
        run = ansible.ended(process.returncode, output.read())
    names = [one["name"] for one in appliance.state()["organizations"]]
    assert "research" not in names, "a further item was begun"
    assert sum(one["path"].endswith("token") and one["method"] == "POST" for one in appliance.requests()) == 1
    return run


@pytest.mark.parametrize("stage", HELD_UP)
def test_sigterm_to_the_worker_ends_the_loop(ansible: Ansible, stage: str) -> None:
    run = _interrupted(ansible, stage, lambda _ansible, worker: os.kill(worker, signal.SIGTERM))
    if stage == "read back":
        assert "localhost: The task was interrupted by SIGTERM" in run.output
        assert "'subsidiary'" in run.output


@pytest.mark.parametrize("stage", HELD_UP)
def test_an_interrupt_from_the_keyboard_ends_everything(ansible: Ansible, stage: str) -> None:
    run = _interrupted(ansible, stage, lambda leader, _worker: os.killpg(leader, signal.SIGINT))
    assert run.code != 0


@pytest.mark.parametrize("stage", ["read", "logout"])
def test_sigterm_to_ansible_ends_everything(ansible: Ansible, stage: str) -> None:
    def end(leader: int, _worker: int) -> None:
        # Before ansible-core 2.19 a worker is not told that Ansible has ended. A service manager tells the group.
        os.kill(leader, signal.SIGTERM) if ansible.core >= (2, 19) else os.killpg(leader, signal.SIGTERM)

    assert _interrupted(ansible, stage, end).code != 0
