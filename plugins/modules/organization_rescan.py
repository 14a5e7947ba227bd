#!/usr/bin/python
# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: organization_rescan
short_description: Rescan the structure of an AWS Organization on a Veeam Backup for AWS appliance
version_added: 0.1.0
description:
  - Makes a backup appliance read the units and accounts of an AWS Organization from AWS, waits for the end of this
    rescan, and returns how the structure has changed since the last rescan.
  - A rescan into the database updates the stored structure of a registered organization. A rescan in memory stores
    nothing, and also works for an organization that is not registered.
author:
  - vbaws.appliance contributors (@vbaws)
extends_documentation_fragment:
  - vbaws.appliance.connection
  - vbaws.appliance.identity
  - vbaws.appliance.waiting
  - vbaws.appliance.attributes
  - vbaws.appliance.attributes.actiongroup
attributes:
  check_mode:
    support: partial
    details:
      - Without O(check_mode_sessions=true), the task only finds the organization. It does not know what a rescan into
        the database would change, so it is C(changed) and not RV(verified).
      - With O(check_mode_sessions=true), the task rescans in memory and compares the result with the stored structure.
        This gives the same result and stores nothing.
  diff_mode:
    support: full
    details:
      - Shows the paths that appear and disappear.
  idempotent:
    support: full
    details:
      - Each run makes a rescan, but is C(changed) only if the stored structure has changed.
options:
  rescan_iam_role:
    description:
      - IAM role of the AWS Organization that is registered on the appliance. Specify its name on the appliance, its ID,
        or its ARN. Needed to rescan an organization in memory that is not registered.
    type: str
  storage:
    description:
      - V(database) updates the stored structure, and fails if the organization is not registered. V(in_memory) stores
        nothing and is never C(changed).
    type: str
    choices: [database, in_memory]
    default: database
  check_mode_sessions:
    description: Whether check mode may rescan in memory, which changes no configuration.
    type: bool
    default: false
seealso:
  - module: vbaws.appliance.organization
notes:
  - With O(wait=false), it is unknown what a rescan into the database will change. The task is then C(changed) and not
    RV(verified).
"""

EXAMPLES = r"""
- name: Update the stored units and accounts
  vbaws.appliance.organization_rescan:
    name: production
  register: rescan

- name: Show the new accounts that no limited scope covers
  ansible.builtin.debug:
    msg: >-
      {{ rescan.structure_changes.added | selectattr('type', 'equalto', 'account')
      | selectattr('covered_by', 'equalto', []) | map(attribute='path') }}

- name: Show in check mode what a rescan would change, and store nothing
  vbaws.appliance.organization_rescan:
    aws_organization_id: o-exampleorg1
    check_mode_sessions: true
  check_mode: true
  diff: true

- name: Rescan an AWS Organization that is not registered
  vbaws.appliance.organization_rescan:
    rescan_iam_role: arn:aws:iam::111122223333:role/vbaws-rescan
    storage: in_memory

- name: Start a long rescan and continue
  vbaws.appliance.organization_rescan:
    name: production
    wait: false
"""

RETURN = r"""
session:
  description:
    - Session of the rescan, V(null) if check mode started none. With O(wait=false), it contains only C(id). See
      M(vbaws.appliance.session_info) for its keys.
  returned: success
  type: dict
  sample:
    id: 10437ea3-6ba6-4b6e-a615-0ea67a25e346
    state: succeeded
    status: Succeeded
    result: Success
    reason: null
    log: []
structure_changes:
  description:
    - Differences from the structure that was stored before. V(null) if the differences are unknown, or if no structure
      is stored.
    - Each item has C(aws_id), C(name), C(type) (V(unit) or V(account)), C(path), and C(covered_by), the names of the
      limited scopes that cover it. Without limited scopes, C(covered_by) is always empty.
  returned: success
  type: dict
  sample:
    added:
      - aws_id: "123456789012"
        name: new-shop
        type: account
        path: /Shops/North/new-shop
        covered_by: [North]
    removed: []
    moved: []
    renamed: []
  contains:
    added: {description: New units and accounts., type: list, elements: dict}
    removed: {description: Removed units and accounts with their former paths., type: list, elements: dict}
    moved: {description: "Units and accounts with a new parent, and with C(former_path).", type: list, elements: dict}
    renamed: {description: "Units and accounts with a new name, and with C(former_name).", type: list, elements: dict}
organization:
  description: The organization as in M(vbaws.appliance.organization). V(null) if it is not registered.
  returned: success
  type: dict
  sample: {id: 5fb25a3c-8d4a-4b3f-9a0c-2f6c61d3e7aa, name: production}
