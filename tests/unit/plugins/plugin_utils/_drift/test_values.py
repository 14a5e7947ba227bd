# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values of any kind as the text that a report holds."""

from __future__ import annotations

import datetime

from ansible_collections.vbaws.appliance.tests.unit.support.drift_examples import (
    different,
    entry,
    result,
)
from ansible_collections.vbaws.appliance.tests.unit.support.drift_reports import report


def test_values_of_any_kind_become_text() -> None:
    changes = (("a", 1, True), ("b", {"y": 2, "x": None}, [3, {"z": []}]), ("c", "\ud800", datetime.date(2026, 1, 2)))
    fields = report(entry("a", result(different("production", *changes))))["records"][0]["fields"]
    assert {field["field"]: (field["declared"], field["actual"]) for field in fields} == {
        "a": ("true", "1"),
        "b": (["3", "z: []"], "x: null, y: 2"),
        "c": ("2026-01-02", "\\ud800"),
    }
