# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The answers of a simulated appliance, as they go over the wire. Those to requests that only read are kept."""

from __future__ import annotations

import json
import threading
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from simulator.api.answer import Answer
from simulator.api.router import router
from simulator.api.service import Service
from simulator.state.appliance import Appliance, Start
from simulator.state.generate import world
from simulator.state.refusal import Refusal
from simulator.state.settings import users

from .wish import PASSWORD, USERNAME, Wish

ROOT = "/api/v1"
KEPT_POSTS = ("/identitiesInDb", "/identitiesInMemory")


class Answers:
    """Answers requests of all connections. A login is not checked, and its answer is always the same."""

    def __init__(self, wish: Wish) -> None:
        made = world(wish.organizations, wish.units, wish.depth, wish.accounts, registered=wish.registered)
        start = Start(made, users(USERNAME, PASSWORD), {"page_cap": 500}, session_seconds=wish.session_seconds)
        self._appliance = Appliance(start)
        self._lock = threading.Lock()
        self._begin()

    def _begin(self) -> None:
        self._service = Service(self._appliance)
        self._router = router(self._appliance.shape)
        form = {"grant_type": "password", "username": USERNAME, "password": PASSWORD}
        self._login = _bytes(self._service.run("get_token", {"body": form}, {}))
        self._logout = _bytes(Answer(204, {}, None))
        self._kept: dict[tuple[str, str, bytes], bytes] = {}
        self._writes = self._count_writes()

    def reset(self) -> None:
        """Back to the start."""
        with self._lock:
            self._appliance.reset()
            self._begin()

    def _count_writes(self) -> int:
        row = self._appliance.database.one("SELECT total_changes() AS writes")
        return int(row["writes"]) if row is not None else 0

    def answer(self, method: str, target: str, body: bytes) -> bytes:
        """The whole answer to a request."""
        address = urlsplit(target)
        if address.path == f"{ROOT}/token":
            return self._login if method == "POST" else self._logout
        with self._lock:
            if not (method == "GET" and "/sessions/" not in target) and not address.path.endswith(KEPT_POSTS):
                return self._work(method, address.path, address.query, body)
            self._appliance.sessions.settle()
            if self._writes != self._count_writes():
                self._writes = self._count_writes()
                self._kept.clear()
            key = (method, target, body)
            if key not in self._kept:
                self._kept[key] = self._work(method, address.path, address.query, body)
            return self._kept[key]

    def _work(self, method: str, path: str, query: str, body: bytes) -> bytes:
        try:
            given = json.loads(body) if body else None
            found = self._router.find(method, path.removeprefix(ROOT), parse_qsl(query), given)
            return _bytes(self._service.run(*found, {}))
        except Refusal as refusal:
            return _bytes(self._service.refused(refusal, path))


def _bytes(answer: Answer) -> bytes:
    body = b"" if answer.status == HTTPStatus.NO_CONTENT else json.dumps(answer.body).encode()
    headers: dict[str, Any] = {"Content-Type": "application/json", **answer.headers}
    if answer.status != HTTPStatus.NO_CONTENT:
        headers["Content-Length"] = len(body)
    lines = [f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body
