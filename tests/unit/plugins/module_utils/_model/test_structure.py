# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Trees of units: paths, covering sets, and what became different."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from ansible_collections.vbaws.appliance.plugins.module_utils._model.structure import (
    LEVELS,
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
    fails,
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


def chain(length: int) -> Iterator[Identity]:
    """Units of which each is the parent of the next."""
    return (Identity(f"ou-{n}", f"unit {n}", f"ou-{n - 1}" if n else None) for n in range(length))


@pytest.mark.parametrize(
    ("circle", "named"),
    [
        ({"ou-a": "ou-b", "ou-b": "ou-a"}, "'ou-"),
        ({"ou-c": "ou-c"}, "'ou-c'"),
        ({ACCOUNT: "ou-a", "ou-a": "ou-b", "ou-b": "ou-a"}, "'ou-"),
        ({f"ou-{n}": f"ou-{(n + 1) % 1500}" for n in range(1500)}, "'ou-"),
    ],
)
def test_a_structure_whose_parents_form_a_circle_is_an_error(circle: dict[str, str], named: str) -> None:
    with fails("api", f"cannot be right: the organizational unit {named}", "is "):
        Structure(Identity(aws_id, "x", parent) for aws_id, parent in circle.items())


def test_a_structure_is_read_down_to_a_bound() -> None:
    deepest = Structure(chain(LEVELS + 1))
    assert len(deepest.ancestors(f"ou-{LEVELS}")) == LEVELS
    assert deepest.path(f"ou-{LEVELS}") == join_path(f"unit {n}" for n in range(LEVELS + 1))
    for length in (LEVELS + 2, 1500):
        with fails("api", "the organizational unit 'ou-", f"is nested deeper than {LEVELS} levels"):
            Structure(reversed(list(chain(length))))
        with fails("api", f"is nested deeper than {LEVELS} levels"):
            Structure(chain(length))
    with fails("api", f"is nested deeper than {LEVELS} levels"):
        Structure([*chain(LEVELS + 1), Identity(ACCOUNT, "shop", f"ou-{LEVELS}")])


def test_two_identities_with_one_aws_id_are_an_error() -> None:
    for twice in (Identity(PROD, "Prod", ROOT), Identity(PROD, "Other", WORKLOADS)):
        with fails("api", f"the organizational unit '{PROD}' more than once"):
            Structure([Identity(PROD, "Prod", ROOT), twice])
    with fails("api", f"the account '{ACCOUNT}' more than once"):
        Structure([Identity(ACCOUNT, "shop", PROD), Identity(ACCOUNT, "shop", TEST)])


def test_a_parent_is_climbed_once_however_many_children_it_has() -> None:
    began = time.process_time()
    wide = Structure([*chain(LEVELS), *(Identity(f"ou-x{n}", f"x {n}", f"ou-{LEVELS - 1}") for n in range(20_000))])
    paths = list(wide.unit_paths().values())
    assert all(len(wide.unit_at(path)) == 1 for path in paths)
    assert len(wide.below(["ou-0"])) == len(paths)
    assert wide.topmost(wide.unit_paths()) == {"ou-0"}
    assert time.process_time() - began < 10


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
