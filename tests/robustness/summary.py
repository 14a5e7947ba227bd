# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What tests leave to be shown in the end."""

from __future__ import annotations

import pytest
from ansible_collections.vbaws.appliance.tests.robustness.ambiguity.tally import Tally

SHAPE_TABLE = pytest.StashKey[list[str]]()
"""The lines of the table of test_shape_matrix.py."""

TALLIES = pytest.StashKey[list[Tally]]()
"""The counts of the suites whose cases are drawn and judged by an oracle."""
