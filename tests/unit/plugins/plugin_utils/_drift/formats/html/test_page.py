# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The HTML page as text: one file, nothing loaded, every value escaped. A browser drives it in tests/browser."""

from __future__ import annotations

import base64
import hashlib
import re

from ansible_collections.vbaws.appliance.plugins.plugin_utils._drift.formats.html.page import render_html
from ansible_collections.vbaws.appliance.plugins.plugin_utils._drift.report import build_report
from ansible_collections.vbaws.appliance.tests.unit.support import drift_examples as examples
from ansible_collections.vbaws.appliance.tests.unit.support.drift_examples import (
    EVIL,
    META,
    Record,
    different,
    entry,
    organization,
    result,
)
from ansible_collections.vbaws.appliance.tests.unit.support.drift_reports import fleet_report
from ansible_collections.vbaws.appliance.tests.unit.support.html_page import Page
from hypothesis import example, given
from hypothesis import strategies as st


def evil_report(text: str) -> Record:
    """A report in which a text is everything that it can be."""
    account = {"aws_id": text, "name": text, "path": text}
    evil = different(text, (text, text, [text, "x"]), msg=text, unverified=[text], aws_organization_id=text)
    evil["preflight"] = [{"check": text, "severity": text, "message": text}]
    evil["impact"] = {"known": True, "accounts_gained": 1, "accounts_lost": 1, "gained": [account], "lost": [account]}
    changed = {**account, "type": text, "former_path": text, "former_name": text, "covered_by": [text]}
    changes = {kind: [changed] for kind in ("added", "removed", "moved", "renamed")}
    coverage = {"uncovered": [{"organization": text, "accounts": [account]}], "unused": [text]}
    found = result(evil, unmanaged=(organization(text, "o-9", description=text),))
    entries = [
        entry(
            f"a{text}", found, target=text, coverage=coverage, structure=[{"organization": text, "changes": changes}]
        ),
        entry("b", error={"reason": text, "msg": text}),
    ]
    reason = f"why {text}"
    rules = [
        {"organization": "o-9", "reason": reason},
        {"appliance": "b", "organization": f"gone {text}", "reason": reason, "until": "2026-01-01"},
    ]
    meta = {**META, "title": text, "run": text}
    links = {"fix": "https://example.com/{organization}", "report": "https://example.com/"}
    return fleet_report(*entries, accepted=rules, meta=meta, links=links)


BENIGN = Page(render_html(evil_report("benign")))


@given(st.text(min_size=1))
@example(EVIL)
@example("</style><script>alert(1)</script>")
@example('--><!-- " onmouseover="alert(1)" \'')
@example("\u202eevil\u2066\x00\x1b]0;x\x07")
@example("{{ lookup('pipe', 'id') }}")
def test_any_text_is_only_text(text: str) -> None:
    page = Page(render_html(evil_report(text)))
    names = [(tag, sorted(attributes)) for tag, attributes in page.elements]
    # The same elements as with a harmless text, but for an ID that is not repeated where it equals the name.
    assert {repr(name) for name in names} <= {repr((tag, sorted(attributes))) for tag, attributes in BENIGN.elements}
    assert len(names) == len(BENIGN.elements)
    assert page.text["script"] == BENIGN.text["script"]
    assert page.text["style"] == BENIGN.text["style"]


def test_nothing_is_loaded_and_only_its_own_script_may_run() -> None:
    html = render_html(fleet_report(links={"fix": "https://example.com/{organization}"}))
    page = Page(html)
    assert not page.all("src")
    assert not page.all("style")
    assert not [name for name in page.all("href") if name and not name.startswith(("#", "https://example.com/"))]
    assert {tag for tag, _attributes in page.elements} & {"link", "img", "iframe", "object", "base", "form"} == {"form"}
    assert "url(" not in html
    policy = next(attributes["content"] for tag, attributes in page.elements if "http-equiv" in attributes)
    for tag in ("style", "script"):
        digest = base64.b64encode(hashlib.sha256(page.text[tag][0].encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in (policy or "")
    assert (policy or "").startswith("default-src 'none';")


def test_every_anchor_is_there_once_and_leads_somewhere() -> None:
    found = build_report(examples.large(200), 40, meta=META)
    page = Page(render_html(found))
    ids = page.all("id")
    assert len(ids) == len(set(ids))
    assert {record["anchor"] for record in found["records"]} <= set(ids)
    assert {link[1:] for link in page.all("href") if link and link.startswith("#")} <= set(ids)


def test_errors_come_first_and_what_is_in_sync_is_folded_up() -> None:
    html = render_html(fleet_report(baseline=build_report([], 0, meta=META)))
    titles = re.findall(r"<h2>([^<]+)", html)
    assert titles[:6] == ["Errors", "Missing", "Different", "Unwanted", "Unmanaged", "Unknown"]
    assert "<strong>2 of 3 appliances read</strong>" in html
    assert "<h1>" in html
    assert "Incomplete: 2 errors, 5 organizations not as declared and 1 unknown" in html
    assert "<strong>8</strong> new" in html
    folded = re.search(r'<details class="group s-in_sync">', html)
    assert folded
    assert folded.start() > html.rindex("<article")


def test_a_fleet_in_sync_says_that_there_is_nothing_to_mend() -> None:
    calm, doubt = (render_html(build_report(examples.in_sync(), number, meta=META)) for number in (2, 3))
    assert "There is nothing to mend." in calm
    assert "There is nothing to mend." not in doubt


def test_rules_to_look_at_are_listed() -> None:
    rules = [
        {"organization": "sold", "reason": "Once", "until": "2026-01-01"},
        {"appliance": "north", "organization": "gone", "reason": "Late"},
    ]
    html = render_html(fleet_report(accepted=rules))
    assert "<li>organization sold, until 2026-01-01: Once</li>" in html
    assert "<li>appliance north, organization gone: Late</li>" in html


def test_resolved_and_unread_drift_is_listed() -> None:
    first = fleet_report(entry("a", result(different("gone", ("description", "x", "y")))), *examples.fleet()[:1])
    html = render_html(fleet_report(entry("a", result()), examples.unread("north"), baseline=first))
    assert "Resolved since the earlier report" in html
    assert "Drift that could not be read again" in html
