# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts for people cannot steer a terminal; data stays exact and can be printed."""

from __future__ import annotations

import copy
import json

import pytest
from ansible_collections.vbaws.appliance.plugins.module_utils._module.shown import MESSAGE_CAP, message, presentable
from hypothesis import given
from hypothesis import strategies as st

HOSTILE = "a\x1b[31mred\x07\x9b2J\u202egnp.exe\u2066\x00\r\u2028\x7f"
ANY_TEXT = st.text(st.characters(exclude_categories=()))
"""Lone surrogates too."""

RESULTS = st.recursive(
    ANY_TEXT | st.integers() | st.none(), lambda inner: st.lists(inner) | st.dictionaries(ANY_TEXT, inner)
)


def test_a_message_escapes_what_a_terminal_obeys():
    shown = r"a\x1b[31mred\x07\x9b2J\u202egnp.exe\u2066\x00\r\u2028\x7f"
    assert message(HOSTILE) == shown
    assert message("the name is Ünïcode, 東京, 'x'\nline two") == "the name is Ünïcode, 東京, 'x'\nline two"


def test_a_message_has_a_readable_length():
    assert len(message("x" * 10**7)) == MESSAGE_CAP


def test_data_is_exact_and_texts_for_people_are_safe():
    result = {
        "organizations": [{"name": HOSTILE, "msg": HOSTILE, "failure": {"details": HOSTILE}}],
        "name": HOSTILE,
        "msg": HOSTILE,
        "failure": {"done": [HOSTILE], "status": 404},
        "diff": {"before": {"name": HOSTILE}, "before_header": HOSTILE, "after": "a\n" + HOSTILE},
    }
    shown = presentable(result)
    safe = message(HOSTILE)
    assert (shown["name"], shown["organizations"][0]["name"]) == (HOSTILE, HOSTILE)
    assert shown["organizations"][0]["msg"] == shown["msg"] == shown["failure"]["done"][0] == safe
    assert shown["organizations"][0]["failure"] == {"details": safe}
    assert shown["diff"] == {"before": {"name": safe}, "before_header": safe, "after": "a\n" + safe}
    assert shown["failure"]["status"] == 404


def test_the_result_itself_stays_as_it_is():
    result = {"organizations": [{"name": "a", "msg": HOSTILE}], "msg": HOSTILE, "diff": {"before": HOSTILE}}
    copied = copy.deepcopy(result)
    presentable(result)
    assert result == copied


@pytest.mark.parametrize("place", ["name", "msg", "diff"])
def test_a_lone_surrogate_is_printed_as_its_escape_sequence(place):
    assert presentable({place: "a\ud800", "k\udfff": 1}) == {place: r"a\ud800", r"k\udfff": 1}


@given(
    st.recursive(ANY_TEXT | st.integers() | st.none(), lambda inner: st.lists(inner) | st.dictionaries(ANY_TEXT, inner))
)
def test_every_result_can_be_printed(value):
    shown = presentable({"organizations": [value], "diff": value, "failure": value, "data": value})
    json.dumps(shown, ensure_ascii=False).encode()
    texts = json.dumps({key: shown[key] for key in ("diff", "failure")}, ensure_ascii=False)
    assert texts.isprintable()
