# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pictures of the HTML page, drawn as lines in a square of 16. Pure."""

from __future__ import annotations

from .markup import Markup

# One for each state; an outcome borrows the picture of a state, but for ``partial``.
_PATHS = {
    "error": "M5.2 1.5h5.6l3.7 3.7v5.6l-3.7 3.7H5.2l-3.7-3.7V5.2zM6 6l4 4M10 6l-4 4",
    "missing": "M8 1.5a6.5 6.5 0 1 1 0 13a6.5 6.5 0 0 1 0-13zM8 5v6M5 8h6",
    "different": "M3 6h10M3 10h10M10.5 2.5l-5 11",
    "unwanted": "M8 1.5a6.5 6.5 0 1 1 0 13a6.5 6.5 0 0 1 0-13zM5 8h6",
    "unmanaged": "M1.5 8s2.4-4.5 6.5-4.5S14.5 8 14.5 8s-2.4 4.5-6.5 4.5S1.5 8 1.5 8z"
    "M8 6.2a1.8 1.8 0 1 1 0 3.6a1.8 1.8 0 0 1 0-3.6z",
    "unknown": "M8 1.5a6.5 6.5 0 1 1 0 13a6.5 6.5 0 0 1 0-13zM6 6.3a2 2 0 1 1 2.9 1.8c-.6.3-.9.6-.9 1.3M8 11.4v.2",
    "in_sync": "M8 1.5a6.5 6.5 0 1 1 0 13a6.5 6.5 0 0 1 0-13zM5 8.2l2.1 2.1L11 6",
    "partial": "M8 1.8l6.7 12H1.3zM8 6.2v3.6M8 11.7v.1",
    "accepted": "M3.5 14.5v-13M3.5 2.5h9l-2 3l2 3h-9",
}


def pictures() -> Markup:
    """All of them, for ``<use>``; nothing of it is seen where it stands."""
    symbols = "".join(
        f'<symbol id="i-{name}" viewBox="0 0 16 16"><path d="{path}"/></symbol>' for name, path in _PATHS.items()
    )
    return Markup(f'<svg class="pictures" aria-hidden="true">{symbols}</svg>')
