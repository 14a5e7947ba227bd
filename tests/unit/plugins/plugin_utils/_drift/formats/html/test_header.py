# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The top of the HTML page: the outcome and its icon, the numbers, the filters."""

from __future__ import annotations

import pytest
from ansible_collections.vbaws.appliance.plugins.plugin_utils._drift.formats.html.assets import icons
from ansible_collections.vbaws.appliance.plugins.plugin_utils._drift.formats.html.header import filters, header
from ansible_collections.vbaws.appliance.plugins.plugin_utils._drift.words import OUTCOME_WORDS
from ansible_collections.vbaws.appliance.tests.unit.support.drift_examples import fleet
from ansible_collections.vbaws.appliance.tests.unit.support.drift_reports import fleet_report


@pytest.mark.parametrize(
    ("outcome", "icon", "state"),
    [
        ("in_sync", "in_sync", "in_sync"),
        ("drift", "different", "different"),
        ("unknown", "unknown", "unknown"),
        ("error", "error", "error"),
        ("partial", "partial", "missing"),
    ],
)
def test_an_outcome_has_an_icon_and_the_colours_of_a_state(outcome: str, icon: str, state: str) -> None:
    shown = header({**fleet_report(), "outcome": outcome})
    assert set(OUTCOME_WORDS) == {"in_sync", "drift", "unknown", "error", "partial"}
    assert f'<h1><svg class="icon" aria-hidden="true" focusable="false"><use href="#i-{icon}"/></svg>' in shown
    assert f'class="outcome s-{state}"' in shown
    assert f'id="i-{icon}"' in icons()


def test_nothing_to_read_is_no_division_by_zero() -> None:
    assert '<progress value="0" max="1"' in header({**fleet_report(), "read": 0, "expected": 0})


def test_only_a_report_with_a_baseline_can_be_filtered_by_what_is_new() -> None:
    first = fleet_report()
    later = fleet_report(*fleet()[:1], baseline=first)
    assert ("Only new" in filters(first), "Only new" in filters(later)) == (False, True)
    assert ("Since the report of" in header(first), "Since the report of" in header(later)) == (False, True)
