# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The API of one appliance: the operations of the contract, and the answers to what is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..state.appliance import Appliance
from ..state.refusal import Refusal
from .answer import Answer
from .operations.access import AccessOperations
from .operations.checks import CheckOperations
from .operations.organizations import OrganizationOperations
from .operations.structure import StructureOperations
from .problems import ProblemBodies
from .wire_in import WireIn
from .wire_out import WireOut

WITH_HEADERS = {"revoke_token", "export_organizations"}
"""The operations that look at the headers of the request."""


class Service:
    """Serves an appliance. Its shape is read once, here."""

    def __init__(self, appliance: Appliance) -> None:
        self._appliance = appliance
        wire_in, out = WireIn(appliance.shape), WireOut(appliance.shape)
        self._problems = ProblemBodies(appliance.shape)
        self._operations = (
            AccessOperations(appliance, out),
            OrganizationOperations(appliance, wire_in, out),
            StructureOperations(appliance, out),
            CheckOperations(appliance, wire_in, out),
        )

    def run(self, operation_id: str, parameters: Mapping[str, Any], headers: Mapping[str, str]) -> Answer:
        """Carries an operation of the contract out. Raises Refusal."""
        self._appliance.sessions.settle()
        function = self._function(operation_id)
        if operation_id in WITH_HEADERS:
            return function(**parameters, headers=headers)
        return function(**parameters)

    def _function(self, operation_id: str) -> Callable[..., Answer]:
        function: Callable[..., Answer] = next(
            getattr(one, operation_id) for one in self._operations if hasattr(one, operation_id)
        )
        return function

    def refused(self, refusal: Refusal, path: str) -> Answer:
        """The answer to a request that is refused."""
        headers = {"Content-Type": self._problems.media_type}
        if refusal.retry_after is not None:
            headers["Retry-After"] = refusal.retry_after
        return Answer(refusal.status, headers, self._problems.of(refusal, path))
