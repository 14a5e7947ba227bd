# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a declaration to a plan: identity, takeover, references, and the appliance's own checks. Nothing here writes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from .._appliance.api import Api
from .._appliance.appliance import Workbench
from .._appliance.checks import (
    Finding,
    check_configuration,
    check_name,
    check_removal,
    check_role,
    check_settings,
    refuse,
)
from .._appliance.reader import Reader
from .._appliance.rescans import Rescans
from .._appliance.sessions import Session, Sessions
from .._errors import ApplianceError, NotFound, Refused
from .._model.desired import Desired
from .._model.match import require_free_name
from .._model.names import Names
from .._model.organization import Organization
from .._model.structure import Structure
from .._module.options import DEFAULT_CHECKS
from .._module.task import Task
from .._plan.impact import NOTHING, Impact, covered_now, covered_then, impact
from .._plan.plan import Plan, plan, require_complete
from .._plan.references import References
from .._plan.scopes import kept_as_read
from .resolver import Resolver


@dataclass
class Prepared:
    """A plan with everything that it rests on.

    rescan_session: of the in-memory rescan that resolved its units. took_time: whether others had time to interfere.
    name_is_taken: it takes over a name that another organization of the task gives up first; until then the appliance
    cannot check it.
    """

    plan: Plan
    actual: Organization | None
    references: References
    rescan_session: str | None = None
    took_time: bool = False
    name_is_taken: bool = False
    impact: Impact = field(default_factory=Impact)


