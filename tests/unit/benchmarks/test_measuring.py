# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A command is measured with the processes below it, and a server answers what the simulated appliance answers."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks.harness.commands import Failed, spend
from benchmarks.server.answers import Answers
from benchmarks.server.process import running
from benchmarks.server.wish import Wish

TESTS = Path(__file__).resolve().parents[2]
BURN = "import time\nwhile time.process_time() < 0.3: pass"
LIST = "/api/v1/organizations/amazon?Offset=0&Limit=200"


def test_the_cpu_of_children_is_counted(tmp_path: Path) -> None:
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {BURN!r}], check=True)"
    assert spend([sys.executable, "-c", code], tmp_path / "output").cpu >= 0.3


def test_waiting_costs_time_and_no_cpu(tmp_path: Path) -> None:
    cost = spend([sys.executable, "-c", "import time; time.sleep(0.5)"], tmp_path / "output")
    assert cost.wall >= 0.5 > cost.cpu


def test_the_peak_is_the_most_that_a_process_had(tmp_path: Path) -> None:
    code = "from benchmarks.work.run import peak\nx = b'x' * (300 * 2**20)\ndel x\nprint(peak())"
    spend([sys.executable, "-c", code], tmp_path / "output", environment={"PYTHONPATH": str(TESTS)})
    assert 300 < float((tmp_path / "output").read_text()) < 360


def test_a_command_that_fails_is_no_measurement(tmp_path: Path) -> None:
    with pytest.raises(Failed, match="ended with 3:\nwhy"):
        spend([sys.executable, "-c", "print('why'); raise SystemExit(3)"], tmp_path / "output")


def body(answer: bytes) -> Any:
    return json.loads(answer.partition(b"\r\n\r\n")[2])


def test_a_kept_answer_is_made_again_after_a_write() -> None:
    answers = Answers(Wish(organizations=2))
    listed = body(answers.answer("GET", LIST, b""))
    assert answers.answer("GET", LIST, b"") is answers.answer("GET", LIST, b"")
    one = listed["results"][0]
    settings = {key: one[key] for key in ("name", "rescanIamRoleId", "backupRestoreIamRoleName")}
    change = json.dumps({"organization": {**settings, "description": "changed"}}).encode()
    path = f"/api/v1/organizations/amazon/{one['id']}"
    assert answers.answer("PUT", path, change).startswith(b"HTTP/1.1 200 OK\r\n")
    assert body(answers.answer("GET", LIST, b""))["results"][0]["description"] == "changed"
    assert body(answers.answer("GET", path, b""))["description"] == "changed"
    answers.reset()
    assert body(answers.answer("GET", LIST, b"")) == listed


def test_an_addition_is_there_when_its_session_is_over() -> None:
    answers = Answers(Wish(registered=False))
    role = body(answers.answer("GET", "/api/v1/accounts/amazon", b""))["results"][0]["id"]
    settings = {"name": "new", "rescanIamRoleId": role, "backupRestoreIamRoleName": "VeeamBackupRestore"}
    assert body(answers.answer("GET", LIST, b""))["totalCount"] == 0
    added = json.dumps({"organization": settings}).encode()
    assert answers.answer("POST", "/api/v1/organizations/amazon", added).startswith(b"HTTP/1.1 202 Accepted\r\n")
    assert body(answers.answer("GET", LIST, b""))["totalCount"] == 1


def test_requests_and_handshakes_are_counted() -> None:
    import requests

    with running(ports=2) as server:
        for port in server.ports:
            with requests.Session() as session:
                session.trust_env, session.verify = False, server.ca_file
                for _time in range(3):
                    url = f"https://127.0.0.1:{port}{LIST}"
                    assert session.get(url, timeout=10).json()["totalCount"] == 1
        counts = server.counts()
    assert (counts.requests, counts.handshakes) == (6, 2)
