# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one error that every room raises."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol

from ._wording import full_stop

if TYPE_CHECKING:
    from typing_extensions import Self

REASONS = (
    "unreachable",
    "tls",
    "auth",
    "mfa_required",
    "api_version",
    "not_found",
    "ambiguous",
    "conflict",
    "role_invalid",
    "in_use",
    "invalid",
    "timeout",
    "session_failed",
    "not_applied",
    "plan_changed",
    "over_limit",
    "several",
    "unknown_outcome",
    "api",
)
"""Every value that ``failure.reason`` can have."""


class Problem(Protocol):
    """What the appliance answered instead of a success."""

    @property
    def error_code(self) -> str | None:
        """The appliance's code for what went wrong."""

    def explanation(self) -> str | None:
        """Return the appliance's own words."""

    def sentence(self) -> str:
        """Return the whole answer as a sentence."""


@dataclass(eq=False, repr=False)
class ApplianceError(Exception):
    """A failure that a user can read and a playbook can branch on. It is frozen: ``but`` returns a changed copy.

    message: what happened to which object. reason: one of ``REASONS``. remedy: what to do about it. stage: what the
    task was doing. method, path, status: the call that failed. problem: what the appliance answered. unsure: the call
    may have been carried out all the same. result: keys for the result of the module.
    """

    message: str
    reason: str
    remedy: str = ""
    stage: str | None = None
    method: str | None = None
    path: str | None = None
    status: int | None = None
    problem: Problem | None = None
    unsure: bool = False
    result: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.reason not in REASONS:
            raise ValueError(f"not a reason: {self.reason}")

    def __setattr__(self, name: str, value: Any) -> None:
        """Each part is set once. The dataclass is not frozen, because Python itself sets ``__traceback__`` later."""
        if name in self.__dict__:
            raise AttributeError(f"An error is not changed once it is made: {name}")
        super().__setattr__(name, value)

    def __str__(self) -> str:
        """What happened, what the appliance answered, and what to do."""
        parts = [full_stop(self.message)]
        if self.problem is not None:
            parts.append("The appliance said: " + self.problem.sentence())
        parts.append(full_stop(self.remedy))
        return " ".join(part for part in parts if part)

    def but(self, **changes: Any) -> Self:
        """Return the same failure with some of its parts replaced, to be raised from this one."""
        return replace(self, **changes)

    def failure(self, done: Sequence[str]) -> dict[str, Any]:
        """Return the structured failure; every key is always there, None if it is not known.

        done: what the task had changed by then, in words.
        """
        return {
            "reason": self.reason,
            "stage": self.stage,
            "done": list(done),
            "method": self.method,
            "path": self.path,
            "status": self.status,
            "error_code": self.problem.error_code if self.problem else None,
            "details": self.problem.explanation() if self.problem else None,
        }


class Refused(ApplianceError):
    """The appliance has processed the request and answered 4xx: nothing was carried out."""


class NotFound(Refused):
    """The appliance answered 404."""


@dataclass(eq=False, repr=False)
class UnknownOutcome(ApplianceError):
    """A call that must not be repeated blindly may or may not have been carried out."""

    reason: str = "unknown_outcome"
    unsure: bool = True
