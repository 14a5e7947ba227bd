# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What tests leave to be shown in the end."""

from __future__ import annotations

from typing import Protocol

import pytest


class Counts(Protocol):
    """The counts of a suite."""

    def lines(self) -> list[str]:
        """What is shown below the tests."""


SHAPE_TABLE = pytest.StashKey[list[str]]()
"""The lines of the table of test_shape_matrix.py."""

TALLIES = pytest.StashKey[list[Counts]]()
"""The counts of the suites whose cases are drawn and judged by an oracle."""
