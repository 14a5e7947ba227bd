# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The known mistakes of work in Ansible's own process. The callback plugin of the tests looks for more in each run."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

from doors.comparison import assert_same
from doors.runs import ROOT, WORKER, Ansible

TEMPLATES = """
- name: an organization with a name like a template
  simulator:
    path: /organizations
    body:
      name: !unsafe "{{ 7 * 7 }}"
      description: !unsafe "{% if true %}{{ lookup('pipe', 'echo pwned') }}{% endif %}"
      aws_organization_id: o-prod000001
      rescan_iam_role: prod-rescan
      backup_restore_iam_role_name: VeeamBackupRestore
- name: read
  vbaws.appliance.organization_info:
  register: read
- name: use
  ansible.builtin.debug:
    msg: "{{ read.organizations[0].name }} {{ read.organizations[0].description }}"
- name: facts
  ansible.builtin.set_fact:
    description: "{{ read.organizations[0].description }}"
- name: use facts
  ansible.builtin.debug: {msg: "{{ description }}"}
- name: give it back
  vbaws.appliance.organization: {name: "{{ read.organizations[0].name }}", description: "{{ description }}"}
  check_mode: true
- name: items
  vbaws.appliance.organization: {name: "{{ item.name }}", state: absent}
  loop: "{{ read.organizations }}"
  check_mode: true
- name: an option like a template
  vbaws.appliance.session_info: {id: !unsafe "{{ 6 * 6 }}"}
  register: refused
- name: use the failure
  ansible.builtin.debug: {msg: "{{ refused.msg }} {{ (refused.invocation | default({})).module_args | default('') }}"}
"""


def test_names_that_look_like_templates_are_text(ansible: Ansible) -> None:
    module, worker = ansible.both(TEMPLATES, ANSIBLE_INJECT_INVOCATION="true")
    assert_same(module, worker, tasks=4)
    assert worker.results["use"]["msg"].startswith("{{ 7 * 7 }} {% if true %}")
    assert worker.results["use facts"]["msg"].startswith("{% if true %}")
    assert "{{ 6 * 6 }}" in worker.results["use the failure"]["msg"]
    assert "pwned\\n" not in worker.output
    assert "49" not in worker.results["use"]["msg"]


def test_libraries_print_nothing_in_the_worker(ansible: Ansible) -> None:
    tasks = """
    - name: no verification
      vbaws.appliance.organization_info: {validate_certs: false}
    - name: a lost connection
      simulator: {path: /faults, body: {kind: drop_before, times: 1, match: {path: organizations}}}
    - name: once more
      vbaws.appliance.organization_info: {validate_certs: false}
    """
    run = ansible.tasks(tasks)
    assert run.failed == set()
    assert {run.door(task) for task in ("no verification", "once more")} == {WORKER}
    assert "InsecureRequestWarning" not in run.output
    assert "Retrying" not in run.output


def test_the_environment_names_the_proxy_and_its_exceptions(ansible: Ansible) -> None:
    tasks = """
    - name: no proxy
      vbaws.appliance.organization_info: {retries: 0}
    - name: a proxy
      vbaws.appliance.organization_info: {retries: 0}
      environment: {HTTPS_PROXY: "http://127.0.0.1:1"}
    - name: an exception
      vbaws.appliance.organization_info: {retries: 0}
      environment: {HTTPS_PROXY: "http://127.0.0.1:1", NO_PROXY: "127.0.0.0/8"}
    - name: authorities
      vbaws.appliance.organization_info: {retries: 0, ca_path: ""}
      environment: {VBAWS_CA_PATH: "", REQUESTS_CA_BUNDLE: "{{ authorities }}"}
    - name: other authorities
      vbaws.appliance.organization_info: {retries: 0}
      environment: {VBAWS_CA_PATH: "", REQUESTS_CA_BUNDLE: ""}
    """
    module, worker = ansible.both(tasks, "-e", f"authorities={ansible.appliance.ca_file}")
    assert_same(module, worker, tasks=5)
    assert worker.failed == {"a proxy", "other authorities"}


def _broken(ansible: Ansible, tmp_path: Path) -> Ansible:
    """Ansible with a copy of the collection in which a module has a defect."""
    copy = tmp_path / "broken" / "ansible_collections" / "vbaws" / "appliance"
    for folder in ("plugins", "meta"):
        shutil.copytree(ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "galaxy.yml", copy)
    module = copy / "plugins" / "modules" / "iam_role_info.py"
    text = module.read_text(encoding="utf-8")
    place = "    if name is not None:\n"
    assert place in text
    defect = '    Api(task.client, task.journal).get_iam_roles(None)\n    raise KeyError(task.options["password"])\n'
    module.write_text(text.replace(place, defect + place, 1), encoding="utf-8")
    return replace(ansible, collections=tmp_path / "broken")


def test_a_defect_is_the_same_through_both_doors(ansible: Ansible, tmp_path: Path) -> None:
    tasks = """
    - name: a defect
      vbaws.appliance.iam_role_info:
      register: failed
    - name: items
      vbaws.appliance.iam_role_info: {search: "{{ item }}"}
      loop: [a, b]
    """
    module, worker = _broken(ansible, tmp_path).both(tasks)
    assert_same(module, worker, tasks=2)
    assert worker.failed == {"a defect", "items"}
    message = worker.results["a defect"]["msg"]
    assert message.startswith("This is a defect of the collection: KeyError: ")
    assert ansible.appliance.password not in worker.output + module.output
