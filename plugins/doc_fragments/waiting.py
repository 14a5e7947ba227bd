# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """How to wait for sessions of the appliance."""

    DOCUMENTATION = r"""
options:
  wait:
    description:
      - Whether to wait for the sessions that the appliance starts, and to check afterwards that they did what was
        asked for.
      - With V(false) the task returns the ID of the session and has verified nothing.
    type: bool
    default: true
  wait_timeout:
    description:
      - Seconds to wait for sessions, over the whole task. A session that takes longer goes on, but the task fails.
    type: int
    default: 1800
  wait_interval:
    description:
      - Seconds between two looks at a session.
    type: int
    default: 2
"""
