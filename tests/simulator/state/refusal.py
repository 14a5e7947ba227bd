# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Refusals: what is raised in place of a result."""

from __future__ import annotations


class Refusal(Exception):
    """The request is not carried out. Without an error code it was refused before the product looked at it."""

    def __init__(self, status: int, details: str, error_code: str = "", retry_after: str | None = None) -> None:
        super().__init__(details)
        self.status = status
        self.details = details
        self.error_code = error_code
        self.retry_after = retry_after


def bad_request(details: str, error_code: str = "UnexpectedContent") -> Refusal:
    """400: what was sent makes no sense, or is not allowed as things are."""
    return Refusal(400, details, error_code)


def not_found(what: str, which: str) -> Refusal:
    """404: something that the request names does not exist."""
    return Refusal(404, f"{what} with the ID {which} does not exist.", "NotFound")
