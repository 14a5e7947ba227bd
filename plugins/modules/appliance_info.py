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
        description: File with the document, on the machine that runs the module.
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
  description: Comparison of the OpenAPI document with the assumed names. V(null) without O(openapi).
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
    title: {description: Title of the document., type: str}
    version: {description: Version of the document., type: str}
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

from ansible.module_utils.basic import AnsibleModule

from ..module_utils._appliance_info import appliance_info
from ..module_utils._options import APPLIANCE, CONNECTION
from ..module_utils._run import run


def main() -> None:
    module = AnsibleModule(argument_spec={**CONNECTION, **APPLIANCE}, supports_check_mode=True)
    run(module, appliance_info)


if __name__ == "__main__":
    main()
