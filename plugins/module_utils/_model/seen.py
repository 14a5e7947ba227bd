# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The organizations that an appliance shows: all of a list, and each as it was shown last."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Optional

from .._errors import ApplianceError
from .._wording import brief
from .organization import Organization
from .values import grouped

_Index = dict[Optional[str], list[Organization]]


class Listed(tuple[Organization, ...]):  # noqa: SLOT001  (the indexes are cached in the object)
    """All organizations of an appliance, in the order of its list. An identifier is looked up instead of searched."""

    @classmethod
    def of(cls, organizations: Sequence[Organization]) -> Listed:
        """Return the organizations of a list. They are indexed once, at the first look-up."""
        return organizations if isinstance(organizations, Listed) else cls(organizations)

    def with_id(self, organization_id: str | None) -> Sequence[Organization]:
        """Return those with this ID. Upper and lower case do not count."""
        return () if organization_id is None else self._by_id.get(organization_id.lower(), ())

    def get(self, organization_id: str | None) -> Organization | None:
        """Return the first with this ID."""
        return next(iter(self.with_id(organization_id)), None)

    def with_aws_id(self, aws_id: str | None) -> Sequence[Organization]:
        """Return those with this AWS ID. None: those that do not show it."""
        return self._by_aws_id.get(aws_id, ())

    def with_name(self, name: str | None) -> Sequence[Organization]:
        """Return those with exactly this name."""
        return self._by_name.get(name, ())

    @cached_property
    def names(self) -> Sequence[str]:
        """The names."""
        return [one.name for one in self]

    @cached_property
    def _by_id(self) -> _Index:
        return self._index(lambda one: one.id.lower())

    @cached_property
    def _by_aws_id(self) -> _Index:
        return self._index(lambda one: one.aws_organization_id)

    @cached_property
    def _by_name(self) -> _Index:
        return self._index(lambda one: one.name)

    def _index(self, key: Callable[[Organization], str | None]) -> _Index:
        return grouped((key(one), one) for one in self)


class Seen:
    """Organizations by ID, in the order in which they were first shown. Thread-safe."""

    def __init__(self) -> None:
        self._last: dict[str, Organization] = {}
        self._numbers: dict[str, int] = {}
        self._aws_ids: dict[str, str] = {}
        self._first: str | None = None
        self._complete: set[str] = set()

    def add(self, organization: Organization) -> None:
        """Raises ApplianceError (api) if the ID belonged to another AWS Organization in an earlier answer."""
        aws_id = organization.aws_organization_id
        if aws_id is not None and self._aws_ids.setdefault(organization.id, aws_id) != aws_id:
            raise _contradiction(
                f"shows the AWS Organization {organization.label} as {brief(aws_id)} in AWS, and showed it as "
                f"{brief(self._aws_ids[organization.id])} before"
            )
        self._numbers.setdefault(organization.id, len(self._numbers))
        self._last[organization.id] = organization
        self._first = self._first or organization.id
        if organization.is_complete():
            self._complete.add(organization.id)
        else:
            self._complete.discard(organization.id)

    def add_all(self, listed: Sequence[Organization]) -> None:
        """Add those of a list. Raises ApplianceError (api) as add does, and if two have one ID."""
        twice = next((key for key, times in Counter(one.id for one in listed).items() if times > 1), None)
        if twice is not None:
            raise _contradiction(f"lists more than one AWS Organization with the ID {brief(twice)}")
        for organization in listed:
            self.add(organization)

    @property
    def all(self) -> list[Organization]:
        """The organizations."""
        return list(self._last.values())

    @property
    def sample(self) -> str | None:
        """The ID of the first if none is known with every setting; None if one is, or if there are none."""
        return None if self._complete else self._first

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self._numbers)

    def is_new(self, organization: Organization, count: int) -> bool:
        """Whether an organization is not among the first ``count``."""
        return self._numbers.get(organization.id, count) >= count


def _contradiction(what: str) -> ApplianceError:
    return ApplianceError(
        f"The appliance contradicts itself: it {what}",
        reason="api",
        remedy="Run the task again. If the error remains, check the organization on the appliance.",
    )
