# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command, and the process around it."""

from __future__ import annotations

import hashlib
import json
import socket
import ssl
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import requests

from simulator.state import generate
from simulator.web.cli import main
from simulator.web.process import COMMAND, running_simulator

ORGANIZATIONS = "/organizations/amazon"


def test_what_users_of_the_process_get(appliance: Any) -> None:
    facts = appliance.facts
    assert set(facts) >= {
        "hostname",
        "port",
        "ca_file",
        "username",
        "password",
        "mfa_username",
        "mfa_password",
        "mfa_code",
        "fingerprint",
        "control",
        "shape",
        "seed",
        "pid",
    }
    assert len(facts["password"]) > 30
    assert len({facts["password"], facts["mfa_password"], facts["operator_password"]}) == 3
    assert appliance.environment() == {
        "VBAWS_HOSTNAME": "127.0.0.1",
        "VBAWS_PORT": str(appliance.port),
        "VBAWS_USERNAME": appliance.username,
        "VBAWS_PASSWORD": appliance.password,
        "VBAWS_CA_PATH": appliance.ca_file,
    }


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_tls(appliance: Any, version: ssl.TLSVersion) -> None:
    context = ssl.create_default_context(cafile=appliance.ca_file)
    context.minimum_version = context.maximum_version = version
    with (
        socket.create_connection((appliance.hostname, appliance.port), 5) as plain,
        context.wrap_socket(plain, server_hostname=appliance.hostname) as secure,
    ):
        shown = secure.getpeercert(binary_form=True)
    assert shown is not None
    assert hashlib.sha256(shown).hexdigest().upper() == appliance.fingerprint.replace(":", "")


def test_certificate_does_not_carry_localhost(appliance: Any) -> None:
    with pytest.raises(requests.exceptions.SSLError, match="localhost"):
        requests.get(f"https://localhost:{appliance.port}/", verify=appliance.ca_file, timeout=5)


def test_state_is_gone_on_with(tmp_path: Path) -> None:
    options = {"state": tmp_path / "state.sqlite", "session_seconds": 0, "password": "given-for-this-test"}
    with running_simulator(shape="random", seed=3, **options) as first:
        wanted = {"name": "kept", "rescan_iam_role": "prod-rescan", "backup_restore_iam_role_name": "x"}
        added = first.control("POST", "/organizations", wanted)
        shape = first.facts["shape"]
        assert first.password == "given-for-this-test"
    with running_simulator(seed=9, **options) as second:
        state = second.state()
        assert state["organizations"] == [added]
        assert (state["shape"], state["seed"], state["tokens_open"]) == (shape, 3, 0)
        wanted.update(name="new", rescan_iam_role="research-rescan")
        assert second.control("POST", "/organizations", wanted)["id"] != added["id"]


def test_it_starts_fast_and_stops_with_its_parent(tmp_path: Path) -> None:
    ready = tmp_path / "ready.json"
    command = [sys.executable, str(COMMAND), "--ready-file", str(ready), "--until-stdin-closes"]
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        end = time.monotonic() + 10
        while not ready.exists() and time.monotonic() < end:
            time.sleep(0.01)
        facts = json.loads(ready.read_text(encoding="utf-8"))
        assert ready.stat().st_mode & 0o077 == 0
        assert facts["pid"] == child.pid
        output, _nothing = child.communicate("", timeout=5)
    finally:
        child.kill()
        child.wait()
    for word in ("password", "username", "ca_file", "fingerprint", "control", "mfa_code"):
        assert facts[word] in output
    assert str(facts["seed"]) in output
    assert not Path(facts["ca_file"]).exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--shape", "square"], "shape is documented"),
        (["--shape", '{"colour": 1}'], "no field is called colour"),
        (["--world", "/nowhere/world.yml"], "No such file"),
        (["--product", "8"], "invalid choice"),
        (["--state", __file__], "file is not a database"),
    ],
)
def test_wrong_options(capsys: pytest.CaptureFixture[str], arguments: list[str], message: str) -> None:
    try:
        code = main(arguments)
    except SystemExit as exit_of_the_parser:
        code = exit_of_the_parser.code
    assert code == 2
    assert message in capsys.readouterr().err


def test_failing_start_is_told() -> None:
    with pytest.raises(RuntimeError, match="shape is documented"), running_simulator(shape="square"):
        pass


def test_large_worlds(connect: Any, appliance: Any) -> None:
    world = generate.world(organizations=100, units=3, depth=2, accounts=2, seed=5, registered=True)
    assert world == generate.world(organizations=100, units=3, depth=2, accounts=2, seed=5, registered=True)
    assert world != generate.world(organizations=100, units=3, depth=2, accounts=2, seed=6, registered=True)
    appliance.reset(world=world)
    client = connect()
    client.log_in()
    began = time.perf_counter()
    organizations = client.everything(ORGANIZATIONS)
    listing = time.perf_counter() - began
    assert len(organizations) == 100
    began = time.perf_counter()
    for one in organizations:
        client.call("GET", f"{ORGANIZATIONS}/{one['id']}")
    single = (time.perf_counter() - began) / 100
    address = f"{ORGANIZATIONS}/{organizations[7]['id']}/identitiesInDb"
    assert len(client.identities(address, ExpandChildNodes="true")) == 39
    # Generous, for a machine that does other things too. Usual are 0.02 s and 0.002 s.
    assert listing < 1
    assert single < 0.05
