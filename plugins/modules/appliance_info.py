#!/usr/bin/python
# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: appliance_info
short_description: Read the version and the API revisions of a Veeam Backup for AWS appliance
version_added: 0.1.0
description:
  - Returns the product version of a backup appliance and the revisions of the REST API that it accepts. The module
    finds them by requesting each revision.
  - Compares the property names that this collection assumes with the OpenAPI document of the appliance, if it is given.
    The value to set for names that differ is returned as RV(contract.wire_names).
author:
  - vbaws.appliance contributors (@vbaws)
extends_documentation_fragment:
  - vbaws.appliance.connection
  - vbaws.appliance.attributes
  - vbaws.appliance.attributes.info_module
  - vbaws.appliance.attributes.actiongroup
options:
  api_versions:
    description:
      - Revisions to request in addition to O(api_version). Each revision takes one call, which only reads the version.
    type: list
    elements: str
    default:
      - 1.5-rev0
      - 1.6-rev0
      - 1.6-rev1
      - 1.7-rev0
      - 1.7-rev1
      - 1.8-rev0
      - 1.8-rev1
      - 1.9-rev0
      - 1.9-rev1
      - 2.0-rev0
  openapi:
    description:
      - Location of the appliance's OpenAPI document, version 2 or 3, as JSON, or as YAML if PyYAML is installed.
      - JSON may have up to 16 MiB, YAML up to 4 MiB and 500 levels, and both up to 1,000,000 values. Aliases of YAML
        are not expanded. Entries that a merge key adds count as values.
      - Use the document of the same appliance. If not set, RV(contract) is V(null).
    type: dict
    suboptions:
      url:
        description:
          - Path of the document on the appliance, such as V(/swagger/v1/swagger.json), or its URL on the appliance. The
            path is not published. Open the API page of the appliance in a browser to see where it loads the document
            from.
        type: str
      path:
        description:
          - Regular file with the document in UTF-8, on the machine that runs the module.
        type: path
seealso:
  - module: vbaws.appliance.organization_info
notes:
  - A revision counts as not accepted only if the appliance refuses it explicitly. Any other error makes the task fail.
    Otherwise an appliance that is being restarted would seem to accept fewer revisions.
  - If the appliance does not accept O(api_version), the task logs in with a revision that it accepts, and warns.
"""

EXAMPLES = r"""
- name: Read the version and the API revisions
  vbaws.appliance.appliance_info:
  register: appliance

- name: Show the version and the API revisions
  ansible.builtin.debug:
    msg: "{{ appliance.about }} {{ appliance.version }} accepts {{ appliance.api_versions | join(', ') }}"

- name: Assert that the revision of the playbooks is accepted
  ansible.builtin.assert:
    that: "'1.7-rev0' in appliance.api_versions"

- name: Check whether the assumed property names are right for this appliance
  vbaws.appliance.appliance_info:
    openapi:
      url: /swagger/v1/swagger.json
  register: appliance

- name: Show the connection option to set for names that differ
  ansible.builtin.debug:
    var: appliance.contract.wire_names

- name: Compare with a downloaded document
  vbaws.appliance.appliance_info:
    openapi:
      path: files/appliance-openapi.json
  register: appliance
  failed_when: appliance.contract.unsettled | default([]) | length > 0
"""

RETURN = r"""
version:
  description: Version of the product, without surrounding spaces.
  returned: success
  type: str
  sample: 9.0.0.128
about:
  description: Name of the product, as the appliance returns it.
  returned: success
  type: str
  sample: Veeam Backup for AWS
product:
  description:
    - Short version as in the documentation, V(9), V(9.1), V(10) or V(11). V(null) if the collection does not know the
      version.
  returned: success
  type: str
  sample: "9"
api_version:
  description: Revision that the task used. It is O(api_version) if the appliance accepts it.
  returned: success
  type: str
  sample: 1.7-rev0
api_versions:
  description: Requested revisions that the appliance accepts, the oldest first.
  returned: success
  type: list
  elements: str
  sample: [1.7-rev0]
