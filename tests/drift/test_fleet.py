# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A fleet of three appliances with 50 organizations each, and one that is down: each format tells what was planted."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import pytest
from ansible_collections.vbaws.appliance.tests.drift.planted import (
    SHOWS_NO_ROLE,
    TAKEN,
    Planted,
    appliance_as_declared,
    plant,
)
from ansible_collections.vbaws.appliance.tests.drift.reports import CLONE, Report, host, inventory, run
from markdown_it import MarkdownIt

from simulator.state.generate import world
from simulator.web.process import running_simulator

ORGANIZATIONS = 50
SCHEMA = json.loads((CLONE / "docs/drift/drift-report-1.schema.json").read_text(encoding="utf-8"))
DOWN = "down"
WORDS = re.compile(r"(\d+) ([a-z ]+)")
States = dict[tuple[str, str | None], str]
"""Appliance and organization, None for the appliance as a whole -> state."""


@pytest.fixture(scope="module")
def fleet() -> Iterator[dict[str, Planted]]:
    """Every kind of drift on each of the three, in different places."""
    shapes: dict[str, Any] = {"berlin": "documented", "paris": "documented", "rome": SHOWS_NO_ROLE}
    with ExitStack() as stack:
        planted = {}
        for number, (name, shape) in enumerate(shapes.items(), 1):
            described = world(ORGANIZATIONS, units=2, depth=1, accounts=1, seed=number, registered=True)
            appliance = stack.enter_context(running_simulator(shape=shape, seed=number, world=described))
            planted[name] = appliance_as_declared(appliance, shape != SHOWS_NO_ROLE)
            plant(planted[name], number * 7, shape != SHOWS_NO_ROLE)
        yield planted


@pytest.fixture(scope="module")
def report(fleet: dict[str, Planted], tmp_path_factory: pytest.TempPathFactory) -> Report:
    """Of all of them, and of one that is down."""
    hosts = {
        name: host(one.appliance, declare_organizations=list(one.declared.values())) for name, one in fleet.items()
    }
    hosts["rome"]["vbaws_wire_names"] = TAKEN
    hosts[DOWN] = {**hosts["berlin"], "vbaws_port": 9, "vbaws_retries": 0}
    return run(tmp_path_factory.mktemp("fleet"), inventory(hosts))


@pytest.fixture(scope="module")
def wanted(fleet: dict[str, Planted]) -> States:
    """What each format must tell."""
    states: States = {
        (appliance, name): state for appliance, one in fleet.items() for name, state in one.states.items()
    }
    return {**states, (DOWN, None): "error"}


def test_what_was_planted_is_of_every_kind(wanted: States) -> None:
    counts = Counter(wanted.values())
    assert counts == {
        "error": 4, "missing": 3, "different": 12, "unwanted": 3, "unmanaged": 6, "unknown": 1, "in_sync": 122,
    }  # fmt: skip


def test_json(report: Report, wanted: States, fleet: dict[str, Planted]) -> None:
    jsonschema.validate(report.json, SCHEMA)
    records = report.json["records"]
    assert {(one["appliance"], one["organization"]): one["state"] for one in records} == wanted
    assert len(records) == len(wanted)
    fields = {
        (one["appliance"], one["organization"]): {
            field["field"]: (field["declared"], field["actual"]) for field in one["fields"]
        }
        for one in records
        if one["state"] == "different"
    }
    assert fields == {(name, which): told for name, one in fleet.items() for which, told in one.fields.items()}
    assert (report.json["outcome"], report.json["read"], report.json["expected"]) == ("partial", 3, 4)
    assert report.code != 0


def test_nothing_was_written(report: Report, fleet: dict[str, Planted]) -> None:
    assert report.written
    for one in fleet.values():
        state = one.appliance.state()
        assert (state["tokens_open"], state["violations"], state["sessions"]) == (0, [], [])
        tokens = [entry for entry in one.appliance.requests() if entry["path"].endswith("/token")]
        assert [entry["method"] for entry in tokens] == ["POST", "DELETE"]


