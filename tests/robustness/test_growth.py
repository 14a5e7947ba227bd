# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One more organization, unit or record costs the same, however many there are.

The tests count executed lines of the collection. A busy machine does not change them, as it changes seconds. Each round
of a loop counts, also of a loop within one line.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from types import FrameType, ModuleType
from typing import Any

import pytest
from ansible_collections.vbaws.appliance.plugins.modules import organization_structure_info, organizations
from ansible_collections.vbaws.appliance.plugins.plugin_utils._drift.compare import compare_reports
from ansible_collections.vbaws.appliance.plugins.plugin_utils._drift.formats.html.page import render_html
from ansible_collections.vbaws.appliance.plugins.plugin_utils._drift.formats.json import render_json
from ansible_collections.vbaws.appliance.plugins.plugin_utils._drift.formats.junit import render_junit
from ansible_collections.vbaws.appliance.plugins.plugin_utils._drift.formats.markdown import render_markdown
from ansible_collections.vbaws.appliance.plugins.plugin_utils._drift.formats.text import render_text
from ansible_collections.vbaws.appliance.plugins.plugin_utils._drift.report import build_report
from ansible_collections.vbaws.appliance.tests.robustness.ambiguity.door import Door, door
from ansible_collections.vbaws.appliance.tests.robustness.differences import DEFAULTS

from simulator.state.generate import world

PLUGINS = render_junit.__code__.co_filename.partition("plugin_utils")[0]
SIZES = (50, 150, 250)
TOLERANCE = 0.01
"""How much the second hundred may cost more than the first. A scan of all for each costs 2 % more at least."""


def lines_of(work: Callable[[], Any]) -> int:
    """How many lines of the collection the work executes in this thread."""
    lines = 0

    def count(_frame: FrameType, event: str, _argument: Any) -> Any:
        nonlocal lines
        lines += event == "line"
        return count

    def trace(frame: FrameType, _event: str, _argument: Any) -> Any:
        return count if frame.f_code.co_filename.startswith(PLUGINS) else None

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return lines


def require_linear(costs: list[int]) -> None:
    """costs: of each of SIZES."""
    first, second = costs[1] - costs[0], costs[2] - costs[1]
    assert 0 < second <= first * (1 + TOLERANCE), costs


def declared(numbers: range, **more: Any) -> list[dict[str, Any]]:
    return [{"name": f"organization-{n:03d}", "rescan_iam_role": f"rescan-{n:03d}", **more} for n in numbers]


def without_a_change(count: int) -> dict[str, Any]:
    return {"organizations": declared(range(1, count + 1), scope="entire")}


def changed(count: int) -> dict[str, Any]:
    return {"organizations": declared(range(1, count + 1), description="changed")}


def added(count: int) -> dict[str, Any]:
    return {"organizations": declared(range(1, count + 1), scope="entire")}


def pruned(count: int) -> dict[str, Any]:
    return {"organizations": declared(range(1, 2)), "prune": True, "prune_limit": count}


def refused(count: int) -> dict[str, Any]:
    """Each means an organization that is there, and is limited to no scope."""
    return {"organizations": declared(range(1, count + 1), scope="limited")}


CASES = {
    "unchanged": (without_a_change, True),
    "updated": (changed, True),
    "created": (added, False),
    "removed": (pruned, True),
    "refused": (refused, True),
}


class Run:
    """What a module printed, and how many lines it executed, without those of its import."""

    def __init__(self, appliance: Door, module: ModuleType, **options: Any) -> None:
        self.result: dict[str, Any] = {}
        name = module.__name__.rpartition(".")[2]
        self.lines = lines_of(lambda: self.result.update(appliance.run(name, **options)))


def many(appliance: Door, options: dict[str, Any], **more: Any) -> Run:
    return Run(appliance, organizations, defaults=DEFAULTS, concurrency=1, **options, **more)


@pytest.mark.parametrize("kind", CASES)
@pytest.mark.parametrize("shape", [{}, {"list_keys": []}], ids=["the list shows all", "the list shows names"])
def test_one_more_organization_costs_the_same(kind: str, shape: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    options, registered = CASES[kind]
    costs = []
    for count in SIZES:
        with door(monkeypatch, world(organizations=count, units=0, registered=registered), shape, 1) as appliance:
            run = many(appliance, options(count))
        summary = run.result["summary"]
        assert len(summary[kind]) == count - (kind == "removed"), summary["text"]
        costs.append(run.lines)
    require_linear(costs)


def test_one_more_unit_with_an_account_costs_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    costs = []
    for count in SIZES:
        with door(monkeypatch, world(units=count, depth=1, accounts=1, registered=True), {}, 1) as appliance:
            run = Run(appliance, organization_structure_info, name="organization-001")
        assert len(run.result["identities"]) == 2 * (count + 1)
        costs.append(run.lines)
    require_linear(costs)


FORMATS = (render_html, render_json, render_junit, render_markdown, render_text)


def report(result: dict[str, Any], baseline: Any = None) -> dict[str, Any]:
    """The report of appliances that have ten organizations each."""
    parts = [
        {**result, "organizations": result["organizations"][start : start + 10]}
        for start in range(0, len(result["organizations"]), 10)
    ]
    empty = {"error": None, "structure": None, "coverage": None}
    entries = [
        {**empty, "appliance": f"appliance-{number}", "target": f"appliance-{number}", "result": part}
        for number, part in enumerate(parts)
    ]
    return build_report(entries, len(entries), baseline=baseline, meta={"generated_at": "2026-03-02T04:05:06Z"})


@pytest.fixture(scope="module")
def results() -> Iterator[dict[int, list[dict[str, Any]]]]:
    """The results for SIZES: all to be updated, and then all refused."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        found = {}
        for count in SIZES:
            with door(monkeypatch, world(organizations=count, units=0, registered=True), {}, 1) as appliance:
                found[count] = [many(appliance, kind(count), check=True).result for kind in (changed, refused)]
        yield found


@pytest.mark.parametrize("render", FORMATS)
def test_one_more_record_costs_a_format_the_same(render: Any, results: dict[int, list[dict[str, Any]]]) -> None:
    made = [report(results[count][0]) for count in SIZES]
    require_linear([lines_of(lambda: render(one)) for one in made])  # noqa: B023


def test_one_more_record_costs_a_comparison_the_same(results: dict[int, list[dict[str, Any]]]) -> None:
    for first, second in ((0, 1), (1, 0)):
        before = [report(results[count][first]) for count in SIZES]
        after = [report(results[count][second], baseline) for count, baseline in zip(SIZES, before, strict=True)]
        require_linear([lines_of(lambda: compare_reports(*pair)) for pair in zip(before, after, strict=True)])  # noqa: B023
