# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What roles and units of a declaration stand for, and which rescans that takes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.vbaws.appliance.plugins.module_utils._appliance.appliance import Appliance
from ansible_collections.vbaws.appliance.plugins.module_utils._declare.resolver import Resolver
from ansible_collections.vbaws.appliance.plugins.module_utils._model.desired import desired_from_options
from ansible_collections.vbaws.appliance.plugins.module_utils._model.organization import Organization
from ansible_collections.vbaws.appliance.tests.unit.support.appliance import SimulatedAppliance
from ansible_collections.vbaws.appliance.tests.unit.support.builders import (
    ACCOUNT,
    AWS_ID,
    DELEGATE_ID,
    PROD,
    RD,
    ROLE_ID,
    ROOT,
    SANDBOX,
    TEST,
    TREE,
    WORKLOADS,
    fails,
    organization_options,
    scope,
)
from ansible_collections.vbaws.appliance.tests.unit.support.fake_client import BASE

NEW_UNIT = "ou-prod-newunit0"
RESCAN = f"POST {BASE}/rescan"


class Case:
    """An appliance with one organization whose declaration is to be resolved."""

    def __init__(self, *units: str, check: bool = False, role: str | None = None, **given: Any) -> None:
        self.appliance = SimulatedAppliance()
        scopes = [scope("North", *units)] if units else None
        options = organization_options(name="production", rescan_iam_role=role, limited_scopes=scopes, **given)
        self.task = self.appliance.task(options, check_mode=check)
        made = Appliance.of(self.task)
        self.reader = made.reader
        self.resolver = Resolver(made, desired_from_options(options))

    def declare(self, scopes: list[dict[str, Any]]) -> None:
        """Resolve these scopes instead."""
        options = organization_options(name="production", limited_scopes=scopes)
        self.resolver = Resolver(Appliance.of(self.task), desired_from_options(options))

    def existing(self, *members: str) -> Organization:
        scopes = [self.appliance.scope("North", *members)] if members else []
        key = self.appliance.has(*scopes)
        found = self.reader.get(key)
        self.appliance.forget()
        return found

    def unit_made_in_aws(self) -> None:
        self.appliance.change_aws(add=[{"id": NEW_UNIT, "name": "New", "parent": ROOT}])

    def rescans_made(self) -> list[tuple[str, str]]:
        return [
            (body["rescanStorageType"], body["rescanIamRoleId"])
            for body in self.appliance.sent("POST", f"{BASE}/rescan")
        ]


# The role


def test_an_undeclared_role_costs_nothing() -> None:
    case = Case()
    assert case.resolver.rescan_role() is None
    assert case.appliance.requests == []


@pytest.mark.parametrize("reference", ["prod-rescan", ROLE_ID, ROLE_ID.upper()])
def test_a_role_is_resolved_to_its_id(reference: str) -> None:
    assert Case(role=reference).resolver.rescan_role() == ROLE_ID


def test_an_unknown_role_is_an_error_with_near_names() -> None:
    with fails("not_found", "'prod-rescn'", "Did you mean 'prod-rescan'", "Nothing was changed.") as caught:
        Case(role="prod-rescn").resolver.rescan_role()
    assert caught.raised.stage == "resolve"


def test_an_unknown_role_is_a_warning_in_check_mode() -> None:
    case = Case(role="new-role", check=True)
    assert case.resolver.rescan_role() is None
    assert "Outside of check mode this is an error" in case.appliance.warnings[0]


# Units of an organization that is registered


def test_units_that_are_members_already_need_no_structure() -> None:
    case = Case(PROD, TEST)
    found = case.resolver.for_existing(case.existing(PROD, TEST), None)
    assert found.units == {PROD: PROD, TEST: TEST}
    assert case.appliance.requests == []


def test_paths_and_ids_are_looked_up_in_the_stored_structure() -> None:
    case = Case("/Workloads/Prod", r"/R\/D", "/", SANDBOX)
    found = case.resolver.for_existing(case.existing(PROD), None)
    assert found.units == {"/Workloads/Prod": PROD, r"/R\/D": RD, "/": ROOT, SANDBOX: SANDBOX}
    assert found.unit_paths[WORKLOADS] == "/Workloads"
    assert [str(request).rsplit("/", 1)[1] for request in case.appliance.requests] == ["identitiesInDb"]
    assert case.rescans_made() == []


