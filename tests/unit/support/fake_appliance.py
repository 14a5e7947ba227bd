# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A double of the client with an appliance behind it. No network, no clock.

The appliance interprets bodies as documented: a PUT replaces the whole organization, and what it does not carry is
cleared. It accepts a property under one name only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from ansible_collections.vbaws.appliance.plugins.module_utils._errors import ApplianceError, UnknownOutcome
from ansible_collections.vbaws.appliance.plugins.module_utils._rest.response import Answer
from ansible_collections.vbaws.appliance.tests.unit.support.builders import (
    AWS_ID,
    DELEGATE_ID,
    FOREIGN_ROLE_ID,
    OTHER_AWS_ID,
    ROLE_ID,
    TREE,
    answer,
    uuid,
)
from ansible_collections.vbaws.appliance.tests.unit.support.fake_client import BASE, FakeClient, Request, refused

SETTINGS = ("name", "description", "rescan_iam_role", "backup_restore_iam_role_name", "production_worker_iam_role_name")
DOCUMENTED = {
    "organization.id": "id",
    "organization.aws_organization_id": "awsOrganizationId",
    "organization.name": "name",
    "organization.description": "description",
    "organization.rescan_iam_role": "rescanIamRoleId",
    "organization.backup_restore_iam_role_name": "backupRestoreIamRoleName",
    "organization.production_worker_iam_role_name": "productionWorkerIamRoleName",
    "organization.limited_scopes": "limitedScopes",
    "limited_scope.id": "id",
    "limited_scope.name": "name",
    "limited_scope.organizational_units": "includedMembers",
}


@dataclass
class Rule:
    """What happens to the next calls that match: ``lose`` the answer before or after the work, ``refuse``, or act."""

    method: str
    path: str
    act: Callable[[], Any] | None = None
    lose: str | None = None
    refuse: ApplianceError | None = None
    times: int = 1


@dataclass
class Shape:
    """How this appliance spells and shows things.

    names: key -> property name, where it is not the documented one; None: never shown. written: names that requests
    must use, where they differ. thin: keys that list items have beside ID and name; None: all.
    """

    names: Mapping[str, str | None] = field(default_factory=dict)
    written: Mapping[str, str] = field(default_factory=dict)
    thin: tuple[str, ...] | None = None
    nulls: bool = True
    members: bool = True
    parents: bool = True
    keeps_scopes: bool = False
    page: int = 200

    def shown(self, key: str) -> str | None:
        return self.names.get(key, DOCUMENTED[key])

    def taken(self, key: str) -> str:
        return self.written.get(key) or self.shown(key) or DOCUMENTED[key]


