# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One HTTPS request and its answer: trust, proxy, timeouts, repeats. Knows nothing of organizations."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from .._errors import ApplianceError, UnknownOutcome
from .._secrets.redactor import MASK, WINDOW
from .._wording import QUOTE_CAP, printable
from .adapter import Bearer, new_session, requests, urllib3
from .attempt import Watch
from .deadline import NOT_PROCESSED, OUTCOME_UNKNOWN, Backoff, Deadline, retry_after
from .failures import Failed, failed
from .problem import Quote, cut
from .response import Answer
from .route.environment import proxy_url, verification
from .route.idle import IdleSessions
from .settings import API_ROOT, Settings

BODY_CAP = 16 * 1024 * 1024
"""Bytes of an answer: a page has some hundred thousand, the tree of 50,000 accounts some million."""

_CHUNK = 64 * 1024
_LONG_WORD = re.compile(r"[^\s.:,\"'<>]{20,}")
"""What may be a secret in any spelling."""

_LETTERS = re.compile("[A-Za-z/-]*")
"""A word of letters alone, such as an error code or a path, is not a secret."""


@dataclass(frozen=True)
class Request:
    """What to send.

    ``path`` is below ``root``, the API's by default; ``body`` is text for a JSON body, a mapping for a form, None for
    none. ``repeatable``: it may be sent again although the first one may have been carried out. ``writes``: it changes
    something on the appliance. ``token`` None sends no Authorization at all. ``deadline`` and ``retries`` replace those
    of the task. ``confidential``: the answer may hold secrets that are not known yet. No long word of it is then
    shown.
    """

    method: str
    path: str
    query: Sequence[tuple[str, str]] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str | Mapping[str, str] | None = None
    token: str | None = None
    repeatable: bool = True
    writes: bool = False
    deadline: Deadline | None = None
    retries: int | None = None
    confidential: bool = False
    root: str = API_ROOT


class Http:
    """The way to one appliance for one task; may be used by several threads, which share the idle connections."""

    def __init__(
        self, settings: Settings, deadline: Deadline, backoff: Backoff | None = None, quote: Quote = cut
    ) -> None:
        """quote: masks the secrets in the text of an answer before a message shows it."""
        self.settings = settings
        self.deadline = deadline
        self._quote = quote
        self._watch = Watch()
        self._backoff = backoff or Backoff()
        self._sessions = IdleSessions(lambda: new_session(settings))

    def close(self) -> None:
        """Close the connections of all threads, those in use at the end of their exchange."""
        self._sessions.close()

    def send(self, request: Request) -> Answer:
        """Send a request and return the answer, whatever its status, except for a redirect, which is an error.

        Repeats what was never processed (no connection, 429), and where the request is repeatable also what may have
        been (connection lost, 502, 503, 504). Raises ``UnknownOutcome`` where that must not be repeated, else
        ``ApplianceError``; either is ``unsure`` if a change may have been made.
        """
        deadline = request.deadline or self.deadline
        retries = self.settings.retries if request.retries is None else request.retries
        uncertain, repeats = False, 0
        while True:
            outcome: Answer | Failed
            try:
                outcome = self._attempt(request, deadline)
            except Failed as failure:
                outcome, lost, final, asked = failure, failure.sent, failure.final, 0.0
            else:
                lost = outcome.status in OUTCOME_UNKNOWN
                final = not lost and outcome.status not in NOT_PROCESSED
                asked = retry_after(outcome.headers.get("Retry-After"))
            uncertain = uncertain or lost
            allowed = not final and (request.repeatable or not lost) and repeats < retries
            if not allowed or not self._backoff.pause(repeats, asked, deadline):
                break
            repeats += 1
        if isinstance(outcome, Failed):
            raise _given_up(request, outcome, uncertain, repeats)
        if lost and not request.repeatable:
            raise _unknown(request, outcome)
        return outcome.with_unsure(uncertain and request.writes)

    def _attempt(self, request: Request, deadline: Deadline) -> Answer:
        left = deadline.left()
        if not left:
            raise Failed(deadline.error(), sent=False, final=True)
        settings = self.settings
        with self._watch.attempt(deadline) as attempt:
            try:
                answer = self._exchange(request, deadline, left)
            except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
                if deadline.expired:
                    raise Failed(deadline.error(), sent=attempt.phase == "sending", final=True) from error
                raise failed(error, settings, attempt.phase, deadline) from error
        if not 200 <= answer.status < 600:
            raise failed(EOFError(f"HTTP {answer.status} is not an answer"), settings, "sending", deadline)
        if 300 <= answer.status < 400:
            # Who redirects has read the request, and may have passed it on.
            raise Failed(_redirected(answer, settings), sent=True, final=True)
        if answer.is_truncated_json():
            raise failed(EOFError("the JSON of the answer ends too early"), settings, "sending", deadline)
        return answer

    def _exchange(self, request: Request, deadline: Deadline, left: float) -> Answer:
        with self._sessions.borrowed() as session, self._response(session, request, left) as response:
            content = self._read(response, deadline)
            quote = self._quote_confidential if request.confidential else self._quote
            return Answer(request.method, request.path, response.status_code, response.headers, content, quote=quote)

    def _response(self, session: Any, request: Request, left: float) -> Any:
        settings = self.settings
        return session.request(
            request.method,
            settings.origin + request.root + request.path,
            params=list(request.query),
            data=request.body.encode() if isinstance(request.body, str) else request.body,
            headers=dict(request.headers),
            auth=Bearer(request.token),
            timeout=(min(settings.connect_timeout, left), min(settings.timeout, left)),
            allow_redirects=False,
            verify=verification(settings),
            proxies={"https": proxy_url(settings)},
            stream=True,
        )

    def _quote_confidential(self, text: str, cap: int) -> str:
        # The known secrets first: a mask in the middle of one would leave the rest of it to be read.
        return cut(_LONG_WORD.sub(_masked, self._quote(text, WINDOW)), cap)

    def _read(self, response: Any, deadline: Deadline) -> bytes:
        """Read a body to its end, so that the connection can be used again, and check its announced size."""
        encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
        if encoding not in ("", "identity"):
            raise Failed(_encoded(self.settings), sent=True, final=True)
        raw = response.raw
        # read1 returns what has arrived. urllib3 1 has none: there, read waits for a whole chunk.
        read = getattr(raw, "read1", None) or raw.read
        size = _CHUNK if hasattr(raw, "read1") else 1024
        content = bytearray()
        while chunk := read(size, decode_content=False):
            content += chunk
            if len(content) > BODY_CAP:
                raise Failed(_too_long(self.settings), sent=True, final=True)
            if deadline.expired:
                raise Failed(deadline.error(), sent=True, final=True)
        if deadline.expired:
            # The end may be that of a connection which was cut off.
            raise Failed(deadline.error(), sent=True, final=True)
        announced = response.headers.get("Content-Length", "")
        if announced.isdigit() and raw.tell() != int(announced):
            raise urllib3.exceptions.ProtocolError(f"{raw.tell()} of {announced} bytes arrived")
        return bytes(content)


