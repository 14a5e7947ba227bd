# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The calls that read, add, modify, remove and export organizations."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from typing import Any
from xml.etree import ElementTree

from ...state.appliance import Appliance
from ...state.storage.organizations import Organization
from ...state.work import additions, modifications, rescans
from .. import paging
from ..answer import Answer, no_content, ok
from ..wire_in import WireIn
from ..wire_out import WireOut


class OrganizationOperations:
    """Named as the operations of the contract."""

    def __init__(self, appliance: Appliance, wire_in: WireIn, out: WireOut) -> None:
        self._appliance = appliance
        self._in = wire_in
        self._out = out

    def rescan(self, body: dict[str, Any]) -> Answer:
        """POST /organizations/amazon/rescan"""
        return self._out.started(rescans.start(self._appliance, body["rescanIamRoleId"], body["rescanStorageType"]))

    def _role_name(self, organization: Organization) -> str:
        role = self._appliance.roles.get(organization.rescan_iam_role)
        return "" if role is None else role.name

    def get_organizations(
        self,
        search_pattern: str | None = None,
        offset: int | None = None,
        limit: int | None = None,
        sort: list[str] | None = None,
    ) -> Answer:
        """GET /organizations/amazon"""
        columns: dict[str, Callable[[Organization], str]] = {
            "name": lambda one: one.name,
            "organizationId": lambda one: one.aws_organization_id,
            "iamRole": self._role_name,
            "scope": lambda one: one.scope,
            "description": lambda one: one.description or "",
        }
        found = [one for one in self._appliance.organizations.all() if paging.matches(one.name, search_pattern)]
        ordered = paging.in_order(found, sort or (), columns)
        begin, size = paging.window(offset, limit, self._appliance.shape.page_cap)
        items = [self._out.organization(one, listed=True) for one in ordered[begin : begin + size]]
        return ok(self._out.page(items, len(ordered), begin, size, "/api/v1/organizations/amazon"))

    def add_organization(self, body: dict[str, Any]) -> Answer:
        """POST /organizations/amazon"""
        return self._out.started(additions.start(self._appliance, self._in.added(body)))

    def get_organization(self, organization_id: str) -> Answer:
        """GET /organizations/amazon/{organizationId}"""
        return ok(self._out.organization(modifications.existing(self._appliance, organization_id)))

    def modify_organization(self, organization_id: str, body: dict[str, Any]) -> Answer:
        """PUT /organizations/amazon/{organizationId}"""
        organization = modifications.modify(self._appliance, organization_id, self._in.modified(body))
        return ok(self._out.organization(organization))

    def remove_organization(self, organization_id: str) -> Answer:
        """DELETE /organizations/amazon/{organizationId}"""
        modifications.remove(self._appliance, organization_id)
        return no_content()

    def export_organizations(self, headers: Mapping[str, str]) -> Answer:
        """POST /organizations/amazon/export"""
        rows = [
            {
                "Name": one.name,
                "OrganizationId": one.aws_organization_id,
                "IamRole": self._role_name(one),
                "Scope": one.scope,
                "Description": one.description or "",
            }
            for one in self._appliance.organizations.all()
        ]
        if "xml" in headers.get("accept", ""):
            return Answer(200, {"Content-Type": "application/xml"}, _as_xml(rows))
        return Answer(200, {"Content-Type": "text/csv"}, _as_csv(rows))


def _as_csv(rows: list[dict[str, str]]) -> str:
    file = io.StringIO()
    writer = csv.DictWriter(file, ["Name", "OrganizationId", "IamRole", "Scope", "Description"])
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


def _as_xml(rows: list[dict[str, str]]) -> str:
    root = ElementTree.Element("Organizations")
    for row in rows:
        item = ElementTree.SubElement(root, "Organization")
        for name, value in row.items():
            ElementTree.SubElement(item, name).text = value
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root, encoding="unicode")
