# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the appliance answers where a call did not succeed."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from http import client as http_client
from typing import Any

from .._wording import RAW_CAP, excerpt, full_stop

_KNOWN = ("status", "title", "errorcode", "details", "detail", "instance", "data", "errors", "traceid", "type")


def _text(value: Any) -> str | None:
    """Render a member of a problem: text as it is, numbers and structures as JSON, nothing as None."""
    if value is None or value == "" or value == [] or value == {}:
        return None
    return value.strip() if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def _per_field(errors: Any) -> str | None:
    """Render ``errors``: usually a mapping of a field to its messages, as web frameworks answer it."""
    if not isinstance(errors, dict):
        return _text(errors)
    lines = []
    for name, messages in errors.items():
        told = messages if isinstance(messages, list) else [messages]
        lines.append(f"{name}: " + ", ".join(_text(message) or "invalid" for message in told))
    return "; ".join(lines) or None


@dataclass
class Problem:
    """The body of an answer that is not a success.

    Names of the members follow the reference (``title``, ``status``, ``errorCode``, ``details``, ``instance``,
    ``data``); older revisions add ``type``, frameworks answer ``errors`` and ``traceId``. Whatever else came is in
    ``raw``.
    """

    status: int | None = None
    title: str | None = None
    error_code: str | None = None
    details: str | None = None
    instance: str | None = None
    data: Any = None
    errors: Any = None
    trace_id: str | None = None
    type: str | None = None
    raw: str = ""
    content_type: str = ""
    structured: bool = field(default=False, repr=False)

    @classmethod
    def parse(cls, status: int | None, content_type: str | None, body: bytes) -> Problem:
        """Read a body, whatever it is, without ever failing.

        ``status`` is that of the HTTP answer and wins over the one in the body; ``content_type`` is quoted where the
        body is no JSON. Member names are compared without regard to case.
        """
        raw = body.decode("utf-8", "replace")
        problem = cls(status=status, raw=raw[:RAW_CAP], content_type=(content_type or "").split(";")[0].strip())
        try:
            value = json.loads(raw)
        except (ValueError, RecursionError):
            return problem
        if not isinstance(value, dict):
            return problem
        members = {str(key).lower(): member for key, member in value.items()}
        problem.structured = any(_text(members.get(key)) is not None for key in _KNOWN)
        problem.title = _text(members.get("title"))
        problem.error_code = _text(members.get("errorcode"))
        problem.details = _text(members.get("details")) or _text(members.get("detail"))
        problem.instance = _text(members.get("instance"))
        problem.data = members.get("data")
        problem.errors = members.get("errors")
        problem.trace_id = _text(members.get("traceid"))
        problem.type = _text(members.get("type"))
        if status is None and isinstance(members.get("status"), int):
            problem.status = members["status"]
        return problem

    def explanation(self) -> str | None:
        """What the appliance said in words: ``details``, else the fields that it refuses, else the title."""
        return self.details or _per_field(self.errors) or self.title

    def sentence(self) -> str:
        """Render the problem as one line that loses nothing a reader needs, ending with a full stop."""
        if not self.structured:
            return self._foreign()
        said: list[str] = []
        for part in ((text or "").rstrip(".") for text in (self.title, self.details, _per_field(self.errors))):
            if part and not any(part in earlier for earlier in said):
                said.append(part)
        data = _text(self.data)
        if data:
            said.append("data " + excerpt(data))
        kind = self.type if self.type != "about:blank" else None
        origin = [self.error_code, kind, f"HTTP {self.status}" if self.status else None]
        origin.append(f"trace {self.trace_id}" if self.trace_id else None)
        suffix = ", ".join(part for part in origin if part)
        return full_stop(": ".join(said) + (f" ({suffix})" if said and suffix else suffix))

    def _foreign(self) -> str:
        status = (
            f"HTTP {self.status} {http_client.responses.get(self.status, '')}".strip() if self.status else "no status"
        )
        quoted = excerpt(self.raw)
        if not quoted:
            return f"{status}, without an explanation."
        return f'{status}, with a body of type {self.content_type or "unknown"} that reads "{quoted}".'
