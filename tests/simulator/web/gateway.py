# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The door: every request is written down, meets its fault, and goes to the API or to the control endpoint."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..api import gate
from ..api.contract import published
from ..api.faults import Fault, Faults
from ..api.service import Service
from ..state.appliance import Appliance
from ..state.refusal import Refusal
from .application import build
from .connection import Connections, Peer
from .control import Control
from .request_log import RequestLog

OPENAPI_PATH = "/swagger/v1/swagger.json"
"""Where the appliance serves its own contract, to everybody. Where real ones do is not published."""

HTML = (
    b"<!DOCTYPE html><html><head><title>Sign in</title></head>"
    b"<body><h1>Gateway</h1><p>Something in between answers.</p></body></html>"
)


@dataclass
class Answer:
    """An answer as it goes over the wire."""

    status: int = 500
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""

    def with_body(self, body: bytes) -> Answer:
        """The same with another body."""
        headers = [(name, value) for name, value in self.headers if name.lower() != b"content-length"]
        return Answer(self.status, [*headers, (b"content-length", str(len(body)).encode())], body)


class Gateway:
    """The ASGI application that the server runs."""

    def __init__(self, appliance: Appliance, connections: Connections) -> None:
        self.appliance = appliance
        self.connections = connections
        self.faults = Faults()
        self.log = RequestLog()
        self._control = Control(self)
        self._built: dict[str, Any] = {}
        self.rebuild()

    def rebuild(self) -> None:
        """After a reset: the API follows the shape. What was built once is kept, since building takes a while."""
        shape = json.dumps(self.appliance.shape.as_dict(), sort_keys=True)
        if shape not in self._built:
            self._built[shape] = build(self.appliance)
        self._api = self._built[shape]
        self._service = Service(self.appliance)

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """Serves a request."""
        peer: Peer = scope["state"]["peer"]
        body = await _whole_body(receive)
        if scope["path"].startswith("/_simulator"):
            peer.is_control()
            await _send(send, self._answer_control(scope, body))
            return
        entry = self.log.add(peer.number(), scope, body)
        fault = self.faults.take(scope["method"], scope["path"])
        answer = await self._answer(scope, body, fault)
        if fault is not None and fault.kind in ("drop_before", "drop_after"):
            peer.cut()
            await _gone(receive)
            return
        entry["status"] = answer.status
        if fault is not None and fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
        if fault is not None and fault.kind == "truncate":
            await _send(send, answer.with_body(answer.body), only=max(1, len(answer.body) // 2))
            peer.close()
            await _gone(receive)
            return
        await _send(send, answer)

    def _answer_control(self, scope: dict[str, Any], body: bytes) -> Answer:
        self.appliance.sessions.settle()
        return _json(*self._control.handle(scope, body))

    async def _answer(self, scope: dict[str, Any], body: bytes, fault: Fault | None) -> Answer:
        if fault is None:
            return await self._work(scope, body)
        if fault.kind == "expire_token":
            headers = dict(scope["headers"])
            self.appliance.tokens.expire(headers.get(b"authorization", b"").decode("latin-1").partition(" ")[2])
        done = await self._work(scope, body) if fault.work else Answer()
        refusal = fault.refusal()
        if refusal is not None:
            return self._refused(scope, refusal)
        if fault.kind == "answer":
            return _json(fault.status or 200, fault.body)
        if fault.kind == "html":
            return Answer(fault.status or 502, [(b"content-type", b"text/html; charset=utf-8")]).with_body(HTML)
        if fault.kind == "redirect":
            return Answer(fault.status or 302, [(b"location", fault.location.encode())]).with_body(b"")
        if fault.kind == "short_page":
            return done.with_body(json.dumps(fault.shortened(json.loads(done.body or b"null"))).encode())
        return done

    def _refused(self, scope: dict[str, Any], refusal: Refusal) -> Answer:
        status, headers, body = self._service.refused(refusal, scope["path"])
        return _json(status, body, headers)

    async def _work(self, scope: dict[str, Any], body: bytes) -> Answer:
        if scope["path"] == OPENAPI_PATH:
            return _json(200, published(self.appliance.shape))
        refusal = gate.refusal(self.appliance.settings, scope["headers"])
        if refusal is not None:
            return self._refused(scope, refusal)
        answer = Answer()
        asked = False

        async def receive() -> dict[str, Any]:
            nonlocal asked
            if asked:
                return {"type": "http.disconnect"}
            asked = True
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                answer.status = message["status"]
                # The library wants a media type even where there is no content.
                answer.headers = [
                    one for one in message.get("headers", ()) if answer.status != 204 or one[0] != b"content-type"
                ]
            else:
                answer.body += message.get("body", b"")

        await self._api(scope, receive, send)
        return answer


def _json(status: int, content: Any, headers: Mapping[str, str] | None = None) -> Answer:
    pairs = {"content-type": "application/json", **{name.lower(): value for name, value in (headers or {}).items()}}
    return Answer(status, [(name.encode(), value.encode()) for name, value in pairs.items()]).with_body(
        json.dumps(content).encode()
    )


async def _whole_body(receive: Any) -> bytes:
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


async def _gone(receive: Any) -> None:
    # The server would complain about an answer that is not complete, if the connection was still there.
    while (await receive())["type"] != "http.disconnect":
        pass


async def _send(send: Any, answer: Answer, only: int | None = None) -> None:
    await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
    part = answer.body if only is None else answer.body[:only]
    await send({"type": "http.response.body", "body": part, "more_body": only is not None})
