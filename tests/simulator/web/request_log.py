# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which requests of the API came, in order."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs

SECRET_FIELDS = ("password", "refresh_token", "mfa_token", "mfa_code", "code")


class RequestLog:
    """The requests since the log was cleared."""

    def __init__(self) -> None:
        self.entries: list[dict[str, Any]] = []

    def clear(self) -> None:
        """Forgets all requests."""
        self.entries.clear()

    def add(self, connection: int, scope: dict[str, Any], body: bytes) -> dict[str, Any]:
        """Writes a request down. Its status is filled in when it is answered; without an answer it stays null."""
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        if "authorization" in headers:
            headers["authorization"] = headers["authorization"].partition(" ")[0]
        query = parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        entry = {
            "n": len(self.entries) + 1,
            "connection": connection,
            "method": scope["method"],
            "path": scope["path"],
            "query": {name: values[0] if len(values) == 1 else values for name, values in query.items()},
            "headers": headers,
            "body": _body(body, headers.get("content-type", "")),
            "status": None,
        }
        self.entries.append(entry)
        return entry


def _body(body: bytes, content_type: str) -> Any:
    if not body:
        return None
    text = body.decode("utf-8", "replace")
    if content_type.startswith("application/x-www-form-urlencoded"):
        fields = {name: values[-1] for name, values in parse_qs(text, keep_blank_values=True).items()}
        return {name: "***" if name in SECRET_FIELDS else value for name, value in fields.items()}
    try:
        return json.loads(text)
    except ValueError:
        return text
