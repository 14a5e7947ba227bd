# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The calls beside the organizations: token, version, IAM roles, sessions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...state.appliance import Appliance
from ...state.refusal import not_found
from ...state.sessions import Session
from .. import gate, paging
from ..answer import Answer, no_content, ok
from ..wire_out import WireOut

ABOUT = {"11": "Veeam Plug-in for AWS"}


class AccessOperations:
    """Named as the operations of the contract."""

    def __init__(self, appliance: Appliance, out: WireOut) -> None:
        self._appliance = appliance
        self._out = out

    def get_token(self, body: dict[str, Any]) -> Answer:
        """POST /token"""
        return ok(self._out.nulls(self._appliance.tokens.log_in(body)))

    def revoke_token(self, headers: Mapping[str, str]) -> Answer:
        """DELETE /token"""
        self._appliance.tokens.revoke(gate.token(headers))
        return no_content()

    def get_version(self) -> Answer:
        """GET /system/version"""
        product = self._appliance.settings.product
        major, _dot, minor = product.partition(".")
        about = ABOUT.get(product, "Veeam Backup for AWS")
        # The space is one of the stray ones that appliances have there.
        return ok({"version": f"{major}.{minor or 0}.0.128 ", "about": about})

    def get_iam_roles(
        self,
        search_pattern: str | None = None,
        offset: int | None = None,
        limit: int | None = None,
        sort: list[str] | None = None,
    ) -> Answer:
        """GET /accounts/amazon"""
        roles = [role for role in self._appliance.roles.all() if paging.matches(role.name, search_pattern)]
        ordered = paging.in_order(
            roles, sort or (), {"name": lambda role: role.name, "awsAccountId": lambda role: role.aws_account_id}
        )
        begin, size = paging.window(offset, limit, self._appliance.shape.page_cap)
        items = [self._out.role(role) for role in ordered[begin : begin + size]]
        return ok(self._out.page(items, len(ordered), begin, size, "/api/v1/accounts/amazon"))

    def _session(self, session_id: str) -> Session:
        session = self._appliance.sessions.get(session_id)
        if session is None:
            raise not_found("The session", session_id)
        return session

    def get_session(self, session_id: str) -> Answer:
        """GET /sessions/{sessionId}"""
        return ok(self._out.session(self._session(session_id)))

    def get_session_log(self, session_id: str) -> Answer:
        """GET /sessions/{sessionId}/log"""
        session = self._session(session_id)
        return ok(self._out.session_log(session, self._appliance.sessions.log(session)))
