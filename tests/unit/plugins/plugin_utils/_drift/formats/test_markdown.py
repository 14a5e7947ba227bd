# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Markdown: totals first, within its size, and no text of others is more than text."""

from __future__ import annotations

import pytest
from ansible_collections.vbaws.appliance.plugins.plugin_utils._drift.compare import compare_reports
from ansible_collections.vbaws.appliance.plugins.plugin_utils._drift.formats.markdown import (
    LIMIT,
    code,
    render_comparison,
    render_markdown,
    row,
)
from ansible_collections.vbaws.appliance.plugins.plugin_utils._drift.report import build_report
from ansible_collections.vbaws.appliance.plugins.plugin_utils._printable import printable
from ansible_collections.vbaws.appliance.tests.unit.support import drift_examples as examples
from ansible_collections.vbaws.appliance.tests.unit.support.drift_examples import (
    EVIL,
    META,
    different,
    entry,
    organization,
    result,
)
from ansible_collections.vbaws.appliance.tests.unit.support.drift_reports import fleet_report
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

# As merge requests are read: tables, and addresses that become links by themselves.
PARSER = MarkdownIt("gfm-like", {"html": True, "linkify": False})


def tokens(markdown: str) -> list[Token]:
    """All tokens, those inside of lines too."""
    return [inner for token in PARSER.parse(markdown) for inner in (token, *(token.children or ()))]


def kinds(markdown: str) -> set[str]:
    return {token.type for token in tokens(markdown)}


@given(st.text())
@example(EVIL)
@example("@team | a \\| b")
@example("</code><img src=x onerror=alert(1)>")
@example("![x](https://example.com) www.example.com https://example.com a@example.com")
@example("`` ` ``\r\n\r\n# title")
@example("&lt; &#64;team {{ x }} ~~a~~ __b__ :smile: #1 !2 $3 %4 ~5")
def test_any_text_is_one_cell_of_code_and_means_itself(text: str) -> None:
    table = "\n".join((row("a", "b"), row("---", "---"), row(code(text), "next")))
    parsed = [token for token in tokens(table) if token.type not in ("inline", "text") and token.type[-5:] != "close"]
    assert [token.type for token in parsed].count("td_open") == 2
    assert {token.type for token in parsed} <= {
        "table_open", "thead_open", "tbody_open", "tr_open", "th_open", "td_open", "html_inline", "text_special",
    }  # fmt: skip
    assert {token.content for token in parsed if token.type == "html_inline"} == {"<code>", "</code>"}
    cell = next(token for token in tokens(table) if token.type == "inline" and "<code>" in token.content)
    shown = "".join(child.content for child in cell.children or () if child.type in ("text", "text_special"))
    # What a browser shows of it: Markdown trims the ends of a text.
    assert shown == printable(text) if len(text) <= 400 else shown.endswith("…")


@given(st.text())
@example(EVIL)
def test_nothing_in_a_text_can_be_a_mention_or_a_tag(text: str) -> None:
    inner = code(text)[len("<code>") : -len("</code>")]
    assert not set(inner) & set("@|<>`*_[]!~$%:\\\n\r\"'")


def test_totals_come_first_then_errors_then_drift() -> None:
    markdown = render_markdown(fleet_report())
    order = [
        "## Incomplete: 2 errors, 5 organizations not as declared and 1 unknown",
        "**2 of 3 appliances read.**",
        "| Error | Missing |",
        "### Errors",
        "No connection",
        "### Missing",
        "### Different",
        "### Unwanted",
        "### Unmanaged",
        "### Unknown",
        "### Changed in AWS",
        "### Accounts that no scope covers",
        "### Organizations that no policy uses",
    ]
    places = [markdown.find(text) for text in order]
    assert -1 not in places
    assert places == sorted(places)
    assert "left out" not in markdown


def test_an_evil_fleet_stays_a_document_of_ours() -> None:
    evil = different(EVIL, (EVIL, EVIL, [EVIL]), msg=EVIL, unverified=[EVIL], aws_organization_id=EVIL)
    evil["preflight"] = [{"check": EVIL, "severity": EVIL, "message": EVIL}]
    coverage = {"uncovered": [{"organization": EVIL, "accounts": [{"path": EVIL}]}], "unused": [EVIL]}
    changed = {"added": [{"path": EVIL}], "removed": [], "moved": [], "renamed": []}
    entries = [
        entry(EVIL, result(evil, unmanaged=(organization(EVIL, "o-2"),)), coverage=coverage,
              structure=[{"organization": EVIL, "changes": changed}]),
        entry("b", error={"reason": EVIL, "msg": EVIL}),
    ]  # fmt: skip
    rules = [{"appliance": EVIL, "organization": "gone", "reason": EVIL}]
    links = {"fix": "https://example.com/{organization}", "report": "https://example.com/x_(y)|z"}
    markdown = render_markdown(fleet_report(*entries, accepted=rules, links=links))
    html = {token.content for token in tokens(markdown) if token.type.startswith("html")}
    assert html == {"<code>", "</code>"}
    targets = {token.attrs["href"] for token in tokens(markdown) if token.type == "link_open"}
    assert len(targets) == 2
    assert all(str(target).startswith("https://example.com/") for target in targets)
    assert "@" not in markdown
    assert not kinds(markdown) & {"image", "code_inline", "fence", "em_open", "hr"}


def test_a_link_of_a_file_that_somebody_else_wrote_is_left_out() -> None:
    found = fleet_report(links={"fix": "https://example.com/x"})
    for record in found["records"]:
        record["fix"] = "javascript:alert(1)"
    found["links"]["report"] = "https://example.com/\n[x](y)"
    assert "link_open" not in kinds(render_markdown(found))


def test_it_keeps_to_its_size_in_bytes_and_says_what_it_leaves_out() -> None:
    wide = [different(f"Büro {number} " + "ü" * 300, ("description", "€" * 900, "x")) for number in range(400)]
    markdown = render_markdown(fleet_report(entry("a", result(*wide))))
    assert LIMIT * 0.9 < len(markdown.encode()) <= LIMIT
    assert "lines are left out here for their length.** The JSON report and the HTML page have all of them." in markdown
    assert markdown.count("| Different | <code>") + int(markdown.split("**")[-2].split()[0].replace(",", "")) == 400


def test_short_limits_keep_the_totals() -> None:
    markdown = render_markdown(fleet_report(), 1500)
    assert len(markdown.encode()) <= 1500
    assert markdown.startswith("## Incomplete")
    assert "left out" in markdown


@pytest.mark.parametrize("limit", [LIMIT, 3000])
def test_a_comparison_tells_caused_from_already(limit: int) -> None:
    before = build_report(examples.fleet()[1:], 2, meta=META)
    after = build_report(examples.fleet(), 3, meta=META)
    markdown = render_comparison(compare_reports(before, after), limit)
    assert len(markdown.encode()) <= limit
    assert markdown.startswith("## Caused by this change: 1 record; already drifting: 2")
    assert "### Caused by this change" in markdown
    if limit == LIMIT:
        assert "### Already drifting" in markdown
        assert "### Not clear: one of the two reports could not read it" in markdown


def test_a_comparison_claims_no_more_than_both_reports_know() -> None:
    whole, part = build_report(examples.in_sync(), 2, meta=META), build_report(examples.in_sync(), 3, meta=META)
    assert "This change causes no drift." in render_comparison(compare_reports(whole, whole))
    assert "This change causes no drift." not in render_comparison(compare_reports(part, whole))
