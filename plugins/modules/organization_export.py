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
  - Lets a backup appliance export the list of its AWS Organizations, and returns the file as text or keeps it at a
    place.
  - A file is only returned or written once it has come whole and was read as what it should be. The page of a proxy
    or half a file is an error, and the file that is there stays as it is.
  - The columns and elements of the file are the appliance's. To work with the settings of organizations use
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
      - The list is exported in check mode as well, which changes nothing on the appliance, and compared with O(dest).
  diff_mode:
    support: full
    details:
      - Shows the content of O(dest) before and after.
  idempotent:
    support: full
    details:
      - An appliance that writes the time of the export into the file gives a different one on each run.
options:
  format:
    description:
      - What the list is exported as.
    type: str
    choices: [csv, xml]
    default: csv
  dest:
    description:
      - File to write, on the machine that runs the module. Its directory must exist.
      - It is replaced in one step and only if its content differs, byte by byte. A reader never sees half of it.
      - Without it the text is returned in RV(content).
    type: path
seealso:
  - module: vbaws.appliance.organization_info
notes:
  - With O(dest) the task is V(changed) if the content or one of the attributes O(mode), O(owner), O(group) and so on
    was another one. Without it the task is never V(changed).
"""

EXAMPLES = r"""
- name: Keep an export of the organizations
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

- name: Show it
  ansible.builtin.debug:
    msg: "{{ exported.content }}"
"""

RETURN = r"""
content:
  description: The file as text.
  returned: success, without O(dest)
  type: str
  sample: |
    Name,OrganizationId,IamRole,Scope,Description
    production,o-exampleorg1,production-rescan,entire,Shops
format:
  description: What was exported.
  returned: success
  type: str
  sample: csv
dest:
  description: The file that was written, or had the content already.
  returned: success, with O(dest)
  type: str
  sample: /var/lib/vbaws/organizations.csv
mode:
  description: Permissions of the file.
  returned: success, with O(dest), if the file exists
  type: str
  sample: "0640"
owner:
  description: Who the file belongs to.
  returned: success, with O(dest), if the file exists
  type: str
  sample: root
group:
  description: Which group the file belongs to.
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
  description: V(file).
  returned: success, with O(dest), if the file exists
  type: str
  sample: file
size:
  description: Bytes of the file, in check mode of the one that is there.
  returned: success, with O(dest), if the file exists
  type: int
  sample: 104
failure:
  description: The failure in a form that a playbook can branch on, see M(vbaws.appliance.organization).
  returned: failure
  type: dict
  sample: {reason: api, stage: export, done: []}
"""

from ansible.module_utils.basic import AnsibleModule

from ..module_utils._module.destination import Destination
from ..module_utils._module.options import CONNECTION, EXPORT
from ..module_utils._module.run import run
from ..module_utils._work.organization_export import organization_export


def main() -> None:
    module = AnsibleModule(
        argument_spec={**CONNECTION, **EXPORT},
        add_file_common_args=True,
        supports_check_mode=True,
    )
    run(module, lambda task: organization_export(task, Destination.of(module)))


if __name__ == "__main__":
    main()
