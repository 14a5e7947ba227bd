# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The worker does the work only if a module would run on this host, as this user, with this interpreter."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from doors.runs import MODULE, WORKER, Ansible, playbook

TASKS = """
- name: worker, by default
  vbaws.appliance.organization_info:
- name: worker, connection as a keyword
  vbaws.appliance.organization_info:
  connection: local
- name: worker, become of no one
  vbaws.appliance.organization_info:
  become: false
- name: worker, async of no time
  vbaws.appliance.organization_info:
  async: 0
- name: worker, interpreter to discover
  vbaws.appliance.organization_info:
  vars: {ansible_python_interpreter: "{{ item }}"}
  loop: [auto, auto_silent, auto_legacy, auto_legacy_silent, ""]
- name: worker, interpreter of the playbook
  vbaws.appliance.organization_info:
  vars: {ansible_python_interpreter: "{{ ansible_playbook_python }}"}
- name: worker, delegated
  vbaws.appliance.organization_info:
  delegate_to: "{{ item }}"
  loop: [localhost, here]
- name: worker, switched on
  vbaws.appliance.organization_info:
  vars: {vbaws_run_in_worker: "{{ item }}"}
  loop: [true, "yes", "{{ 1 == 1 }}", 1]
- name: worker, export without a file
  vbaws.appliance.organization_export: {dest: null}
- name: module, another connection
  vbaws.appliance.organization_info:
  vars: {ansible_connection: elsewhere}
- name: module, another user
  vbaws.appliance.organization_info:
  become: true
  become_method: nobody
  become_user: nobody
- name: module, in the background
  vbaws.appliance.organization_info:
  async: 60
  poll: 1
- name: module, in the background without waiting
  vbaws.appliance.organization_info:
  async: 60
  poll: 0
  register: background
- name: wait for it
  ansible.builtin.async_status: {jid: "{{ background.ansible_job_id }}"}
  register: ended
  until: ended is finished
  retries: 60
  delay: 0.5
- name: module, interpreter of another environment
  vbaws.appliance.organization_info:
  vars: {ansible_python_interpreter: "{{ other_python }}"}
- name: module, interpreter as a name
  vbaws.appliance.organization_info:
  vars: {ansible_python_interpreter: "{{ other_python | dirname }}/../bin/python"}
- name: module, delegated to another connection
  vbaws.appliance.organization_info:
  delegate_to: there
- name: module, delegated to another interpreter
  vbaws.appliance.organization_info:
  delegate_to: other
- name: module, a file as destination
  vbaws.appliance.organization_export: {dest: "{{ playbook_dir }}/export.csv"}
- name: module, switched off
  vbaws.appliance.organization_info:
  vars: {vbaws_run_in_worker: "{{ item }}"}
  loop: [false, "no", "{{ 1 == 2 }}"]
- name: neither, a typo
  vbaws.appliance.organization_info:
  vars: {vbaws_run_in_worker: flase}
- name: neither, null
  vbaws.appliance.organization_info:
  vars: {vbaws_run_in_worker: null}
"""

DELEGATED = """
- name: worker, delegated to the controller
  vbaws.appliance.organization_info:
  delegate_to: localhost
- name: worker, by local_action
  local_action: {module: vbaws.appliance.organization_info}
- name: module, on the host itself
  vbaws.appliance.organization_info:
"""


@pytest.fixture
def other_python(ansible: Ansible) -> Path:
    """The Python of another virtual environment, which is a link to the same binary and has the same libraries."""
    folder = ansible.folder / "other"
    subprocess.run([str(ansible.python), "-m", "venv", "--without-pip", str(folder)], check=True)
    code = "import sysconfig; print(sysconfig.get_path('purelib'))"
    libraries, own = (
        subprocess.run([str(python), "-c", code], capture_output=True, text=True, check=True).stdout.strip()
        for python in (ansible.python, folder / "bin" / "python")
    )
    (Path(own) / "libraries.pth").write_text(libraries + "\n", encoding="utf-8")
    return folder / "bin" / "python"


