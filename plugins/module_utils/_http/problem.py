# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The body of an answer that is not a success."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from http import client as http_client
from typing import Any, Callable

from .._wording import QUOTE_CAP, RAW_CAP, excerpt, full_stop
from .decoding import NotJson, OutOfBounds, decode

Quote = Callable[[str, int], str]
"""Masks the secrets in a text, and then cuts it to so many characters."""

TEXT_CAP = 2000
"""Characters of a title, of details and of other members that are kept."""

_KNOWN = ("status", "title", "errorcode", "details", "detail", "instance", "data", "errors", "traceid", "type")


def _text(value: Any) -> str | None:
    """Render a member of a problem: text as it is, numbers and structures as JSON, an empty value as None."""
    if value is None or value == "" or value == [] or value == {}:
        return None
    return value.strip() if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def _per_field(errors: Any) -> str | None:
    """Render ``errors``, which web frameworks return as a mapping of a field to its messages."""
    if not isinstance(errors, dict):
        return _text(errors)
    fields = []
    for name, value in errors.items():
        messages = value if isinstance(value, list) else [value]
        fields.append(f"{name}: " + ", ".join(_text(message) or "invalid" for message in messages))
    return "; ".join(fields) or None


def cut(text: str, cap: int) -> str:
    """Return the beginning of a text that has no secrets."""
    return text if len(text) <= cap else text[: cap - 3].rstrip() + "..."


@dataclass(frozen=True)
class Problem:
    """The error that the appliance returned.

    The attributes are named as in the reference (``title``, ``status``, ``errorCode``, ``details``, ``data``). Older
    revisions add ``type``; frameworks return ``errors`` and ``traceId``. ``raw`` has the whole body, and ``structured``
    is false if the body has none of these members.
    """

    status: int | None = None
    title: str | None = None
    error_code: str | None = None
    details: str | None = None
    data: Any = None
    errors: Any = None
    trace_id: str | None = None
    type: str | None = None
    raw: str = ""
    content_type: str = ""
    structured: bool = False
    quote: Quote = field(default=cut, repr=False, compare=False)

    @classmethod
    def parse(cls, status: int | None, content_type: str | None, body: bytes, quote: Quote = cut) -> Problem:
        """Read any body without failing.

        The HTTP ``status`` takes precedence over the status in the body. ``content_type`` is quoted if the body is not
        JSON. The case of member names is ignored. Every text goes through ``quote``.
        """
        members = _members(body)
        in_body = members.get("status")

        def text(name: str) -> str | None:
            found = _text(members.get(name))
            return None if found is None else quote(found, TEXT_CAP)

        return cls(
            status=in_body if status is None and isinstance(in_body, int) else status,
            title=text("title"),
            error_code=text("errorcode"),
            details=text("details") or text("detail"),
            data=members.get("data"),
            errors=members.get("errors"),
            trace_id=text("traceid"),
            type=text("type"),
            raw=quote(body.decode("utf-8", "replace"), RAW_CAP),
            content_type=quote((content_type or "").split(";")[0].strip(), TEXT_CAP),
            structured=any(_text(members.get(key)) is not None for key in _KNOWN),
            quote=quote,
        )

    def explanation(self) -> str | None:
        """Return the appliance's own words: ``details``, else the refused fields, else the title."""
        return self.details or self._fields() or self.title

    def sentence(self) -> str:
        """Return the problem as one line with a full stop, without repetitions."""
        if not self.structured:
            return self._quotation()
        parts: list[str] = []
        for part in ((text or "").rstrip(".") for text in (self.title, self.details, self._fields())):
            if part and not any(part in earlier for earlier in parts):
                parts.append(part)
        data = _text(self.data)
        if data:
            parts.append("data " + excerpt(self.quote(data, TEXT_CAP)))
        kind = self.type if self.type != "about:blank" else None
        origin = [self.error_code, kind, f"HTTP {self.status}" if self.status else None]
        origin.append(f"trace {self.trace_id}" if self.trace_id else None)
        suffix = ", ".join(part for part in origin if part)
        return full_stop(": ".join(parts) + (f" ({suffix})" if parts and suffix else suffix))

    def _fields(self) -> str | None:
        text = _per_field(self.errors)
        return None if text is None else self.quote(text, TEXT_CAP)

    def _quotation(self) -> str:
        status = "no status"
        if self.status:
            status = f"HTTP {self.status} {http_client.responses.get(self.status, '')}".strip()
        # Masked once more, because a secret can appear when tags are removed.
        quoted = self.quote(excerpt(self.raw, RAW_CAP), QUOTE_CAP)
        if not quoted:
            return f"{status}, without an explanation."
        return f'{status}, with a body of type {self.content_type or "unknown"} that reads "{quoted}".'


def _members(body: bytes) -> dict[str, Any]:
    """Return the members of a JSON object by their names in lower case, nothing for any other body."""
    try:
        value = decode(body)
    except (NotJson, OutOfBounds):
        return {}
    return {str(key).lower(): member for key, member in value.items()} if isinstance(value, dict) else {}
