# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filters as Ansible calls them: all are there, all are documented, and errors are in words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.errors import AnsibleFilterError
from ansible_collections.vbaws.appliance.plugins.filter.drift import FilterModule
from ansible_collections.vbaws.appliance.tests.unit.support import drift_examples as examples

FILTERS: dict[str, Any] = FilterModule().filters()
FOLDER = Path(__file__).parents[4] / "plugins" / "filter"
FORMATS = ("json", "markdown", "junit", "text", "html")


def test_each_filter_is_documented_under_its_name() -> None:
    documented = {path.stem: yaml.safe_load(path.read_text()) for path in FOLDER.glob("drift*.yml")}
    assert set(documented) == set(FILTERS)
    assert all(text["DOCUMENTATION"]["name"] == name for name, text in documented.items())


@pytest.mark.parametrize("name", FORMATS)
def test_a_report_becomes_a_format(name: str) -> None:
    report = FILTERS["drift_report"](examples.fleet(), expected=3, meta=examples.META)
    assert "subsidiary" in FILTERS[f"drift_{name}"](report)


def test_two_reports_become_a_comparison() -> None:
    report = FILTERS["drift_report"](examples.fleet(), expected=3, meta=examples.META)
    comparison = FILTERS["drift_compare"](report, report)
    assert "already drifting: 8" in FILTERS["drift_compare_markdown"](comparison)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("broken", [None, {}, "text", {"schema_version": 1}])
def test_what_is_no_report_is_an_error_and_no_empty_page(name: str, broken: Any) -> None:
    with pytest.raises(AnsibleFilterError, match=rf"vbaws\.appliance\.drift_{name}: The input "):
        FILTERS[f"drift_{name}"](broken)


def test_wrong_arguments_are_errors_in_words() -> None:
    with pytest.raises(AnsibleFilterError, match=r"vbaws\.appliance\.drift_report: accepted, item 1 needs a reason"):
        FILTERS["drift_report"]([], expected=0, meta=examples.META, accepted=[{"appliance": "a"}])
    with pytest.raises(AnsibleFilterError, match=r"vbaws\.appliance\.drift_compare: The report before "):
        FILTERS["drift_compare"]({}, {})
