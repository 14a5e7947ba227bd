# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""JSON: sorted, complete, and written for any text."""

from __future__ import annotations

import json

from ansible_collections.vbaws.appliance.plugins.plugin_utils._drift.formats.json import render_json
from ansible_collections.vbaws.appliance.tests.unit.support.drift_reports import evil_report, fleet_report
from hypothesis import example, given
from hypothesis import strategies as st


def test_json_is_sorted_and_comes_back_whole() -> None:
    found = fleet_report()
    text = render_json(found)
    assert json.loads(text) == found
    assert text.endswith("}\n")
    assert text == json.dumps(found, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


@given(st.text(st.characters(codec=None, categories=["C", "Z", "P", "S", "L"])))
@example("\ud800")
def test_json_of_any_text_can_be_written_to_a_file(text: str) -> None:
    assert json.loads(render_json(evil_report(text)).encode("utf-8"))["schema_version"] == 1
