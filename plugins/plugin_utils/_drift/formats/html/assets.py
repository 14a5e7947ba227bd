# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files that the HTML page is made of: its style, its script and its icons."""

from __future__ import annotations

import pkgutil

from .markup import Markup


def style() -> Markup:
    """Return the style sheet: light, dark, on a phone and on paper."""
    return Markup(_read("page.css", "*/\n"))


def script() -> Markup:
    """Return the script: filters, links to records, a button to copy. The page is complete without it."""
    return Markup(_read("page.js", "*/\n"))


def icons() -> Markup:
    """Return all icons as symbols, which ``<use>`` shows. They are invisible themselves."""
    return Markup(_read("icons.svg", "-->\n"))


def _read(name: str, comment_end: str) -> str:
    """Return the text of a file in this folder without the comment at its start: reports do not repeat the licence."""
    # The name of this module, not of its package: Python's loader of namespace packages reads no data.
    data = pkgutil.get_data(__name__, name)
    if data is None:
        raise FileNotFoundError(f"The file {name} of the collection cannot be read.")
    return data.decode("utf-8").partition(comment_end)[2]
