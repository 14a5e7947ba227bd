# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No secret is in what Ansible prints or hands to callback plugins, and both doors show the same of the options."""

from __future__ import annotations

import json
from pathlib import Path

from doors.comparison import assert_same
from doors.runs import Ansible, Run

TASKS = """
- name: success
  vbaws.appliance.organization_info: {password: "{{ password }}", proxy: ""}
- name: validation error with a password
  vbaws.appliance.organization: {name: a, password: "{{ given[1] }}", state: "{{ given[1] }}"}
- name: unsupported option with a token
  vbaws.appliance.organization_info: {access_token: "{{ given[2] }}", unknown: "{{ given[2] }}"}
- name: password that is a list
  vbaws.appliance.organization_info: {password: ["{{ given[3] }}"]}
- name: failure with a token
  vbaws.appliance.organization_info: {password: null, access_token: "{{ given[4] }}"}
- name: failure with a proxy
  vbaws.appliance.organization_info: {proxy: "http://user:{{ given[5] }}@127.0.0.1:1", retries: 0}
- name: second factor that is refused
  vbaws.appliance.token: {mfa_token: "{{ given[6] }}", mfa_code: "{{ given[7] }}", retries: 0}
  no_log: true
- name: refresh that is refused
  vbaws.appliance.token: {refresh_token: "{{ given[8] }}", retries: 0}
  no_log: true
- name: exclusive options without no_log
  vbaws.appliance.token: {refresh_token: "{{ given[8] }}", mfa_code: "{{ given[7] }}"}
- name: token that would be shown
  vbaws.appliance.token: {mfa_code: "{{ given[7] }}"}
- name: name that holds a secret
  vbaws.appliance.organization: {name: "of {{ password }}", state: absent}
- name: echo
  simulator:
    path: /faults
    body: {kind: status, status: 400, details: "it was {{ password }}", match: {path: organizations}}
- name: answer that holds a secret
  vbaws.appliance.organization_info:
- name: issue
  vbaws.appliance.token:
  register: issued
  no_log: true
- name: keep
  ansible.builtin.copy:
    content: "{{ [issued.access_token, issued.refresh_token] | to_json }}"
    dest: "{{ playbook_dir }}/issued-{{ vbaws_run_in_worker | default(true) | bool | int }}"
  no_log: true
- name: use of a token
  vbaws.appliance.organization_info: {password: null, access_token: "{{ issued.access_token }}"}
- name: refresh
  vbaws.appliance.token: {refresh_token: "{{ issued.refresh_token }}"}
  register: refreshed
  no_log: true
- name: withdraw
  vbaws.appliance.token: {state: absent, access_token: "{{ item.access_token }}"}
  loop: ["{{ issued }}", "{{ refreshed }}"]
  no_log: true
- name: hidden success
  vbaws.appliance.organization_info:
  no_log: true
- name: hidden failure
  vbaws.appliance.organization: {name: "{{ hidden }}", id: abc}
  no_log: true
- name: hidden validation error
  vbaws.appliance.organization: {name: "{{ hidden }}", state: gone}
  no_log: true
- name: hidden item
  vbaws.appliance.organization: {name: "{{ hidden }}", state: absent}
  loop: ["{{ hidden }}"]
  no_log: true
"""


def _issued(ansible: Ansible, number: int) -> list[str]:
    """The tokens that a run got. number: 1 for the worker's door."""
    tokens: list[str] = json.loads((ansible.folder / f"issued-{number}").read_text(encoding="utf-8"))
    return tokens


def _shown(run: Run) -> str:
    return run.output + json.dumps(run.records)


def _values(ansible: Ansible) -> str:
    """The secrets as a file of variables: Ansible prints the lines of a task that fails, and extra variables."""
    given = [f"canary-Given-{number}" for number in range(9)]
    values = {"given": given, "password": ansible.appliance.password, "hidden": "hidden-Name"}
    (ansible.folder / "values.json").write_text(json.dumps(values), encoding="utf-8")
    return f"@{ansible.folder / 'values.json'}"


def test_no_secret_is_shown_by_either_door(ansible: Ansible) -> None:
    module, worker = ansible.both(TASKS, "-e", _values(ansible), verbosity=4, ANSIBLE_INJECT_INVOCATION="true")
    assert_same(module, worker, tasks=TASKS.count("vbaws.appliance."))
    for run, number in ((module, 0), (worker, 1)):
        tokens = _issued(ansible, number)
        shown = _shown(run)
        for secret in (*tokens, ansible.appliance.password, "canary-", "hidden-"):
            assert len(secret) > 6
            assert secret not in shown, secret
        assert "censored" in json.dumps(run.results["hidden failure"])


def test_the_invocation_is_shown_as_by_a_module(ansible: Ansible) -> None:
    tasks = """
    - {name: success, vbaws.appliance.organization_info: {}}
    - {name: failure, vbaws.appliance.session_info: {id: a}}
    - {name: invalid, vbaws.appliance.session_info: {}}
    - {name: not wanted, vbaws.appliance.session_info: {id: a}, vars: {ansible_inject_invocation: false}}
    - {name: wanted, vbaws.appliance.session_info: {id: a}, vars: {ansible_inject_invocation: true}}
    """
    shown = {}
    for setting in (False, True):
        module, worker = ansible.both(tasks, ANSIBLE_INJECT_INVOCATION=str(setting))
        assert_same(module, worker, tasks=5)
        shown[setting] = [name for name, result in worker.results.items() if "invocation" in result]
    everything = ["success", "failure", "invalid", "not wanted", "wanted"]
    on_request = ansible.core >= (2, 21)
    assert shown[True] == [name for name in everything if name != "not wanted" or not on_request]
    assert shown[False] == (["wanted"] if on_request else everything)


def test_the_log_file_of_ansible_holds_no_secret(ansible: Ansible, tmp_path: Path) -> None:
    log = tmp_path / "log"
    ansible.tasks(TASKS, "-e", _values(ansible), verbosity=4, ANSIBLE_LOG_PATH=str(log))
    text = log.read_text(encoding="utf-8")
    assert "second factor that is refused" in text
    for secret in (*_issued(ansible, 1), ansible.appliance.password):
        assert secret not in text
