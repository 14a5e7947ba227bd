# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""IAM roles registered on the appliance, found by ID, ARN or name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any

from .._errors import ApplianceError
from .._model.values import grouped, is_account_id, is_role_arn, is_uuid
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

    @property
    def in_aws(self) -> frozenset[tuple[str, str]]:
        """The (account, name) that it can have in AWS. Entries show the ARN itself, or account and name apart.

        An account shown apart may be another one than that of the role, so that an ARN decides where there is one.
        """
        accounts = [word for word in self.words if is_account_id(word)]
        return self.arns or frozenset(product(accounts, self.words))

    def has_arn(self, arn: str) -> bool:
        """Whether this is the role with that ARN."""
        return _account_and_name(arn) in self.in_aws


class _Index:
    """Roles that were read, by their IDs, names and ARNs."""

    def __init__(self, roles: Iterable[Role]) -> None:
        self.all = list(roles)
        self.by_id = {role.id: role for role in reversed(self.all)}
        self.names = {role.id: role.name for role in self.all}
        self.by_name = grouped((role.name, role) for role in self.all)

    @cached_property
    def by_arn(self) -> Mapping[tuple[str, str], list[Role]]:
        """(account, name) -> the roles that can have it."""
        return grouped((one, role) for role in self.all for one in role.in_aws)


class Roles:
    """The appliance's IAM roles, read at most once a task, and only for one that is not given by its ID."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._index: _Index | None = None

    def all(self) -> list[Role]:
        """Every role. Raises ApplianceError (api) where one has no ID or no name."""
        return self._read().all

    def get(self, role_id: str) -> Role | None:
        """The role with this ID, in lower case."""
        return self._read().by_id.get(role_id)

    def find(self, reference: str) -> str | None:
        """The ID of a role given by ID, ARN or exact name, or None. Raises ApplianceError (ambiguous)."""
        if is_uuid(reference):
            return reference.lower()
        if is_role_arn(reference):
            found = self._read().by_arn.get(_account_and_name(reference), [])
        else:
            found = self._read().by_name.get(reference, [])
        if len(found) > 1:
            raise ApplianceError(
                f"The IAM role {quoted(reference)} exists {len(found)} times on the appliance",
                reason="ambiguous",
                remedy=f"Give the ID of the one you mean: {first_of(found, _SHOWN, as_text=_label)}.",
            )
        return found[0].id if found else None

    def names_read(self) -> Mapping[str, str]:
        """ID -> name, as far as the roles were read anyway: a name in a diff is not worth a request."""
        return self._index.names if self._index is not None else {}

    def unknown(self, reference: str) -> ApplianceError:
        """The error for a role that does not exist, with the names that it may have been meant to be."""
        near = did_you_mean(reference, [role.name for role in self.all()])
        return ApplianceError(
            f"The IAM role {quoted(reference)} of the option rescan_iam_role is not registered on the appliance",
            reason="not_found",
            remedy=f"{near}The option takes the name, the ID or the ARN of an IAM role that was added to the "
            f"appliance.",
        )

    def _read(self) -> _Index:
        if self._index is None:
            self._index = _Index(role_from_wire(item) for item in self._api.get_iam_roles())
        return self._index


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
