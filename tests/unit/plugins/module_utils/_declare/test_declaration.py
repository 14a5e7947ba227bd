# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole declarations against an appliance: which requests are made, in which order, and what becomes of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.vbaws.appliance.plugins.module_utils._module.options import CHECKS, DEFAULT_CHECKS
from ansible_collections.vbaws.appliance.plugins.modules.organization import organization
from ansible_collections.vbaws.appliance.tests.simulator.state import edits
from ansible_collections.vbaws.appliance.tests.simulator.state.sessions import FAILED, WARNING
from ansible_collections.vbaws.appliance.tests.unit.support.appliance import SimulatedAppliance
from ansible_collections.vbaws.appliance.tests.unit.support.builders import (
    AWS_ID,
    DELEGATE_ID,
    FOREIGN_ROLE_ID,
    OTHER_AWS_ID,
    PROD,
    ROLE_ID,
    SANDBOX,
    TEST,
    WORKLOADS,
    fails,
    organization_options,
    scope,
    uuid,
)
from ansible_collections.vbaws.appliance.tests.unit.support.fake_client import BASE

LIST, ROLES, ADD = f"GET {BASE}", "GET /accounts/amazon", f"POST {BASE}"
ROLE_CHECK, NAME_CHECK = f"POST {BASE}/checkOrganizationExists", f"POST {BASE}/validateName"
SETTINGS_CHECK, TEST_RUN, RESCAN = (
    f"POST {BASE}/validateOrganization",
    f"POST {BASE}/testConfiguration",
    f"POST {BASE}/rescan",
)
SESSION = "GET /sessions/ID"
NEW: dict[str, Any] = {
    "rescan_iam_role": "prod-rescan",
    "backup_restore_iam_role_name": "backup",
    "scope": "entire",
}
ONE = f"{BASE}/[0-9a-f-]{{36}}"


def run(appliance: SimulatedAppliance, *, check: bool = False, **given: Any) -> dict[str, Any]:
    options = organization_options(**{"name": "production", **given})
    return organization(appliance.task(options, check_mode=check))


def calls(appliance: SimulatedAppliance) -> list[str]:
    """The requests, with ID for every session, and ONE for every organization."""
    made = [re.sub(ONE, f"{BASE}/ONE", call) for call in appliance.calls()]
    for session in appliance.sessions:
        made = [call.replace(session, "ID") for call in made]
    return made


def another_job_adds_it(appliance: SimulatedAppliance, seconds: float, role: str = ROLE_ID) -> None:
    """Starts an addition of the name production, which takes some seconds."""
    appliance.state.settings.session_seconds = seconds
    settings = {"name": "production", "rescanIamRoleId": role, "backupRestoreIamRoleName": "backup"}
    assert appliance.simulated.call("POST", BASE, body={"organization": settings}).status == 202


GET_ONE, PUT_ONE, DELETE_ONE = (f"{verb} {BASE}/ONE" for verb in ("GET", "PUT", "DELETE"))
REMOVAL_CHECK, STORED = f"POST {BASE}/ONE/validateDelete", f"POST {BASE}/ONE/identitiesInDb"


# Add


def test_an_add_asks_the_checks_adds_waits_and_reads_back() -> None:
    appliance = SimulatedAppliance()
    result = run(appliance, **NEW, description="Shops")
    assert calls(appliance) == [
        LIST, ROLES, ROLE_CHECK, NAME_CHECK, SETTINGS_CHECK, ADD, SESSION, LIST, GET_ONE, STORED,
    ]  # fmt: skip
    body = {
        "organization": {
            "name": "production",
            "description": "Shops",
            "rescanIamRoleId": ROLE_ID,
            "backupRestoreIamRoleName": "backup",
        }
    }
    assert appliance.sent("POST", BASE) == [body]
    assert appliance.sent("POST", f"{BASE}/validateOrganization") == [{"create": body}]
    assert appliance.sent("POST", f"{BASE}/checkOrganizationExists") == [{"rescanIamRoleId": ROLE_ID}]
    assert appliance.sent("POST", f"{BASE}/validateName") == [{"organizationName": "production"}]
    assert (result["changed"], result["action"], result["status"], result["outcome"]) == (
        True, "create", "missing", "done",
    )  # fmt: skip
    assert (result["verified"], result["session"]["state"]) == (True, "succeeded")
    assert result["organization"]["id"] == appliance.organizations[0]["id"]


def test_an_add_with_units_and_a_test_rescans_in_memory_and_asks_again_whether_it_was_added_meanwhile() -> None:
    appliance = SimulatedAppliance()
    scopes = [scope("North", "/Workloads/Prod", TEST)]
    run(appliance, **{**NEW, "scope": "limited"}, limited_scopes=scopes, checks=CHECKS)
    assert calls(appliance) == [
        LIST, ROLES, ROLE_CHECK, NAME_CHECK, RESCAN, SESSION, f"POST {BASE}/rescan/ID/identitiesInMemory",
        SETTINGS_CHECK, TEST_RUN, SESSION, ROLE_CHECK, ADD, SESSION, LIST, GET_ONE,
    ]  # fmt: skip
    (body,) = appliance.sent("POST", BASE)
    assert body["limitedScopes"] == [{"name": "North", "includedMembers": sorted([PROD, TEST])}]
    session = appliance.sessions[0]
    for check in ("validateOrganization", "testConfiguration"):
        assert appliance.sent("POST", f"{BASE}/{check}") == [{"create": body, "rescanSessionId": session}]
    assert appliance.sent("POST", f"{BASE}/rescan") == [{"rescanIamRoleId": ROLE_ID, "rescanStorageType": "InMemory"}]


def test_with_no_check_the_appliance_is_still_asked_about_the_role() -> None:
    appliance = SimulatedAppliance()
    run(appliance, **{**NEW, "rescan_iam_role": ROLE_ID}, checks=[])
    assert calls(appliance) == [LIST, ROLE_CHECK, ADD, SESSION, LIST, GET_ONE, STORED]


def test_a_second_run_changes_nothing() -> None:
    appliance = SimulatedAppliance()
    given = {**NEW, "scope": "limited", "limited_scopes": [scope("North", "/Workloads"), scope("South", SANDBOX)]}
    run(appliance, **given)
    appliance.forget()
    result = run(appliance, **given)
    assert (result["changed"], result["status"], result["outcome"]) == (False, "in_sync", "done")
    assert "diff" not in result
    assert calls(appliance) == [LIST, ROLES, STORED]


@pytest.mark.parametrize("missing", ["rescan_iam_role", "backup_restore_iam_role_name", "scope"])
def test_an_incomplete_add_fails_before_anything_else_is_asked(missing: str) -> None:
    appliance = SimulatedAppliance()
    with fails("invalid", missing, "Nothing was changed."):
        run(appliance, **{**NEW, missing: None})
    assert calls(appliance) == [LIST]


