# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The token of a task."""

from __future__ import annotations

import threading

from .._errors import ApplianceError
from .login import Credentials, Login


class Token:
    """The token of a task: given, or obtained at the first call; renewed once it is refused; given back at the end.

    Thread-safe.
    """

    def __init__(self, credentials: Credentials, login: Login) -> None:
        self._can_log_in = credentials.can_log_in
        self._login = self._logged_in_by = login
        self._lock = threading.Lock()
        self._value = credentials.access_token or None
        self._own = False
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
            self._value, self._own = None, False
            return self._log_in()

    def log_in_with(self, login: Login) -> None:
        """Use another login, that of another revision, from now on. A token that exists is used on."""
        self._login = login
        if self._error is not None and self._error.reason == "api_version":
            # It was the revision that was refused, not the user.
            self._error = None

    def give_back(self) -> str | None:
        """Revoke the token if this task obtained it; never raises. Returns None, or a warning for the user."""
        token, own, self._value, self._own = self._value, self._own, None, False
        # With the revision that the login had: it is one that the appliance accepts.
        return self._logged_in_by.revoke(token) if own and token else None

    def _log_in(self) -> str:
        """Log in; the caller holds the lock. A failure is final for all threads: more would lock the user out."""
        if self._error is not None:
            raise self._error.but()
        try:
            self._value = str(self._login.obtain()["access_token"])
        except ApplianceError as error:
            self._error = error
            raise
        self._own, self._logged_in_by = True, self._login
        return self._value