def _inventory(ansible: Ansible, hosts: dict[str, dict[str, str]]) -> list[str]:
    path = ansible.folder / "hosts.json"
    path.write_text(json.dumps({"all": {"hosts": hosts}}), encoding="utf-8")
    return ["-i", str(path)]


def test_the_door_depends_on_host_user_and_interpreter(ansible: Ansible, other_python: Path) -> None:
    other = str(other_python)
    inventory = _inventory(
        ansible,
        {
            "here": {"ansible_connection": "local"},
            "there": {"ansible_connection": "elsewhere", "ansible_python_interpreter": other},
            "other": {"ansible_connection": "local", "ansible_python_interpreter": other},
        },
    )
    text = playbook(TASKS, {"vars": {"other_python": other}}) + playbook(DELEGATED, {"hosts": "there"})
    run = ansible.run(text, *inventory)
    expected = {name: name.partition(",")[0] for name in run.results if name.startswith(("worker", "module"))}
    assert {name: run.door(name) for name in expected} == expected
    assert run.failed == {"neither, a typo", "neither, null"}
    assert "vbaws_run_in_worker is 'flase'" in run.results["neither, a typo"]["msg"]
    assert "vbaws_run_in_worker is None" in run.results["neither, null"]["msg"]
    assert set(expected.values()) == {WORKER, MODULE}
    assert ansible.appliance.requests()
    assert (ansible.folder / "export.csv").exists()


def test_the_interpreter_of_the_configuration_counts(ansible: Ansible, other_python: Path) -> None:
    # Without an inventory, Ansible sets the interpreter of localhost by a variable, which wins.
    inventory = _inventory(ansible, {"here": {"ansible_connection": "local"}})
    text = playbook("- {name: task, vbaws.appliance.organization_info: {}}", {"hosts": "here"})
    doors = {
        interpreter: ansible.run(text, *inventory, ANSIBLE_PYTHON_INTERPRETER=str(interpreter)).door("task")
        for interpreter in (ansible.python, other_python)
    }
    assert doors == {ansible.python: WORKER, other_python: MODULE}


def test_a_controller_without_requests_runs_modules(ansible: Ansible, tmp_path: Path) -> None:
    missing = tmp_path / "missing"
    missing.mkdir()
    (missing / "requests.py").write_text("raise ImportError('none here')\n", encoding="utf-8")
    tasks = """
    - name: a module that finds it
      vbaws.appliance.organization_info:
      environment: {PYTHONPATH: ""}
    - name: a module that does not find it
      vbaws.appliance.organization_info:
    """
    run = ansible.tasks(tasks, PYTHONPATH=str(missing))
    assert {name: run.door(name) for name in run.results} == dict.fromkeys(run.results, MODULE)
    assert run.failed == {"a module that does not find it"}


@pytest.mark.parametrize("keywords", [{}, {"strategy": "free"}, {"strategy": "host_pinned"}, {"serial": 7}])
def test_every_strategy_uses_the_worker(ansible: Ansible, keywords: dict[str, object]) -> None:
    names = [f"host{number}" for number in range(20)]
    inventory = _inventory(
        ansible, {name: {"ansible_connection": "local", "own_name": f"organization of {name}"} for name in names}
    )
    tasks = """
    - name: each
      vbaws.appliance.organization: {name: "{{ own_name }}", state: absent}
      check_mode: true
    - name: once
      vbaws.appliance.organization_info: {search: once}
      run_once: true
    """
    run = ansible.run(playbook(tasks, {"hosts": "all", **keywords}), *inventory, "--forks", "10")
    assert run.failed == set()
    results = {record["host"]: record["result"] for record in run.records if record["task"] == "each"}
    assert sorted(results) == sorted(names)
    assert all(
        f"organization of {name}'" in json.dumps(result) or not result["changed"] for name, result in results.items()
    )
    once = {None: 1, "free": 20, "host_pinned": 20}[keywords.get("strategy")]  # type: ignore[index]
    batches = 3 if "serial" in keywords else once
    assert run.workers() == 20 + batches
    assert "AnsiballZ" not in run.output
