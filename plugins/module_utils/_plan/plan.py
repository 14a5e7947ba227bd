# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The difference between a declaration and the organization: what to do, why, and which body to send.

A second plan after a write must find nothing left to do; this verifies the write.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .._errors import ApplianceError
from .._model.desired import Desired
from .._model.evidence import advice
from .._model.names import Names
from .._model.organization import LimitedScope, Organization, scope_to_wire, settings_to_wire
from .._model.settings import REQUIRED, SETTINGS
from .._wording import did_you_mean
from .references import References
from .scopes import ScopePlan, plan_scopes


@dataclass(frozen=True)
class Change:
    """One field that differs, in the terms of a playbook."""

    field: str
    before: Any
    after: Any


class LostProperty(Change):
    """A property that the collection does not know, and that a write has emptied."""


@dataclass(frozen=True)
class Plan:
    """What to do about one organization.

    action: ``none``, ``create``, ``update``, ``rename`` or ``remove``.
    status: ``in_sync``, ``different``, ``missing``, ``unwanted`` or ``unknown``.
    before, after: the sides of the diff, empty if there is no organization.
    body: what ``add_organization`` or ``modify_organization`` sends.
    unverified: declared fields that the appliance does not show. unknown: optional settings that a change leaves alone
    without knowing whether they are set.
    """

    action: str
    status: str
    changes: tuple[Change, ...] = ()
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)
    unverified: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    def id(self, desired: Desired) -> str:
        """Return a hash of what is declared, what exists, and what would be done; the order does not matter."""
        # An addition is made as declared, so its result adds nothing; check mode may not know the paths of its units.
        after = self.after if self.before else {}
        content = {"declared": desired.as_content(), "action": self.action, "before": self.before, "after": after}
        return hashlib.sha256(json.dumps(_canonical(content), sort_keys=True).encode()).hexdigest()


def plan(desired: Desired, actual: Organization | None, references: References, names: Names) -> Plan:
    """Plan one organization.

    actual: the organization that the declaration means, with the members of its scopes; None if it does not exist.
    Raises ApplianceError (invalid, conflict) if the declaration cannot be carried out.
    """
    if desired.state == "absent":
        if actual is None:
            return Plan("none", "in_sync")
        before = _shown(actual, actual.limited_scopes, references)
        return Plan("remove", "unwanted", (Change("state", "present", "absent"),), before)
    if actual is None:
        return _plan_new(desired, references, names)
    return _plan_existing(desired, actual, references, names)


def lost(before: Organization, after: Organization, desired: Desired) -> list[Change]:
    """Return undeclared settings and scopes that a write changed, each from its value now to its value before."""
    changes = [
        Change(option, after.settings[option], before.settings[option])
        for option in SETTINGS
        if desired.settings.get(option) is None and before.settings[option] != after.settings[option]
    ]
    if desired.limited_scopes is None and desired.scope != "entire":
        was, now = ({scope.name: _sorted_units(scope) for scope in side.limited_scopes} for side in (before, after))
        changes += [
            Change(f"limited_scopes.{name}", now.get(name), was.get(name))
            for name in sorted({*was, *now})
            if was.get(name) != now.get(name)
        ]
    return [*changes, *_lost_properties(before, after, desired)]


def _lost_properties(before: Organization, after: Organization, desired: Desired) -> list[LostProperty]:
    """Return the properties that the collection does not know and that are empty after a write."""
    sides = [("", before.other, after.other)]
    if desired.scope != "entire":
        now = {scope.id: scope for scope in after.limited_scopes}
        sides += [
            (f"limited_scopes.{scope.name}.", scope.other, now[scope.id].other)
            for scope in before.limited_scopes
            if scope.id in now
        ]
    return [
        LostProperty(f"{where}other.{name}", now.get(name), value)
        for where, was, now in sides
        for name, value in was.items()
        if _is_lost(value, now.get(name))
    ]


def _is_lost(before: Any, after: Any) -> bool:
    """Whether a value became empty, or a list or an object smaller. Other differences may be computed values."""
    if isinstance(before, (list, Mapping)) and isinstance(after, (list, Mapping)):
        return len(after) < len(before)
    return before not in (None, "") and after in (None, "", [], {})


