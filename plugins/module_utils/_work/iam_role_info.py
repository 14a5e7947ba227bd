# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""IAM roles of the appliance as iam_role_info returns them, in one form for older and newer appliances."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._appliance.api import Api
from .._appliance.roles import Role, role_from_wire
from .._errors import ApplianceError
from .._model.desired import is_role_arn, is_uuid
from .._module.task import Task

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
    roles = [(role_from_wire(item), item) for item in Api(task.client).get_iam_roles(task.options.get("search"))]
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
