# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a playbook declares about one AWS Organization, checked before any request to the appliance."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from .._errors import ApplianceError
from .._wording import quoted
from .settings import SETTINGS, check_texts
from .structure import split_path
from .values import check_one_line, check_text, invalid, is_account_id, is_unit_id, is_uuid, unit_reference

_AWS_ORGANIZATION_ID = re.compile(r"^o-[a-z0-9]{10,32}\Z")


@dataclass(frozen=True)
class DesiredScope:
    """A limited scope as declared. units: AWS IDs and paths as written; None leaves the members as they are."""

    name: str
    former_names: tuple[str, ...] = ()
    units: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Desired:
    """One organization as declared; None everywhere means "left as it is on the appliance".

    settings: option -> text; None or missing leaves the setting as it is, an empty text clears it.
    """

    state: str = "present"
    id: str | None = None
    aws_organization_id: str | None = None
    settings: Mapping[str, str | None] = field(default_factory=dict)
    scope: str | None = None
    limited_scopes: tuple[DesiredScope, ...] | None = None
    on_conflict: str = "fail"

    @property
    def name(self) -> str | None:
        return self.settings.get("name")

    @property
    def rescan_iam_role(self) -> str | None:
        return self.settings.get("rescan_iam_role")

    @property
    def label(self) -> str:
        """Its name in messages."""
        return self.name or self.aws_organization_id or self.id or "?"

    @property
    def unit_references(self) -> tuple[str, ...]:
        """Every unit that the declaration mentions, each once, in the order of the declaration."""
        references = (unit for scope in self.limited_scopes or () for unit in scope.units or ())
        return tuple(dict.fromkeys(references))

    def as_content(self) -> dict[str, Any]:
        """Return all that is declared, with the settings beside the rest, as the ID of a plan needs it."""
        content = {one.name: getattr(self, one.name) for one in fields(self) if one.name != "settings"}
        if self.limited_scopes is not None:
            content["limited_scopes"] = [asdict(scope) for scope in self.limited_scopes]
        return {**content, **{option: self.settings.get(option) for option in SETTINGS}}


def desired_from_options(options: Mapping[str, Any]) -> Desired:
    """Read and check the options of the module ``organization``.

    Raises ApplianceError (invalid) with the option, what is wrong with it, and what to give instead.
    """
    _check_ids(options)
    check_texts(options)
    scope, scopes = options.get("scope"), options.get("limited_scopes")
    _check_scope(options["state"], scope, scopes)
    return Desired(
        state=options["state"],
        id=options["id"].lower() if options.get("id") else None,
        aws_organization_id=options.get("aws_organization_id"),
        settings={option: options.get(option) for option in SETTINGS},
        scope=scope,
        limited_scopes=None if scopes is None else _scopes(scopes),
        on_conflict=options.get("on_conflict") or "fail",
    )


def declared_from_options(options: Mapping[str, Any]) -> Desired:
    """Read and check the same options of a declaration, which must identify its organization.

    Raises ApplianceError (invalid) if all identifiers are null, for example because a variable is not set: a removal
    without an identifier would pass for done.
    """
    if all(options.get(option) is None for option in ("id", "aws_organization_id", "name")):
        raise ApplianceError(
            "An AWS Organization is declared without id, aws_organization_id and name",
            reason="invalid",
            remedy="Give one of them; null is the same as leaving it out.",
        )
    return desired_from_options(options)


def check_identity(options: Mapping[str, Any]) -> None:
    """Check ``id``, ``aws_organization_id`` and ``name`` if they are given. Raises ApplianceError (invalid)."""
    _check_ids(options)
    check_texts({"name": options.get("name")})


