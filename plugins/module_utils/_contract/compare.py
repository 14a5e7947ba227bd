# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares the assumed property names with an OpenAPI document of an appliance."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Any

from .._model.evidence import TELLING, words
from .._model.names import PROPERTIES
from .._model.settings import SETTINGS
from .openapi import Document, Schema

CALLS = (
    ("POST", "/organizations/amazon/rescan"),
    ("GET", "/organizations/amazon"),
    ("POST", "/organizations/amazon"),
    ("GET", "/organizations/amazon/{organizationId}"),
    ("PUT", "/organizations/amazon/{organizationId}"),
    ("DELETE", "/organizations/amazon/{organizationId}"),
    ("POST", "/organizations/amazon/rescan/{sessionId}/identitiesInMemory"),
    ("POST", "/organizations/amazon/{organizationId}/identitiesInDb"),
    ("POST", "/organizations/amazon/{organizationId}/validateDelete"),
    ("POST", "/organizations/amazon/validateDelete"),
    ("POST", "/organizations/amazon/testConfiguration"),
    ("POST", "/organizations/amazon/export"),
    ("POST", "/organizations/amazon/checkOrganizationExists"),
    ("POST", "/organizations/amazon/validateName"),
    ("POST", "/organizations/amazon/validateOrganization"),
)
"""The fifteen calls of the reference, in its order."""


@dataclass(frozen=True)
class Place:
    """An object of the API whose properties are assumed.

    call: its number in CALLS, from 1. steps: the documented properties that lead to it from the body that the call
    sends (write) or answers (read). name: what the reference calls it, for documents in which that way is not there.
    """

    name: str
    use: str
    call: int
    steps: tuple[str, ...]
    keys: tuple[str, ...]


_SETTINGS = tuple(setting.key for setting in SETTINGS.values())
_SCOPE = ("limited_scope.name", "limited_scope.organizational_units")
_IDENTITY = tuple(f"identity.{name}" for name in ("id", "aws_id", "name", "type", "parent_id"))
PLACES = (
    Place("AmazonOrganizationSpec", "write", 3, ("organization",), _SETTINGS),
    Place("AmazonOrganizationLimitedScopeSpec", "write", 3, ("limitedScopes",), _SCOPE),
    Place(
        "AmazonOrganizationLimitedScopeExistingSpec",
        "write",
        5,
        ("changedLimitedScopes",),
        ("limited_scope.id", *_SCOPE),
    ),
    Place("UpdateAmazonOrganizationSpec", "write", 15, ("update",), ("update.organization_id",)),
    Place(
        "AmazonOrganization",
        "read",
        4,
        (),
        ("organization.id", "organization.aws_organization_id", *_SETTINGS, "organization.limited_scopes"),
    ),
    Place("AmazonOrganizationLimitedScope", "read", 4, ("limitedScopes",), ("limited_scope.id", *_SCOPE)),
    Place("Identity", "read", 8, ("identities",), _IDENTITY),
    Place("TreeNode", "read", 8, ("tree",), ("tree.children",)),
    Place("Statistics", "read", 8, ("statistics",), ("statistics.units", "statistics.accounts")),
)


@dataclass(frozen=True)
class Verdict:
    """What a document says about one assumed name.

    verdict: ``holds``; ``differs``, where the document has ``found`` instead; ``missing``, where it has nothing of the
    kind, but ``candidates`` that nobody claims; ``not_described``, where the document lacks the object. certain: False
    where ``found`` is the only property that looks like it.
    """

    key: str
    use: str
    schema: str
    assumed: str
    verdict: str
    found: str | None = None
    certain: bool = True
    candidates: tuple[str, ...] = ()


