# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plain text: at most 20 lines, the most severe records first, and no mention of anybody."""

from __future__ import annotations

from pathlib import Path

from ansible_collections.vbaws.appliance.plugins.plugin_utils._drift.formats.text import LINES, render_text
from ansible_collections.vbaws.appliance.plugins.plugin_utils._drift.report import build_report
from ansible_collections.vbaws.appliance.tests.unit.support import drift_examples as examples
from ansible_collections.vbaws.appliance.tests.unit.support.drift_examples import (
    META,
    different,
    entry,
    planned,
    result,
    unread,
)
from ansible_collections.vbaws.appliance.tests.unit.support.drift_reports import fleet_report
from hypothesis import example, given
from hypothesis import strategies as st


def test_text_has_at_most_20_lines_and_the_gravest_first() -> None:
    found = build_report([*examples.large(2000), unread("z")], 41, meta=META)
    lines = render_text(found).splitlines()
    assert len(lines) == LINES
    assert lines[0].startswith("Incomplete: 1 error and 1,333 organizations")
    assert lines[1].startswith("40 of 41 appliances read. 1 error, ")
    assert lines[2].startswith("- Error: z / (the appliance): No connection.")
    shown = sum(1 for line in lines if line.startswith("- "))
    assert lines[-1] == f"... and {1333 + 1 - shown:,} records more"


def test_text_with_everything_in_it_keeps_to_20_lines() -> None:
    first = build_report(examples.fleet()[1:], 3, meta=META)
    many = [different(f"organization {number}", ("description", "a", "b")) for number in range(50)]
    rules = [{"appliance": "north", "organization": "gone", "reason": "x"}]
    links = {"report": "https://example.com/drift.html"}
    entries = [*examples.fleet(), entry("more", result(*many))]
    lines = render_text(fleet_report(*entries, baseline=first, accepted=rules, links=links)).splitlines()
    assert len(lines) == LINES
    assert lines[-1] == "https://example.com/drift.html"
    assert "Accepted drift to look at: 0 expired, 1 stale." in lines
    assert lines[2].startswith("Since 2026-03-02T04:05:06Z: ")


def test_the_guide_quotes_what_is_printed() -> None:
    fleet = examples.fleet()
    fleet[0]["coverage"] = fleet[0]["structure"] = None
    shops = different("shops", ("description", "by hand", "Shops"), aws_organization_id="o-shop000001")
    fleet[1]["result"]["organizations"][1] = shops
    first = build_report(fleet[1:], 2, meta={"generated_at": "2026-02-01T00:00:00Z"})
    rules = [
        {"organization": "by hand", "reason": "Known"},
        {"organization": "subsidiary", "field": "description", "reason": "Known"},
    ]
    text = render_text(fleet_report(*fleet, baseline=first, accepted=rules))
    quoted = "".join(f"    {line}\n" for line in text.splitlines())
    assert quoted in (Path(__file__).parents[6] / "docs/docsite/rst/guide_drift.rst").read_text()


def test_text_of_a_fleet_in_sync_is_short() -> None:
    text = render_text(build_report(examples.in_sync(), 2, meta=META))
    assert text == "In sync: 4 organizations as declared\n2 of 2 appliances read. 4 in sync.\n"


def test_text_of_nothing() -> None:
    text = render_text(build_report([], 0, meta=META))
    assert text.splitlines() == ["Errors: there was no appliance to read", "0 of 0 appliances read. Nothing."]


@given(st.text())
@example("@channel <!here> <@U1> #general\nline")
def test_text_mentions_nobody_and_each_record_is_one_line(text: str) -> None:
    shown = render_text(fleet_report(entry("a", result(planned(text, "missing", "create", msg=text)))))
    assert len(shown.splitlines()) == 3
    for mark in "@<#!":
        assert all(rest[:1] == "\u2060" for rest in shown.split(mark)[1:])