contract:
  description:
    - Comparison of the OpenAPI document with the assumed names. V(null) without O(openapi).
    - The first 100 properties of an object are compared. Names with more than 200 characters are left out.
  returned: success
  type: dict
  sample:
    title: Veeam Backup for AWS REST API
    version: 1.7-rev0
    holds: false
    properties:
      - key: organization.backup_restore_iam_role_name
        use: write
        schema: AmazonOrganizationSpec
        assumed: backupRestoreIamRoleName
        verdict: differs
        found: backupAndRestoreIamRoleName
        certain: true
        candidates: []
    missing_calls: []
    wire_names:
      organization.backup_restore_iam_role_name: backupAndRestoreIamRoleName
    unsettled: []
  contains:
    title:
      description: Title of the document. V(null) if it has none, or one with more than 200 characters.
      type: str
    version:
      description: Version of the document. V(null) if it has none, or one with more than 200 characters.
      type: str
    holds: {description: Whether every assumed name is right., type: bool}
    properties:
      description:
        - Each assumed property in each object that is sent or read, with C(key) (its name in O(wire_names)), C(use)
          (V(write) or V(read)), C(schema), C(assumed), and C(verdict).
        - The verdict is V(holds), V(differs) (the document has C(found) instead), V(missing) (C(candidates) are the
          properties that match no other key), or V(not_described) (the document does not contain the object).
        - If C(certain) is V(false), the collection does not know the name in C(found). It is the only name that looks
          similar. Check its meaning in the document.
      type: list
      elements: dict
    missing_calls: {description: Known calls that the document does not contain., type: list, elements: str}
    wire_names: {description: Value for the connection option O(wire_names)., type: dict}
    unsettled:
      description: Keys that the document does not settle, or settles only by a similar name.
      type: list
      elements: str
