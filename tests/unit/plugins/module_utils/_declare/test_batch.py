# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many declarations against one appliance: order, failures of some, limits, and what is told of it."""

from __future__ import annotations

import signal
import threading
from collections.abc import Sequence
from typing import Any

import pytest
from ansible_collections.vbaws.appliance.plugins.module_utils._appliance.appliance import Appliance
from ansible_collections.vbaws.appliance.plugins.module_utils._declare.declaration import Declaration
from ansible_collections.vbaws.appliance.plugins.module_utils._declare.identity import Known
from ansible_collections.vbaws.appliance.plugins.module_utils._errors import ApplianceError, Refused
from ansible_collections.vbaws.appliance.plugins.module_utils._module.options import (
    CONNECTION,
    DEFAULT_CHECKS,
    LIMITS,
    WAITING,
)
from ansible_collections.vbaws.appliance.plugins.module_utils._module.signals import Interrupted
from ansible_collections.vbaws.appliance.plugins.modules.organizations import ORGANIZATIONS, organizations
from ansible_collections.vbaws.appliance.tests.simulator.state.sessions import FAILED, WARNING
from ansible_collections.vbaws.appliance.tests.unit.support.appliance import SimulatedAppliance
from ansible_collections.vbaws.appliance.tests.unit.support.builders import (
    AWS_ID,
    FOREIGN_ROLE_ID,
    OTHER_AWS_ID,
    PROD,
    ROLE_ID,
    TEST,
    THIRD_AWS_ID,
    THIRD_ROLE_ID,
    actual,
    desired,
    fails,
    options_of,
    organization_options,
    scope,
)
from ansible_collections.vbaws.appliance.tests.unit.support.fake_client import BASE
from ansible_collections.vbaws.appliance.tests.unit.support.progress import Watched

DEFAULTS = {"backup_restore_iam_role_name": "backup", "scope": "entire"}
NEW = {"rescan_iam_role": "prod-rescan"}


def appliance_of(*names: str) -> SimulatedAppliance:
    """An appliance with that many registered organizations, each another AWS Organization with a role of its own."""
    appliance = SimulatedAppliance()
    places = [(AWS_ID, ROLE_ID), (OTHER_AWS_ID, FOREIGN_ROLE_ID), (THIRD_AWS_ID, THIRD_ROLE_ID)]
    for name, (aws_id, role) in zip(names, places, strict=False):
        appliance.has(name=name, aws_organization_id=aws_id, rescan_iam_role=role)
    return appliance


def run(appliance: SimulatedAppliance, *items: dict[str, Any], check: bool = False, **given: Any) -> dict[str, Any]:
    complete = [options_of(ORGANIZATIONS["organizations"]["options"], **item) for item in items]
    options = options_of(
        CONNECTION,
        WAITING,
        ORGANIZATIONS,
        LIMITS,
        organizations=complete,
        **{"concurrency": 1, "defaults": DEFAULTS, **given},
    )
    return organizations(appliance.task(options, check_mode=check))


def failed(appliance: SimulatedAppliance, *items: dict[str, Any], **given: Any) -> ApplianceError:
    with pytest.raises(ApplianceError) as caught:
        run(appliance, *items, **given)
    return caught.value


def outcomes(result: dict[str, Any]) -> dict[str, tuple[str | None, str]]:
    return {one["name"]: (one["action"], one["outcome"]) for one in result["organizations"]}


def writes(appliance: SimulatedAppliance) -> list[str]:
    """The writes with the names of what they are about."""
    return [
        str(request.writes).replace("the AWS Organization ", "") for request in appliance.requests if request.writes
    ]


def no_connection() -> None:
    raise ApplianceError("No connection", reason="unreachable")


# Time

IN_SYNC = [{"name": "production", "description": "Shops"}, {"name": "subsidiary"}]


@pytest.mark.parametrize("items", [IN_SYNC, IN_SYNC[:1]])
def test_work_without_requests_ends_when_the_time_is_over(items: list[dict[str, Any]]) -> None:
    appliance = appliance_of("production", "subsidiary")
    assert not run(appliance, *items)["changed"]
    appliance.fault("none", "GET", BASE, act=appliance.deadline.expire)
    with fails("timeout", "The task timed out"):
        run(appliance, *items)


def test_each_plan_of_many_looks_at_the_time() -> None:
    appliance = appliance_of("production")
    task = appliance.task(organization_options(name="production"))
    declaration = Declaration(Appliance.of(task), desired(name="production"))
    appliance.deadline.expire()
    declaration.plan(Known([actual()]))
    assert declaration.error is not None
    assert declaration.error.reason == "timeout"


# One list, one order


@pytest.mark.parametrize("threads", [1, 8])
def test_changes_removals_and_additions_in_one_task(threads: int) -> None:
    appliance = appliance_of("production", "subsidiary")
    items = [
        {"name": "research", "rescan_iam_role": "rsch-rescan"},
        {"name": "subsidiary", "state": "absent"},
        {"name": "production", "description": "new"},
    ]
    result = run(appliance, *items, concurrency=threads)
    assert writes(appliance)[0].startswith("modify production")
    assert writes(appliance)[1].startswith("remove subsidiary")
    assert writes(appliance)[2:] == ["add 'research'"]
    assert outcomes(result) == {
        "research": ("create", "done"),
        "subsidiary": ("remove", "done"),
        "production": ("update", "done"),
    }
    assert result["changed"]
    assert result["summary"]["text"] == (
        "1 created (research), 1 updated (production), 1 removed (subsidiary); accounts gained: 0, lost: 0."
    )
    assert [hunk["after_header"] for hunk in result["diff"]] == [
        "research",
        "removed",
        result["diff"][2]["after_header"],
    ]
    assert not run(appliance, *items, concurrency=threads)["changed"]


def test_the_list_and_the_roles_are_read_once_and_nothing_else_where_nothing_differs() -> None:
    appliance = appliance_of("production", "subsidiary", "research")
    items = [{"name": "production", "rescan_iam_role": "prod-rescan"}, {"name": "subsidiary"}, {"name": "research"}]
    assert not run(appliance, *items)["changed"]
    assert appliance.calls() == [f"GET {BASE}", "GET /accounts/amazon"]


def test_all_additions_are_started_before_one_is_waited_for() -> None:
    appliance = appliance_of()
    appliance.state.settings.session_seconds = 5.0
    run(appliance, {"name": "production", **NEW}, {"name": "research", "rescan_iam_role": "rsch-rescan"})
    made = [call for call in appliance.calls() if call == f"POST {BASE}" or "/sessions/" in call]
    assert made[:2] == [f"POST {BASE}"] * 2
    assert f"POST {BASE}" not in made[2:]


