#!/usr/bin/python
# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: iam_role_info
short_description: Read the IAM roles registered on a Veeam Backup for AWS appliance
version_added: 0.1.0
description:
  - Returns the IAM roles that a backup appliance knows, all or those that are asked for, in one form for older and
    newer appliances.
  - Whether a role serves to rescan an AWS Organization is not judged here, because what the appliance says of its
    permissions does not settle it. M(vbaws.appliance.organization_preflight) lets the appliance check a role.
  - A list of any length is read to its end. A list whose pages do not add up is an error, never a short list.
author:
  - vbaws.appliance contributors (@vbaws)
extends_documentation_fragment:
  - vbaws.appliance.connection
  - vbaws.appliance.attributes
  - vbaws.appliance.attributes.info_module
  - vbaws.appliance.attributes.actiongroup
options:
  id:
    description:
      - UUID by which this appliance knows the role.
    type: str
  name:
    description:
      - Exact name of the role on the appliance. Upper and lower case count. Several roles may have the same name, and
        all of them are returned.
    type: str
  arn:
    description:
      - ARN of the role in AWS, as in V(arn:aws:iam::111122223333:role/name). Where the appliance shows no ARN, account
        and name of the role are compared.
    type: str
  search:
    description:
      - Pattern for names, passed on to the appliance. No rule for it is published, so that it may match more or less
        than it seems to say. To find one role for certain, use O(name).
    type: str
seealso:
  - module: vbaws.appliance.organization
  - module: vbaws.appliance.organization_preflight
notes:
  - A role that is asked for and does not exist is no failure. RV(iam_roles) is empty then.
"""

EXAMPLES = r"""
- name: Read all IAM roles
  vbaws.appliance.iam_role_info:
  register: known

- name: List their names and accounts
  ansible.builtin.debug:
    msg: "{{ item.name }} is {{ item.aws_role_name }} in {{ item.aws_account_id }}"
  loop: "{{ known.iam_roles }}"
  loop_control:
    label: "{{ item.name }}"

- name: Find the role of an ARN
  vbaws.appliance.iam_role_info:
    arn: arn:aws:iam::111122223333:role/vbaws-rescan
  register: rescan_role

- name: Stop unless it is registered exactly once
  ansible.builtin.assert:
    that: rescan_role.iam_roles | length == 1

- name: Find the ID of a role whose name exists twice
  vbaws.appliance.iam_role_info:
    name: production-rescan
  register: twins
  failed_when: >-
    twins.iam_roles | selectattr('aws_account_id', 'equalto', '111122223333') | length != 1
"""

RETURN = r"""
iam_roles:
  description: The roles, in the order in which the appliance lists them.
  returned: success
  type: list
  elements: dict
  sample:
    - id: c963aa50-056c-4578-a8af-77ff0aca8807
      name: production-rescan
      description: Reads the production organization
      aws_account_id: "111122223333"
      region_type: Global
      permissions: [OrganizationRescanRole]
      iam_role: {accountId: "111122223333", roleName: vbaws-rescan}
      from_another_account: true
      aws_role_name: vbaws-rescan
      arn: null
      other: {}
  contains:
    id: {description: UUID on this appliance., type: str}
    name: {description: Name on the appliance., type: str}
    description: {description: Description or V(null)., type: str}
    aws_account_id: {description: AWS account of the role if known., type: str}
    region_type: {description: "Partition of AWS, in the appliance's words.", type: str}
    permissions:
      description: What the appliance says the role may be used for. An empty list may mean everything.
      type: list
      elements: str
    iam_role: {description: "The role in AWS, as the appliance shows it.", type: raw}
    from_another_account:
      description: Whether the role is of another AWS account than the appliance, V(null) where it does not tell.
      type: bool
    aws_role_name: {description: Name of the role in AWS if known., type: str}
    arn: {description: ARN of the role if the appliance shows it., type: str}
    other: {description: Properties that the collection does not know., type: dict}
failure:
  description: The failure in a form that a playbook can branch on, see M(vbaws.appliance.organization).
  returned: failure
  type: dict
  sample: {reason: unreachable, stage: connect, done: []}
