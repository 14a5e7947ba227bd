# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The last guard before a result is printed: texts for people are safe for a terminal, data is valid UTF-8."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from .._wording import escaped

MESSAGE_CAP = 10_000
"""Characters of a message or a warning."""

_FOR_PEOPLE = ("msg", "failure")


def message(text: str) -> str:
    """Return a text without secrets, cut to a readable length, with what a terminal would obey escaped."""
    cut = text if len(text) <= MESSAGE_CAP else text[: MESSAGE_CAP - 3] + "..."
    return _lines(cut)


def presentable(result: Mapping[str, Any]) -> dict[str, Any]:
    """Return the printed form of a result without secrets.

    Messages, failures and the diff are for people. Everything else is data and stays exact, except that a lone
    surrogate, which UTF-8 cannot write and Ansible refuses, is shown as its escape sequence.
    """
    # Data can be very large, and hardly ever has such a surrogate: then no copy is made.
    shown: dict[str, Any] = dict(result) if _is_utf8(result) else _map(result, _encodable)
    if "diff" in shown:
        shown["diff"] = _map(shown["diff"], _lines)
    if isinstance(shown.get("organizations"), (list, tuple)):
        shown["organizations"] = [_for_people(one) if isinstance(one, dict) else one for one in shown["organizations"]]
    return _for_people(shown)


def _for_people(record: dict[str, Any]) -> dict[str, Any]:
    """Return a record with its message and its failure as people read them."""
    texts = {key: _map(record[key], message) for key in _FOR_PEOPLE if record.get(key)}
    return {**record, **texts} if texts else record


def _is_utf8(data: Any) -> bool:
    """Whether UTF-8 can write every text of some data. One pass of the JSON encoder is faster than a look at each."""
    try:
        json.dumps(data, ensure_ascii=False).encode()
    except (TypeError, ValueError):
        return False
    return True


def _map(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        return {_map(key, change): _map(member, change) for key, member in value.items()}
    return [_map(member, change) for member in value] if isinstance(value, (list, tuple)) else value


def _encodable(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode(errors="backslashreplace").decode()
    return text


def _lines(text: str) -> str:
    return "\n".join(escaped(line) for line in text.split("\n"))