def test_others_had_time_to_add_what_comes_after_a_rescan() -> None:
    appliance = appliance_of()
    limited = {"scope": "limited", "limited_scopes": [scope("North", "/Workloads/Prod")]}
    items = [{"name": "production", **NEW, **limited}, {"name": "research", "rescan_iam_role": "rsch-rescan"}]
    run(appliance, *items)
    asked = [sent["rescanIamRoleId"] for sent in appliance.sent("POST", f"{BASE}/checkOrganizationExists")]
    assert asked == [ROLE_ID, THIRD_ROLE_ID, ROLE_ID, THIRD_ROLE_ID]


def test_defaults_are_merged_and_what_an_item_says_wins() -> None:
    appliance = appliance_of("production")
    defaults = {**DEFAULTS, "description": "from the defaults", "scope": None}
    items = [
        {"name": "production"},
        {"name": "research", "description": "its own", "scope": "entire", "rescan_iam_role": "rsch-rescan"},
    ]
    run(appliance, *items, defaults=defaults)
    assert {one["name"]: one["description"] for one in appliance.organizations} == {
        "production": "from the defaults",
        "research": "its own",
    }


def test_what_nothing_is_said_about_is_as_for_a_single_organization() -> None:
    appliance = appliance_of("by hand")
    finding = {"severity": "Warning", "message": "a warning lets it pass"}
    appliance.fault("answer", "POST", f"{BASE}/validateOrganization", body=[finding])
    complete = {"name": "production", "scope": "entire", "backup_restore_iam_role_name": "backup", **NEW}
    error = failed(appliance, complete, defaults=None)
    assert "registered already, as by hand" in error.message
    result = run(appliance, {**complete, "on_conflict": "update"}, defaults=None)
    assert result["organizations"][0]["preflight"][0]["message"] == "a warning lets it pass"


@pytest.mark.parametrize(
    ("item", "defaults", "checks"),
    [
        ({}, None, DEFAULT_CHECKS),
        ({}, {}, DEFAULT_CHECKS),
        ({"checks": None}, {"checks": None}, DEFAULT_CHECKS),
        ({}, {"checks": ["configuration"]}, ["configuration"]),
        ({"checks": None}, {"checks": ["name"]}, ["name"]),
        ({"checks": ["settings"]}, {"checks": ["name"]}, ["settings"]),
        ({"checks": []}, {"checks": ["name"]}, []),
        ({}, {"checks": []}, []),
    ],
)
def test_checks_are_those_of_the_item_else_of_the_defaults_else_the_documented_ones(
    item: dict[str, Any], defaults: dict[str, Any] | None, checks: Sequence[str]
) -> None:
    appliance = appliance_of()
    run(appliance, {"name": "production", **NEW, **DEFAULTS, **item}, defaults=defaults)
    paths = {"name": "validateName", "settings": "validateOrganization", "configuration": "testConfiguration"}
    asked = [check for check, path in paths.items() if f"POST {BASE}/{path}" in appliance.calls()]
    assert asked == [check for check in paths if check in checks]


def test_organizations_choose_the_check_of_their_role_for_themselves() -> None:
    appliance = appliance_of()
    appliance.change_role(ROLE_ID, trusted=False)
    appliance.change_role(THIRD_ROLE_ID, trusted=False)
    appliance.fault("none", "POST", BASE, act=lambda: appliance.change_role(ROLE_ID, trusted=True))
    items = [{"name": "production", **NEW, "checks": []}, {"name": "research", "rescan_iam_role": "rsch-rescan"}]
    error = failed(appliance, *items)
    assert error.reason == "role_invalid"
    assert outcomes(error.result) == {"production": ("create", "done"), "research": (None, "refused")}
    found = [[one["severity"] for one in record["preflight"]] for record in error.result["organizations"]]
    assert found == [["warning"], ["error"]]


@pytest.mark.parametrize(("default", "refused_with"), [(["removal"], "in_use"), ([], None)])
def test_what_is_pruned_is_checked_as_the_defaults_say(default: list[str], refused_with: str | None) -> None:
    appliance = appliance_of("production")
    finding = {"message": "The policy Daily uses it."}
    appliance.fault("answer", "POST", f"{BASE}/.*/validateDelete", body=[finding])
    given = {"prune": True, "prune_limit": 1, "defaults": {"checks": default}}
    if refused_with:
        assert failed(appliance, **given).reason == refused_with
    else:
        assert outcomes(run(appliance, **given)) == {"production": ("remove", "done")}


def test_what_another_task_adds_in_the_meantime_is_no_conflict() -> None:
    appliance = appliance_of()

    def add() -> None:
        appliance.has(name="production")

    appliance.fault("none", "POST", f"{BASE}/checkOrganizationExists", act=add)
    result = run(appliance, {"name": "production", **NEW})
    assert outcomes(result) == {"production": ("none", "done")}
    assert writes(appliance) == []


def test_check_mode_does_not_wait_for_what_somebody_else_is_adding() -> None:
    appliance = appliance_of()
    appliance.state.settings.session_seconds = 30.0
    run(appliance, {"name": "production", **NEW}, wait=False)
    began = appliance.now
    assert failed(appliance, {"name": "production", "rescan_iam_role": "rsch-rescan"}, check=True).reason == "conflict"
    assert appliance.now == began


# Names that change hands


def test_a_name_goes_from_a_removed_to_a_renamed_organization() -> None:
    appliance = appliance_of("production", "subsidiary")
    items = [
        {"aws_organization_id": AWS_ID, "name": "subsidiary"},
        {"aws_organization_id": OTHER_AWS_ID, "state": "absent"},
    ]
    plan = run(appliance, *items, check=True)
    assert outcomes(plan)["subsidiary"] == ("rename", "planned")
    assert plan["organizations"][0]["not_checked"] == [
        "the name and the settings, as long as another organization has this name"
    ]
    assert writes(appliance) == []
    unchecked = run(appliance, *items, check=True, defaults={**DEFAULTS, "checks": ["role", "removal"]})
    assert unchecked["organizations"][0]["not_checked"] == []
    run(appliance, *items, expected_plan=plan["plan_id"])
    assert [one["name"] for one in appliance.organizations] == ["subsidiary"]
    assert not run(appliance, *items)["changed"]


def test_a_name_goes_on_along_a_chain_and_to_a_new_organization() -> None:
    appliance = appliance_of("a", "b")
    items = [
        {"name": "a", "rescan_iam_role": "rsch-rescan"},
        {"aws_organization_id": AWS_ID, "name": "b"},
        {"aws_organization_id": OTHER_AWS_ID, "name": "c"},
    ]
    # The first one is found by its name alone, which the second one gives up.
    result = run(appliance, *items)
    assert outcomes(result) == {"a": ("create", "done"), "b": ("rename", "done"), "c": ("rename", "done")}
    assert {one["aws_organization_id"]: one["name"] for one in appliance.organizations} == {
        AWS_ID: "b",
        OTHER_AWS_ID: "c",
        THIRD_AWS_ID: "a",
    }