def test_without_waiting_the_session_is_returned_and_a_rerun_looks_for_it_first() -> None:
    appliance = SimulatedAppliance()
    appliance.state.settings.session_seconds = 5
    result = run(appliance, **NEW, wait=False)
    assert (result["session"], result["verified"], result["outcome"]) == (
        {"id": appliance.sessions[0]}, False, "done",
    )  # fmt: skip
    assert (result["changed"], result["organization"]) == (True, None)
    assert calls(appliance)[-1] == ADD

    appliance.forget()
    result = run(appliance, **NEW)
    assert (result["changed"], result["status"], result["verified"]) == (False, "in_sync", True)
    assert appliance.writes() == []
    assert appliance.now >= 5


def test_a_failed_session_says_that_nothing_was_added() -> None:
    appliance = SimulatedAppliance()
    appliance.ends(FAILED, "No trust")
    with fails("session_failed", "Adding the AWS Organization 'production' has failed", "No trust") as caught:
        run(appliance, **NEW)
    assert appliance.writes() == [ADD]
    assert caught.said.endswith("Nothing was changed.")
    assert caught.raised.result["session"]["state"] == "failed"


def test_a_session_that_takes_too_long_leaves_open_whether_it_was_added() -> None:
    appliance = SimulatedAppliance()
    appliance.state.settings.session_seconds = 1e9
    with fails("timeout", "wait_timeout") as caught:
        run(appliance, **NEW, wait_timeout=0)
    session = appliance.sessions[0]
    ending = f"gets added by the session {session}; run again, it looks first."
    assert caught.said.endswith(f"It is not known whether the AWS Organization 'production' {ending}")


def test_a_session_that_the_appliance_forgot_is_no_failure_if_the_organization_is_there() -> None:
    appliance = SimulatedAppliance()
    appliance.fault("status", "GET", "/sessions/.*", status=404)
    result = run(appliance, **NEW)
    assert (result["changed"], result["action"], result["verified"]) == (True, "create", True)
    assert appliance.writes() == [ADD]


def test_a_session_that_the_appliance_forgot_leaves_open_whether_it_was_added() -> None:
    appliance = SimulatedAppliance()
    appliance.state.settings.session_seconds = 1e9
    appliance.fault("status", "GET", "/sessions/.*", status=404)
    with fails("session_failed", "does not know any more", "It is not known whether"):
        run(appliance, **NEW)
    assert appliance.writes() == [ADD]


# An add whose answer is lost, and others who add the same


def test_a_lost_add_that_was_carried_out_is_found_and_verified() -> None:
    appliance = SimulatedAppliance()
    appliance.state.settings.session_seconds = 7
    appliance.fault("drop_after", "POST", BASE)
    result = run(appliance, **NEW)
    assert (result["changed"], result["action"], result["verified"]) == (True, "create", True)
    assert appliance.writes() == [ADD]
    assert appliance.now >= 7


def altered(body: dict[str, Any], **settings: Any) -> dict[str, Any]:
    """What the appliance takes the body of an addition for."""
    return {"organization": {**body["organization"], **settings}}


def test_a_lost_add_that_got_another_name_is_found_by_its_role_and_told() -> None:
    appliance = SimulatedAppliance()
    appliance.fault("drop_after", "POST", BASE, alter=lambda body: altered(body, name="Production"))
    with fails("not_applied", "name is 'Production' instead of 'production'", "was added"):
        run(appliance, **NEW)
    assert appliance.writes() == [ADD]


def test_a_lost_add_that_is_not_found_fails_and_was_sent_once() -> None:
    appliance = SimulatedAppliance()
    appliance.fault("drop_before", "POST", BASE)
    with fails("unknown_outcome", "It is not known whether the AWS Organization 'production' was added") as caught:
        run(appliance, **NEW)
    assert appliance.writes() == [ADD]
    assert 60 <= appliance.now < 70
    assert caught.raised.result["outcome"] == "failed"
    looked = calls(appliance)[calls(appliance).index(ADD) + 1 :]
    assert set(looked) == {LIST, ROLE_CHECK}


def test_two_jobs_at_once_replan_once_and_the_second_finds_the_work_done() -> None:
    appliance = SimulatedAppliance()
    appliance.fault("none", "POST", BASE, act=lambda: another_job_adds_it(appliance, 0))
    result = run(appliance, **NEW)
    assert (result["changed"], result["status"], result["action"]) == (False, "in_sync", "none")
    assert appliance.writes() == [ADD]


@pytest.mark.parametrize("call", [BASE, f"{BASE}/validateOrganization"])
@pytest.mark.parametrize("ends", [True, False])
def test_an_add_that_another_job_has_begun_is_waited_for(call: str, ends: bool) -> None:
    appliance = SimulatedAppliance()

    def begin() -> None:
        another_job_adds_it(appliance, 5)
        if not ends:
            appliance.ends(FAILED)

    appliance.fault("none", "POST", call, act=begin)
    if ends:
        assert run(appliance, **NEW)["status"] == "in_sync"
    else:
        with fails("invalid", "not unique", "Nothing was changed."):
            run(appliance, **NEW)
    assert len(appliance.writes()) <= 1


def test_two_jobs_at_once_that_want_different_things_end_in_an_update() -> None:
    appliance = SimulatedAppliance()
    appliance.fault("none", "POST", BASE, act=lambda: appliance.has(description="Tills"))
    result = run(appliance, **NEW, description="Shops")
    assert (result["action"], result["verified"]) == ("update", True)
    assert appliance.organizations[0]["description"] == "Shops"
    assert [call.split()[0] for call in appliance.writes()] == ["POST", "PUT"]


def test_an_add_that_the_session_refuses_because_the_name_exists_now_replans_too() -> None:
    appliance = SimulatedAppliance()
    appliance.ends(FAILED, "The name exists")
    appliance.fault("none", "GET", "/sessions/.*", act=lambda: appliance.has(production_worker_iam_role_name=None))
    assert run(appliance, **NEW)["status"] == "in_sync"
    assert appliance.writes() == [ADD]


def test_a_refused_add_of_an_organization_that_nobody_added_stands() -> None:
    appliance = SimulatedAppliance()
    appliance.fault("status", "POST", BASE, status=400, details="the role is no good")
    with fails("invalid", "the role is no good", "Nothing was changed."):
        run(appliance, **NEW)
    assert appliance.writes() == [ADD]


def test_what_somebody_added_during_the_rescan_is_not_added_again() -> None:
    appliance = SimulatedAppliance()
    appliance.fault("none", "POST", f"{BASE}/testConfiguration", act=appliance.has)
    assert run(appliance, **NEW, checks=CHECKS)["status"] == "in_sync"
    assert appliance.writes() == []


def test_an_add_is_never_sent_twice_even_if_what_was_in_the_way_vanishes() -> None:
    appliance = SimulatedAppliance()
    appliance.fault("none", "POST", BASE, act=appliance.has)
    appliance.fault("none", "GET", BASE, act=appliance.remove, skip=2)
    with fails("invalid", "is not unique", "Nothing was changed."):
        run(appliance, **NEW)
    assert appliance.writes() == [ADD]
    assert calls(appliance)[-3:] == [ROLE_CHECK, NAME_CHECK, SETTINGS_CHECK]


