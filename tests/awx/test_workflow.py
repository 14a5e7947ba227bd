# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The workflow and its survey: only the plan that was approved is carried out, and a blank answer changes nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest

from awx.jobs import Job, Start
from demo.stage import writes
from simulator.web.process import RunningAppliance

Hosts = dict[str, dict[str, Any]]
# Of the job template that declares: the artifact of the plan takes its place.
TEMPLATE: dict[str, Any] = {"declare_expected_plans": {}}


def _approve(plan: Job) -> dict[str, Any]:
    """What the next job of the workflow gets: artifacts are stored as JSON, and handed on as extra variables."""
    assert plan.status == "successful", plan.output
    artifacts: dict[str, Any] = json.loads(json.dumps(plan.artifacts))
    return artifacts


def _narrow(hosts: Hosts) -> None:
    """Declares less of the organization, so that accounts lose their protection."""
    for values in hosts.values():
        (declared,) = values["declare_organizations"]
        less = {"name": "Prod", "organizational_units": ["/Workloads/Prod"]}
        values["declare_organizations"] = [{**declared, "scope": "limited", "limited_scopes": [less]}]


def _forget(fleet: list[RunningAppliance]) -> None:
    for appliance in fleet:
        appliance.control("DELETE", "/requests")


def test_what_was_approved_is_declared(fleet: list[RunningAppliance], hosts: Hosts, start: Start) -> None:
    plan = start("declare.yml", check=True)
    assert [writes(appliance.requests()) for appliance in fleet] == [[], []]
    assert set(plan.artifacts["declare_expected_plans"]) == set(hosts)
    job = start("declare.yml", extra_vars=TEMPLATE, answers=_approve(plan))
    assert job.status == "successful", job.output
    for appliance in fleet:
        assert [one["name"] for one in appliance.state()["organizations"]] == ["production"]


def test_an_appliance_that_changed_since_is_refused(fleet: list[RunningAppliance], start: Start) -> None:
    plan = start("declare.yml", check=True)
    role = {"rescan_iam_role": "prod-rescan", "backup_restore_iam_role_name": "VeeamProductionWorker"}
    fleet[0].control("POST", "/organizations", {"name": "production", **role})
    _forget(fleet)
    job = start("declare.yml", extra_vars=TEMPLATE, answers=_approve(plan))
    assert job.status == "failed"
    assert job.reasons == {"plan_changed"}, job.output
    assert writes(fleet[0].requests()) == []


def test_a_job_that_was_carried_out_can_be_started_again(fleet: list[RunningAppliance], start: Start) -> None:
    approved = _approve(start("declare.yml", check=True))
    assert start("declare.yml", extra_vars=TEMPLATE, answers=approved).status == "successful"
    _forget(fleet)
    job = start("declare.yml", extra_vars=TEMPLATE, answers=approved)
    assert job.status == "successful", job.output
    assert [writes(appliance.requests()) for appliance in fleet] == [[], []]


def test_without_a_plan_every_appliance_is_refused(fleet: list[RunningAppliance], start: Start) -> None:
    job = start("declare.yml", extra_vars=TEMPLATE)
    assert job.status == "failed"
    assert [writes(appliance.requests()) for appliance in fleet] == [[], []]


def test_an_appliance_that_was_not_planned_is_refused(
    fleet: list[RunningAppliance], hosts: Hosts, start: Start
) -> None:
    plan = start("declare.yml", check=True, limit=next(iter(hosts)))
    job = start("declare.yml", extra_vars=TEMPLATE, answers=_approve(plan))
    assert job.status == "failed"
    assert [len(writes(appliance.requests())) for appliance in fleet] == [1, 0]


@pytest.mark.parametrize(
    ("inventory", "answer", "status"),
    [(0, "", "failed"), (0, "99", "successful"), (None, "0", "failed"), (None, "", "successful")],
)
def test_a_blank_answer_leaves_the_limit_of_the_inventory(
    inventory: int | None, answer: str, status: str, fleet: list[RunningAppliance], hosts: Hosts, start: Start
) -> None:
    assert start("declare.yml").status == "successful"
    _narrow(hosts)
    for values in hosts.values():
        if inventory is not None:
            values["declare_max_accounts_lost"] = inventory
    _forget(fleet)
    job = start("declare.yml", answers={"survey_max_accounts_lost": answer})
    assert job.status == status, job.output
    assert job.reasons == ({"over_limit"} if status == "failed" else set())
    assert all(bool(writes(appliance.requests())) == (status == "successful") for appliance in fleet)


@pytest.mark.parametrize(("answer", "status", "left"), [("", "failed", 2), ("2", "successful", 1)])
def test_a_blank_answer_removes_no_more(
    answer: str, status: str, left: int, fleet: list[RunningAppliance], hosts: Hosts, start: Start
) -> None:
    for name in ("subsidiary", "research"):
        role = {"rescan_iam_role": f"{name}-rescan", "backup_restore_iam_role_name": "VeeamBackupRestore"}
        for appliance in fleet:
            appliance.control("POST", "/organizations", {"name": name, **role})
    for values in hosts.values():
        values["declare_prune"] = True
    job = start("declare.yml", answers={"survey_prune_limit": answer})
    assert job.status == status, job.output
    assert {len(appliance.state()["organizations"]) for appliance in fleet} == {left}


def test_an_answer_that_is_no_number_is_refused(fleet: list[RunningAppliance], start: Start) -> None:
    job = start("declare.yml", answers={"survey_max_accounts_lost": "few"})
    assert job.status == "failed"
    assert "The answer 'few' is no number." in job.output
    assert [writes(appliance.requests()) for appliance in fleet] == [[], []]


def test_blank_hosts_are_the_group(fleet: list[RunningAppliance], start: Start) -> None:
    job = start("declare.yml", check=True, answers={"vbaws_hosts": ""})
    assert job.status == "successful", job.output
    assert all(appliance.requests() for appliance in fleet)