def _masked(word: re.Match[str]) -> str:
    return word.group() if _LETTERS.fullmatch(word.group()) else MASK


def _unknown(request: Request, answer: Answer) -> UnknownOutcome:
    return UnknownOutcome(
        f"{request.method} {request.path} was answered with status {answer.status}, which leaves open what was "
        "carried out",
        method=request.method,
        path=request.path,
        status=answer.status,
        problem=answer.problem(),
    )


def _given_up(request: Request, failure: Failed, uncertain: bool, repeats: int) -> ApplianceError:
    error = failure.error
    attempts = f" (tried {repeats + 1} times)" if repeats else ""
    parts: dict[str, Any] = {"stage": error.stage, "method": request.method, "path": request.path}
    parts["unsure"] = uncertain and (request.writes or not request.repeatable)
    if failure.sent and not request.repeatable:
        return UnknownOutcome(error.message + attempts, remedy=error.remedy, **parts)
    return error.but(message=error.message + attempts, **parts)


def _too_long(settings: Settings) -> ApplianceError:
    return ApplianceError(f"The answer of {settings.where} is larger than {BODY_CAP // 1024 // 1024} MiB", reason="api")


def _encoded(settings: Settings) -> ApplianceError:
    return ApplianceError(
        f"The answer of {settings.where} is compressed, although the request does not allow it",
        reason="api",
        remedy="The API never does that. Check hostname, port and proxy",
    )


def _redirected(answer: Answer, settings: Settings) -> ApplianceError:
    return ApplianceError(
        f"{settings.where} redirects to {_target(answer)} (HTTP {answer.status}), which the API never does",
        reason="api",
        remedy="Something else answers there: a proxy or gateway that wants a login, or the web interface; "
        "check hostname, port (11005 by default) and proxy",
        status=answer.status,
    )


def _target(answer: Answer) -> str:
    """Return where a redirect leads, without its query, in which the login pages of gateways carry their state."""
    try:
        target = urlsplit(answer.headers.get("Location", ""))
    except ValueError:
        return "an address that cannot be read"
    shown = f"{target.scheme}://{target.netloc.rpartition('@')[2]}{target.path}" if target.netloc else target.path
    return printable(answer.quote(shown, QUOTE_CAP)) or "nowhere"
