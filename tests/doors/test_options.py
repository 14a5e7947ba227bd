# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options reach the worker as they reach a module: from tasks, defaults, variables, vaults, and the environment."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from doors.comparison import assert_same
from doors.runs import WORKER, Ansible

VALUES = """
- name: values from variables
  vbaws.appliance.organization:
    name: "{{ text }}"
    description: "{{ number }}"
    state: absent
    timeout: "{{ number_as_text }}"
    validate_certs: "{{ boolean }}"
    retries: "{{ nothing | default(omit) }}"
    limited_scopes: "{{ scopes }}"
  vars: &values
    text: "{{ 'pro' ~ 'duction' }}"
    number: 5
    number_as_text: "7"
    boolean: true
    scopes: [{name: "{{ text }}", organizational_units: ["{{ number }}"], former_names: "{{ omit }}"}]
- name: a date without quotes
  vbaws.appliance.organization: {name: 2024-01-01, state: absent}
- name: a time without quotes
  vbaws.appliance.organization: {name: 2024-01-01 12:00:00, state: absent}
- name: a boolean from a variable
  vbaws.appliance.organization: {name: "{{ boolean }}", state: absent}
  vars: *values
- name: numbers from a variable
  vbaws.appliance.organization: {name: x, state: absent, id: "{{ number }}", aws_organization_id: 1.5}
  vars: *values
- name: text that is not a template
  vbaws.appliance.organization: {name: !unsafe "{{ 7 * 7 }}", state: absent, description: "{{ unsafe }}"}
  vars: {unsafe: !unsafe "{{ 6 * 6 }}"}
- name: a dict as arguments
  vbaws.appliance.organization:
  args: {name: production, state: "{{ 'absent' }}"}
- name: a template as arguments
  vbaws.appliance.organization: "{{ all }}"
  vars: {all: {name: production, state: absent, description: null}}
- name: arguments beside a template
  vbaws.appliance.organization: "{{ all }}"
  args: {state: absent}
  vars: {all: {name: production}}
- name: key and value
  vbaws.appliance.organization: name=production state=absent timeout=8
- name: action as a keyword
  action: {module: vbaws.appliance.organization, name: production, state: absent}
- name: nothing
  vbaws.appliance.organization: {name: production, state: null, checks: null, description: "", timeout: null}
  check_mode: true
- name: an empty text for a number
  vbaws.appliance.organization_info: {timeout: "", port: ""}
- name: a value of the facts
  vbaws.appliance.organization: {name: "{{ ansible_facts.fact }}", state: absent}
- name: an undefined variable
  vbaws.appliance.organization: {name: "{{ undefined_anywhere }}", state: absent}
- name: characters of all kinds
  vbaws.appliance.organization: {name: "ä \\U0001F600 \\e[31m", state: absent}
- name: a text of many lines
  vbaws.appliance.organization: {name: "a\\nb", state: absent}
"""


def test_values_are_the_same_through_both_doors(ansible: Ansible) -> None:
    facts = json.dumps({"ansible_facts": {"fact": "a fact"}})
    module, worker = ansible.both(VALUES, "-e", facts)
    # The undefined variable fails before either door.
    assert_same(module, worker, tasks=VALUES.count("vbaws.appliance.") - 1)


ENVIRONMENT = """
- name: of the play
  vbaws.appliance.organization_info:
- block:
    - name: of the block
      vbaws.appliance.organization_info:
    - name: of the task
      vbaws.appliance.organization_info:
      environment: {VBAWS_TIMEOUT: "13", VBAWS_USERNAME: "{{ user }}"}
      vars: {user: of the task}
    - name: of the task, empty
      vbaws.appliance.organization_info:
      environment: {VBAWS_TIMEOUT: "", VBAWS_PORT: 17, VBAWS_VALIDATE_CERTS: false}
    - name: of the block again
      vbaws.appliance.organization_info:
  environment: [{VBAWS_TIMEOUT: "12"}, {VBAWS_USERNAME: of the block}]
- name: the option wins
  vbaws.appliance.organization_info: {timeout: 14}
  environment: {VBAWS_TIMEOUT: "13"}
- name: null is the same as no option
  vbaws.appliance.organization_info: {timeout: null}
  environment: {VBAWS_TIMEOUT: "13"}
- name: not a number
  vbaws.appliance.organization_info:
  environment: {VBAWS_TIMEOUT: abc}
- name: items
  vbaws.appliance.organization_info:
  environment: "{{ item }}"
  loop: [{VBAWS_TIMEOUT: "13"}, {}, {VBAWS_USERNAME: of an item}, {}]
- name: look-ups of the items
  vbaws.appliance.organization_info: {username: "{{ lookup('env', 'DOORS_ITEM') or 'nothing' }}"}
  environment: "{{ item }}"
  loop: [{DOORS_ITEM: leaked}, {}]
"""