def test_a_missing_unit_is_looked_for_by_a_rescan_into_the_database() -> None:
    case = Case("/New")
    actual = case.existing(PROD)
    case.unit_made_in_aws()
    assert case.resolver.for_existing(actual, None).units == {"/New": NEW_UNIT}
    assert case.rescans_made() == [("Database", ROLE_ID)]
    assert case.task.journal.done == ["the stored structure of the AWS Organization 'production' was updated"]


def test_the_declared_role_rescans_where_there_is_one() -> None:
    case = Case("/New")
    actual = case.existing()
    case.unit_made_in_aws()
    case.resolver.for_existing(actual, DELEGATE_ID)
    assert case.rescans_made() == [("Database", DELEGATE_ID)]


def test_refresh_never_does_not_rescan() -> None:
    case = Case("/New", refresh_structure="never")
    actual = case.existing()
    case.unit_made_in_aws()
    with fails("not_found", "'/New'", "refresh_structure"):
        case.resolver.for_existing(actual, None)
    assert case.rescans_made() == []


def test_refresh_always_rescans_even_if_nothing_is_missing_but_not_without_units() -> None:
    case = Case(PROD, refresh_structure="always")
    case.resolver.for_existing(case.existing(PROD), None)
    assert len(case.rescans_made()) == 1
    case = Case(refresh_structure="always")
    case.resolver.for_existing(case.existing(PROD), None)
    assert case.rescans_made() == []


def test_a_unit_that_does_not_exist_after_a_rescan_either_is_an_error() -> None:
    case = Case("/Workloads/Prd")
    with fails("not_found", "Did you mean '/Workloads/Prod'") as caught:
        case.resolver.for_existing(case.existing(), None)
    assert caught.raised.stage == "resolve"
    assert len(case.rescans_made()) == 1


def test_without_a_readable_role_nothing_is_rescanned() -> None:
    case = Case("/New")
    existing = case.existing()
    with fails("not_found", "'/New'"):
        case.resolver.for_existing(replace(existing, settings={**existing.settings, "rescan_iam_role": None}), None)
    assert case.rescans_made() == []


def test_a_path_with_namesakes_is_ambiguous() -> None:
    case = Case("/Workloads/Prod")
    case.appliance.change_aws(rename=[{"id": TEST, "name": "Prod"}])
    with fails("ambiguous", PROD, TEST, "Give the AWS ID"):
        case.resolver.for_existing(case.existing(), None)


@pytest.mark.parametrize("check", [False, True])
@pytest.mark.parametrize(
    ("reference", "what"),
    [(ACCOUNT, "an AWS account"), ("/Workloads/Prod/shop", f"the AWS account {ACCOUNT}")],
)
def test_an_account_is_refused_with_the_unit_that_contains_it(reference: str, what: str, check: bool) -> None:
    case = Case(reference, SANDBOX, check=check)
    holder = f"Give the unit that contains the account, '/Workloads/Prod' ({PROD})."
    with fails("invalid", f"'{reference}' is {what}, not an organizational unit.", holder) as caught:
        case.resolver.for_existing(case.existing(SANDBOX), None)
    assert caught.raised.stage == "resolve"
    assert case.rescans_made() == []


def test_an_account_in_the_root_does_not_lead_to_the_whole_organization() -> None:
    case = Case("/stray")
    case.appliance.change_aws(add=[{"id": "333333333333", "name": "stray", "parent": ROOT}])
    with fails("invalid", "'/stray' is the AWS account 333333333333", "move it to a unit in AWS first") as caught:
        case.resolver.for_existing(case.existing(), None)
    assert ROOT not in caught.said


def test_an_account_of_a_new_organization_is_refused() -> None:
    case = Case(ACCOUNT, check=True)
    with fails("invalid", f"'{ACCOUNT}' is an AWS account", "Give the unit that contains the account."):
        case.resolver.for_new(None, test_wanted=False)
    assert case.appliance.requests == []
    with fails("invalid", f"is the AWS account {ACCOUNT}", f"'/Workloads/Prod' ({PROD})"):
        Case("/Workloads/Prod/shop").resolver.for_new(ROLE_ID, test_wanted=False)


@pytest.mark.parametrize("refresh", ["when_missing", "never"])
def test_a_path_that_differs_in_case_alone_is_a_mistake_and_no_reason_for_a_rescan(refresh: str) -> None:
    case = Case("/workloads/PROD", SANDBOX, refresh_structure=refresh)
    with fails("not_found", "Did you mean '/Workloads/Prod' (upper and lower case differ)") as caught:
        case.resolver.for_existing(case.existing(SANDBOX), None)
    assert "refresh_structure" not in caught.said
    assert case.rescans_made() == []


