# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What came back: status, headers, body, and the body as JSON or as a problem."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from .._errors import ApplianceError, NotFound, Refused
from .._wording import QUOTE_CAP, RAW_CAP, excerpt
from .decoding import NotJson, OutOfBounds, decode
from .problem import Problem, Quote, cut


@dataclass(frozen=True)
class Answer:
    """An answer that is complete.

    headers: compared without regard to case. unsure: an earlier attempt of the same call, or this one, may have been
    carried out. quote: for messages; nothing of an answer is shown that did not go through it.
    """

    method: str
    path: str
    status: int
    headers: Mapping[str, str]
    content: bytes
    unsure: bool = False
    quote: Quote = field(default=cut, repr=False, compare=False)

    @property
    def content_type(self) -> str:
        """The media type in lower case without its parameters; empty where none was sent."""
        return (self.headers.get("Content-Type") or "").split(";")[0].strip().lower()

    @property
    def text(self) -> str:
        """The body as text; the API speaks UTF-8, and a byte that is not UTF-8 shows as a replacement character."""
        return self.content.decode("utf-8-sig", "replace")

    def quotation(self, cap: int = QUOTE_CAP) -> str:
        """Return the beginning of the body for a message: masked, without tags, on one line."""
        return self.quote(excerpt(self.quote(self.text, RAW_CAP), RAW_CAP), cap)

    def json(self) -> Any:
        """Return the value of a JSON body. Raises ``ApplianceError`` (api) if it is not JSON, empty or too much."""
        value, error = self._decoded
        if error is None:
            return value
        what = f"The answer to {self.method} {self.path} (HTTP {self.status})"
        if isinstance(error, OutOfBounds):
            raise self._error(
                f"{what} {error}", "The API never answers that. Check hostname, port and proxy"
            ) from error
        quoted = self.quotation()
        kind = self.quote(self.content_type, QUOTE_CAP) or "unknown"
        raise self._error(
            f"{what} is not JSON but of type {kind}: " + (f'"{quoted}"' if quoted else "it is empty"),
            "If it reads like the page of a proxy or of another service, check hostname, port and proxy",
        ) from error

    def with_unsure(self, unsure: bool) -> Answer:
        """Return the answer with what it leaves open. If that is the same, so is the answer, with its decoded body."""
        return self if unsure == self.unsure else replace(self, unsure=unsure)

    def problem(self) -> Problem:
        """Return the body as a problem, whatever it is."""
        return Problem.parse(self.status, self.content_type, self.content, self.quote)

    def is_truncated_json(self) -> bool:
        """Whether a success announces JSON and breaks off: of an object or a list no beginning is JSON itself."""
        if not (200 <= self.status < 300 and self.content_type.endswith("json") and self.content.strip()):
            return False
        return isinstance(self._decoded[1], NotJson)

    @cached_property
    def _decoded(self) -> tuple[Any, ValueError | None]:
        try:
            return decode(self.content), None
        except (NotJson, OutOfBounds) as error:
            return None, error

    def _error(self, message: str, remedy: str) -> ApplianceError:
        return ApplianceError(
            message,
            reason="api",
            remedy=remedy,
            method=self.method,
            path=self.path,
            status=self.status,
            unsure=self.unsure,
        )


REVISIONS = (("9", "1.7-rev0"), ("9.1", "1.7-rev1"), ("10", "1.8-rev0"), ("11", "1.9-rev0"))
"""Product versions and the newest API revision of each, from the vendor's public documentation."""

_REVISION = re.compile(
    "unsupportedApiVersion|apiVersionUnspecified|invalidApiVersion|ambiguousApiVersion", re.IGNORECASE
)
_LICENCE = re.compile("eula|licen[cs]e agreement", re.IGNORECASE)
_BY_STATUS = {401: "auth", 403: "auth", 404: "not_found", 409: "conflict"}


def _said(problem: Problem) -> str:
    """The members of a problem by which it can be told what it is; a body that is no problem as a whole."""
    if not problem.structured:
        return problem.raw
    return " ".join(part for part in (problem.error_code, problem.title, problem.type, problem.details) if part)


def refusal(answer: Answer, api_version: str, change: str | None = None) -> ApplianceError:
    """Return the error for an answer of 400 or above.

    change: what the call would have changed, in words. An answer of 500 and above to such a call leaves open what was
    carried out, and so does any answer to a call of which an earlier attempt was lost.
    """
    problem, status = answer.problem(), answer.status
    kind: type[ApplianceError] = ApplianceError
    if 400 <= status < 500 and status != 429:
        kind = NotFound if status == 404 else Refused
    reason, remedy = _BY_STATUS.get(status, "invalid" if kind is Refused else "api"), ""
    said = _said(problem)
    if _REVISION.search(said):
        reason, remedy = "api_version", _other_revision(api_version)
    elif _LICENCE.search(said):
        reason = "api"
        remedy = "Log in to the web interface of the appliance once and accept the licence agreement there"
    elif status == 401:
        remedy = "Log in anew: the token was refused although it was just obtained or given"
    elif status == 403:
        remedy = "Give the user a role that may do this; configuration is managed by the role Portal Administrator"
    elif status == 429 or status >= 502:
        remedy = "The appliance is busy or being restarted; run again later, or raise the option retries"
    verb = "refused" if kind is not ApplianceError else "failed"
    what = f"to {change}" if change else f"{'' if verb == 'refused' else 'at '}{answer.method} {answer.path}"
    return kind(
        f"The appliance {verb} {what}",
        reason=reason,
        remedy=remedy,
        method=answer.method,
        path=answer.path,
        status=status,
        problem=problem,
        unsure=answer.unsure or (change is not None and status >= 500),
    )


def _other_revision(api_version: str) -> str:
    newest = ", ".join(f"{product} up to {revision}" for product, revision in REVISIONS)
    return (
        f"The revision {api_version} was asked for (option api_version, VBAWS_API_VERSION). Veeam Backup for AWS "
        f"{newest}, and about two older revisions each: set api_version to one that this appliance accepts"
    )
