# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Similar texts become one sentence, and no list of any length floods a terminal."""

from __future__ import annotations

import pytest
from ansible_collections.vbaws.appliance.plugins.module_utils._appliance.similar import summarize_texts


def missing(role: str, first: int, count: int) -> list[str]:
    return [f'The IAM role "{role}" does not exist in the AWS account {first + number}.' for number in range(count)]


def test_texts_that_differ_in_a_number_are_one_sentence() -> None:
    texts = [("", text) for text in missing("backup", 100000000000, 12)]
    assert summarize_texts(texts) == (
        'The IAM role "backup" does not exist in the AWS account 100000000000, 100000000001, 100000000002 and 9 more.'
    )
    assert summarize_texts(texts[:2]).endswith("account 100000000000, 100000000001.")


def test_texts_that_differ_in_two_parts_are_divided_by_the_one_with_fewer_values() -> None:
    texts = [("", text) for role in ("backup", "worker") for text in missing(role, 100, 4)]
    assert summarize_texts(texts) == (
        'The IAM role "backup" does not exist in the AWS account 100, 101, 102 and 1 more. '
        'The IAM role "worker" does not exist in the AWS account 100, 101, 102 and 1 more.'
    )


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ("The unit ou-ab12-x is gone", "The unit ou-ab13-x is gone", "The unit ou-ab12-x, ou-ab13-x is gone."),
        ("Used by the policy 'A'.", "Used by the policy 'B'.", "Used by the policy 'A', 'B'."),
        ("Of arn:aws:iam::1:role/x.", "Of arn:aws:iam::2:role/x.", "Of arn:aws:iam::1:role/x, arn:aws:iam::2:role/x."),
        ("It doesn't fit, can't it?", "It doesn't do, can't it?", "It doesn't fit, can't it? It doesn't do, can't it?"),
        ("The same.", "The same.", "The same."),
        ("One", "Two", "One. Two."),
    ],
)
def test_ids_and_quoted_parts_may_differ_and_words_may_not(first: str, second: str, said: str) -> None:
    assert summarize_texts([("", first), ("", second)]) == said


def test_a_sentence_names_its_subjects_unless_it_is_about_all() -> None:
    texts = [(name, text) for name in ("a", "b", "c", "d") for text in missing("backup", 1, 2)]
    missing_in_all = 'The IAM role "backup" does not exist in the AWS account 1, 2.'
    assert summarize_texts([*texts, ("b", "Odd")], ["a", "b", "c", "d"]) == f"{missing_in_all} b: Odd."
    assert summarize_texts(texts, ["a", "b", "c", "d", "e"]) == f"a, b, c and 1 more: {missing_in_all}"


def test_of_many_different_texts_the_first_are_shown_and_the_rest_is_counted() -> None:
    texts = [("", f"{'abcdefgh'[number]} is odd") for number in range(8)]
    assert summarize_texts(texts) == "a is odd. b is odd. c is odd. d is odd. e is odd. And 3 more."
    assert summarize_texts([]) == ""


def test_a_text_is_one_short_line_without_characters_that_do_something() -> None:
    assert summarize_texts([("", "It\nis \x1b[31mred\u202e.")]) == "It is [31mred ."
    assert len(summarize_texts([("", "x " * 10000)])) < 510
