# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""JSON and YAML give the same values, and no text takes more time or memory than the bounds allow."""

from __future__ import annotations

import contextlib
import json
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from ansible_collections.vbaws.appliance.plugins.module_utils._contract import notation
from ansible_collections.vbaws.appliance.plugins.module_utils._errors import ApplianceError
from ansible_collections.vbaws.appliance.plugins.module_utils._http.deadline import Deadline
from ansible_collections.vbaws.appliance.plugins.module_utils._http.decoding import MOST_VALUES, OutOfBounds
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

Read = Callable[[str], Any]

PARSERS = [yaml.BaseLoader, *([yaml.CBaseLoader] if yaml.__with_libyaml__ else [])]

# YAML cannot write lone surrogates. It writes numbers with an exponent in another way.
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
NUMBERS = st.integers() | st.integers(-(10**6), 10**6).map(lambda number: number / 8)
SPECIAL = st.sampled_from(["", "null", "~", "true", "off", "<<", "1.10", "1_0", "="])
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS | SPECIAL,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS | SPECIAL, inner, max_size=4),
    max_leaves=12,
)


@pytest.fixture(params=PARSERS, ids=lambda parser: parser.__name__)
def read(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Read:
    """The function with the parser in Python, and with the one in C."""
    monkeypatch.setattr(notation, "_PARSER", request.param)
    return lambda text: notation.read(text, Deadline(60))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(VALUES)
def test_json_and_yaml_give_the_same_value(read: Read, value: Any) -> None:
    assert read(yaml.safe_dump({"value": value})) == read(json.dumps({"value": value}))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.sampled_from("ab01 \n\t-?:,[]{}#&*!|>'\"%@`<~=.\\xuU\ufeff\x07\x85\u2028\ud800"), max_size=40))
def test_any_text_is_read_or_refused(read: Read, text: str) -> None:
    with contextlib.suppress(notation.Unreadable, OutOfBounds):
        json.dumps(read(text))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{200: a, default: b, on: c, ~: d}", {"200": "a", "default": "b", "on": "c", "~": "d"}),
        ("{true: a, 1.5: b, 2001-01-01: c}", {"true": "a", "1.5": "b", "2001-01-01": "c"}),
        ("{? [a, b] : c, ? {d: e} : f, g: h}", {"g": "h"}),
        ("[1, 1.10, .nan, 0x10, !!int 5]", ["1", "1.10", ".nan", "0x10", "5"]),
        ("[null, ~, true, false, '', !!str null, 'true']", [None, None, True, False, "", "null", "true"]),
        ("a:\nb: |\n  c\n", {"a": None, "b": "c\n"}),
        ("!!python/object/apply:os.system [x]", ["x"]),
        ("{a: 1, a: 2}", {"a": "2"}),
        ('{"a": NaN, "b": -Infinity, "c": 1e999}', {"a": "NaN", "b": "-Infinity", "c": "1e999"}),
        ("{a: &x [1], b: *x, *x : c, &k d: e, *k : f}", {"a": ["1"], "b": ["1"], "d": "f"}),
    ],
)
def test_yaml_is_read_as_text(read: Read, text: str, value: Any) -> None:
    assert read(text) == value


@pytest.mark.parametrize(
    ("text", "merged"),
    [
        ("[&a {x: 1, y: 1}, {y: 2, <<: *a, z: 2}]", {"x": "1", "y": "2", "z": "2"}),
        ("[&a {x: 1}, &b {x: 2, y: 2}, {<<: [*a, *b, 5]}]", {"x": "1", "y": "2"}),
        ("[{<<: {x: 1}, <<: [{y: 2}]}]", {"x": "1", "y": "2"}),
        ("[&a {x: 1, <<: *a}]", {"x": "1"}),
        ("[{<<: null, x: 1}]", {"x": "1"}),
        ("[{'<<': {x: 1}}]", {"<<": {"x": "1"}}),
    ],
)
def test_merge_keys_add_what_a_mapping_lacks(read: Read, text: str, merged: dict[str, Any]) -> None:
    assert read(text)[-1] == merged


def test_an_alias_is_the_object_itself(read: Read) -> None:
    value = read("{a: &x {b: *x}, c: *x}")
    assert value["a"]["b"] is value["a"] is value["c"]


def bomb(last: str) -> str:
    """A text of aliases of aliases, which would be 10 ** 9 values."""
    levels = (f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 9))
    return "a0: &a0 [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]\n" + "".join(levels) + last


def test_aliases_of_aliases_take_no_memory(read: Read) -> None:
    tracemalloc.start()
    try:
        assert len(read(bomb("x: *a8"))["x"]) == 10
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()


def test_merged_entries_count_as_values(read: Read) -> None:
    big = "a: &a {" + "".join(f"k{n}: 1, " for n in range(1001)) + "}\nb:\n"
    with pytest.raises(OutOfBounds, match="1,000,000 values"):
        read(big + "- <<: *a\n" * 1000)
    assert len(read(big + "- <<: *a\n" * 10)["b"]) == 10


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[" * 600 + "]" * 600 + " x", "is nested more than 500 levels deep"),
        ("- " * 600, "is nested more than 500 levels deep"),
        ("\n".join(" " * n + "a:" for n in range(600)), "is nested more than 500 levels deep"),
        ("[" * 100_000 + "]" * 100_000, "is nested (too deeply|more than 500)"),
        ("[" + "," * MOST_VALUES + "]", "has more than 1,000,000 values"),
        ("a: " + "x" * notation.LONGEST_YAML, "is not JSON, and is larger than 4 MiB"),
    ],
    ids=["flow", "sequences", "mappings", "json", "values", "size"],
)
def test_a_text_beyond_the_bounds_is_refused(read: Read, text: str, reason: str) -> None:
    with pytest.raises(OutOfBounds, match=reason):
        read(text)


def test_many_values_of_yaml_are_refused(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notation, "MOST_VALUES", 1000)
    assert len(read("- x\n" * 999)) == 999
    with pytest.raises(OutOfBounds, match="1,000 values"):
        read("- x\n" * 1000)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "exactly one document"),
        ("a: 1\n---\nb: 2\n", "exactly one document"),
        ("a: 1\nb: *c\n", "an alias without an anchor in line 2"),
        ("a: 1\nb: [\n", "in line 3"),
        ("a: \x07", "characters that YAML does not allow"),
        ("a: \ud800", "characters that YAML does not allow"),
        ('a: "\\UFFFFFFFF"', "characters that YAML does not allow|invalid Unicode"),
    ],
)
def test_a_text_that_is_neither_is_refused_with_the_reason(read: Read, text: str, reason: str) -> None:
    with pytest.raises(notation.Unreadable, match=reason):
        read(text)


def test_without_pyyaml_only_json_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notation, "HAS_YAML", False)
    assert notation.read('{"a": 1}', Deadline(60)) == {"a": "1"}
    with pytest.raises(notation.Unreadable, match="PyYAML"):
        notation.read("a: 1", Deadline(60))


@pytest.mark.parametrize(
    "text",
    ["- {a: b}\n" * 100_000, "a: " + "x" * 4_000_000, "a:\n" + "\n" * 4_000_000, "#" * 4_000_000],
    ids=["values", "scalar", "lines", "comment"],
)
def test_yaml_ends_with_the_deadline(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notation, "_PARSER", yaml.BaseLoader)
    began = time.process_time()
    with pytest.raises(ApplianceError) as caught:
        notation.read(text, Deadline(0.2))
    assert caught.value.reason == "timeout"
    assert time.process_time() - began < 2