def test_an_added_organization_that_is_not_listed_is_an_error() -> None:
    appliance = SimulatedAppliance()
    elsewhere = {"name": "Elsewhere", "rescanIamRoleId": FOREIGN_ROLE_ID}
    appliance.fault("none", "POST", BASE, alter=lambda body: altered(body, **elsewhere))
    with fails("not_applied", "does not list it"):
        run(appliance, **NEW)
    assert appliance.writes() == [ADD]


# Update


def test_an_update_sends_everything_once_and_reads_back() -> None:
    appliance = SimulatedAppliance()
    north = appliance.scope("North", PROD)
    key = appliance.has(north)
    result = run(appliance, description="Tills")
    assert calls(appliance) == [LIST, SETTINGS_CHECK, GET_ONE, PUT_ONE, GET_ONE]
    body = {
        "organization": {
            "name": "production",
            "description": "Tills",
            "rescanIamRoleId": ROLE_ID,
            "backupRestoreIamRoleName": "backup",
            "productionWorkerIamRoleName": "worker",
        },
        "newLimitedScopes": [],
        "changedLimitedScopes": [{"id": north["id"], "name": "North", "includedMembers": [PROD]}],
    }
    assert appliance.sent("PUT", ONE) == [body]
    assert appliance.sent("POST", f"{BASE}/validateOrganization") == [{"update": {"organizationId": key, **body}}]
    assert result["changes"] == [{"field": "description", "before": "Shops", "after": "Tills"}]
    assert result["diff"]["before"]["description"] == "Shops"
    assert result["diff"]["after"]["description"] == "Tills"
    assert result["diff"]["before_header"] == f"production ({key})"
    assert (result["action"], result["outcome"], result["verified"]) == ("update", "done", True)


def test_thin_list_items_are_completed_by_the_single_get() -> None:
    appliance = SimulatedAppliance(list_keys=())
    appliance.has()
    assert run(appliance, description="Tills")["verified"]
    assert calls(appliance) == [LIST, GET_ONE, SETTINGS_CHECK, GET_ONE, PUT_ONE, GET_ONE]
    assert appliance.organizations[0]["production_worker_iam_role_name"] == "worker"


def test_a_live_setting_under_another_name_survives_a_change() -> None:
    appliance = SimulatedAppliance(names={"organization.backup_restore_iam_role_name": "backupRoleName"})
    appliance.has()
    assert run(appliance, description="Tills")["verified"]
    assert appliance.organizations[0]["backup_restore_iam_role_name"] == "backup"


def test_an_unknown_property_that_a_change_cost_is_an_error_with_its_value() -> None:
    appliance = SimulatedAppliance(unknown_properties="kept")
    other = {"region": "eu", "note": None}
    appliance.has(other={"costCenter": "1234", **other})
    appliance.fault("none", "PUT", ONE, act=lambda: appliance.change(other=other))
    lost = "other.costCenter, which the collection does not know, is None and was '1234'"
    with fails("not_applied", lost, "Set costCenter again in the web interface."):
        run(appliance, description="Tills")


def test_unknown_properties_are_sent_back_as_they_are_at_the_time_of_the_write() -> None:
    appliance = SimulatedAppliance(unknown_properties="replaced")
    appliance.has(other={"costCenter": "1234", "tags": ["a", "b"]})
    later = {"costCenter": "5678", "tags": ["a", "b"]}
    appliance.fault("none", "POST", f"{BASE}/validateOrganization", act=lambda: appliance.change(other=later))
    assert run(appliance, description="Tills")["verified"]
    assert appliance.organizations[0]["other"] == later


def test_a_refusal_of_unknown_properties_names_the_option_that_leaves_them_out() -> None:
    appliance = SimulatedAppliance(unknown_properties="refused")
    appliance.has(other={"costCenter": "1234"})
    with fails("invalid", "costCenter", "wire_names: {not_sent: [costCenter]}", "Nothing was changed."):
        run(appliance, description="Tills")
    assert run(appliance, description="Tills", wire_names={"not_sent": ["costCenter"]})["verified"]


WORKER = "organization.production_worker_iam_role_name"
MEMBERS = "limited_scope.organizational_units"


@pytest.mark.parametrize("shape", [{}, {"nulls": "absent"}, {"lenient": True}])
@pytest.mark.parametrize("check", [True, False])
def test_a_role_under_an_unknown_name_is_kept_and_told_in_check_mode_too(shape: dict[str, Any], check: bool) -> None:
    appliance = SimulatedAppliance(names={WORKER: "pwRole"}, **shape)
    appliance.has()
    for declared in ({"description": "Tills"}, {"production_worker_iam_role_name": "W9"}):
        appliance.warnings.clear()
        result = run(appliance, check=check, **declared)
        (warning,) = appliance.warnings
        assert f"set wire_names: {{{WORKER}: pwRole}}" in warning
        assert "production_worker_iam_role_name" not in result["diff"]["before"]
        assert appliance.organizations[0]["production_worker_iam_role_name"] == "worker"
    assert (result["status"], result["verified"]) == ("unknown", False)
    told = run(appliance, production_worker_iam_role_name="W9", wire_names={WORKER: "pwRole"})
    assert (told["status"], told["verified"]) == ("different", True)


def test_a_role_under_an_unknown_name_is_never_in_sync_with_none() -> None:
    appliance = SimulatedAppliance(names={WORKER: "pwRole"})
    appliance.has()
    result = run(appliance, production_worker_iam_role_name="")
    assert (result["changed"], result["status"], result["verified"]) == (False, "unknown", False)
    assert appliance.writes() == []


def test_members_under_an_unknown_name_are_not_emptied() -> None:
    appliance = SimulatedAppliance(names={MEMBERS: "ous"}, lenient=True)
    north = appliance.scope("North", PROD)
    appliance.has(north)
    for declared in ({"description": "Tills"}, {"limited_scopes": [scope("North", TEST)]}):
        with fails("api", "cannot be changed", f"set wire_names: {{{MEMBERS}: ous}}", "Nothing was changed."):
            run(appliance, **declared)
    assert appliance.writes() == []
    assert run(appliance, description="Tills", wire_names={MEMBERS: "ous"})["verified"]
    assert appliance.organizations[0]["limited_scopes"] == [north]


def test_an_addition_that_is_refused_for_a_wrong_name_tells_of_wire_names() -> None:
    appliance = SimulatedAppliance(names={"organization.backup_restore_iam_role_name": "brRole"})
    with fails("invalid", "backupRestoreIamRoleName", "wire_names", "Nothing was changed."):
        run(appliance, **NEW)


def test_an_edit_while_members_are_read_is_not_overwritten() -> None:
    appliance = SimulatedAppliance(scope_members="by_structure_call")
    appliance.has(appliance.scope("North", WORKLOADS))
    # The third look at the structure is the one just before the write.
    change = {"production_worker_iam_role_name": "new"}
    appliance.fault("none", "POST", f"{ONE}/identitiesInDb", act=lambda: appliance.change(**change), skip=2)
    assert run(appliance, description="Tills", wire_names={MEMBERS: "includedMembers"})["verified"]
    assert appliance.organizations[0]["production_worker_iam_role_name"] == "new"


