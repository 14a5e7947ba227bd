# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts that attack whoever reads a report: every format of every text is harmless, and its data is exact."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import yaml
from ansible_collections.vbaws.appliance.plugins.plugin_utils._drift.compare import compare_reports
from ansible_collections.vbaws.appliance.plugins.plugin_utils._drift.formats.html.page import render_html
from ansible_collections.vbaws.appliance.plugins.plugin_utils._drift.formats.json import render_json
from ansible_collections.vbaws.appliance.plugins.plugin_utils._drift.formats.junit import render_junit
from ansible_collections.vbaws.appliance.plugins.plugin_utils._drift.formats.markdown import (
    render_comparison,
    render_markdown,
)
from ansible_collections.vbaws.appliance.plugins.plugin_utils._drift.formats.text import render_text
from ansible_collections.vbaws.appliance.plugins.plugin_utils._drift.report import build_report
from ansible_collections.vbaws.appliance.plugins.plugin_utils._drift.values import plain_data
from ansible_collections.vbaws.appliance.plugins.plugin_utils._printable import printable
from ansible_collections.vbaws.appliance.tests.unit.support.drift_examples import META, Record
from ansible_collections.vbaws.appliance.tests.unit.support.drift_reports import evil_report
from ansible_collections.vbaws.appliance.tests.unit.support.html_page import Page
from ansible_collections.vbaws.appliance.tests.unit.support.nasty_texts import NASTY_TEXTS

WORD_JOINER = "\u2060"  # the one invisible character that the short text has by itself


def compared(report: Record) -> str:
    return render_comparison(compare_reports(build_report([], 0, meta=META), report))


FORMATS: dict[str, Callable[[Any], str]] = {
    "json": render_json,
    "markdown": render_markdown,
    "junit": render_junit,
    "text": render_text,
    "html": render_html,
    "comparison": compared,
}


@pytest.fixture(params=NASTY_TEXTS.values(), ids=NASTY_TEXTS)
def text(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.parametrize("render", FORMATS.values(), ids=FORMATS)
def test_no_format_holds_a_character_that_a_terminal_obeys_or_hides(render: Callable[[Any], str], text: str) -> None:
    shown = render(evil_report(text))
    found = {char for char in shown if not char.isprintable()} - {"\n"}
    assert found <= ({WORD_JOINER} if render is render_text else set())
    assert shown.encode("utf-8")


def test_json_holds_the_exact_text(text: str) -> None:
    report = evil_report(text)
    assert json.loads(render_json(report).encode("utf-8")) == report
    names = {record["organization"] for record in report["records"]}
    assert plain_data(text) in names
    assert plain_data(text) == text or "\ud800" in text


def test_junit_shows_the_text(text: str) -> None:
    root = ET.fromstring(render_junit(evil_report(text)))  # noqa: S314 - what was just written
    assert printable(plain_data(text)) in {suite.attrib["name"] for suite in root}
    assert {tag.tag for tag in root.iter()} == {"testsuites", "testsuite", "testcase", "failure", "error"}


def test_the_page_shows_the_text_and_has_no_element_of_it(text: str) -> None:
    page, harmless = Page(render_html(evil_report(text))), Page(render_html(evil_report("harmless")))
    assert printable(plain_data(text)) in page.text["bdi"]
    # Their order is that of the names.
    assert Counter(tag for tag, _attributes in page.elements) == Counter(tag for tag, _attributes in harmless.elements)
    assert (page.text["script"], page.text["style"]) == (harmless.text["script"], harmless.text["style"])


def test_the_snippet_that_accepts_drift_names_the_exact_text(text: str) -> None:
    class Loader(yaml.SafeLoader):
        pass

    Loader.add_constructor("!unsafe", lambda loader, node: loader.construct_scalar(node))
    snippets = [record["accept"] for record in evil_report(text)["records"] if record["accept"]]
    assert snippets
    for snippet in snippets:
        assert all(line.isprintable() for line in snippet.split("\n"))
        rules = yaml.load(snippet, Loader)  # noqa: S506  (a safe one)
        assert {rule["organization"] for rule in rules} == {plain_data(text)}
