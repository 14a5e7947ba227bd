# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""JUnit XML: a suite for each appliance, and an incomplete report does not pass."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from ansible_collections.vbaws.appliance.plugins.plugin_utils._drift.formats.junit import render_junit
from ansible_collections.vbaws.appliance.plugins.plugin_utils._drift.report import build_report
from ansible_collections.vbaws.appliance.tests.unit.support import drift_examples as examples
from ansible_collections.vbaws.appliance.tests.unit.support.drift_examples import (
    EVIL,
    META,
    Record,
)
from ansible_collections.vbaws.appliance.tests.unit.support.drift_reports import evil_report, fleet_report
from hypothesis import assume, example, given
from hypothesis import strategies as st


def junit(found: Record) -> dict[str, dict[str, list[str]]]:
    """Suite to case to the tags in it."""
    root = ET.fromstring(render_junit(found))  # noqa: S314 - what was just written
    for suite in (root, *root):
        for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped"), ("tests", None)):
            cases = [case for case in suite.iter("testcase") if not tag or case.find(tag) is not None]
            assert int(suite.attrib[name]) == len(cases)
    return {
        suite.attrib["name"]: {case.attrib["name"]: [problem.tag for problem in case] for case in suite}
        for suite in root
    }


def test_junit_has_a_suite_for_each_appliance_and_a_case_for_each_organization() -> None:
    assert junit(fleet_report(accepted=[{"organization": "sold", "reason": "Agreed"}])) == {
        "(all appliances)": {"every appliance is read": ["error"]},
        "north": {
            "the appliance": [],
            "acquired": ["failure"],
            "by hand": ["failure"],
            "mistaken": ["error"],
            "production": [],
            "sold": ["skipped"],
            "subsidiary": ["failure"],
            "veiled": ["failure"],
        },
        "south": {
            "the appliance": [],
            EVIL.replace("\n", "\\n"): ["failure"],
            "production": [],
        },
        "west": {"the appliance": ["error"]},
    }


def test_junit_of_an_incomplete_fleet_does_not_pass() -> None:
    whole, part = (junit(build_report(examples.in_sync(), number, meta=META)) for number in (2, 3))
    assert whole["(all appliances)"] == {"every appliance is read": []}
    assert part["(all appliances)"] == {"every appliance is read": ["error"]}
    assert junit(build_report([], 0, meta=META))["(all appliances)"] == {"every appliance is read": ["error"]}


def test_junit_shows_declared_and_actual() -> None:
    assert "description: declared Shops only, actual changed by hand" in render_junit(fleet_report())


@given(st.text())
@example("]]>&\x00\x1b\ufffe")
@example("\ud800")
def test_junit_of_any_text_is_xml(text: str) -> None:
    assume(text != "(all appliances)")  # the suite of all appliances, which ``junit`` would take for this one
    assert len(junit(evil_report(text))) == 3