def require_complete(desired: Desired, registered: Sequence[str] = ()) -> None:
    """Raises ApplianceError (invalid) if a new organization is declared without a required setting or the scope.

    registered: the names of the organizations that the declaration may mean instead.
    """
    declared = {**desired.settings, "scope": desired.scope}
    missing = [option for option in (*REQUIRED, "scope") if not declared.get(option)]
    if missing:
        raise ApplianceError(
            f"The AWS Organization {desired.label!r} is not on the appliance, and it takes {', '.join(missing)} to "
            f"add it",
            reason="invalid",
            remedy=f"{did_you_mean(desired.name or '', registered)}Give the missing options. Should it be there "
            "already, compare the name (upper and lower case count) or give its aws_organization_id.",
        )


def _plan_new(desired: Desired, references: References, names: Names) -> Plan:
    require_complete(desired)
    scopes = plan_scopes(desired, None, references)
    if desired.scope == "limited" and not scopes.new:
        raise ApplianceError(f"The new AWS Organization {desired.label!r} is limited to no scope", reason="invalid")
    body: dict[str, Any] = {names.written("add.organization"): settings_to_wire(_values(desired, references), names)}
    if scopes.new:
        body[names.written("add.limited_scopes")] = [scope_to_wire(scope, names) for scope in scopes.new]
    after = {
        **{option: desired.settings.get(option) or None for option in SETTINGS},
        "rescan_iam_role": references.show_wanted_role(),
        "scope": desired.scope,
        "limited_scopes": _shown_scopes(scopes.new, references),
    }
    changes = tuple(Change(name, None, value) for name, value in after.items() if value not in (None, []))
    return Plan("create", "missing", changes, {}, after, body)


def _plan_existing(desired: Desired, actual: Organization, references: References, names: Names) -> Plan:
    changes, unverified = _setting_changes(desired, actual, references)
    scopes = plan_scopes(desired, actual, references)
    changes += _scope_changes(desired, actual, scopes, references)
    if "limited_scopes" not in actual.shown and (desired.scope is not None or desired.limited_scopes is not None):
        unverified.append("scope")
    if not changes:
        shown = _shown(actual, actual.limited_scopes, references)
        return Plan("none", "unknown" if unverified else "in_sync", (), shown, shown, {}, tuple(unverified))
    body = modify_body(desired, actual, references, names)
    after = _shown(actual, scopes.result, references)
    after.update({change.field: change.after for change in changes if change.field in (*SETTINGS, "scope")})
    known = [change for change in changes if change.field not in unverified]
    renamed = [change.field for change in changes] == ["name"]
    return Plan(
        "rename" if renamed else "update",
        "different" if known else "unknown",
        tuple(changes),
        _shown(actual, actual.limited_scopes, references),
        after,
        body,
        tuple(unverified),
        tuple(option for option in actual.unknown if option in SETTINGS and option not in unverified),
    )


def modify_body(desired: Desired, actual: Organization, references: References, names: Names) -> dict[str, Any]:
    """Return the body of ``modify_organization``: every setting and every scope, since it replaces them all.

    Raises ApplianceError (api) if it would leave out something that exists.
    """
    scopes = plan_scopes(desired, actual, references)
    _require_safe(desired, actual, scopes, names)
    return {
        names.written("modify.organization"): settings_to_wire(_values(desired, references), names, actual),
        names.written("modify.new_limited_scopes"): [scope_to_wire(scope, names) for scope in scopes.new],
        names.written("modify.changed_limited_scopes"): [scope_to_wire(scope, names) for scope in scopes.kept],
    }


def _setting_changes(desired: Desired, actual: Organization, references: References) -> tuple[list[Change], list[str]]:
    """Return the changes, and the declared settings that the appliance does not show.

    A setting that is not shown is sent on every run, since it cannot be verified. If it is declared as not set, there
    is nothing to send, so that alone is no reason for a write.
    """
    changes, unverified = [], []
    for option in SETTINGS:
        declared, before = desired.settings.get(option), actual.settings[option]
        if declared is None:
            continue
        is_role = option == "rescan_iam_role"
        if option in actual.shown:
            different = before != (references.rescan_role_id if is_role else declared or None)
        else:
            unverified.append(option)
            different = declared != ""
        if different and is_role:
            changes.append(Change(option, references.show_role(before), references.show_wanted_role()))
        elif different:
            changes.append(Change(option, before, declared or None))
    return changes, unverified


