# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What came back: status, headers, body, and the body as JSON or as a problem."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from .._errors import ApplianceError, Problem, excerpt


@dataclass(frozen=True)
class Answer:
    """An answer that is complete.

    ``headers`` are compared without regard to case. ``unknown``, if not None, is a change that an earlier attempt of
    the same call, or this one, may have made.
    """

    method: str
    path: str
    status: int
    headers: Mapping[str, str]
    content: bytes
    unknown: str | None = None

    @property
    def content_type(self) -> str:
        """The media type in lower case without its parameters; empty where none was sent."""
        return (self.headers.get("Content-Type") or "").split(";")[0].strip().lower()

    @property
    def text(self) -> str:
        """The body as text; the API speaks UTF-8, and a byte that is not UTF-8 shows as a replacement character."""
        return self.content.decode("utf-8-sig", "replace")

    def json(self) -> Any:
        """Return the value of a JSON body; ``ApplianceError`` with reason ``api`` where it is none or empty."""
        try:
            return json.loads(self.text)
        except (ValueError, RecursionError) as error:
            quoted = excerpt(self.text)
            told = ApplianceError(
                f"The answer to {self.method} {self.path} (HTTP {self.status}) is not JSON but of type "
                f"{self.content_type or 'unknown'}: " + (f'"{quoted}"' if quoted else "it is empty"),
                reason="api",
                remedy="If it reads like the page of a proxy or of another service, check hostname, port and proxy",
                method=self.method,
                path=self.path,
                status=self.status,
            )
            told.unknown = self.unknown
            raise told from error

    def problem(self) -> Problem:
        """Return the body as a problem, whatever it is."""
        return Problem.parse(self.status, self.content_type, self.content)

    def is_truncated_json(self) -> bool:
        """Whether a success announces JSON and breaks off: of an object or a list no beginning is JSON itself."""
        if not (200 <= self.status < 300 and self.content_type.endswith("json") and self.text.strip()):
            return False
        try:
            json.loads(self.text)
        except (ValueError, RecursionError):
            return True
        return False


class Structured(NamedTuple):
    """What calls 7 and 8 answer: the identities of all pages, how many match, and the last page with ``statistics`` or
    ``tree``.
    """

    items: list[dict[str, Any]]
    total: int
    page: dict[str, Any]
