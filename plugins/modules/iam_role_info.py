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
  - Returns all IAM roles that are registered on a backup appliance, or the selected roles. The form is the same for
    older and newer appliances.
  - The result does not show whether a role can be used to rescan an AWS Organization, because the permissions that the
    appliance returns do not determine this. M(vbaws.appliance.organization_preflight) checks a role.
  - A list of any length is read completely. A list with inconsistent pages is an error, never a short list.
author:
  - vbaws.appliance contributors (@vbaws)
extends_documentation_fragment:
  - vbaws.appliance.connection
  - vbaws.appliance.attributes
  - vbaws.appliance.attributes.info_module
  - vbaws.appliance.attributes.actiongroup
options:
  id:
    description: UUID of the role on this appliance.
    type: str
  name:
    description:
      - Exact name of the role on the appliance. It is case-sensitive. If several roles have this name, all are
        returned.
    type: str
  arn:
    description:
      - ARN of the role in AWS, such as V(arn:aws:iam::111122223333:role/name). If the appliance does not show an ARN,
        the account and the name of the role are compared.
    type: str
  search:
    description:
      - Name pattern that is passed to the appliance. The appliance's rules for it are not published, so it may match
        more or fewer names than expected. To find exactly one role, use O(name).
    type: str
seealso:
  - module: vbaws.appliance.organization
  - module: vbaws.appliance.organization_preflight
notes:
  - If a requested role does not exist, the task does not fail, and RV(iam_roles) is empty.
"""

EXAMPLES = r"""
- name: Read all IAM roles
  vbaws.appliance.iam_role_info:
  register: known

- name: Show their names and accounts
  ansible.builtin.debug:
    msg: "{{ item.name }} is {{ item.aws_role_name }} in {{ item.aws_account_id }}"
  loop: "{{ known.iam_roles }}"
  loop_control:
    label: "{{ item.name }}"

- name: Find the role with an ARN
  vbaws.appliance.iam_role_info:
    arn: arn:aws:iam::111122223333:role/vbaws-rescan
  register: rescan_role

- name: Assert that it is registered exactly once
  ansible.builtin.assert:
    that: rescan_role.iam_roles | length == 1

- name: Find the ID of a role if several roles have its name
  vbaws.appliance.iam_role_info:
    name: production-rescan
  register: twins
  failed_when: >-
    twins.iam_roles | selectattr('aws_account_id', 'equalto', '111122223333') | length != 1
"""

RETURN = r"""
iam_roles:
  description: The roles, in the order of the appliance.
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
    region_type: {description: AWS partition as the appliance shows it., type: str}
    permissions:
      description: Permitted uses of the role as the appliance shows them. An empty list may mean all uses.
      type: list
      elements: str
    iam_role: {description: Role in AWS as the appliance shows it., type: raw}
    from_another_account:
      description: Whether the role is in a different AWS account than the appliance. V(null) if unknown.
      type: bool
    aws_role_name: {description: Name of the role in AWS if known., type: str}
    arn: {description: ARN of the role if the appliance shows it., type: str}
    other: {description: Properties that the collection does not know., type: dict}
failure:
  description: Failure in a form that a playbook can branch on, see RV(vbaws.appliance.organization#module:failure).
  returned: failure
  type: dict
  sample: {reason: unreachable, stage: connect, done: []}
"""

from collections.abc import Mapping
from typing import Any

from ..module_utils._appliance.api import Api
from ..module_utils._appliance.roles import Role, role_from_wire
from ..module_utils._errors import ApplianceError
from ..module_utils._model.values import check_text, is_role_arn, is_uuid
from ..module_utils._module.arguments import TEXT, arguments
from ..module_utils._module.definition import Definition
from ..module_utils._module.options import CONNECTION
from ..module_utils._module.task import Task
from ..module_utils._wording import quoted

IAM_ROLES: dict[str, dict[str, Any]] = {
    "id": {"type": "str"},
    "name": {"type": TEXT},
    "arn": {"type": "str"},
    "search": {"type": "str"},
}

# Our name -> those of the API, the newer one first; public documentation of the product.
_PLAIN = {
    "description": ("description",),
    "aws_account_id": ("awsAccountId", "awsid"),
    "region_type": ("regionType",),
    "permissions": ("accountPermissions",),
}
_OWN_ACCOUNT = ("IAMRole", "iamRole")
_ANOTHER_ACCOUNT = ("IAMRoleFromAnotherAccount",)
_KNOWN = {"id", "name", *_OWN_ACCOUNT, *_ANOTHER_ACCOUNT, *(name for names in _PLAIN.values() for name in names)}


def iam_role_info(task: Task) -> dict[str, Any]:
    """Reads what the options select and returns the result of the module."""
    role_id, name, arn = (task.options.get(option) for option in ("id", "name", "arn"))
    if name is not None:
        check_text("name", name)
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
    return ApplianceError(f"The option {option} is {quoted(value)}, which {what}", reason="invalid", remedy=remedy)


MODULE = Definition(
    iam_role_info,
    arguments(CONNECTION, IAM_ROLES),
    mutually_exclusive=[("id", "name", "arn", "search")],
)


def main() -> None:
    MODULE.main()


if __name__ == "__main__":
    main()
