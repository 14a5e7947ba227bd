# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Paths of requests, in which an ID of the appliance is one segment whatever characters it has."""

from __future__ import annotations

from urllib.parse import quote

from .._errors import ApplianceError
from .._wording import brief


def path_of(*segments: str) -> str:
    """Return the path of these segments, each with its reserved characters escaped.

    Raises ApplianceError (api) for a segment that cannot be part of a path, since a client or a proxy resolves dot
    segments and the request would then address another object.
    """
    return "".join("/" + _escaped(segment) for segment in segments)


def is_segment(text: str) -> bool:
    """Whether a text can be a segment of a path."""
    try:
        path_of(text)
    except ApplianceError:
        return False
    return True


def _escaped(segment: str) -> str:
    try:
        escaped = quote(segment, safe="")
    except UnicodeEncodeError:  # a lone surrogate
        escaped = ""
    if escaped in ("", ".", ".."):
        raise ApplianceError(
            f"The appliance shows the ID {brief(segment)}, which cannot be part of the path of a request",
            reason="api",
            remedy="Nothing was sent with this ID. Check the object on the appliance.",
        )
    return escaped
