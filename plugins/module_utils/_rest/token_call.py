# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The call of the API that makes tokens. Nothing of its answers is shown that may be one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from .._errors import ApplianceError
from .._http.deadline import Deadline
from .._http.response import Answer, refusal
from .._http.transport import Http, Request
from .._wording import QUOTE_CAP
from .credentials import Credentials, is_token

TOKENS = ("access_token", "refresh_token", "mfa_token")
"""Keys of the answer to a login that hold secrets; public documentation of the product."""

SHORTEST_TOKEN = 8
"""Characters of a text under another key with the word token. Masking a shorter one would mask ordinary words."""


class TokenCall:
    """The call that makes tokens, and what its answers mean.

    add_secret: receives every secret that the appliance answers, before anything else can happen to it. may_be_lost:
    whether an answer was lost that may have had a token, which is then valid until it expires.
    """

    def __init__(
        self, http: Http, credentials: Credentials, api_version: str, add_secret: Callable[[str], None] | None = None
    ) -> None:
        self.may_be_lost = False
        self._http = http
        self._credentials = credentials
        self._api_version = api_version
        self._add_secret = add_secret

    @property
    def where(self) -> str:
        """``host:port`` of the appliance, for messages."""
        return self._http.settings.where

    def lost_warning(self) -> str:
        """Return the warning for a login that may have lost a token."""
        return (
            f"A login at {self.where} was not answered as expected. If the appliance made a token, that token stays "
            "valid until it expires."
        )

    def _headers(self) -> dict[str, str]:
        return {"x-api-version": self._api_version, "Accept": "application/json"}

    def _post(self, form: Mapping[str, str], deadline: Deadline | None) -> Answer:
        request = Request(
            "POST", "/token", headers=self._headers(), body=form, writes=True, deadline=deadline, confidential=True
        )
        try:
            answer = self._http.send(request)
        except ApplianceError as error:
            self.may_be_lost |= error.unsure
            # It changes nothing that the user asked to change.
            raise error.but(unsure=False) from error
        self.may_be_lost |= answer.unsure
        return answer.with_unsure(False)

    def _with_token(self, body: dict[str, Any]) -> dict[str, Any]:
        token = body.get("access_token")
        if isinstance(token, str) and is_token(token):
            return body
        self.may_be_lost = True
        what = "with an access token that no header can hold" if token else "without an access token"
        raise self._failure(f"was answered {what}", "auth", "See whether this port is that of the REST API")

    def _body(self, answer: Answer, remedy: str) -> dict[str, Any]:
        if answer.status >= 400:
            self.may_be_lost |= answer.status >= 500
            raise self._refused(answer, remedy)
        try:
            body = answer.json()
        except ApplianceError as error:
            # Without a quotation: the answer may hold a token in a form that nothing can find and mask.
            self.may_be_lost = True
            kind = answer.quote(answer.content_type, QUOTE_CAP) or "unknown"
            raise self._failure(
                f"was answered with {len(answer.content)} bytes of type {kind} that are not a JSON object",
                "api",
                "Something else may answer there, such as a proxy. Check hostname, port and proxy",
            ) from error
        self._add_secrets(body)
        if not isinstance(body, dict):
            self.may_be_lost = True
            raise self._failure("was answered with something that is not a token", "api", "Check hostname and port")
        return body

    def _add_secrets(self, body: Any) -> None:
        for token in _tokens(body):
            if self._add_secret:
                self._add_secret(token)

    def _refused(self, answer: Answer, remedy: str) -> ApplianceError:
        error = refusal(answer, self._api_version).but(
            message=f"{self._who()} was {'refused' if answer.status < 500 else 'not possible'}", stage="login"
        )
        if answer.status in (400, 401, 403) and error.reason in ("auth", "invalid"):
            return error.but(reason="auth", remedy=remedy)
        return error

    def _who(self) -> str:
        # A refresh token needs no user.
        user = f" of user {self._credentials.username}" if self._credentials.username else ""
        return f"The login{user} at {self.where}"

    def _failure(self, what: str, reason: str, remedy: str) -> ApplianceError:
        return ApplianceError(
            f"{self._who()} {what}",
            reason=reason,
            remedy=remedy,
            stage="login",
            method="POST",
            path="/token",
            status=200,
        )


def _tokens(value: Any, key: str = "") -> Iterator[str]:
    """Yield every text whose key names a token, wherever it is in an answer."""
    if isinstance(value, dict):
        for inner, member in value.items():
            yield from _tokens(member, inner)
    elif isinstance(value, list):
        for member in value:
            yield from _tokens(member, key)
    elif isinstance(value, str) and (key in TOKENS or ("token" in key.lower() and len(value) >= SHORTEST_TOKEN)):
        yield value