def test_the_environment_is_the_same_through_both_doors(ansible: Ansible) -> None:
    play = {"environment": {"VBAWS_TIMEOUT": "11"}}
    module, worker = ansible.both(
        ENVIRONMENT, keywords=play, ANSIBLE_INJECT_INVOCATION="true", VBAWS_TIMEOUT="10", VBAWS_RETRIES="2"
    )
    assert_same(module, worker, tasks=ENVIRONMENT.count("vbaws.appliance."))
    assert worker.results["of the play"]["invocation"]["module_args"]["retries"] == 2
    timeouts = {
        name: result["invocation"]["module_args"]["timeout"]
        for name, result in worker.results.items()
        if "invocation" in result
    }
    assert timeouts == {
        "of the play": 11,
        "of the block": 12,
        "of the task": 13,
        "of the task, empty": 30,
        "of the block again": 12,
        "the option wins": 14,
        "null is the same as no option": 13,
        "not a number": "abc",
    }
    items = [result["invocation"]["module_args"] for result in worker.results["items"]["results"]]
    assert [item["timeout"] for item in items] == [13, 11, 11, 11]
    assert [item["username"] for item in items] == ["doors-admin", "doors-admin", "of an item", "doors-admin"]
    looked_up = worker.results["look-ups of the items"]["results"]
    assert [item["invocation"]["module_args"]["username"] for item in looked_up] == ["nothing", "nothing"]


DEFAULTS = """
- name: of the group
  vbaws.appliance.iam_role_info:
- name: of the module
  vbaws.appliance.organization_info:
- name: of another module
  vbaws.appliance.organization: {name: production, state: absent}
- name: of a block
  vbaws.appliance.organization_info:
  module_defaults: {vbaws.appliance.organization_info: {timeout: 23}}
- name: by a short name
  organization_info:
  collections: [vbaws.appliance]
- name: the task wins
  vbaws.appliance.organization_info: {timeout: 24}
- name: a template that is omitted
  vbaws.appliance.organization_info:
  module_defaults: {vbaws.appliance.organization_info: {timeout: "{{ nothing | default(omit) }}"}}
"""


def test_module_defaults_are_those_of_the_module(ansible: Ansible) -> None:
    defaults = {
        "group/vbaws.appliance.all": {"timeout": 20},
        "vbaws.appliance.organization_info": {"timeout": 21, "limit": 3},
        "vbaws.appliance.organization": {"scope": "entire", "timeout": 22},
    }
    module, worker = ansible.both(DEFAULTS, keywords={"module_defaults": defaults}, ANSIBLE_INJECT_INVOCATION="true")
    assert_same(module, worker, tasks=7)
    options = {name: result["invocation"]["module_args"] for name, result in worker.results.items()}
    assert {name: given["timeout"] for name, given in options.items()} == {
        "of the group": 20,
        "of the module": 21,
        "of another module": 22,
        "of a block": 23,
        "by a short name": 21,
        "the task wins": 24,
        "a template that is omitted": 30,
    }
    assert options["of the module"]["limit"] == 3
    assert options["of another module"]["scope"] == "entire"
    assert "scope" not in options["of the module"]


FILES = """
- name: relative to the playbook
  vbaws.appliance.organization_info: {ca_path: authorities/ca.pem}
- name: in the home directory
  vbaws.appliance.organization_info: {ca_path: ~/authorities/ca.pem}
- name: by a variable of the environment
  vbaws.appliance.organization_info: {ca_path: $DOORS_FOLDER/ca.pem}
  environment: {DOORS_FOLDER: "{{ playbook_dir }}/authorities"}
- name: a file that does not exist
  vbaws.appliance.organization_info: {ca_path: ca.pem}
- name: a contract relative to the playbook
  vbaws.appliance.appliance_info: {openapi: {path: authorities/contract.yaml}}
- name: a file after that
  vbaws.appliance.organization_info: {ca_path: "{{ item }}"}
  loop: [authorities/ca.pem, ca.pem, authorities/ca.pem]
"""


def test_paths_are_relative_to_the_playbook(ansible: Ansible) -> None:
    folder = ansible.folder / "authorities"
    folder.mkdir(parents=True)
    shutil.copy(ansible.appliance.ca_file, folder / "ca.pem")
    contract = next((Path(__file__).parents[2] / "docs" / "openapi").glob("*.yaml"))
    shutil.copy(contract, folder / "contract.yaml")
    module, worker = ansible.both(FILES)
    assert_same(module, worker, tasks=6)
    assert worker.failed == {"a file that does not exist", "a file after that"}
    assert worker.events("a file after that") == ["item ok", "item failed", "item ok", "failed"]


def test_values_of_a_vault_are_decrypted(ansible: Ansible) -> None:
    password = ansible.folder / "password"
    password.write_text("open", encoding="utf-8")
    (ansible.folder / "plain").write_text(ansible.appliance.password, encoding="utf-8")
    vault = ansible.python.parent / "ansible-vault"
    encrypted = ansible.output(
        [str(vault), "encrypt_string", "--vault-password-file", str(password), ansible.appliance.password]
    )
    tasks = f"""
- name: from a vault
  vbaws.appliance.organization_info: {{password: "{{{{ secret }}}}", username: "{{{{ ansible_user_name }}}}"}}
  vars:
    ansible_user_name: {ansible.appliance.username}
    secret: {_indented(encrypted)}
- name: inline
  vbaws.appliance.organization_info:
    password: {_indented(encrypted)}
"""
    run = ansible.tasks(tasks, "--vault-password-file", str(password), verbosity=4, VBAWS_PASSWORD="wrong")
    assert ["organizations" in result for result in run.results.values()] == [True, True]
    assert {run.door(task) for task in run.results} == {WORKER}
    assert ansible.appliance.password not in run.output + json.dumps(run.records)


def _indented(text: str) -> str:
    lines = text.strip().splitlines()
    return "\n".join([lines[0], *(f"        {line.strip()}" for line in lines[1:])])