def test_two_that_swap_their_names_are_refused_and_the_others_go_on() -> None:
    appliance = appliance_of("a", "b", "research")
    items = [
        {"aws_organization_id": AWS_ID, "name": "b"},
        {"aws_organization_id": OTHER_AWS_ID, "name": "a"},
        {"name": "research", "description": "new"},
    ]
    error = failed(appliance, *items)
    assert "are to get each other's names" in error.message
    assert outcomes(error.result) == {
        "b": ("rename", "refused"),
        "a": ("rename", "refused"),
        "research": ("update", "done"),
    }


def test_a_name_that_is_not_given_up_after_all_fails_for_that_one_alone() -> None:
    appliance = appliance_of("production", "subsidiary")
    appliance.fault("status", "DELETE", f"{BASE}/.*", status=409, details="a policy uses it")
    error = failed(
        appliance,
        {"aws_organization_id": AWS_ID, "name": "subsidiary"},
        {"aws_organization_id": OTHER_AWS_ID, "state": "absent"},
    )
    assert set(outcomes(error.result).values()) == {("remove", "refused"), ("rename", "refused")}
    assert "cannot be renamed to 'subsidiary'" in error.message
    assert sorted(one["name"] for one in appliance.organizations) == ["production", "subsidiary"]


# Some fail


def test_one_that_fails_does_not_keep_the_others_from_being_carried_out() -> None:
    appliance = appliance_of("production", "subsidiary")
    error = failed(
        appliance,
        {"name": "production", "description": "new"},
        {"name": "subsidiary", "rescan_iam_role": "prod-rescan"},
        {"name": "research", "rescan_iam_role": "nobody-knows"},
        {"name": "bad", "description": "x" * 300},
    )
    assert error.reason == "several"
    assert error.message.startswith("3 of 4 AWS Organizations failed. subsidiary: ")
    for part in ("research: The IAM role 'nobody-knows'", "bad: The value"):
        assert part in error.message
    assert outcomes(error.result)["production"] == ("update", "done")
    assert [one["failure"] and one["failure"]["reason"] for one in error.result["organizations"]] == [
        None, "conflict", "not_found", "invalid",
    ]  # fmt: skip
    assert error.result["changed"]
    assert error.result["plan_id"] is None
    assert error.result["summary"]["refused"] == ["subsidiary", "bad"]
    assert error.result["summary"]["failed"] == ["research"]
    assert "Changed before the failure: the AWS Organization production (" in appliance.journal.ending()
    assert all(one["msg"].endswith("Nothing was changed.") for one in error.result["organizations"][1:])


def test_the_same_cause_is_told_once_and_its_reason_is_that_of_the_task() -> None:
    appliance = appliance_of("production", "subsidiary", "research")
    same = [{"name": name, "description": "x" * 300} for name in ("production", "subsidiary")]
    error = failed(appliance, *same, {"name": "research", "description": "new"})
    assert error.reason == "invalid"
    assert error.message.count("The value") == 1
    assert error.message.startswith("2 of 3 AWS Organizations failed. production, subsidiary: ")


def test_an_appliance_that_fails_leaves_the_rest_untouched() -> None:
    appliance = appliance_of("a", "b", "c")
    appliance.fault("drop_before", "GET", f"{BASE}/.+", times=-1)
    error = failed(appliance, *({"name": name, "description": "new"} for name in "abc"))
    assert error.reason == "unreachable"
    assert outcomes(error.result) == {"a": ("update", "failed"), "b": ("update", "planned"), "c": ("update", "planned")}
    assert "Untouched: b, c." in error.message
    assert error.result["summary"]["untouched"] == ["b", "c"]
    assert error.unsure is False
    assert error.result["changed"] is False


def test_a_failed_task_is_changed_where_one_that_failed_has_changed_something() -> None:
    appliance = SimulatedAppliance(keeps_dropped_scopes=True)
    appliance.has(appliance.scope("North", PROD), appliance.scope("South", TEST))
    item = {"name": "production", "description": "new", "limited_scopes": [scope("North")]}
    error = failed(appliance, item, defaults=None)
    assert error.reason == "not_applied"
    assert error.result["changed"] is True
    assert appliance.journal.ending().endswith("was modified.")


def test_an_appliance_that_fails_gets_no_more_additions() -> None:
    appliance = appliance_of()
    appliance.fault("none", "POST", BASE, act=no_connection)
    error = failed(appliance, {"name": "production", **NEW}, {"name": "b", "rescan_iam_role": "rsch-rescan"})
    assert outcomes(error.result) == {"production": ("create", "failed"), "b": ("create", "planned")}
    assert appliance.organizations == []


def test_an_addition_whose_session_fails_fails_alone() -> None:
    appliance = appliance_of()
    refusals: list[Refused] = []
    appliance.ends(FAILED)
    error = failed(appliance, {"name": "production", **NEW}, {"name": "b", "rescan_iam_role": "rsch-rescan"})
    assert (error.reason, refusals) == ("session_failed", [])
    assert set(outcomes(error.result).values()) == {("create", "failed")}


def test_additions_that_are_not_waited_for_are_told_as_started_where_something_else_fails() -> None:
    appliance = appliance_of()
    error = failed(
        appliance, {"name": "production", **NEW}, {"name": "b", "rescan_iam_role": "nobody-knows"}, wait=False
    )
    assert appliance.journal.ending().endswith(
        "Changed before the failure: the addition of the AWS Organization 'production' was started."
    )
    assert error.result["changed"]


def test_what_is_over_its_time_is_left_untouched() -> None:
    appliance = appliance_of("production", "subsidiary")
    items = [{"name": name, "description": "new"} for name in ("production", "subsidiary")]
    appliance.fault("drop_before", "PUT", f"{BASE}/.*", act=appliance.deadline.expire)
    error = failed(appliance, *items)
    assert outcomes(error.result) == {"production": ("update", "failed"), "subsidiary": ("update", "planned")}
    assert error.result["diff"] == []


# What the order must not decide


@pytest.mark.parametrize("threads", [1, 8])
def test_what_a_missing_property_means_is_the_same_in_any_order(threads: int) -> None:
    """The second one alone shows that the appliance knows descriptions at all."""
    plans = []
    for order in (1, -1):
        appliance = SimulatedAppliance(list_keys=(), nulls="absent")
        appliance.has(name="a", description=None, production_worker_iam_role_name=None, limited_scopes=None)
        appliance.has(name="b", aws_organization_id=OTHER_AWS_ID, rescan_iam_role=FOREIGN_ROLE_ID)
        items = [{"name": "a", "description": ""}, {"name": "b"}][::order]
        result = run(appliance, *items, concurrency=threads)
        assert {one["status"] for one in result["organizations"]} == {"in_sync"}
        assert len(appliance.calls()) == 3
        plans.append(result["plan_id"])
    assert plans[0] == plans[1]


