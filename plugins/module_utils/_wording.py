# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Near names, for messages about something that does not exist."""

from __future__ import annotations

import difflib
from collections.abc import Sequence


def did_you_mean(wanted: str, names: Sequence[str]) -> str:
    """A hint with at most three near names, those that differ in case alone first. Empty where nothing is near."""
    same = [name for name in names if name.casefold() == wanted.casefold()]
    near = difflib.get_close_matches(wanted, names, n=3, cutoff=0.6)
    candidates = list(dict.fromkeys([*same, *near]))[:3]
    if not candidates:
        return ""
    hints = [f"{name!r} (upper and lower case differ)" if name in same else repr(name) for name in candidates]
    return f"Did you mean {' or '.join(hints)}? "
