# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pipelines in docs/ci: what they compare, what they pin and may do, and that text of a contributor stays text."""

from __future__ import annotations

import html
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.errors import AnsibleFilterError
from ansible_collections.vbaws.appliance.plugins.filter.drift import FilterModule
from ansible_collections.vbaws.appliance.tests.unit.support import drift_examples as examples

Entries = list[dict[str, Any]]
Mapping = dict[str, Any]
ROOT = Path(__file__).resolve().parents[2]
CI = ROOT / "docs" / "ci"
FILTERS = FilterModule().filters()
TEMPLATE = "{{ lookup('pipe', 'id') }}"
QUIET = examples.in_sync()
CHANGED = [
    examples.entry("appliance-1", examples.result(examples.different("lab", ("description", TEMPLATE, "/merge"))))
]
UNREAD = [examples.unread("appliance-1")]
FAILING = [examples.entry("appliance-1", examples.result(examples.failed("lab", "role_invalid", "No such role.")))]
PIPELINES = ("gitlab-ci", "github-workflow")

# What the platforms provide to the job that comments.
PROVIDED = {
    "NUMBER": "7",
    "GH_TOKEN": "token-of-a-job",
    "COMMENT_TOKEN": "token-of-a-job",
    "CI_API_V4_URL": "https://git.example.com/api/v4",
    "CI_PROJECT_ID": "3",
    "CI_MERGE_REQUEST_IID": "7",
}
# Variables of the platforms that no contributor can write.
HARMLESS = {
    "CI_API_V4_URL",
    "CI_MERGE_REQUEST_DIFF_BASE_SHA",
    "CI_MERGE_REQUEST_IID",
    "CI_PROJECT_DIR",
    "CI_PROJECT_ID",
    "GITHUB_PATH",
}


def report(entries: Entries) -> str:
    made = FILTERS["drift_report"](entries, expected=len(entries), meta=examples.META)
    return str(FILTERS["drift_json"](made))


def environment(folder: Path) -> dict[str, str]:
    """What a job has: the collection, Ansible on its path, and a home."""
    collections = folder / "collections" / "ansible_collections" / "vbaws"
    collections.mkdir(parents=True)
    (collections / "appliance").symlink_to(ROOT)
    path = os.pathsep.join([str(folder / "bin"), str(Path(sys.executable).parent), os.environ["PATH"]])
    paths = {"ANSIBLE_COLLECTIONS_PATH": str(folder / "collections"), "HOME": str(folder), "LC_ALL": "C.UTF-8"}
    return {**os.environ, **PROVIDED, **paths, "PATH": path}


def text_of(pipeline: str) -> str:
    return (CI / f"{pipeline}.yml").read_text("utf-8")


def jobs_of(document: Mapping) -> Mapping:
    """The jobs of a pipeline by name, with what they extend in GitLab."""
    if "jobs" in document:
        return dict(document["jobs"])
    named = {name: job for name, job in document.items() if isinstance(job, dict) and not name.startswith(".")}
    return {name: {**document.get(str(job.get("extends")), {}), **job} for name, job in named.items()}


def scripts_of(job: Mapping) -> list[str]:
    """What a job runs in a shell: a script for each step on GitHub, a line for each entry on GitLab."""
    lines = [line for section in ("before_script", "script", "after_script") for line in job.get(section, [])]
    return lines + [step["run"] for step in job.get("steps", []) if "run" in step]


def stages(pipeline: str) -> tuple[str, list[str]]:
    """The variable OPTIONS of a pipeline, and the scripts that report, compare and comment, in order."""
    jobs = jobs_of(yaml.safe_load(text_of(pipeline)))
    if pipeline == "gitlab-ci":
        reporting, commenting = jobs["drift-report"], jobs["drift-comment"]
        return reporting["variables"]["OPTIONS"], ["\n".join(job["script"]) for job in (reporting, commenting)]
    runs = {step["name"]: step.get("run", "") for job in jobs.values() for step in job["steps"]}
    return jobs["report"]["env"]["OPTIONS"], [runs[name] for name in ("Report", "Compare", "Comment")]


