# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything before a write: identity, takeover, references, the appliance's checks, and the plan."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from .._appliance.appliance import Appliance
from .._appliance.checks import Checks, check_request
from .._errors import ApplianceError, NotFound
from .._model.desired import Desired
from .._model.match import match, require_free_name
from .._model.organization import Organization
from .._model.seen import Listed
from .._plan.impact import Impact
from .._plan.plan import Plan, plan, require_complete
from .._plan.references import References
from .._plan.scopes import kept_as_read
from .._wording import quoted
from .accounts import impact_of_plan
from .identity import Known, owner_of_role
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


class Preparation:
    """The reads and checks for one declaration, once.

    known: what the task read just now. adding: whether it is about an organization that is not registered yet.
    """

    def __init__(self, appliance: Appliance, desired: Desired, known: Known | None = None) -> None:
        self._appliance = appliance
        self._desired = desired
        self._known = known or Known()
        self._name_is_taken = self._known.name_released
        self._resolver = Resolver(appliance, desired)
        self.checks = Checks(appliance, desired.label)
        self.adding = False

    def prepare(self) -> Prepared:
        """Plan the declaration after all checks that decide whether it can be carried out.

        Raises ApplianceError with nothing changed, except for a stored structure that had to be refreshed.
        """
        desired, known = self._desired, self._known
        listed = known.organizations
        if listed is None:
            listed = Listed(self._appliance.reader.list_all([desired]))
        found = match(desired, listed, known.name_released)
        if found is not None:
            self._appliance.owners.require_free(desired, found)
        if desired.state == "absent":
            return self._prepare_removal(found)
        if found is None:
            require_complete(desired, listed.names)
        else:
            require_free_name(desired, found, listed, known.name_released)
        role_id = self._resolver.rescan_role()
        actual = self._appliance.reader.complete(found) if found else None
        if role_id is not None and (actual is None or actual.rescan_iam_role != role_id):
            check = self.checks.of_role(role_id, desired.rescan_iam_role or role_id, known.role.answer())
            actual = owner_of_role(self._appliance, desired, check, actual, listed)
        prepared = self._prepare_new(role_id) if actual is None else self._prepare_change(actual, role_id)
        self.checks.not_checked += self._resolver.not_checked
        if prepared.plan.action == "none":
            return prepared
        self._check_body(prepared)
        rescan, tested = self._resolver.rescan_session, self.checks.session is not None
        return replace(
            prepared,
            rescan_session=rescan,
            took_time=tested or (actual is None and rescan is not None),
            name_is_taken=self._name_is_taken,
            impact=self._impact(prepared),
        )

    def _prepare_new(self, role_id: str | None) -> Prepared:
        self.adding = True
        self._check_name()
        references = self._resolver.for_new(role_id, bool(self.checks.chosen("configuration")))
        self._appliance.reader.read_sample()
        return Prepared(plan(self._desired, None, references, self._appliance.names), None, references)

    def _prepare_change(self, actual: Organization, role_id: str | None) -> Prepared:
        desired, appliance = self._desired, self._appliance
        references = self._resolver.for_existing(actual, role_id)
        planned = plan(desired, actual, references, appliance.names)
        if planned.action != "none":
            if desired.name not in (None, actual.name):
                self._check_name()
            appliance.structures.require_complete(actual, kept_as_read(desired, actual))
        return Prepared(planned, actual, references)

    def _prepare_removal(self, found: Organization | None) -> Prepared:
        appliance = self._appliance
        try:
            actual = appliance.reader.complete(found) if found else None
            if actual is not None:
                self.checks.of_removal(actual)
        except NotFound:
            # Somebody else has removed it since the list was read, unless the list shows it still.
            if match(self._desired, appliance.reader.list_all([self._desired])) is not None:
                raise
            actual = None
        if actual is not None and found is not None and actual.name != found.name:
            raise ApplianceError(
                f"The AWS Organization {found.label} was renamed to {quoted(actual.name)} in this moment",
                reason="conflict",
                stage="resolve",
                remedy="Run again, and declare the one that is meant.",
            )
        references = References(role_names=appliance.roles.names_read())
        prepared = Prepared(plan(self._desired, actual, references, appliance.names), actual, references)
        if actual is None:
            return prepared
        return replace(prepared, impact=self._impact(prepared))

    def _impact(self, prepared: Prepared) -> Impact:
        return impact_of_plan(
            self._appliance,
            self._desired,
            prepared.actual,
            prepared.references,
            self._resolver.rescan_session,
            self.checks.not_checked,
        )

    def _check_name(self) -> None:
        """A name that another organization still has cannot be checked yet."""
        if not self._name_is_taken:
            self.checks.of_name(self._desired.name)

    def _check_body(self, prepared: Prepared) -> None:
        """Check the settings and the configuration with what would be sent, unless a part of that is unknown."""
        checks = self.checks
        if not prepared.references.resolves(self._desired.unit_references):
            if checks.chosen("settings", "configuration"):
                checks.not_checked.append("the checks of the settings, which need every role and unit")
            return
        if self._name_is_taken:
            left_out = [f"the {check}" for check in checks.chosen("name", "settings", "configuration")]
            if left_out:
                checks.not_checked.append(f"{' and '.join(left_out)}, as long as another organization has this name")
            return
        names, session = self._appliance.names, self._resolver.rescan_session
        body = check_request(names, prepared.plan.body, prepared.actual, session)
        checks.of_body(body, self._resolver.sessions_allowed)
