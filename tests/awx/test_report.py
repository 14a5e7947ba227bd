# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The job that reports drift: what it leaves for the next job and for a mail, and what it never calls in sync."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from awx.jobs import Job, Start
from demo.stage import writes
from simulator.web.process import RunningAppliance

Hosts = dict[str, dict[str, Any]]
SECONDS_TO_END = 30
ENDS = {
    "drift-report.json": "}",
    "drift-report.md": "",
    "drift-report.xml": "</testsuites>",
    "drift-report.txt": "",
    "drift-report.html": "</html>",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A path that AWX exposes to jobs."""
    return tmp_path / "reports"


@pytest.fixture
def report(start: Start, folder: Path) -> Start:
    """Runs the job that reports. Takes the fields of a Launch."""

    def reported(**launch: Any) -> Job:
        paths = {"drift_report_dest": str(folder), "drift_report_baseline": str(folder / "drift-report.json")}
        template = {**paths, **launch.pop("extra_vars", {})}
        return start("drift_report.yml", extra_vars=template, **launch)

    return reported


def _written(folder: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((folder / "drift-report.json").read_text(encoding="utf-8"))
    return document


def _wait_for_logout(fleet: list[RunningAppliance]) -> None:
    began = time.monotonic()
    while sum(appliance.state()["tokens_open"] for appliance in fleet):
        assert time.monotonic() - began < SECONDS_TO_END
        time.sleep(0.2)


def test_the_artifact_says_what_the_files_say(hosts: Hosts, report: Start, folder: Path) -> None:
    hosts["backup2.example.com"].update(vbaws_port=9, vbaws_retries=0)
    job = report()
    assert job.status == "failed", "an appliance could not be read"
    written = _written(folder)
    summary = job.artifacts["drift_report_summary"]
    assert summary["counts"]["missing"] == summary["counts"]["error"] == 1
    assert {key: summary[key] for key in ("outcome", "headline", "expected", "read", "counts")} == {
        key: written[key] for key in ("outcome", "headline", "expected", "read", "counts")
    }
    assert job.artifacts["drift_report_text"] == (folder / "drift-report.txt").read_text(encoding="utf-8")
    assert list(job.artifacts["declare_expected_plans"]) == ["backup1.example.com"]


def test_a_report_changes_nothing_and_keeps_no_secret(
    fleet: list[RunningAppliance], inputs: dict[str, str | bool], report: Start, folder: Path
) -> None:
    job = report(verbosity=5)
    assert job.status == "successful", job.output
    assert [writes(appliance.requests()) for appliance in fleet] == [[], []]
    assert [appliance.state()["tokens_open"] for appliance in fleet] == [0, 0]
    assert job.places_of("prod-rescan") != []
    assert job.places_of(str(inputs["password"])) == []
    files = list(folder.iterdir())
    assert len(files) == 5
    assert not [file for file in files if str(inputs["password"]) in file.read_text(encoding="utf-8")]


def test_what_the_report_planned_is_declared(fleet: list[RunningAppliance], report: Start, start: Start) -> None:
    planned = report(answers={"drift_report_fail_on": ["missing"]})
    assert planned.status == "failed", "there is something to declare"
    # Another role than the declared one, so that something is left to do that was not approved.
    role = {"rescan_iam_role": "prod-rescan", "backup_restore_iam_role_name": "VeeamProductionWorker"}
    fleet[0].control("POST", "/organizations", {"name": "production", **role})
    for appliance in fleet:
        appliance.control("DELETE", "/requests")
    artifacts = json.loads(json.dumps(planned.artifacts))
    job = start("declare.yml", extra_vars={"declare_expected_plans": {}}, answers=artifacts)
    assert job.status == "failed"
    assert job.reasons == {"plan_changed"}, job.output
    assert [len(writes(appliance.requests())) for appliance in fleet] == [0, 1]


def test_a_limit_makes_a_report_partial(hosts: Hosts, report: Start, folder: Path) -> None:
    job = report(limit=next(iter(hosts)))
    assert job.status == "failed"
    assert (_written(folder)["outcome"], _written(folder)["read"]) == ("partial", 1)


def test_an_appliance_that_awx_left_out_is_missed(hosts: Hosts, start: Start, report: Start, folder: Path) -> None:
    assert start("declare.yml").status == "successful"
    del hosts["backup2.example.com"]  # as AWX does with a host that is disabled, and with those of other slices
    assert report().artifacts["drift_report_summary"]["outcome"] == "in_sync"
    job = report(extra_vars={"drift_report_expected": 2})
    assert job.status == "failed"
    assert job.artifacts["drift_report_summary"]["outcome"] == "partial"
    assert _written(folder)["memory"] is not None, "there was a report before"


def test_a_report_of_nothing_fails(hosts: Hosts, report: Start) -> None:
    hosts.clear()
    job = report()
    assert job.status == "failed"
    assert job.artifacts == {}


@pytest.mark.parametrize(
    ("inventory", "answer", "status"),
    [
        (["missing"], "", "failed"),
        (["missing"], [], "failed"),
        (["missing"], ["different"], "successful"),
        (None, "", "successful"),
    ],
)
def test_a_blank_answer_leaves_what_lets_the_job_fail(
    inventory: list[str] | None, answer: str | list[str], status: str, hosts: Hosts, report: Start
) -> None:
    for values in hosts.values():
        if inventory is not None:
            values["drift_report_fail_on"] = inventory
    job = report(answers={"survey_fail_on": answer})
    assert job.status == status, job.output
    assert job.artifacts["drift_report_summary"]["counts"]["missing"] == 2


def test_a_report_that_is_cancelled_while_it_reads_is_not_there(
    fleet: list[RunningAppliance], report: Start, folder: Path
) -> None:
    job = report(cancel=lambda: any(appliance.requests() for appliance in fleet))
    assert job.status == "canceled", job.output
    _wait_for_logout(fleet)
    assert not folder.exists()


def test_a_file_of_a_report_that_is_cancelled_is_whole(
    fleet: list[RunningAppliance], report: Start, folder: Path
) -> None:
    job = report(cancel=lambda: folder.exists() and any(folder.iterdir()))
    assert job.status == "canceled", job.output
    _wait_for_logout(fleet)
    time.sleep(1)  # a task that was writing goes on to its end
    for file in folder.iterdir():
        assert file.read_text(encoding="utf-8").rstrip().endswith(ENDS[file.name])
