# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A headless Chromium that opens pages from files, with no network and no mistake left unseen."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

# Pictures of what was seen, to look at after a run.
PICTURES = Path(__file__).resolve().parents[2] / ".build" / "browser"
Open = Callable[..., Page]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The Chromium of the machine, or the one that the variable CHROMIUM names."""
    name = os.environ.get("CHROMIUM") or "chromium"
    found = shutil.which(name)
    if found is None:
        pytest.exit(f"There is no {name} on PATH. Install Chromium, or say where it is: make browser CHROMIUM=/path", 1)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Browser, tmp_path: Path) -> Iterator[Open]:
    """Opens HTML from a file. The test fails if the page asks for the network, opens a dialog, or has an error."""
    trouble: list[str] = []
    contexts = []

    def opened(html: str, anchor: str = "", **settings: Any) -> Page:
        context = chromium.new_context(**settings)
        contexts.append(context)
        file = tmp_path / f"{len(contexts)}.html"
        file.write_text(html, encoding="utf-8")
        page = context.new_page()
        page.on("console", lambda message: trouble.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: trouble.append(f"error: {error}"))
        page.on("dialog", lambda dialog: (trouble.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        own = file.as_uri()
        page.on("request", lambda request: None if request.url == own else trouble.append(request.url))
        page.goto(own + anchor)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert trouble == []


@pytest.fixture
def picture(request: pytest.FixtureRequest) -> Callable[[Page], None]:
    """Takes a picture of the page as far as it is in sight."""

    def take(page: Page) -> None:
        PICTURES.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=PICTURES / f"{request.node.name}.png")

    return take
