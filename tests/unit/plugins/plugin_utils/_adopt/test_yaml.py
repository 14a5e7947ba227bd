# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts in a file of variables: each comes back as it was, and none is taken for a template."""

from __future__ import annotations

import pytest
import yaml
from ansible_collections.vbaws.appliance.plugins.plugin_utils._adopt.merge import load_variables
from ansible_collections.vbaws.appliance.plugins.plugin_utils._adopt.variables import variables_file
from ansible_collections.vbaws.appliance.plugins.plugin_utils._adopt.yaml import scalar
from ansible_collections.vbaws.appliance.tests.unit.support.adopt_examples import organization
from ansible_collections.vbaws.appliance.tests.unit.support.nasty_texts import NASTY_TEXTS
from hypothesis import given
from hypothesis import strategies as st

TEMPLATE = "{{ lookup('pipe', 'id') }}"


AWKWARD = [
    *("yes", "no", "null", "~", "", " ", "1", "1e5", "0x1f", "1_000", "12:30:45", "2026-01-31", ".inf", "=", "<<"),
    *("# no comment", "a # b", "a: b", "- a", "? a", "[a]", "*a", "&a", "!a", "|", ">", "%a", "@a", "`a", "'", '"'),
    *("two\nlines", "tab\t", "end\n", " both ", "\\", "C:\\new", "\x00", "\x7f", "\x85", "\u2028", "\ufeff", "\xa0"),
    *("Zürich", "日本", "🚀", "<script>alert(1)</script>", "---", "...", "x" * 255),
    *(TEMPLATE, "{% raw %}", "{# x #}", "{", "}}", "#jinja2: variable_start_string:'[['", "${x}"),
]


@pytest.mark.parametrize("text", AWKWARD)
def test_an_awkward_text_comes_back_as_it_was(text: str) -> None:
    assert_comes_back(text)


@pytest.mark.parametrize("text", [text for text in NASTY_TEXTS.values() if "\ud800" not in text])
def test_a_file_holds_nothing_that_a_diff_of_it_would_obey(text: str) -> None:
    assert_comes_back(text)
    scope = {"name": text, "organizational_units": [text]}
    found = organization("one", description=text, limited_scopes=[scope], not_in_config=[text])
    made = variables_file([{**found, "unit_paths": {text: text}}], text)
    assert all(line.isprintable() for line in made["text"].split("\n"))


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_comes_back_as_it_was(text: str) -> None:
    assert_comes_back(text)


def assert_comes_back(text: str) -> None:
    scope = {"name": text, "organizational_units": [text]}
    made = variables_file([organization("one", description=text, limited_scopes=[scope], not_in_config=[text])], text)
    (item,) = load_variables(made["text"])["declare_organizations"]
    assert (item["description"], item["limited_scopes"]) == (text, [scope])


@pytest.mark.parametrize("text", [TEMPLATE, "{% raw %}", "{# x #}", "a {{ b", "#jinja2: x"])
def test_what_looks_like_a_template_is_marked_as_unsafe(text: str) -> None:
    assert scalar(text).startswith('!unsafe "')


def test_what_looks_like_none_is_not() -> None:
    assert [scalar(text) for text in ("a b", "x #jinja2:", "}}")] == ["a b", "'x #jinja2:'", "'}}'"]


def test_a_comment_never_ends_early() -> None:
    made = variables_file([organization("one", not_in_config=["a\nb: 1", "x " * 300])], "north\nevil: 1")
    assert list(load_variables(made["text"])) == ["declare_organizations"]
    assert max(map(len, made["text"].splitlines())) <= 120


def test_the_files_are_what_plain_yaml_readers_take_for_the_same() -> None:
    text = variables_file([organization("one", description="12:30")], "north")["text"]
    assert yaml.safe_load(text)["declare_organizations"][0]["description"] == "12:30"


def test_an_option_that_is_not_known_is_not_lost_silently() -> None:
    with pytest.raises(ValueError, match="colour"):
        variables_file([organization("lab", colour="red")], "north")