statistics:
  description: Number of units (without the root) and accounts after the rescan. V(null) if unknown.
  returned: success
  type: dict
  sample: {units: 7, accounts: 14}
verified:
  description: Whether the rescan has ended and its changes are known.
  returned: always
  type: bool
  sample: true
failure:
  description: Failure in a form that a playbook can branch on, see RV(vbaws.appliance.organization#module:failure).
  returned: failure
  type: dict
  sample: {reason: session_failed, stage: wait, done: []}
"""

from collections.abc import Mapping
from typing import Any

from ..module_utils._appliance.appliance import Appliance
from ..module_utils._appliance.checks import check_role, refuse
from ..module_utils._appliance.lookup import require_organization
from ..module_utils._errors import ApplianceError
from ..module_utils._model.desired import check_identity
from ..module_utils._model.organization import Organization
from ..module_utils._model.settings import check_texts
from ..module_utils._model.structure import Structure
from ..module_utils._module.arguments import arguments
from ..module_utils._module.definition import Definition
from ..module_utils._module.options import CONNECTION, IDENTITY, WAITING
from ..module_utils._module.task import Task

RESCAN: dict[str, dict[str, Any]] = {
    **IDENTITY,
    "rescan_iam_role": {"type": "str"},
    "storage": {"type": "str", "choices": ["database", "in_memory"], "default": "database"},
    "check_mode_sessions": {"type": "bool", "default": False},
}


def rescan_task(task: Task) -> dict[str, Any]:
    """Does what the options of organization_rescan say and returns the result of the module."""
    check_identity(task.options)
    check_texts(task.options)
    return Rescan(Appliance.of(task)).run()


class Rescan:
    """One rescan, of an organization of the appliance or of the AWS Organization of a role."""

    def __init__(self, appliance: Appliance) -> None:
        self._appliance = appliance
        self._task = appliance.task
        self._rescans = appliance.rescans
        self._into_database = self._task.options["storage"] == "database"

    def run(self) -> dict[str, Any]:
        """Rescans. Raises ApplianceError, which tells if the stored structure was updated all the same."""
        organization, role_id, label = self._find()
        if self._into_database and organization is None:
            raise ApplianceError(
                f"The AWS Organization of the IAM role {label} is not registered on the appliance, and only the "
                f"structure of a registered one is stored",
                reason="not_found",
                stage="resolve",
                remedy="Register it first, or say storage: in_memory.",
            )
        if self._task.check_mode and not self._task.options["check_mode_sessions"]:
            return self._result(organization, None)
        # What check mode cannot store is read into memory, where it compares just as well.
        database = self._into_database and not self._task.check_mode
        before = self._appliance.structures.stored(organization.id, units_only=False) if organization else None
        session = self._rescans.start(role_id, "Database" if database else "InMemory", label)
        if not self._task.options["wait"]:
            return self._result(organization, {"id": session})
        ended = self._rescans.finish(session, label, database)
        after = self._structure_after(organization, session, database)
        return self._result(organization, ended.as_result(), before, after)

    def _find(self) -> tuple[Organization | None, str, str]:
        """The organization, the ID of the role to rescan with, and how messages name what is rescanned."""
        reference = self._task.options.get("rescan_iam_role")
        if not any(self._task.options.get(option) for option in ("id", "aws_organization_id", "name")):
            return self._of_role(str(reference))
        role_id = self._role_id(reference) if reference else None
        organization = require_organization(
            self._appliance.reader,
            self._task.options,
            "To read one that is not registered, give rescan_iam_role and storage: in_memory.",
        )
        if role_id is None:
            role_id = organization.rescan_iam_role
        elif check_role(self._appliance.api, role_id, str(reference)).added_as != organization.id:
            raise ApplianceError(
                f"The IAM role {reference} does not belong to the AWS Organization {organization.label}",
                reason="conflict",
                stage="resolve",
                remedy="Leave rescan_iam_role out to rescan with the role of the organization.",
            )
        if role_id is None:
            raise ApplianceError(
                f"The appliance does not show the rescan role of the AWS Organization {organization.label}",
                reason="api",
                stage="resolve",
                remedy="Give it as rescan_iam_role, or say with wire_names how the appliance calls it: "
                "organization.rescan_iam_role.",
            )
        return organization, role_id, organization.name

    def _of_role(self, reference: str) -> tuple[Organization | None, str, str]:
        role_id = self._role_id(reference)
        check = check_role(self._appliance.api, role_id, reference)
        refuse(check.findings, "error", f"to rescan with the IAM role {reference}", "role_invalid")
        if check.added_as is None:
            return None, role_id, reference
        organization = self._appliance.reader.get(check.added_as)
        return organization, role_id, organization.name

    def _role_id(self, reference: str) -> str:
        role_id = self._appliance.roles.find(reference)
        if role_id is None:
            raise self._appliance.roles.unknown(reference)
        return role_id

    def _structure_after(self, organization: Organization | None, session: str, database: bool) -> Structure:
        if not database or organization is None:
            return self._appliance.structures.rescanned(session, units_only=False)
        self._appliance.structures.forget(organization.id)
        return self._appliance.structures.stored(organization.id, units_only=False)

    def _result(
        self,
        organization: Organization | None,
        session: dict[str, Any] | None,
        before: Structure | None = None,
        after: Structure | None = None,
    ) -> dict[str, Any]:
        """The result; without the structure after the rescan it is not known what changed, which is not "nothing"."""
        scopes = (
            {scope.name: scope.units or frozenset() for scope in organization.limited_scopes} if organization else {}
        )
        changes = structure_changes(before, after, scopes) if before and after else None
        differs = any(changes.values()) if changes is not None else True
        result = {
            "changed": self._into_database and differs,
            "organization": organization.as_result() if organization else None,
            "session": session,
            "structure_changes": changes,
            "statistics": _statistics(after) if after else None,
            "verified": after is not None,
        }
        if changes is not None and self._into_database and differs:
            result["diff"] = _diff(changes, organization)
        return result


def _statistics(structure: Structure) -> dict[str, int]:
    identities = structure.by_aws_id.values()
    return {
        "units": sum(1 for identity in identities if identity.is_unit and not identity.is_root),
        "accounts": sum(1 for identity in identities if identity.is_account),
    }


def _diff(changes: dict[str, list[dict[str, Any]]], organization: Organization | None) -> dict[str, Any]:
    """The lines that a person compares: paths that disappear and paths that appear."""
    header = f"structure of {organization.label}" if organization else "structure"
    moved_from = [f"{item['former_path']} ({item['aws_id']})" for item in changes["moved"]]
    renamed_from = [f"{item['former_name']} ({item['aws_id']})" for item in changes["renamed"]]
    renamed_to = [f"{item['name']} ({item['aws_id']})" for item in changes["renamed"]]
    paths = {kind: [f"{item['path']} ({item['aws_id']})" for item in changes[kind]] for kind in changes}
    return {
        "before": {"structure": sorted([*paths["removed"], *moved_from, *renamed_from])},
        "after": {"structure": sorted([*paths["added"], *paths["moved"], *renamed_to])},
        "before_header": header,
        "after_header": header,
    }


def structure_changes(
    before: Structure, after: Structure, scopes: Mapping[str, frozenset[str]]
) -> dict[str, list[dict[str, Any]]]:
    """Return what a rescan changed: ``added``, ``removed``, ``moved`` and ``renamed`` units and accounts.

    Each list is sorted by path. scopes: name -> members, to show which limited scopes cover an item, after the change
    or, if it was removed, before it.
    """
    old, new = before.by_aws_id, after.by_aws_id
    both = [aws_id for aws_id in new if aws_id in old]
    changes = {
        "added": [_described(after, aws_id, scopes) for aws_id in new if aws_id not in old],
        "removed": [_described(before, aws_id, scopes) for aws_id in old if aws_id not in new],
        "moved": [
            {**_described(after, aws_id, scopes), "former_path": before.path(aws_id)}
            for aws_id in both
            if old[aws_id].parent != new[aws_id].parent
        ],
        "renamed": [
            {**_described(after, aws_id, scopes), "former_name": old[aws_id].name}
            for aws_id in both
            if old[aws_id].name != new[aws_id].name
        ],
    }
    return {
        kind: sorted(items, key=lambda item: (item["path"] or "", item["aws_id"])) for kind, items in changes.items()
    }


def covering(structure: Structure, aws_id: str, scopes: Mapping[str, frozenset[str]]) -> list[str]:
    """Return the names of the scopes that cover a unit or account, itself or through an ancestor."""
    line = {aws_id, *structure.ancestors(aws_id)}
    return sorted(name for name, members in scopes.items() if not line.isdisjoint(members))


def _described(structure: Structure, aws_id: str, scopes: Mapping[str, frozenset[str]]) -> dict[str, Any]:
    identity = structure.by_aws_id[aws_id]
    return {
        "aws_id": aws_id,
        "name": identity.name,
        "type": "account" if identity.is_account else "unit",
        "path": structure.path(aws_id),
        "covered_by": covering(structure, aws_id, scopes),
    }


MODULE = Definition(
    rescan_task,
    arguments(CONNECTION, WAITING, RESCAN),
    required_one_of=[("id", "aws_organization_id", "name", "rescan_iam_role")],
)


def main() -> None:
    MODULE.main()


if __name__ == "__main__":
    main()
