# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The good appliance behind the hostile server: it decides what an honest answer is, and remembers what it did."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from ansible_collections.vbaws.appliance.tests.robustness.hostile.canaries import Canaries

from simulator.api import gate
from simulator.api.contract import published
from simulator.api.in_process import InProcessAppliance
from simulator.state import edits, worlds

Json = dict[str, Any]
ROOT = "/api/v1"
BASE = "/organizations/amazon"
OPENAPI = "/swagger/v1/swagger.json"
WORLD = worlds.load(worlds.DEFAULT)
IDS = {
    "production": "11111111-1111-4111-8111-111111111111",
    "subsidiary": "22222222-2222-4222-8222-222222222222",
}
REGISTERED: tuple[Json, ...] = (
    {
        "id": IDS["production"],
        "name": "production",
        "description": "By hand",
        "rescan_iam_role": "prod-rescan",
        "backup_restore_iam_role_name": "VeeamBackupRestore",
        "production_worker_iam_role_name": "VeeamProductionWorker",
        "limited_scopes": [{"name": "Front", "organizational_units": ["ou-prod-wrkprod0", "ou-prod-sandbox0"]}],
    },
    {
        "id": IDS["subsidiary"],
        "name": "subsidiary",
        "rescan_iam_role": "subsidiary-rescan",
        "backup_restore_iam_role_name": "VeeamBackupRestore",
    },
)


@dataclass
class Good:
    """An honest answer."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON, None without one."""
        return json.loads(self.body) if self.body else None


@dataclass
class Seen:
    """One request as it arrived. path: below the root of the API, or the whole one.

    attack: what was done instead of an honest answer. accepted: the good appliance did what was asked for. refused: an
    attack has said that it was not done. told: the status that the client got.
    """

    number: int
    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    headers: dict[str, str]
    body: bytes
    attack: str = ""
    accepted: bool = False
    refused: bool = False
    told: int = 0

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @classmethod
    def parse(cls, number: int, head: bytes, body: bytes) -> Seen:
        """Read a request."""
        first, *lines = head.decode("latin-1").split("\r\n")
        method, target, _version = first.split(" ", 2)
        parts = urlsplit(target)
        headers = dict(line.split(": ", 1) for line in lines if ": " in line)
        headers = {name.lower(): value for name, value in headers.items()}
        path = parts.path.removeprefix(ROOT) if parts.path.startswith(ROOT + "/") else parts.path
        return cls(number, method, path, tuple(parse_qsl(parts.query, keep_blank_values=True)), headers, body)

    @property
    def token(self) -> str:
        """The token that it presents."""
        return self.headers.get("authorization", "").partition(" ")[2]

    @property
    def is_login(self) -> bool:
        return str(self) == "POST /token"

    @property
    def is_write(self) -> bool:
        """Whether it changes the configuration, or would."""
        if self.method == "POST":
            return self.path == BASE or (self.path == f"{BASE}/rescan" and b'"Database"' in self.body)
        return self.method in ("PUT", "DELETE") and self.path.startswith(f"{BASE}/")

    @property
    def starts_session(self) -> bool:
        return self.method == "POST" and self.path in (f"{BASE}/rescan", f"{BASE}/testConfiguration")


@dataclass
class Issued:
    """A token that was issued. arrived: its answer reached the client whole, with the token in it."""

    value: str
    arrived: bool = True
    returned: bool = False


@dataclass
class World:
    """One appliance for one run, with tokens that are canaries."""

    canaries: Canaries
    mfa: bool = False
    shape: Any = "documented"
    issued: list[Issued] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.appliance = InProcessAppliance(WORLD, self.shape, seed=1)
        for one in REGISTERED:
            edits.add(self.appliance.state, dict(one))

    def close(self) -> None:
        """Close the database."""
        self.appliance.close()

    def work(self, seen: Seen) -> Good:
        """Do what a request asks for and return the honest answer."""
        if str(seen) == f"GET {OPENAPI}":
            return _good(200, published(self.appliance.state.shape))
        good = self._token(seen) if seen.path == "/token" else self._call(seen)
        seen.accepted = good.status < 300
        return good

    def _call(self, seen: Seen) -> Good:
        version = seen.headers.get("x-api-version", "").encode()
        refusal = gate.refusal(self.appliance.state.settings, [(b"x-api-version", version)])
        if refusal is not None:
            answer = self.appliance._service.refused(refusal, ROOT + seen.path)
        else:
            body = json.loads(seen.body) if seen.body else None
            answer = self.appliance.call(seen.method, seen.path, seen.query, body, seen.headers)
        return _good(answer.status, answer.body, answer.headers)

    def _token(self, seen: Seen) -> Good:
        if seen.method == "DELETE":
            for one in self.issued:
                one.returned = one.returned or one.value == seen.token
            return Good(204, {}, b"")
        if self.mfa and b"grant_type=password" in seen.body:
            half = self.canaries.token("mfa token")
            return _good(200, {"username": "automation", "mfa_enabled": True, "mfa_token": half})
        number = len(self.issued) + 1
        self.issued.append(Issued(self.canaries.token(f"token {number}")))
        body = {
            "access_token": self.issued[-1].value,
            "token_type": "bearer",
            "refresh_token": self.canaries.token(f"refresh token {number}"),
            "expires_in": 3600,
            ".issued": "2026-01-01T00:00:00Z",
            ".expires": "2026-01-01T01:00:00Z",
            "username": "automation",
            "roleName": "PortalAdministrator",
            "mfa_enabled": False,
            "mfa_token": None,
        }
        return _good(200, body)


def _good(status: int, body: Any, headers: dict[str, str] | None = None) -> Good:
    if body is None:
        return Good(status, dict(headers or {}), b"")
    text = body if isinstance(body, str) else json.dumps(body)
    return Good(status, {"Content-Type": "application/json", **(headers or {})}, text.encode())