def test_a_role_is_declared_once_also_for_what_is_new() -> None:
    items = [{"name": "x", "rescan_iam_role": "prod-rescan"}, {"name": "y", "rescan_iam_role": ROLE_ID}]
    with fails("invalid", "mean the same rescan role"):
        run(appliance_of(), *items)


# Duplicates


@pytest.mark.parametrize(
    "items",
    [
        [{"name": "a"}, {"name": "a"}],
        [{"name": "production"}, {"aws_organization_id": AWS_ID}],
        [{"name": "x", "rescan_iam_role": "prod-rescan"}, {"name": "y", "rescan_iam_role": ROLE_ID}],
    ],
)
def test_two_that_mean_the_same_are_refused_before_any_write(items: list[dict[str, Any]]) -> None:
    appliance = appliance_of("production")
    with fails("invalid", "Nothing was changed."):
        run(appliance, *({**item, "description": "new", "on_conflict": "update"} for item in items))
    assert writes(appliance) == []


def test_two_that_turn_out_to_mean_the_same_have_records() -> None:
    error = failed(
        appliance_of("production"), {"name": "production"}, {"aws_organization_id": AWS_ID, "description": "new"}
    )
    assert error.reason == "invalid"
    assert outcomes(error.result)[AWS_ID] == ("update", "refused")


# The same AWS Organization


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize("check", [False, True])
@pytest.mark.parametrize(
    ("items", "says"),
    [
        (
            [{"name": "subsidiary", "description": "keep"}, {"aws_organization_id": OTHER_AWS_ID, "state": "absent"}],
            ["'subsidiary' (by name)", f"'{OTHER_AWS_ID}' (by aws_organization_id)"],
        ),
        (
            [{"name": "subsidiary", "description": "keep"}, {"aws_organization_id": OTHER_AWS_ID, "name": "shops"}],
            ["'subsidiary' (by name)", "'shops' (by aws_organization_id)"],
        ),
        (
            [{"name": "production", "state": "absent"}, {"name": "new", **NEW}],
            ["'production' (by name)", "'new' (by rescan_iam_role)"],
        ),
        (
            [{"name": "production", "state": "absent"}, {"name": "new", "rescan_iam_role": "prod-delegate"}],
            ["'production' (by name)", "'new' (by rescan_iam_role)"],
        ),
        (
            [{"name": "production", "description": "new"}, {"name": "new", "on_conflict": "update", **NEW}],
            ["'production' (by name)", "'new' (by rescan_iam_role)"],
        ),
        (
            [{"name": "production", "state": "absent"}, {"name": "new", "description": "x" * 300, **NEW}],
            ["'production' (by name)", "'new' (by rescan_iam_role)"],
        ),
        (
            [{"name": "production", "state": "absent"}, {"name": "new", "scope": "limited", **NEW}],
            ["'production' (by name)", "'new' (by rescan_iam_role)"],
        ),
        (
            [{"name": "production", "state": "absent"}, {"name": "subsidiary", **NEW}],
            ["'production' (by name)", "'subsidiary' (by rescan_iam_role)"],
        ),
    ],
)
@pytest.mark.parametrize("shape", [{}, {"list_keys": ()}])
def test_an_organization_that_two_items_mean_is_refused_before_any_write(
    items: list[dict[str, Any]], says: list[str], check: bool, order: int, shape: dict[str, Any]
) -> None:
    appliance = SimulatedAppliance(**shape)
    appliance.has()
    appliance.has(name="subsidiary", aws_organization_id=OTHER_AWS_ID, rescan_iam_role=FOREIGN_ROLE_ID)
    error = failed(appliance, *items[::order], check=check)
    assert (error.reason, error.stage, writes(appliance)) == ("invalid", "resolve", [])
    for part in (*says, "mean the same AWS Organization: "):
        assert part in error.message
    assert {one["outcome"] for one in error.result["organizations"]} == {"refused"}


def test_what_an_item_that_contradicts_itself_leads_to_is_not_removed() -> None:
    appliance = appliance_of("production", "subsidiary")
    (other,) = (one["id"] for one in appliance.organizations if one["name"] == "subsidiary")
    contradicting = {"id": other, "aws_organization_id": AWS_ID, "name": "production"}
    error = failed(appliance, contradicting, {"name": "subsidiary", "state": "absent"})
    assert (error.reason, writes(appliance)) == ("invalid", [])
    assert "'subsidiary' (by name) and 'production' (by id) mean the same" in error.message


def test_an_unusable_role_does_not_free_a_name_that_is_given_up() -> None:
    appliance = appliance_of("production", "subsidiary")
    appliance.change_role(THIRD_ROLE_ID, trusted=False)
    new = {"name": "subsidiary", "rescan_iam_role": "rsch-rescan"}
    error = failed(appliance, new, {"aws_organization_id": OTHER_AWS_ID, "state": "absent"})
    assert (error.reason, writes(appliance)) == ("invalid", [])


def test_the_check_of_a_role_is_made_once() -> None:
    appliance = appliance_of("production")
    run(appliance, {"name": "production"}, {"name": "research", "rescan_iam_role": "rsch-rescan"}, check=True)
    assert appliance.sent("POST", f"{BASE}/checkOrganizationExists") == [{"rescanIamRoleId": THIRD_ROLE_ID}]


def test_a_check_of_a_role_that_fails_is_not_repeated() -> None:
    appliance = appliance_of("production")
    appliance.fault("status", "POST", f"{BASE}/checkOrganizationExists", status=400, details="not today")
    items = [{"name": "production", "description": "new"}, {"name": "research", "rescan_iam_role": "rsch-rescan"}]
    error = failed(appliance, *items)
    assert "not today" in str(error)
    assert outcomes(error.result)["production"] == ("update", "done")
    assert len(appliance.sent("POST", f"{BASE}/checkOrganizationExists")) == 1


def test_what_is_removed_is_named_as_the_appliance_names_it() -> None:
    appliance = appliance_of("production", "subsidiary")
    result = run(appliance, {"name": "other", "aws_organization_id": OTHER_AWS_ID, "state": "absent"})
    assert result["summary"]["removed"] == ["subsidiary"]
    assert result["organizations"][0]["name"] == "subsidiary"