def test_the_users_word_serves_an_appliance_that_reads_and_writes_under_two_names() -> None:
    key = "organization.backup_restore_iam_role_name"
    appliance = SimulatedAppliance(write_names={key: "brRole"}, lenient=True)
    appliance.has()
    with fails("not_applied", key):
        run(appliance, backup_restore_iam_role_name="restore")
    assert run(appliance, backup_restore_iam_role_name="restore", wire_names={key: "brRole"})["verified"]
    assert appliance.organizations[0]["backup_restore_iam_role_name"] == "restore"


def test_members_that_only_the_structure_tells_are_read_compared_and_kept() -> None:
    appliance = SimulatedAppliance(scope_members="by_structure_call")
    north = appliance.scope("North", WORKLOADS)
    appliance.has(north)
    assert run(appliance, limited_scopes=[scope("North", WORKLOADS, PROD)])["status"] == "in_sync"
    read = next(r for r in appliance.requests if r.path.endswith("identitiesInDb"))
    assert dict(read.query) == {
        "ExpandChildNodes": "true", "LimitedScopeId": north["id"], "TypeFilter": "Unit", "offset": 0, "limit": 200,
    }  # fmt: skip
    members = "limited_scope.organizational_units"
    with fails(
        "api", "cannot be changed", members, "If the assumed name includedMembers is right", "Nothing was changed"
    ):
        run(appliance, description="Tills")
    assert run(appliance, description="Tills", wire_names={members: "includedMembers"})["verified"]
    assert appliance.organizations[0]["limited_scopes"] == [north]


def test_a_rename_is_found_by_the_aws_id_and_its_name_is_checked() -> None:
    appliance = SimulatedAppliance()
    appliance.has()
    result = run(appliance, aws_organization_id=AWS_ID, name="eu")
    assert (result["action"], result["organization"]["name"]) == ("rename", "eu")
    assert calls(appliance) == [LIST, NAME_CHECK, SETTINGS_CHECK, GET_ONE, PUT_ONE, GET_ONE]


def test_a_name_that_another_organization_has_is_refused_before_a_check_is_asked() -> None:
    appliance = SimulatedAppliance()
    appliance.has()
    appliance.has(name="eu", aws_organization_id=OTHER_AWS_ID)
    with fails("conflict", "cannot be renamed", "Nothing was changed."):
        run(appliance, aws_organization_id=AWS_ID, name="eu")
    assert calls(appliance) == [LIST]


def test_a_role_of_the_same_aws_organization_replaces_the_other() -> None:
    appliance = SimulatedAppliance()
    appliance.has()
    run(appliance, rescan_iam_role="prod-delegate")
    assert appliance.organizations[0]["rescan_iam_role"] == DELEGATE_ID


@pytest.mark.parametrize("check", [False, True])
def test_a_role_of_another_aws_organization_is_refused_before_any_write(check: bool) -> None:
    appliance = SimulatedAppliance()
    appliance.has()
    with fails("conflict", "belongs to another AWS Organization", "not registered", "Nothing was changed."):
        run(appliance, check=check, rescan_iam_role="subs-rescan", description="Tills")
    assert appliance.writes() == []


def test_what_was_accepted_and_not_applied_names_the_field() -> None:
    appliance = SimulatedAppliance(write_names={"organization.description": "note"})
    appliance.has()
    with fails("not_applied", "description is None instead of 'Tills'", "Changed before the failure") as caught:
        run(appliance, description="Tills")
    assert caught.raised.stage == "verify"
    assert caught.raised.result["changes"] == [{"field": "description", "before": "Shops", "after": "Tills"}]
    assert calls(appliance)[-3:] == [GET_ONE] * 3


def test_an_addition_with_a_setting_that_is_never_shown_is_not_verified() -> None:
    appliance = SimulatedAppliance(names={"organization.backup_restore_iam_role_name": None})
    result = run(appliance, **NEW)
    assert (result["unverified"], result["verified"]) == (["backup_restore_iam_role_name"], False)
    assert "does not show backup_restore_iam_role_name" in appliance.warnings[0]


def test_a_setting_that_is_never_shown_is_sent_on_each_run_and_never_in_sync() -> None:
    hidden = ("description", "production_worker_iam_role_name", "limited_scopes")
    appliance = SimulatedAppliance(names={f"organization.{key}": None for key in hidden})
    appliance.has()
    for _run in range(2):
        appliance.forget()
        appliance.warnings.clear()
        result = run(appliance, description="Tills", scope="entire")
        assert (result["changed"], result["status"], result["verified"]) == (True, "unknown", False)
        assert result["unverified"] == ["description", "scope"]
        assert "does not show description, scope" in appliance.warnings[0]
        assert [body["organization"]["description"] for body in appliance.sent("PUT", ONE)] == ["Tills"]


def test_a_scope_that_the_appliance_keeps_is_told_plainly() -> None:
    appliance = SimulatedAppliance(keeps_dropped_scopes=True)
    appliance.has(appliance.scope("North", PROD), appliance.scope("South", SANDBOX))
    with fails("not_applied", "it kept the limited scope 'North'", "Nothing was changed."):
        run(appliance, limited_scopes=[scope("South")])
    (body,) = appliance.sent("PUT", ONE)
    assert [item["name"] for item in body["changedLimitedScopes"]] == ["South"]


# Somebody else works on the same organization


def test_what_somebody_changed_while_the_checks_ran_is_not_overwritten() -> None:
    appliance = SimulatedAppliance()
    appliance.has(appliance.scope("North", PROD))
    theirs = appliance.scope("Theirs", SANDBOX)

    def act() -> None:
        (now,) = appliance.organizations
        appliance.change(name="renamed", limited_scopes=[*now["limited_scopes"], theirs])

    appliance.fault("none", "POST", f"{BASE}/validateOrganization", act=act)
    assert run(appliance, aws_organization_id=AWS_ID, name=None, description="Tills")["verified"]
    (stored,) = appliance.organizations
    assert (stored["name"], stored["description"]) == ("renamed", "Tills")
    assert theirs in stored["limited_scopes"]
    assert len(appliance.sent("PUT", ONE)) == 1


def test_what_somebody_else_has_done_already_is_not_done_again() -> None:
    appliance = SimulatedAppliance()
    appliance.has()
    appliance.fault("none", "POST", f"{BASE}/validateOrganization", act=lambda: appliance.change(description="T"))
    result = run(appliance, description="T")
    assert (result["changed"], result["outcome"], result["organization"]["description"]) == (False, "done", "T")
    assert appliance.writes() == []


def test_an_organization_that_never_stands_still_is_not_written_to() -> None:
    appliance = SimulatedAppliance()
    appliance.has()
    turns = iter("ab")

    def turn() -> None:
        appliance.change(production_worker_iam_role_name=next(turns))

    appliance.fault("none", "POST", f"{BASE}/validateOrganization", act=turn, times=2)
    with fails("conflict", "kept changing", "Nothing was changed."):
        run(appliance, description="Tills")
    assert appliance.writes() == []