def test_after_a_rescan_no_rescan_is_advised() -> None:
    case = Case("/Nowhere")
    with fails("not_found", "The structure was rescanned from AWS just now.") as caught:
        case.resolver.for_existing(case.existing(), None)
    assert "refresh_structure" not in caught.said
    assert len(case.rescans_made()) == 1


@pytest.mark.parametrize("check", [False, True])
def test_a_unit_in_two_scopes_is_a_warning(check: bool) -> None:
    scopes = [scope("North", "/Workloads/Prod"), scope("South", PROD, SANDBOX)]
    case = Case(check=check)
    case.declare(scopes)
    case.resolver.for_existing(case.existing(), None)
    assert len(case.appliance.warnings) == 1
    assert (
        "units in more than one limited scope: '/Workloads/Prod' in 'North' and 'South'." in case.appliance.warnings[0]
    )


def test_paths_that_read_like_repr_are_shown_as_they_are_written() -> None:
    case = Case(r"/r\/d")
    with fails("not_found", r"unit '/r\/d'", r"Did you mean '/R\/D' (upper"):
        case.resolver.for_existing(case.existing(), None)


@pytest.mark.parametrize("check", [False, True])
@pytest.mark.parametrize("units", [("/Workloads", "/Workloads/Prod"), (WORKLOADS, PROD), ("/Workloads", PROD)])
def test_a_unit_and_its_ancestor_in_one_scope_is_a_warning(units: tuple[str, ...], check: bool) -> None:
    case = Case(*units, check=check)
    case.resolver.for_existing(case.existing(), None)
    assert len(case.appliance.warnings) == 1
    assert "'North' has '/Workloads/Prod' below '/Workloads'." in case.appliance.warnings[0]


def test_units_of_a_new_organization_are_compared_in_check_mode_too() -> None:
    case = Case("/Workloads", "/Workloads/Prod", check=True)
    case.resolver.for_new(ROLE_ID, test_wanted=False)
    assert "'North' has '/Workloads/Prod' below '/Workloads'." in case.appliance.warnings[0]


def test_a_scope_whose_units_stay_counts_as_well() -> None:
    case = Case(check=True)
    case.declare([scope("North", "/Workloads/Prod"), scope("South")])
    existing = case.appliance.has(case.appliance.scope("Southern", PROD), case.appliance.scope("South", PROD, TEST))
    case.resolver.for_existing(case.reader.get(existing), None)
    assert ["'/Workloads/Prod' in 'North' and 'South'" in text for text in case.appliance.warnings] == [True]


@pytest.mark.parametrize("units", [("/Workloads/Prod", "/Workloads/Test"), ("/Workloads", SANDBOX), ("/",)])
def test_units_beside_each_other_are_no_warning(units: tuple[str, ...]) -> None:
    case = Case(*units)
    case.resolver.for_existing(case.existing(), None)
    assert case.appliance.warnings == []


# Check mode


def test_check_mode_rescans_nothing_and_says_so() -> None:
    case = Case("/New", PROD, check=True)
    actual = case.existing()
    case.unit_made_in_aws()
    found = case.resolver.for_existing(actual, None)
    assert (found.units, found.not_found) == ({PROD: PROD}, ("/New",))
    assert case.rescans_made() == []
    assert "check_mode_sessions" in case.resolver.not_checked[0]
    assert "Outside of check mode this is an error" in case.appliance.warnings[0]


def test_check_mode_with_sessions_rescans_in_memory_and_stores_nothing() -> None:
    case = Case("/New", check=True, check_mode_sessions=True)
    actual = case.existing()
    case.unit_made_in_aws()
    assert case.resolver.for_existing(actual, None).units == {"/New": NEW_UNIT}
    assert case.rescans_made() == [("InMemory", ROLE_ID)]
    assert NEW_UNIT not in case.appliance.tree(actual.id)
    assert case.task.journal.done == []


# Units of a new organization


def test_units_of_a_new_organization_are_resolved_by_a_rescan_in_memory() -> None:
    case = Case("/Workloads/Prod", SANDBOX)
    found = case.resolver.for_new(ROLE_ID, test_wanted=False)
    assert found.units == {"/Workloads/Prod": PROD, SANDBOX: SANDBOX}
    assert case.resolver.rescan_session in case.appliance.sessions
    assert case.rescans_made() == [("InMemory", ROLE_ID)]


