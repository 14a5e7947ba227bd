# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Renders a drift report in all formats and prints the seconds of CPU for each: python render.py RECORDS"""

from __future__ import annotations

import gc
import importlib
import json
import sys
import time
from pathlib import Path
from typing import Any

TESTS = Path(__file__).resolve().parents[2]
OF_AN_APPLIANCE = 20
CHANGES = (
    ("description", "changed by hand", "as declared"),
    ("limited_scopes.North.organizational_units", ["/Lab", "/North"], ["/North"]),
)


def entries(examples: Any, records: int) -> list[dict[str, Any]]:
    """The entries of a fleet with so many organizations. Every fourth one is not as declared."""
    found = [
        examples.different(f"organization-{place:02d}", *CHANGES, aws_organization_id=f"o-{place:010d}")
        if place % 4 == 0
        else examples.planned(f"organization-{place:02d}", aws_organization_id=f"o-{place:010d}")
        for place in range(OF_AN_APPLIANCE)
    ]
    numbers = range(records // OF_AN_APPLIANCE)
    return [examples.entry(f"appliance-{number:04d}", examples.result(*found)) for number in numbers]


def main(records: int) -> None:
    """Measures the report and each format."""
    sys.path.insert(0, str(TESTS))
    importlib.import_module("conftest")  # gives the clone its name
    collection = "ansible_collections.vbaws.appliance"
    package = f"{collection}.plugins.plugin_utils._drift"
    examples = importlib.import_module(f"{collection}.tests.unit.support.drift_examples")
    build_report = importlib.import_module(f"{package}.report").build_report
    given = entries(examples, records)
    began = time.process_time()
    report = build_report(given, len(given), meta=examples.META)
    seconds = {"report": time.process_time() - began}
    assert len(report["records"]) == records, report["headline"]
    for name in ("json", "markdown", "junit", "text", "html"):
        place = "html.page" if name == "html" else name
        render = getattr(importlib.import_module(f"{package}.formats.{place}"), f"render_{name}")
        gc.collect()
        began = time.process_time()
        render(report)
        seconds[name] = time.process_time() - began
    print(json.dumps(seconds))


if __name__ == "__main__":
    main(int(sys.argv[1]))
