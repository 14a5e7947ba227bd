#!/usr/bin/python
# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: appliance_info
short_description: Read the version of a Veeam Backup for AWS appliance and what its API accepts
version_added: 0.1.0
description:
  - Returns the version of the product on a backup appliance, and which revisions of the REST API it accepts, found by
    asking for each.
  - Compares the property names that this collection assumes with the appliance's own OpenAPI document, if one is
    given, and returns the RV(contract.wire_names) that settle them.
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
      - Revisions to ask for, beside that of O(api_version). Each costs one call that only reads the version.
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
      - Where the OpenAPI document of the appliance is, version 2 or 3, as JSON, or as YAML if PyYAML is installed.
      - Give the document of this very appliance. Without it RV(contract) is V(null).
    type: dict
    suboptions:
      url:
        description:
          - Path of the document on the appliance, such as V(/swagger/v1/swagger.json), or its URL there. No path is
            published. The page on which the appliance shows its API tells where it loads the document from.
        type: str
      path:
        description:
          - File with the document, on the machine that runs the module.
        type: path
seealso:
  - module: vbaws.appliance.organization_info
notes:
  - Only an answer that refuses the revision counts as not accepted. Anything else that goes wrong is a failure, so that
    an appliance which is being restarted does not seem to accept less.
  - If the appliance does not accept O(api_version), the task logs in with a revision that it accepts, and warns.
"""

EXAMPLES = r"""
- name: Read what the appliance is
  vbaws.appliance.appliance_info:
  register: appliance

- name: Show it
  ansible.builtin.debug:
    msg: "{{ appliance.about }} {{ appliance.version }} accepts {{ appliance.api_versions | join(', ') }}"

- name: Stop unless the revision that the playbooks are written for is accepted
  ansible.builtin.assert:
    that: "'1.7-rev0' in appliance.api_versions"

- name: See whether the assumed property names hold on this appliance
  vbaws.appliance.appliance_info:
    openapi:
      url: /swagger/v1/swagger.json
  register: appliance

- name: Show the connection option to set where they do not
  ansible.builtin.debug:
    var: appliance.contract.wire_names

- name: Compare a document that was downloaded before
  vbaws.appliance.appliance_info:
    openapi:
      path: files/appliance-openapi.json
  register: appliance
  failed_when: appliance.contract.unsettled | default([]) | length > 0
"""

RETURN = r"""
version:
  description: Version of the product, without stray spaces.
  returned: success
  type: str
  sample: 9.0.0.128
about:
  description: Name of the product, as the appliance says it.
  returned: success
  type: str
  sample: Veeam Backup for AWS
product:
  description:
    - Version in the short form in which the documentation names it, V(9), V(9.1), V(10) or V(11). V(null) where the
      collection does not know the version.
  returned: success
  type: str
  sample: "9"
api_version:
  description: The revision with which the task has worked, that of O(api_version) if the appliance accepts it.
  returned: success
  type: str
  sample: 1.7-rev0
api_versions:
  description: The revisions that the appliance accepts, of those it was asked for, the oldest first.
  returned: success
  type: list
  elements: str
  sample: [1.7-rev0]
contract:
  description: How the OpenAPI document compares with what is assumed. V(null) without O(openapi).
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
    holds: {description: Whether every assumed name holds., type: bool}
    properties:
      description:
        - Each assumed property in each object that it is sent or read in, with C(key) (its name in O(wire_names)),
          C(use) (V(write) or V(read)), C(schema), C(assumed), and C(verdict).
        - The verdict is V(holds), V(differs) (C(found) is there instead), V(missing) (C(candidates) are the properties
          that nothing else claims), or V(not_described) (the document lacks the object).
        - Where C(certain) is V(false), C(found) is no name that the collection knows, but the only one that looks like
          it. Read in the document what it means.
      type: list
      elements: dict
    missing_calls: {description: Documented calls that the document lacks., type: list, elements: str}
    wire_names: {description: Value for the connection option O(wire_names)., type: dict}
    unsettled:
      description: Keys which the document leaves open, or settles only by a likeness.
      type: list
      elements: str
failure:
  description: The failure in a form that a playbook can branch on, see M(vbaws.appliance.organization).
  returned: failure
  type: dict
  sample: {reason: api_version, stage: login, done: []}
"""

from ansible.module_utils.basic import AnsibleModule

from ..module_utils._module.options import APPLIANCE, CONNECTION
from ..module_utils._module.run import run
from ..module_utils._work.appliance_info import appliance_info


def main() -> None:
    module = AnsibleModule(argument_spec={**CONNECTION, **APPLIANCE}, supports_check_mode=True)
    run(module, appliance_info)


if __name__ == "__main__":
    main()
