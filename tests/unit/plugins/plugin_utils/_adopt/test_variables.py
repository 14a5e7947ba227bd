# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The file of variables that is made of what an appliance has."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from ansible.errors import AnsibleFilterError
from ansible_collections.vbaws.appliance.plugins.filter.adopt import FilterModule
from ansible_collections.vbaws.appliance.plugins.plugin_utils._adopt.merge import load
from ansible_collections.vbaws.appliance.plugins.plugin_utils._adopt.variables import adopt
from ansible_collections.vbaws.appliance.plugins.plugin_utils._adopt.yaml import scalar
from hypothesis import given
from hypothesis import strategies as st

TEMPLATE = "{{ lookup('pipe', 'id') }}"


def organization(name: str, aws_id: str | None = None, **more: Any) -> dict[str, Any]:
    """An organization as organization_info returns it; more: what its config has beside name and AWS ID."""
    identity = {"name": name, **({"aws_organization_id": aws_id} if aws_id else {})}
    notes, paths = more.pop("not_in_config", []), more.pop("unit_paths", {})
    config = {**identity, **more}
    return {
        "id": f"uuid of {name}",
        "name": name,
        "aws_organization_id": aws_id,
        "config": {key: value for key, value in config.items() if value is not None},
        "not_in_config": notes,
        "unit_paths": paths,
    }


def shops() -> dict[str, Any]:
    return organization(
        "shops",
        "o-shops00000",
        limited_scopes=[
            {"name": "South", "organizational_units": ["/R\\/D", "/Shops/South", "ou-twin", "ou-gone"]},
        ],
        scope="limited",
        production_worker_iam_role_name="",
        backup_restore_iam_role_name="vbaws-backup",
        rescan_iam_role="rescan",
        description="Shops: #1",
        not_in_config=["The role has no name.\nRename it."],
        unit_paths={"ou-rd": "/R\\/D", "ou-south": "/Shops/South", "ou-twin": "/Twin"},
    )


WHOLE = """\
---
# The AWS Organizations of the appliance north, as the role vbaws.appliance.adopt found them.
# Beside the path of a unit stands its AWS ID, beside an AWS ID the path.
declare_organizations:
  - name: lab
  # The role has no name.?Rename it.
  - name: shops
    aws_organization_id: o-shops00000
    description: 'Shops: #1'
    rescan_iam_role: rescan
    backup_restore_iam_role_name: vbaws-backup
    production_worker_iam_role_name: ''
    scope: limited
    limited_scopes:
      - name: South
        organizational_units:
          - /R\\/D  # ou-rd
          - /Shops/South  # ou-south
          - ou-twin  # /Twin
          - ou-gone
"""


def test_a_new_file_has_each_organization_in_an_order_that_reads_well() -> None:
    made = adopt([shops(), organization("lab")], "north")
    assert made["text"] == WHOLE
    assert (made["added"], made["kept"]) == (["lab", "shops"], [])
    assert made["warnings"] == ["shops: The role has no name.\nRename it."]
    assert adopt([organization("lab"), shops()], "north") == made


def test_it_says_what_the_configs_say() -> None:
    assert load(WHOLE) == {"declare_organizations": [organization("lab")["config"], shops()["config"]]}


def test_an_appliance_without_organizations_declares_an_empty_list() -> None:
    text = adopt([], "north")["text"]
    assert text.endswith("declare_organizations: []\n")
    assert adopt([], "north", "other: 1\n")["text"] == "other: 1\ndeclare_organizations: []\n"


def test_an_option_that_is_not_known_is_not_lost_silently() -> None:
    with pytest.raises(ValueError, match="colour"):
        adopt([organization("lab", colour="red")], "north")


def test_what_nothing_identifies_is_left_out_and_told() -> None:
    nameless = organization("two\nlines", not_in_config=["The name has two lines."])
    del nameless["config"]["name"]
    made = adopt([nameless], "north")
    assert load(made["text"]) == {"declare_organizations": []}
    assert [warning.partition(": ")[2] for warning in made["warnings"]] == [
        "The name has two lines.",
        "Left out, since nothing is left that could identify it.",
    ]


@pytest.mark.parametrize("key", ["name", "aws_organization_id"])
def test_organizations_that_cannot_be_told_apart_make_no_file(key: str) -> None:
    both = [organization("one", "o-one0000000"), organization("two", "o-two0000000")]
    both[1][key] = both[0][key]
    with pytest.raises(ValueError, match=f"several organizations with the {key}"):
        adopt(both, "north")


def test_the_filter_tells_an_error_as_ansible_wants_it() -> None:
    made = FilterModule().filters()["adopt"]([organization("lab")], "north", existing="other: 1\n")
    assert made["added"] == ["lab"]
    with pytest.raises(AnsibleFilterError, match="is not a list"):
        FilterModule().filters()["adopt"]([], "north", existing="declare_organizations: text\n")


class Wrapped(str):
    """A text as ansible-core 2.16 hands one over that came from an appliance: what is made of it is one again."""

    __slots__ = ()

    def _itself(self) -> Wrapped:
        return self

    __str__ = _itself

    def encode(self, *_arguments: Any) -> WrappedBytes:  # type: ignore[override]
        return WrappedBytes(super().encode())


class WrappedBytes(bytes):
    __slots__ = ()

    def decode(self, *_arguments: Any) -> Wrapped:  # type: ignore[override]
        return Wrapped(super().decode())


def test_the_filter_takes_texts_of_ansibles_own_types() -> None:
    wrapped = {**organization("lab"), "config": {"name": Wrapped("lab")}, "not_in_config": (Wrapped("x"),)}
    text = FilterModule().filters()["adopt"]([wrapped], Wrapped("north"), Wrapped("other: 1\n"))["text"]
    assert text == "other: 1\ndeclare_organizations:\n  # x\n  - name: lab\n"


# Texts

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


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_comes_back_as_it_was(text: str) -> None:
    assert_comes_back(text)


def assert_comes_back(text: str) -> None:
    scope = {"name": text, "organizational_units": [text]}
    made = adopt([organization("one", description=text, limited_scopes=[scope], not_in_config=[text])], text)
    (item,) = load(made["text"])["declare_organizations"]
    assert (item["description"], item["limited_scopes"]) == (text, [scope])


@pytest.mark.parametrize("text", [TEMPLATE, "{% raw %}", "{# x #}", "a {{ b", "#jinja2: x"])
def test_what_looks_like_a_template_is_marked_as_unsafe(text: str) -> None:
    assert scalar(text).startswith('!unsafe "')


def test_what_looks_like_none_is_not() -> None:
    assert [scalar(text) for text in ("a b", "x #jinja2:", "}}")] == ["a b", "'x #jinja2:'", "'}}'"]


def test_a_comment_never_ends_early() -> None:
    made = adopt([organization("one", not_in_config=["a\nb: 1", "x " * 300])], "north\nevil: 1")
    assert list(load(made["text"])) == ["declare_organizations"]
    assert max(map(len, made["text"].splitlines())) <= 120


def test_the_files_are_what_plain_yaml_readers_take_for_the_same() -> None:
    text = adopt([organization("one", description="12:30")], "north")["text"]
    assert yaml.safe_load(text)["declare_organizations"][0]["description"] == "12:30"
