# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One root for everything that may go wrong, and the problem body of the appliance kept whole."""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass, field
from http import client as http_client
from typing import Any

REASONS = (
    "unreachable",
    "tls",
    "auth",
    "mfa_required",
    "api_version",
    "not_found",
    "ambiguous",
    "conflict",
    "role_invalid",
    "in_use",
    "invalid",
    "timeout",
    "session_failed",
    "not_applied",
    "plan_changed",
    "over_limit",
    "several",
    "unknown_outcome",
    "api",
)
"""Every value that ``failure.reason`` can have."""

RAW_CAP = 8192
"""Characters of an answer's body that a problem keeps."""

QUOTE_CAP = 200
"""Characters of a body that is no problem body which a message quotes."""

_INVISIBLE = re.compile(r"<(script|style|head)\b.*?</\1\s*>|<!--.*?-->", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_SPACE = re.compile(r"\s+")
_KNOWN = ("status", "title", "errorcode", "details", "detail", "instance", "data", "errors", "traceid", "type")


def excerpt(text: str, cap: int = QUOTE_CAP) -> str:
    """Make a foreign text quotable: without tags, on one line, at most ``cap`` characters.

    The title of a page is kept, since proxies say there what happened; its scripts and styles are not.
    """
    text = text[: RAW_CAP * 4]
    title = re.search(r"<title\b[^>]*>(.*?)</title\s*>", text, re.DOTALL | re.IGNORECASE)
    plain = (title.group(1) + " " if title else "") + _TAG.sub(" ", _INVISIBLE.sub(" ", text))
    plain = _SPACE.sub(" ", html.unescape(plain)).strip()
    return plain if len(plain) <= cap else plain[: cap - 3].rstrip() + "..."


def full_stop(text: str) -> str:
    """Return the text, trimmed, with exactly the punctuation that a sentence needs at its end."""
    text = text.strip()
    return text if not text or text[-1] in ".!?" else text + "."


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


class ApplianceError(Exception):
    """A failure that a user can read and a playbook can branch on.

    ``message`` says what happened to which object, ``remedy`` what to do about it. ``reason`` is one of ``REASONS``.
    Whoever has changed something before sets ``done`` (what was changed, in words) or ``unknown`` (an assertion of
    which it is not known whether it is true), and ``journaled`` once nothing can be missing in ``done``: an addition
    that was asked for and failed changed nothing. ``record`` holds keys for the result of the module.
    """

    def __init__(
        self,
        message: str,
        *,
        reason: str,
        remedy: str = "",
        stage: str | None = None,
        method: str | None = None,
        path: str | None = None,
        status: int | None = None,
        problem: Problem | None = None,
    ) -> None:
        if reason not in REASONS:
            raise ValueError(f"not a reason: {reason}")
        super().__init__(message)
        self.message = message
        self.reason = reason
        self.remedy = remedy
        self.stage = stage
        self.method = method
        self.path = path
        self.status = status
        self.problem = problem
        self.done: list[str] = []
        self.journaled = False
        self.unknown: str | None = None
        self.record: dict[str, Any] = {}

    def __copy__(self) -> ApplianceError:
        """Return an error of its own, for a thread that fails of the same cause but has changed something else."""
        clone = type(self).__new__(type(self), *self.args)
        clone.__dict__.update(self.__dict__, done=list(self.done), record=dict(self.record))
        return clone

    def __str__(self) -> str:
        """The same sentence that the module fails with."""
        return self.sentence()

    def ending(self) -> str:
        """Say what the failure left behind; what is not known is the last word, since it asks for a second run."""
        said = []
        if self.done:
            said.append("Changed before the failure: " + "; ".join(self.done) + ".")
        if self.unknown:
            said.append(f"It is not known whether {self.unknown}; run again, it looks first.")
        return " ".join(said) or "Nothing was changed."

    def cause(self) -> str:
        """Return what happened, what the appliance said, and what to do."""
        parts = [full_stop(self.message)]
        if self.problem is not None:
            parts.append("The appliance said: " + self.problem.sentence())
        parts.append(full_stop(self.remedy))
        return " ".join(part for part in parts if part)

    def sentence(self) -> str:
        """Return the whole message: the cause, and what was changed."""
        return f"{self.cause()} {self.ending()}"

    def failure(self) -> dict[str, Any]:
        """Return the structured failure; every key is always there, None where it is not known."""
        return {
            "reason": self.reason,
            "stage": self.stage,
            "done": list(self.done),
            "method": self.method,
            "path": self.path,
            "status": self.status,
            "error_code": self.problem.error_code if self.problem else None,
            "details": self.problem.explanation() if self.problem else None,
        }


class Refused(ApplianceError):
    """The appliance has processed the request and answered 4xx: nothing was carried out."""


class NotFound(Refused):
    """The appliance answered 404."""


class UnknownOutcome(ApplianceError):
    """A call that must not be repeated blindly may or may not have been carried out."""
