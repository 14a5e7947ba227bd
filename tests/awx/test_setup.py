# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook that creates everything in AWX: its parts fit to each other and to the project.

It is run with modules in place of those of awx.awx that only write down what they are given.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from typing import Any

import pytest
from jinja2 import ChainableUndefined, StrictUndefined, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from awx.credentials import DOCUMENTS, TYPES, credential_type

MODULES = (
    "credential",
    "credential_type",
    "execution_environment",
    "job_template",
    "notification_template",
    "project",
    "schedule",
    "workflow_job_template",
)
RECORDER = """#!/usr/bin/python
# WANT_JSON
import json, os, sys
options = json.load(open(sys.argv[1]))
with open(os.environ["RECORD"], "a") as record:
    print(json.dumps([{module!r}, options]), file=record)
print(json.dumps({{"changed": True}}))
"""

Created = dict[str, dict[str, dict[str, Any]]]
"""The options of each task, by the name of the module in awx.awx and the name of what it creates."""


@pytest.fixture(scope="module")
def created(tmp_path_factory: pytest.TempPathFactory) -> Created:
    folder = tmp_path_factory.mktemp("setup")
    modules = folder / "ansible_collections" / "awx" / "awx" / "plugins" / "modules"
    modules.mkdir(parents=True)
    for module in MODULES:
        (modules / f"{module}.py").write_text(RECORDER.format(module=module), encoding="utf-8")
    record = folder / "record"
    variables = {"vault_vbaws_password": "secret", "setup_ca_certificate": "PEM"}
    done = subprocess.run(
        [sys.executable, "-m", "ansible", "playbook", "setup.yml", "-e", json.dumps(variables)],
        cwd=DOCUMENTS,
        env={**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(folder), "RECORD": str(record)},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    found: Created = {module: {} for module in MODULES}
    for line in record.read_text(encoding="utf-8").splitlines():
        module, options = json.loads(line)
        found[module][options["name"]] = options
    return found


def _message(created: Created, undefined: type[Undefined], artifacts: dict[str, Any], key: str) -> str:
    (template,) = created["notification_template"].values()
    job = {"artifacts": artifacts, "job_explanation": "Job terminated due to timeout"}
    text = template["messages"]["error"][key]
    rendered: str = ImmutableSandboxedEnvironment(undefined=undefined).from_string(text).render(job=job, url="URL")
    return rendered


def _questions(created: Created) -> list[tuple[str, dict[str, Any]]]:
    """Each question of a survey, with the playbook that is to read the answer."""
    templates = (*created["job_template"].values(), *created["workflow_job_template"].values())
    questions = [
        (template.get("playbook", "declare.yml"), question)
        for template in templates
        for question in template.get("survey_spec", {}).get("spec", [])
    ]
    assert len(questions) == 3
    return questions


def test_a_job_template_names_a_playbook_of_the_project(created: Created) -> None:
    playbooks = {template["playbook"] for template in created["job_template"].values()}
    assert playbooks == {path.name for path in (DOCUMENTS / "project").glob("*.yml")}


def test_a_survey_sets_what_its_playbook_reads_and_nothing_that_the_inventory_has(created: Created) -> None:
    for playbook, question in _questions(created):
        variable = question["variable"]
        assert variable.startswith("survey_"), "an extra variable would override the inventory's, even if it is blank"
        assert variable in (DOCUMENTS / "project" / playbook).read_text(encoding="utf-8")


def test_no_question_has_to_be_answered(created: Created) -> None:
    for _playbook, question in _questions(created):
        assert not question["required"]
        assert "default" not in question


def test_no_job_is_sliced(created: Created) -> None:
    assert {template["job_slice_count"] for template in created["job_template"].values()} == {1}


def test_the_workflow_asks_for_an_approval_where_the_report_fails(created: Created) -> None:
    (workflow,) = created["workflow_job_template"].values()
    nodes = {node["identifier"]: node for node in workflow["workflow_nodes"]}
    assert {name: node.get("related", {}) for name, node in nodes.items()} == {
        "report": {"failure_nodes": [{"identifier": "approve"}]},
        "approve": {"success_nodes": [{"identifier": "declare"}]},
        "declare": {},
    }
    assert nodes["approve"]["unified_job_template"]["type"] == "workflow_approval"
    playbooks = {
        name: created["job_template"][nodes[name]["unified_job_template"]["name"]]["playbook"]
        for name in ("report", "declare")
    }
    assert playbooks == {"report": "drift_report.yml", "declare": "declare.yml"}


def test_what_is_declared_in_the_workflow_needs_a_plan(created: Created) -> None:
    assert created["job_template"]["VBAWS declare what was approved"]["extra_vars"] == {"declare_expected_plans": {}}


def test_each_credential_type_is_created_as_its_file_says(created: Created) -> None:
    assert {path.stem for path in (DOCUMENTS / "credential_types").glob("*.yml")} == TYPES
    types = [credential_type(name) for name in sorted(TYPES)]
    recorded = created["credential_type"]
    assert {name: {key: kind[key] for key in types[0]} for name, kind in recorded.items()} == {
        kind["name"]: kind for kind in types
    }


def test_credentials_are_of_the_types_and_have_their_fields(created: Created) -> None:
    types = {kind["name"]: kind for kind in map(credential_type, TYPES)}
    for credential in created["credential"].values():
        fields = {field["id"] for field in types[credential["credential_type"]]["inputs"]["fields"]}
        assert set(credential["inputs"]) <= fields


def test_only_the_job_that_declares_may_change_something(created: Created) -> None:
    logins = {name: template["credentials"] for name, template in created["job_template"].items()}
    assert [name for name, login in logins.items() if login != ["VBAWS login (read only)"]] == [
        "VBAWS declare what was approved"
    ]


def test_the_mail_has_the_report_in_it(created: Created) -> None:
    artifacts = {"drift_report_text": "2 of 3 appliances read\n", "drift_report_summary": {"outcome": "partial"}}
    assert _message(created, ChainableUndefined, artifacts, "message") == "Drift report: partial"
    assert _message(created, ChainableUndefined, artifacts, "body").startswith("2 of 3 appliances read\n")


def test_the_mail_can_be_written_without_a_report(created: Created) -> None:
    # StrictUndefined: so AWX tries each message before it saves it, with a job that has no artifacts.
    for undefined in (StrictUndefined, ChainableUndefined):
        assert _message(created, undefined, {}, "message") == "Drift report: none was made"
        assert "before it had a report: Job terminated" in _message(created, undefined, {}, "body")


def test_the_subject_is_one_line(created: Created) -> None:
    (template,) = created["notification_template"].values()
    for message in template["messages"].values():
        assert "\n" not in message["message"]


def test_the_schedule_starts_the_report(created: Created) -> None:
    (schedule,) = created["schedule"].values()
    assert schedule["unified_job_template"] in created["job_template"]
    assert re.fullmatch(r"DTSTART:\d{8}T\d{6}Z RRULE:FREQ=DAILY;INTERVAL=1", schedule["rrule"])
