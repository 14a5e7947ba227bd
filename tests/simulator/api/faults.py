# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults that are wished for: what happens to which requests."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..state.refusal import Refusal

KINDS = {
    "drop_before": "the connection is cut before any work",
    "drop_after": "the work is done and the connection cut without an answer",
    "status": "`status` (503) is answered with `details`, and with Retry-After if there is `retry_after`",
    "answer": "`body` is answered, with `status` (200)",
    "slow": "the work is done and answered after `seconds` (2)",
    "truncate": "the work is done, and half of the answer is sent under the Content-Length of the whole",
    "html": "a page of HTML is answered, with `status` (502)",
    "redirect": "`status` (302) is answered, with `location`",
    "unauthorized": "401 is answered, whatever the token is",
    "expire_token": "the token that is sent expires first",
    "short_page": "the last items of a list are left out: `keep` (half of them) stay, the count stays",
    "none": "nothing but what `act` and `alter` do",
}
WORK_FIRST = {"drop_after", "slow", "truncate", "short_page", "expire_token", "none"}
IN_PROCESS_ONLY = {"act", "alter"}


@dataclass
class Fault:
    """A fault, and how often it still happens. `times` below zero is for ever.

    `act` is called first. `alter` gets the body that was sent and returns the one that arrives.
    """

    kind: str
    method: str = ""
    path: str = ""
    status: int | None = None
    retry_after: str | None = None
    seconds: float = 2.0
    times: int = 1
    skip: int = 0
    keep: int | None = None
    location: str = "https://elsewhere.invalid/"
    details: str = "The service is not available."
    error_code: str = "ServiceUnavailable"
    body: Any = None
    work: bool | None = None
    act: Callable[[], object] | None = None
    alter: Callable[[Any], Any] | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"kind is one of {', '.join(KINDS)}, not {self.kind!r}")
        re.compile(self.path)
        if self.work is None:
            self.work = self.kind in WORK_FIRST

    @classmethod
    def from_dict(cls, given: dict[str, Any]) -> Fault:
        """A fault as the control endpoint gets it."""
        values = dict(given)
        match = values.pop("match", {})
        unknown = (
            (set(match) - {"method", "path"})
            | (set(values) - set(cls.__dataclass_fields__))
            | (set(values) & {"method", "path", *IN_PROCESS_ONLY})
        )
        if unknown:
            raise ValueError(f"a fault has no {', '.join(sorted(unknown))}")
        if values.get("retry_after") is not None:
            values["retry_after"] = str(values["retry_after"])
        return cls(**values, **match)

    def hits(self, method: str, path: str) -> bool:
        """Whether it is meant for a request."""
        return (not self.method or self.method.upper() == method) and re.search(self.path, path) is not None

    def refusal(self) -> Refusal | None:
        """What the request is refused with, if it is."""
        if self.kind == "unauthorized":
            return Refusal(401, "The access token is not known.", "InvalidToken", self.retry_after)
        if self.kind == "status":
            return Refusal(self.status or 503, self.details, self.error_code, self.retry_after)
        return None

    def shortened(self, content: Any) -> Any:
        """The content of an answer without the last items of its list."""
        for key in ("results", "identities"):
            if isinstance(content, dict) and isinstance(content.get(key), list):
                items = content[key]
                content = {**content, key: items[: len(items) // 2 if self.keep is None else self.keep]}
        return content


class Faults:
    """The faults that are wished for, in order."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Wishes for a fault."""
        self._faults.append(fault)

    def clear(self) -> None:
        """No more faults."""
        self._faults.clear()

    def take(self, method: str, path: str) -> Fault | None:
        """The fault that a request meets, which is used up by it."""
        for fault in self._faults:
            if fault.times == 0 or not fault.hits(method, path):
                continue
            if fault.skip > 0:
                fault.skip -= 1
                continue
            fault.times -= 1
            return fault
        return None
