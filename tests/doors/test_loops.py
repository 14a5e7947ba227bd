# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The items of a loop share a process and nothing else, and the keywords around a task do what they always do."""

from __future__ import annotations

from doors.comparison import assert_same
from doors.runs import Ansible

ITEMS = """
- name: warnings
  vbaws.appliance.organizations: {organizations: [{name: a, state: absent}], prune_limit: "{{ item }}"}
  loop: [5, null, 7]
  loop_control: {label: "number {{ item }}", index_var: number, extended: true}
  register: warned
- name: secrets
  vbaws.appliance.organization: "{{ item }}"
  check_mode: true
  loop:
    - {name: plain, state: absent, password: canary-Of-One-Item}
    - {name: canary-Of-One-Item, state: absent}
- name: failures
  vbaws.appliance.organization_info: {name: "{{ item }}"}
  loop: [production, "", nowhere, 5]
- name: a condition for items
  vbaws.appliance.organization_info: {search: "{{ item }}"}
  loop: [a, b, c]
  when: item != 'b'
"""

# The key ansible_parsed is set for what a module printed, by ansible-core 2.22.
KEYWORDS = """
- name: two faults
  simulator: {path: /faults, body: {kind: status, status: 403, times: 2, match: {path: organizations}}}
- name: retries
  vbaws.appliance.organization_info:
  register: retried
  until: retried is succeeded
  retries: 4
  delay: 0
- name: retries in vain
  vbaws.appliance.session_info: {id: 11111111-2222-3333-4444-555555555555}
  register: asked
  until: asked.session is not none
  retries: 2
  delay: 0
- name: failed_when of a success
  vbaws.appliance.organization_info:
  register: read
  failed_when: read.organizations | length == 0
- name: failed_when of a failure
  vbaws.appliance.organization: {name: production, scope: entire}
  register: refused
  failed_when: "'failure' not in refused"
- name: changed_when
  vbaws.appliance.organization_info:
  changed_when: true
- name: a rescued block
  block:
    - name: fails
      vbaws.appliance.session_info: {id: abc}
      ignore_errors: false
  rescue:
    - name: rescued
      ansible.builtin.debug:
        msg: "{{ ansible_failed_task.name }}: {{ why.failure.reason }}, {{ why.msg }}"
      vars: {why: "{{ ansible_failed_result }}"}
- name: ignored and registered
  vbaws.appliance.session_info: {id: abc}
  register: ignored
- name: the register
  ansible.builtin.debug:
    msg: "{{ ignored | dict2items | map(attribute='key') | difference(['ansible_parsed']) | sort }}"
- name: skipped
  vbaws.appliance.session_info: {id: abc}
  when: false
- name: notifies nothing
  vbaws.appliance.organization_info:
  changed_when: true
- name: flush
  ansible.builtin.meta: flush_handlers
"""


def test_items_are_the_same_through_both_doors(ansible: Ansible) -> None:
    module, worker = ansible.both(ITEMS)
    assert_same(module, worker, tasks=4)
    items = [one["result"] for one in worker.records if one["event"] == "item ok" and one["task"] == "warnings"]
    assert [len(item.get("warnings", [])) for item in items] == [1, 0, 1]
    assert worker.events("failures").count("item failed") >= 1


def test_keywords_are_the_same_through_both_doors(ansible: Ansible) -> None:
    module, worker = ansible.both(KEYWORDS)
    assert_same(module, worker, tasks=8)
    assert worker.events("retries") == ["retry", "retry", "ok"]
    assert worker.results["retries"]["attempts"] == 3
    assert worker.results["rescued"]["msg"].startswith("fails: invalid, ")
    assert {"failure", "msg", "failed"} <= set(worker.results["the register"]["msg"])
