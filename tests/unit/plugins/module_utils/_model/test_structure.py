# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Trees of units: paths, covering sets, and what became different."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import pytest
from ansible_collections.vbaws.appliance.plugins.module_utils._errors import ApplianceError
from ansible_collections.vbaws.appliance.plugins.module_utils._model.structure import (
    Identity,
    Structure,
    child_path,
    join_path,
    split_path,
)
from ansible_collections.vbaws.appliance.tests.unit.support.builders import (
    ACCOUNT,
    PROD,
    RD,
    ROOT,
    SANDBOX,
    TEST,
    TREE,
    WORKLOADS,
    structure,
)
from ansible_collections.vbaws.appliance.tests.unit.support.strategies import trees
from hypothesis import given
from hypothesis import strategies as st

Tree = Mapping[str, tuple[str, "str | None"]]

# Paths


@given(st.lists(st.text(min_size=1)))
def test_a_path_says_the_names_that_it_was_made_of(names: list[str]) -> None:
    assert split_path(join_path(names)) == names


@given(st.text(st.sampled_from("/\\ab")))
def test_a_text_is_either_no_path_or_the_only_way_to_write_it(text: str) -> None:
    try:
        names = split_path(text)
    except ValueError:
        return
    assert join_path(names) == text
    assert all(names)


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("/", []),
        ("/Workloads/Prod", ["Workloads", "Prod"]),
        (r"/R\/D", ["R/D"]),
        (r"/a\\b", ["a\\b"]),
        (r"/a\\/b", ["a\\", "b"]),
        ("/ /.", [" ", "."]),
    ],
)
def test_a_backslash_escapes_a_slash_and_itself(path: str, names: list[str]) -> None:
    assert split_path(path) == names
    assert join_path(names) == path


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "starts with /"),
        ("Workloads", "starts with /"),
        ("//", "no empty names"),
        ("/a/", "no empty names"),
        ("/a//b", "no empty names"),
        (r"/a\n", "not before 'n'"),
        ("/a\\", "end in a backslash"),
    ],
)
def test_a_text_that_is_no_path_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        split_path(text)


def test_paths_are_made_of_the_names_from_below_the_root() -> None:
    assert structure().unit_paths() == {
        ROOT: "/",
        WORKLOADS: "/Workloads",
        PROD: "/Workloads/Prod",
        TEST: "/Workloads/Test",
        SANDBOX: "/Sandbox",
        RD: r"/R\/D",
    }
    assert structure().path(ACCOUNT) == "/Workloads/Prod/shop"
    assert structure().path("ou-none-existing") is None


def test_a_structure_that_leaves_the_root_out_still_knows_it_as_a_parent() -> None:
    rootless = structure({aws_id: node for aws_id, node in TREE.items() if aws_id != ROOT})
    assert rootless.unit_paths() == structure().unit_paths()
    assert rootless.unit_at("/") == [ROOT]
    assert rootless.path("r-none") is None


@given(trees())
def test_every_unit_is_found_again_at_its_path_and_nowhere_else(tree: Tree) -> None:
    made = structure(tree)
    for aws_id, path in made.unit_paths().items():
        assert made.unit_at(path) == [aws_id]


def test_a_path_leads_to_units_alone_and_to_all_namesakes() -> None:
    assert structure().unit_at("/Workloads/Prod/shop") == []
    assert structure({**TREE, TEST: ("Prod", WORKLOADS)}).unit_at("/Workloads/Prod") == [PROD, TEST]
    with pytest.raises(ValueError, match="starts with /"):
        structure().unit_at("Workloads")


@given(st.text(min_size=1), st.text(min_size=1))
def test_the_path_of_a_child_is_made_from_that_of_its_parent(parent: str, name: str) -> None:
    assert child_path("/", name) == join_path([name])
    assert child_path(join_path([parent]), name) == join_path([parent, name])


CIRCLES = [
    [Identity("ou-a", "a", "ou-b"), Identity("ou-b", "b", "ou-a")],
    [Identity("ou-a", "a", "ou-a")],
    [Identity("ou-a", "a", "ou-b"), Identity("ou-b", "b", "ou-c"), Identity("ou-c", "c", "ou-b")],
    [Identity(ACCOUNT, "a", "ou-a"), Identity("ou-a", "b", "ou-b"), Identity("ou-b", "c", "ou-a")],
    [Identity(f"ou-{n}", "x", f"ou-{(n + 1) % 1500}") for n in range(1500)],
]


