# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an appliance is asked to have."""

from __future__ import annotations

from dataclasses import dataclass

USERNAME = "portal-admin"
PASSWORD = "correct horse battery staple"


@dataclass(frozen=True)
class Wish:
    """Its AWS Organizations, as simulator.state.generate.world makes them, and how many ports lead to it."""

    organizations: int = 1
    units: int = 0
    depth: int = 0
    accounts: int = 1
    registered: bool = True
    session_seconds: float = 0.0
    ports: int = 1
