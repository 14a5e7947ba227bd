# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A rescan on its own: find what to rescan, rescan, and say what became different."""

from __future__ import annotations

from typing import Any

from .._appliance.api import Api
from .._appliance.checks import check_role, refuse
from .._appliance.reader import Reader
from .._appliance.rescans import Rescans
from .._appliance.sessions import Sessions
from .._errors import ApplianceError
from .._model.desired import check_identity, check_rescan_role
from .._model.names import Names
from .._model.organization import Organization
from .._model.structure import Structure, structure_changes
from .._module.task import Task


def rescan_task(task: Task) -> dict[str, Any]:
    """Does what the options of organization_rescan say and returns the result of the module."""
    check_identity(task.options)
    reference = task.options.get("rescan_iam_role")
    if reference is not None:
        check_rescan_role(reference)
    api = Api(task.client)
    rescan = Rescan(task, Reader(api, Names(task.options.get("wire_names"))), Rescans(api, Sessions(api, task)))
    return rescan.run()


class Rescan:
    """One rescan, of an organization of the appliance or of the AWS Organization of a role."""

    def __init__(self, task: Task, reader: Reader, rescans: Rescans) -> None:
        self._task = task
        self._reader = reader
        self._rescans = rescans
        self._into_database = task.options["storage"] == "database"

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
        before = self._reader.stored_structure(organization.id, units_only=False) if organization else None
        session = self._rescans.start(role_id, "Database" if database else "InMemory", label)
        if not self._task.options["wait"]:
            return self._result(organization, {"id": session})
        try:
            ended = self._rescans.finish(session, label, database)
            after = self._structure_after(organization, session, database)
        except ApplianceError as error:
            error.done, error.journaled = list(self._rescans.done), True
            raise
        return self._result(organization, ended.as_result(), before, after)

    def _find(self) -> tuple[Organization | None, str, str]:
        """The organization, the ID of the role to rescan with, and how messages name what is rescanned."""
        reference = self._task.options.get("rescan_iam_role")
        if not any(self._task.options.get(option) for option in ("id", "aws_organization_id", "name")):
            return self._of_role(str(reference))
        role_id = self._role_id(reference) if reference else None
        organization = self._reader.require_named(
            self._task.options, "To read one that is not registered, give rescan_iam_role and storage: in_memory."
        )
        if role_id is None:
            role_id = organization.rescan_iam_role
        elif check_role(self._reader.api, role_id, str(reference)).added_as != organization.id:
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
        check = check_role(self._reader.api, role_id, reference)
        refuse(check.findings, "error", f"to rescan with the IAM role {reference}", "role_invalid")
        if check.added_as is None:
            return None, role_id, reference
        organization = self._reader.with_members(self._reader.organization(check.added_as))
        return organization, role_id, organization.name

    def _role_id(self, reference: str) -> str:
        role_id = self._reader.roles.find(reference)
        if role_id is None:
            raise self._reader.roles.unknown(reference)
        return role_id

    def _structure_after(self, organization: Organization | None, session: str, database: bool) -> Structure:
        if not database or organization is None:
            return self._reader.rescanned_structure(session, units_only=False)
        self._reader.forget_structure(organization.id)
        return self._reader.stored_structure(organization.id, units_only=False)

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
