# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What hypothesis draws: names, trees, organizations and declarations."""

from __future__ import annotations

from typing import Any

from ansible_collections.vbaws.appliance.tests.unit.support.builders import (
    AWS_ID,
    DELEGATE_ID,
    ORGANIZATION_ID,
    PROD,
    RD,
    ROLE_ID,
    ROOT,
    SANDBOX,
    TEST,
    TREE,
    WORKLOADS,
    scope,
    uuid,
)
from hypothesis import strategies as st

UNITS = (ROOT, WORKLOADS, PROD, TEST, SANDBOX, RD)
SCOPE_NAMES = ("North", "South", "East", "West", "Old North")
SETTINGS = ("name", "description", "rescan_iam_role", "backup_restore_iam_role_name", "production_worker_iam_role_name")

unit_names = st.text(st.sampled_from("ab/\\ .ü-"), min_size=1, max_size=6)
unit_sets = st.sets(st.sampled_from(UNITS), min_size=1, max_size=4)


@st.composite
def trees(draw: st.DrawFn, size: int = 10) -> dict[str, tuple[str, str | None]]:
    """AWS ID -> (name, parent). Siblings among the units have different names, as AWS has it; accounts need not.

    IDs come from a small pool, so that two trees share many.
    """
    tree: dict[str, tuple[str, str | None]] = {ROOT: ("Root", None)}
    units, taken = [ROOT], set()
    for number in draw(st.permutations(range(size))):
        kind = draw(st.sampled_from(("unit", "account", "neither")))
        parent, name = draw(st.sampled_from(units)), draw(unit_names)
        if kind == "account":
            tree[f"{number:012}"] = (name, parent)
        elif kind == "unit" and (parent, name) not in taken:
            taken.add((parent, name))
            units.append(f"ou-prod-{number:08}")
            tree[units[-1]] = (name, parent)
    return tree


@st.composite
def stored_organizations(draw: st.DrawFn) -> dict[str, Any]:
    """An organization of the appliance in the collection's terms, with or without scopes, null and empty text mixed."""
    names = draw(st.lists(st.sampled_from(SCOPE_NAMES), unique=True, max_size=3))
    return {
        "id": ORGANIZATION_ID,
        "aws_organization_id": AWS_ID,
        "name": draw(st.sampled_from(("production", "Production"))),
        "description": draw(st.sampled_from((None, "", "Shops", "Labs"))),
        "rescan_iam_role": draw(st.sampled_from((ROLE_ID, DELEGATE_ID))),
        "backup_restore_iam_role_name": draw(st.sampled_from(("backup", "restore"))),
        "production_worker_iam_role_name": draw(st.sampled_from((None, "", "worker"))),
        "limited_scopes": [
            {"id": uuid(0xC0 + number), "name": name, "organizational_units": sorted(draw(unit_sets))}
            for number, name in enumerate(names)
        ],
    }


@st.composite
def declarations(draw: st.DrawFn) -> dict[str, Any]:
    """Options of the module that desired_from_options accepts; of every setting it may say nothing."""
    options: dict[str, Any] = {"id": ORGANIZATION_ID}
    values = {
        "name": ("production", "Production", "eu"),
        "description": ("", "Shops", "Tills"),
        "rescan_iam_role": (ROLE_ID, DELEGATE_ID),
        "backup_restore_iam_role_name": ("backup", "restore"),
        "production_worker_iam_role_name": ("", "worker", "helper"),
    }
    for option, choices in values.items():
        options[option] = draw(st.sampled_from((None, *choices)))
    options["scope"] = draw(st.sampled_from((None, None, "limited", "entire")))
    options["limited_scopes"] = None
    if options["scope"] == "entire":
        options["limited_scopes"] = draw(st.sampled_from((None, [])))
    elif draw(st.booleans()):
        options["limited_scopes"] = draw(declared_scopes())
    return options


@st.composite
def declared_scopes(draw: st.DrawFn) -> list[dict[str, Any]]:
    names = draw(st.lists(st.sampled_from(SCOPE_NAMES), unique=True, min_size=1, max_size=5))
    scopes = []
    while names:
        name = names.pop()
        former: list[str] = []
        while draw(st.booleans()) and names:
            former.append(names.pop())
        units = draw(st.one_of(st.none(), unit_sets))
        scopes.append(scope(name, *(draw(spellings(unit)) for unit in sorted(units or ())), former=tuple(former)))
    return scopes


def spellings(unit: str) -> st.SearchStrategy[str]:
    """A unit as its AWS ID or as its path."""
    names: list[str] = []
    at: str | None = unit
    while at is not None and at != ROOT:
        names.insert(0, TREE[at][0].replace("/", "\\/"))
        at = TREE[at][1]
    return st.sampled_from((unit, "/" + "/".join(names)))
