# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ways to a token, and how it is given back."""

from __future__ import annotations

from typing import Any

from .._errors import ApplianceError
from .._http.deadline import Deadline
from .._http.response import refusal
from .._http.transport import Request
from .token_call import TokenCall

LOGOUT_SECONDS = 10.0
"""Seconds for giving the tokens of a task back."""


LOGIN_GRACE = 10.0
"""Seconds for a login to end after an interruption. Its token can then be given back."""


class Login(TokenCall):
    """The ways to a token.

    Each takes a deadline, by default that of the task. A caller that must not lose a token to an interruption gives
    that of ``Deadline.shielded``.
    """

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

    def _mfa_required(self) -> ApplianceError:
        return self._failure(
            "needs a second factor, which a task cannot supply",
            "mfa_required",
            "Use an account without multi-factor authentication for automation, or log in with the module "
            "vbaws.appliance.token and its option mfa_code, and pass its token as access_token",
        )
