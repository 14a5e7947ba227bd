# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one error that every room raises."""

from __future__ import annotations

from typing import Any, Protocol

from ._wording import full_stop

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
    """What the appliance answered with an error."""

    error_code: str | None

    def explanation(self) -> str | None:
        """Return the appliance's own words."""

    def sentence(self) -> str:
        """Return the whole answer as a sentence."""


class ApplianceError(Exception):
    """A failure that a user can read and a playbook can branch on.

    ``message`` says what happened to which object, ``remedy`` what to do about it. ``reason`` is one of ``REASONS``.
    Whoever has changed something before sets ``done`` (what was changed, in words) or ``unknown`` (an assertion of
    which it is not known whether it is true), and ``journaled`` once nothing can be missing in ``done``: an addition
    that was asked for and failed changed nothing. ``record`` holds keys for the result of the module.
    """

    def __init__(
        self,
        message: str,
        *,
        reason: str,
        remedy: str = "",
        stage: str | None = None,
        method: str | None = None,
        path: str | None = None,
        status: int | None = None,
        problem: Problem | None = None,
    ) -> None:
        if reason not in REASONS:
            raise ValueError(f"not a reason: {reason}")
        super().__init__(message)
        self.message = message
        self.reason = reason
        self.remedy = remedy
        self.stage = stage
        self.method = method
        self.path = path
        self.status = status
        self.problem = problem
        self.done: list[str] = []
        self.journaled = False
        self.unknown: str | None = None
        self.record: dict[str, Any] = {}

    def __copy__(self) -> ApplianceError:
        """Return an error of its own, for a thread that fails of the same cause but has changed something else."""
        clone = type(self).__new__(type(self), *self.args)
        clone.__dict__.update(self.__dict__, done=list(self.done), record=dict(self.record))
        return clone

    def __str__(self) -> str:
        """The same sentence that the module fails with."""
        return self.sentence()

    def ending(self) -> str:
        """Say what the failure left behind; what is not known is the last word, since it asks for a second run."""
        said = []
        if self.done:
            said.append("Changed before the failure: " + "; ".join(self.done) + ".")
        if self.unknown:
            said.append(f"It is not known whether {self.unknown}; run again, it looks first.")
        return " ".join(said) or "Nothing was changed."

    def cause(self) -> str:
        """Return what happened, what the appliance said, and what to do."""
        parts = [full_stop(self.message)]
        if self.problem is not None:
            parts.append("The appliance said: " + self.problem.sentence())
        parts.append(full_stop(self.remedy))
        return " ".join(part for part in parts if part)

    def sentence(self) -> str:
        """Return the whole message: the cause, and what was changed."""
        return f"{self.cause()} {self.ending()}"

    def failure(self) -> dict[str, Any]:
        """Return the structured failure; every key is always there, None where it is not known."""
        return {
            "reason": self.reason,
            "stage": self.stage,
            "done": list(self.done),
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


class UnknownOutcome(ApplianceError):
    """A call that must not be repeated blindly may or may not have been carried out."""
