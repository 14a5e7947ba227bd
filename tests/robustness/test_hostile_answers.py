# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A hostile appliance: whatever it answers, a run ends in time with a true result that shows no secret.

Cases are drawn from seeds: VBAWS_CAMPAIGN_HOSTILE is their number, VBAWS_CAMPAIGN_FIRST_SEED the first seed. Half of
them run as a module, the others in a worker process of Ansible. To run them with another ansible-core, modules each in
an interpreter of its own, make an environment with it and requirements.txt:

    make named && VBAWS_CAMPAIGN_PYTHON=/path/to/bin/python pytest tests/robustness/test_hostile_answers.py
"""

from __future__ import annotations

import os

import pytest
from ansible_collections.vbaws.appliance.tests.robustness.hostile.pool import Pool
from ansible_collections.vbaws.appliance.tests.robustness.hostile.table import AttackTable

CASES = int(os.environ.get("VBAWS_CAMPAIGN_HOSTILE", "400"))
FIRST = int(os.environ.get("VBAWS_CAMPAIGN_FIRST_SEED", "1"))
SEEDS = range(FIRST, FIRST + CASES)


@pytest.fixture(scope="module", autouse=True)
def _all_at_once(hostile: Pool) -> None:
    hostile.submit(SEEDS)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_hostile_answer_is_survived(seed: int, hostile: Pool, attacks: AttackTable) -> None:
    outcome = hostile.outcome(seed)
    attacks.count(outcome)
    assert not outcome.violations, outcome.report()
