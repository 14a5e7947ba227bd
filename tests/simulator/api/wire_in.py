# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads requests the way one appliance does. They were held to the contract before."""

from __future__ import annotations

from typing import Any

from ..state.shape import Shape
from ..state.storage.organizations import NewSettings, Scope

Json = dict[str, Any]
KNOWN = {
    "organization": (
        "name",
        "description",
        "rescan_iam_role",
        "backup_restore_iam_role_name",
        "production_worker_iam_role_name",
    ),
    "limited_scope": ("id", "name", "organizational_units"),
}
"""What a request sets of an organization and of a scope."""


class WireIn:
    """From the names of an appliance's requests to our own. What is not known becomes `other`."""

    def __init__(self, shape: Shape) -> None:
        self._shape = shape

    def _value(self, kind: str, key: str, body: Json) -> Any:
        return body.get(self._shape.write_name(f"{kind}.{key}"))

    def settings(self, body: Json, *scope_lists: str) -> NewSettings:
        """The settings of an organization, with the scopes of the lists that are named."""
        organization = body["organization"]
        scopes = [self._scope(item) for name in scope_lists for item in body.get(name) or ()]
        return NewSettings(
            name=self._value("organization", "name", organization),
            description=self._text("description", organization),
            rescan_iam_role=self._value("organization", "rescan_iam_role", organization) or "",
            backup_restore_iam_role_name=self._text("backup_restore_iam_role_name", organization),
            production_worker_iam_role_name=self._text("production_worker_iam_role_name", organization),
            limited_scopes=scopes,
            other=self._other("organization", organization),
        )

    def _text(self, key: str, body: Json) -> str | None:
        value: str | None = self._value("organization", key, body)
        return value if self._shape.keeps_empty_text else value or ""

    def _other(self, kind: str, body: Json) -> Json:
        known = {self._shape.write_name(f"{kind}.{key}") for key in KNOWN[kind]}
        return {name: value for name, value in body.items() if name not in known}

    def _scope(self, item: Json) -> Scope:
        return Scope(
            id=self._value("limited_scope", "id", item) or "",
            name=self._value("limited_scope", "name", item),
            organizational_units=list(self._value("limited_scope", "organizational_units", item) or ()),
            other=self._other("limited_scope", item),
        )

    def added(self, body: Json) -> NewSettings:
        """The body of an add."""
        return self.settings(body, "limitedScopes")

    def modified(self, body: Json) -> NewSettings:
        """The body of a PUT. A scope with an ID is one that exists."""
        for item in body.get("newLimitedScopes") or ():
            item.pop(self._shape.write_name("limited_scope.id"), None)
        return self.settings(body, "newLimitedScopes", "changedLimitedScopes")

    def organization_id(self, body: Json) -> str:
        """Which organization an `update` is about."""
        return str(self._value("update", "organization_id", body))
