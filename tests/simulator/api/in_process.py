# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A simulated appliance without a network: a request is a method call, and time passes when the caller says so."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from ..state.appliance import Appliance, Start
from ..state.refusal import Refusal
from ..state.settings import users
from ..state.shape import Shape
from .answer import Answer
from .faults import Fault, Faults
from .router import router
from .service import Service

ROOT = "/api/v1"
FAULTS = ("none", "status", "answer", "unauthorized", "short_page", "drop_before", "drop_after")


class ConnectionLost(Exception):
    """The request or its answer was lost on the way."""


class Clock:
    """Tells the time of an appliance."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        """Lets time pass."""
        self.now += seconds


@dataclass(frozen=True)
class Request:
    """A request as it was sent. The path is below `/api/v1`."""

    method: str
    path: str
    query: tuple[tuple[str, Any], ...] = ()
    body: Any = None

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


class InProcessAppliance:
    """One appliance. Sessions end when its clock says so. Several threads may call it.

    No login is asked for. Requests are held to the contract of its shape, answers are not. As a context manager it
    closes its database.
    """

    def __init__(
        self,
        world: Mapping[str, Any],
        shape: Shape | Mapping[str, Any] | str = "documented",
        *,
        seed: int = 1,
        session_seconds: float = 0.0,
    ) -> None:
        self.clock = Clock()
        start = Start(world, users(), shape, seed, session_seconds=session_seconds)
        self._state = Appliance(start, clock=self.clock)
        self.requests: list[Request] = []
        self._faults = Faults()
        self._service = Service(self._state)
        self._router = router(self._state.shape)
        self._lock = threading.RLock()  # what a fault does may send requests as well

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes the database."""
        self._state.close()

    @property
    def state(self) -> Appliance:
        """What the appliance holds now: to look at, and to change behind the back of the API."""
        with self._lock:
            self._state.sessions.settle()
        return self._state

    def fault(self, kind: str, method: str = "", path: str = "", **details: Any) -> None:
        """Adds a fault. `path` is a regular expression that is searched in the path below `/api/v1`."""
        if kind not in FAULTS:
            raise ValueError(f"without a network a fault is one of {', '.join(FAULTS)}, not {kind!r}")
        self._faults.add(Fault(kind, method, path, **details))

    def clear_faults(self) -> None:
        """Removes all faults."""
        self._faults.clear()

    def call(
        self,
        method: str,
        path: str,
        query: Iterable[tuple[str, Any]] = (),
        body: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Answers a request as the web server does: status, headers, JSON. Some faults raise ConnectionLost."""
        with self._lock:
            request = Request(method, path, tuple(query), json.loads(json.dumps(body)))
            self.requests.append(request)
            lower = {name.lower(): value for name, value in (headers or {}).items()}
            fault = self._faults.take(method, path)
            return self._work(request, lower) if fault is None else self._meet(fault, request, lower)

    def _meet(self, fault: Fault, request: Request, headers: Mapping[str, str]) -> Answer:
        if fault.act is not None:
            fault.act()
        if fault.alter is not None:
            request = Request(request.method, request.path, request.query, fault.alter(request.body))
        answer = self._work(request, headers) if fault.work else None
        refusal = fault.refusal()
        if refusal is not None:
            return self._service.refused(refusal, ROOT + request.path)
        if fault.kind == "answer":
            return Answer(fault.status or 200, {"Content-Type": "application/json"}, fault.body)
        if fault.kind == "short_page" and answer is not None:
            return answer._replace(body=fault.shortened(answer.body))
        if fault.kind == "none" and answer is not None:
            return answer
        raise ConnectionLost(f"{fault.kind}: {request}")

    def _work(self, request: Request, headers: Mapping[str, str]) -> Answer:
        try:
            operation_id, parameters = self._router.find(request.method, request.path, request.query, request.body)
            return self._service.run(operation_id, parameters, headers)
        except Refusal as refusal:
            return self._service.refused(refusal, ROOT + request.path)
