# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A node of a JSON document is replaced, removed, renamed or repeated."""

from __future__ import annotations

import json
import random
from typing import Any

NASTY = (
    "\x1b[2J\x1b]0;title\x07",
    "\x9b31m",
    "\u202egnp.exe\u2066",
    "a\x00b\r\nTASK [ok] ****\x08",
    "{{ lookup('pipe', 'id') }}{% for x in y %}",
    "\ud800",
    "<script>alert(1)</script>]]>&",
    "\u2028\u2029\x85",
    "../../token",
    "..",
    "a?b#c/d",
    " ",
    "",
)
"""Texts that steer terminals, templates, markup and paths."""

_RAW = "@@raw@@"
_RAW_VALUES = (
    "NaN",
    "1e999",
    "-Infinity",
    "9" * 5000,
    "[" * 700 + "]" * 700,
    '{"a":' * 700 + "1" + "}" * 700,
    '"\\ud800"',
)


def spoil(content: bytes, rng: random.Random, text: str | None = None) -> bytes:
    """Return a JSON document with one node changed. text: put this text there, and nothing else."""
    try:
        document = json.loads(content)
    except ValueError:
        return content if text is None else text.encode("utf-8", "surrogatepass")
    places = list(_places(document))
    if not places:
        return json.dumps(text or rng.choice(NASTY)).encode()
    holder, key = rng.choice(places)
    if text is not None:
        holder[key] = text
        return json.dumps(document).encode()
    how = rng.choice(("value", "value", "text", "raw", "remove", "rename", "repeat"))
    raw = ""
    if how == "value":
        holder[key] = rng.choice(
            (None, True, 0, -1, 1.5, 10**30, [], {}, [[]], [None], "x", [holder[key]], {"a": holder[key]})
        )
    elif how == "text":
        holder[key] = rng.choice(NASTY)
    elif how == "raw":
        holder[key], raw = _RAW, rng.choice(_RAW_VALUES)
    elif how == "remove":
        del holder[key]
    elif isinstance(holder, list):
        holder.append(holder[key])
    elif how == "rename":
        holder[rng.choice((key.upper(), "x" + key, "\ud800", rng.choice(NASTY)))] = holder.pop(key)
    else:
        holder["copy of " + key] = holder[key]
    return json.dumps(document).replace(f'"{_RAW}"', raw).encode()


def _places(node: Any) -> Any:
    keys = node if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ()
    for key in list(keys):
        yield node, key
        yield from _places(node[key])
