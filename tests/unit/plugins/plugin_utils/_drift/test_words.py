# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The words that every format uses for a record."""

from __future__ import annotations

import pytest
from ansible_collections.vbaws.appliance.plugins.plugin_utils._drift.words import impact_text
from ansible_collections.vbaws.appliance.tests.unit.support.drift_examples import (
    Record,
    different,
    entry,
    result,
)
from ansible_collections.vbaws.appliance.tests.unit.support.drift_reports import report


@pytest.mark.parametrize(
    ("impact", "said"),
    [
        ({"known": False, "accounts_gained": None, "accounts_lost": None}, "It is not known how many accounts"),
        ({"known": True, "accounts_gained": 1, "accounts_lost": 1200}, "gains 1 account and loses 1,200 accounts."),
        ({"known": True, "accounts_gained": 0, "accounts_lost": 0}, None),
        (None, None),
    ],
)
def test_an_impact_that_is_not_known_is_said(impact: Record | None, said: str | None) -> None:
    text = impact_text(
        report(entry("a", result(different("x", ("scope", "a", "b"), impact=impact))))["records"][0]["impact"]
    )
    assert text is None if said is None else said in str(text)
