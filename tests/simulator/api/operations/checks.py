# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The calls that check and change nothing."""

from __future__ import annotations

from typing import Any

from ...state.appliance import Appliance
from ...state.refusal import not_found
from ...state.work import configuration, modifications, rules
from ...state.work.configuration import Check
from ..answer import Answer, ok
from ..wire_in import WireIn
from ..wire_out import WireOut


class CheckOperations:
    """Named as the operations of the contract."""

    def __init__(self, appliance: Appliance, wire_in: WireIn, out: WireOut) -> None:
        self._appliance = appliance
        self._in = wire_in
        self._out = out

    def _against_removal(self, organization_id: str) -> list[dict[str, Any]]:
        return [
            {"contextId": organization_id, "message": message, "severity": "Error"}
            for message in modifications.against_removal(self._appliance, organization_id)
        ]

    def validate_removal(self, organization_id: str) -> Answer:
        """POST /organizations/amazon/{organizationId}/validateDelete"""
        return ok(self._against_removal(organization_id))

    def validate_removals(self, body: dict[str, Any]) -> Answer:
        """POST /organizations/amazon/validateDelete"""
        return ok({"results": [item for one in body["items"] for item in self._against_removal(one)]})

    def _check(self, body: dict[str, Any]) -> Check:
        create, update = body.get("create"), body.get("update")
        added = self._in.added(create) if create is not None else None
        modified = (self._in.organization_id(update), self._in.modified(update)) if update is not None else None
        return configuration.prepare(self._appliance, body, added, modified)

    def test_configuration(self, body: dict[str, Any]) -> Answer:
        """POST /organizations/amazon/testConfiguration"""
        return self._out.started(configuration.start_test(self._appliance, self._check(body), body))

    def validate_settings(self, body: dict[str, Any]) -> Answer:
        """POST /organizations/amazon/validateOrganization"""
        items = configuration.findings(self._appliance, self._check(body))
        return ok([self._out.nulls(item) for item in items])

    def check_adding(self, body: dict[str, Any]) -> Answer:
        """POST /organizations/amazon/checkOrganizationExists"""
        role = self._appliance.roles.get(body["rescanIamRoleId"])
        if role is None:
            raise not_found("The IAM role", body["rescanIamRoleId"])
        same = self._appliance.organizations.of_aws(role.aws_organization)
        answer = {
            "isRescanIamRoleValid": rules.readable(self._appliance, role) is not None,
            "conflictingOrganizationId": same.id if same is not None else None,
        }
        return ok(self._out.nulls(answer))

    def validate_name(self, body: dict[str, Any]) -> Answer:
        """POST /organizations/amazon/validateName"""
        name = body["organizationName"]
        answer = {
            "isValid": rules.name_is_valid(self._appliance, name),
            "isUnique": rules.name_is_unique(self._appliance, name),
        }
        return ok(answer)
