# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Exports: only a whole file of the right kind gets through, and a file is replaced in one step or left alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import pytest
from ansible_collections.vbaws.appliance.plugins.module_utils._errors import ApplianceError
from ansible_collections.vbaws.appliance.plugins.module_utils._http.response import Answer
from ansible_collections.vbaws.appliance.plugins.module_utils._module.destination import Destination
from ansible_collections.vbaws.appliance.plugins.module_utils._module.options import CONNECTION
from ansible_collections.vbaws.appliance.plugins.module_utils._module.task import Task
from ansible_collections.vbaws.appliance.plugins.modules.organization_export import (
    EXPORT,
    organization_export,
)
from ansible_collections.vbaws.appliance.tests.unit.support.builders import options_of
from ansible_collections.vbaws.appliance.tests.unit.support.fake_client import FakeClient

CSV = b"Name,Scope\r\nproduction,entire\r\n"
XML = b'<?xml version="1.0"?><Organizations><Organization Name="production"/></Organizations>'
HTML = b"<!DOCTYPE html><html><title>Sign in</title><body>Gateway</body></html>"


def exported(content: bytes, kind: str = "text/csv") -> Answer:
    return Answer("POST", "/organizations/amazon/export", 200, {"Content-Type": kind}, content)


class Module:
    """As much of Ansible's object as a destination touches; attributes differ if the test says so."""

    def __init__(self, dest: Path, check_mode: bool = False, attributes_differ: bool = False) -> None:
        self.params: dict[str, Any] = {"dest": str(dest), "unsafe_writes": False}
        self.check_mode = check_mode
        self.tmpdir = str(dest.parent)
        self._diff = True
        self.attributes_differ = attributes_differ
        self.moved: list[tuple[str, str]] = []

    def fail_json(self, msg: str) -> NoReturn:
        raise AssertionError(msg)

    def load_file_common_arguments(self, params: dict[str, Any], path: str) -> dict[str, Any]:
        return {"path": path}

    def set_fs_attributes_if_different(self, arguments: dict[str, Any], changed: bool, diff: dict[str, Any]) -> bool:
        if self.attributes_differ:
            diff.update(before={"mode": "0644"}, after={"mode": "0600"})
        return changed or self.attributes_differ

    def add_cleanup_file(self, path: str) -> None:
        assert Path(path).exists()

    def atomic_move(self, source: str, target: str, unsafe_writes: bool) -> None:
        assert unsafe_writes is False
        self.moved.append((source, target))
        Path(source).replace(target)


def writing_to(module: Any, task: Task) -> Task:
    """Return the task with the destination of a module."""
    return replace(task, destination=Destination(module))


def export(answer: Answer, module: Module | None = None, **given: Any) -> dict[str, Any]:
    client = FakeClient(answer)
    if module is not None:
        given["dest"] = module.params["dest"]
    task = client.task(options_of(CONNECTION, EXPORT, **given))
    result = organization_export(writing_to(module, task) if module else task)
    (request,) = client.requests
    assert str(request) == "POST /organizations/amazon/export"
    assert (request.json, request.writes) == (None, None)
    assert request.accept == {"csv": "text/csv", "xml": "application/xml"}[given.get("format", "csv")]
    return result


def test_the_text_is_returned() -> None:
    assert export(exported(CSV)) == {"changed": False, "format": "csv", "content": CSV.decode()}
    assert export(exported(XML, "application/xml; charset=utf-8"), format="xml")["content"] == XML.decode()


def test_a_text_in_which_ansible_would_hide_a_secret_is_not_returned(tmp_path: Path) -> None:
    def is_masked(data: Any) -> bool:
        return "production" in str(data)

    task = replace(FakeClient(exported(CSV)).task(options_of(CONNECTION, EXPORT)), masks=is_masked)
    with pytest.raises(ApplianceError, match=r"A secret of this task.*Set dest") as caught:
        organization_export(task)
    assert caught.value.reason == "conflict"
    module = Module(tmp_path / "organizations.csv")
    given = options_of(CONNECTION, EXPORT, dest=module.params["dest"])
    task = replace(FakeClient(exported(CSV)).task(given), masks=is_masked)
    organization_export(writing_to(module, task))
    assert (tmp_path / "organizations.csv").read_bytes() == CSV


def test_a_byte_order_mark_is_no_text() -> None:
    assert export(exported(b"\xef\xbb\xbf" + CSV))["content"] == CSV.decode()
    assert export(exported("Näme\r\nx\r\n".encode("utf-16")))["content"] == "Näme\r\nx\r\n"


