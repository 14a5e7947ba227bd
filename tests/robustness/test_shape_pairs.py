# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The life of an organization on appliances of every form: each variation alone, and every two of them together.

Two of them meet on appliances that have many. VBAWS_SHAPE_MATRIX=full makes an appliance for every pair.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.vbaws.appliance.tests.robustness.shape_table import Outcomes, table
from ansible_collections.vbaws.appliance.tests.robustness.shape_variations import (
    MEMBERS,
    VARIATIONS,
    expected,
    pairs,
    rows,
    shape_of,
    to_be_told,
)
from ansible_collections.vbaws.appliance.tests.robustness.summary import SHAPE_TABLE

from simulator.state.names import DOCUMENTED

FULL = os.environ.get("VBAWS_SHAPE_MATRIX") == "full"
CELLS: list[tuple[str, ...]] = [(), *((name,) for name in VARIATIONS), *(pairs() if FULL else rows())]

DECLARED: dict[str, Any] = {
    "name": "production",
    "description": "Everything",
    "rescan_iam_role": "prod-rescan",
    "backup_restore_iam_role_name": "VeeamBackupRestore",
    "production_worker_iam_role_name": "VeeamProductionWorker",
    "scope": "limited",
}
FRONT = {"name": "Front", "organizational_units": ["/Sandbox", "/Workloads/Prod"]}
SHOPS = {**FRONT, "name": "Shops"}
BACK = {"name": "Back", "organizational_units": ["/Security"]}
# Registered before, so that there is something to learn names from.
SIBLING = {
    "name": "subsidiary",
    "description": "By hand",
    "rescan_iam_role": "subsidiary-rescan",
    "backup_restore_iam_role_name": "VeeamBackupRestore",
    "production_worker_iam_role_name": "VeeamProductionWorker",
    "limited_scopes": [{"name": "North", "organizational_units": ["ou-subs-north000"]}],
}


@pytest.fixture(scope="session")
def outcomes(request: pytest.FixtureRequest) -> Iterator[Outcomes]:
    """Cell -> letters; in the end the table is written, and shown below the tests."""
    found: Outcomes = {}
    yield found
    lines = table(found, one_each=FULL)
    file = Path(__file__).resolve().parents[2] / ".build" / "shape-matrix.txt"
    file.parent.mkdir(exist_ok=True)
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    request.config.stash[SHAPE_TABLE] = lines


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: " + ".join(cell) if len(cell) < 3 else f"{len(cell)} at once")
def test_a_whole_life_on_an_appliance_of_this_form(
    cell: tuple[str, ...], appliance: Any, run_module: Any, outcomes: Outcomes
) -> None:
    outcomes[cell] = "F"
    shape = shape_of(cell)
    appliance.reset(shape=shape, seed=1)
    appliance.control("POST", "/organizations", SIBLING)
    assert _life(appliance, run_module, shape) == expected(shape)
    state = appliance.state()
    assert (state["tokens_open"], state["violations"]) == (0, [])
    outcomes[cell] = "".join(expected(shape)) or "."


def _life(appliance: Any, run_module: Any, shape: dict[str, Any]) -> list[str]:
    """Add, again, change, rename a scope, drop one, feed config back, rescan, remove. Returns what fails as it must."""
    names: dict[str, Any] = {}
    found: list[str] = []

    def declare(**options: Any) -> dict[str, Any]:
        result: dict[str, Any] = run_module("organization", **{**DECLARED, **options, **names})
        return result

    def change(**options: Any) -> dict[str, Any]:
        """A change of an organization that has scopes, told the name of their members once it was refused for that."""
        if "m" in expected(shape) and "m" not in found:
            before, refused = _stored(appliance), declare(**options)
            assert refused.get("failed"), refused
            assert MEMBERS in refused["msg"]
            assert refused["msg"].endswith("Nothing was changed.")
            assert _stored(appliance) == before
            found.append("m")
            names["wire_names"] = {**names.get("wire_names", {}), MEMBERS: DOCUMENTED[MEMBERS]}
        return declare(**options)

    added = declare(limited_scopes=[FRONT, BACK])
    if added.get("failed"):
        told = to_be_told(shape)
        if "u" in expected(shape):
            assert added["failure"]["reason"] == "invalid", added["msg"]
            assert shape["names"][MEMBERS] in added["msg"]
        else:
            (key,) = told
            assert added["failure"]["reason"] == "not_applied", added["msg"]
            assert f"{key.split('.')[1]} is None instead of" in added["msg"]
            assert f"wire_names: {{{key}: NAME}}" in added["msg"]
        found += [letter for letter in expected(shape) if letter in "uw"]
        # Only what cannot be learned, so that everything else still is.
        names["wire_names"] = told
        added = (declare if "u" in found else change)(limited_scopes=[FRONT, BACK])
    assert added.get("changed"), added.get("msg")
    assert added["verified"]

    again = declare(limited_scopes=[BACK, FRONT])
    assert (again.get("changed"), again.get("status")) == (False, "in_sync"), again.get("msg")

    before = _stored(appliance)
    changed = change(description="Everything that earns money")
    assert changed.get("changed"), changed.get("msg")
    assert _stored(appliance) == {**before, "description": "Everything that earns money"}

    now = {"description": "Everything that earns money"}
    renamed = declare(limited_scopes=[{**SHOPS, "former_names": ["Front"]}, BACK], **now)
    assert renamed.get("changed"), renamed.get("msg")
    assert _stored(appliance)["scopes"] == {
        ("Shops" if name == "Front" else name): value for name, value in before["scopes"].items()
    }

    dropped = declare(limited_scopes=[SHOPS], **now)
    if dropped.get("failed"):
        assert dropped["failure"]["reason"] == "not_applied"
        assert "kept the limited scope 'Back'" in dropped["msg"]
        found.append("k")
    else:
        assert list(_stored(appliance)["scopes"]) == ["Shops"]

    read = run_module("organization_info", name="production", **names)
    fed = run_module("organization", **read["organizations"][0]["config"], **names)
    assert (fed.get("changed"), fed.get("status")) == (False, "in_sync"), fed.get("msg")

    rescanned = run_module("organization_rescan", name="production", **names)
    assert (rescanned.get("changed"), rescanned.get("verified")) == (False, True), rescanned.get("msg")

    removed = run_module("organization", name="production", state="absent", **names)
    assert removed.get("changed"), removed.get("msg")
    assert [one["name"] for one in appliance.state()["organizations"]] == ["subsidiary"]
    return found


def _stored(appliance: Any) -> dict[str, Any]:
    """The organization as the appliance has it, its scopes by name with their IDs."""
    stored = next(one for one in appliance.state()["organizations"] if one["name"] == "production")
    scopes = {one["name"]: (one["id"], sorted(one["organizational_units"])) for one in stored.pop("limited_scopes")}
    return {**stored, "scopes": scopes}


def test_every_two_variations_meet() -> None:
    together = {pair for row in rows() for pair in combinations(row, 2)}
    assert set(pairs()) <= together
