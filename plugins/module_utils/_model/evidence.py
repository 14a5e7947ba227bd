# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the appliance has shown about assumed property names, as advice for the option ``wire_names``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from .._errors import ApplianceError, Refused
from .._wording import first_of, printable
from .names import ASSUMED, NOT_SENT, PROPERTIES, Names
from .settings import SETTINGS
from .values import is_uuid

_NAMED = 5  # candidates that a message shows
_KEPT = 20  # properties that a message shows

TELLING: dict[str, tuple[str, frozenset[str]]] = {
    "organization.description": ("string", frozenset({"description", "comment", "note", "notes"})),
    "organization.rescan_iam_role": ("string", frozenset({"rescan"})),
    "organization.backup_restore_iam_role_name": ("string", frozenset({"backup", "restore", "br"})),
    "organization.production_worker_iam_role_name": ("string", frozenset({"worker", "pw"})),
    "organization.limited_scopes": ("array", frozenset({"scope", "scopes"})),
    "limited_scope.organizational_units": ("array", frozenset({"unit", "units", "member", "members", "ous"})),
    "tree.children": ("array", frozenset({"child", "children", "nodes"})),
    "statistics.units": ("integer", frozenset({"unit", "units", "ous"})),
    "statistics.accounts": ("integer", frozenset({"account", "accounts"})),
}
"""Key -> the JSON type of its values, and words of a property name that suggest what it is."""

_FITS: Mapping[str, Callable[[Any], bool]] = {
    "string": lambda value: value is None or isinstance(value, str),
    "array": lambda value: value is None or isinstance(value, list),
    "integer": lambda value: isinstance(value, int),
}

_AWS_ID = "organization.aws_organization_id"
_IDS = ("organization.rescan_iam_role", "limited_scope.id")
"""Keys whose values are UUIDs of the appliance; the values of all others are not."""


def words(name: str) -> set[str]:
    """Return the words of a property name: ``workerIAMRole`` has worker, iam and role."""
    return {word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+", name)}


def candidates(names: Names, key: str) -> list[str]:
    """Return the unknown properties that could be the one of a key, the likeliest first; none once its name is read."""
    if names.reads(key):
        return []
    kind, telling = TELLING.get(key, ("string", frozenset()))
    unknown = names.unknown.get(key.partition(".")[0], {})
    fitting = [name for name, value in unknown.items() if _FITS[kind](value) and _looks_like(key, value)]
    return sorted(fitting, key=lambda name: (not words(name) & telling, name))


def _looks_like(key: str, value: Any) -> bool:
    if not isinstance(value, str) or not value:
        return True
    if key in _IDS:
        return is_uuid(value)
    pattern = PROPERTIES[_AWS_ID].pattern
    is_aws_id = pattern is not None and pattern.match(value) is not None
    return is_aws_id if key == _AWS_ID else not (is_aws_id or is_uuid(value))


def advice(names: Names, key: str) -> str:
    """Return the sentence that tells how to correct the name of a property, with the properties that it could be."""
    found = candidates(names, key)
    if not found:
        return f"If the appliance uses another name than {names.written(key)}, set wire_names: {{{key}: NAME}}."
    shown = first_of(found, _NAMED, as_text=printable)
    name = printable(found[0]) if len(found) == 1 else "NAME"
    one = "that is its name" if len(found) == 1 else "one of these is its name"
    return (
        f"The appliance also shows {shown}, which the collection does not know. If {one}, set wire_names: "
        f"{{{key}: {name}}}."
    )


def warnings(names: Names, label: str, unverified: Sequence[str], unknown: Sequence[str]) -> list[str]:
    """Return the warnings about fields that the appliance does not show.

    unverified: those that are declared. unknown: optional ones that a change leaves alone.
    """
    texts = []
    for fields, so in (
        (unverified, "it is not known whether the declaration is met"),
        (unknown, "the change sends back what the collection does not know as it was read"),
    ):
        keys = ["organization." + ("limited_scopes" if field == "scope" else field) for field in fields]
        advices = " ".join(dict.fromkeys(advice(names, key) for key in keys))
        if fields:
            texts.append(
                f"The appliance does not show {', '.join(fields)} of the AWS Organization {label}, so {so}. {advices}"
            )
    return texts


@contextmanager
def blaming_names(names: Names, body: Mapping[str, Any]) -> Iterator[None]:
    """Add what is assumed about the names in a request to the error with which the appliance refuses it.

    body: of an addition or a change. Raises the ApplianceError of the block.
    """
    try:
        yield
    except ApplianceError as error:
        by_findings = error.stage == "preflight"
        if not by_findings and not (isinstance(error, Refused) and error.status in (400, 422)):
            raise
        more = _doubts(names, body)
        if not more:
            raise
        raise error.but(remedy=" ".join(filter(None, [error.remedy, more]))) from error


def _doubts(names: Names, body: Mapping[str, Any]) -> str:
    """Return sentences about the names in a request that are not proven, and about what was sent back unknown."""
    settings = body.get(names.written("add.organization"), {})
    scopes = [scope for value in body.values() if isinstance(value, list) for scope in value]
    keys = [setting.key for setting in SETTINGS.values() if names.written(setting.key) in settings]
    if scopes:
        keys += ["limited_scope.name", "limited_scope.organizational_units"]
    assumed = [key for key in keys if not names.is_proven(key)]
    sentences = []
    if assumed:
        sent = ", ".join(f"{names.written(key)} ({key})" for key in assumed)
        sentences.append(f"The request used property names that this appliance has not shown: {sent}.")
        shown = sorted({printable(name) for key in assumed for name in candidates(names, key)})[:_NAMED]
        if shown:
            sentences.append(f"It shows {', '.join(shown)}, which the collection does not know.")
        sentences.append("If a name is wrong, correct it with wire_names.")
    kept = _unknown_in(settings, names.unknown.get("organization", {}))
    kept += [name for scope in scopes for name in _unknown_in(scope, names.unknown.get("limited_scope", {}))]
    if kept:
        listed = first_of(dict.fromkeys(kept), _KEPT, as_text=printable)
        sentences.append(
            f"The request also sent back what the appliance shows and the collection does not know: {listed}. If that "
            f"is the cause, set wire_names: {{{NOT_SENT}: [{listed}]}}."
        )
    return " ".join(sentences)


def _unknown_in(sent: Mapping[str, Any], unknown: Iterable[str]) -> list[str]:
    return [name for name in unknown if name in sent]


def unproven(names: Names) -> dict[str, list[str]]:
    """Return the keys of an organization whose names the appliance has not shown and the user has not set.

    The values are the unknown properties that they could be, the likeliest first.
    """
    keys = [key for key in ASSUMED if key.startswith(("organization.", "limited_scope."))]
    return {key: candidates(names, key) for key in keys if not (names.reads(key) or names.is_proven(key))}
