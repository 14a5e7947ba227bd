# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers, before anything of HTTP is done with them."""

from __future__ import annotations

from typing import Any, NamedTuple


class Answer(NamedTuple):
    """The body is JSON, except for a file, where it is text. Without content it is None."""

    status: int
    headers: dict[str, str]
    body: Any = None


def ok(body: Any) -> Answer:
    """An answer with JSON."""
    return Answer(200, {"Content-Type": "application/json"}, body)


def no_content() -> Answer:
    """An answer that is its status alone."""
    return Answer(204, {})
