# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulated appliance behind the collection's own client. No network, no clock."""

from __future__ import annotations

import json
import weakref
from dataclasses import asdict
from typing import Any

from ansible_collections.vbaws.appliance.plugins.module_utils._http.deadline import Backoff, Deadline
from ansible_collections.vbaws.appliance.plugins.module_utils._http.failures import failed
from ansible_collections.vbaws.appliance.plugins.module_utils._http.response import Answer
from ansible_collections.vbaws.appliance.plugins.module_utils._http.settings import Settings
from ansible_collections.vbaws.appliance.plugins.module_utils._http.transport import Http, Request
from ansible_collections.vbaws.appliance.plugins.module_utils._rest.client import Call, Client
from ansible_collections.vbaws.appliance.plugins.module_utils._rest.credentials import Credentials
from ansible_collections.vbaws.appliance.tests.simulator.api.in_process import ConnectionLost, InProcessAppliance
from ansible_collections.vbaws.appliance.tests.simulator.state import edits, worlds
from ansible_collections.vbaws.appliance.tests.simulator.state.appliance import Appliance
from ansible_collections.vbaws.appliance.tests.simulator.state.sessions import Ending
from ansible_collections.vbaws.appliance.tests.unit.support.builders import AWS_ID, ROLE_ID
from ansible_collections.vbaws.appliance.tests.unit.support.fake_client import FakeClient

SETTINGS = Settings.from_options({"hostname": "appliance.example.com"})
WORLD = worlds.load(worlds.DEFAULT.with_name("small.yml"))


class _InProcess(Http):
    """The transport with its repeats, and a call of the simulated appliance for each attempt."""

    def __init__(self, simulated: InProcessAppliance, deadline: Deadline) -> None:
        super().__init__(SETTINGS, deadline, Backoff(uniform=min, sleep=simulated.clock.sleep))
        self._simulated = simulated

    def _attempt(self, request: Request, deadline: Deadline) -> Answer:
        sent = json.loads(request.body) if isinstance(request.body, str) else request.body
        try:
            status, headers, body = self._simulated.call(
                request.method, request.path, request.query, sent, request.headers
            )
        except ConnectionLost as lost:
            error = TimeoutError if deadline.expired else ConnectionResetError
            raise failed(error(str(lost)), self.settings, "sending", deadline) from lost
        text = body if isinstance(body, str) else "" if body is None else json.dumps(body)
        return Answer(request.method, request.path, status, headers, text.encode())


class SimulatedAppliance(FakeClient):
    """An appliance on which nothing is registered, and the client to it. ``sleep`` lets its time pass."""

    def __init__(self, **shape: Any) -> None:
        self.simulated = InProcessAppliance(WORLD, shape)
        super().__init__()
        # Not simulated.close: faults may hold this object, and then it would never be collected.
        weakref.finalize(self, self.state.close)
        self._real = Client(_InProcess(self.simulated, self.deadline), Credentials(access_token="token"))

    def call(self, call: Call) -> Answer:
        self.record(call)
        return self._real.call(call)

    @property
    def now(self) -> float:
        return self.simulated.clock.now

    def sleep(self, seconds: float) -> None:
        self.simulated.clock.sleep(seconds)

    # What tests set up

    @property
    def state(self) -> Appliance:
        return self.simulated.state

    def has(self, *scopes: dict[str, Any], **given: Any) -> str:
        """Registers an organization in the collection's terms and returns its ID.

        An AWS Organization that the world lacks has a root alone.
        """
        stored = {
            "aws_organization_id": AWS_ID,
            "name": "production",
            "description": "Shops",
            "rescan_iam_role": ROLE_ID,
            "backup_restore_iam_role_name": "backup",
            "production_worker_iam_role_name": "worker",
            "limited_scopes": list(scopes),
            **given,
        }
        aws_id = stored["aws_organization_id"]
        if self.state.structures.get(aws_id) is None:
            worlds.describe(self.state, {"id": aws_id, "name": aws_id, "root": {"id": "r-some"}})
        return edits.add(self.state, stored).id

    def scope(self, name: str, *units: str) -> dict[str, Any]:
        return {"id": self.state.ids.new(), "name": name, "organizational_units": list(units)}

    def change(self, which: str = "production", /, **changes: Any) -> None:
        """Changes the organization of this name or ID as somebody else would."""
        edits.change(self.state, which, changes)

    def remove(self, which: str = "production") -> None:
        """Removes the organization of this name or ID as somebody else would."""
        edits.remove(self.state, which)

    def change_aws(self, **changes: Any) -> None:
        """Changes the first AWS Organization: ``drop`` (AWS IDs), ``add``, ``move``, ``rename`` (dicts with ``id``)."""
        edits.change_aws(self.state, AWS_ID, changes)

    def change_role(self, role_id: str, **changes: Any) -> None:
        """Changes what an IAM role can do in AWS: ``aws_organization`` (or empty), ``trusted``."""
        edits.change_role(self.state, role_id, changes)

    def ends(self, status: str, reason: str = "", **ending: Any) -> None:
        """How sessions end from now on, whatever their work is."""
        self.state.sessions.ending = Ending(status, reason, **ending)

    def fault(self, kind: str, method: str, path: str, **details: Any) -> None:
        """Adds a fault of the simulated appliance for requests with exactly this path, a regular expression."""
        self.simulated.fault(kind, method, f"^{path}$", **details)

    # What tests look at

    @property
    def organizations(self) -> list[dict[str, Any]]:
        """As stored; a scope shows `other` only if it has such properties."""
        found = [asdict(one) for one in self.state.organizations.all()]
        for one in found:
            one["limited_scopes"] = [
                {key: value for key, value in scope.items() if key != "other" or value}
                for scope in one["limited_scopes"]
            ]
        return found

    @property
    def sessions(self) -> list[str]:
        return [one.id for one in self.state.sessions.all()]

    def tree(self, owner: str) -> dict[str, tuple[str, str | None]]:
        """The structure of an AWS Organization, or the one that is stored with an organization, in the form of TREE."""
        return {node.aws_id: (node.name, node.parent) for node in self.state.structures.get(owner) or ()}
