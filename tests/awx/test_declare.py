# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs that declare: the credential is enough, nothing secret is kept, a blank answer changes nothing."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
import requests

from awx.credentials import credential_type, inject
from awx.jobs import Launch, Start, run
from demo.stage import writes
from simulator.web.process import RunningAppliance

OWN_PROJECT = Path(__file__).resolve().parent / "project"
PROXY_PASSWORD = "canary-Proxy-41c0de"
SECONDS_TO_END = 30


def _token(appliance: RunningAppliance) -> str:
    """A token of the appliance."""
    form = {"grant_type": "password", "username": appliance.username, "password": appliance.password}
    answer = requests.post(
        f"{appliance.url}/token",
        data=form,
        headers={"x-api-version": "1.7-rev0"},
        verify=appliance.ca_file,
        timeout=10,
    )
    token: str = answer.json()["access_token"]
    return token


def test_the_credential_of_an_appliance_is_all_that_a_task_needs(fleet: list[RunningAppliance], tmp_path: Path) -> None:
    appliance = fleet[0]
    inputs: dict[str, str | bool] = {
        "hostname": appliance.hostname,
        "port": str(appliance.port),
        "username": appliance.username,
        "password": appliance.password,
        "ca_certificate": "",
        "certificate_fingerprint": appliance.fingerprint,
    }
    environment = inject(credential_type("appliance"), inputs, tmp_path)
    job = run(Launch("read.yml", environment, {}, project=OWN_PROJECT), tmp_path / "job")
    assert job.status == "successful", job.output
    assert job.artifacts == {"organizations_registered": 0}


def test_one_login_declares_on_every_appliance(fleet: list[RunningAppliance], start: Start) -> None:
    job = start("declare.yml")
    assert job.status == "successful", job.output
    for appliance in fleet:
        assert [one["name"] for one in appliance.state()["organizations"]] == ["production"]
        assert appliance.state()["tokens_open"] == 0


def test_a_job_shows_the_progress_of_each_appliance(fleet: list[RunningAppliance], start: Start) -> None:
    for appliance in fleet:
        appliance.control("POST", "/settings", {"session_seconds": 5.5})
    job = start("declare.yml")
    assert job.status == "successful", job.output
    for number in (1, 2):
        line = f"[backup{number}.example.com] Adding the AWS Organization 'production': "
        assert line in job.output
        assert line not in json.dumps(job.results)


@pytest.mark.parametrize(("appended", "status"), [("", "successful"), ("-wrong", "failed")])
def test_no_password_is_kept(appended: str, status: str, inputs: dict[str, str | bool], start: Start) -> None:
    password = f"{inputs['password']}{appended}"
    inputs["password"] = password
    job = start("declare.yml", verbosity=5)
    assert job.status == status
    assert job.places_of("prod-rescan") != []
    assert job.places_of(password) == []


def test_no_token_is_kept(
    fleet: list[RunningAppliance], inputs: dict[str, str | bool], hosts: dict[str, dict[str, Any]], start: Start
) -> None:
    inputs["password"] = ""
    tokens = {name: _token(appliance) for name, appliance in zip(hosts, fleet, strict=True)}
    for name, token in tokens.items():
        hosts[name]["vbaws_access_token"] = token
    job = start("declare.yml", verbosity=5)
    assert job.status == "successful", job.output
    assert [job.places_of(token) for token in tokens.values()] == [[], []]


def test_no_password_of_a_proxy_is_kept(
    hosts: dict[str, dict[str, Any]], inputs: dict[str, str | bool], start: Start
) -> None:
    inputs["proxy"] = f"http://user:{PROXY_PASSWORD}@127.0.0.1:9"
    for values in hosts.values():
        values["vbaws_retries"] = 0
    job = start("declare.yml", verbosity=5)
    assert job.status == "failed"
    assert job.reasons == {"unreachable"}, job.output
    assert job.places_of(PROXY_PASSWORD) == []


def test_a_login_that_must_not_change_anything_changes_nothing(
    fleet: list[RunningAppliance], inputs: dict[str, str | bool], start: Start
) -> None:
    inputs["read_only"] = True
    assert start("declare.yml", check=True).status == "successful"
    assert start("declare.yml").status == "failed"
    assert [writes(appliance.requests()) for appliance in fleet] == [[], []]


def test_a_cancelled_job_gives_its_token_back(fleet: list[RunningAppliance], start: Start) -> None:
    for appliance in fleet:
        appliance.control("POST", "/settings", {"session_seconds": 3})
    began = time.monotonic()
    job = start("declare.yml", cancel=lambda: any(writes(appliance.requests()) for appliance in fleet))
    assert job.status == "canceled", job.output
    while sum(appliance.state()["tokens_open"] for appliance in fleet):
        assert time.monotonic() - began < SECONDS_TO_END
        time.sleep(0.2)
