# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""HTML in which text is always text: only what this file made is markup. Pure."""

from __future__ import annotations

import html
from typing import Union

from ...values import visible


class Markup(str):
    """HTML that is finished. Any other text is escaped where it becomes part of HTML."""

    __slots__ = ()


# A flag is present or absent; None leaves the attribute out.
Attribute = Union[str, int, bool, None]
_VOID = ("input", "meta")


def tag(name: str, /, *children: str | None, **attributes: Attribute) -> Markup:
    """An element. ``class_`` stands for class, ``data_x`` for data-x. Children that are None are left out."""
    written = "".join(_attribute(key.rstrip("_").replace("_", "-"), value) for key, value in attributes.items())
    if name in _VOID:
        return Markup(f"<{name}{written}>")
    return Markup(f"<{name}{written}>{together(*children)}</{name}>")


def together(*parts: str | None) -> Markup:
    """Parts one after the other; text of others in one line, with what is invisible spelled out."""
    return Markup("".join(part if isinstance(part, Markup) else _escaped(part) for part in parts if part is not None))


def foreign(text: str) -> Markup:
    """A text of others in a line of ours: its direction of writing does not turn ours around."""
    return tag("bdi", text)


def icon(name: str) -> Markup:
    """One of the pictures of the page; beside it there is always a word."""
    use = Markup(f'<use href="#i-{html.escape(name)}"/>')
    return tag("svg", use, class_="icon", aria_hidden="true", focusable="false")


def moment(time: str) -> Markup:
    """A time as people write it."""
    return tag("time", f"{time[:10]} {time[11:16]} UTC", datetime=time)


def _attribute(name: str, value: Attribute) -> str:
    if value is None or value is False:
        return ""
    return f" {name}" if value is True else f' {name}="{_escaped(str(value))}"'


def _escaped(text: str) -> str:
    return html.escape(visible(text), quote=True)