def second_addition(appliance: SimulatedAppliance, way: str) -> dict[str, Any]:
    """Let the second of two additions be refused in some way, and return more options of its declaration."""
    if way == "session":
        appliance.state.settings.session_seconds = 5.0
    if way == "look-up":
        return {"scope": "limited", "limited_scopes": [scope("North", "/Workloads/Prod")]}
    if way == "lost answer":
        appliance.fault("drop_after", "POST", BASE, skip=1)
    if way == "aws id":
        return {"aws_organization_id": AWS_ID, "on_conflict": "fail"}
    return {}


@pytest.mark.parametrize("first", ["a", "z"])
@pytest.mark.parametrize("way", ["addition", "session", "look-up", "lost answer", "aws id"])
def test_what_one_item_adds_is_not_taken_over_by_another(way: str, first: str) -> None:
    appliance = appliance_of()
    more = second_addition(appliance, way)
    items = [
        {"name": first, "rescan_iam_role": "prod-rescan", "on_conflict": "update"},
        {"name": "second", "rescan_iam_role": "prod-delegate", "on_conflict": "update", **more},
    ]
    error = failed(appliance, *items)
    assert error.reason == "conflict"
    option = "aws_organization_id" if way == "aws id" else "rescan_iam_role"
    assert f"{first!r} (by name) and 'second' (by {option}) mean the same AWS Organization" in error.message
    assert [one["name"] for one in appliance.organizations] == [first]
    assert error.result["summary"]["created"] == [first]
    assert not [call for call in writes(appliance) if not call.startswith("add")]


def test_what_the_second_of_two_sessions_adds_is_not_taken_over_by_the_first() -> None:
    appliance = appliance_of()
    appliance.state.settings.session_seconds = 5.0

    def add_the_second() -> None:
        appliance.has(name="second")

    appliance.fault("none", "GET", "/sessions/.*", act=add_the_second)
    items = [
        {"name": "first", "rescan_iam_role": "prod-rescan", "on_conflict": "update"},
        {"name": "second", "rescan_iam_role": "prod-delegate", "scope": "entire"},
    ]
    error = failed(appliance, *items)
    assert "'second' (by name) and 'first' (by rescan_iam_role) mean the same AWS Organization" in error.message
    assert [one["name"] for one in appliance.organizations] == ["second"]


def test_what_an_item_keeps_is_not_taken_over_while_the_task_runs() -> None:
    appliance = appliance_of("production", "subsidiary")

    def vanish() -> None:
        appliance.remove("subsidiary")
        appliance.change_role(FOREIGN_ROLE_ID, aws_organization=AWS_ID)

    appliance.fault("none", "GET", f"{BASE}/[0-9a-f-]+", act=vanish)
    changed = {"name": "subsidiary", "description": "new", "rescan_iam_role": "subs-rescan", "on_conflict": "update"}
    error = failed(appliance, {"name": "production"}, changed)
    assert error.reason == "conflict"
    assert "'production' (by name) and 'subsidiary' (by rescan_iam_role) mean the same" in error.message
    assert ([one["name"] for one in appliance.organizations], writes(appliance)) == (["production"], [])


def test_what_vanishes_before_its_change_is_added_once() -> None:
    appliance = appliance_of("production")
    appliance.fault("none", "GET", f"{BASE}/[0-9a-f-]+", act=lambda: appliance.remove("production"))
    result = run(appliance, {"name": "production", "description": "new", "rescan_iam_role": ROLE_ID})
    assert outcomes(result) == {"production": ("create", "done")}
    assert writes(appliance) == ["add 'production'"]


def test_what_an_item_keeps_is_not_removed_while_the_task_runs() -> None:
    appliance = appliance_of("production", "subsidiary")

    def change_hands() -> None:
        appliance.remove("subsidiary")
        appliance.change("production", name="subsidiary")

    appliance.fault("none", "GET", f"{BASE}/[0-9a-f-]+", act=change_hands)
    error = failed(appliance, {"aws_organization_id": AWS_ID}, {"name": "subsidiary", "state": "absent"})
    assert error.reason == "conflict"
    assert f"'{AWS_ID}' (by aws_organization_id) and 'subsidiary' (by name) mean the same" in error.message
    assert writes(appliance) == []


def test_prune_leaves_what_a_role_of_a_refused_item_means() -> None:
    appliance = appliance_of("production", "subsidiary", "research")
    new = {"name": "new", "rescan_iam_role": "subs-rescan"}
    error = failed(appliance, {"name": "production"}, new, prune=True, check=True)
    assert error.reason == "conflict"
    assert [one["name"] for one in error.result["unmanaged"]] == ["research"]


# Prune


def test_prune_removes_what_is_not_declared_within_its_limit() -> None:
    appliance = appliance_of("production", "subsidiary", "research")
    assert [one["name"] for one in run(appliance, {"name": "production"})["unmanaged"]] == ["subsidiary", "research"]
    error = failed(appliance, {"name": "production", "description": "new"}, prune=True)
    assert (error.reason, writes(appliance)) == ("over_limit", [])
    assert {one["msg"] for one in error.result["organizations"]} == {
        "Not carried out, since the task as a whole was refused. See the message of the task. Nothing was changed."
    }
    assert outcomes(error.result) == {
        "production": ("update", "refused"),
        "subsidiary": ("remove", "refused"),
        "research": ("remove", "refused"),
    }
    result = run(appliance, {"name": "production"}, prune=True, prune_limit=2)
    assert [(one["status"], one["declared"]) for one in result["organizations"]] == [
        ("in_sync", True), ("unmanaged", False), ("unmanaged", False),
    ]  # fmt: skip
    assert [one["name"] for one in appliance.organizations] == ["production"]


def test_an_empty_list_prunes_only_with_a_limit_that_was_given() -> None:
    appliance = appliance_of("production")
    assert failed(appliance, prune=True).reason == "over_limit"
    assert run(appliance, prune=False)["changed"] is False
    assert writes(appliance) == []
    assert run(appliance, prune=True, prune_limit=1)["summary"]["removed"] == ["production"]


@pytest.mark.parametrize(
    "broken",
    [
        {"name": "subsidiary", "rescan_iam_role": "nobody-knows"},
        {"name": "other", "description": "x" * 300},
        {"name": "new", "rescan_iam_role": "subs-rescan"},
        {"name": None, "state": "absent"},
    ],
)
def test_nothing_is_pruned_while_something_declared_is_not_understood(broken: dict[str, Any]) -> None:
    appliance = appliance_of("production", "subsidiary", "research")
    error = failed(appliance, {"name": "production"}, broken, prune=True, prune_limit=9)
    assert writes(appliance) == []
    assert "Prune removed nothing" in error.message


def test_prune_takes_over_what_a_declaration_takes_over() -> None:
    appliance = appliance_of("by hand")
    result = run(appliance, {"name": "production", "on_conflict": "update", **NEW}, prune=True, prune_limit=0)
    assert outcomes(result) == {"production": ("rename", "done")}