def compare(folder: Path, before: Entries, after: Entries) -> tuple[int, str]:
    """Runs the playbook as a pipeline does; its exit code and the comment."""
    reports = folder / "reports"
    for name, entries in (("before", before), ("after", after)):
        (reports / name).mkdir(parents=True)
        (reports / name / "drift-report.json").write_text(report(entries), encoding="utf-8")
    command = [sys.executable, "-m", "ansible", "playbook", str(CI / "compare.yml"), "-e", f"reports={reports}"]
    done = subprocess.run(command, env=environment(folder), capture_output=True, text=True, check=False)
    comment = folder / "comment.md"
    assert comment.exists(), done.stdout + done.stderr
    return done.returncode, html.unescape(comment.read_text(encoding="utf-8"))


def test_a_change_is_told_word_for_word_and_is_no_failure(tmp_path: Path) -> None:
    code, comment = compare(tmp_path, QUIET, CHANGED)
    assert code == 0
    assert "lookup(" in comment
    assert "uid=" not in comment
    # A line that begins so would be a command to the platform.
    assert [line for line in comment.splitlines() if line.lstrip().startswith("/")] == []


@pytest.mark.parametrize(
    ("before", "after"),
    [(UNREAD, CHANGED), (CHANGED, UNREAD), (UNREAD, UNREAD), (QUIET, FAILING)],
    ids=["unread before", "unread after", "never read", "an organization fails its checks"],
)
def test_what_nobody_can_tell_fails_after_the_comment(tmp_path: Path, before: Entries, after: Entries) -> None:
    code, comment = compare(tmp_path, before, after)
    assert code != 0
    assert "appliance-1" in comment


