# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the product demands of the settings of an organization."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from ..refusal import bad_request
from ..storage.organizations import NewSettings, Organization, Scope
from ..storage.roles import Role
from ..storage.structure import Structure

if TYPE_CHECKING:
    from ..appliance import Appliance

NAME_LENGTH = 127
ADD = "AmazonOrganizationAdd"


def name_is_valid(appliance: Appliance, name: str) -> bool:
    """Whether a name is allowed: not empty, not too long, and not the name of an IAM role."""
    return bool(name.strip()) and len(name) <= NAME_LENGTH and not appliance.roles.called(name)


def name_is_unique(appliance: Appliance, name: str, but: str = "") -> bool:
    """Whether no organization has a name, and none that is being added. `but` is the ID of the organization itself."""
    holder = appliance.organizations.called(name)
    if holder is not None and holder.id != but:
        return False
    return all(payload["name"] != name for payload in appliance.sessions.pending(ADD))


def readable(appliance: Appliance, role: Role | None) -> Structure | None:
    """The AWS Organization that an IAM role can read now; None if it cannot read one."""
    if role is None or not role.trusted:
        return None
    return appliance.structures.get(role.aws_organization)


def wrong_name(appliance: Appliance, name: str, but: str = "") -> str:
    """What is wrong with a name; empty if nothing is."""
    if not name_is_valid(appliance, name):
        reasons = f"it is empty, longer than {NAME_LENGTH} characters, or the name of an IAM role"
        return f'The name "{name}" is not allowed: {reasons}.'
    if not name_is_unique(appliance, name, but):
        return f'The name "{name}" is not unique: an AWS Organization has it, or is being added with it.'
    return ""


def wrong_scopes(settings: NewSettings, existing: Organization | None = None) -> str:
    """What is wrong with the scopes themselves, whatever their units are; empty if nothing is."""
    names = Counter(scope.name for scope in settings.limited_scopes)
    twice = [name for name, count in names.items() if count > 1]
    if twice:
        return f'More than one limited scope is called "{twice[0]}".'
    known = {scope.id for scope in existing.limited_scopes} if existing is not None else set()
    for scope in settings.limited_scopes:
        if scope.id and scope.id not in known:
            return f"The limited scope {scope.id} does not exist in this AWS Organization."
    ids = Counter(scope.id for scope in settings.limited_scopes if scope.id)
    if any(count > 1 for count in ids.values()):
        return "A limited scope is changed twice."
    return ""


def dropped_scopes(settings: NewSettings, existing: Organization) -> list[Scope]:
    """The scopes that settings do not name."""
    kept = {scope.id for scope in settings.limited_scopes}
    return [scope for scope in existing.limited_scopes if scope.id not in kept]


def units_of(settings: NewSettings) -> list[str]:
    """All units of all scopes, each once."""
    return list(dict.fromkeys(unit for scope in settings.limited_scopes for unit in scope.organizational_units))


def settle_unknown(appliance: Appliance, settings: NewSettings, existing: Organization | None = None) -> None:
    """Leaves the unknown properties that an organization and its scopes have after a request.

    Raises Refusal if the request may not have one of those that it has.
    """
    scopes = {scope.id: scope for scope in existing.limited_scopes} if existing is not None else {}
    pairs: list[tuple[NewSettings | Scope, Organization | Scope | None]] = [(settings, existing)]
    pairs += [(scope, scopes.get(scope.id)) for scope in settings.limited_scopes]
    way, strict = appliance.shape.unknown_properties, appliance.shape.strict
    for sent, had in pairs:
        known = had.other if had is not None else {}
        settable = known if way in ("kept", "replaced") else {}
        refused = [name for name in sent.other if name not in settable]
        if refused and (strict or way == "refused"):
            raise bad_request(f"These properties are not known: {', '.join(refused)}.")
        sent.other = {name: sent.other[name] for name in known if name in sent.other} if way == "replaced" else known