def test_one_that_vanished_before_its_removal_is_absent() -> None:
    appliance = SimulatedAppliance(list_keys=())
    appliance.has()
    appliance.fault("none", "GET", ONE, act=appliance.remove)
    result = run(appliance, state="absent")
    assert (result["changed"], result["action"], result["status"]) == (False, "none", "in_sync")


def test_a_check_of_the_removal_that_does_not_exist_is_no_proof_of_absence() -> None:
    appliance = SimulatedAppliance()
    appliance.has()
    appliance.fault("status", "POST", f"{ONE}/validateDelete", status=404, details="no such call")
    with fails("not_found", "Nothing was changed."):
        run(appliance, state="absent")


def test_one_that_got_another_name_before_its_removal_stays() -> None:
    appliance = SimulatedAppliance(list_keys=())
    appliance.has()
    appliance.fault("none", "GET", ONE, act=lambda: appliance.change(name="precious"))
    with fails("conflict", "'precious'", "Nothing was changed."):
        run(appliance, state="absent")
    assert appliance.organizations


@pytest.mark.parametrize("other", [{"scopes": [{"name": "North"}]}, {"filters": [{"units": []}]}, {"scope": "Limited"}])
def test_scopes_under_a_name_that_nobody_knows_are_not_cleared(other: dict[str, Any]) -> None:
    appliance = SimulatedAppliance(names={"organization.limited_scopes": None}, unknown_properties="kept")
    appliance.has(other=other)
    with fails("api", "does not show its limited_scopes", "organization.limited_scopes", "Nothing was changed."):
        run(appliance, description="Tills")
    assert appliance.writes() == []


def test_two_scopes_of_one_name_are_not_told_apart_by_a_guess() -> None:
    appliance = SimulatedAppliance()
    appliance.has(appliance.scope("North", PROD), appliance.scope("North", SANDBOX))
    with fails("ambiguous", "'North'", "Nothing was changed."):
        run(appliance, limited_scopes=[scope("North", PROD)])


def test_a_change_of_which_nothing_arrived_has_changed_nothing() -> None:
    appliance = SimulatedAppliance()
    appliance.has()
    appliance.fault("none", "GET", ONE, act=lambda: appliance.change(description="Shops"), skip=1, times=9)
    with fails("not_applied", "description is 'Shops' instead of 'Tills'", "Nothing was changed."):
        run(appliance, description="Tills")


def test_a_lost_add_is_settled_once_it_was_found() -> None:
    appliance = SimulatedAppliance()
    appliance.fault("drop_after", "POST", BASE)
    run(appliance, **NEW)
    assert appliance.journal.done == ["the AWS Organization 'production' was added"]
    assert appliance.journal.unknown is None


def test_a_stored_rescan_that_nobody_can_follow_leaves_open_what_it_does() -> None:
    appliance = SimulatedAppliance()
    appliance.has(appliance.scope("North", PROD))
    appliance.fault("answer", "POST", f"{BASE}/rescan", status=202, body={})
    with fails("unknown_outcome", "It is not known whether the stored structure of the AWS Organization 'production'"):
        run(appliance, limited_scopes=[scope("North", "/Nowhere")])


def test_looking_for_a_lost_add_takes_a_minute_however_long_the_pauses_may_be() -> None:
    appliance = SimulatedAppliance()
    appliance.fault("drop_before", "POST", BASE)
    start = appliance.now
    with fails("unknown_outcome"):
        run(appliance, **NEW, wait_interval=3600)
    assert appliance.now - start <= 61


# A PUT whose answer is lost


def test_a_lost_put_with_new_scopes_that_was_carried_out_is_not_sent_again() -> None:
    appliance = SimulatedAppliance()
    appliance.has(appliance.scope("North", PROD))
    appliance.fault("drop_after", "PUT", ONE)
    result = run(appliance, limited_scopes=[scope("North"), scope("South", SANDBOX)])
    assert (result["changed"], result["action"], result["verified"]) == (True, "update", True)
    assert len(appliance.writes()) == 1
    assert [item["name"] for item in appliance.organizations[0]["limited_scopes"]] == ["North", "South"]


def test_a_lost_put_with_new_scopes_that_was_not_carried_out_is_replanned_once() -> None:
    appliance = SimulatedAppliance()
    appliance.has()
    appliance.fault("drop_before", "PUT", ONE)
    result = run(appliance, scope="limited", limited_scopes=[scope("South", SANDBOX)])
    assert (result["changed"], result["verified"]) == (True, True)
    assert len(appliance.writes()) == 2


def test_a_put_that_is_lost_twice_fails_and_says_what_is_not_known() -> None:
    appliance = SimulatedAppliance()
    key = appliance.has()
    appliance.fault("drop_before", "PUT", ONE, times=2)
    with fails("unknown_outcome", f"It is not known whether the AWS Organization production ({key}) was modified"):
        run(appliance, scope="limited", limited_scopes=[scope("South", SANDBOX)])
    assert len(appliance.writes()) == 2


def test_a_put_that_was_sent_again_is_no_longer_in_doubt() -> None:
    key = "limited_scope.organizational_units"
    appliance = SimulatedAppliance(write_names={key: "units"}, lenient=True)
    appliance.has()
    appliance.fault("drop_before", "PUT", ONE)
    with fails("not_applied", "limited_scopes.South.organizational_units", "Changed before the failure") as caught:
        run(appliance, scope="limited", limited_scopes=[scope("South", SANDBOX)])
    assert "It is not known" not in caught.said


def test_a_refused_put_changed_nothing() -> None:
    appliance = SimulatedAppliance()
    appliance.has()
    appliance.fault("status", "PUT", ONE, status=400, details="the role is missing")
    with fails("invalid", "the role is missing", "Nothing was changed.") as caught:
        run(appliance, description="Tills")
    assert caught.raised.result["outcome"] == "refused"


# The same AWS Organization under another name


def test_an_aws_organization_that_is_registered_under_another_name_is_named() -> None:
    appliance = SimulatedAppliance()
    key = appliance.has(name="Old")
    with fails("conflict", f"as Old ({key})", "on_conflict: update", AWS_ID, "Nothing was changed."):
        run(appliance, **NEW)
    assert calls(appliance) == [LIST, ROLES, ROLE_CHECK]


def test_it_is_taken_over_where_the_playbook_says_so() -> None:
    appliance = SimulatedAppliance()
    key = appliance.has(name="Old")
    result = run(appliance, **NEW, on_conflict="update")
    assert (result["action"], result["organization"]["id"]) == ("rename", key)
    assert calls(appliance) == [LIST, ROLES, ROLE_CHECK, NAME_CHECK, SETTINGS_CHECK, GET_ONE, PUT_ONE, GET_ONE]
    assert appliance.organizations[0]["name"] == "production"


def test_a_name_that_is_nearly_right_is_named_before_what_is_missing() -> None:
    appliance = SimulatedAppliance()
    appliance.has(name="subsidiary")
    with fails("invalid", "Did you mean 'subsidiary'? Give the missing options.", "Nothing was changed."):
        run(appliance, name="subsidary", description="new")