def compare(document: Document) -> dict[str, Any]:
    """What a module returns about a document: the verdicts, the calls that are missing, and ``wire_names``."""
    verdicts = [verdict for place in PLACES for verdict in _at(document, place)]
    names, unsettled = wire_names(verdicts)
    return {
        "title": document.title,
        "version": document.version,
        "holds": all(verdict.verdict == "holds" for verdict in verdicts),
        "properties": [{**asdict(verdict), "candidates": list(verdict.candidates)} for verdict in verdicts],
        "missing_calls": [f"{method} {path}" for method, path in CALLS if not document.operation(method, path)],
        "wire_names": names,
        "unsettled": unsettled,
    }


def wire_names(verdicts: Collection[Verdict]) -> tuple[dict[str, str], list[str]]:
    """The value of the option ``wire_names`` that a document asks for, and the keys that it leaves open.

    A name that requests use goes above one that answers use, since the collection reads more names than it writes. A
    dotted name is only ever read.
    """
    names: dict[str, str] = {}
    unsettled: list[str] = []
    for key in dict.fromkeys(verdict.key for verdict in verdicts):
        of_key = [verdict for verdict in verdicts if verdict.key == key]
        written = {verdict.found for verdict in of_key if verdict.use == "write"} - {None}
        read = {verdict.found for verdict in of_key if verdict.use == "read" and verdict.found}
        chosen = written or {name for name in read if "." not in name}
        also_read = PROPERTIES[key].also_read
        only_read = all(verdict.use == "read" for verdict in of_key)
        name = next(iter(chosen), None)
        if len(chosen) == 1 and name != PROPERTIES[key].write and not (only_read and name in also_read):
            names[key] = str(name)
        readable = {PROPERTIES[key].write, *also_read, name}
        # What requests call it is what counts; that answers do not show it is for the modules to cope with.
        decisive = [verdict for verdict in of_key if verdict.use == "write"] or of_key
        open_ends = any(verdict.found is None for verdict in decisive) or not all(one.certain for one in of_key)
        if open_ends or len(chosen) > 1 or not read <= readable:
            unsettled.append(key)
    return names, unsettled


def _at(document: Document, place: Place) -> list[Verdict]:
    schema = _schema_of(document, place)
    label = document.label(schema) or place.name
    properties = document.properties(schema)
    if not properties:
        return [Verdict(key, place.use, label, PROPERTIES[key].write, "not_described") for key in place.keys]
    known = {key: _known(document, properties, key, place.use) for key in place.keys}
    claimed = {str(name).partition(".")[0] for name in known.values()}
    unclaimed = [name for name in properties if name not in claimed]
    return [_judge(document, properties, place, label, key, known[key], unclaimed) for key in place.keys]


def _judge(
    document: Document,
    properties: dict[str, Schema],
    place: Place,
    label: str,
    key: str,
    known: str | None,
    unclaimed: list[str],
) -> Verdict:
    row = PROPERTIES[key]
    if known is not None:
        holds = known == row.write or place.use == "read"
        return Verdict(key, place.use, label, row.write, "holds" if holds else "differs", known)
    kind, telling = TELLING.get(key, ("", frozenset()))
    alike = [name for name in unclaimed if telling & words(name) and document.kind(properties[name]) in (kind, None)]
    if len(alike) == 1:
        return Verdict(key, place.use, label, row.write, "differs", alike[0], certain=False)
    return Verdict(key, place.use, label, row.write, "missing", candidates=tuple(unclaimed))


def _known(document: Document, properties: dict[str, Schema], key: str, use: str) -> str | None:
    """The first of the known names of a property that an object has; requests have no dotted ones."""
    for name in (PROPERTIES[key].write, *PROPERTIES[key].also_read):
        outer, dot, inner = name.partition(".")
        if not dot and outer in properties:
            return name
        if dot and use == "read" and inner in document.properties(properties.get(outer, {})):
            return name
    return None


def _schema_of(document: Document, place: Place) -> Schema:
    """The object that the steps lead to, else the one of that name."""
    operation = document.operation(*CALLS[place.call - 1])
    schema = document.sent(operation) if place.use == "write" else document.answered(operation)
    for step in place.steps:
        schema = document.item(document.properties(schema).get(step, {}))
    return schema if document.properties(schema) else document.named(place.name)
