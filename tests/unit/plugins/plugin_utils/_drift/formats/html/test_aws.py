# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the HTML page shows of AWS: long lists are cut."""

from __future__ import annotations

from ansible_collections.vbaws.appliance.plugins.plugin_utils._drift.formats.html.page import render_html
from ansible_collections.vbaws.appliance.tests.unit.support.drift_examples import (
    entry,
    result,
)
from ansible_collections.vbaws.appliance.tests.unit.support.drift_reports import fleet_report


def test_long_lists_are_cut_and_say_so() -> None:
    accounts = [{"aws_id": f"{number:012d}", "name": "x", "path": f"/{number}"} for number in range(300)]
    changed = [{**account, "type": "account", "covered_by": []} for account in accounts]
    changes = {"added": changed, "removed": [], "moved": [], "renamed": []}
    coverage = {"uncovered": [{"organization": "a", "accounts": accounts}], "unused": []}
    found = entry("a", result(), coverage=coverage, structure=[{"organization": "a", "changes": changes}])
    html = render_html(fleet_report(found))
    assert html.count("and 100 more, which the JSON report has") == 2
