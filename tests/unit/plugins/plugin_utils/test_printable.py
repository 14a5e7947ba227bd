# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text for a terminal, and where the roles and playbooks show text of an appliance."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.vbaws.appliance.plugins.filter.printable import FilterModule
from ansible_collections.vbaws.appliance.plugins.module_utils import _wording
from ansible_collections.vbaws.appliance.plugins.plugin_utils._printable import printable
from ansible_collections.vbaws.appliance.tests.unit.support.nasty_texts import NASTY_TEXTS
from hypothesis import given
from hypothesis import strategies as st

ROOT = Path(__file__).resolve().parents[4]
PRINTABLE = re.compile(r"\{\{ .* \| vbaws\.appliance\.printable \}\}")
FILES = sorted([*ROOT.glob("roles/*/tasks/*.yml"), *ROOT.glob("playbooks/*.yml")])


@pytest.mark.parametrize("text", NASTY_TEXTS.values(), ids=NASTY_TEXTS)
def test_nothing_is_left_that_a_terminal_obeys_or_hides(text: str) -> None:
    shown = printable(text)
    assert shown.isprintable()
    assert printable(shown) == shown


def test_each_character_becomes_a_readable_escape() -> None:
    assert printable("Zürich 日本 \x1b[31m\n\u009b\u202e\ud800\U000e0041") == (
        "Zürich 日本 \\x1b[31m\\n\\x9b\\u202e\\ud800\\U000e0041"
    )


@given(st.text(st.characters(codec=None)))
def test_messages_of_modules_and_reports_escape_alike(text: str) -> None:
    assert printable(text) == _wording.printable(text)


def test_the_filter_takes_any_value() -> None:
    shown = FilterModule().filters()["printable"]
    assert [shown(value) for value in ("a\x1b", 1, ["\u202e"], None)] == ["a\\x1b", "1", "['\\u202e']", "None"]


def mappings(data: Any) -> Iterator[dict[str, Any]]:
    """Every mapping in a file of tasks or plays, however deep."""
    if isinstance(data, dict):
        yield data
    for inner in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
        yield from mappings(inner)


MAPPINGS = [mapping for file in FILES for mapping in mappings(yaml.safe_load(file.read_text("utf-8")))]


def test_every_loop_has_a_label_that_a_terminal_can_show() -> None:
    labels = {task["name"]: task.get("loop_control", {}).get("label") for task in MAPPINGS if "loop" in task}
    assert labels.pop("Write the report") is None  # the formats are words of the collection
    assert len(labels) >= 4
    assert {label for label in labels.values() if not PRINTABLE.fullmatch(str(label))} == set()


def test_every_message_that_quotes_an_appliance_can_be_shown() -> None:
    messages = {
        task["name"]: task[module]["msg"]
        for task in MAPPINGS
        for module in ("ansible.builtin.debug", "ansible.builtin.fail")
        if module in task
    }
    assert messages.pop("Show a line for each appliance") == "{{ declare_lines }}"
    assert any("lines.append(line | vbaws.appliance.printable)" in str(task.get("declare_lines")) for task in MAPPINGS)
    # The short report is printable by itself. The other two hold words and numbers of the collection.
    assert messages.pop("Show the short report") == "{{ drift_report_lines }}"
    assert set(re.findall(r"{{ *(\w+)", messages.pop("Fail where the report says so"))) == {
        "drift_report_report",
        "drift_report_files",
    }
    assert set(re.findall(r"{{ *(\w+)", messages.pop("Fail if no appliance was asked"))) == {"vbaws_hosts"}
    assert len(messages) >= 4
    assert {name for name, message in messages.items() if "vbaws.appliance.printable" not in message} == set()
