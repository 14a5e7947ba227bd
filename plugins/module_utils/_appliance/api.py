# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One method for each documented call, in the order and with the titles of the vendor's reference.

Nothing is decided here: a method sends what it is given and returns the answer after a check of its form. An answer
that cannot be understood raises ApplianceError (api), so that a malformed answer never leads to a write.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Callable, cast

from .._errors import ApplianceError, UnknownOutcome
from .._http.response import Answer
from .._module.journal import Journal
from .._module.progress import Progress
from .._rest.client import Call, Change, Client
from .._rest.paging import Form, Listing, collect
from .._rest.paths import is_segment, path_of
from .._wording import brief

_ORGANIZATIONS = "/organizations/amazon"
_LONGEST_ID = 200  # characters; a UUID has 36
_SESSION_LINK = re.compile(r"/sessions/([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})(?:[/?#]|$)")


@dataclass(frozen=True)
class RoleUse:
    """Whether a rescan role is valid, and the ID of the organization that its AWS Organization is registered as."""

    valid: bool
    added_as: str | None


@dataclass(frozen=True)
class NameUse:
    """Whether a name is valid, and whether nothing else has it."""

    valid: bool
    unique: bool


class _Calls:
    """How calls are made: writes are entered in the journal, lists are read to their end."""

    def __init__(self, client: Client, journal: Journal, progress: Progress | None = None) -> None:
        self._client = client
        self._journal = journal
        self._progress = progress or Progress()

    def _get(self, path: str, optional: bool = False) -> Answer:
        return self._client.call(Call("GET", path, optional=optional))

    def _post(self, path: str, body: Mapping[str, Any] | None = None) -> Answer:
        """Make a call below the organizations that changes nothing."""
        return self._client.call(Call("POST", _ORGANIZATIONS + path, json=body))

    def _start(self, path: str, body: Mapping[str, Any], change: Change | None = None) -> str:
        """Make a call below the organizations that starts a session, and is not repeated."""
        call = Call("POST", _ORGANIZATIONS + path, json=body, repeatable=False, change=change)
        return session_id(self._client.call(call)) if change is None else self._write(call, session_id)

    def _write(self, call: Call, read: Callable[[Answer], str] = lambda _answer: "") -> str:
        """Make a call that changes something, and return the session that ``read`` finds in its answer, if any."""
        self._journal.sent(cast(Change, call.change))
        try:
            session = read(self._client.call(call))
        except ApplianceError as error:
            if not error.unsure:
                self._journal.failed()
            raise
        if session:
            self._journal.started(session)
        else:
            self._journal.accepted()
        return session

    def _list(
        self, path: str, query: Sequence[tuple[str, Any]], what: str, *, offset: int = 0, limit: int | None = None
    ) -> tuple[list[dict[str, Any]], int]:
        """what: the items, for progress."""

        def page(start: int, count: int) -> Answer:
            return self._client.call(Call("GET", path, [*query, ("Offset", start), ("Limit", count)]))

        items, total, _last = collect(page, Form("results"), offset=offset, limit=limit, on_page=self._pages_of(what))
        return items, total

    def _pages_of(self, what: str) -> Callable[[int, int], None]:
        return lambda read, total: self._progress.report(lambda: f"{what}: {read:,} of {total:,} read")

    def _structure_of(
        self, path: str, expand: str, selection: Mapping[str, Any], check: Callable[[Mapping[str, Any]], None]
    ) -> Listing:
        """Read identities page by page, or as a tree in one piece: a tree cannot be paged.

        selection: query parameters as the reference spells them (``LimitedScopeId``, ``TypeFilter``, ...), and also
        ``expand`` (True: all that is below, else the topmost node alone), ``offset``, ``limit``, and
        ``included_members``, which goes into the body. check: raises ApplianceError for another structure.
        """
        selected = {"expand": True, "offset": 0, "limit": None, "included_members": None, **selection}
        ours = {name: selected.pop(name) for name in ("expand", "offset", "limit", "included_members")}
        query = _optional(**{expand: ours["expand"]}, **selected)
        body = None if ours["included_members"] is None else {"includedMembers": list(ours["included_members"])}
        if selected.get("ReturnAsTree"):
            tree = _object(self._client.call(Call("POST", path, query, body)))
            check(tree)
            return Listing([], 0, tree)

        def page(start: int, count: int) -> Answer:
            window = [("offset", start), ("limit", count)]
            return self._client.call(Call("POST", path, [*query, *window], body))

        return collect(
            page,
            Form("identities", ("id", "awsId"), check),
            offset=ours["offset"],
            limit=ours["limit"],
            on_page=self._pages_of("structure"),
        )