"""

from collections.abc import Mapping
from typing import Any

from ansible.module_utils.basic import AnsibleModule

from ..module_utils._appliance.api import Api
from ..module_utils._appliance.roles import Role, role_from_wire
from ..module_utils._errors import ApplianceError
from ..module_utils._model.values import is_role_arn, is_uuid
from ..module_utils._module.options import CONNECTION
from ..module_utils._module.run import run
from ..module_utils._module.task import Task

IAM_ROLES: dict[str, dict[str, Any]] = {
    "id": {"type": "str"},
    "name": {"type": "str"},
    "arn": {"type": "str"},
    "search": {"type": "str"},
}
"""Which IAM roles are read."""

# Our name -> those of the API, the newer one first; public documentation of the product.
_PLAIN = {
    "description": ("description",),
    "aws_account_id": ("awsAccountId", "awsid"),
    "region_type": ("regionType",),
    "permissions": ("accountPermissions",),
}
_OWN_ACCOUNT, _ANOTHER_ACCOUNT = ("IAMRole", "iamRole"), ("IAMRoleFromAnotherAccount",)
_KNOWN = {"id", "name", *_OWN_ACCOUNT, *_ANOTHER_ACCOUNT, *(name for names in _PLAIN.values() for name in names)}


def iam_role_info(task: Task) -> dict[str, Any]:
    """Reads what the options select and returns the result of the module."""
    role_id, name, arn = (task.options.get(option) for option in ("id", "name", "arn"))
    if role_id is not None and not is_uuid(role_id):
        raise _invalid("id", role_id, "is no UUID", "To find a role by its name or its ARN, give name or arn.")
    if arn is not None and not is_role_arn(arn):
        raise _invalid("arn", arn, "is not the ARN of a role", "It looks like arn:aws:iam::111122223333:role/name.")
    roles = [
        (role_from_wire(item), item)
        for item in Api(task.client, task.journal).get_iam_roles(task.options.get("search"))
    ]
    return {
        "changed": False,
        "iam_roles": [
            role_as_result(role, item)
            for role, item in roles
            if (role_id is None or role.id == role_id.lower())
            and (name is None or role.name == name)
            and (arn is None or role.has_arn(arn))
        ],
    }


def role_as_result(role: Role, item: Mapping[str, Any]) -> dict[str, Any]:
    """An entry of the appliance's list in the collection's names, with what is not known kept as it is."""
    own, another = _first(item, _OWN_ACCOUNT), _first(item, _ANOTHER_ACCOUNT)
    details = own if another is None else another
    arn = next((word for word in sorted(role.words) if is_role_arn(word)), None)
    result = {ours: _first(item, theirs) for ours, theirs in _PLAIN.items()}
    return {
        "id": role.id,
        "name": role.name,
        **result,
        "aws_account_id": result["aws_account_id"] or (arn.split(":")[4] if arn else None),
        "iam_role": details,
        "from_another_account": None if details is None else another is not None,
        "aws_role_name": _role_name(details) or (arn.rsplit("/", 1)[-1] if arn else None),
        "arn": arn,
        "other": {key: value for key, value in item.items() if key not in _KNOWN},
    }


def _first(item: Mapping[str, Any], names: tuple[str, ...]) -> Any:
    return next((item[name] for name in names if item.get(name) is not None), None)


def _role_name(details: Any) -> str | None:
    name = details.get("roleName") if isinstance(details, Mapping) else None
    return name if isinstance(name, str) and name else None


def _invalid(option: str, value: str, what: str, remedy: str) -> ApplianceError:
    return ApplianceError(f"The option {option} is {value!r}, which {what}", reason="invalid", remedy=remedy)


def main() -> None:
    module = AnsibleModule(
        argument_spec={**CONNECTION, **IAM_ROLES},
        mutually_exclusive=[("id", "name", "arn", "search")],
        supports_check_mode=True,
    )
    run(module, iam_role_info)


if __name__ == "__main__":
    main()
