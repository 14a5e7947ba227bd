# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who logs in, how, and how a token is given back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from .._errors import ApplianceError
from .._http.deadline import Deadline
from .._http.response import Answer, refusal
from .._http.transport import Http, Request
from .._wording import QUOTE_CAP

LOGOUT_SECONDS = 10.0
"""Seconds that giving a token back may take: the work is done, and nobody waits longer for a courtesy."""


LOGIN_GRACE = 10.0
"""Seconds that a login may still take after an interruption, so that its token can be given back."""


TOKENS = ("access_token", "refresh_token", "mfa_token")
"""Keys of the answer to a login that hold secrets; public documentation of the product."""

SHORTEST_TOKEN = 8
"""Characters of a text under another key with the word token. Masking a shorter one would mask ordinary words."""


def is_token(text: str) -> bool:
    """Whether a header can hold a text as a token."""
    return bool(text) and text.isascii() and text.isprintable() and " " not in text


@dataclass(frozen=True)
class Credentials:
    """A token, or a user and a password, or both: then the token is used and the password serves a re-login."""

    username: str = ""
    password: str = ""
    access_token: str = ""

    @classmethod
    def from_options(cls, options: Mapping[str, Any]) -> Credentials:
        """Check the options of a module; ``ApplianceError`` with reason ``invalid`` says which are missing."""
        username = str(options.get("username") or "").strip()
        password = str(options.get("password") or "")
        token = str(options.get("access_token") or "").strip()
        if token and not is_token(token):
            raise ApplianceError(
                "The option access_token holds characters that no token has",
                reason="invalid",
                remedy="Set it to the access_token that the appliance answered, without spaces, line breaks or quotes",
                stage="options",
            )
        missing = [name for name, value in (("username", username), ("password", password)) if not value]
        # The module that obtains tokens has two further ways, which no other module knows.
        if missing and not any((token, options.get("refresh_token"), options.get("mfa_token"))):
            raise ApplianceError(
                f"There is no way to log in: {' and '.join(missing)} {'are' if missing[1:] else 'is'} not set, and "
                "neither is access_token",
                reason="invalid",
                remedy="Set username and password (VBAWS_USERNAME, VBAWS_PASSWORD), or access_token "
                "(VBAWS_ACCESS_TOKEN)",
                stage="options",
            )
        return cls(username, password, token)

    @property
    def can_log_in(self) -> bool:
        """Whether there is a user with a password."""
        return bool(self.username and self.password)


class Login:
    """The token call of one appliance.

    add_secret: receives every secret that the appliance answers, before anything else can happen to it. may_be_lost:
    whether an answer was lost that may have had a token, which is then valid until it expires.

    Every login takes a deadline, by default that of the task. A caller that must not lose a token to an interruption
    gives that of ``Deadline.shielded``.
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
        return replace(answer, unsure=False)

    def obtain(self, deadline: Deadline | None = None) -> dict[str, Any]:
        """Log in with the password and return the answer, of which only ``access_token`` is sure.

        A refused login is an error at once, since each repeat would bring the user nearer to being locked out.
        """
        body = self.begin(deadline)
        if not body.get("access_token"):
            raise self._mfa_required()
        return body

    def begin(self, deadline: Deadline | None = None) -> dict[str, Any]:
        """Log in with the password. The answer has an ``access_token``, or the ``mfa_token`` for the second step."""
        user = self._credentials.username
        body = self._body(
            self._post({"grant_type": "password", "username": user, "password": self._credentials.password}, deadline),
            "Check username and password (VBAWS_USERNAME, VBAWS_PASSWORD). The login was not repeated, to avoid "
            "locking the account",
        )
        return body if not body.get("access_token") and body.get("mfa_token") else self._with_token(body)

    def second_factor(self, mfa_token: str, mfa_code: str, deadline: Deadline | None = None) -> dict[str, Any]:
        """End a login that ``begin`` has begun, with the code that the user's device shows."""
        form = {"grant_type": "mfa", "mfa_token": mfa_token, "mfa_code": mfa_code}
        remedy = "Pass the code that the authenticator shows now; each one serves once, and so does each mfa_token"
        return self._with_token(self._body(self._post(form, deadline), remedy))

    def refresh(self, refresh_token: str, deadline: Deadline | None = None) -> dict[str, Any]:
        """Get new tokens for a refresh token, without a password. The appliance may withdraw the old ones."""
        form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
        remedy = "Log in anew: refresh tokens expire (after two hours by default), and each one may serve only once"
        return self._with_token(self._body(self._post(form, deadline), remedy))

    def _with_token(self, body: dict[str, Any]) -> dict[str, Any]:
        token = body.get("access_token")
        if isinstance(token, str) and is_token(token):
            return body
        self.may_be_lost = True
        what = "with an access token that no header can hold" if token else "without an access token"
        raise self._failure(f"was answered {what}", "auth", "See whether this port is that of the REST API")

    def withdraw(self, token: str) -> bool:
        """Revoke a token. Returns whether it was still good; ``ApplianceError`` where the appliance did not say so."""
        answer = self._http.send(Request("DELETE", "/token", headers=self._headers(), token=token))
        # 401 and 404: the appliance does not know the token any more, which is all that was wanted.
        if answer.status in (401, 404):
            return False
        if answer.status >= 400:
            raise refusal(answer, self._api_version).but(
                message=f"The token was not revoked at {self.where}, so it is valid until it expires",
                stage="logout",
            )
        return True

    def revoke(self, token: str, deadline: Deadline) -> str | None:
        """Give a token back; never fails. Returns None, or why the appliance may still accept the token."""
        request = Request("DELETE", "/token", headers=self._headers(), token=token, deadline=deadline, retries=0)
        try:
            status = self._http.send(request).status
        except ApplianceError as error:
            return error.message
        # 401 and 404: the appliance does not know the token any more, which is all that was wanted.
        return None if status < 300 or status in (401, 404) else f"it was answered with HTTP {status}"

    def _body(self, answer: Answer, remedy: str) -> dict[str, Any]:
        if answer.status >= 400:
            self.may_be_lost |= answer.status >= 500
            raise self._refused(answer, remedy)
        try:
            body = answer.json()
        except ApplianceError as error:
            # Without a quotation: the answer may hold a token in a form in which it cannot be found and masked.
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

    def _mfa_required(self) -> ApplianceError:
        return self._failure(
            "needs a second factor, which a task cannot supply",
            "mfa_required",
            "Use an account without multi-factor authentication for automation, or log in with the module "
            "vbaws.appliance.token and its option mfa_code, and pass its token as access_token",
        )

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
