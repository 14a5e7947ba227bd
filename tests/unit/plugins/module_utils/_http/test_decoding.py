# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""JSON within bounds: what is too large, too deep or not JSON is refused, and costs little."""

from __future__ import annotations

import contextlib
import json
import time
import tracemalloc

import pytest
from ansible_collections.vbaws.appliance.plugins.module_utils._http.decoding import (
    DEEPEST,
    LONGEST_NUMBER,
    MOST_VALUES,
    NotJson,
    OutOfBounds,
    decode,
)
from ansible_collections.vbaws.appliance.plugins.module_utils._http.transport import BODY_CAP
from hypothesis import given
from hypothesis import strategies as st

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(VALUES)
def test_ordinary_json_is_read_exactly(value):
    assert decode(json.dumps(value).encode()) == value


def test_a_lone_surrogate_is_read_as_it_is_written():
    assert decode(b'{"name": "a\\ud800"}') == {"name": "a\ud800"}


@pytest.mark.parametrize("text", ["", "{", "[1, 2", "<html>", "NaN", "[-Infinity]", "{'a': 1}", '{"a": 1} x'])
def test_what_is_not_json_is_refused(text):
    with pytest.raises(NotJson):
        decode(text.encode())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[" * (DEEPEST + 2) + "]" * (DEEPEST + 2), "nested more than 64 levels deep"),
        ('{"a":' * 700 + "1" + "}" * 700, "nested more than 64 levels deep"),
        ("[" * 10**6 + "]" * 10**6, "nested|more than 1,000,000 values"),
        ("[" * 400_000, "nested more than 64 levels deep"),
        ("[" + "{}," * MOST_VALUES + "1]", "more than 1,000,000 values"),
        ("1" * (LONGEST_NUMBER + 1), "more than 400 digits"),
        ("-" + "1" * 10**6, "more than 400 digits"),
        ("1e999", "a number that is too large"),
    ],
)
def test_what_is_out_of_bounds_is_refused_at_once(text, message):
    begin = time.process_time()
    with pytest.raises(OutOfBounds, match=message):
        decode(text.encode())
    assert time.process_time() - begin < 2


def test_the_deepest_answer_that_is_allowed():
    text = "[" * DEEPEST + "]" * DEEPEST
    assert json.dumps(decode(text.encode())) == text


@pytest.mark.parametrize("piece", ["{},", '{"":0},', '"ab",', "[],", "12345,", '"' + "é" * 15 + '",'])
def test_memory_is_bounded_whatever_an_answer_holds(piece):
    """The worst of 16 MiB; without a bound, ``{},`` alone would take 1.1 GB."""
    body = ("[" + piece * (BODY_CAP // len(piece.encode()) - 1) + "0]").encode()
    most = body[: body.rindex(b",", 0, _length_of_most_values(body))] + b"]"
    tracemalloc.start()
    try:
        for content in (body, most):
            with contextlib.suppress(OutOfBounds):
                decode(content)
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 300 * 1024 * 1024


def _length_of_most_values(body: bytes) -> int:
    """How much of a body has as many values as are allowed."""
    values = body[:3000].count(b",") + body[:3000].count(b"{") + body[:3000].count(b"[")
    return min(len(body), 3000 * (MOST_VALUES - 10_000) // values)
