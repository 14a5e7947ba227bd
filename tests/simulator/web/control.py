# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The control endpoint: looks into the appliance, acts behind the back of its API. JSON, no login, loopback only."""

from __future__ import annotations

import ipaddress
import json
import re
import sqlite3
from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from ..api.faults import Fault
from ..state import edits
from ..state.storage.organizations import Organization

if TYPE_CHECKING:
    from .gateway import Gateway

Json = dict[str, Any]
Handler = Callable[[Json, str], Any]


class Control:
    """Named after what each call does. A handler gets the body and the last part of the path."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._appliance = gateway.appliance
        self._routes: list[tuple[str, str, Handler]] = [
            ("GET", "/state", self._state),
            ("POST", "/reset", self._reset),
            ("GET", "/requests", self._requests),
            ("DELETE", "/requests", self._clear_requests),
            ("POST", "/faults", self._add_fault),
            ("DELETE", "/faults", self._clear_faults),
            ("POST", "/organizations", self._add_organization),
            ("PATCH", "/organizations/(.+)", self._change_organization),
            ("DELETE", "/organizations/(.+)", self._remove_organization),
            ("POST", "/policies", self._add_policy),
            ("DELETE", "/policies", self._remove_policies),
            ("POST", "/roles", self._add_role),
            ("PATCH", "/roles/(.+)", self._change_role),
            ("DELETE", "/roles/(.+)", self._remove_role),
            ("PATCH", "/aws/(.+)", self._change_aws),
            ("POST", "/eula", self._eula),
            ("POST", "/settings", self._settings),
            ("POST", "/tokens/expire", self._expire_tokens),
        ]

    def handle(self, scope: Json, body: bytes) -> tuple[int, Any]:
        """Answers a request with a status and JSON."""
        client = scope.get("client") or ("",)
        if not ipaddress.ip_address(client[0]).is_loopback:
            return 403, {"error": "the control endpoint is for this machine only"}
        path = unquote(scope["path"].removeprefix("/_simulator"))
        for method, pattern, handler in self._routes:
            match = re.fullmatch(pattern, path)
            if match is None or method != scope["method"]:
                continue
            try:
                given = json.loads(body) if body else {}
                if not isinstance(given, dict):
                    raise ValueError("a JSON object is expected")
                answer = handler(given, match.group(1) if match.groups() else "")
            except LookupError as error:
                return 404, {"error": str(error.args[0] if error.args else error)}
            except sqlite3.IntegrityError as error:
                return 400, {"error": f"that is there already: {error}"}
            except (ValueError, TypeError) as error:
                return 400, {"error": str(error)}
            return 200, {} if answer is None else answer
        return 404, {
            "error": f"there is no {scope['method']} {path}",
            "calls": [f"{method} {pattern}" for method, pattern, _handler in self._routes],
        }

    def _organization(self, organization: Organization) -> Json:
        values = asdict(organization)
        role = self._appliance.roles.get(organization.rescan_iam_role)
        values.update(
            rescan_iam_role="" if role is None else role.name, rescan_iam_role_id=organization.rescan_iam_role
        )
        values.update(scope=organization.scope, policies=self._appliance.organizations.policies(organization.id))
        return values

    def _state(self, _given: Json, _part: str) -> Json:
        appliance = self._appliance
        described = appliance.database.all("SELECT * FROM aws_organizations ORDER BY rowid")
        return {
            "tokens_open": appliance.tokens.open(),
            "connections": self._gateway.connections.handshakes,
            "organizations": [self._organization(one) for one in appliance.organizations.all()],
            "sessions": [{**asdict(one), "result": one.result} for one in appliance.sessions.all()],
            "roles": [asdict(role) for role in appliance.roles.all()],
            "aws": {
                row["id"]: {
                    "name": row["name"],
                    "nodes": [asdict(node) for node in appliance.structures.get(row["id"]) or ()],
                }
                for row in described
            },
            "shape": appliance.shape.as_dict(),
            "seed": appliance.seed,
            "product": appliance.settings.product,
            "revisions": list(appliance.settings.revisions),
            "violations": list(appliance.violations),
        }

    def _reset(self, given: Json, _part: str) -> Json:
        unknown = set(given) - {"shape", "seed", "world", "product"}
        if unknown:
            raise ValueError(f"a reset has no {', '.join(sorted(unknown))}")
        self._appliance.reset(**{key: value for key, value in given.items() if value is not None})
        self._gateway.faults.clear()
        self._clear_requests({}, "")
        self._gateway.rebuild()
        appliance = self._appliance
        return {"shape": appliance.shape.as_dict(), "seed": appliance.seed, "product": appliance.settings.product}

    def _requests(self, _given: Json, _part: str) -> list[Json]:
        return self._gateway.log.entries

    def _clear_requests(self, _given: Json, _part: str) -> None:
        self._gateway.log.clear()
        self._gateway.connections.clear()

    def _add_fault(self, given: Json, _part: str) -> None:
        self._gateway.faults.add(Fault.from_dict(given))

    def _clear_faults(self, _given: Json, _part: str) -> None:
        self._gateway.faults.clear()

    def _add_organization(self, given: Json, _part: str) -> Json:
        return self._organization(edits.add(self._appliance, given))

    def _change_organization(self, given: Json, which: str) -> Json:
        return self._organization(edits.change(self._appliance, which, given))

    def _remove_organization(self, _given: Json, which: str) -> None:
        edits.remove(self._appliance, which)

    def _add_policy(self, given: Json, _part: str) -> None:
        edits.use(self._appliance, given)

    def _remove_policies(self, given: Json, _part: str) -> None:
        self._appliance.organizations.unuse(given.get("policy"))

    def _add_role(self, given: Json, _part: str) -> Json:
        values = {("aws_account_id" if key == "awsAccountId" else key): value for key, value in given.items()}
        return asdict(self._appliance.roles.add(**values))

    def _change_role(self, given: Json, which: str) -> Json:
        return asdict(edits.change_role(self._appliance, which, given))

    def _remove_role(self, _given: Json, name: str) -> None:
        self._appliance.roles.remove(edits.role_called(self._appliance, name).id)

    def _change_aws(self, given: Json, which: str) -> Json:
        return {"nodes": [asdict(node) for node in edits.change_aws(self._appliance, which, given)]}

    def _eula(self, given: Json, _part: str) -> None:
        self._appliance.settings.eula_accepted = bool(given["accepted"])

    def _settings(self, given: Json, _part: str) -> Json:
        settings = self._appliance.settings
        allowed: dict[str, Callable[[Any], Any]] = {
            "session_seconds": float,
            "expires_in": float,
            "refresh_expires_in": float,
            "revisions": tuple,
        }
        for key, value in given.items():
            if key not in allowed:
                raise ValueError(f"settings are {', '.join(allowed)}, not {key}")
            setattr(settings, key, allowed[key](value))
        return {key: getattr(settings, key) for key in allowed}

    def _expire_tokens(self, _given: Json, _part: str) -> None:
        self._appliance.tokens.expire_all()
