# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which organization of the appliance a declaration means by its identifiers."""

from __future__ import annotations

from collections.abc import Sequence

from .._errors import ApplianceError
from .._wording import first_of, quoted
from .desired import Desired
from .organization import Organization
from .seen import Listed

_NAMED = 10  # in a message


def match(desired: Desired, organizations: Sequence[Organization], name_released: bool = False) -> Organization | None:
    """Find the organization by ``id``, else by ``aws_organization_id``, else by its exact name; None if it is missing.

    organizations: all of them, with their AWS IDs if the declaration gives one. For many declarations it is Listed.
    name_released: the task takes the declared name from the organization that has it now, which is not meant then.
    Raises ApplianceError: not_found (``id`` is declared as present and does not exist), ambiguous (two match),
    conflict (one identifier matches, and another one that was given contradicts it).
    """
    listed = Listed.of(organizations)
    found = _match(desired, listed, name_released)
    if found is not None and desired.state == "absent":
        _require_own_name(desired, found, listed)
    return found


def require_free_name(
    desired: Desired, actual: Organization, organizations: Sequence[Organization], name_released: bool = False
) -> None:
    """Raises ApplianceError (conflict) if another organization has, and keeps, the declared new name."""
    other = None if name_released else _another_of_name(desired, actual, Listed.of(organizations))
    if other is not None:
        option = _option_of(desired)
        raise ApplianceError(
            f"The AWS Organization {actual.label} cannot be renamed to {quoted(other.name)}: {other.label} "
            "has this name",
            reason="conflict",
            remedy=f"{_which_is_meant(option, other, actual)} Names are unique on an appliance: to use this one, first "
            f"rename or remove {quoted(other.name)}.",
        )


def _match(desired: Desired, listed: Listed, name_released: bool) -> Organization | None:
    if desired.id is not None:
        return _match_id(desired, desired.id, listed)
    if desired.aws_organization_id is not None:
        found = _only(desired, "aws_organization_id", listed.with_aws_id(desired.aws_organization_id))
        if found is not None:
            return found
    found = _only(desired, "name", () if name_released else listed.with_name(desired.name))
    if found is not None:
        _require_aws_id(desired, found, listed)
    elif desired.state == "absent" and desired.aws_organization_id is not None:
        # An addition is compared by its role. A removal has nothing but the AWS ID: if an organization does not show
        # its own, it would pass for absent.
        for organization in listed.with_aws_id(None):
            _require_shown(desired, organization)
    return found


def _require_own_name(desired: Desired, found: Organization, listed: Listed) -> None:
    """Raises ApplianceError (conflict) if a removal gives the ID of one organization and the name of another."""
    other = _another_of_name(desired, found, listed)
    if other is not None:
        option = _option_of(desired)
        raise ApplianceError(
            f"The {option} {getattr(desired, option)} and the name {quoted(other.name)} mean two AWS Organizations: "
            f"{found.label} and {other.label}",
            reason="conflict",
            remedy=_which_is_meant(option, other, found),
        )


def _another_of_name(desired: Desired, found: Organization, listed: Listed) -> Organization | None:
    """Return another organization that has the declared name, if what was found has a different one."""
    if desired.name in (None, found.name):
        return None
    return next((other for other in listed.with_name(desired.name) if other.id != found.id), None)


def _label(organization: Organization) -> str:
    return organization.label


def _option_of(desired: Desired) -> str:
    return "id" if desired.id is not None else "aws_organization_id"


def _which_is_meant(option: str, by_name: Organization, by_option: Organization) -> str:
    """Return how to correct a declaration whose name leads to one organization and another option to a second one."""
    value = getattr(by_name, option)
    return (
        f"If {quoted(by_name.name)} is meant, correct {option}{f': it is {value}' if value else ''}. If "
        f"{quoted(by_option.name)} is meant, correct the name."
    )


def _match_id(desired: Desired, identifier: str, listed: Listed) -> Organization | None:
    found = _only(desired, "id", listed.with_id(identifier))
    if found is not None:
        _require_aws_id(desired, found, listed)
    elif desired.state == "present":
        raise ApplianceError(
            f"The appliance has no AWS Organization with the id {identifier}",
            reason="not_found",
            remedy="IDs are given by the appliance and differ from one to the next: to add the organization, "
            "leave id out. " + _list_of(listed),
        )
    else:
        _require_gone(desired, listed)
    return found


def _require_gone(desired: Desired, listed: Listed) -> None:
    """Raises ApplianceError (conflict) if a removal gives an ID that does not exist, and the AWS ID or the name of one
    that does: it would pass for done.
    """
    for option, find in (("aws_organization_id", listed.with_aws_id), ("name", listed.with_name)):
        value = getattr(desired, option)
        other = next(iter(find(value)), None) if value is not None else None
        if other is not None:
            raise ApplianceError(
                f"The appliance has no AWS Organization with the id {desired.id}, and the {option} {quoted(value)} is "
                f"that of {other.label}",
                reason="conflict",
                remedy=f"If {quoted(other.name)} is to be removed, correct the id or leave it out. If not, leave "
                f"{option} out.",
            )


def _only(desired: Desired, option: str, matching: Sequence[Organization]) -> Organization | None:
    if len(matching) > 1:
        raise ApplianceError(
            f"{len(matching)} AWS Organizations of the appliance match the {option} {quoted(getattr(desired, option))}",
            reason="ambiguous",
            remedy=f"Give the id of the one you mean: {first_of(matching, _NAMED, as_text=_label)}.",
        )
    return matching[0] if matching else None


def _require_aws_id(desired: Desired, found: Organization, listed: Listed) -> None:
    aws_id = desired.aws_organization_id
    if aws_id in (None, found.aws_organization_id):
        return
    _require_shown(desired, found)
    other = next((f", which is {one.label}" for one in listed.with_aws_id(aws_id)), "")
    raise ApplianceError(
        f"The AWS Organization {found.label} is {found.aws_organization_id} in AWS, not {aws_id}{other}",
        reason="conflict",
        remedy="Correct id or aws_organization_id."
        if desired.id is not None
        else "Correct aws_organization_id, or declare the other AWS Organization under a name of its own.",
    )


def _require_shown(desired: Desired, organization: Organization) -> None:
    if organization.aws_organization_id is None:
        raise ApplianceError(
            f"The AWS Organization {organization.label} does not show its AWS ID, so that it cannot be compared with "
            f"{desired.aws_organization_id}",
            reason="api",
            remedy="If the appliance calls the AWS ID by another name, say so with wire_names: "
            "organization.aws_organization_id.",
        )


def _list_of(organizations: Sequence[Organization]) -> str:
    if not organizations:
        return "It has no AWS Organizations at all."
    return f"It has {first_of(organizations, _NAMED, as_text=_label)}."