failure:
  description: Failure in a form that a playbook can branch on, see RV(vbaws.appliance.organization#module:failure).
  returned: failure
  type: dict
  sample: {reason: api_version, stage: login, done: []}
"""

import re
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ..module_utils._appliance.api import Api
from ..module_utils._contract.compare import compare
from ..module_utils._contract.openapi import Document
from ..module_utils._errors import ApplianceError, NotFound, Refused
from ..module_utils._http.response import REVISIONS, Answer
from ..module_utils._http.transport import BODY_CAP
from ..module_utils._module.arguments import arguments
from ..module_utils._module.definition import Definition
from ..module_utils._module.options import CONNECTION
from ..module_utils._module.task import Task

APPLIANCE: dict[str, dict[str, Any]] = {
    "api_versions": {
        "type": "list",
        "elements": "str",
        "default": [
            "1.5-rev0",
            "1.6-rev0",
            "1.6-rev1",
            "1.7-rev0",
            "1.7-rev1",
            "1.8-rev0",
            "1.8-rev1",
            "1.9-rev0",
            "1.9-rev1",
            "2.0-rev0",
        ],
    },
    "openapi": {
        "type": "dict",
        "options": {"url": {"type": "str"}, "path": {"type": "path"}},
        "mutually_exclusive": [("url", "path")],
        "required_one_of": [("url", "path")],
    },
}

_EXAMPLE = "It begins with a slash, as in /swagger/v1/swagger.json. For a file give openapi.path."

_PRODUCTS = tuple(product for product, _newest in REVISIONS)


def appliance_info(task: Task) -> dict[str, Any]:
    """Asks the appliance what it is and returns the result of the module."""
    api = Api(task.client, task.journal)
    asked = task.client.api_version
    accepted, version = _revisions(api, task, asked)
    revision = asked if asked in accepted else accepted[-1]
    if asked not in accepted:
        task.warn(
            f"The appliance {task.client.where} does not accept the revision {asked} of the option api_version. For "
            f"the other modules set api_version to one that it accepts: {', '.join(accepted)}."
        )
    task.client.use_api_version(revision)
    text = version.get("version")
    number = text.strip() if isinstance(text, str) else None
    about = version.get("about")
    return {
        "changed": False,
        "version": number,
        "about": about.strip() if isinstance(about, str) else None,
        "product": _product(number or ""),
        "api_version": revision,
        "api_versions": accepted,
        "contract": _contract(api, task),
    }


def _revisions(api: Api, task: Task, asked: str) -> tuple[list[str], dict[str, Any]]:
    """The revisions that the appliance accepts, the oldest first, and its version. Raises ApplianceError.

    Only a refusal of the revision itself counts as not accepted: whatever else goes wrong is an error, so that an
    appliance which is being restarted accepts nothing less than it did.
    """
    accepted: list[str] = []
    version: dict[str, Any] | None = None
    last: ApplianceError | None = None
    # That of the option first: with it the login works, unless the option is wrong.
    candidates = list(dict.fromkeys([asked, *(one.strip() for one in task.options["api_versions"])]))
    for revision in candidates:
        task.client.use_api_version(revision)
        try:
            version = api.get_version()
        except NotFound as error:
            # The revision was understood; the call is what it lacks.
            last = error
        except Refused as error:
            if error.reason != "api_version":
                raise
            last = error
            continue
        accepted.append(revision)
    if last is not None and not accepted:
        raise last.but(
            message=f"The appliance {task.client.where} accepts none of the revisions {', '.join(candidates)}",
            remedy="Give the revisions of its product with the option api_versions",
        )
    if last is not None and version is None:
        raise last
    return sorted(accepted, key=_order), version or {}


def _order(revision: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", revision)]


def _product(version: str) -> str | None:
    """Which of the products with a documented revision this is, by the first two numbers of its version."""
    numbers = re.match(r"(\d+)(?:\.(\d+))?", version)
    if not numbers:
        return None
    major, minor = numbers.groups()
    wanted = major if minor in (None, "0") else f"{major}.{minor}"
    return wanted if wanted in _PRODUCTS else None


def _contract(api: Api, task: Task) -> dict[str, Any] | None:
    source: Mapping[str, Any] = task.options.get("openapi") or {}
    if not source:
        return None
    result = compare(_document(api, task, source))
    uncertain = [one for one in result["properties"] if not one["certain"]]
    if uncertain:
        alike = ", ".join(sorted({f"{one['key']} is {one['found']}" for one in uncertain}))
        task.warn(
            "The OpenAPI document has none of the known names for some properties, but one that looks like it: "
            f"{alike}. Read in the document that it means the same before you use these wire_names."
        )
    return result


def _document(api: Api, task: Task, source: Mapping[str, Any]) -> Document:
    if source.get("path") is not None:
        return Document(_file(source["path"]), f"The file {source['path']}", task.deadline)
    answer = _served(api, _path_of(source["url"], task))
    try:
        return Document(answer.text, f"The answer of {task.client.where} to GET {answer.path}", task.deadline)
    except ApplianceError as error:
        if error.reason != "invalid":
            raise
        raise error.but(message=f'{error.message}. It begins with: "{answer.quotation(100)}"') from error


def _served(api: Api, path: str) -> Answer:
    try:
        return api.get_document(path)
    except NotFound as error:
        raise error.but(
            remedy="Open the documentation of the API that the appliance serves with a browser and see from where it "
            "loads its JSON document",
            stage="contract",
        ) from error


def _path_of(url: str, task: Task) -> str:
    """The path to ask this appliance for. A URL of another host would be sent this one's token."""
    try:
        parts = urlsplit(url.strip())
    except ValueError as error:
        raise _unusable("url", f"is not a valid URL: {error}", _EXAMPLE) from error
    if parts.scheme or parts.netloc:
        if parts.scheme != "https" or parts.netloc.lower() != task.client.where.lower():
            raise _unusable(
                "url",
                f"names another place than https://{task.client.where}, the appliance of this task",
                "Give the path alone, or download the document and give the file as openapi.path.",
            )
    elif not parts.path.startswith("/"):
        raise _unusable("url", f"is {url!r}, which is not a path", _EXAMPLE)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _file(path: str) -> str:
    """Read a regular file. Others, such as a pipe, may have no end."""
    try:
        if not stat.S_ISREG(Path(path).stat().st_mode):
            raise _unreadable(path, "it is not a regular file")
        with Path(path).open("rb") as file:
            content = file.read(BODY_CAP + 1)
    except (OSError, ValueError) as error:
        raise _unreadable(path, getattr(error, "strerror", None) or "its name is not valid") from error
    if len(content) > BODY_CAP:
        raise _unreadable(path, f"it is larger than {BODY_CAP // 1024 // 1024} MiB")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _unreadable(path, "it is not text in UTF-8") from error


def _unreadable(path: str, why: str) -> ApplianceError:
    return _unusable(
        "path",
        f"names the file {path}, which cannot be read: {why}",
        "It must be a JSON or YAML file in UTF-8 on the machine that runs the module.",
    )


def _unusable(option: str, why: str, remedy: str) -> ApplianceError:
    return ApplianceError(f"The option openapi.{option} {why}", reason="invalid", stage="contract", remedy=remedy)


MODULE = Definition(
    appliance_info,
    arguments(CONNECTION, APPLIANCE),
)


def main() -> None:
    MODULE.main()


if __name__ == "__main__":
    main()
