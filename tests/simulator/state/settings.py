# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an appliance is started with, and what may be changed while it runs."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

Clock = Callable[[], float]
"""Tells the time in seconds, as time.time does."""

# Which API revisions a product accepts, the newest first. That 11 still takes 1.7-rev0 is an assumption; the control
# endpoint can change it.
REVISIONS = {
    "9": ("1.7-rev0",),
    "9.1": ("1.7-rev1", "1.7-rev0"),
    "10": ("1.8-rev0", "1.7-rev1", "1.7-rev0"),
    "11": ("1.9-rev0", "1.8-rev0", "1.7-rev1", "1.7-rev0"),
}


def long_and_random() -> str:
    """A secret that equals no ordinary text, so that masking it hides nothing else."""
    return secrets.token_urlsafe(24)


@dataclass(frozen=True)
class User:
    """Who may log in."""

    name: str
    password: str
    role: str = "Portal Administrator"
    mfa_code: str = ""

    @property
    def may_change(self) -> bool:
        """Whether the user may change the configuration."""
        return self.role == "Portal Administrator"


@dataclass
class Settings:
    """Lives as long as the process; a reset brings the changeable ones back to what they were at the start."""

    product: str = "9"
    revisions: tuple[str, ...] = ()
    session_seconds: float = 0.2
    expires_in: float = 3600
    refresh_expires_in: float = 7200
    eula_accepted: bool = True
    users: dict[str, User] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.product not in REVISIONS:
            raise ValueError(f"product is one of {', '.join(REVISIONS)}, not {self.product!r}")
        if not self.revisions:
            self.revisions = REVISIONS[self.product]


def users(username: str = "", password: str = "", mfa_password: str = "") -> dict[str, User]:
    """An administrator, one with multi-factor authentication, and one who may only look.

    What is empty is chosen here, at random where it is secret.
    """
    everybody = (
        User(username or "portal-admin", password or long_and_random()),
        User("portal-admin-mfa", mfa_password or long_and_random(), mfa_code=str(secrets.randbelow(10**10)).zfill(10)),
        User("portal-operator", long_and_random(), role="Portal Operator"),
    )
    return {user.name: user for user in everybody}
