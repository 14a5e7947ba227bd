# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A drift report as JSON: the form that other programs and later reports read. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ..values import plain


def render_json(report: Mapping[str, Any]) -> str:
    """Sorted keys and two blanks, so that two reports compare line by line."""
    return json.dumps(plain(report), indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n"