@pytest.mark.parametrize("state", ["present", "absent"])
def test_two_identifiers_that_lead_to_two_organizations_are_a_conflict(state: str) -> None:
    appliance = SimulatedAppliance()
    appliance.has()
    appliance.has(name="other", aws_organization_id=OTHER_AWS_ID)
    with fails("conflict", "other (", "production (", f"correct aws_organization_id: it is {AWS_ID}", "Nothing was"):
        run(appliance, aws_organization_id=OTHER_AWS_ID, rescan_iam_role="prod-rescan", state=state)
    assert (calls(appliance), appliance.writes()) == ([LIST], [])


def test_a_role_of_another_aws_organization_than_declared_is_not_taken_over() -> None:
    appliance = SimulatedAppliance()
    appliance.has(name="Old")
    with fails("conflict", AWS_ID, OTHER_AWS_ID, "Correct rescan_iam_role or aws_organization_id"):
        run(appliance, **NEW, aws_organization_id=OTHER_AWS_ID, on_conflict="update")
    assert appliance.writes() == []


def test_its_own_id_is_no_conflict() -> None:
    appliance = SimulatedAppliance()
    appliance.has()
    assert run(appliance, rescan_iam_role=DELEGATE_ID)["action"] == "update"


# Remove


def test_a_removal_is_validated_carried_out_and_read_back() -> None:
    appliance = SimulatedAppliance()
    appliance.has()
    result = run(appliance, state="absent")
    assert calls(appliance) == [LIST, REMOVAL_CHECK, STORED, GET_ONE, DELETE_ONE, GET_ONE]
    assert (result["changed"], result["action"], result["status"]) == (True, "remove", "unwanted")
    assert (result["organization"], appliance.organizations) == (None, [])
    assert result["diff"]["after"] == {}


@pytest.mark.parametrize("check", [False, True])
def test_a_removal_is_refused_with_the_appliances_reasons_in_check_mode_too(check: bool) -> None:
    appliance = SimulatedAppliance()
    appliance.has()
    edits.use(appliance.state, {"organization": "production", "policy": "Daily"})
    with fails("in_use", 'is used by the backup policy "Daily"', "Nothing was changed.") as caught:
        run(appliance, check=check, state="absent")
    assert appliance.writes() == []
    assert caught.raised.result["outcome"] == "refused"


@pytest.mark.parametrize(("used", "reason"), [(True, "in_use"), (False, "invalid")])
def test_a_removal_that_is_refused_without_a_check_before_is_in_use_if_the_check_says_so(
    used: bool, reason: str
) -> None:
    appliance = SimulatedAppliance()
    appliance.has()
    if used:
        edits.use(appliance.state, {"organization": "production"})
    else:
        appliance.fault("status", "DELETE", ONE, status=400)
    with fails(reason, "Nothing was changed."):
        run(appliance, state="absent", checks=[])


@pytest.mark.parametrize("check", [False, True])
def test_what_is_absent_already_is_fine(check: bool) -> None:
    appliance = SimulatedAppliance()
    result = run(appliance, check=check, state="absent", id=uuid(7))
    assert (result["changed"], result["status"], result["outcome"]) == (False, "in_sync", "done")
    assert calls(appliance) == [LIST]


def test_a_removal_that_somebody_else_did_is_done_with_a_warning() -> None:
    appliance = SimulatedAppliance()
    appliance.has()
    appliance.fault("none", "DELETE", ONE, act=appliance.remove)
    assert run(appliance, state="absent")["changed"]
    assert "was gone already" in appliance.warnings[0]


def test_a_removal_that_did_not_happen_is_an_error() -> None:
    appliance = SimulatedAppliance()
    stored = appliance.has()
    appliance.fault("answer", "DELETE", ONE, status=204)
    with fails("not_applied", stored, "still shows it", "It is not known whether"):
        run(appliance, state="absent")


# Checks that refuse


def test_findings_of_the_settings_refuse_before_the_write() -> None:
    appliance = SimulatedAppliance()
    finding = {"severity": "Error", "message": "The role backup does not exist."}
    appliance.fault("answer", "POST", f"{BASE}/validateOrganization", body=[finding])
    with fails("invalid", "The role backup does not exist.", "Nothing was changed.") as caught:
        run(appliance, **NEW)
    assert appliance.writes() == []
    assert caught.raised.result["preflight"] == [
        {"check": "settings", "severity": "error", "message": "The role backup does not exist."}
    ]


def test_findings_that_are_not_grave_enough_are_returned() -> None:
    appliance = SimulatedAppliance()
    finding = {"severity": "Error", "message": "Odd."}
    appliance.fault("answer", "POST", f"{BASE}/validateOrganization", body=[finding])
    result = run(appliance, **NEW, fail_on="never")
    assert [item["message"] for item in result["preflight"]] == ["Odd."]


MISSING = [
    {"severity": "Warning", "message": f'The IAM role "backup" does not exist in the AWS account {number}.'}
    for number in range(100000000001, 100000000013)
]
TOLD = (
    "The appliance's checks found 12 warnings for production. "
    'The IAM role "backup" does not exist in the AWS account 100000000001, 100000000002, 100000000003 and 9 more.'
)


@pytest.mark.parametrize("check", [False, True])
def test_warnings_of_the_checks_are_one_warning(check: bool) -> None:
    appliance = SimulatedAppliance()
    appliance.fault("answer", "POST", f"{BASE}/validateOrganization", body=MISSING)
    result = run(appliance, check=check, **NEW)
    assert appliance.warnings == [TOLD]
    assert len(result["preflight"]) == 12


def test_a_failed_task_with_an_approved_plan_says_how_to_go_on() -> None:
    appliance = SimulatedAppliance()
    appliance.has()
    options = organization_options(name="production", description="new")
    options["expected_plan"] = run(appliance, check=True, description="new")["plan_id"]
    appliance.fault("status", "PUT", ONE, status=400, details="not now")
    with fails("invalid", "not now", "run the task again with the same expected_plan", "Nothing was changed."):
        organization(appliance.task(options))
    assert organization(appliance.task(options))["changed"]
    assert not organization(appliance.task(options))["changed"]
    appliance.change(description="edited by a colleague")
    with fails("plan_changed", "Not approved as it would be done now") as caught:
        organization(appliance.task(options))
    assert "same expected_plan" not in caught.said


@pytest.mark.parametrize("check", [False, True])
@pytest.mark.parametrize("fail_on", ["error", "never"])
def test_errors_of_the_checks_fail_or_are_shown(check: bool, fail_on: str) -> None:
    appliance = SimulatedAppliance()
    found = [{"severity": "Error", "message": "Odd."}, *MISSING]
    appliance.fault("answer", "POST", f"{BASE}/validateOrganization", body=found)
    if fail_on == "error":
        with fails("invalid", "Odd."):
            run(appliance, check=check, **NEW)
        assert appliance.warnings == [TOLD]
        return
    run(appliance, check=check, **NEW, fail_on=fail_on)
    (warning,) = appliance.warnings
    assert warning == (
        "The appliance's checks found 1 error and 12 warnings for production. Ignored because of fail_on=never: Odd. "
        f"Warnings: {TOLD.partition('. ')[2]}"
    )