def test_an_organization_whose_name_is_declared_is_not_pruned_to_free_the_name() -> None:
    appliance = appliance_of("production", "subsidiary")
    error = failed(appliance, {"aws_organization_id": AWS_ID, "name": "subsidiary"}, prune=True)
    assert error.reason == "conflict"
    assert "cannot be renamed to 'subsidiary'" in error.message
    assert "Prune removed nothing" in error.message
    assert [one["name"] for one in appliance.organizations] == ["production", "subsidiary"]


def test_what_prune_leaves_counts_for_no_limit() -> None:
    appliance = appliance_of("production", "subsidiary", "research")
    broken = {"name": "new", "rescan_iam_role": "nobody-knows"}
    error = failed(appliance, {"name": "production", "description": "new"}, broken, prune=True, max_accounts_lost=0)
    assert error.reason == "not_found"
    assert outcomes(error.result)["production"] == ("update", "done")
    assert len(appliance.organizations) == 3


def test_what_prune_removes_tells_what_a_missing_property_means_too() -> None:
    appliance = SimulatedAppliance(list_keys=(), nulls="absent")
    appliance.has(name="a", description=None, production_worker_iam_role_name=None, limited_scopes=None)
    appliance.has(name="b", aws_organization_id=OTHER_AWS_ID, rescan_iam_role=FOREIGN_ROLE_ID)
    result = run(appliance, {"name": "a", "description": ""}, prune=True, check=True)
    assert [one["status"] for one in result["organizations"]] == ["in_sync", "unmanaged"]


def test_prune_leaves_what_somebody_changes_in_the_meantime() -> None:
    appliance = appliance_of("production", "subsidiary")
    appliance.fault("none", "PUT", f"{BASE}/.*", act=lambda: appliance.change("subsidiary", name="precious"))
    error = failed(appliance, {"name": "production", "description": "new"}, prune=True)
    assert (error.reason, appliance.organizations[1]["name"]) == ("conflict", "precious")
    assert "is not removed" in error.message
    assert error.result["organizations"][1]["outcome"] == "refused"


def test_prune_does_not_mind_what_is_gone_in_the_meantime() -> None:
    appliance = appliance_of("production", "subsidiary")
    appliance.fault("none", "PUT", f"{BASE}/.*", act=lambda: appliance.remove("subsidiary"))
    result = run(appliance, {"name": "production", "description": "new"}, prune=True)
    assert outcomes(result)["subsidiary"] == ("none", "done")


# Limits and approvals


def test_an_approved_plan_is_bound_to_what_was_seen() -> None:
    appliance = appliance_of("production", "subsidiary")
    items = [{"name": "production", "description": "new"}, {"name": "subsidiary", "description": "Shops"}]
    plan = run(appliance, *items, check=True)
    appliance.change("subsidiary", description="edited by a colleague")
    error = failed(appliance, *items, expected_plan=plan["plan_id"])
    assert (error.reason, writes(appliance)) == ("plan_changed", [])
    assert error.result["organizations"][0]["outcome"] == "refused"
    appliance.change("subsidiary", description="Shops")
    assert run(appliance, *reversed(items), expected_plan=plan["plan_id"], concurrency=8)["changed"]


def test_an_approved_plan_that_was_carried_out_leaves_nothing_to_do() -> None:
    appliance = appliance_of("production", "subsidiary")
    items = [{"name": "production", "description": "new"}, {"name": "subsidiary", "state": "absent"}]
    approved = run(appliance, *items, check=True)["plan_id"]
    assert run(appliance, *items, expected_plan=approved)["changed"]
    assert run(appliance, *items, expected_plan=approved)["changed"] is False


def test_what_is_left_of_an_approved_plan_is_carried_out() -> None:
    appliance = appliance_of("production", "subsidiary", "research")
    items = [{"name": name, "description": "new"} for name in ("production", "subsidiary", "research")]
    approved = run(appliance, *items, check=True)["plan_id"]
    (broken,) = (one["id"] for one in appliance.organizations if one["name"] == "subsidiary")
    appliance.fault("status", "PUT", f"{BASE}/{broken}", status=400, details="not now")
    error = failed(appliance, *items, expected_plan=approved)
    assert error.result["summary"]["refused"] == ["subsidiary"]
    assert "run the task again with the same expected_plan" in error.remedy
    appliance.forget()
    result = run(appliance, *items, expected_plan=approved)
    assert (result["summary"]["updated"], result["summary"]["unchanged"]) == (
        ["subsidiary"],
        ["production", "research"],
    )


def test_what_is_left_and_anything_else_is_refused() -> None:
    appliance = appliance_of("production", "subsidiary")
    items = [{"name": "production", "description": "new"}, {"name": "subsidiary", "description": "new"}]
    approved = run(appliance, *items, check=True)["plan_id"]
    run(appliance, items[0])
    appliance.change("production", description="edited by a colleague")
    appliance.forget()
    error = failed(appliance, *items, expected_plan=approved)
    assert (error.reason, writes(appliance)) == ("plan_changed", [])
    assert "Not approved as it would be done now: update 'production' (description)." in error.remedy
    assert "same expected_plan" not in error.remedy


def test_an_edit_of_what_is_not_to_be_changed_does_not_matter_to_an_approval() -> None:
    appliance = appliance_of("production", "subsidiary")
    items = [{"name": "production", "description": "new"}, {"name": "subsidiary"}]
    plan = run(appliance, *items, check=True)
    appliance.change("subsidiary", description="edited by a colleague")
    assert run(appliance, *items, expected_plan=plan["plan_id"])["summary"]["updated"] == ["production"]


@pytest.mark.parametrize("approved", [" ", "nonsense", "-", "0" * 31])
def test_what_is_not_a_plan_approves_nothing_even_if_nothing_is_left_to_do(approved: str) -> None:
    appliance = appliance_of("production")
    assert failed(appliance, {"name": "production"}, expected_plan=approved).reason == "plan_changed"


# Warnings


def missing(role: str, first: int, count: int) -> list[dict[str, Any]]:
    texts = (f'The IAM role "{role}" does not exist in the AWS account {first + number}.' for number in range(count))
    return [{"severity": "Warning", "message": text} for text in texts]