def _check_ids(options: Mapping[str, Any]) -> None:
    identifier, aws_id = options.get("id"), options.get("aws_organization_id")
    if identifier is not None and not is_uuid(identifier):
        hint = "It looks like the AWS ID: give it as aws_organization_id. " if identifier.startswith("o-") else ""
        raise invalid(
            "id",
            identifier,
            "is no UUID",
            f"{hint}The option id takes the UUID that the appliance gave the organization.",
        )
    if aws_id is not None and not _AWS_ORGANIZATION_ID.match(aws_id):
        hint = "It looks like the appliance's UUID: give it as id. " if is_uuid(aws_id) else ""
        raise invalid(
            "aws_organization_id", aws_id, "is no AWS Organization ID", f"{hint}It looks like o-exampleorgid."
        )


def _check_scope(state: str, scope: str | None, scopes: Sequence[Mapping[str, Any]] | None) -> None:
    if scope not in (None, "entire", "limited"):
        raise invalid("scope", str(scope), "is neither entire nor limited", "Leave it out to keep what is set.")
    if state == "absent" or scopes is None:
        return
    if scopes and scope == "entire":
        raise ApplianceError(
            f"The options scope: entire and limited_scopes (with {len(scopes)} scopes) contradict each other",
            reason="invalid",
            remedy="Say scope: limited, or leave limited_scopes out.",
        )
    if not scopes and scope != "entire":
        raise ApplianceError(
            "The option limited_scopes is an empty list",
            reason="invalid",
            remedy="An empty filter must never widen the access to a whole AWS Organization. If that is what you "
            "want, say scope: entire; to leave the scopes as they are, leave the option out.",
        )


def _scopes(items: Sequence[Mapping[str, Any]]) -> tuple[DesiredScope, ...]:
    scopes = tuple(_scope(item) for item in items)
    taken: dict[str, str] = {}
    for scope in scopes:
        for name in (scope.name, *scope.former_names):
            if name in taken:
                raise ApplianceError(
                    f"The option limited_scopes names {quoted(name)} twice: for the scope {quoted(taken[name])} and "
                    f"for the scope {quoted(scope.name)}",
                    reason="invalid",
                    remedy="The name of a limited scope is unique within an organization.",
                )
        taken.update(dict.fromkeys((scope.name, *scope.former_names), scope.name))
    return scopes


def _scope(item: Mapping[str, Any]) -> DesiredScope:
    name = "" if item["name"] is None else item["name"]
    check_text("limited_scopes.name", name)
    if not name.strip():
        raise invalid("limited_scopes.name", name, "is empty", "Every limited scope needs a name.")
    check_one_line("limited_scopes.name", name)
    for former in item.get("former_names") or ():
        check_text("limited_scopes.former_names", former)
    units = item.get("organizational_units")
    if units is not None and not units:
        raise ApplianceError(
            f"The limited scope {quoted(name)} has an empty list of organizational_units",
            reason="invalid",
            remedy="Give at least one unit, leave the option out to keep the members of an existing scope, or leave "
            "the scope out to drop it.",
        )
    return DesiredScope(
        name=name,
        former_names=tuple(former for former in item.get("former_names") or () if former != name),
        units=None if units is None else tuple(dict.fromkeys(_unit(name, unit) for unit in units)),
    )


def _unit(scope: str, given: Any) -> str:
    """Return a reference to a unit: the AWS ID of a unit or a root, or a path.

    The number of an account is refused later, when the unit that contains the account is known.
    """
    unit = unit_reference("limited_scopes.organizational_units", given)
    if is_unit_id(unit) or is_account_id(unit):
        return unit
    if unit.startswith("/"):
        try:
            split_path(unit)
        except ValueError as error:
            problem, remedy = "is no path of a unit", f"{error}."
        else:
            return unit
    elif unit.startswith("arn:"):
        problem, remedy = "is an ARN", f"Give the AWS ID at its end: {unit.rsplit('/', 1)[-1]}."
    else:
        problem, remedy = (
            "is neither an AWS ID (ou-... or r-...) nor a path",
            "A path starts with /, as in /Workloads/Prod; the root is /.",
        )
    raise ApplianceError(
        f"The organizational unit {quoted(unit)} of the limited scope {quoted(scope)} {problem}",
        reason="invalid",
        remedy=remedy,
    )
