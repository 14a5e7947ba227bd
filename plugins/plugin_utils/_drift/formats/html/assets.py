# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files that the HTML page is made of: page.css, page.js, and an SVG for each icon."""

from __future__ import annotations

import pkgutil
import re

from ...words import STATES
from .markup import Markup

# An icon for each state. An outcome has the icon of a state, except for partial.
ICONS = (*STATES, "partial", "accepted")
_SVG = re.compile(r'<svg [^>]*viewBox="([^"]+)"[^>]*>\s*(.+?)\s*</svg>', re.DOTALL)


def style() -> Markup:
    """Return the style sheet: light, dark, on a phone and on paper."""
    return Markup(_without_licence(_read("page.css")))


def script() -> Markup:
    """Return the script: filters, links to records, a button to copy. The page is complete without it."""
    return Markup(_without_licence(_read("page.js")))


def icons() -> Markup:
    """Return all icons as symbols, which ``<use>`` shows. They are invisible themselves."""
    return Markup(f'<svg class="pictures" aria-hidden="true">{"".join(map(_symbol, ICONS))}</svg>')


def _symbol(name: str) -> str:
    drawn = _SVG.search(_read(f"icons/{name}.svg"))
    if drawn is None:
        raise ValueError(f"icons/{name}.svg is not an SVG with a viewBox.")
    return f'<symbol id="i-{name}" viewBox="{drawn[1]}">{drawn[2]}</symbol>'


def _without_licence(text: str) -> str:
    """Remove the comment at the start of a file: reports do not repeat the licence."""
    return text.partition("*/\n")[2]


def _read(name: str) -> str:
    """Return the text of a file in this folder."""
    # The name of this module, not of its package: Python's loader of namespace packages reads no data.
    data = pkgutil.get_data(__name__, name)
    if data is None:
        raise FileNotFoundError(f"The file {name} of the collection cannot be read.")
    return data.decode("utf-8")
