# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Logging in: opaque tokens that expire, are refreshed and revoked; a second factor; an account that locks itself."""

from __future__ import annotations

import secrets
from email.utils import formatdate
from typing import Any

from .refusal import Refusal, bad_request
from .settings import Clock, Settings, User
from .storage.database import Database

FAILURES_UNTIL_LOCKED = 5
HALF_LOGIN_SECONDS = 300


def _denied(details: str, error_code: str = "AccessDenied") -> Refusal:
    return Refusal(401, details, error_code)


class Tokens:
    """Who is logged in."""

    def __init__(self, database: Database, settings: Settings, clock: Clock) -> None:
        self._database = database
        self._settings = settings
        self._clock = clock

    def log_in(self, form: dict[str, Any]) -> dict[str, Any]:
        """Carries the token call out. Answers its body."""
        kind = form["grant_type"]
        if kind == "password":
            return self._by_password(_needed(form, "username"), _needed(form, "password"))
        if kind == "mfa":
            return self._by_second_factor(_needed(form, "mfa_token"), _needed(form, "mfa_code"))
        if kind == "refresh_token":
            return self._by_refresh_token(_needed(form, "refresh_token"))
        raise bad_request("No identity provider is configured: an authorization code cannot be redeemed.")

    def _by_password(self, name: str, password: str) -> dict[str, Any]:
        user = self._settings.users.get(name)
        self._refuse_locked(name)
        if user is None or not secrets.compare_digest(user.password.encode(), password.encode()):
            self._count_failure(name)
            raise _denied("The user name or the password is wrong.")
        self._database.run("DELETE FROM failed_logins WHERE user = ?", name)
        if not user.mfa_code:
            return self._issue(user)
        half = secrets.token_urlsafe(32)
        self._database.run("INSERT INTO half_logins VALUES (?, ?, ?)", half, name, self._clock() + HALF_LOGIN_SECONDS)
        return {"username": name, "mfa_enabled": True, "mfa_token": half}

    def _by_second_factor(self, half: str, code: str) -> dict[str, Any]:
        row = self._database.one("SELECT * FROM half_logins WHERE token = ? AND expires > ?", half, self._clock())
        if row is None:
            raise _denied("The login with a second factor was not begun, or is too long ago.", "InvalidToken")
        user = self._settings.users[row["user"]]
        self._refuse_locked(user.name)
        if not secrets.compare_digest(user.mfa_code.encode(), code.encode()):
            self._count_failure(user.name)
            raise _denied("The code of the second factor is wrong.")
        self._database.run("DELETE FROM half_logins WHERE token = ?", half)
        self._database.run("DELETE FROM failed_logins WHERE user = ?", user.name)
        return self._issue(user)

    def _by_refresh_token(self, refresh: str) -> dict[str, Any]:
        row = self._database.one("SELECT * FROM tokens WHERE refresh = ?", refresh)
        if row is None:
            raise _denied("The refresh token is not known.", "InvalidToken")
        if row["refresh_expires"] <= self._clock():
            raise _denied("The refresh token has expired.", "ExpiredToken")
        self._database.run("DELETE FROM tokens WHERE refresh = ?", refresh)
        return self._issue(self._settings.users[row["user"]])

    def _refuse_locked(self, name: str) -> None:
        row = self._database.one("SELECT in_a_row FROM failed_logins WHERE user = ?", name)
        if row is not None and row["in_a_row"] >= FAILURES_UNTIL_LOCKED:
            raise _denied("The account is locked after too many failed logins.")

    def _count_failure(self, name: str) -> None:
        self._database.run(
            "INSERT INTO failed_logins VALUES (?, 1) ON CONFLICT (user) DO UPDATE SET in_a_row = in_a_row + 1",
            name,
        )

    def _issue(self, user: User) -> dict[str, Any]:
        now, access, refresh = self._clock(), secrets.token_urlsafe(48), secrets.token_urlsafe(48)
        expires = now + self._settings.expires_in
        self._database.run(
            "INSERT INTO tokens VALUES (?, ?, ?, ?, ?)",
            access,
            refresh,
            user.name,
            expires,
            now + self._settings.refresh_expires_in,
        )
        return {
            "access_token": access,
            "token_type": "bearer",
            "refresh_token": refresh,
            "expires_in": int(self._settings.expires_in),
            ".issued": formatdate(now, usegmt=True),
            ".expires": formatdate(expires, usegmt=True),
            "username": user.name,
            "roleName": user.role,
            "mfa_enabled": bool(user.mfa_code),
            "mfa_token": None,
        }

    def user_of(self, access: str) -> User:
        """Who an access token was issued to."""
        row = self._database.one("SELECT * FROM tokens WHERE access = ?", access)
        if row is None:
            raise _denied("The access token is not known.", "InvalidToken")
        if row["expires"] <= self._clock():
            raise _denied("The access token has expired.", "ExpiredToken")
        return self._settings.users[row["user"]]

    def revoke(self, access: str) -> None:
        """Logs out."""
        self._database.run("DELETE FROM tokens WHERE access = ?", access)

    def expire(self, access: str) -> None:
        """Lets an access token be too old from now on."""
        self._database.run("UPDATE tokens SET expires = 0 WHERE access = ?", access)

    def expire_all(self) -> None:
        """Lets every access token be too old from now on."""
        self._database.run("UPDATE tokens SET expires = 0")

    def open(self) -> int:
        """How many access tokens are good at the moment: those that nobody revoked and that have not expired."""
        row = self._database.one("SELECT count(*) AS n FROM tokens WHERE expires > ?", self._clock())
        return 0 if row is None else int(row["n"])

    def forget(self) -> None:
        """Drops all tokens, as a restart does."""
        self._database.run("DELETE FROM tokens")
        self._database.run("DELETE FROM half_logins")


def _needed(form: dict[str, Any], name: str) -> str:
    value = form.get(name)
    if not value:
        raise bad_request(f"{name} is missing.")
    return str(value)
