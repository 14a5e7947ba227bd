# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The organizations that an appliance has shown so far, each as it was shown last."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from .._errors import ApplianceError
from .._wording import brief
from .organization import Organization


class Seen:
    """Organizations by ID, in the order in which they were first shown. Thread-safe."""

    def __init__(self) -> None:
        self._last: dict[str, Organization] = {}
        self._numbers: dict[str, int] = {}
        self._aws_ids: dict[str, str] = {}

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
