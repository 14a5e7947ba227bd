# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hints about near names, quotes, and the ends of sentences."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.vbaws.appliance.plugins.module_utils._wording import (
    VALUE_CAP,
    brief,
    did_you_mean,
    excerpt,
    first_of,
    full_stop,
    printable,
    quoted,
)


@pytest.mark.parametrize(
    ("wanted", "names", "expected"),
    [
        ("prod", ["research"], ""),
        ("prod", [], ""),
        ("productoin", ["production", "research"], "Did you mean 'production'? "),
        ("PROD", ["x", "prod"], "Did you mean 'prod' (upper and lower case differ)? "),
        ("/Straße", ["/STRASSE"], "Did you mean '/STRASSE' (upper and lower case differ)? "),
    ],
)
def test_a_near_name_is_offered_and_a_far_one_is_not(wanted: str, names: list[str], expected: str) -> None:
    assert did_you_mean(wanted, names) == expected


def test_at_most_three_are_offered_those_that_differ_in_case_alone_first() -> None:
    hint = did_you_mean("unit1", ["unit2", "unit3", "UNIT1", "unit4", "unit5"])
    assert hint.startswith("Did you mean 'UNIT1' (upper and lower case differ) or 'unit")
    assert hint.count(" or ") == 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/Workloads", "'/Workloads'"),
        (r"/R\/D", r"'/R\/D'"),
        ("it's", '"it\'s"'),
        ('say "it\'s"', "'say \"it's\"'"),
        ("two\nlines", r"'two\nlines'"),
        ("bell\x07 \ud800", r"'bell\x07 \ud800'"),
        ("ü", "'ü'"),
    ],
)
def test_a_name_is_quoted_as_a_user_can_copy_it(text: str, expected: str) -> None:
    assert quoted(text) == expected


def test_a_near_path_is_offered_as_a_user_can_copy_it() -> None:
    assert did_you_mean(r"/r\/d", [r"/R\/D"]) == r"Did you mean '/R\/D' (upper and lower case differ)? "


def test_a_quote_is_bounded():
    assert len(excerpt("word " * 1000)) <= 200
    assert excerpt("word " * 1000).endswith("...")


def test_a_full_stop_is_added_where_it_lacks():
    assert [full_stop(text) for text in ("a", "a.", "a? ", "")] == ["a.", "a.", "a?", ""]


def test_the_first_of_a_few_are_all() -> None:
    assert first_of(["a", "b", "c"]) == "a, b, c"
    assert first_of(["a", "b", "c", "d", "e"]) == "a, b, c and 2 more"


def test_a_value_that_is_too_long_is_left_out() -> None:
    """If it was cut, the beginning of a secret could remain, which nothing would mask."""
    assert printable("x" * VALUE_CAP) == "x" * VALUE_CAP
    assert quoted("x" * 20_000_000) == "'(20,000,000 characters that are not shown)'"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("/R\\/D", "'/R\\/D'"),
        ("bell\x07", "'bell\\x07'"),
        (None, "None"),
        (1.5, "1.5"),
        ({"a\x1b": ["\u202e"]}, r"{'a\x1b': ['\u202e']}"),
        (["x" * 500], "(504 characters that are not shown)"),
        ("x" * 500, "(502 characters that are not shown)"),
        (10**999, "(1,000 characters that are not shown)"),
    ],
)
def test_a_value_of_any_type_is_shown_in_brief(value: Any, shown: str) -> None:
    assert brief(value) == shown
