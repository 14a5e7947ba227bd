# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""IAM roles registered on the appliance, found by ID, ARN or name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .._errors import ApplianceError
from .._model.values import is_role_arn, is_uuid
from .._wording import did_you_mean, first_of, printable, quoted
from .api import Api

_SHOWN = 10  # in a message


@dataclass(frozen=True)
class Role:
    """An IAM role of the appliance. words: what its entry says about the role in AWS: ARN, account, name of the role
    there. arns: the (account, name of the role) of every ARN that it shows.
    """

    id: str
    name: str
    words: frozenset[str]
    arns: frozenset[tuple[str, str]] = frozenset()

    def has_arn(self, arn: str) -> bool:
        """Whether this is the role with that ARN. Entries show the ARN itself, or account and name apart.

        An account shown apart may be another one than that of the role, so that an ARN decides where there is one.
        """
        account, name = _account_and_name(arn)
        return (account, name) in self.arns if self.arns else {account, name} <= self.words


class Roles:
    """The appliance's IAM roles, read at most once a task, and only for one that is not given by its ID."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._all: list[Role] | None = None

    def all(self) -> list[Role]:
        """Every role. Raises ApplianceError (api) where one has no ID or no name."""
        if self._all is None:
            self._all = [role_from_wire(item) for item in self._api.get_iam_roles()]
        return self._all

    def find(self, reference: str) -> str | None:
        """The ID of a role given by ID, ARN or exact name, or None. Raises ApplianceError (ambiguous)."""
        if is_uuid(reference):
            return reference.lower()
        if is_role_arn(reference):
            found = [role for role in self.all() if role.has_arn(reference)]
        else:
            found = [role for role in self.all() if role.name == reference]
        if len(found) > 1:
            raise ApplianceError(
                f"The IAM role {quoted(reference)} exists {len(found)} times on the appliance",
                reason="ambiguous",
                remedy=f"Give the ID of the one you mean: {first_of(found, _SHOWN, as_text=_label)}.",
            )
        return found[0].id if found else None

    def names_read(self) -> dict[str, str]:
        """ID -> name, as far as the roles were read anyway: a name in a diff is not worth a request."""
        return {role.id: role.name for role in self._all or ()}

    def unknown(self, reference: str) -> ApplianceError:
        """The error for a role that does not exist, with the names that it may have been meant to be."""
        near = did_you_mean(reference, [role.name for role in self.all()])
        return ApplianceError(
            f"The IAM role {quoted(reference)} of the option rescan_iam_role is not registered on the appliance",
            reason="not_found",
            remedy=f"{near}The option takes the name, the ID or the ARN of an IAM role that was added to the "
            f"appliance.",
        )


def role_from_wire(item: Mapping[str, Any]) -> Role:
    """An entry of the appliance's list. Raises ApplianceError (api) where it has no ID or no name."""
    role_id, name = item.get("id"), item.get("name")
    if not isinstance(role_id, str) or not isinstance(name, str):
        raise ApplianceError(
            "The appliance's list of IAM roles holds an entry without an ID or a name (its keys: "
            f"{first_of(item, _SHOWN, as_text=printable)})",
            reason="api",
        )
    # The name that the appliance gave the entry, and its description, say nothing about AWS.
    about_aws = [value for key, value in item.items() if key not in ("id", "name", "description")]
    words = frozenset(word for value in about_aws for word in _words(value))
    arns = frozenset(_account_and_name(word) for word in words if is_role_arn(word))
    return Role(id=role_id.lower(), name=name, words=words, arns=arns)


def _label(role: Role) -> str:
    return f"{printable(role.id)} ({printable(role.name)})"


def _account_and_name(arn: str) -> tuple[str, str]:
    """What tells a role from all others: names are unique in an account, whatever their path."""
    return arn.split(":")[4], arn.rsplit("/", 1)[-1]


def _words(value: Any) -> Iterable[str]:
    """Every text in a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _words(inner)
