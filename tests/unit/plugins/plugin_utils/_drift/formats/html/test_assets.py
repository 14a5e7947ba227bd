# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of the HTML page: complete, and harmless inside of the page."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from ansible_collections.vbaws.appliance.plugins.plugin_utils._drift.formats.html import assets
from ansible_collections.vbaws.appliance.plugins.plugin_utils._drift.words import STATES

FOLDER = Path(assets.__file__).parent
SVG = "{http://www.w3.org/2000/svg}"
# Each outcome has the icon of a state, except for partial.
ICONS = (*STATES, "partial", "accepted")


def test_each_state_and_outcome_has_an_icon_of_its_own() -> None:
    root = ET.fromstring(assets.icons())  # noqa: S314 - a file of this collection
    assert root.tag == f"{SVG}svg"
    assert {symbol.attrib["id"] for symbol in root} == {f"i-{name}" for name in ICONS}
    assert all(symbol.attrib["viewBox"] == "0 0 16 16" for symbol in root)
    assert [shape.tag for symbol in root for shape in symbol] == [f"{SVG}path"] * len(ICONS)
    assert len({shape.attrib["d"] for symbol in root for shape in symbol}) == len(ICONS)


def test_every_state_has_colours_in_the_light_and_in_the_dark() -> None:
    style = assets.style()
    for state in (*STATES, "accepted"):
        assert f".s-{state} {{ --state: var(--{state}); --tint: var(--{state}-tint); }}" in style
        assert len(re.findall(rf"--{state}: #[0-9a-f]{{6}};", style)) == 2
        assert len(re.findall(rf"--{state}-tint: #[0-9a-f]{{6}};", style)) == 2


def test_no_file_can_end_its_element_early() -> None:
    assert "<" not in assets.style()
    assert not re.search(r"</|<!|<script", assets.script(), re.IGNORECASE)


def test_the_licence_is_in_each_file_and_not_in_each_report() -> None:
    files = [path for path in FOLDER.rglob("*.*") if path.suffix in (".css", ".js", ".svg")]
    assert len(files) == 3
    for path in files:
        assert path.read_text(encoding="utf-8").splitlines()[3][-17:] == " GPL-3.0-or-later"
    parts = (assets.style(), assets.script(), assets.icons())
    assert all(parts)
    assert not [part for part in parts if "SPDX" in part]


def test_a_file_that_cannot_be_read_is_an_error_and_not_an_empty_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets.pkgutil, "get_data", lambda _package, _name: None)
    for read in (assets.style, assets.script, assets.icons):
        with pytest.raises(FileNotFoundError, match="cannot be read"):
            read()
