# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything before a write: identity, takeover, references, the appliance's checks, and the plan."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from .._appliance.appliance import Appliance
from .._appliance.checks import (
    Finding,
    RoleCheck,
    check_configuration,
    check_name,
    check_removal,
    check_request,
    check_role,
    check_settings,
    refuse,
)
from .._appliance.sessions import Session
from .._errors import ApplianceError, NotFound
from .._model.desired import Desired
from .._model.match import match, require_free_name
from .._model.organization import Organization
from .._plan.impact import Impact
from .._plan.plan import Plan, plan, require_complete
from .._plan.references import References
from .._plan.scopes import kept_as_read
from .accounts import impact_of_plan
from .identity import owner_of_role
from .resolver import Resolver


@dataclass(frozen=True)
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
class Checked:
    """What the checks of one preparation found, and what they left out; part of the result of a failure too.

    session: of the test of the configuration. adding: whether it is about an organization that is not registered yet.
    """

    findings: list[Finding] = field(default_factory=list)
    not_checked: list[str] = field(default_factory=list)
    session: Session | None = None
    adding: bool = False


class Preparation:
    """The reads and checks for one declaration, once.

    released: names that other declarations of the task take from organizations before this one is carried out.
    """

    def __init__(self, appliance: Appliance, desired: Desired, released: Collection[str] = ()) -> None:
        self._appliance = appliance
        self._options = appliance.task.options
        self._checks = self._options["checks"]
        self._desired = desired
        self._released = released
        self._name_is_taken = desired.name in released
        self._resolver = Resolver(appliance, desired)
        self.checked = Checked()

    def prepare(self, listed: Sequence[Organization] | None = None) -> Prepared:
        """Plan the declaration after all checks that decide whether it can be carried out.

        listed: the organizations of the appliance if they were read just now. Raises ApplianceError with nothing
        changed, except for a stored structure that had to be refreshed.
        """
        desired = self._desired
        organizations = self._appliance.reader.list_all([desired]) if listed is None else listed
        found = match(desired, organizations, self._released)
        if desired.state == "absent":
            return self._prepare_removal(found)
        if found is None:
            require_complete(desired)
        role_id = self._resolver.rescan_role()
        actual = self._appliance.reader.complete(found) if found else None
        if role_id is not None and (actual is None or actual.rescan_iam_role != role_id):
            check = self._check_role(role_id)
            actual = owner_of_role(self._appliance.reader, desired, check, actual, organizations)
        if actual is None:
            prepared = self._prepare_new(role_id)
        else:
            prepared = self._prepare_change(actual, role_id, organizations)
        self.checked.not_checked += self._resolver.not_checked
        if prepared.plan.action == "none":
            return prepared
        self._check_body(prepared)
        rescan, tested = self._resolver.rescan_session, self.checked.session is not None
        return replace(
            prepared,
            rescan_session=rescan,
            took_time=tested or (actual is None and rescan is not None),
            name_is_taken=self._name_is_taken,
            impact=self._impact(prepared),
        )

    def _prepare_new(self, role_id: str | None) -> Prepared:
        self.checked.adding = True
        self._check_name()
        references = self._resolver.for_new(role_id, "configuration" in self._checks)
        self._appliance.reader.read_sample()
        return Prepared(plan(self._desired, None, references, self._appliance.names), None, references)

    def _prepare_change(
        self, actual: Organization, role_id: str | None, organizations: Sequence[Organization]
    ) -> Prepared:
        desired, appliance = self._desired, self._appliance
        renamed = desired.name not in (None, actual.name)
        if renamed:
            require_free_name(desired, actual, organizations, self._released)
        references = self._resolver.for_existing(actual, role_id)
        planned = plan(desired, actual, references, appliance.names)
        if planned.action != "none":
            if renamed:
                self._check_name()
            appliance.structures.require_complete(actual, kept_as_read(desired, actual))
        return Prepared(planned, actual, references)

    def _prepare_removal(self, found: Organization | None) -> Prepared:
        appliance = self._appliance
        try:
            actual = appliance.reader.complete(found) if found else None
            if actual is not None and "removal" in self._checks:
                self.checked.findings += check_removal(appliance.api, actual.id)
        except NotFound:
            # Somebody else has removed it since the list was read, unless the list shows it still.
            if match(self._desired, appliance.reader.list_all([self._desired])) is not None:
                raise
            actual = None
        if actual is not None and found is not None and actual.name != found.name:
            raise ApplianceError(
                f"The AWS Organization {found.label} was renamed to {actual.name!r} in this moment",
                reason="conflict",
                stage="resolve",
                remedy="Run again, and declare the one that is meant.",
            )
        references = References(role_names=appliance.roles.names_read())
        prepared = Prepared(plan(self._desired, actual, references, appliance.names), actual, references)
        if actual is None:
            return prepared
        what = f"to remove the AWS Organization {actual.label}"
        refuse(self.checked.findings, self._options["fail_on"], what, "in_use")
        return replace(prepared, impact=self._impact(prepared))

    def _impact(self, prepared: Prepared) -> Impact:
        return impact_of_plan(
            self._appliance,
            self._desired,
            prepared.actual,
            prepared.references,
            self._resolver.rescan_session,
            self.checked.not_checked,
        )

    def _check_role(self, role_id: str) -> RoleCheck:
        """Make the check that identity rests on, so it is never left out; only its findings may be let pass."""
        check = check_role(self._appliance.api, role_id, self._desired.rescan_iam_role or role_id)
        if "role" in self._checks:
            self._judge(check.findings, "role_invalid")
        else:
            self.checked.findings += [replace(finding, severity="warning") for finding in check.findings]
        return check

    def _check_name(self) -> None:
        if "name" in self._checks and self._desired.name and not self._name_is_taken:
            self._judge(check_name(self._appliance.api, self._desired.name), "conflict")

    def _check_body(self, prepared: Prepared) -> None:
        """Check the settings and the configuration with what would be sent, unless a part of that is unknown."""
        appliance, checks, checked = self._appliance, self._checks, self.checked
        unresolved = set(self._desired.unit_references) - set(prepared.references.units)
        if unresolved or (self._desired.rescan_iam_role and prepared.references.rescan_role_id is None):
            if "settings" in checks or "configuration" in checks:
                checked.not_checked.append("the checks of the settings, which need every role and unit")
            return
        if self._name_is_taken:
            left_out = [f"the {check}" for check in ("name", "settings", "configuration") if check in checks]
            if left_out:
                checked.not_checked.append(f"{' and '.join(left_out)}, as long as another organization has this name")
            return
        body = check_request(appliance.names, prepared.plan.body, prepared.actual, self._resolver.rescan_session)
        if "settings" in checks:
            self._judge(check_settings(appliance.api, body), "invalid")
        if "configuration" not in checks:
            return
        if not self._resolver.sessions_allowed:
            checked.not_checked.append("the test of the configuration (check_mode_sessions allows it)")
            return
        findings, checked.session = check_configuration(appliance.api, appliance.sessions, body)
        self._judge(findings, "invalid")

    def _judge(self, findings: Sequence[Finding], reason: str) -> None:
        """Keep findings for the result. Raises ApplianceError (reason) if they are as grave as ``fail_on`` says."""
        self.checked.findings += findings
        refuse(
            findings, self._options["fail_on"], f"to add or change the AWS Organization {self._desired.label!r}", reason
        )
