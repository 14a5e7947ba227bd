# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A simulated appliance for the time of a `with` block, as a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

from ..state.shape import Shape

COMMAND = Path(__file__).resolve().parents[1]
SECONDS_TO_START = 30
SECONDS_TO_STOP = 5


class RunningAppliance:
    """How to reach an appliance, and to act behind the back of its API."""

    def __init__(self, facts: dict[str, Any]) -> None:
        self.facts = facts
        self.hostname: str = facts["hostname"]
        self.port: int = facts["port"]
        self.ca_file: str = facts["ca_file"]
        self.username: str = facts["username"]
        self.password: str = facts["password"]
        self.fingerprint: str = facts["fingerprint"]
        self.url = f"https://{self.hostname}:{self.port}/api/v1"
        self._session = requests.Session()
        self._session.trust_env = False

    def control(self, method: str, path: str, json: Any = None) -> Any:
        """Sends a request to the control endpoint: `path` is below `/_simulator`.

        Returns what was answered; raises RuntimeError with the reason if it was refused.
        """
        address = self.facts["control"] + "/" + path.removeprefix("/_simulator").lstrip("/")
        answer = self._session.request(method, address, json=json, verify=self.ca_file, timeout=60)
        content = answer.json()
        if answer.status_code != 200:
            raise RuntimeError(f"{method} {path}: {content['error']}")
        return content

    def state(self) -> dict[str, Any]:
        """What the appliance holds."""
        state: dict[str, Any] = self.control("GET", "/state")
        return state

    def requests(self) -> list[dict[str, Any]]:
        """The requests since the log was cleared."""
        entries: list[dict[str, Any]] = self.control("GET", "/requests")
        return entries

    def reset(self, **start: Any) -> None:
        """Back to the start, or to one with another `shape`, `seed`, `world` or `product`."""
        self.facts.update(self.control("POST", "/reset", start))

    def wire_names(self) -> dict[str, Any]:
        """What a user has to set as `wire_names` to work with an appliance of this shape."""
        return Shape.from_dict(self.facts["shape"]).wire_names()

    def environment(self) -> dict[str, str]:
        """The variables that the collection's connection options fall back to."""
        variables = {
            "VBAWS_HOSTNAME": self.hostname,
            "VBAWS_PORT": str(self.port),
            "VBAWS_USERNAME": self.username,
            "VBAWS_PASSWORD": self.password,
            "VBAWS_CA_PATH": self.ca_file,
        }
        if self.wire_names():
            variables["VBAWS_WIRE_NAMES"] = json.dumps(self.wire_names())
        return variables

    def close(self) -> None:
        """Closes the connection to the control endpoint."""
        self._session.close()


def _arguments(shape: str | Mapping[str, Any], seed: int | None, options: Mapping[str, Any]) -> list[str]:
    arguments = ["--shape", shape if isinstance(shape, str) else json.dumps(shape)]
    if seed is not None:
        arguments += ["--seed", str(seed)]
    for name, value in options.items():
        arguments += [f"--{name.replace('_', '-')}", str(value)]
    return arguments


@contextmanager
def running_simulator(
    shape: str | Mapping[str, Any] = "documented", seed: int | None = 1, **options: Any
) -> Iterator[RunningAppliance]:
    """Starts the command on a free port and stops it in the end.

    Options are those of the command, such as session_seconds=0.05; `world` may be a dict. Raises RuntimeError with what
    the command wrote if it does not start.
    """
    with tempfile.TemporaryDirectory(prefix="vbaws-simulator-") as folder:
        ready = Path(folder) / "ready.json"
        if isinstance(options.get("world"), dict):
            world = Path(folder) / "world.yml"
            world.write_text(json.dumps(options["world"]), encoding="utf-8")
            options["world"] = world
        command = [
            sys.executable,
            str(COMMAND),
            *_arguments(shape, seed, options),
            "--ready-file",
            str(ready),
            "--until-stdin-closes",
        ]
        with (Path(folder) / "output").open("w+", encoding="utf-8") as output:
            child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=output)
            try:
                _wait(child, ready, output)
                appliance = RunningAppliance(json.loads(ready.read_text(encoding="utf-8")))
                try:
                    yield appliance
                finally:
                    appliance.close()
            finally:
                _stop(child)
                output.seek(0)
                sys.stderr.write(output.read())


def _wait(child: subprocess.Popen[bytes], ready: Path, output: Any) -> None:
    end = time.monotonic() + SECONDS_TO_START
    while not ready.exists():
        if child.poll() is not None or time.monotonic() > end:
            output.seek(0)
            raise RuntimeError(f"the simulator did not start:\n{output.read()}")
        time.sleep(0.02)


def _stop(child: subprocess.Popen[bytes]) -> None:
    child.terminate()
    try:
        child.wait(SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
    if child.stdin is not None:
        child.stdin.close()
