# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a write arrived, and what is said where it did not."""

from __future__ import annotations

from typing import Any

from ansible_collections.vbaws.appliance.plugins.module_utils._model.names import Names
from ansible_collections.vbaws.appliance.plugins.module_utils._model.organization import (
    Organization,
    organization_from_wire,
)
from ansible_collections.vbaws.appliance.plugins.module_utils._plan.plan import Change
from ansible_collections.vbaws.appliance.plugins.module_utils._plan.verify import not_applied, remaining
from ansible_collections.vbaws.appliance.tests.unit.support.builders import (
    PROD,
    SANDBOX,
    SOUTH_ID,
    TEST,
    actual,
    desired,
    references,
    scope,
    shown_names,
    wire,
    wire_scope,
    without,
)

NORTH = wire_scope("North", PROD)
SOUTH = wire_scope("South", SANDBOX, id=SOUTH_ID)


def left(before: Organization | None, after: Organization, **given: Any) -> list[Change]:
    return remaining(desired(name="production", **given), references(), before, after, shown_names())


def sentence(after: Organization, changes: list[Change], names: Names | None = None, **given: Any) -> str:
    error = not_applied(desired(name="production", **given), after, changes, names or shown_names())
    assert (error.reason, error.stage) == ("not_applied", "verify")
    return str(error)


def test_what_came_back_as_declared_leaves_nothing() -> None:
    assert left(actual(), actual(description="Tills"), description="Tills") == []
    assert left(None, actual(), description="Shops") == []


def test_a_declared_setting_that_came_back_different_is_left() -> None:
    changes = left(actual(), actual(), description="Tills")
    assert changes == [Change("description", "Shops", "Tills")]
    said = sentence(actual(), changes, description="Tills")
    assert "accepted the change of the AWS Organization production" in said
    assert "description is 'Shops' instead of 'Tills'" in said


def test_an_undeclared_setting_that_the_write_took_away_is_left() -> None:
    after = actual(description="Tills", productionWorkerIamRoleName=None)
    changes = left(actual(), after, description="Tills")
    assert changes == [Change("production_worker_iam_role_name", None, "worker")]
    said = sentence(after, changes, description="Tills")
    assert "production_worker_iam_role_name, which is not declared, is None and was 'worker'" in said


def test_what_the_appliance_never_shows_is_not_called_lost() -> None:
    hidden = organization_from_wire(without(wire(), "description"), Names())
    assert left(hidden, hidden, description="Tills") == []


def test_a_scope_that_the_appliance_kept_is_named_with_what_to_do() -> None:
    after = actual(NORTH, SOUTH)
    changes = left(actual(NORTH, SOUTH), after, limited_scopes=[scope("South")])
    said = sentence(after, changes, limited_scopes=[scope("South")])
    assert "it kept the limited scope 'North', which is no longer declared" in said
    assert "Drop the scope in the web interface" in said


def test_a_kept_scope_with_dots_in_its_name_is_named_whole() -> None:
    after = actual(wire_scope("a.organizational_units.b.name", PROD), SOUTH)
    changes = left(after, after, limited_scopes=[scope("South")])
    assert "the limited scope 'a.organizational_units.b.name'," in sentence(after, changes)


def test_members_that_did_not_arrive_name_the_property() -> None:
    after = actual(NORTH)
    changes = left(actual(NORTH), after, limited_scopes=[scope("North", TEST)])
    said = sentence(after, changes, limited_scopes=[scope("North", TEST)])
    assert "limited_scopes.North.organizational_units is ['/Workloads/Prod'] instead of ['/Workloads/Test']" in said
    assert "another name than includedMembers, set wire_names: {limited_scope.organizational_units: NAME}" in said


def test_a_name_that_only_showed_after_the_write_is_used_by_the_next_run() -> None:
    names = Names()
    after = organization_from_wire({**without(wire(), "backupRestoreIamRoleName"), "backupRoleName": "old"}, names)
    changes = left(actual(), after, backup_restore_iam_role_name="new")
    said = sentence(after, changes, names, backup_restore_iam_role_name="new")
    assert "The appliance shows it as backupRoleName: run again" in said
    assert "wire_names: {organization.backup_restore_iam_role_name: NAME}" in said


def test_a_name_that_was_given_and_did_not_serve_is_named() -> None:
    names = Names({"organization.backup_restore_iam_role_name": "brRole"})
    said = sentence(actual(), [Change("backup_restore_iam_role_name", "a", "b")], names)
    assert "If the appliance uses another name than brRole, set wire_names" in said


def test_the_same_advice_is_given_once() -> None:
    changes = [
        Change("limited_scopes.A.organizational_units", ["/a"], None),
        Change("limited_scopes.B.name", "x", None),
    ]
    assert sentence(actual(), changes).count("Drop the scope") == 1