class Api(_Calls):
    """The documented calls over one client. Every method may raise what Client.call raises."""

    # The calls of the Organizations reference. label: how messages name the organization that a call would change,
    # such as 'production', or production (UUID).

    def rescan(self, rescan_iam_role_id: str, storage: str, label: str) -> str:
        """Perform Rescan of AWS Organization Structure. Returns the session's ID.

        storage: ``Database`` or ``InMemory``. A session that may have started is not started twice.
        """
        body = {"rescanIamRoleId": rescan_iam_role_id, "rescanStorageType": storage}
        if storage != "Database":
            return self._start("/rescan", body)
        return self._start("/rescan", body, Change("update", "updated", f"the stored structure of {_named(label)}"))

    def get_organizations(
        self, *, search: str | None = None, sort: Sequence[str] = (), offset: int = 0, limit: int | None = None
    ) -> tuple[list[dict[str, Any]], int]:
        """Get Collection of AWS Organizations. Returns the items, over as many pages as it takes, and the total."""
        query = [*_optional(SearchPattern=search), *(("Sort", column) for column in sort)]
        return self._list(_ORGANIZATIONS, query, "AWS Organizations", offset=offset, limit=limit)

    def add_organization(self, body: Mapping[str, Any], label: str) -> str:
        """Add AWS Organization. Never sent twice. Returns the session's ID."""
        return self._start("", body, Change("add", "added", _named(label)))

    def get_organization(self, organization_id: str) -> Any:
        """Get AWS Organization Data. Raises NotFound."""
        return self._get(_organization(organization_id)).json()

    def modify_organization(self, organization_id: str, body: Mapping[str, Any], label: str) -> None:
        """Modify AWS Organization. With new scopes it is not repeated, since each could be created twice.

        The answer is not read: what was applied is read back.
        """
        path, change = _organization(organization_id), Change("modify", "modified", _named(label))
        self._write(Call("PUT", path, json=body, repeatable=not body.get("newLimitedScopes"), change=change))

    def remove_organization(self, organization_id: str, label: str) -> None:
        """Remove AWS Organization. Raises NotFound, also if a repeated call finds the work done by the first."""
        path = _organization(organization_id)
        self._write(Call("DELETE", path, change=Change("remove", "removed", _named(label))))

    def get_rescan_results(self, session: str, **selection: Any) -> Listing:
        """Get AWS Organization Structure Rescan Results. selection: see _structure_of."""
        path = _ORGANIZATIONS + path_of("rescan", session, "identitiesInMemory")
        return self._structure_of(
            path, "expandChildNodes", selection, lambda page: require_about(session, page.get("sessionId"))
        )

    def get_structure(self, organization_id: str, **selection: Any) -> Listing:
        """Get Structure of AWS Organization Added to Veeam Backup for AWS. selection: see _structure_of."""

        def check(page: Mapping[str, Any]) -> None:
            shown = page.get("organizationId")
            # The reference calls the AWS ID organizationId too.
            require_about(organization_id, None if str(shown).startswith("o-") else shown)

        path = _organization(organization_id, "identitiesInDb")
        return self._structure_of(path, "ExpandChildNodes", selection, check)

    def validate_removal(self, organization_id: str) -> list[dict[str, Any]]:
        """Validate Removing of AWS Organization. Returns its findings; none means that it can be removed."""
        return _findings(self._post(path_of(organization_id, "validateDelete")))

    def validate_removals(self, organization_ids: Sequence[str]) -> list[dict[str, Any]]:
        """Validate Removing of Multiple AWS Organizations. Returns its findings; none means that all can be removed."""
        answer = self._post("/validateDelete", {"items": list(dict.fromkeys(organization_ids))})
        findings = _object(answer).get("results")
        if findings is not None and not _is_list_of_objects(findings):
            raise _unexpected(answer, "results")
        return list(findings or [])

    def test_configuration(self, body: Mapping[str, Any]) -> str:
        """Check AWS Organization Configuration. body: ``create`` or ``update``, ``rescanSessionId``. Returns the
        session's ID.
        """
        return self._start("/testConfiguration", body)

    def export_organizations(self, media_type: str) -> Answer:
        """Export Collection of AWS Organizations. media_type: ``text/csv`` or ``application/xml``. Returns the answer
        as it came, since nothing is published about the file.
        """
        return self._client.call(Call("POST", f"{_ORGANIZATIONS}/export", accept=media_type))

    def check_adding(self, rescan_iam_role_id: str) -> RoleUse:
        """Check Adding AWS Organization: whether a role can read one, and whether that is registered already."""
        answer = self._post("/checkOrganizationExists", {"rescanIamRoleId": rescan_iam_role_id})
        body = _object(answer)
        valid, conflict = body.get("isRescanIamRoleValid"), body.get("conflictingOrganizationId")
        if not isinstance(valid, bool) or not (conflict is None or isinstance(conflict, str)):
            raise _unexpected(answer, "isRescanIamRoleValid and conflictingOrganizationId")
        return RoleUse(valid, conflict.lower() if conflict else None)

    def validate_name(self, name: str) -> NameUse:
        """Validate AWS Organization Name."""
        answer = self._post("/validateName", {"organizationName": name})
        body = _object(answer)
        valid, unique = body.get("isValid"), body.get("isUnique")
        if not isinstance(valid, bool) or not isinstance(unique, bool):
            raise _unexpected(answer, "isValid and isUnique")
        return NameUse(valid, unique)

    def validate_settings(self, body: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Validate AWS Organization Settings. body: as test_configuration takes it. Returns its findings, if any."""
        return _findings(self._post("/validateOrganization", body))

    # What these calls need beside them; public documentation of the product.

    def get_session(self, session: str) -> dict[str, Any]:
        """State of a session on the appliance. Raises NotFound."""
        body = _object(self._get(path_of("sessions", session)))
        require_about(session, body.get("id"))
        return body

    def get_session_log(self, session: str, optional: bool = False) -> list[dict[str, Any]]:
        """The entries of a session's log, oldest first as the appliance gives them. optional: see Call."""
        answer = self._get(path_of("sessions", session, "log"), optional)
        body = _object(answer)
        require_about(session, body.get("sessionId"))
        entries = body.get("log")
        if not _is_list_of_objects(entries):
            raise _unexpected(answer, "log")
        return list(entries or [])

    def get_iam_roles(self, search: str | None = None) -> list[dict[str, Any]]:
        """The IAM roles registered on the appliance: all, or those that match a pattern in its judgement."""
        return self._list("/accounts/amazon", _optional(SearchPattern=search), "IAM roles")[0]

    def get_version(self) -> dict[str, Any]:
        """Version of the product on the appliance."""
        return _object(self._get("/system/version"))

    def get_document(self, path: str) -> Answer:
        """Something that the appliance serves beside its API, by its path on the host."""
        return self._client.call(Call("GET", path, root=""))


def session_id(answer: Answer) -> str:
    """Return the session that a 202 started: ``sessionId``, ``id``, a link to a session, or the header ``Location``.

    The body is public for the other jobs of this API and assumed for organizations. Raises UnknownOutcome if none of
    these is there: something was started that cannot be followed.
    """
    try:
        body = answer.json() if answer.text.strip() else {}
    except ApplianceError:
        body = {}
    if isinstance(body, Mapping):
        for key in ("sessionId", "id"):
            if _is_usable(body.get(key)):
                return str(body[key])
        links = body.get("_links")
        for link in links if isinstance(links, list) else []:
            found = _SESSION_LINK.search(str(link.get("href", ""))) if isinstance(link, Mapping) else None
            if found:
                return found.group(1)
    found = _SESSION_LINK.search(answer.headers.get("Location", "") or "")
    if found:
        return found.group(1)
    raise UnknownOutcome(
        f"The appliance accepted {answer.method} {answer.path}, and its answer names no session by which to follow it",
        remedy=f'It began with: "{answer.quotation()}".',
        method=answer.method,
        path=answer.path,
        status=answer.status,
    )


def require_about(asked: str, shown: Any) -> None:
    """Raises ApplianceError (api) if an answer shows another ID than the one that was asked for.

    What such an answer shows would be taken for what the asked one is, and a write would go to the other object. Upper
    and lower case do not count. shown: None or empty if the answer does not show what it is about.
    """
    if shown not in (None, "") and str(shown).lower() != asked.lower():
        raise ApplianceError(
            f"The appliance was asked for {brief(asked)} and returned {brief(shown)}",
            reason="api",
            remedy="Nothing was done with the answer. Check what is between this host and the appliance, such as a "
            "proxy that caches, and the appliance itself.",
        )


def _organization(organization_id: str, *more: str) -> str:
    return _ORGANIZATIONS + path_of(organization_id, *more)


def _is_usable(session: Any) -> bool:
    """Whether a session can be followed by this ID."""
    return isinstance(session, str) and len(session) <= _LONGEST_ID and session.isprintable() and is_segment(session)


def _named(label: str) -> str:
    return f"the AWS Organization {label}"


def _findings(answer: Answer) -> list[dict[str, Any]]:
    """A bare array of findings; an empty body means fine."""
    if not answer.text.strip():
        return []
    items = answer.json()
    if items is None:
        return []
    if not _is_list_of_objects(items):
        raise _unexpected(answer, "a list of findings")
    return list(items)


def _object(answer: Answer) -> dict[str, Any]:
    body = answer.json()
    if not isinstance(body, dict):
        raise _unexpected(answer, "an object")
    return body


def _optional(**pairs: Any) -> list[tuple[str, Any]]:
    """Query parameters without those that are not given, booleans in the spelling of JSON."""
    return [
        (name, str(value).lower() if isinstance(value, bool) else value)
        for name, value in pairs.items()
        if value is not None
    ]


def _is_list_of_objects(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)


def _unexpected(answer: Answer, wanted: str) -> ApplianceError:
    return ApplianceError(
        f"The appliance's answer to {answer.method} {answer.path} lacks {wanted}",
        reason="api",
        remedy=f'It began with: "{answer.quotation()}".',
        method=answer.method,
        path=answer.path,
        status=answer.status,
    )
