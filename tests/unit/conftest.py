# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How much hypothesis draws: the variable HYPOTHESIS_PROFILE chooses ``quick`` (the default) or ``campaign``."""

from __future__ import annotations

import os

from hypothesis import settings

# No deadline: a machine that has other work to do is slow, and nothing is wrong.
settings.register_profile("quick", max_examples=100, deadline=None)
settings.register_profile("campaign", max_examples=20_000, deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))
