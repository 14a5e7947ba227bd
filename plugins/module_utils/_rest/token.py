# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The token of a task."""

from __future__ import annotations

import threading

from .._errors import ApplianceError
from .._http.deadline import Deadline
from .credentials import Credentials
from .login import LOGIN_GRACE, LOGOUT_SECONDS, Login


class Token:
    """The token of a task: given, or obtained at the first call; renewed if it is refused; given back at the end.

    Thread-safe.
    """

    def __init__(self, credentials: Credentials, login: Login, deadline: Deadline) -> None:
        self._can_log_in = credentials.can_log_in
        self._login = login
        self._logins = [login]
        self._deadline = deadline
        self._lock = threading.Lock()
        self._value = credentials.access_token or None
        self._own: list[tuple[str, Login]] = []
        self._error: ApplianceError | None = None

    def get(self) -> str:
        """Return the token, after a login if there is none yet."""
        with self._lock:
            return self._value or self._log_in()

    def renew(self, used: str) -> str | None:
        """Return a token that is not ``used``, which was refused; None if there is no way to log in.

        Of many threads only one logs in.
        """
        with self._lock:
            if self._value and self._value != used:
                return self._value
            if not self._can_log_in:
                return None
            self._value = None
            return self._log_in()

    def give_up(self, token: str, error: ApplianceError) -> None:
        """Stop logging in, because the appliance refused the token of a new login too."""
        with self._lock:
            if self._value == token:
                self._value, self._error = None, error

    def log_in_with(self, login: Login) -> None:
        """Use another login, that of another revision, from now on. A token that exists is used on."""
        self._login = login
        self._logins.append(login)
        if self._error is not None and self._error.reason == "api_version":
            # It was the revision that was refused, not the user.
            self._error = None

    def give_back(self) -> list[str]:
        """Revoke every token that this task obtained; never raises. Returns warnings for the user."""
        # A login of another thread may be on its way.
        with self._lock:
            own, self._own, self._value = self._own, [], None
            deadline = Deadline(LOGOUT_SECONDS)
            # Each with the revision that its login had: it is one that the appliance accepts.
            reasons = [reason for token, login in own if (reason := login.revoke(token, deadline))]
            warnings = []
            if reasons:
                warnings.append(
                    f"The logout from {self._login.where} failed, so its token stays valid until it expires: "
                    f"{reasons[0]}."
                )
            lost = [login for login in self._logins if login.may_be_lost]
            warnings += [login.lost_warning() for login in lost[:1]]
            return warnings

    def _log_in(self) -> str:
        """Log in; the caller holds the lock. A failure is final for all threads: more would lock the user out."""
        if self._error is not None:
            raise self._error.but()
        with self._deadline.shielded(LOGIN_GRACE) as deadline:
            try:
                self._value = str(self._login.obtain(deadline)["access_token"])
            except ApplianceError as error:
                self._error = error
                raise
            self._own.append((self._value, self._login))
        return self._value
