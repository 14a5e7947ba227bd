# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A drift report as JSON, for other programs and later reports."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ..values import plain_data


def render_json(report: Mapping[str, Any]) -> str:
    """Return the report with sorted keys and an indent of two, so that two reports can be compared line by line."""
    return json.dumps(plain_data(report), indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n"