@pytest.mark.parametrize("identities", CIRCLES)
def test_a_circle_of_parents_is_an_error(identities: list[Identity]) -> None:
    """It is found as the structure is made, so that nothing can be read from it."""
    with pytest.raises(ApplianceError, match=r"the parents of 'ou-\w+' form a circle or more than 64") as caught:
        Structure(identities)
    assert caught.value.reason == "api"


def chain(length: int) -> list[Identity]:
    return [Identity(f"ou-{number}", "x" * 50, f"ou-{number - 1}" if number else "r-1") for number in range(length)]


def test_units_nested_deeper_than_aws_allows_are_refused_at_once() -> None:
    """Ancestors and paths of 1,500 units in a row would take a minute."""
    begin = time.process_time()
    for identities in (chain(65), chain(1_500), chain(100_000), chain(100_000)[::-1]):
        with pytest.raises(ApplianceError, match="more than 64 levels"):
            Structure(identities)
    with pytest.raises(ApplianceError, match="more than 64 levels"):
        Structure([*chain(64), Identity(ACCOUNT, "shop", "ou-63")])
    assert time.process_time() - begin < 2
    deepest = Structure(chain(64))
    assert deepest.path("ou-63") == "/" + "/".join(["x" * 50] * 64)
    assert deepest.ancestors("ou-63") == (*(f"ou-{number}" for number in range(62, -1, -1)), "r-1")


def test_two_identities_with_one_aws_id_are_an_error() -> None:
    for other in (Identity("ou-a", "b"), Identity("ou-a", "a", ROOT), Identity("ou-a", "a", id="1")):
        with pytest.raises(ApplianceError, match="'ou-a' comes twice, with different names or parents"):
            Structure([Identity("ou-a", "a"), other])
    assert list(Structure([Identity("ou-a", "a"), Identity("ou-a", "a")]).by_aws_id) == ["ou-a"]


def test_a_parent_is_climbed_once_however_many_children_it_has() -> None:
    wide = [Identity(f"ou-x{number}", f"x {number}", "ou-62") for number in range(20_000)]
    begin = time.process_time()
    made = Structure([*chain(63), *wide])
    assert all(len(made.unit_at(path)) == 1 for path in made.unit_paths().values())
    assert len(made.below(["ou-0"])) == len(made.unit_paths()) - 1
    assert made.topmost(made.unit_paths()) == {"r-1"}
    assert time.process_time() - begin < 5


def test_roots_and_units_are_units_and_twelve_digits_are_an_account() -> None:
    root, unit, account = Identity(ROOT, "Root"), Identity(PROD, "Prod"), Identity(ACCOUNT, "shop")
    assert [identity.is_unit for identity in (root, unit, account)] == [True, True, False]
    assert [identity.is_root for identity in (root, unit, account)] == [True, False, False]


# Covering sets


def covered(made: Structure, units: Any) -> set[str]:
    """Everything that lies in one of these units."""
    return {aws_id for aws_id in made.by_aws_id if not set(units).isdisjoint({aws_id, *made.ancestors(aws_id)})}


@given(trees(), st.data())
def test_the_topmost_units_cover_the_same_and_none_of_them_is_needless(tree: Tree, data: st.DataObject) -> None:
    made = structure(tree)
    units = data.draw(st.sets(st.sampled_from(sorted(made.unit_paths()))))
    top = made.topmost(units)
    assert top <= units
    assert covered(made, top) == covered(made, units)
    assert all(covered(made, top - {unit}) != covered(made, top) for unit in top)
    assert made.topmost(top) == top


@given(trees(), st.data())
def test_two_sets_cover_the_same_if_and_only_if_their_topmost_units_are_equal(tree: Tree, data: st.DataObject) -> None:
    made = structure(tree)
    sets = st.sets(st.sampled_from(sorted(made.unit_paths())))
    one, other = data.draw(sets), data.draw(sets)
    assert (made.topmost(one) == made.topmost(other)) is (covered(made, one) == covered(made, other))
