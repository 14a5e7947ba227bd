# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of a drift report as a person uses it: it filters, links, folds, prints, and runs nobody else's script."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.vbaws.appliance.plugins.plugin_utils._drift.formats.html.page import render_html
from ansible_collections.vbaws.appliance.plugins.plugin_utils._drift.report import build_report
from ansible_collections.vbaws.appliance.tests.unit.support import drift_examples as examples
from ansible_collections.vbaws.appliance.tests.unit.support.drift_examples import META, Record, planned
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

Open = Callable[..., Page]
SCRIPT = "<script>alert(1)</script>"
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True}


def report(**more: Any) -> Record:
    """The fleet of every state, a part of which is known from before, with one organization that is named like code."""
    entries = examples.fleet()
    entries[1]["result"]["organizations"].append(planned(SCRIPT, "missing", "create"))
    before = build_report(entries[1:], 3, meta={"generated_at": "2026-02-01T00:00:00Z"})
    links = {"fix": "https://git.example.com/{appliance}/{organization}"}
    return build_report(entries, 3, **{"baseline": before, "links": links, "meta": META, **more})


def shown(page: Page) -> Locator:
    return page.locator("article.record:visible")


def titles(page: Page) -> list[str]:
    return page.locator("article.record:visible h3 bdi").all_inner_texts()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_barrier_on_a_desktop(open_page: Open, picture: Callable[[Page], None], scheme: str) -> None:
    rules = [{"organization": "by hand", "reason": "Until the audit"}]
    page = open_page(render_html(report(accepted=rules)), color_scheme=scheme)
    picture(page)
    for summary in page.locator("summary").all():
        summary.click()
    result = Axe().run(page)
    assert result.violations_count == 0, result.generate_report()
    back = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (sum(map(int, back[4:-1].split(","))) < 200) == (scheme == "dark")


def test_a_phone_needs_no_scrolling_sideways(open_page: Open, picture: Callable[[Page], None]) -> None:
    long = examples.different("organization-" + "x" * 200, ("description", "y" * 500, ["/" + "z" * 500]))
    found = build_report([*examples.fleet(), examples.entry("a" * 150, examples.result(long))], 4, meta=META)
    page = open_page(render_html(found), **PHONE)
    picture(page)
    for summary in page.locator("summary").all():
        summary.click()
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert Axe().run(page).violations_count == 0
    declared, actual = page.locator(".fields td").first, page.locator(".fields td").nth(1)
    sides = declared.bounding_box(), actual.bounding_box()
    assert sides[0]
    assert sides[1]
    assert sides[0]["y"] == sides[1]["y"]
    assert sides[0]["x"] + 130 < sides[1]["x"]


def test_names_that_look_like_code_are_shown_and_do_nothing(open_page: Open) -> None:
    page = open_page(render_html(report()))
    expect(page.get_by_text(SCRIPT, exact=True)).to_be_visible()
    assert page.evaluate("document.scripts.length") == 1


def test_the_policy_holds_even_if_something_slips_through_the_escaping(chromium: Any, tmp_path: Any) -> None:
    slipped = f'{SCRIPT}<img src="https://example.com/x" onerror="alert(2)">'
    html = render_html(report()).replace("</main>", f"{slipped}</main>")
    (tmp_path / "page.html").write_text(html, encoding="utf-8")
    page = chromium.new_page()
    dialogs: list[str] = []
    refused: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.on("console", lambda message: refused.append(message.text))
    page.goto(f"file://{tmp_path}/page.html")
    page.close()
    assert dialogs == []
    assert len([text for text in refused if "Content Security Policy" in text]) == 3


def test_filter_by_state_appliance_text_and_novelty(open_page: Open) -> None:
    page = open_page(render_html(report()))
    status = page.get_by_role("status")
    expect(status).to_have_text("11 records")
    page.get_by_label("Missing").check(force=True)
    expect(status).to_have_text("2 of 11 shown")
    assert sorted(titles(page)) == [SCRIPT, "acquired"]
    page.get_by_label("Error").check(force=True)
    expect(status).to_have_text("4 of 11 shown")
    page.get_by_role("combobox").select_option("north")
    expect(status).to_have_text("2 of 11 shown")
    assert sorted(titles(page)) == ["acquired", "mistaken"]
    page.get_by_role("button", name="Show all").click()
    expect(status).to_have_text("11 records")
    page.get_by_label("Search").fill("CHANGED BY hand")
    expect(status).to_have_text("1 of 11 shown")
    assert titles(page) == ["subsidiary"]
    page.get_by_label("Search").fill("")
    page.get_by_label("Only new").check()
    expect(status).to_have_text("6 of 11 shown")
    assert SCRIPT not in titles(page)
    page.get_by_label("Search").fill("nothing has this name")
    expect(page.get_by_text("No record matches.")).to_be_visible()
    expect(page.get_by_role("heading", name="Different")).to_be_hidden()