class FakeAppliance(FakeClient):
    """An appliance with organizations, IAM roles, structures and sessions. ``sleep`` lets its time pass."""

    def __init__(self, shape: Shape | None = None) -> None:
        super().__init__()
        self.shape = shape or Shape()
        self.organizations: list[dict[str, Any]] = []
        self.roles = [
            {"id": ROLE_ID, "name": "prod-rescan", "awsAccountId": "999999999999"},
            {"id": DELEGATE_ID, "name": "prod-delegate", "awsAccountId": "888888888888"},
            {"id": FOREIGN_ROLE_ID, "name": "subs-rescan", "awsAccountId": "777777777777"},
        ]
        self.aws = {ROLE_ID: AWS_ID, DELEGATE_ID: AWS_ID, FOREIGN_ROLE_ID: OTHER_AWS_ID}
        # IDs of roles that cannot read the AWS Organization that they belong to.
        self.unusable: set[str] = set()
        self.trees: dict[str, dict[str, tuple[str, str | None]]] = {AWS_ID: dict(TREE), OTHER_AWS_ID: {}}
        self.stored: dict[str, dict[str, tuple[str, str | None]]] = {}
        self.findings: list[dict[str, Any]] = []
        self.sessions: dict[str, dict[str, Any]] = {}
        self.session_seconds = 0.0
        self.session_ends: dict[str, Any] = {"status": "Succeeded", "result": "Success"}
        self.add_applies: Callable[[dict[str, Any]], dict[str, Any]] = lambda stored: stored
        self.rules: list[Rule] = []
        # AWS ID -> the appliance's own ID of a unit, where it shows one; whether answers tell how many there are.
        self.unit_ids: dict[str, str] = {}
        self.counts = True
        self._drawn = 0x1000

    # What tests set up and look at

    def has(
        self, *scopes: dict[str, Any], tree: Mapping[str, tuple[str, str | None]] | None = None, **given: Any
    ) -> str:
        """Registers an organization in the collection's terms and returns its ID."""
        stored = {
            "id": self._draw(),
            "aws_organization_id": AWS_ID,
            "name": "production",
            "description": "Shops",
            "rescan_iam_role": ROLE_ID,
            "backup_restore_iam_role_name": "backup",
            "production_worker_iam_role_name": "worker",
            "limited_scopes": list(scopes),
            **given,
        }
        self.organizations.append(stored)
        self.stored[stored["id"]] = dict(self.trees[stored["aws_organization_id"]] if tree is None else tree)
        return cast(str, stored["id"])

    def scope(self, name: str, *units: str) -> dict[str, Any]:
        return {"id": self._draw(), "name": name, "organizational_units": list(units)}

    # The client's part

    def respond(self, request: Request) -> Answer:
        rule = next((r for r in self.rules if r.method == request.method and re.fullmatch(r.path, request.path)), None)
        if rule is not None:
            rule.times -= 1
            if not rule.times:
                self.rules.remove(rule)
            if rule.act:
                rule.act()
            if rule.refuse:
                raise rule.refuse
        lost = rule.lose if rule else None
        if lost == "before" and request.repeatable:
            lost = None  # the transport sends it again
        if lost == "before":
            raise _lost(request)
        result = self._work(request)
        if lost == "after" and request.repeatable:
            result = self._work(request)
        elif lost == "after":
            raise _lost(request)
        return result

    def _work(self, request: Request) -> Answer:
        for method, pattern, work in self._routes():
            found = re.fullmatch(pattern, request.path)
            if found and method == request.method:
                body = work(request, *found.groups())
                return answer(body, method=request.method, path=request.path)
        raise AssertionError(f"an unexpected request: {request}")

    def _routes(self) -> list[tuple[str, str, Callable[..., Any]]]:
        one = f"{BASE}/([0-9a-f-]{{36}})"
        return [
            ("GET", BASE, self._list),
            ("POST", BASE, self._add),
            ("GET", one, lambda _r, key: self._shown(self._one(key), whole=True)),
            ("PUT", one, self._modify),
            ("DELETE", one, lambda _r, key: self.organizations.remove(self._one(key))),
            ("POST", f"{BASE}/rescan", self._rescan),
            ("POST", f"{BASE}/rescan/([^/]+)/identitiesInMemory", self._in_memory),
            ("POST", f"{one}/identitiesInDb", self._in_database),
            ("POST", f"{one}/validateDelete", lambda _r, key: self.findings if self._one(key) else []),
            ("POST", f"{BASE}/validateDelete", lambda _r: {"results": self.findings}),
            ("POST", f"{BASE}/testConfiguration", lambda _r: {"sessionId": self._session(None)}),
            ("POST", f"{BASE}/checkOrganizationExists", self._check_adding),
            ("POST", f"{BASE}/validateName", self._validate_name),
            ("POST", f"{BASE}/validateOrganization", lambda _r: self.findings),
            ("GET", "/sessions/([^/]+)", self._session_state),
            ("GET", "/sessions/([^/]+)/log", lambda _r, key: {"log": self.sessions[key].get("log", [])}),
            ("GET", "/accounts/amazon", lambda request: self._page(request, self.roles)),
        ]

    # Organizations

    def _list(self, request: Request) -> Any:
        self._tick()
        return self._page(request, [self._shown(stored, whole=False) for stored in self.organizations])

    def _one(self, key: str) -> dict[str, Any]:
        for stored in self.organizations:
            if stored["id"] == key:
                return stored
        raise refused(404, "there is no such organization")

    def _shown(self, stored: Mapping[str, Any], *, whole: bool) -> dict[str, Any]:
        shown: dict[str, Any] = {}
        for key, value in stored.items():
            name = self.shape.shown(f"organization.{key}") if f"organization.{key}" in DOCUMENTED else key
            thin = not whole and self.shape.thin is not None and key not in ("id", "name", *self.shape.thin)
            if name is None or thin or (value is None and not self.shape.nulls):
                continue
            if key == "limited_scopes":
                _put(shown, name, [self._shown_scope(item) for item in value])
            else:
                _put(shown, name, value)
        return shown

    def _shown_scope(self, item: Mapping[str, Any]) -> dict[str, Any]:
        shown: dict[str, Any] = {}
        for key, value in item.items():
            name = self.shape.shown(f"limited_scope.{key}")
            if name is not None and (self.shape.members or key != "organizational_units"):
                shown[name] = value
        return shown

    def _add(self, request: Request) -> Any:
        spec = self._settings(request.json["organization"])
        if any(stored["name"] == spec["name"] for stored in self.organizations):
            raise refused(409, "the name exists")
        scopes = [self._new_scope(item) for item in request.json.get("limitedScopes") or []]
        stored = self.add_applies({**spec, "limited_scopes": scopes})
        key = self._session(lambda: self._register(stored))
        self.sessions[key]["name"] = spec["name"]
        return {"sessionId": key}

    def _register(self, stored: dict[str, Any]) -> None:
        aws_id = self.aws[stored["rescan_iam_role"]]
        self.organizations.append({"id": self._draw(), "aws_organization_id": aws_id, **stored})
        self.stored[self.organizations[-1]["id"]] = dict(self.trees[aws_id])

    def _modify(self, request: Request, key: str) -> Any:
        stored = self._one(key)
        stored.update(self._settings(request.json["organization"]))
        before = {item["id"]: item for item in stored["limited_scopes"]}
        name = self.shape.taken("limited_scope.id")
        changed = {item[name]: self._scope(item) for item in request.json.get("changedLimitedScopes") or []}
        assert set(changed) <= set(before), "a changed scope that does not exist"
        kept = [
            {"id": id, **changed.get(id, item)}
            for id, item in before.items()
            if id in changed or self.shape.keeps_scopes
        ]
        stored["limited_scopes"] = kept + [self._new_scope(i) for i in request.json.get("newLimitedScopes") or []]
        return self._shown(stored, whole=True)

    def _settings(self, spec: Mapping[str, Any]) -> dict[str, Any]:
        """A missing property clears; a property under another name is one that the appliance does not know."""
        return {key: spec.get(self.shape.taken(f"organization.{key}")) for key in SETTINGS}

    def _scope(self, item: Mapping[str, Any]) -> dict[str, Any]:
        units = item.get(self.shape.taken("limited_scope.organizational_units"))
        return {"name": item[self.shape.taken("limited_scope.name")], "organizational_units": units or []}

    def _new_scope(self, item: Mapping[str, Any]) -> dict[str, Any]:
        return {"id": self._draw(), **self._scope(item)}

    # Checks

    def _check_adding(self, request: Request) -> Any:
        self._tick()
        aws_id = self.aws.get(request.json["rescanIamRoleId"])
        conflict = next((o["id"] for o in self.organizations if o["aws_organization_id"] == aws_id), None)
        usable = aws_id is not None and request.json["rescanIamRoleId"] not in self.unusable
        return {"isRescanIamRoleValid": usable, "conflictingOrganizationId": conflict}

    def _validate_name(self, request: Request) -> Any:
        name = request.json["organizationName"]
        pending = [session["name"] for session in self.sessions.values() if session["work"] and "name" in session]
        taken = [*pending, *(one["name"] for one in (*self.organizations, *self.roles))]
        return {"isValid": len(name) <= 127, "isUnique": name not in taken}

    # Structures and sessions

    def _rescan(self, request: Request) -> Any:
        aws_id = self.aws[request.json["rescanIamRoleId"]]
        if request.json["rescanStorageType"] == "InMemory":
            session = self._session(None)
            self.sessions[session]["tree"] = dict(self.trees[aws_id])
            return {"sessionId": session}
        owners = [stored["id"] for stored in self.organizations if stored["aws_organization_id"] == aws_id]
        return {"sessionId": self._session(lambda: self.stored.update((o, dict(self.trees[aws_id])) for o in owners))}

    def _in_memory(self, request: Request, session: str) -> Any:
        return self._identities(request, self.sessions[session]["tree"])

    def _in_database(self, request: Request, key: str) -> Any:
        tree = self.stored[self._one(key)["id"]]
        scope = dict(request.query).get("LimitedScopeId")
        if scope is not None:
            members = next(i for i in self._one(key)["limited_scopes"] if i["id"] == scope)["organizational_units"]
            tree = {aws_id: node for aws_id, node in tree.items() if _line(tree, aws_id) & set(members)}
        return self._identities(request, tree)

    def _identities(self, request: Request, tree: Mapping[str, tuple[str, str | None]]) -> Any:
        query = {name.lower(): value for name, value in request.query}
        tops = set((request.json or {}).get("includedMembers", ()))
        if "containerid" in query:
            tops.add(next(aws_id for aws_id in tree if query["containerid"] in (aws_id, self.unit_ids.get(aws_id))))
        if tops:
            tree = {aws_id: node for aws_id, node in tree.items() if _line(tree, aws_id) & tops}
        if query["expandchildnodes"] == "false":
            tree = {aws_id: node for aws_id, node in tree.items() if node[1] not in tree}
        if "typefilter" in query:
            accounts = query["typefilter"] == "Account"
            tree = {aws_id: node for aws_id, node in tree.items() if aws_id.isdigit() == accounts}
        if "searchpattern" in query:
            tree = {aws_id: node for aws_id, node in tree.items() if query["searchpattern"] in node[0]}
        if query.get("returnastree") == "true":
            return {"identities": [], "tree": _nested(tree), "totalCount": len(tree)}
        items: list[dict[str, Any]] = [{"awsId": a, "name": name, "parentId": p} for a, (name, p) in tree.items()]
        if not self.shape.parents:
            items = [{"awsId": item["awsId"], "name": item["name"]} for item in items]
        for entry in items:
            if entry["awsId"] in self.unit_ids:
                entry["id"] = self.unit_ids[entry["awsId"]]
        accounts_found = sum(entry["awsId"].isdigit() for entry in items)
        counts = {"unitsCount": len(items) - accounts_found, "accountsCount": accounts_found}
        return {**self._page(request, items, "identities"), **({"statistics": counts} if self.counts else {})}

    def _session(self, work: Callable[[], Any] | None) -> str:
        key = self._draw()
        self.sessions[key] = {"ends": self.now + self.session_seconds, "work": work, **self.session_ends}
        self._tick()
        return key

    def _session_state(self, _request: Request, key: str) -> Any:
        self._tick()
        if key not in self.sessions:
            raise refused(404, "there is no such session")
        session = self.sessions[key]
        if session["ends"] > self.now:
            return {"id": key, "status": "Running", "result": "Running"}
        return {"id": key, **{name: session.get(name) for name in ("status", "result", "reason")}}

    def _tick(self) -> None:
        """Lets the sessions whose time has come do their work."""
        for session in self.sessions.values():
            if session["ends"] <= self.now and session["work"]:
                work, session["work"] = session["work"], None
                if session["status"] != "Failed":
                    work()

    def _page(self, request: Request, items: list[dict[str, Any]], key: str = "results") -> Any:
        query = {name.lower(): value for name, value in request.query}
        offset, limit = int(query["offset"]), min(int(query["limit"]), self.shape.page)
        return {"totalCount": len(items), key: items[offset : offset + limit]}

    def _draw(self) -> str:
        self._drawn += 1
        return uuid(self._drawn)


def _lost(request: Request) -> UnknownOutcome:
    return UnknownOutcome(f"The answer to {request} was lost", stage="transport")


def _put(obj: dict[str, Any], name: str, value: Any) -> None:
    head, _dot, rest = name.partition(".")
    obj[head] = {rest: value} if rest else value


def _line(tree: Mapping[str, tuple[str, str | None]], aws_id: str) -> set[str]:
    line, at = set(), aws_id
    while at in tree:
        line.add(at)
        at = tree[at][1] or ""
    return line


def _nested(tree: Mapping[str, tuple[str, str | None]]) -> dict[str, Any]:
    nodes: dict[str, dict[str, Any]] = {a: {"awsId": a, "name": name, "children": []} for a, (name, _p) in tree.items()}
    top: dict[str, Any] = {}
    for aws_id, (_name, parent) in tree.items():
        if parent in nodes:
            nodes[parent]["children"].append(nodes[aws_id])
        else:
            top = nodes[aws_id]
    return top