def _scope_changes(desired: Desired, actual: Organization, scopes: ScopePlan, references: References) -> list[Change]:
    changes = []
    if desired.scope is not None and actual.scope is not None and desired.scope != actual.scope:
        changes.append(Change("scope", actual.scope, desired.scope))
    for before, after in scopes.pairs:
        label = (after or before).name  # type: ignore[union-attr]
        if before and after and before.name != after.name:
            changes.append(Change(f"limited_scopes.{label}.name", before.name, after.name))
            if before.units == after.units:
                continue
        old, new = (references.show_units(side.units) if side else None for side in (before, after))
        changes.append(Change(f"limited_scopes.{label}.organizational_units", old, new))
    return changes


def _values(desired: Desired, references: References) -> dict[str, str | None]:
    return {**desired.settings, "rescan_iam_role": references.rescan_role_id}


def _require_safe(desired: Desired, actual: Organization, scopes: ScopePlan, names: Names) -> None:
    """Raises ApplianceError (api) if an update, which replaces the organization, could overwrite what exists."""
    for option in REQUIRED:
        if desired.settings.get(option) is None and not actual.settings[option]:
            raise _unreadable(actual, option, f"Declare {option}", names)
    if "limited_scopes" not in actual.shown and desired.scope != "entire":
        raise _unreadable(actual, "limited_scopes", "Say scope: entire if it is registered as a whole", names)
    members = "limited_scope.organizational_units"
    if scopes.kept and not names.is_proven(members):
        raise ApplianceError(
            f"The AWS Organization {actual.label} cannot be changed: a change also sends the units of its limited "
            f"scopes, and the appliance does not show the name of that property",
            reason="api",
            remedy=f"Sent under a wrong name, they would be lost. {advice(names, members)} If the assumed name "
            f"{names.written(members)} is right, set that one.",
        )
    for scope in scopes.kept:
        if scope.id is None:
            raise ApplianceError(
                f"The limited scope {scope.name!r} of {actual.label} comes without an ID, so that a change would "
                f"replace it",
                reason="api",
                remedy=advice(names, "limited_scope.id"),
            )


def _unreadable(actual: Organization, field: str, declare: str, names: Names) -> ApplianceError:
    return ApplianceError(
        f"The AWS Organization {actual.label} cannot be changed: the appliance does not show its {field}, and a "
        f"change replaces it with whatever is sent",
        reason="api",
        remedy=f"{declare}, or correct the name. {advice(names, f'organization.{field}')}",
    )


def _shown(actual: Organization, scopes: Sequence[LimitedScope], references: References) -> dict[str, Any]:
    """Return one side of the diff, in the terms of a playbook; what is not known is left out."""
    shown = {option: actual.settings[option] for option in SETTINGS if option in actual.shown}
    if "rescan_iam_role" in shown:
        shown["rescan_iam_role"] = references.show_role(actual.rescan_iam_role)
    return {**shown, "scope": actual.scope, "limited_scopes": _shown_scopes(scopes, references)}


def _shown_scopes(scopes: Sequence[LimitedScope], references: References) -> list[dict[str, Any]]:
    return [
        {"name": scope.name, "organizational_units": references.show_units(scope.units)}
        for scope in sorted(scopes, key=lambda scope: scope.name)
    ]


def _sorted_units(scope: LimitedScope) -> list[str] | None:
    return None if scope.units is None else sorted(scope.units)


def _canonical(value: Any) -> Any:
    """Return a value with every list in one order, so that a playbook in another order gives the same plan."""
    if isinstance(value, Mapping):
        return {key: _canonical(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return sorted((_canonical(inner) for inner in value), key=lambda inner: json.dumps(inner, sort_keys=True))
    return value
