# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Markup: text is escaped once, and only once."""

from __future__ import annotations

from ansible_collections.vbaws.appliance.plugins.plugin_utils._drift.formats.html.markup import (
    Markup,
    concat,
    icon,
    isolate,
    tag,
    timestamp,
)


def test_text_is_escaped_and_markup_is_not_escaped_again() -> None:
    assert tag("p", "a < b & c", tag("b", '"')) == "<p>a &lt; b &amp; c<b>&quot;</b></p>"
    assert concat("<", Markup("<br>"), None, "\u202e") == "&lt;<br>\\u202e"


def test_attributes_are_escaped_and_flags_have_no_value() -> None:
    assert tag("input", type="checkbox", value='"><x', checked=True, disabled=False, name=None) == (
        '<input type="checkbox" value="&quot;&gt;&lt;x" checked>'
    )
    assert tag("p", class_="a", data_since="new", tabindex=0) == '<p class="a" data-since="new" tabindex="0"></p>'


def test_small_parts() -> None:
    assert isolate("<x>") == "<bdi>&lt;x&gt;</bdi>"
    assert 'href="#i-&quot;"' in icon('"')
    assert timestamp("2026-01-31T04:05:06Z") == '<time datetime="2026-01-31T04:05:06Z">2026-01-31 04:05 UTC</time>'
