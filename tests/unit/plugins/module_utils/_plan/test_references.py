# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""References that were resolved, and how they are shown."""

from __future__ import annotations

from ansible_collections.vbaws.appliance.plugins.module_utils._plan.references import References
from ansible_collections.vbaws.appliance.tests.unit.support.builders import (
    DELEGATE_ID,
    PROD,
    ROLE_ID,
    TEST,
)


def test_a_reference_without_an_id_stands_for_itself_and_equals_nothing_that_exists() -> None:
    found = References(units={"/Workloads/Prod": PROD})
    assert found.unit_ids(["/Workloads/Prod", "/New"]) == {PROD, "/New"}


def test_two_references_of_one_unit_are_one_member() -> None:
    assert References(units={"/Workloads/Prod": PROD, PROD: PROD}).unit_ids(["/Workloads/Prod", PROD]) == {PROD}


def test_a_role_is_shown_by_its_name_where_that_is_known() -> None:
    found = References(role_names={ROLE_ID: "prod-rescan"})
    assert found.show_role(ROLE_ID) == "prod-rescan"
    assert found.show_role(DELEGATE_ID) == DELEGATE_ID
    assert found.show_role(None) is None


def test_the_declared_role_is_marked_where_it_does_not_exist() -> None:
    assert References("x", ROLE_ID, role_names={ROLE_ID: "prod-rescan"}).show_wanted_role() == "prod-rescan"
    assert References("new", None, not_found=("new",)).show_wanted_role() == "new (not found)"
    assert References("new", None).show_wanted_role() == "new"
    assert References().show_wanted_role() is None


def test_units_are_shown_as_sorted_paths_and_marked_where_they_do_not_exist() -> None:
    found = References(unit_paths={PROD: "/Workloads/Prod"}, not_found=("/New",))
    assert found.show_units([TEST, "/New", PROD]) == ["/New (not found)", "/Workloads/Prod", TEST]
    assert found.show_units(None) is None
    assert found.show_units([]) == []
