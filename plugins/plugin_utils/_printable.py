# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text of an appliance as a terminal, a page or a log can show it."""

from __future__ import annotations


def printable(text: str) -> str:
    """Return the text on one line. Control characters, bidi marks and the like become escapes such as ``\\x1b``."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)
