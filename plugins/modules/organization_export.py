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

from ansible.module_utils.basic import AnsibleModule

from ..module_utils._export import organization_export
from ..module_utils._file import Destination
from ..module_utils._options import CONNECTION, EXPORT
from ..module_utils._run import run


def main() -> None:
    module = AnsibleModule(
        argument_spec={**CONNECTION, **EXPORT},
        add_file_common_args=True,
        supports_check_mode=True,
    )
    run(module, lambda task: organization_export(task, Destination.of(module)))


if __name__ == "__main__":
    main()