def test_findings_that_fail_are_not_shown_twice() -> None:
    appliance = SimulatedAppliance()
    appliance.fault("answer", "POST", f"{BASE}/validateOrganization", body=MISSING)
    with fails("invalid", TOLD.partition(". ")[2]):
        run(appliance, **NEW, fail_on="warning")
    assert appliance.warnings == []


def test_a_removal_despite_findings_shows_them() -> None:
    appliance = SimulatedAppliance()
    appliance.has()
    found = [{"severity": "Error", "message": "Used by the policy Daily."}]
    appliance.fault("answer", "POST", f"{ONE}/validateDelete", body=found)
    run(appliance, state="absent", fail_on="never")
    (warning,) = appliance.warnings
    assert "found 1 error for production" in warning
    assert "Ignored because of fail_on=never: Used by the policy Daily." in warning


def test_a_test_of_the_configuration_with_a_warning_is_one_warning() -> None:
    appliance = SimulatedAppliance()
    appliance.has()
    appliance.ends(WARNING, log=[("Warning", "It is slow.")])
    run(appliance, description="new", checks=["configuration"])
    assert appliance.warnings == ["The appliance's checks found 1 warning for production. It is slow."]


def test_findings_before_a_lost_answer_are_shown() -> None:
    """What is planned again finds nothing left to do, so that it makes no check."""
    appliance = SimulatedAppliance()
    appliance.has()
    appliance.fault("answer", "POST", f"{BASE}/validateOrganization", body=MISSING)
    appliance.fault("drop_after", "PUT", ONE)
    scopes = {"scope": "limited", "limited_scopes": [scope("North", PROD)]}
    result = run(appliance, **scopes)
    assert len(appliance.sent("PUT", ONE)) == 1
    assert appliance.warnings == [TOLD]
    assert len(result["preflight"]) == 12


def test_a_role_that_cannot_read_the_organization_refuses() -> None:
    appliance = SimulatedAppliance()
    appliance.change_role(ROLE_ID, aws_organization="")
    with fails("role_invalid", "prod-rescan", "Nothing was changed."):
        run(appliance, **NEW)
    assert calls(appliance) == [LIST, ROLES, ROLE_CHECK]


UNUSABLE = {
    "check": "role",
    "severity": "warning",
    "message": "The IAM role prod-rescan cannot be used to read an AWS Organization. It must belong to the management "
    "account or a delegated administrator account of the AWS Organization; changes of its trust policy may take "
    "minutes to apply.",
}


def test_an_unusable_role_fails_the_task_with_the_check_role() -> None:
    appliance = SimulatedAppliance()
    appliance.change_role(ROLE_ID, trusted=False)
    with fails("role_invalid", "prod-rescan cannot be used", "Nothing was changed.") as caught:
        run(appliance, **NEW, checks=["role"])
    assert calls(appliance) == [LIST, ROLES, ROLE_CHECK]
    assert caught.raised.result["preflight"] == [{**UNUSABLE, "severity": "error"}]


@pytest.mark.parametrize("fail_on", ["error", "warning", "never"])
@pytest.mark.parametrize("check", [False, True])
def test_an_unusable_role_is_a_warning_without_the_check_role(check: bool, fail_on: str) -> None:
    appliance = SimulatedAppliance()
    appliance.change_role(ROLE_ID, trusted=False)
    appliance.fault("none", "POST", BASE, act=lambda: appliance.change_role(ROLE_ID, trusted=True))
    result = run(appliance, check=check, **NEW, checks=["name", "settings"], fail_on=fail_on)
    assert result["preflight"] == [UNUSABLE]
    assert appliance.warnings == [f"The appliance's checks found 1 warning for production. {UNUSABLE['message']}"]
    assert (result["changed"], result["action"]) == (True, "create")
    assert calls(appliance)[:5] == [LIST, ROLES, ROLE_CHECK, NAME_CHECK, SETTINGS_CHECK]
    assert appliance.writes() == ([] if check else [ADD])


def test_a_new_role_that_belongs_to_no_known_aws_organization_needs_the_check_role_to_fail() -> None:
    appliance = SimulatedAppliance()
    appliance.has()
    appliance.change_role(DELEGATE_ID, aws_organization="")
    with fails("role_invalid", "prod-delegate cannot be used", "Nothing was changed."):
        run(appliance, rescan_iam_role="prod-delegate")
    appliance.fault("none", "PUT", ONE, act=lambda: appliance.change_role(DELEGATE_ID, aws_organization=AWS_ID))
    result = run(appliance, rescan_iam_role="prod-delegate", checks=[])
    assert [finding["severity"] for finding in result["preflight"]] == ["warning"]
    assert appliance.organizations[0]["rescan_iam_role"] == DELEGATE_ID


def test_a_role_that_does_not_exist_is_a_warning_without_the_check_role() -> None:
    appliance = SimulatedAppliance()
    appliance.has()
    appliance.fault("status", "POST", f"{BASE}/checkOrganizationExists", status=404, details="not found")
    result = run(appliance, check=True, rescan_iam_role=DELEGATE_ID, checks=[])
    assert [(finding["check"], finding["severity"]) for finding in result["preflight"]] == [("role", "warning")]
    assert "has no IAM role" in result["preflight"][0]["message"]


@pytest.mark.parametrize("unusable", [False, True])
@pytest.mark.parametrize("checks", [[], ["name", "settings"]])
def test_a_role_of_another_aws_organization_is_a_conflict_without_the_check_role(
    checks: list[str], unusable: bool
) -> None:
    appliance = SimulatedAppliance()
    appliance.has()
    another = appliance.state.roles.add("subs-delegate", "666666666666", aws_organization=OTHER_AWS_ID)
    other = appliance.has(name="subsidiary", aws_organization_id=OTHER_AWS_ID, rescan_iam_role=another.id)
    appliance.change_role(FOREIGN_ROLE_ID, trusted=not unusable)
    with fails("conflict", "belongs to another AWS Organization", other, "Nothing was changed."):
        run(appliance, rescan_iam_role="subs-rescan", checks=checks)
    assert appliance.writes() == []


@pytest.mark.parametrize("unusable", [False, True])
def test_an_aws_organization_is_not_added_twice_without_the_check_role(unusable: bool) -> None:
    appliance = SimulatedAppliance()
    key = appliance.has(name="Old")
    appliance.change_role(ROLE_ID, trusted=not unusable)
    with fails("conflict", f"as Old ({key})", "on_conflict: update", "Nothing was changed."):
        run(appliance, **NEW, checks=[])
    assert calls(appliance) == [LIST, ROLES, ROLE_CHECK]


