# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who logs in, how, and how a token is given back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from .._errors import ApplianceError
from .._http.deadline import Deadline
from .._http.response import Answer, refusal
from .._http.transport import Http, Request

LOGOUT_SECONDS = 10.0
"""Seconds that giving a token back may take: the work is done, and nobody waits longer for a courtesy."""


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
        if not (token.isascii() and token.isprintable() and " " not in token):
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

    add_secret: receives every secret that the appliance answers, before anything else can happen to it.
    """

    def __init__(
        self, http: Http, credentials: Credentials, api_version: str, add_secret: Callable[[str], None] | None = None
    ) -> None:
        self._http = http
        self._credentials = credentials
        self._api_version = api_version
        self._add_secret = add_secret

    def _headers(self) -> dict[str, str]:
        return {"x-api-version": self._api_version, "Accept": "application/json"}

    def _post(self, form: Mapping[str, str]) -> Answer:
        return self._http.send(Request("POST", "/token", headers=self._headers(), body=form))

    def obtain(self) -> dict[str, Any]:
        """Log in with the password and return the answer, of which only ``access_token`` is sure.

        A refused login is an error at once, since each repeat would bring the user nearer to being locked out.
        """
        body = self.begin()
        if not body.get("access_token"):
            raise self._mfa_required()
        return body

    def begin(self) -> dict[str, Any]:
        """Log in with the password. The answer has an ``access_token``, or the ``mfa_token`` for the second step."""
        user = self._credentials.username
        body = self._body(
            self._post({"grant_type": "password", "username": user, "password": self._credentials.password}),
            "Check username and password (VBAWS_USERNAME, VBAWS_PASSWORD); the login was not repeated, lest the "
            "user be locked out",
        )
        return body if not body.get("access_token") and body.get("mfa_token") else self._with_token(body)

    def second_factor(self, mfa_token: str, mfa_code: str) -> dict[str, Any]:
        """End a login that ``begin`` has begun, with the code that the user's device shows."""
        form = {"grant_type": "mfa", "mfa_token": mfa_token, "mfa_code": mfa_code}
        remedy = "Pass the code that the authenticator shows now; each one serves once, and so does each mfa_token"
        return self._with_token(self._body(self._post(form), remedy))

    def refresh(self, refresh_token: str) -> dict[str, Any]:
        """Get new tokens for a refresh token, without a password. The appliance may withdraw the old ones."""
        form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
        remedy = "Log in anew: refresh tokens expire (after two hours by default), and each one may serve only once"
        return self._with_token(self._body(self._post(form), remedy))

    def _with_token(self, body: dict[str, Any]) -> dict[str, Any]:
        if not isinstance(body.get("access_token"), str) or not body["access_token"]:
            raise self._failure(
                "was answered without an access token", "auth", "See whether this port is that of the REST API"
            )
        return body

    def withdraw(self, token: str) -> bool:
        """Revoke a token. Returns whether it was still good; ``ApplianceError`` where the appliance did not say so."""
        answer = self._http.send(Request("DELETE", "/token", headers=self._headers(), token=token))
        # 401 and 404: the appliance does not know the token any more, which is all that was wanted.
        if answer.status in (401, 404):
            return False
        if answer.status >= 400:
            raise refusal(answer, self._api_version).but(
                message=f"The token was not revoked at {self._http.settings.where}, so it is valid until it expires",
                stage="logout",
            )
        return True

    def revoke(self, token: str) -> str | None:
        """Give a token back; never fails. Returns None, or a warning where the appliance may still honour the token."""
        request = Request(
            "DELETE", "/token", headers=self._headers(), token=token, deadline=Deadline(LOGOUT_SECONDS), retries=0
        )
        try:
            status = self._http.send(request).status
        except ApplianceError as error:
            why = error.message
        else:
            # 401 and 404: the appliance does not know the token any more, which is all that was wanted.
            if status < 300 or status in (401, 404):
                return None
            why = f"it was answered with HTTP {status}"
        return f"The logout from {self._http.settings.where} failed, so its token stays valid until it expires: {why}"

    def _body(self, answer: Answer, remedy: str) -> dict[str, Any]:
        if answer.status >= 400:
            raise self._refused(answer, remedy)
        try:
            body = answer.json()
        except ApplianceError as error:
            raise error.but(stage="login") from error
        if not isinstance(body, dict):
            raise self._failure("was answered with something that is no token", "api", "Check hostname and port")
        for name in ("access_token", "refresh_token", "mfa_token"):
            if self._add_secret and isinstance(body.get(name), str) and body[name]:
                self._add_secret(body[name])
        return body

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
        return f"The login{user} at {self._http.settings.where}"

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