def test_without_units_and_test_nothing_is_rescanned() -> None:
    case = Case()
    case.resolver.for_new(ROLE_ID, test_wanted=False)
    assert (case.resolver.rescan_session, case.appliance.requests) == (None, [])
    case.resolver.for_new(ROLE_ID, test_wanted=True)
    assert case.resolver.rescan_session is not None


def test_a_unit_that_moved_is_named_with_its_old_and_new_path() -> None:
    case = Case("/Workloads/Prod", refresh_structure="always")
    existing = case.existing(PROD)
    case.appliance.change_aws(move=[{"id": PROD, "parent": SANDBOX}])
    with fails("not_found", f"The unit {PROD} has moved from '/Workloads/Prod' to '/Sandbox/Prod'. Correct the path."):
        case.resolver.for_existing(existing, None)


def test_a_unit_that_moved_before_the_last_rescan_is_shown_where_it_is_now() -> None:
    case = Case("/Workloads/Prod")
    case.appliance.change_aws(move=[{"id": PROD, "parent": SANDBOX}])
    with fails("not_found", f"A unit of this name is at '/Sandbox/Prod' ({PROD}); has it moved?", "just now") as caught:
        case.resolver.for_existing(case.existing(PROD), None)
    # The rescan that would be advised was made.
    assert "refresh_structure" not in caught.said


def test_a_path_that_is_near_is_told_once() -> None:
    case = Case("/Workload/Prod")
    with fails("not_found", "Did you mean '/Workloads/Prod'") as caught:
        case.resolver.for_existing(case.existing(PROD), None)
    assert "has it moved?" not in caught.said


def test_a_member_that_the_structure_does_not_show_stays_a_member_beside_a_path() -> None:
    case = Case(PROD, "/Sandbox")
    case.appliance.change_aws(drop=[PROD])
    existing = case.existing(PROD)
    assert case.resolver.for_existing(existing, None).units == {PROD: PROD, "/Sandbox": SANDBOX}
    assert case.rescans_made() == []
    case = Case(PROD, "/Sandbox", refresh_structure="always")
    case.appliance.change_aws(drop=[PROD])
    with fails("not_found", f"no organizational unit {PROD!r}"):
        case.resolver.for_existing(case.existing(PROD), None)


@pytest.mark.parametrize("reference", [PROD, "/Workloads/Prod"])
def test_a_unit_that_was_deleted_in_aws_is_said_to_be_gone(reference: str) -> None:
    case = Case(reference, SANDBOX, refresh_structure="always")
    existing = case.existing(SANDBOX)
    case.appliance.change_aws(drop=[PROD])
    with fails("not_found", f"The unit {PROD} was at '/Workloads/Prod' at the last rescan, and is not in AWS any more"):
        case.resolver.for_existing(existing, None)


def test_an_unknown_unit_of_a_new_organization_is_an_error_and_in_check_mode_a_warning() -> None:
    with fails("not_found", "'/New'", "'production'"):
        Case("/New").resolver.for_new(ROLE_ID, test_wanted=False)
    case = Case("/New", check=True, check_mode_sessions=True)
    found = case.resolver.for_new(ROLE_ID, test_wanted=False)
    assert found.not_found == ("/New",)


def test_check_mode_leaves_units_of_a_new_organization_as_they_are_declared() -> None:
    case = Case("/Workloads/Prod", check=True)
    found = case.resolver.for_new(ROLE_ID, test_wanted=True)
    assert (found.units, found.not_found, case.resolver.rescan_session) == ({}, (), None)
    assert case.resolver.not_checked == ["the rescan in memory that resolves units (check_mode_sessions allows it)"]
    assert case.appliance.requests == []


def test_the_tree_of_these_tests_is_the_one_of_the_appliance() -> None:
    assert SimulatedAppliance().tree(AWS_ID) == TREE


def test_the_search_for_similar_units_ends_when_the_time_is_over() -> None:
    case = Case("/Nowhere", "/Nothing", check=True, refresh_structure="never")
    existing = case.existing()
    stored = f"{BASE}/{existing.id}/identitiesInDb"
    case.appliance.fault("none", "POST", stored, skip=1, act=case.appliance.deadline.expire)
    with fails("timeout", "The task timed out"):
        case.resolver.for_existing(existing, None)
    assert case.appliance.warnings == []
