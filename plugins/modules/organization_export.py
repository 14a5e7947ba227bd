#!/usr/bin/python
# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: organization_export
short_description: Export the AWS Organizations of a Veeam Backup for AWS appliance as CSV or XML
version_added: 0.1.0
description:
  - Exports the list of AWS Organizations from a backup appliance, and returns it as text or writes it to a file.
  - An export is returned or written only if it is complete and valid. An incomplete export, or the error page of a
    proxy, is an error, and an existing file stays as it is.
  - The appliance determines the columns and elements of the file. To work with the settings of organizations, use
    M(vbaws.appliance.organization_info).
author:
  - vbaws.appliance contributors (@vbaws)
extends_documentation_fragment:
  - vbaws.appliance.connection
  - vbaws.appliance.attributes
  - vbaws.appliance.attributes.actiongroup
  - ansible.builtin.files
attributes:
  check_mode:
    support: full
    details:
      - Exports the list in check mode too and compares it with O(dest). This changes nothing on the appliance.
  diff_mode:
    support: full
    details:
      - Shows the content of O(dest) before and after.
  idempotent:
    support: full
    details:
      - If the appliance writes the time of the export into the file, each export is different.
options:
  format:
    description: Format of the export.
    type: str
    choices: [csv, xml]
    default: csv
  dest:
    description:
      - File to write, on the machine that runs the module. Its directory must exist.
      - The file is replaced atomically, and only if its content differs by any byte.
      - If not set, the text is returned as RV(content).
    type: path
seealso:
  - module: vbaws.appliance.organization_info
notes:
  - With O(dest), the task is C(changed) if the content or a file attribute such as O(mode), O(owner) or O(group) was
    different. Without O(dest), it is never C(changed).
"""

EXAMPLES = r"""
- name: Write an export of the organizations to a file
  vbaws.appliance.organization_export:
    dest: /var/lib/vbaws/organizations.csv
    mode: "0640"
    owner: root
    group: backup

- name: Show in check mode what has changed since the last export
  vbaws.appliance.organization_export:
    dest: /var/lib/vbaws/organizations.csv
  check_mode: true
  diff: true

- name: Export as XML
  vbaws.appliance.organization_export:
    format: xml
  register: exported

- name: Show the export
  ansible.builtin.debug:
    msg: "{{ exported.content }}"
"""

RETURN = r"""
content:
  description: Content of the export.
  returned: success, without O(dest)
  type: str
  sample: |
    Name,OrganizationId,IamRole,Scope,Description
    production,o-exampleorg1,production-rescan,entire,Shops
format:
  description: Format of the export.
  returned: success
  type: str
  sample: csv
dest:
  description: File that was written, or that already had the content.
  returned: success, with O(dest)
  type: str
  sample: /var/lib/vbaws/organizations.csv
mode:
  description: Permissions of the file.
  returned: success, with O(dest), if the file exists
  type: str
  sample: "0640"
owner:
  description: Owner of the file.
  returned: success, with O(dest), if the file exists
  type: str
  sample: root
group:
  description: Group of the file.
  returned: success, with O(dest), if the file exists
  type: str
  sample: backup
uid:
  description: ID of the owner.
  returned: success, with O(dest), if the file exists
  type: int
  sample: 0
gid:
  description: ID of the group.
  returned: success, with O(dest), if the file exists
  type: int
  sample: 34
state:
  description: Always V(file).
  returned: success, with O(dest), if the file exists
  type: str
  sample: file
size:
  description: Size of the file in bytes. In check mode, size of the existing file.
  returned: success, with O(dest), if the file exists
  type: int
  sample: 104
failure:
  description: Failure in a form that a playbook can branch on, see RV(vbaws.appliance.organization#module:failure).
  returned: failure
  type: dict
  sample: {reason: api, stage: export, done: []}
"""

import csv
from typing import Any
from xml.parsers import expat

from ansible.module_utils.basic import AnsibleModule

from ..module_utils._appliance.api import Api
from ..module_utils._errors import ApplianceError
from ..module_utils._module.destination import Destination
from ..module_utils._module.options import CONNECTION
from ..module_utils._module.run import run
from ..module_utils._module.task import Task
from ..module_utils._rest.response import Answer
from ..module_utils._wording import excerpt

EXPORT: dict[str, dict[str, Any]] = {
    "format": {"type": "str", "choices": ["csv", "xml"], "default": "csv"},
    "dest": {"type": "path"},
}
"""What kind of file the list of organizations is exported as, and where to."""

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
    answer = Api(task.client, task.journal).export_organizations(_OF_FORMAT[kind][0])
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


def main() -> None:
    module = AnsibleModule(
        argument_spec={**CONNECTION, **EXPORT},
        add_file_common_args=True,
        supports_check_mode=True,
    )
    run(module, lambda task: organization_export(task, Destination.of(module)))


if __name__ == "__main__":
    main()