@dataclass
class Preparation:
    """The reads and checks for one declaration; what they found is kept for the result of a failure too.

    bench: shared with the other declarations of the task.
    """

    task: Task
    desired: Desired
    bench: Workbench
    api: Api = field(init=False)
    names: Names = field(init=False)
    reader: Reader = field(init=False)
    sessions: Sessions = field(init=False)
    rescans: Rescans = field(init=False)
    findings: list[Finding] = field(default_factory=list)
    not_checked: list[str] = field(default_factory=list)
    test_session: Session | None = None
    adding: bool = False
    _released: Collection[str] = ()

    def __post_init__(self) -> None:
        self.api, self.names, self.reader = self.bench.api, self.bench.names, self.bench.reader
        self.sessions = Sessions(self.api, self.task, self.bench.time)
        self.rescans = Rescans(self.api, self.sessions)

    def find(self, listed: list[Organization] | None = None) -> tuple[Organization | None, list[Organization]]:
        """See Reader.find."""
        return self.reader.find(self.desired, listed)

    def prepare(self, listed: list[Organization] | None = None, released: Collection[str] = ()) -> Prepared:
        """Plans the declaration after all checks that tell whether it can be carried out.

        listed: the organizations of the appliance if they were read just now. released: names that other declarations
        of the task take from organizations before this one is carried out.
        Raises ApplianceError with nothing changed, except for a stored structure that had to be refreshed.
        """
        self.findings, self.not_checked, self.adding = [], [], False
        self._released = released
        found, organizations = self.reader.find(self.desired, listed, released)
        if self.desired.state == "absent":
            return self._prepare_removal(found)
        resolver = Resolver(self.reader, self.rescans, self.task, self.desired)
        if found is None:
            require_complete(self.desired)
        role_id = resolver.rescan_role()
        actual = self.reader.whole(found) if found else None
        if role_id is not None and (actual is None or actual.rescan_iam_role != role_id):
            actual = self._check_role(role_id, actual, organizations)
        if actual is None:
            prepared = self._prepare_new(resolver, role_id)
        else:
            if self.desired.name not in (None, actual.name):
                require_free_name(self.desired, actual, organizations, released)
            references = resolver.for_existing(actual, role_id)
            planned = plan(self.desired, actual, references, self.names, self.reader.names_seen())
            if planned.action != "none" and self.desired.name not in (None, actual.name):
                self._check_name()
            if planned.action != "none":
                self.reader.require_whole_subtrees(actual, kept_as_read(self.desired, actual))
            prepared = Prepared(planned, actual, references, resolver.rescan_session)
        prepared.name_is_taken = self._name_is_taken
        self.not_checked += resolver.not_checked
        if prepared.plan.action != "none":
            self._check_body(prepared, resolver)
            prepared.impact = self._impact(prepared)
        return prepared

    def added_as(self, role_id: str) -> str | None:
        """ID of the organization that the AWS Organization of a role is on the appliance as, by call 13."""
        return check_role(self.api, role_id, self.desired.rescan_iam_role or role_id).added_as

    def _prepare_removal(self, found: Organization | None) -> Prepared:
        try:
            actual = self.reader.whole(found) if found else None
            if actual is not None and "removal" in self._checks:
                self.findings += check_removal(self.api, actual.id)
        except NotFound:
            # Somebody else has removed it since the list was read, unless the list shows it still.
            if self.find()[0] is not None:
                raise
            actual = None
        if actual is not None and found is not None and actual.name != found.name:
            raise ApplianceError(
                f"The AWS Organization {found.label} was renamed to {actual.name!r} in this moment",
                reason="conflict",
                stage="resolve",
                remedy="Run again, and declare the one that is meant.",
            )
        references = References(role_names=self.reader.roles.names_read())
        planned = plan(self.desired, actual, references, self.names)
        if actual is not None:
            refuse(
                self.findings, self.task.options["fail_on"], f"to remove the AWS Organization {actual.label}", "in_use"
            )
        prepared = Prepared(planned, actual, references)
        prepared.impact = self._impact(prepared)
        return prepared

    def _impact(self, prepared: Prepared) -> Impact:
        """The accounts that the plan gains or loses, by the structure that the appliance has stored.

        What cannot be told is left open: whether that matters is for max_accounts_lost to say.
        """
        actual = prepared.actual
        before, after = covered_now(actual), covered_then(self.desired, actual, prepared.references)
        if before == after and before.known:
            return Impact()
        try:
            return impact(before, after, self._structure_with_accounts(prepared))
        except ApplianceError as error:
            if not isinstance(error, Refused) and error.reason != "api":
                raise
            self.not_checked.append(f"the accounts that are gained or lost: {error.message}")
            return impact(before, after, None)

    def impact_of_added(self, added: Organization) -> Impact:
        """The accounts that came into backup, by the structure that the appliance stored as it added them."""
        try:
            structure = self.reader.stored_structure(added.id, units_only=False)
        except ApplianceError:
            # It is added and verified; that nobody can count the accounts is no failure.
            return impact(NOTHING, covered_now(added), None)
        return impact(NOTHING, covered_now(added), structure)

    def _structure_with_accounts(self, prepared: Prepared) -> Structure | None:
        if prepared.rescan_session is not None:
            return self.reader.rescanned_structure(prepared.rescan_session, units_only=False)
        return self.reader.stored_structure(prepared.actual.id, units_only=False) if prepared.actual else None

    def _prepare_new(self, resolver: Resolver, role_id: str | None) -> Prepared:
        self.adding = True
        self._check_name()
        references, session = resolver.for_new(role_id, "configuration" in self._checks)
        planned = plan(self.desired, None, references, self.names, self.reader.learned_names())
        return Prepared(planned, None, references, session, took_time=session is not None)

    def _check_role(
        self, role_id: str, actual: Organization | None, organizations: list[Organization]
    ) -> Organization | None:
        """Makes sure that a role which the organization does not have yet belongs to the same AWS Organization.

        Returns the organization to change: the one that was found, one to take over, or None for a new one.
        """
        shown_as = self.desired.rescan_iam_role or role_id
        check = check_role(self.api, role_id, shown_as)
        if "role" in self._checks:
            self._judge(check.findings, "role_invalid")
        else:
            self.findings += [replace(finding, severity="warning") for finding in check.findings]
        if actual is not None:
            # Of an unusable role the appliance may not know the AWS Organization, which is not a conflict.
            if check.added_as != actual.id and (check.added_as or not check.findings):
                owner = f"the one registered as {check.added_as}" if check.added_as else "one that is not registered"
                raise ApplianceError(
                    f"The IAM role {shown_as} belongs to another AWS Organization than {actual.label}: to {owner}",
                    reason="conflict",
                    remedy="The rescan role of a registered organization can only be replaced by a role of the same "
                    "AWS Organization.",
                )
            return actual
        return self._take_over(check.added_as, organizations) if check.added_as else None

    def _take_over(self, organization_id: str, organizations: list[Organization]) -> Organization:
        """The organization that is registered under another name, if the declaration may have it."""
        other = next((item for item in organizations if item.id == organization_id), None)
        other = (
            self.reader.whole(other) if other else self.reader.with_members(self.reader.organization(organization_id))
        )
        if self.desired.aws_organization_id not in (None, other.aws_organization_id):
            raise ApplianceError(
                f"The IAM role {self.desired.rescan_iam_role} belongs to the AWS Organization {other.label}, "
                f"{other.aws_organization_id} in AWS, and not to {self.desired.aws_organization_id}",
                reason="conflict",
                remedy="Correct rescan_iam_role or aws_organization_id.",
            )
        # Of the declared name it is no other one: somebody else has added it since the list was read.
        if self.desired.on_conflict != "update" and other.name != self.desired.name:
            raise ApplianceError(
                f"The AWS Organization {self.desired.label!r} is registered already, as {other.label}",
                reason="conflict",
                remedy=f"An AWS Organization can be added once. To take it over and rename it, say on_conflict: "
                f"update, or give aws_organization_id: {other.aws_organization_id or 'its AWS ID'}.",
            )
        return other

    @property
    def _checks(self) -> Collection[str]:
        checks = self.task.options["checks"]
        return DEFAULT_CHECKS if checks is None else checks

    @property
    def _name_is_taken(self) -> bool:
        return self.desired.name in self._released

    def _check_name(self) -> None:
        if "name" in self._checks and self.desired.name and not self._name_is_taken:
            self._judge(check_name(self.api, self.desired.name), "conflict")

    def _check_body(self, prepared: Prepared, resolver: Resolver) -> None:
        """Calls 15 and 11 with what would be sent, unless check mode goes on without a part of that."""
        unresolved = set(self.desired.unit_references) - set(prepared.references.units)
        if unresolved or (self.desired.rescan_iam_role and prepared.references.rescan_role_id is None):
            if "settings" in self._checks or "configuration" in self._checks:
                self.not_checked.append("the checks of the settings, which need every role and unit")
            return
        if self._name_is_taken:
            left_out = [f"the {check}" for check in ("name", "settings", "configuration") if check in self._checks]
            if left_out:
                self.not_checked.append(f"{' and '.join(left_out)}, as long as another organization has this name")
            return
        body = check_request(self.names, prepared.plan.body, prepared.actual, prepared.rescan_session)
        if "settings" in self._checks:
            self._judge(check_settings(self.api, body), "invalid")
        if "configuration" not in self._checks:
            return
        if not resolver.sessions_allowed:
            self.not_checked.append("the test of the configuration (check_mode_sessions allows it)")
            return
        findings, self.test_session = check_configuration(self.api, self.sessions, body)
        prepared.took_time = True
        self._judge(findings, "invalid")

    def _judge(self, findings: Sequence[Finding], reason: str) -> None:
        """Keeps findings for the result. Raises ApplianceError (reason) where they are as grave as ``fail_on`` says."""
        self.findings += findings
        what = f"to add or change the AWS Organization {self.desired.label!r}"
        refuse(findings, self.task.options["fail_on"], what, reason)


def check_request(
    names: Names, body: Mapping[str, Any], actual: Organization | None, rescan_session: str | None
) -> dict[str, Any]:
    """The body of calls 11 and 15 about what call 3 or 5 would be sent.

    The object about a registered organization is assumed to be the body of call 5 and the ID.
    """
    session = {"rescanSessionId": rescan_session} if rescan_session else {}
    if actual is not None:
        return {"update": {names.written("update.organization_id"): actual.id, **body}, **session}
    return {"create": dict(body), **session}