@pytest.mark.parametrize("check", [False, True])
def test_warnings_of_the_checks_of_all_are_one_warning_and_in_the_summary(check: bool) -> None:
    appliance = appliance_of("production", "subsidiary", "research")
    appliance.fault("answer", "POST", f"{BASE}/validateOrganization", body=missing("backup", 100, 12))
    appliance.fault("answer", "POST", f"{BASE}/validateOrganization", body=missing("backup", 200, 12))
    items = [{"name": name, "description": "new"} for name in ("production", "subsidiary")]
    result = run(appliance, *items, {"name": "research"}, check=check)
    (warning,) = appliance.warnings
    assert warning == (
        "The appliance's checks found 24 warnings for production, subsidiary. The IAM role "
        '"backup" does not exist in the AWS account 100, 101, 102 and 21 more.'
    )
    summary = result["summary"]
    assert (summary["warned"], summary["findings"]) == (["production", "subsidiary"], warning)
    assert summary["text"].endswith("; with warnings: 2 (production, subsidiary).")


def test_findings_of_what_is_pruned_are_shown_too() -> None:
    appliance = appliance_of("production", "subsidiary")
    found = [{"severity": "Error", "message": "Used by the policy Daily."}]
    appliance.fault("answer", "POST", f"{BASE}/.*/validateDelete", body=found)
    result = run(appliance, {"name": "production"}, prune=True, defaults={**DEFAULTS, "fail_on": "never"})
    (warning,) = appliance.warnings
    assert "found 1 error for subsidiary (" in warning
    assert result["summary"]["warned"] == [result["organizations"][1]["name"]]


def test_what_is_warned_about_is_in_the_summary_of_a_failed_task() -> None:
    appliance = appliance_of("production", "subsidiary")
    appliance.fault("answer", "POST", f"{BASE}/validateOrganization", body=missing("backup", 100, 1))
    error = failed(appliance, {"name": "production", "description": "new"}, {"name": "nobody"})
    assert error.result["summary"]["warned"] == ["production"]
    assert len(appliance.warnings) == 1


def test_other_warnings_are_in_the_summary_too_and_not_shown_twice() -> None:
    appliance = appliance_of()
    appliance.ends(WARNING, log=[("Warning", "It is slow.")])
    result = run(appliance, {"name": "a", **NEW})
    assert (len(appliance.warnings), result["summary"]["warned"], result["summary"]["findings"]) == (1, ["a"], "")


@pytest.mark.parametrize("prune", [False, True])
def test_a_prune_limit_without_prune_is_a_warning(prune: bool) -> None:
    appliance = appliance_of("production")
    run(appliance, {"name": "production"}, prune=prune, prune_limit=2)
    assert [("prune_limit has no effect" in text) for text in appliance.warnings] == ([] if prune else [True])


def test_an_edit_in_the_middle_of_an_approved_task_is_refused() -> None:
    appliance = appliance_of("production", "subsidiary")
    items = [{"name": "production", "description": "new"}, {"name": "subsidiary", "description": "new"}]
    plan = run(appliance, *items, check=True)

    def edit() -> None:
        appliance.change("subsidiary", production_worker_iam_role_name="edited")

    appliance.fault("none", "PUT", f"{BASE}/.*", act=edit)
    error = failed(appliance, *items, expected_plan=plan["plan_id"])
    assert error.reason == "plan_changed"
    assert outcomes(error.result) == {"production": ("update", "done"), "subsidiary": ("update", "refused")}
    assert appliance.organizations[1]["description"] == "Shops"


def test_what_is_to_be_removed_is_the_one_that_was_approved() -> None:
    appliance = appliance_of("production", "subsidiary")
    items = [{"name": "production", "description": "new"}, {"name": "subsidiary", "state": "absent"}]
    plan = run(appliance, *items, check=True)
    appliance.fault("none", "PUT", f"{BASE}/.*", act=lambda: appliance.change("subsidiary", description="!"))
    error = failed(appliance, *items, expected_plan=plan["plan_id"])
    assert (error.reason, len(appliance.organizations)) == ("plan_changed", 2)


def test_a_plan_that_cannot_be_made_whole_is_not_the_approved_one() -> None:
    appliance = appliance_of("production")
    items = [{"name": "production", "description": "new", **NEW}, {"name": "b", "rescan_iam_role": "nobody-knows"}]
    approved = run(appliance, items[0], check=True)["plan_id"]
    error = failed(appliance, *items, expected_plan=approved)
    assert (error.reason, writes(appliance)) == ("plan_changed", [])


def test_no_more_accounts_than_allowed_fall_out_of_backup() -> None:
    appliance = appliance_of("production", "subsidiary")
    narrowed = {"name": "production", "scope": "limited", "limited_scopes": [scope("North", "/Workloads/Prod")]}
    error = failed(appliance, narrowed, {"name": "subsidiary", "description": "new"}, max_accounts_lost=0)
    assert (error.reason, writes(appliance)) == ("over_limit", [])
    assert "production loses 1: playground" in error.message
    assert run(appliance, narrowed, max_accounts_lost=1)["summary"]["accounts_lost"] == 1
    assert appliance.organizations[0]["limited_scopes"][0]["organizational_units"] == [PROD]


def test_an_edit_in_between_does_not_let_more_accounts_fall_out_of_backup() -> None:
    appliance = appliance_of("production")
    appliance.change(limited_scopes=[appliance.scope("North", PROD)])
    narrowed = {
        "name": "production",
        "limited_scopes": [scope("North", PROD)],
        "description": "new",
        "scope": "limited",
    }

    def widen() -> None:
        appliance.change(limited_scopes=[])

    appliance.fault("none", "GET", f"{BASE}/[0-9a-f-]+", act=widen)
    error = failed(appliance, narrowed, max_accounts_lost=0)
    assert (error.reason, writes(appliance)) == ("over_limit", [])


def test_a_structure_that_cannot_be_read_matters_to_the_limit_alone() -> None:
    appliance = appliance_of("production")
    appliance.change(limited_scopes=[appliance.scope("North", PROD)])
    odd = {"identities": [{"name": "of no known form"}], "totalCount": 1}
    appliance.fault("answer", "POST", f"{BASE}/.*/identitiesInDb", body=odd, times=2)
    removed = {"name": "production", "state": "absent"}
    assert failed(appliance, removed, max_accounts_lost=9).reason == "over_limit"
    result = run(appliance, removed)
    assert result["organizations"][0]["impact"]["accounts_lost"] is None
    assert "an item without an AWS ID" in result["organizations"][0]["not_checked"][0]


def test_an_appliance_that_is_gone_is_no_matter_of_a_structure() -> None:
    appliance = appliance_of("production")
    appliance.change(limited_scopes=[appliance.scope("North", PROD)])
    appliance.fault("none", "POST", f"{BASE}/.*/identitiesInDb", act=no_connection)
    assert failed(appliance, {"name": "production", "state": "absent"}).reason == "unreachable"
    assert writes(appliance) == []


@pytest.mark.parametrize(("option", "value"), [("concurrency", 0), ("prune_limit", -1)])
def test_numbers_that_mean_nothing_are_refused(option: str, value: int) -> None:
    appliance = appliance_of()
    with fails("invalid", option):
        run(appliance, {"name": "a"}, **{option: value})
    assert appliance.calls() == []


