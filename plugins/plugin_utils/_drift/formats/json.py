# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A drift report as JSON, for other programs and later reports."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from ..values import plain_data

_NOT_ASCII = re.compile(r"[^\n -~]")


def render_json(report: Mapping[str, Any]) -> str:
    """Return the report with sorted keys and an indent of two, so that two reports can be compared line by line.

    JSON itself escapes only some of the characters that a terminal obeys or hides. Here all of them are escaped.
    """
    text = json.dumps(plain_data(report), indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False)
    return _NOT_ASCII.sub(_escaped, text) + "\n"


def _escaped(match: re.Match[str]) -> str:
    char = match[0]
    return char if char.isprintable() else json.dumps(char)[1:-1]
