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
  - The export must be text in UTF-8, or in UTF-16 with a byte order mark. Other bytes, and null characters, are an
    error. The encoding that an XML export declares is ignored.
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
      - Shows the content of O(dest) before and after, with control characters escaped. Files of more than 1 MiB are
        not shown.
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
      - A relative path starts in the working directory of the module. With the connection C(local), this is the
        working directory of C(ansible-playbook). With SSH, it is the home directory of the user.
      - Only a regular file is replaced. A directory, a symbolic link, a named pipe, a socket or a device is an error
        before anything is requested.
      - The file is replaced atomically, and only if its content differs by any byte.
      - If the task fails, the message and RV(failure) report whether the file was already written.
      - If not set, the text is returned as RV(content).
    type: path
seealso:
  - module: vbaws.appliance.organization_info
notes:
  - With O(dest), the task is C(changed) if the content or a file attribute such as O(mode), O(owner) or O(group) was
    different. Without O(dest), it is never C(changed).
  - Ansible hides the secrets of a task, such as its password, in everything that the task returns. If such a secret
    occurs in the export, the task fails without O(dest). With O(dest), the file is complete.
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

from typing import Any

from ..module_utils._appliance.api import Api
from ..module_utils._errors import ApplianceError
from ..module_utils._http.response import Answer
from ..module_utils._module.arguments import arguments
from ..module_utils._module.definition import Definition
from ..module_utils._module.destination import Destination
from ..module_utils._module.options import CONNECTION
from ..module_utils._module.task import Task
from ..module_utils._wording import excerpt

EXPORT: dict[str, dict[str, Any]] = {
    "format": {"type": "str", "choices": ["csv", "xml"], "default": "csv"},
    "dest": {"type": "path"},
}

# The media type to ask for, and those that an answer may have: the reference names the first, servers are lax.
_OF_FORMAT = {
    "csv": ("text/csv", {"text/csv", "application/csv", "text/comma-separated-values", "application/octet-stream"}),
    "xml": ("application/xml", {"application/xml", "text/xml", "application/octet-stream"}),
}


def organization_export(task: Task) -> dict[str, Any]:
    """Export and return the result of the module; without a destination the text is part of it.

    Raises ApplianceError (api) if the answer is not a file of the format; nothing is written then. Raises it (conflict)
    if the text cannot be returned as it is.
    """
    kind, destination = task.options["format"], task.destination
    if destination is not None:
        destination.check()
    answer = Api(task.client, task.journal).export_organizations(_OF_FORMAT[kind][0])
    text = _require_format(answer, kind)
    if destination is None:
        if task.masks(text):
            raise ApplianceError(
                "A secret of this task, such as its password, also occurs in the export, where Ansible would show "
                "asterisks in its place",
                reason="conflict",
                stage="export",
                remedy="Set dest to write the export to a file, or use another password or an access token.",
            )
        return {"changed": False, "format": kind, "content": text}
    return {"format": kind, **destination.put(answer.content, task.journal)}


def _require_format(answer: Answer, kind: str) -> str:
    """Return the text of a file of the format.

    Nothing is published about the inside of the file, so only what is certainly something else is refused. That it is
    complete is checked by the transport.
    """
    encoding = "utf-16" if answer.content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = answer.content.decode(encoding)
    except UnicodeDecodeError:
        raise _refuse(answer, kind, f"is not text in {encoding.upper()[:6].rstrip('-')}") from None
    if "\0" in text:
        raise _refuse(answer, kind, "contains null characters, as text in UTF-16 without a byte order mark does")
    start = text.lstrip()[:14].lower()
    if answer.content_type not in _OF_FORMAT[kind][1]:
        raise _refuse(answer, kind, f"is of the type {answer.content_type or 'unknown'}")
    if not start:
        raise _refuse(answer, kind, "is empty")
    if start.startswith(("<!doctype html", "<html", "{", "[")):
        raise _refuse(answer, kind, "is a web page or JSON")
    if start.startswith("<") is not (kind == "xml"):
        raise _refuse(answer, kind, "is markup" if kind == "csv" else "is not markup")
    return text


def _refuse(answer: Answer, kind: str, why: str) -> ApplianceError:
    quoted = excerpt(answer.text)
    begins = f'It begins with: "{quoted}". ' if quoted else ""
    return ApplianceError(
        f"The appliance's answer to the export is no whole {kind.upper()} file: it {why}",
        reason="api",
        stage="export",
        method=answer.method,
        path=answer.path,
        status=answer.status,
        remedy=f"{begins}Run again; if it reads like the page of a proxy, check hostname, port and proxy.",
    )


MODULE = Definition(
    organization_export,
    arguments(CONNECTION, EXPORT),
    destination=Destination.of,
)


def main() -> None:
    MODULE.main()


if __name__ == "__main__":
    main()
