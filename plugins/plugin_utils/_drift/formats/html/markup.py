# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""HTML elements. Every text in them is escaped, since only this file makes markup."""

from __future__ import annotations

import html
from typing import Union

from ...._printable import printable


class Markup(str):
    """Finished HTML. Any other text is escaped when it becomes part of HTML."""

    __slots__ = ()


# True is an attribute without a value; None and False leave the attribute out.
Attribute = Union[str, int, bool, None]
_VOID = ("input", "meta")


def tag(element: str, /, *children: str | None, **attributes: Attribute) -> Markup:
    """Return an element. ``class_`` becomes class, ``data_x`` becomes data-x. Children that are None are left out."""
    written = "".join(_attribute(key.rstrip("_").replace("_", "-"), value) for key, value in attributes.items())
    if element in _VOID:
        return Markup(f"<{element}{written}>")
    return Markup(f"<{element}{written}>{concat(*children)}</{element}>")


def concat(*parts: str | None) -> Markup:
    """Join parts. A text becomes one line, with invisible characters spelled out."""
    return Markup("".join(part if isinstance(part, Markup) else _escaped(part) for part in parts if part is not None))


def isolate(text: str) -> Markup:
    """Return a foreign text whose direction of writing does not affect the text around it."""
    return tag("bdi", text)


def icon(name: str) -> Markup:
    """Return an icon of the page. Place it beside a word, since it is hidden from screen readers."""
    use = Markup(f'<use href="#i-{html.escape(name)}"/>')
    return tag("svg", use, class_="icon", aria_hidden="true", focusable="false")


def timestamp(time: str) -> Markup:
    """Return a time in a form that is easy to read."""
    return tag("time", f"{time[:10]} {time[11:16]} UTC", datetime=time)


def _attribute(name: str, value: Attribute) -> str:
    if value is None or value is False:
        return ""
    return f" {name}" if value is True else f' {name}="{_escaped(str(value))}"'


def _escaped(text: str) -> str:
    return html.escape(printable(text), quote=True)