@pytest.mark.parametrize(
    ("content", "kind", "why"),
    [
        (HTML, "text/html", "text/html"),
        (HTML, "text/csv", "web page"),
        (b"<html><body/></html>", "text/csv", "web page"),
        (XML, "text/csv", "markup"),
        (b'{"title": "x"}', "application/json", "application/json"),
        (b'{"title": "x"}', "text/csv", "JSON"),
        (CSV, "", "unknown"),
        (b"", "text/csv", "empty"),
        (b"\r\n", "text/csv", "empty"),
        (b"Name\xff", "text/csv", "UTF-8"),
        (CSV.decode().encode("utf-16-le"), "text/csv", "null characters"),
        (CSV.decode().encode("utf-16-be"), "text/csv", "null characters"),
        (CSV.decode().encode("utf-32"), "text/csv", "null characters"),
        (b"\xff\xfeN", "text/csv", "UTF-16"),
        (b"\xff\xfe\x00\xd8", "text/csv", "UTF-16"),
        (CSV + b"\0", "text/csv", "null characters"),
    ],
)
def test_what_is_not_a_csv_file_is_an_error(tmp_path: Path, content: bytes, kind: str, why: str) -> None:
    dest = tmp_path / "organizations.csv"
    dest.write_bytes(b"what was there")
    with pytest.raises(ApplianceError) as caught:
        export(exported(content, kind), Module(dest))
    assert caught.value.reason == "api"
    assert why in caught.value.message
    assert caught.value.unsure is False
    assert dest.read_bytes() == b"what was there"
    assert list(tmp_path.iterdir()) == [dest]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (HTML, "web page"),
        (b"<html><body/></html>", "web page"),
        (b"", "empty"),
        (CSV, "is not markup"),
        (b'{"title": "x"}', "JSON"),
    ],
)
def test_what_is_not_an_xml_file_is_an_error(content: bytes, why: str) -> None:
    with pytest.raises(ApplianceError) as caught:
        export(exported(content, "application/xml"), format="xml")
    assert why in caught.value.message


@pytest.mark.parametrize("encoding", ["utf-16", "utf-7", "idna", "zlib", "hex", "punycode", "unicode_escape", "none"])
def test_the_encoding_that_xml_declares_is_ignored(encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?><Organizations Name="Zürich"/>'
    assert export(exported(text.encode(), "text/xml"), format="xml")["content"] == text
    assert export(exported(text.encode("utf-16"), "text/xml"), format="xml")["content"] == text
    with pytest.raises(ApplianceError, match="is not text in UTF-8"):
        export(exported(text.encode("latin-1"), "text/xml"), format="xml")


@pytest.mark.parametrize(
    "content",
    [b"Name\r\n", b"Name;Scope\na;b\n", b"a\tb\n1\t2\n", b'a,b\n"1,1","2\n2"\n', b"a,b\n\n1,2\n", CSV.rstrip()],
)
def test_other_ways_to_write_csv_are_all_right(content: bytes) -> None:
    assert export(exported(content))["content"] == content.decode()


def test_a_file_is_written_once(tmp_path: Path) -> None:
    dest = tmp_path / "organizations.csv"
    first, again = Module(dest), Module(dest)
    result = export(exported(CSV), first)
    assert (result["changed"], result["dest"], dest.read_bytes()) == (True, str(dest), CSV)
    assert "content" not in result
    assert [target for _source, target in first.moved] == [str(dest)]
    assert result["diff"]["before"] == ""
    assert result["diff"]["after"] == CSV.decode()
    repeated = export(exported(CSV), again)
    assert (repeated["changed"], repeated["diff"], again.moved) == (False, {}, [])


def test_another_content_replaces_it(tmp_path: Path) -> None:
    dest = tmp_path / "organizations.csv"
    dest.write_bytes(b"Name\r\n")
    result = export(exported(CSV), Module(dest))
    assert result["changed"] is True
    assert (result["diff"]["before"], dest.read_bytes()) == ("Name\r\n", CSV)


def test_an_attribute_alone_is_a_change(tmp_path: Path) -> None:
    dest = tmp_path / "organizations.csv"
    dest.write_bytes(CSV)
    module = Module(dest, attributes_differ=True)
    result = export(exported(CSV), module)
    assert (result["changed"], module.moved) == (True, [])
    assert result["diff"] == {"before": {"mode": "0644"}, "after": {"mode": "0600"}}


def test_check_mode_writes_nothing(tmp_path: Path) -> None:
    dest = tmp_path / "organizations.csv"
    assert export(exported(CSV), Module(dest, check_mode=True))["changed"] is True
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("check_mode", [False, True])
def test_a_place_that_cannot_be_written_is_refused_before_the_export(tmp_path: Path, check_mode: bool) -> None:
    for dest, why in ((tmp_path, "is a directory"), (tmp_path / "none" / "x.csv", "is not a directory")):
        client = FakeClient()
        module: Any = Module(dest, check_mode)
        with pytest.raises(ApplianceError) as caught:
            organization_export(writing_to(module, client.task(options_of(CONNECTION, EXPORT))))
        assert why in caught.value.message
        assert caught.value.reason == "invalid"
        assert client.requests == []