@pytest.mark.parametrize("pipeline", PIPELINES)
def test_an_appliance_that_is_down_fails_after_the_comment(tmp_path: Path, pipeline: str) -> None:
    (tmp_path / "ci").mkdir()
    (tmp_path / "ci" / "compare.yml").write_text((CI / "compare.yml").read_text("utf-8"), encoding="utf-8")
    # Nothing listens on this port.
    down = {"vbaws_hostname": "127.0.0.1", "vbaws_port": 9, "vbaws_username": "x", "vbaws_password": "x"}
    hosts = {"vbaws": {"hosts": {"down": {**down, "vbaws_retries": 0, "declare_organizations": []}}}}
    for folder in (tmp_path, tmp_path / "target"):
        (folder / "inventory").mkdir(parents=True)
        (folder / "inventory" / "hosts.yml").write_text(yaml.safe_dump(hosts), encoding="utf-8")
    (tmp_path / "bin").mkdir()
    for command in ("curl", "gh"):
        (tmp_path / "bin" / command).write_text('#!/bin/sh\nprintf "%s\\n" "$@" > posted\n', encoding="utf-8")
        (tmp_path / "bin" / command).chmod(0o755)
    options, scripts = stages(pipeline)
    env = {**environment(tmp_path), "OPTIONS": options}
    runs = [
        subprocess.run(
            ["bash", "-eo", "pipefail", "-c", script],
            cwd=tmp_path,
            env=env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        for script in scripts
    ]
    output = "".join(done.stdout + done.stderr for done in runs)
    assert runs[0].returncode == 0, output
    assert runs[1].returncode != 0
    comment = tmp_path / "comment.md"
    assert comment.exists(), output
    assert "0 of 1" in comment.read_text(encoding="utf-8")
    posted = (tmp_path / "posted").read_text("utf-8")
    assert "comment.md" in posted
    assert "7" in posted
    assert PROVIDED["COMMENT_TOKEN"] not in posted


def texts(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The paths of all texts in a report."""
    if isinstance(value, str):
        yield path
    elif isinstance(value, (dict, list)):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from texts(item, (*path, key))


def test_no_text_of_a_forged_report_becomes_markup() -> None:
    before, after = (json.loads(report(entries)) for entries in (examples.in_sync(), examples.fleet()))
    posted = 0
    for *parents, last in texts(after):
        forged = json.loads(json.dumps(after))
        item = forged
        for key in parents:
            item = item[key]
        item[last] = examples.EVIL
        try:
            comment = FILTERS["drift_compare_markdown"](FILTERS["drift_compare"](before, forged))
        except (AnsibleFilterError, KeyError):
            continue  # not a report
        posted += 1
        assert set(re.findall("<[^>]*>", comment)) <= {"<code>", "</code>"}, (*parents, last)
        assert not set("@`[") & set(comment), (*parents, last)
        assert [line for line in comment.splitlines() if line and line[0] not in "#|T"] == [], (*parents, last)
    assert posted > 50


def test_a_comment_that_comes_with_the_reports_is_not_posted(tmp_path: Path) -> None:
    reports = tmp_path / "reports"
    for name in ("before", "after"):
        (reports / name).mkdir(parents=True)
        (reports / name / "drift-report.json").write_text("{}", encoding="utf-8")
    (reports / "comment.md").write_text("@everyone", encoding="utf-8")
    _options, (_report, script, *_comment) = stages("github-workflow")
    done = subprocess.run(
        ["bash", "-e", "-c", script.replace("ci/", f"{CI}/")],
        cwd=tmp_path,
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )
    assert "The report before" in done.stdout + done.stderr
    assert done.returncode != 0
    # This is the file that the next step posts if it exists.
    assert not (tmp_path / "comment.md").exists()
    assert "hashFiles('comment.md')" in text_of("github-workflow")


def test_no_pipeline_gives_the_password_to_a_fork() -> None:
    gitlab, github = (jobs_of(yaml.safe_load(text_of(name))) for name in PIPELINES)
    for job in gitlab.values():
        (rule,) = job["rules"]
        assert "$CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_PROJECT_ID" in rule["if"]
    assert list(yaml.safe_load(text_of("github-workflow"))["on"]) == ["pull_request"]
    assert github["report"]["if"] == "github.event.pull_request.head.repo.full_name == github.repository"
    assert github["comment"]["needs"] == "report"


def shell_faults(script: str) -> Iterator[str]:
    """Ways by which a text could become a part of a command."""
    quoted = re.sub(r"'[^']*'|\"(?:[^\"\\]|\\.)*\"", "", script)
    if "${{" in script:
        yield "expression"
    if "$" in quoted:
        yield "not quoted"
    if re.search(r"\$\(|`|\b(?:eval|source)\b|\bsh\b -\w*c", script):
        yield "evaluated"
    if set(re.findall(r"\$\{?((?:CI|GITHUB)_\w+)", script)) - HARMLESS:
        yield "text of a contributor"


def github_faults(text: str) -> Iterator[str]:
    """What a workflow allows without need."""
    document = yaml.safe_load(text)
    for line in re.findall(r"uses:.*", text):
        if not re.fullmatch(r"uses: [\w-]+/[\w-]+@[0-9a-f]{40}  # v\d+\.\d+\.\d+", line):
            yield "not pinned"
    if document.get("permissions") != {} or "cancel-in-progress" not in document.get("concurrency", {}):
        yield "no defaults"
    for job in document["jobs"].values():
        steps = json.dumps(job["steps"])
        permissions = job.get("permissions", {})
        if not permissions or "timeout-minutes" not in job:
            yield "no limits"
        if set(permissions.items()) - {("contents", "read"), ("pull-requests", "write")}:
            yield "permissions"
        if "write" in permissions.values() and ("secrets." in steps or "head" in steps.lower()):
            yield "writes and runs code of a pull request"
        around = {**job, "steps": [{**step, "env": None} for step in job["steps"]]}
        if "secrets." in json.dumps([document.get("env"), around]):
            yield "secret outside of a step"
        for step in job["steps"]:
            if "checkout" in step.get("uses", "") and step["with"].get("persist-credentials") is not False:
                yield "credentials"


def gitlab_faults(text: str) -> Iterator[str]:
    """What a pipeline of GitLab allows without need."""
    environments = []
    for job in jobs_of(yaml.safe_load(text)).values():
        script = "\n".join(scripts_of(job))
        environments.append(job["environment"]["name"])
        if not re.search(r"@sha256:[0-9a-f]{64}$", job["image"]):
            yield "not pinned"
        if "timeout" not in job or ("drift_report" in script and "resource_group" not in job):
            yield "no limits"
        if "COMMENT_TOKEN" in script and ("inventory" in script or "checkout" not in job["before_script"][0]):
            yield "writes and runs code of a merge request"
    if len(set(environments)) != len(environments):
        yield "one environment"


def faults(pipeline: str, text: str) -> list[str]:
    jobs = jobs_of(yaml.safe_load(text)).values()
    found = [fault for job in jobs for script in scripts_of(job) for fault in shell_faults(script)]
    return found + list((gitlab_faults if pipeline == "gitlab-ci" else github_faults)(text))


@pytest.mark.parametrize("pipeline", PIPELINES)
def test_a_pipeline_pins_limits_and_quotes(pipeline: str) -> None:
    assert faults(pipeline, text_of(pipeline)) == []


@pytest.mark.parametrize(
    ("pipeline", "old", "new", "fault"),
    [
        ("github-workflow", "@3d3c42e5aac5ba805825da76410c181273ba90b1  # v7.0.1", "@v7", "not pinned"),
        ("github-workflow", "  # v8.0.1", "", "not pinned"),
        ("github-workflow", "permissions: {}\n", "", "no defaults"),
        ("github-workflow", "permissions: {}", "permissions: write-all", "no defaults"),
        ("github-workflow", "  cancel-in-progress: false\n", "", "no defaults"),
        ("github-workflow", "    permissions:\n      contents: read  # checkout\n    env:", "    env:", "no limits"),
        ("github-workflow", "    timeout-minutes: 15\n", "", "no limits"),
        ("github-workflow", "contents: read", "contents: write", "permissions"),
        ("github-workflow", "base.sha", "head.sha", "writes and runs code of a pull request"),
        ("github-workflow", "persist-credentials: false", "persist-credentials: true", "credentials"),
        ("github-workflow", "${{ vars.VBAWS_USERNAME }}", "${{ secrets.VBAWS_USERNAME }}", "secret outside of a step"),
        ("github-workflow", '"$NUMBER"', '"${{ github.event.pull_request.title }}"', "expression"),
        ("github-workflow", '"$NUMBER"', '"$GITHUB_HEAD_REF"', "text of a contributor"),
        ("github-workflow", '"$NUMBER"', "$NUMBER", "not quoted"),
        ("github-workflow", '"$NUMBER"', '"$(cat number)"', "evaluated"),
        ("gitlab-ci", "@sha256:", ":", "not pinned"),
        ("gitlab-ci", "  timeout: 1 hour\n", "", "no limits"),
        ("gitlab-ci", "  resource_group: drift-$CI_MERGE_REQUEST_IID\n", "", "no limits"),
        ("gitlab-ci", "name: drift-comment", "name: drift-report", "one environment"),
        ("gitlab-ci", "git checkout --quiet", "git log", "writes and runs code of a merge request"),
        ("gitlab-ci", '"$CI_MERGE_REQUEST_DIFF_BASE_SHA"', '"$CI_COMMIT_REF_NAME"', "text of a contributor"),
        ("gitlab-ci", "result=0", 'echo "$CI_MERGE_REQUEST_TITLE"', "text of a contributor"),
        ("gitlab-ci", "result=0", "eval 'true'", "evaluated"),
        ("gitlab-ci", '"$result"', "$result", "not quoted"),
    ],
)
def test_a_pipeline_that_is_broken_is_noticed(pipeline: str, old: str, new: str, fault: str) -> None:
    text = text_of(pipeline)
    assert old in text
    assert fault in faults(pipeline, text.replace(old, new))
