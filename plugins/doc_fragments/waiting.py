# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """How to wait for sessions of the appliance."""

    DOCUMENTATION = r"""
options:
  wait:
    description:
      - Whether to wait for the sessions that the appliance starts, and then to verify their results.
      - With V(false), the task returns the ID of the session and verifies nothing.
    type: bool
    default: true
  wait_timeout:
    description: Seconds that the task may wait for sessions in total. A longer session continues, but the task fails.
    type: int
    default: 1800
  wait_interval:
    description: Longest pause between two requests for the state of a session, in seconds.
    type: int
    default: 2
"""
