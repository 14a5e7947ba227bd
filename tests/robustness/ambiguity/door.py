# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Modules as Ansible runs them, on a simulated appliance in the same process, without a network."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

import pytest
from ansible_collections.vbaws.appliance.plugins.module_utils._http.deadline import Backoff, Deadline
from ansible_collections.vbaws.appliance.plugins.module_utils._http.response import Answer
from ansible_collections.vbaws.appliance.plugins.module_utils._http.settings import Settings
from ansible_collections.vbaws.appliance.plugins.module_utils._http.transport import Http, Request
from ansible_collections.vbaws.appliance.plugins.module_utils._module import run as runner
from ansible_collections.vbaws.appliance.plugins.module_utils._rest.client import Client
from ansible_collections.vbaws.appliance.plugins.module_utils._rest.credentials import Credentials

import in_process
from simulator.api.in_process import InProcessAppliance
from simulator.state import edits

Json = dict[str, Any]
CONNECTION = {"hostname": "appliance.example.com", "username": "admin", "password": "not-a-secret"}
BASE = "/organizations/amazon"


class _Wire(Http):
    """The transport with its repeats; an attempt is a method call."""

    def __init__(self, simulated: InProcessAppliance, deadline: Deadline) -> None:
        super().__init__(Settings.from_options(CONNECTION), deadline, Backoff(sleep=simulated.clock.sleep))
        self._simulated = simulated

    def _attempt(self, request: Request, deadline: Deadline) -> Answer:
        sent = json.loads(request.body) if isinstance(request.body, str) else request.body
        status, headers, body = self._simulated.call(request.method, request.path, request.query, sent, request.headers)
        text = body if isinstance(body, str) else "" if body is None else json.dumps(body)
        return Answer(request.method, request.path, status, headers, text.encode())


class Door:
    """One appliance, and the modules that work on it."""

    def __init__(self, simulated: InProcessAppliance) -> None:
        self.simulated = simulated

    def run(self, module: str, *, check: bool = False, **options: Any) -> Json:
        """What the module prints."""
        waits = {} if module.endswith("_info") else {"wait_interval": 0}
        return in_process.run_module(module, {**CONNECTION, **waits, **options}, check=check)

    def register(self, wanted: Mapping[str, Any]) -> str:
        """Registers an organization as somebody does by hand; returns its ID."""
        return edits.add(self.simulated.state, dict(wanted)).id

    def use(self, name: str) -> None:
        """Lets a backup policy use an organization."""
        edits.use(self.simulated.state, {"organization": name})

    def stored(self) -> dict[str, Json]:
        """The organizations by their ID in AWS; roles by name, scopes by name and sorted."""
        state = self.simulated.state
        found = {}
        for one in state.organizations.all():
            values = asdict(one)
            role = state.roles.get(one.rescan_iam_role)
            values["rescan_iam_role"] = role.name if role else None
            scopes = values.pop("limited_scopes")
            for scope in scopes:
                scope["organizational_units"] = sorted(scope["organizational_units"])
            found[one.aws_organization_id] = {key: value or None for key, value in values.items()}
            found[one.aws_organization_id]["limited_scopes"] = {scope.pop("name"): scope for scope in scopes}
        return found

    def refreshed(self) -> bool:
        """Whether a stored structure was read from AWS again, which is a change as well."""
        return any(one.path.endswith("/rescan") and "Database" in str(one.body) for one in self.simulated.requests)

    def bodies(self) -> list[Json]:
        """What was sent to change the configuration, whether it was refused or not."""
        return [one.body or {} for one in self.simulated.requests if _writes(one.method, one.path)]

    def writes(self) -> list[str]:
        """The requests so far that change the configuration, or would."""
        return [str(one) for one in self.simulated.requests if _writes(one.method, one.path)]


def _writes(method: str, path: str) -> bool:
    return path == BASE if method == "POST" else method in ("PUT", "DELETE") and path.startswith(f"{BASE}/")


@contextmanager
def door(monkeypatch: pytest.MonkeyPatch, world: Mapping[str, Any], shape: Any, seed: int) -> Iterator[Door]:
    """Opens the door to a new appliance."""
    with InProcessAppliance(world, shape, seed=seed) as simulated:

        def connect(_options: Mapping[str, Any], deadline: Deadline, **_more: Any) -> Client:
            return Client(_Wire(simulated, deadline), Credentials(access_token="token"))

        with monkeypatch.context() as patched:
            patched.setattr(runner, "connect", connect)
            yield Door(simulated)
