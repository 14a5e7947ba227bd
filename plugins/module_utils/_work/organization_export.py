# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The appliance's export of its organizations: nothing but a whole file of the right kind is handed on."""

from __future__ import annotations

import csv
from typing import Any
from xml.parsers import expat

from .._appliance.api import Api
from .._errors import ApplianceError, excerpt
from .._module.destination import Destination
from .._module.task import Task
from .._rest.response import Answer

# The media type to ask for, and those that an answer may have: the reference names the first, servers are lax.
_OF_FORMAT = {
    "csv": ("text/csv", {"text/csv", "application/csv", "text/comma-separated-values", "application/octet-stream"}),
    "xml": ("application/xml", {"application/xml", "text/xml", "application/octet-stream"}),
}
_DELIMITERS = ",;\t|"


class NotThatKind(Exception):
    """A file is not what it should be; the text says why, as in "it WHY"."""


def organization_export(task: Task, destination: Destination | None) -> dict[str, Any]:
    """Exports and returns the result of the module; without a destination the text is part of it.

    Raises ApplianceError (api) where the answer is no whole file of the format; nothing is written then.
    """
    kind = task.options["format"]
    if destination is not None:
        destination.check()
    answer = Api(task.client).export_organizations(_OF_FORMAT[kind][0])
    text = _checked(answer, kind)
    if destination is None:
        return {"changed": False, "format": kind, "content": text}
    return {"format": kind, **destination.put(answer.content)}


def _checked(answer: Answer, kind: str) -> str:
    try:
        if answer.content_type not in _OF_FORMAT[kind][1]:
            raise NotThatKind(f"is of the type {answer.content_type or 'unknown'}")
        text = check_csv(answer.content) if kind == "csv" else check_xml(answer.content)
    except NotThatKind as why:
        quoted = excerpt(answer.text)
        begins = f'It begins with: "{quoted}". ' if quoted else ""
        raise ApplianceError(
            f"The appliance's answer to the export is no whole {kind.upper()} file: it {why}",
            reason="api",
            stage="export",
            method=answer.method,
            path=answer.path,
            status=answer.status,
            remedy=f"{begins}Run again; if it reads like the page of a proxy, check hostname, port and proxy.",
        ) from why
    return text


def check_csv(content: bytes) -> str:
    """The text of a CSV file. Raises NotThatKind unless it has a header and every line as many fields as that."""
    text = _decoded(content)
    if text.lstrip()[:1] in ("<", "{", "["):
        raise NotThatKind("is markup or JSON")
    first = text.lstrip().split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=first.count)
    try:
        # In strict mode a quoted field that the end of the file cuts off is an error.
        rows = [row for row in csv.reader(text.splitlines(keepends=True), delimiter=delimiter, strict=True) if row]
    except csv.Error as error:
        raise NotThatKind(f"cannot be read as CSV: {error}") from error
    if not rows:
        raise NotThatKind("is empty")
    for number, row in enumerate(rows[1:], 2):
        if len(row) != len(rows[0]):
            raise NotThatKind(f"has {len(row)} fields in record {number} and {len(rows[0])} in the header")
    return text


def check_xml(content: bytes) -> str:
    """The text of an XML file. Raises NotThatKind unless it is well-formed, has no DTD, and is no web page."""
    roots: list[str] = []

    def doctype(*_declaration: Any) -> None:
        # No export needs one. Pages have one, and entities can be made to grow without bounds.
        raise NotThatKind("has a document type declaration")

    def element(name: str, _attributes: Any) -> None:
        if not roots:
            roots.append(name)

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = doctype
    parser.StartElementHandler = element
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise NotThatKind(f"cannot be read as XML: {error}") from error
    if roots[0].lower().rpartition(":")[2] == "html":
        raise NotThatKind("is a web page")
    return _decoded(content)


def _decoded(content: bytes) -> str:
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise NotThatKind(f"is no text in {encoding.upper()[:6].rstrip('-')}: {error.reason}") from error
