# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A file that people keep is extended without touching what is in it."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.vbaws.appliance.plugins.plugin_utils._adopt.variables import variables_file

LAB = {
    "id": "uuid of lab",
    "name": "lab",
    "aws_organization_id": "o-lab0000000",
    "config": {"name": "lab", "aws_organization_id": "o-lab0000000", "scope": "entire"},
    "not_in_config": ["A word on the lab."],
    "unit_paths": {},
}
OTHER = {**LAB, "id": "uuid of other", "name": "other", "aws_organization_id": "o-other00000"}


def added(indent: str) -> str:
    lines = (
        "# A word on the lab.",
        "- name: lab",
        "  aws_organization_id: o-lab0000000",
        "  scope: entire",
    )
    return "".join(f"{indent}{line}\n" for line in lines)


@pytest.mark.parametrize(
    ("before", "behind", "indent"),
    [
        ("", "", None),
        ("# only a comment\n", "", None),
        ("---\nother: !vault |\n  3132\n", "", None),
        ("declare_organizations:\n  - name: a\n", "", "  "),
        ("declare_organizations:\n- name: a  # by hand\n", "\n# the end\nother: 1\n", ""),
        (
            "declare_organizations:\n    - name: a\n      description: !unsafe '{{ x }}'\n",
            "    # why\nother: 1\n",
            "    ",
        ),
        ("declare_organizations:\n  - name: a\n    description: |\n      two\n      lines\n", "other: 1\n", "  "),
        ("declare_organizations:\n  - name: a\n    description: |+\n      kept\n\n\n", "other: 1\n", "  "),
        ("declare_organizations:\n  - {name: a, limited_scopes: [\n    ]}  # flow\n", "# end\n", "  "),
        ("x: &all 1\ndeclare_organizations:\n  - name: a\n    y: *all\n", "z: *all\n", "  "),
        ("declare_organizations:\n  - name: a\n    description:\n", "other: 1\n", "  "),
        ("\ufeffdeclare_organizations:\n  - name: 'ä🚀'\n", "other: 1\n", "  "),
        ("declare_organizations:\n  - name: a\n    # a comment\n    scope: entire\n", "...\n", "  "),
    ],
)
def test_every_character_stays_and_the_rest_comes_behind_the_list(before: str, behind: str, indent: str | None) -> None:
    made = variables_file([LAB], "north", before + behind)
    new = "declare_organizations:\n" + added("  ") if indent is None else added(indent)
    assert made["text"] == before + new + behind
    assert (made["added"], made["kept"], made["warnings"]) == (["lab"], [], ["lab: A word on the lab."])
    again = variables_file([LAB], "north", made["text"])
    assert (again["text"], again["added"], again["kept"]) == (made["text"], [], ["lab"])


@pytest.mark.parametrize("empty", ["", " []", " [ ]", " null", " ~"])
def test_an_empty_list_gives_way(empty: str) -> None:
    made = variables_file([LAB], "north", f"declare_organizations:{empty}  # none\nother: 1\n")
    assert made["text"] == f"declare_organizations:  # none\n{added('  ')}other: 1\n"


def test_a_last_line_without_an_end_gets_one() -> None:
    assert variables_file([LAB], "north", "other: 1")["text"] == f"other: 1\ndeclare_organizations:\n{added('  ')}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("declare_organizations: [{name: a}]\n", "not a list with each item on lines of its own"),
        ("{declare_organizations: [], other: 1}\n", "without a change to something else"),
        ("other: 1\n...\n", "without a change to something else"),
        ("x: &a []\ndeclare_organizations: *a\n", "without a change to something else"),
        ("declare_organizations: []\ndeclare_organizations: [{name: a}]\n", "each item on lines of its own"),
        ("declare_organizations:\n  - &a\n    name: a\n    description: >\n      no end", "without a change"),
        ("declare_organizations: '{{ all }}'\n", "is not a list"),
        ("declare_organizations:\n  - '{{ one }}'\n", "without a name or ID that could be read"),
        ("declare_organizations:\n  - name: '{{ one }}'\n", "without a name or ID that could be read"),
        ("declare_organizations:\n  - scope: entire\n", "without a name or ID that could be read"),
        ("$ANSIBLE_VAULT;1.1;AES256\n3132\n", "holds no variables; an encrypted file"),
        ("- 1\n", "holds no variables"),
        ("a: 1\n---\nb: 1\n", "is not one YAML document"),
        ("a: [\n", "is not one YAML document"),
        ("a: 2026-13-45\n", "is not one YAML document"),
    ],
)
def test_a_file_that_cannot_be_extended_for_certain_is_refused(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        variables_file([LAB], "north", text)


@pytest.mark.parametrize(
    "declared",
    [
        "{name: lab, state: absent}",
        "{name: laboratory, aws_organization_id: o-lab0000000}",
        "{id: uuid of lab}",
        "{name: '{{ lab_name }}', aws_organization_id: o-lab0000000}",
    ],
)
def test_what_is_declared_in_the_file_is_left_as_it_is(declared: str) -> None:
    text = f"declare_organizations: [{declared}]  # by hand"
    made = variables_file([LAB], "north", text)
    assert made == {"text": text, "added": [], "kept": ["lab"], "warnings": []}


def test_a_name_that_is_declared_for_another_aws_organization_is_told() -> None:
    made = variables_file([LAB], "north", "declare_organizations: [{name: lab, aws_organization_id: o-other00000}]\n")
    assert (made["added"], made["kept"]) == ([], ["lab"])
    (said,) = made["warnings"]
    assert said.startswith("lab: The file declares this name with the AWS ID o-other00000, and the appliance has o-lab")


def test_organizations_are_not_the_same_by_what_neither_has() -> None:
    nameless = {**LAB, "aws_organization_id": None, "config": {"name": "lab"}}
    assert variables_file([nameless], "north", "declare_organizations:\n  - name: other\n")["added"] == ["lab"]


def test_only_what_is_missing_is_added() -> None:
    organizations: list[dict[str, Any]] = [{**OTHER, "config": {"name": "other"}, "not_in_config": []}, LAB]
    made = variables_file(organizations, "north", "declare_organizations:\n  - aws_organization_id: o-lab0000000\n")
    assert made["text"] == "declare_organizations:\n  - aws_organization_id: o-lab0000000\n  - name: other\n"
    assert (made["added"], made["kept"]) == (["other"], ["lab"])
