# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes answers the way one appliance does."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from ..state.sessions import Session, Step
from ..state.shape import Shape
from ..state.storage.organizations import Organization, Scope
from ..state.storage.roles import Role
from ..state.storage.structure import ACCOUNT, UNIT, Node, Structure
from .answer import Answer

Json = dict[str, Any]
SESSIONS = "/api/v1/sessions/"


class WireOut:
    """From our own names to those of an appliance's answers."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape

    def _named(self, kind: str, values: Json) -> Json:
        answer: Json = {}
        for key, value in values.items():
            outer, _dot, inner = self.shape.read_name(f"{kind}.{key}").partition(".")
            if outer:
                answer[outer] = {inner: value} if inner else value
        return self.nulls(answer)

    def _text(self, value: str | None) -> str | None:
        return value if self.shape.keeps_empty_text else value or None

    def nulls(self, answer: Json) -> Json:
        """The same without what is not set, where the appliance leaves that out."""
        if self.shape.nulls == "null":
            return answer
        return {key: value for key, value in answer.items() if value is not None}

    def organization(self, organization: Organization, *, listed: bool = False) -> Json:
        """An organization, as an item of the list or on its own."""
        values = {
            "id": organization.id,
            "aws_organization_id": organization.aws_organization_id,
            "name": organization.name,
            "description": self._text(organization.description),
            "rescan_iam_role": organization.rescan_iam_role or None,
            "backup_restore_iam_role_name": organization.backup_restore_iam_role_name,
            "production_worker_iam_role_name": self._text(organization.production_worker_iam_role_name),
            "limited_scopes": [self.scope(scope) for scope in organization.limited_scopes] or self._no_scopes(),
        }
        thin = self.shape.list_keys
        if listed and thin is not None:
            values = {
                key: value for key, value in values.items() if key in ("id", "name") or f"organization.{key}" in thin
            }
            return self._named("organization", values)
        return self._with_unknown("organization", values, organization.other)

    def _with_unknown(self, kind: str, values: Json, other: Json) -> Json:
        computed = {
            key.removeprefix(f"{kind}."): value
            for key, value in self.shape.computed.items()
            if key.startswith(f"{kind}.")
        }
        return {**self._named(kind, values), **self.nulls(other), **computed}

    def _no_scopes(self) -> list[Json] | None:
        return [] if self.shape.empty_lists else None

    def scope(self, scope: Scope) -> Json:
        """A limited scope, with its units or without."""
        values: Json = {"id": scope.id, "name": scope.name}
        if self.shape.scope_members == "listed":
            values["organizational_units"] = list(scope.organizational_units)
        return self._with_unknown("limited_scope", values, scope.other)

    def role(self, role: Role) -> Json:
        """An IAM role."""
        arn = {"roleArn": f"arn:aws:iam::{role.aws_account_id}:role/{role.name}"} if role.aws_account_id else None
        old = self.shape.old_role_names
        return self.nulls(
            {
                "id": role.id,
                "name": role.name,
                "description": role.description or None,
                "awsid" if old else "awsAccountId": role.aws_account_id or None,
                "regionType": "Global",
                "iamRole" if old else "IAMRole": None,
                "IAMRoleFromAnotherAccount": arn,
                "accountPermissions": list(role.permissions),
            }
        )

    def page(self, items: list[Json], total: int, offset: int, limit: int, address: str) -> Json:
        """A page of a list."""
        answer: Json = {"totalCount": total, "results": items}
        if self.shape.list_extras == "offset_limit":
            answer.update(offset=offset, limit=limit)
        elif self.shape.list_extras == "links":
            following = offset + len(items)
            answer["_links"] = [{"rel": "self", "href": f"{address}?Offset={offset}&Limit={limit}"}]
            if following < total:
                answer["_links"].append({"rel": "next", "href": f"{address}?Offset={following}&Limit={limit}"})
        return answer

    def started(self, session: str) -> Answer:
        """The answer 202 of a session that was started."""
        headers = {"Content-Type": "application/json"}
        kind = self.shape.session_reference
        link = {"rel": "session", "href": SESSIONS + session}
        body: Json = {}
        if kind == "sessionId":
            body = {"sessionId": session, "_links": [link]}
        elif kind == "id":
            body = {"id": session}
        elif kind == "links":
            body = {"_links": [link]}
        else:
            headers["Location"] = SESSIONS + session
        return Answer(202, headers, body)

    def _time(self, seconds: float | None) -> str | None:
        if seconds is None:
            return None
        text = datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")
        return text.replace("+00:00", "Z" if self.shape.zoned_times else "")

    def session(self, session: Session) -> Json:
        """A session."""
        return self.nulls(
            {
                "id": session.id,
                "name": session.name,
                "type": session.kind,
                "status": session.status,
                "result": session.result,
                "reason": session.reason or None,
                "executionStartTime": self._time(session.began),
                "executionStopTime": self._time(session.ended),
                "executionDuration": _duration(session.lasted),
            }
        )

    def session_log(self, session: Session, steps: Iterable[Step]) -> Json:
        """The log of a session."""
        items = [
            self.nulls(
                {
                    "logTime": self._time(step.time),
                    "status": step.status,
                    "message": step.message,
                    "executionStartTime": self._time(step.time),
                    "executionDuration": _duration(0.0),
                }
            )
            for step in steps
        ]
        return {"sessionId": session.id, "log": items}

    def identity(self, node: Node, structure: Structure) -> Json:
        """A unit or an account of a list."""
        values: Json = {"id": node.id, "aws_id": node.aws_id, "name": node.name, "type": node.type}
        if self.shape.parent_id != "absent":
            parent = structure.get(node.parent)
            stored = self.shape.parent_id == "system" and parent is not None and parent.id is not None
            values["parent_id"] = parent.id if stored and parent is not None else node.parent
        return self._named("identity", values)

    def tree(self, top: str, structure: Structure, shown: set[str]) -> Json:
        """A unit with what is in it, as far as it is to be shown."""
        node = structure.get(top)
        assert node is not None, top
        answer = self.identity(node, structure)
        if node.type == UNIT:
            children = [self.tree(child, structure, shown) for child in structure.children(top) if child in shown]
            answer.update(self._named("tree", {"children": children}))
        return answer

    def identities(self, found: list[Node], **parts: Any) -> Json:
        """The answer of a structure call: `identities` or `tree` as given, with the counts of everything found."""
        accounts = sum(node.type == ACCOUNT for node in found)
        statistics = self._named("statistics", {"units": len(found) - accounts, "accounts": accounts})
        counts = {"statistics": statistics} if statistics else {}
        return self.nulls({"identities": [], "tree": None, **parts, **counts, "totalCount": len(found)})


def _duration(seconds: float | None) -> str | None:
    if seconds is None:
        return None
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(int(minutes), 60)
    return f"{hours:02d}:{minutes:02d}:{rest:06.3f}"