def test_junit(report: Report, wanted: States) -> None:
    found: States = {}
    whole: dict[str, str | None] = {}
    for suite in ET.fromstring(report.text("xml")):  # noqa: S314 - our own
        for case in suite:
            problem = next(iter(case), None)
            state = "in_sync" if problem is None else "error" if problem.tag == "error" else problem.get("type", "")
            if case.get("name") in ("the appliance", "every appliance is read"):
                whole[suite.get("name", "")] = None if problem is None else problem.tag
            else:
                found[suite.get("name", ""), case.get("name")] = state
    assert found == {key: state for key, state in wanted.items() if key[1]}
    assert whole == {"(all appliances)": "error", "berlin": None, "paris": None, "rome": None, DOWN: "error"}


def _rows(markdown: str) -> Iterator[list[str]]:
    """The cells of each line of each table."""
    row: list[str] = []
    for token in MarkdownIt("commonmark").enable("table").parse(markdown):
        if token.type == "tr_open":
            row = []
        elif token.type == "inline":
            row.append("".join(child.content for child in token.children or () if child.type != "html_inline"))
        elif token.type == "tr_close":
            yield row


def test_markdown(report: Report, wanted: States) -> None:
    text = report.text("md")
    assert len(text.encode()) <= 60_000
    assert "<script>" not in re.sub(r"`[^`\n]*`|``[^\n]*?``", "", text)
    appliances = {appliance for appliance, _name in wanted}
    found: States = {}
    for cells in _rows(text):
        if cells[0] in appliances and len(cells) == 4:
            found[cells[0], None if cells[1] == "(the appliance)" else cells[1]] = "error"
        elif len(cells) > 4 and cells[1] in appliances:
            found[cells[1], cells[2]] = cells[0].lower()
    assert found == {key: state for key, state in wanted.items() if state != "in_sync"}


def test_text(report: Report, wanted: States) -> None:
    lines = report.text("txt").splitlines()
    assert len(lines) <= 20
    read, counts = lines[1].split(". ", 1)
    told = {state.replace("errors", "error").replace(" ", "_"): int(number) for number, state in WORDS.findall(counts)}
    assert (read, told) == ("3 of 4 appliances read", Counter(wanted.values()))
    assert report.statistics["drift_report_text"] == report.text("txt")


class _Page(HTMLParser):
    """Finds the records of a page, and the elements that it has."""

    def __init__(self) -> None:
        super().__init__()
        self.states: dict[str, tuple[str, str]] = {}
        self.scripts = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.scripts += tag == "script"
        if "data-state" in given and "data-appliance" in given:
            self.states[given["id"]] = (given["data-appliance"], given["data-state"])


def test_html(report: Report, wanted: States) -> None:
    page = _Page()
    page.feed(report.text("html"))
    names = {one["anchor"]: one["organization"] for one in report.json["records"]}
    found = {(appliance, names[anchor]): state for anchor, (appliance, state) in page.states.items()}
    assert found == wanted
    assert page.scripts == 1
    assert "3 of 4 appliances read" in report.text("html")


def test_summary(report: Report, wanted: States) -> None:
    summary = report.statistics["drift_report_summary"]
    counts = {state: number for state, number in summary["counts"].items() if number}
    assert counts == Counter(wanted.values())
    assert {name: summary[name] for name in ("outcome", "headline", "expected", "read", "counts")} == {
        name: report.json[name] for name in ("outcome", "headline", "expected", "read", "counts")
    }


def test_no_password_is_told(report: Report, fleet: dict[str, Planted]) -> None:
    texts = [report.output, *(path.read_text(encoding="utf-8") for path in Path(report.folder).iterdir())]
    assert len(texts) == 6
    assert not any(one.appliance.password in text for one in fleet.values() for text in texts)
