# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pipelines in docs/ci: what they compare, and that they never run where a secret would be given away."""

from __future__ import annotations

import html
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.vbaws.appliance.plugins.filter.drift import FilterModule
from ansible_collections.vbaws.appliance.tests.unit.support import drift_examples as examples

Entries = list[dict[str, Any]]
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


def report(entries: Entries) -> str:
    made = FILTERS["drift_report"](entries, expected=len(entries), meta=examples.META)
    return str(FILTERS["drift_json"](made))


def environment(folder: Path) -> dict[str, str]:
    """What a job has: the collection, Ansible on its path, and a home."""
    collections = folder / "collections" / "ansible_collections" / "vbaws"
    collections.mkdir(parents=True)
    (collections / "appliance").symlink_to(ROOT)
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    paths = {"ANSIBLE_COLLECTIONS_PATH": str(folder / "collections"), "HOME": str(folder), "LC_ALL": "C.UTF-8"}
    return {**os.environ, **paths, "PATH": path}


def commands(pipeline: str) -> tuple[str, str]:
    """The variable OPTIONS of a pipeline, and what it runs to report and to compare, as a script."""
    document = yaml.safe_load((CI / f"{pipeline}.yml").read_text("utf-8"))
    job = document["jobs"]["drift"] if "jobs" in document else document["drift"]
    steps = [step for step in job.get("steps", []) if step["name"] in ("Report", "Compare")]
    lines = [step["run"] for step in steps] or job["script"]
    return (job.get("variables") or job["env"])["OPTIONS"], "\n".join(lines)


def compare(folder: Path, before: Entries, after: Entries) -> tuple[int, str]:
    """Runs the playbook as a pipeline does; its exit code and the comment."""
    for name, entries in (("before", before), ("after", after)):
        (folder / name).mkdir()
        (folder / name / "drift-report.json").write_text(report(entries), encoding="utf-8")
    command = [sys.executable, "-m", "ansible", "playbook", str(CI / "compare.yml"), "-e", f"reports={folder}"]
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


@pytest.mark.parametrize("pipeline", ["gitlab-ci", "github-workflow"])
def test_an_appliance_that_is_down_fails_after_the_comment(tmp_path: Path, pipeline: str) -> None:
    (tmp_path / "ci").mkdir()
    (tmp_path / "ci" / "compare.yml").write_text((CI / "compare.yml").read_text("utf-8"), encoding="utf-8")
    # Nothing listens on this port.
    down = {"vbaws_hostname": "127.0.0.1", "vbaws_port": 9, "vbaws_username": "x", "vbaws_password": "x"}
    hosts = {"vbaws": {"hosts": {"down": {**down, "vbaws_retries": 0, "declare_organizations": []}}}}
    for folder in (tmp_path, tmp_path / "target"):
        (folder / "inventory").mkdir(parents=True)
        (folder / "inventory" / "hosts.yml").write_text(yaml.safe_dump(hosts), encoding="utf-8")
    options, script = commands(pipeline)
    env = {**environment(tmp_path), "OPTIONS": options}
    done = subprocess.run(
        ["sh", "-e", "-c", script], cwd=tmp_path, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    comment = tmp_path / "reports" / "comment.md"
    assert comment.exists(), done.stdout + done.stderr
    assert "0 of 1" in comment.read_text(encoding="utf-8")


def test_no_pipeline_gives_the_password_to_a_fork() -> None:
    gitlab, github = (
        yaml.safe_load((CI / f"{name}.yml").read_text("utf-8")) for name in ("gitlab-ci", "github-workflow")
    )
    (rule,) = gitlab["drift"]["rules"]
    assert "$CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_PROJECT_ID" in rule["if"]
    assert list(github["on"]) == ["pull_request"]
    assert github["jobs"]["drift"]["if"] == "github.event.pull_request.head.repo.full_name == github.repository"
