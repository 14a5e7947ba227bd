# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook that creates everything in AWX: its parts fit to each other and to the project."""

from __future__ import annotations

import re
from typing import Any

import yaml
from jinja2 import ChainableUndefined, StrictUndefined, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from awx.credentials import DOCUMENTS, TYPES, credential_type


class _Loader(yaml.SafeLoader):
    """Reads texts that Ansible must not template as plain ones."""


def _text(loader: _Loader, node: yaml.ScalarNode) -> str:
    return str(loader.construct_scalar(node))


_Loader.add_constructor("!unsafe", _text)


def _created(module: str) -> dict[str, dict[str, Any]]:
    """The options of the tasks with a module of awx.awx, by the name of what they create."""
    (play,) = _Loader((DOCUMENTS / "setup.yml").read_text(encoding="utf-8")).get_single_data()
    tasks = [task[f"awx.awx.{module}"] for task in play["tasks"] if f"awx.awx.{module}" in task]
    return {task["name"]: task for task in tasks}


def _questions() -> dict[str, str]:
    """The playbooks and workflows with a survey, by the variables that the survey sets."""
    surveys = {
        variable["variable"]: template.get("playbook", "declare.yml")
        for template in (*_created("job_template").values(), *_created("workflow_job_template").values())
        for variable in template.get("survey_spec", {}).get("spec", [])
    }
    assert surveys
    return surveys


def _message(undefined: type[Undefined], artifacts: dict[str, Any], key: str) -> str:
    (template,) = _created("notification_template").values()
    job = {"artifacts": artifacts, "job_explanation": "Job terminated due to timeout"}
    text = template["messages"]["error"][key]
    rendered: str = ImmutableSandboxedEnvironment(undefined=undefined).from_string(text).render(job=job, url="URL")
    return rendered


def test_a_job_template_names_a_playbook_of_the_project() -> None:
    playbooks = {template["playbook"] for template in _created("job_template").values()}
    assert playbooks == {"declare.yml", "drift_report.yml"}
    for playbook in playbooks:
        assert (DOCUMENTS / "project" / playbook).is_file()


def test_a_survey_sets_what_its_playbook_reads_and_nothing_that_the_inventory_has() -> None:
    for variable, playbook in _questions().items():
        assert variable.startswith("survey_"), "an extra variable would override the inventory's, even if it is blank"
        assert variable in (DOCUMENTS / "project" / playbook).read_text(encoding="utf-8")


def test_no_question_has_to_be_answered() -> None:
    for template in (*_created("job_template").values(), *_created("workflow_job_template").values()):
        for question in template.get("survey_spec", {}).get("spec", []):
            assert not question["required"]
            assert "default" not in question


def test_no_job_is_sliced() -> None:
    assert {template["job_slice_count"] for template in _created("job_template").values()} == {1}


def test_the_workflow_goes_from_the_report_to_the_declaration() -> None:
    (workflow,) = _created("workflow_job_template").values()
    nodes = {node["identifier"]: node for node in workflow["workflow_nodes"]}
    way = ["report"]
    while "related" in nodes[way[-1]]:
        (following,) = nodes[way[-1]]["related"]["success_nodes"]
        way.append(following["identifier"])
    assert way == ["report", "plan", "approve", "declare"] == list(nodes)
    assert nodes["approve"]["unified_job_template"]["type"] == "workflow_approval"
    jobs = {name: nodes[name]["unified_job_template"]["name"] for name in ("report", "plan", "declare")}
    templates = _created("job_template")
    assert set(jobs.values()) == set(templates)
    assert templates[jobs["plan"]]["job_type"] == "check"
    assert templates[jobs["declare"]]["job_type"] == "run"


def test_what_is_declared_in_the_workflow_needs_a_plan() -> None:
    assert _created("job_template")["VBAWS declare what was approved"]["extra_vars"] == {"declare_expected_plans": {}}


def test_each_credential_type_is_created() -> None:
    files = {path.name for path in (DOCUMENTS / "credential_types").glob("*.yml")}
    assert files == {f"{name}.yml" for name in TYPES}
    setup = (DOCUMENTS / "setup.yml").read_text(encoding="utf-8")
    assert set(re.findall(r"credential_types/(\w+\.yml)", setup)) == files


def test_credentials_are_of_the_types_and_have_their_fields() -> None:
    types = {kind["name"]: kind for kind in map(credential_type, TYPES)}
    for credential in _created("credential").values():
        fields = {field["id"] for field in types[credential["credential_type"]]["inputs"]["fields"]}
        assert set(credential["inputs"]) <= fields


def test_only_the_job_that_declares_may_change_something() -> None:
    logins = {name: template["credentials"] for name, template in _created("job_template").items()}
    assert [name for name, login in logins.items() if login != ["VBAWS login (read only)"]] == [
        "VBAWS declare what was approved"
    ]


def test_the_mail_has_the_report_in_it() -> None:
    artifacts = {"drift_report_text": "2 of 3 appliances read\n", "drift_report_summary": {"outcome": "partial"}}
    assert _message(ChainableUndefined, artifacts, "message") == "Drift report: partial"
    assert _message(ChainableUndefined, artifacts, "body").startswith("2 of 3 appliances read\n")


def test_the_mail_can_be_written_without_a_report() -> None:
    # StrictUndefined: so AWX tries each message before it saves it, with a job that has no artifacts.
    for undefined in (StrictUndefined, ChainableUndefined):
        assert _message(undefined, {}, "message") == "Drift report: none was made"
        assert "before it had a report: Job terminated" in _message(undefined, {}, "body")


def test_the_subject_is_one_line() -> None:
    (template,) = _created("notification_template").values()
    for message in template["messages"].values():
        assert "\n" not in message["message"]


def test_the_schedule_starts_the_report() -> None:
    (schedule,) = _created("schedule").values()
    assert schedule["unified_job_template"] in _created("job_template")
    assert re.fullmatch(r"DTSTART:\d{8}T\d{6}Z RRULE:FREQ=DAILY;INTERVAL=1", schedule["rrule"])
