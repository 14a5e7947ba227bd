# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A simulated appliance for all tests, and a client of plain requests that speaks its shape."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from simulator.state.shape import Shape
from simulator.web.process import RunningAppliance, running_simulator

REVISION = "1.7-rev0"


class Client:
    """Talks to an appliance and asks for the expected status, so that tests can go on with the answer."""

    def __init__(self, appliance: RunningAppliance) -> None:
        self.appliance = appliance
        self.shape = Shape.from_dict(appliance.facts["shape"])
        self.headers = {"x-api-version": REVISION}
        self.session = requests.Session()
        self.session.trust_env = False

    def send(self, method: str, path: str, **arguments: Any) -> requests.Response:
        """Sends a request; `path` is below /api/v1."""
        headers = {**self.headers, **arguments.pop("headers", {})}
        address, ca_file = self.appliance.url + path, self.appliance.ca_file
        arguments.setdefault("timeout", 20)
        return self.session.request(
            method, address, headers=headers, verify=ca_file, allow_redirects=False, **arguments
        )

    def call(self, method: str, path: str, expected: int = 200, **arguments: Any) -> Any:
        """Sends a request that must be answered with a status. Returns the JSON of the answer, or None."""
        answer = self.send(method, path, **arguments)
        assert answer.status_code == expected, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def token(self, expected: int = 200, **form: str) -> Any:
        """The token call, without the Authorization header."""
        self.headers.pop("Authorization", None)
        return self.call("POST", "/token", expected, data=form)

    def log_in(self, username: str = "", password: str = "") -> Any:
        """Logs in by name and password. Returns the body."""
        name, secret = username or self.appliance.username, password or self.appliance.password
        body = self.token(grant_type="password", username=name, password=secret)
        self.use(body["access_token"])
        return body

    def use(self, access_token: str) -> None:
        """Sends an access token from now on."""
        self.headers["Authorization"] = f"Bearer {access_token}"

    def roles(self) -> dict[str, str]:
        """The IDs of the IAM roles by name."""
        return {role["name"]: role["id"] for role in self.everything("/accounts/amazon")}

    def everything(self, path: str) -> list[dict[str, Any]]:
        """All items of a list."""
        items: list[dict[str, Any]] = []
        while True:
            page = self.call("GET", path, params={"Offset": len(items), "Limit": 200})
            items += page["results"]
            if len(items) >= page["totalCount"]:
                assert len(items) == page["totalCount"]
                return items
            assert page["results"], "an empty page before the end"

    def identities(self, path: str, **query: str) -> list[dict[str, Any]]:
        """All identities of a structure."""
        found: list[dict[str, Any]] = []
        while True:
            page = self.call("POST", path, params={**query, "offset": len(found)})
            found += page["identities"]
            if len(found) >= page["totalCount"]:
                return found

    def session_of(self, answer: requests.Response) -> str:
        """Which session a 202 tells, in the one place where this shape has it."""
        assert answer.status_code == 202, answer.text
        body, kind = answer.json(), self.shape.session_reference
        if kind == "location":
            assert body == {}
            return answer.headers["Location"].rpartition("/")[2]
        if kind == "links":
            assert list(body) == ["_links"]
            return str(body["_links"][0]["href"]).rpartition("/")[2]
        return str(body[kind])

    def wait(self, answer: requests.Response) -> dict[str, Any]:
        """Waits for the session of a 202. Returns its last state."""
        session, end = self.session_of(answer), time.monotonic() + 10
        while time.monotonic() < end:
            state: dict[str, Any] = self.call("GET", f"/sessions/{session}")
            if state["status"] not in ("Running", "NeverExecuted"):
                return state
            time.sleep(0.01)
        raise AssertionError(f"session {session} does not end")

    def spec(self, **values: Any) -> dict[str, Any]:
        """An organization to write, in the names of this shape."""
        defaults = {"name": "production", "backup_restore_iam_role_name": "VeeamBackupRestore"}
        return {self.shape.write_name(f"organization.{key}"): value for key, value in {**defaults, **values}.items()}

    def scope(self, **values: Any) -> dict[str, Any]:
        """A limited scope to write, in the names of this shape."""
        return {self.shape.write_name(f"limited_scope.{key}"): value for key, value in values.items()}

    def read(self, key: str, item: dict[str, Any]) -> Any:
        """A property of something read, in the collection's own name."""
        outer, _dot, inner = self.shape.read_name(key).partition(".")
        value = item.get(outer)
        return value[inner] if inner and value is not None else value

    def add(self, scopes: list[dict[str, Any]] | None = None, **values: Any) -> dict[str, Any]:
        """Adds an organization and waits. Returns the item of the list."""
        values.setdefault("rescan_iam_role", self.roles()["prod-rescan"])
        body = {"organization": self.spec(**values), "limitedScopes": scopes or []}
        ended = self.wait(self.send("POST", "/organizations/amazon", json=body))
        assert ended["status"] == "Succeeded", ended
        name = values.get("name", "production")
        items = self.everything("/organizations/amazon")
        return next(item for item in items if self.read("organization.name", item) == name)


@pytest.fixture(scope="session")
def process() -> Iterator[RunningAppliance]:
    """A simulator for all tests: starting one takes longer than resetting it."""
    with running_simulator(session_seconds=0.02) as appliance:
        yield appliance


@pytest.fixture
def appliance(process: RunningAppliance) -> Iterator[RunningAppliance]:
    """An appliance as it is at the start. No test may make it answer outside of its contract."""
    process.reset()
    yield process
    assert process.state()["violations"] == []


@pytest.fixture
def client(appliance: RunningAppliance) -> Iterator[Client]:
    """A client that is logged in to the documented shape."""
    one = Client(appliance)
    one.log_in()
    yield one
    one.session.close()


@pytest.fixture
def connect(appliance: RunningAppliance) -> Iterator[Any]:
    """Makes clients that are not logged in, for the shape of the moment."""
    made: list[Client] = []

    def make() -> Client:
        made.append(Client(appliance))
        return made[-1]

    yield make
    for one in made:
        one.session.close()
