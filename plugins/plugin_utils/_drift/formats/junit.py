# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A drift report as JUnit XML: a suite for each appliance, a case for each organization."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree as ET

from ..._printable import printable
from ..words import STATE_MEANINGS, accepted_text, appliances_read, notes, subject, unset_words, value_text

_FLEET = "(all appliances)"
_APPLIANCE = "the appliance"


def render_junit(report: Mapping[str, Any]) -> str:
    """Return the report as XML. An error is an error, drift a failure, accepted drift is skipped, in sync passes.

    The first suite fails if an expected appliance was not read, because an incomplete report must not pass.
    """
    root = ET.Element("testsuites", name="drift")
    _add_suite(root, _FLEET, [_fleet_case(report)])
    by_appliance: dict[str, list[Mapping[str, Any]]] = {}
    for record in report["records"]:
        by_appliance.setdefault(record["appliance"], []).append(record)
    for item in report["appliances"]:
        records = by_appliance.get(item["appliance"], [])
        cases = [_case(item["appliance"], name, record) for name, record in _with_names(records)]
        if not any(record["kind"] == "appliance" for record in records):
            cases.insert(0, ET.Element("testcase", name=_APPLIANCE, classname=printable(item["appliance"])))
        _add_suite(root, item["appliance"], cases)
    for name in ("tests", "failures", "errors", "skipped"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in root)))
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _add_suite(root: ET.Element, name: str, cases: list[ET.Element]) -> None:
    suite = ET.SubElement(root, "testsuite", name=printable(name), tests=str(len(cases)))
    suite.extend(cases)
    for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(attribute, str(sum(1 for case in cases if case.find(tag) is not None)))


def _fleet_case(report: Mapping[str, Any]) -> ET.Element:
    case = ET.Element("testcase", name="every appliance is read", classname=_FLEET)
    if report["outcome"] == "partial" or report["read"] == 0:
        ET.SubElement(case, "error", message=appliances_read(report), type=report["outcome"])
    return case


def _with_names(records: list[Mapping[str, Any]]) -> list[tuple[str, Mapping[str, Any]]]:
    """Return each record with the name of its case. Records that share a name have their key in it as well."""
    names = [subject(record) if record["kind"] == "organization" else _APPLIANCE for record in records]
    times = Counter(names)
    return [(name if times[name] == 1 else f"{name} ({record['key']})", record) for name, record in zip(names, records)]


def _case(appliance: str, name: str, record: Mapping[str, Any]) -> ET.Element:
    case = ET.Element("testcase", name=printable(name), classname=printable(appliance))
    state = record["state"]
    if record["accepted"]:
        ET.SubElement(case, "skipped", message=printable(accepted_text(record["accepted"])))
    elif state != "in_sync":
        tag = "error" if state == "error" else "failure"
        message = printable(record["message"] or STATE_MEANINGS[state])
        problem = ET.SubElement(case, tag, message=message, type=printable(record["reason"] or state))
        problem.text = "\n".join(printable(line) for line in _details(record))
    return case


def _details(record: Mapping[str, Any]) -> list[str]:
    unset_declared, unset_actual = unset_words(record)
    fields = [
        f"{field['field']}: declared {value_text(field['declared'], unset_declared)}, "
        f"actual {value_text(field['actual'], unset_actual)}"
        + (f" ({accepted_text(field['accepted'])})" if field["accepted"] else "")
        for field in record["fields"]
    ]
    return [*notes(record), *fields]