def test_what_is_told_of_one_comes_in_the_order_of_the_list() -> None:
    appliance = appliance_of("production", "subsidiary")
    appliance.ends(WARNING)
    items = [{"name": "z", "rescan_iam_role": "rsch-rescan"}, {"name": "subsidiary", "state": "absent"}]
    appliance.fault("status", "DELETE", f"{BASE}/.*", status=404, details="gone")
    with pytest.raises(ApplianceError):
        run(appliance, *items, concurrency=4)
    assert "'z'" in appliance.warnings[0]
    assert "subsidiary" in appliance.warnings[1]


def test_an_addition_that_ends_badly_is_looked_after_in_the_thread_that_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Writes come one by one: an addition whose session failed and that is there all the same may need a change."""
    appliance = appliance_of()
    appliance.ends(FAILED)
    seen: list[threading.Thread] = []
    finish = Declaration.finish

    def noted(self: Declaration, *arguments: Any) -> None:
        if self.outcome is None:
            seen.append(threading.current_thread())
        finish(self, *arguments)

    monkeypatch.setattr(Declaration, "finish", noted)
    failed(appliance, {"name": "a", **NEW}, {"name": "b", "rescan_iam_role": "rsch-rescan"}, concurrency=4)
    assert seen == [threading.main_thread()] * 2


def test_an_interruption_tells_every_addition_with_its_session(monkeypatch: pytest.MonkeyPatch) -> None:
    appliance = appliance_of("production")
    appliance.state.settings.session_seconds = 1e9

    def interrupt(_seconds: float) -> None:
        raise Interrupted(signal.SIGTERM)

    monkeypatch.setattr(appliance, "sleep", interrupt)
    items = [
        {"name": "production", "description": "new"},
        {"name": "subsidiary", "rescan_iam_role": "subs-rescan"},
        {"name": "research", "rescan_iam_role": "rsch-rescan"},
    ]
    error = failed(appliance, *items)
    sessions = appliance.sessions
    assert error.reason == "unknown_outcome"
    assert "interrupted by SIGTERM" in str(error)
    assert error.result["changed"] is True
    records = {one["name"]: one for one in error.result["organizations"]}
    assert outcomes(error.result)["production"] == ("update", "done")
    assert [records[name]["session"] for name in ("subsidiary", "research")] == [{"id": one} for one in sessions]
    for name, session in zip(("subsidiary", "research"), sessions, strict=True):
        assert (
            f"It is not known whether the session {session} has added the AWS Organization '{name}'"
            in (records[name]["msg"])
        )
        assert records[name]["failure"]["reason"] == "unknown_outcome"


def test_an_interruption_leaves_alone_what_was_not_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    appliance = appliance_of("production", "subsidiary")

    def interrupt(*_arguments: Any) -> None:
        raise Interrupted(signal.SIGTERM)

    monkeypatch.setattr(Declaration, "carry_out", interrupt)
    error = failed(appliance, {"name": "production", "description": "new"}, {"name": "subsidiary", "description": "x"})
    assert outcomes(error.result) == {"production": ("update", "planned"), "subsidiary": ("update", "planned")}
    assert error.result["summary"]["untouched"] == ["production", "subsidiary"]
    assert error.reason == "timeout"


def test_a_name_that_is_not_text_fails_for_itself_alone() -> None:
    appliance = appliance_of("production")
    error = failed(appliance, {"name": False, "state": "absent"}, {"name": "production", "description": "new"})
    assert error.result["summary"]["updated"] == ["production"]
    assert "False: The value false of the option name is a bool. Put the text in quotes" in str(error)


def test_null_leaves_an_option_of_an_item_out() -> None:
    appliance = appliance_of("production")
    result = run(appliance, {"name": "production", "limited_scopes": None, "checks": None, "state": None})
    assert result["changed"] is False


# Progress


def watch(appliance: SimulatedAppliance, interval: float = 0.0) -> Watched:
    appliance.progress = watched = Watched(interval, lambda: appliance.now)
    return watched


def test_each_part_of_a_long_task_is_counted() -> None:
    appliance = appliance_of("production", "subsidiary")
    appliance.state.settings.session_seconds = 5.0
    watched = watch(appliance)
    changed = {"name": "production", "description": "New"}
    result = run(appliance, changed, {"name": "third", "rescan_iam_role": THIRD_ROLE_ID}, prune=True, wait_interval=2)
    assert result["summary"]["text"].startswith("1 created (third), 1 updated (production), 1 removed (subsidiary)")
    assert list(dict.fromkeys(watched.texts)) == [
        "1 of 2 AWS Organizations read",
        "2 of 2 AWS Organizations read",
        "1 of 2 checked",
        "2 of 2 checked",
        "1 of 1 removals checked",
        "1 of 2 changed",
        "2 of 2 changed",
        "1 of 1 additions started",
        "Adding the AWS Organization 'third'",
        "Adding the AWS Organization 'third': Adding AWS Organization \"third\"",
        "1 of 1 read back",
    ]


def test_what_failed_does_not_count_as_changed() -> None:
    appliance = appliance_of("production", "subsidiary")
    appliance.fault("status", "PUT", f"{BASE}/.*", status=400, times=1)
    watched = watch(appliance)
    items = [{"name": name, "description": "New"} for name in ("production", "subsidiary")]
    failed(appliance, *items)
    assert [text for text in watched.texts if text.endswith("changed")] == ["1 of 2 changed"]


def test_progress_changes_neither_the_result_nor_the_requests_but_for_logs() -> None:
    made = []
    for interval in (None, 5.0):
        appliance = appliance_of("production")
        appliance.state.settings.session_seconds = 30.0
        watched = watch(appliance, interval) if interval else None
        items = [{"name": "production", "description": "New"}, {"name": "new", "rescan_iam_role": FOREIGN_ROLE_ID}]
        result = run(appliance, *items)
        calls = [call for call in appliance.calls() if not call.endswith("/log")]
        made.append((result, calls, len(appliance.calls()) - len(calls)))
    assert made[0][:2] == made[1][:2]
    assert made[0][2] == 0
    assert watched is not None
    assert 4 <= made[1][2] == len(watched.lines) <= 6


def test_looking_for_an_addition_whose_answer_was_lost_is_reported() -> None:
    appliance = appliance_of()
    appliance.state.settings.session_seconds = 20.0
    appliance.fault("drop_after", "POST", BASE, times=1)
    watched = watch(appliance, 5.0)
    run(appliance, {"name": "production", **NEW})
    assert set(watched.texts) == {"Looking for the AWS Organization 'production'"}
    assert 3 <= len(watched.lines) <= 4