def test_what_is_in_sync_is_folded_up_until_somebody_looks_for_it(open_page: Open) -> None:
    page = open_page(render_html(report()))
    line = page.locator("li.record").first
    expect(line).to_be_hidden()
    page.get_by_label("Search").fill("o-prod000001")
    expect(line).to_be_visible()


def test_an_anchor_leads_to_its_record_even_if_it_is_folded_up_or_filtered_away(open_page: Open) -> None:
    found = report()
    anchors = {record["organization"]: record["anchor"] for record in found["records"]}
    page = open_page(render_html(found), f"#{anchors['production']}")
    expect(page.locator(f"#{anchors['production']}")).to_be_visible()
    page.get_by_label("Error").check(force=True)
    expect(page.locator(f"#{anchors['subsidiary']}")).to_be_hidden()
    page.evaluate(f"location.hash = '{anchors['subsidiary']}'")
    expect(page.locator(f"#{anchors['subsidiary']}")).to_be_in_viewport()
    expect(page.locator(f"#{anchors['subsidiary']}")).to_be_focused()
    page.locator("details.group summary").first.click()
    page.get_by_label("Error").check(force=True)
    expect(page.locator("details.group").first).to_be_hidden()
    page.evaluate(f"location.hash = '{anchors['production']}'")
    expect(page.locator(f"#{anchors['production']}")).to_be_in_viewport()
    link = page.locator(f"#{anchors['subsidiary']} a.self")
    assert link.get_attribute("href") == f"#{anchors['subsidiary']}"


def test_the_fix_and_the_snippet_are_on_the_record(open_page: Open) -> None:
    page = open_page(render_html(report()), permissions=["clipboard-read", "clipboard-write"])
    record = page.locator("article.record", has_text="Shops only")
    fix = record.get_by_role("link", name="Go to the fix")
    assert fix.get_attribute("href") == "https://git.example.com/north/subsidiary"
    record.get_by_text("Accept this").click()
    record.get_by_role("button", name="Copy").click()
    expect(record.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith('- appliance: "north"\n  organization: "o-subs000001"\n')


def test_the_keyboard_reaches_everything(open_page: Open) -> None:
    page = open_page(render_html(report()))
    reached = []
    for _stop in range(14):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.value || document.activeElement.innerText.trim()"))
    states = ["error", "missing", "different", "unwanted", "unmanaged", "unknown", "in_sync", "accepted"]
    assert reached[:9] == ["Skip to the records", *states]
    assert "Show all" in reached
    page.reload()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the records")).to_be_in_viewport()
    page.keyboard.press("Tab")
    outline = page.locator(".tile").first.evaluate("tile => getComputedStyle(tile).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Space")
    expect(page.get_by_role("status")).to_have_text("2 of 11 shown")


def test_without_a_script_everything_is_there_to_read(open_page: Open) -> None:
    page = open_page(render_html(report()), java_script_enabled=False)
    assert page.locator("article.record:visible").count() == 9
    assert page.locator(".controls").is_hidden()
    page.locator("details.group summary").first.click()
    assert page.locator("li.record:visible").count() == 2


def test_print(open_page: Open, picture: Callable[[Page], None]) -> None:
    page = open_page(render_html(report()), color_scheme="dark", viewport={"width": 794, "height": 1123})
    page.emulate_media(media="print")
    picture(page)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    expect(page.get_by_label("Search")).to_be_hidden()
    expect(page.get_by_text("Accept this").first).to_be_hidden()
    assert page.pdf(format="A4").startswith(b"%PDF")


def test_2000_records(open_page: Open) -> None:
    found = build_report(examples.large(2000), 40, meta=META)
    started = time.monotonic()
    html = render_html(found)
    rendered = time.monotonic()
    page = open_page(html)
    expect(page.get_by_role("status")).to_have_text("2,000 records")
    opened = time.monotonic()
    page.get_by_label("Search").fill("organization-1234")
    expect(page.get_by_role("status")).to_have_text("1 of 2,000 shown")
    filtered = time.monotonic()
    page.get_by_role("button", name="Show all").first.click()
    expect(page.get_by_role("status")).to_have_text("2,000 records")
    steps = {"render": rendered - started, "open": opened - rendered, "filter": filtered - opened}
    print({step: round(seconds, 2) for step, seconds in steps.items()}, f"{len(html) / 1e6:.1f} MB")
    assert all(seconds < 5 for seconds in steps.values())
    assert shown(page).count() == 1333