@pytest.mark.parametrize(
    ("checks", "asked"),
    [
        ([], []),
        (["role"], []),
        (["name"], [NAME_CHECK]),
        (["settings"], [SETTINGS_CHECK]),
        (["configuration"], [RESCAN, TEST_RUN]),
        (["removal"], []),
        (["configuration", "settings", "name"], [NAME_CHECK, RESCAN, SETTINGS_CHECK, TEST_RUN]),
        (list(DEFAULT_CHECKS), [NAME_CHECK, SETTINGS_CHECK]),
    ],
)
def test_an_addition_makes_the_chosen_checks_and_no_other(checks: list[str], asked: list[str]) -> None:
    appliance = SimulatedAppliance()
    assert run(appliance, **NEW, checks=checks)["verified"]
    # The test needs a structure of a new organization, which a rescan reads.
    every = (NAME_CHECK, RESCAN, SETTINGS_CHECK, TEST_RUN, REMOVAL_CHECK)
    assert [call for call in calls(appliance) if call in every] == asked
    # Not a check that can be left out: it shows which AWS Organization the role belongs to.
    assert ROLE_CHECK in calls(appliance)


@pytest.mark.parametrize(("checks", "asked"), [([], False), (["settings"], False), (["removal"], True)])
def test_a_removal_is_checked_if_it_is_chosen(checks: list[str], asked: bool) -> None:
    appliance = SimulatedAppliance()
    appliance.has()
    assert run(appliance, state="absent", checks=checks)["changed"]
    assert (REMOVAL_CHECK in calls(appliance)) is asked


@pytest.mark.parametrize("check", [False, True])
def test_a_name_that_an_iam_role_has_is_refused_at_once(check: bool) -> None:
    appliance = SimulatedAppliance()
    with fails("conflict", "An IAM role of the appliance has this name"):
        run(appliance, check=check, **NEW, name="prod-delegate")
    assert appliance.now == 0


def test_a_name_that_is_taken_by_nobody_who_shows_up_stays_refused() -> None:
    appliance = SimulatedAppliance()
    another_job_adds_it(appliance, 1e9, FOREIGN_ROLE_ID)
    with fails("conflict", "is taken"):
        run(appliance, **NEW)
    assert appliance.now >= 60
    assert appliance.writes() == []


# Check mode


def test_check_mode_makes_the_same_plan_and_the_same_reads_and_no_write() -> None:
    cases: list[Callable[[], tuple[SimulatedAppliance, dict[str, Any]]]] = [added, updated, removed]
    for case in cases:
        appliance, given = case()
        planned = run(appliance, check=True, **given)
        checked = calls(appliance)
        assert appliance.writes() == []
        assert (planned["changed"], planned["outcome"], planned["verified"]) == (True, "planned", False)
        appliance.forget()
        done = run(appliance, **given)
        assert calls(appliance)[: len(checked)] == checked
        assert appliance.writes()
        for key in ("plan_id", "changes", "diff", "action", "status", "preflight"):
            assert planned[key] == done[key]


def added() -> tuple[SimulatedAppliance, dict[str, Any]]:
    return SimulatedAppliance(), NEW


def updated() -> tuple[SimulatedAppliance, dict[str, Any]]:
    appliance = SimulatedAppliance()
    appliance.has(appliance.scope("North", PROD))
    return appliance, {"description": "Tills", "limited_scopes": [scope("North", "/Workloads")]}


def removed() -> tuple[SimulatedAppliance, dict[str, Any]]:
    appliance = SimulatedAppliance()
    appliance.has()
    return appliance, {"state": "absent"}


def test_check_mode_starts_no_session_and_says_what_it_left_out() -> None:
    appliance = SimulatedAppliance()
    given = {**NEW, "scope": "limited", "limited_scopes": [scope("North", "/Workloads")], "checks": CHECKS}
    result = run(appliance, check=True, **given)
    assert appliance.sessions == []
    assert (result["outcome"], result["status"]) == ("planned", "missing")
    assert len(result["not_checked"]) == 2
    assert "rescan in memory" in result["not_checked"][0]


def test_check_mode_says_that_it_left_the_test_of_the_configuration_out() -> None:
    appliance = SimulatedAppliance()
    appliance.has()
    result = run(appliance, check=True, description="Tills", checks=CHECKS)
    assert result["not_checked"] == ["the test of the configuration (check_mode_sessions allows it)"]
    assert calls(appliance) == [LIST, SETTINGS_CHECK]


def test_check_mode_may_start_sessions_where_it_is_told_so() -> None:
    appliance = SimulatedAppliance()
    given = {**NEW, "scope": "limited", "limited_scopes": [scope("North", "/Workloads")], "checks": CHECKS}
    result = run(appliance, check=True, **given, check_mode_sessions=True)
    assert result["not_checked"] == []
    assert [call for call in calls(appliance) if call in (RESCAN, TEST_RUN)] == [RESCAN, TEST_RUN]
    assert appliance.writes() == []
    assert result["session"]["state"] == "succeeded"


def test_a_role_that_an_earlier_task_could_create_is_a_warning_in_check_mode_and_an_error_outside() -> None:
    appliance = SimulatedAppliance()
    appliance.has()
    result = run(appliance, check=True, rescan_iam_role="new-role")
    assert (result["changed"], result["status"]) == (True, "different")
    assert result["changes"] == [{"field": "rescan_iam_role", "before": "prod-rescan", "after": "new-role (not found)"}]
    assert "Outside of check mode this is an error." in appliance.warnings[0]
    with fails("not_found", "'new-role'", "Nothing was changed.") as caught:
        run(appliance, rescan_iam_role="new-role")
    assert caught.raised.stage == "resolve"


def test_an_organization_whose_role_an_earlier_task_could_create_is_missing_in_check_mode() -> None:
    appliance = SimulatedAppliance()
    given = {**NEW, "rescan_iam_role": "new-role", "scope": "limited", "limited_scopes": [scope("North", "/New")]}
    result = run(appliance, check=True, **given)
    assert (result["changed"], result["status"], result["outcome"]) == (True, "missing", "planned")
    assert result["diff"]["after"]["rescan_iam_role"] == "new-role (not found)"
    assert result["diff"]["after"]["limited_scopes"] == [{"name": "North", "organizational_units": ["/New"]}]
    assert calls(appliance) == [LIST, ROLES, NAME_CHECK]
    assert result["not_checked"] == ["the checks of the settings, which need every role and unit"]
    assert run(appliance, check=True, **given, checks=["role", "name"])["not_checked"] == []


def test_a_unit_that_an_earlier_task_could_create_is_a_difference_in_check_mode_and_an_error_outside() -> None:
    appliance = SimulatedAppliance()
    appliance.has(appliance.scope("North", PROD))
    given: dict[str, Any] = {"limited_scopes": [scope("North", PROD, "/New")]}
    result = run(appliance, check=True, **given)
    assert (result["changed"], result["status"]) == (True, "different")
    assert result["changes"][0]["after"] == ["/New (not found)", "/Workloads/Prod"]
    with fails("not_found", "'/New'", "Changed before the failure: the stored structure of the AWS Organization"):
        run(appliance, **given)
    assert appliance.sent("PUT", ONE) == []


def test_a_failure_outside_of_references_fails_in_check_mode_as_well() -> None:
    appliance = SimulatedAppliance()
    appliance.has(name="Old")
    messages = []
    for check in (True, False):
        with fails("conflict") as caught:
            run(appliance, check=check, **NEW)
        messages.append(caught.said)
    assert messages[0] == messages[1]
