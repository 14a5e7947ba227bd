# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A double of the client that answers what it is told."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from ansible_collections.vbaws.appliance.plugins.module_utils._appliance.api import Api
from ansible_collections.vbaws.appliance.plugins.module_utils._errors import NotFound, Refused
from ansible_collections.vbaws.appliance.plugins.module_utils._http.deadline import Deadline
from ansible_collections.vbaws.appliance.plugins.module_utils._http.problem import Problem
from ansible_collections.vbaws.appliance.plugins.module_utils._http.response import Answer
from ansible_collections.vbaws.appliance.plugins.module_utils._module.journal import Journal
from ansible_collections.vbaws.appliance.plugins.module_utils._module.progress import Progress
from ansible_collections.vbaws.appliance.plugins.module_utils._module.task import Task
from ansible_collections.vbaws.appliance.plugins.module_utils._rest.client import Call, Client
from ansible_collections.vbaws.appliance.tests.unit.support.builders import answer, told_by

BASE = "/organizations/amazon"


@dataclass(frozen=True)
class Request:
    """One call as it reached the client. writes: what it would change, in words."""

    method: str
    path: str
    query: tuple[tuple[str, Any], ...] = ()
    json: Any = None
    repeatable: bool = True
    writes: str | None = None
    accept: str = "application/json"
    root: str = "/api/v1"

    @classmethod
    def of(cls, call: Call) -> Request:
        query = tuple(cast(Iterable[tuple[str, Any]], call.query or ()))
        writes = call.change.to_do if call.change else None
        return cls(call.method, call.path, query, call.json, call.repeatable, writes, call.accept, call.root)

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


class FakeClient:
    """Answers with what it is given, in order; a callable is asked, an error raised. Keeps every request."""

    now = 0.0

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.requests: list[Request] = []
        self.warnings: list[str] = []
        self.deadline = Deadline(600)
        self.journal = Journal()
        self.progress = Progress()

    def call(self, call: Call) -> Answer:
        return self.respond(self.record(call))

    def record(self, call: Call) -> Request:
        request = Request.of(call)
        self.requests.append(request)
        return request

    def respond(self, request: Request) -> Answer:
        assert self.answers, f"an unexpected request: {request}"
        given = self.answers.pop(0)
        if isinstance(given, BaseException):
            raise given
        if isinstance(given, Answer):
            return given
        return answer(given, method=request.method, path=request.path)

    # What tests look at

    def calls(self) -> list[str]:
        return [str(request) for request in self.requests]

    def writes(self) -> list[str]:
        return [str(request) for request in self.requests if request.writes]

    def sent(self, method: str, path: str) -> list[Any]:
        """The bodies of the calls that match."""
        return [r.json for r in self.requests if r.method == method and re.fullmatch(path, r.path)]

    def forget(self) -> None:
        self.requests.clear()

    # What the code under test takes

    @property
    def client(self) -> Client:
        """This double as what the code under test takes."""
        return cast(Client, self)

    def task(self, options: Mapping[str, Any], *, check_mode: bool = False) -> Task:
        """A task with a journal of its own, which ``journal`` is from now on."""
        self.journal = told_by(Journal())
        return Task(
            self.client,
            options,
            check_mode,
            self.warnings.append,
            self.deadline,
            self.sleep,
            self.journal,
            progress=self.progress,
        )

    def api(self) -> Api:
        return Api(self.client, self.journal, self.progress)

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def refused(status: int, details: str = "no") -> Refused:
    """What the client makes of an answer with this status."""
    kind, reason = (NotFound, "not_found") if status == 404 else (Refused, "conflict" if status == 409 else "invalid")
    problem = Problem.parse(status, "application/json", ('{"title": "Problem", "details": "%s"}' % details).encode())  # noqa: UP031
    return kind(f"The appliance refused it with {status}", reason=reason, status=status, problem=problem)
