# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who logs in, and how."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .._errors import ApplianceError


def is_token(text: str) -> bool:
    """Whether a header can hold a text as a token."""
    return bool(text) and text.isascii() and text.isprintable() and " " not in text


@dataclass(frozen=True)
class Credentials:
    """A token, or a user and a password, or both. With both, the token is used and the password is for a new login."""

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
