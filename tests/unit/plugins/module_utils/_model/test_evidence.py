# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Advice about property names that are assumed."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.vbaws.appliance.plugins.module_utils._errors import ApplianceError, NotFound, Refused
from ansible_collections.vbaws.appliance.plugins.module_utils._model.evidence import (
    advice,
    blaming_names,
    candidates,
    unproven,
)
from ansible_collections.vbaws.appliance.plugins.module_utils._model.names import Names
from ansible_collections.vbaws.appliance.plugins.module_utils._model.organization import organization_from_wire
from ansible_collections.vbaws.appliance.tests.unit.support.builders import (
    AWS_ID,
    PROD,
    ROLE_ID,
    wire,
    wire_scope,
    without,
)

WORKER = "organization.production_worker_iam_role_name"
MEMBERS = "limited_scope.organizational_units"


def names_of(**changes: Any) -> Names:
    """The names of an appliance whose one organization has these properties instead of a worker role."""
    names = Names()
    organization_from_wire(
        {**without(wire(wire_scope("North", PROD)), "productionWorkerIamRoleName"), **changes}, names
    )
    return names


def test_candidates_have_the_right_type_and_the_likeliest_comes_first() -> None:
    names = names_of(alias="x", pwRole="W1", tags=["a"], size=3, note=None)
    assert candidates(names, WORKER) == ["pwRole", "alias", "note"]
    assert candidates(names, "organization.description") == []


def test_candidates_have_values_of_the_right_form() -> None:
    names, shown = Names(), without(wire(), "awsOrganizationId", "rescanIamRoleId", "productionWorkerIamRoleName")
    organization_from_wire({**shown, "reader": ROLE_ID, "root": AWS_ID, "proxy": "W1"}, names)
    assert candidates(names, "organization.rescan_iam_role") == ["reader"]
    assert candidates(names, "organization.aws_organization_id") == ["root"]
    assert candidates(names, WORKER) == ["proxy"]


def test_one_candidate_is_advised_ready_to_paste() -> None:
    assert advice(names_of(pwRole="W1"), WORKER).endswith(f"set wire_names: {{{WORKER}: pwRole}}.")
    assert f"set wire_names: {{{WORKER}: NAME}}." in advice(names_of(pwRole="W1", memo=None), WORKER)
    assert "another name than productionWorkerIamRoleName" in advice(names_of(), WORKER)


def refusal(names: Names, body: dict[str, Any], error: ApplianceError) -> str:
    with pytest.raises(ApplianceError) as caught, blaming_names(names, body):
        raise error
    assert type(caught.value) is type(error)
    return caught.value.remedy


@pytest.mark.parametrize(
    "error",
    [
        Refused("refused", "invalid", remedy="Look.", status=400),
        ApplianceError("found", "invalid", remedy="Look.", stage="preflight"),
    ],
)
def test_a_refusal_tells_the_assumed_names_of_the_request_and_what_was_sent_back(error: ApplianceError) -> None:
    names = names_of(pwRole="W1")
    body = {"organization": {"name": "x", "productionWorkerIamRoleName": "W9", "pwRole": "W1"}}
    assert refusal(names, body, error) == (
        f"Look. The request used property names that this appliance has not shown: productionWorkerIamRoleName "
        f"({WORKER}). It shows pwRole, which the collection does not know. If a name is wrong, correct it with "
        "wire_names. The request also sent back what the appliance shows and the collection does not know: pwRole. If "
        "that is the cause, set wire_names: {not_sent: [pwRole]}."
    )


def test_a_refusal_tells_the_assumed_name_of_members() -> None:
    names, body = Names(), {"organization": {}, "limitedScopes": [wire_scope("North", PROD)]}
    assert MEMBERS in refusal(names, body, Refused("refused", "invalid", status=422))


@pytest.mark.parametrize(
    "error",
    [
        NotFound("gone", "not_found", status=404),
        Refused("busy", "conflict", status=409),
        ApplianceError("lost", "unreachable"),
    ],
)
def test_names_are_not_blamed_for_other_errors(error: ApplianceError) -> None:
    assert refusal(Names(), {"organization": {"name": "x"}}, error) == ""


def test_names_that_are_all_proven_are_not_blamed() -> None:
    body = {"organization": {"name": "x", "description": "y"}}
    assert refusal(names_of(), body, Refused("refused", "invalid", status=400)) == ""


def test_unproven_names_come_with_their_candidates() -> None:
    assert unproven(names_of(pwRole="W1")) == {WORKER: ["pwRole"]}
    assert {WORKER, MEMBERS} <= set(unproven(Names()))
    assert WORKER not in unproven(Names({WORKER: "pwRole"}))
