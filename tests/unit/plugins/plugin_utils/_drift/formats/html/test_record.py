# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One record on the HTML page: its state as a word, its names, its links."""

from __future__ import annotations

import re

from ansible_collections.vbaws.appliance.plugins.plugin_utils._drift.formats.html.page import render_html
from ansible_collections.vbaws.appliance.tests.unit.support.drift_examples import (
    EVIL,
)
from ansible_collections.vbaws.appliance.tests.unit.support.drift_reports import fleet_report
from ansible_collections.vbaws.appliance.tests.unit.support.html_page import Page


def test_names_of_others_are_there_to_read() -> None:
    page = Page(render_html(fleet_report()))
    assert EVIL.replace("\n", "\\n") in page.text["bdi"]
    assert (
        "accepted: ok" in Page(render_html(fleet_report(accepted=[{"organization": "sold", "reason": "ok"}]))).text["p"]
    )


def test_a_state_is_always_a_word() -> None:
    html = render_html(fleet_report())
    badges = re.findall(r'<span class="badge s-(\w+)"><svg.*?</svg>(\w[\w ]*)</span>', html)
    assert set(badges) == {
        ("error", "Error"), ("missing", "Missing"), ("different", "Different"), ("unwanted", "Unwanted"),
        ("unmanaged", "Unmanaged"), ("unknown", "Unknown"), ("in_sync", "In sync"),
    }  # fmt: skip


def test_a_link_of_a_file_that_somebody_else_wrote_is_left_out() -> None:
    found = fleet_report()
    found["records"][0]["fix"] = "javascript:alert(1)"
    assert "javascript:" not in render_html(found)
