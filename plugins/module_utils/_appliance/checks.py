# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The appliance's own checks, as findings. They change nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from .._errors import ApplianceError, NotFound
from .._model.evidence import blaming_names
from .._model.names import Names
from .._model.organization import Organization
from .._wording import brief, first_of, quoted
from .api import Api
from .appliance import Appliance
from .sessions import Session, Sessions
from .similar import summarize_texts


@dataclass(frozen=True)
class Finding:
    """One finding. severity: ``error`` or ``warning``. organization: its ID, if the finding of a removal names it."""

    check: str
    severity: str
    message: str
    organization: str | None = None

    def as_result(self) -> dict[str, str]:
        return {"check": self.check, "severity": self.severity, "message": self.message}


_GRAVE = {"error": ("error",), "warning": ("error", "warning"), "never": ()}
"""The severities of findings that make a task fail, by ``fail_on``."""


@dataclass(frozen=True)
class RoleCheck:
    """The findings about a rescan role, and the ID of the organization that it belongs to, if that is registered."""

    findings: tuple[Finding, ...]
    added_as: str | None


def check_role(api: Api, role_id: str, shown_as: str) -> RoleCheck:
    """Check whether the role can read an AWS Organization, and whether that is registered already.

    An ID that the appliance does not know is a finding too. shown_as: the role, for messages.
    """
    try:
        use = api.check_adding(role_id)
    except NotFound as error:
        answer = error.problem.sentence() if error.problem else "not found."
        return RoleCheck((Finding("role", "error", f"The appliance has no IAM role {shown_as}: {answer}"),), None)
    if use.valid:
        return RoleCheck((), use.added_as)
    message = (
        f"The IAM role {shown_as} cannot be used to read an AWS Organization. It must belong to the management "
        "account or a delegated administrator account of the AWS Organization; changes of its trust policy may "
        "take minutes to apply."
    )
    return RoleCheck((Finding("role", "error", message),), use.added_as)


def check_name(api: Api, name: str) -> list[Finding]:
    """Check a name that the organization does not have yet: its own name would count as taken."""
    use = api.validate_name(name)
    findings = []
    if not use.valid:
        findings.append(Finding("name", "error", f"The appliance does not accept the name {quoted(name)}."))
    if not use.unique:
        message = (
            f"The name {quoted(name)} is taken: by another AWS Organization, by one that is being added, or by an IAM "
            "role."
        )
        findings.append(Finding("name", "error", message))
    return findings


def check_settings(api: Api, body: Mapping[str, Any]) -> list[Finding]:
    """Check what an addition or a change would send. body: as check_request returns it."""
    return [finding_from_wire("settings", item) for item in api.validate_settings(body)]


def check_removal(api: Api, organization_id: str) -> list[Finding]:
    """Find what keeps an organization from being removed, such as the policies that use it."""
    return [
        replace(finding_from_wire("removal", item), organization=organization_id)
        for item in api.validate_removal(organization_id)
    ]


def check_configuration(api: Api, sessions: Sessions, body: Mapping[str, Any]) -> tuple[list[Finding], Session]:
    """Test the permissions of the roles, in a session. No call returns a result; the session and its log are it."""
    what = "The test of the configuration"
    session = sessions.wait(api.test_configuration(body), what)
    severity = {"failed": "error", "warning": "warning"}.get(session.state)
    if severity is None:
        return [], session
    message = session.explanation() or f"{what} ended as {session.ending}."
    return [Finding("configuration", severity, message)], session


def check_request(
    names: Names, body: Mapping[str, Any], actual: Organization | None, rescan_session: str | None
) -> dict[str, Any]:
    """Return the body of the checks of settings and configuration, about what an addition or a change would be sent.

    The object about a registered organization is assumed to be the body of its change and the ID.
    """
    session = {"rescanSessionId": rescan_session} if rescan_session else {}
    if actual is not None:
        return {"update": {names.written("update.organization_id"): actual.id, **body}, **session}
    return {"create": dict(body), **session}


def refuse(findings: Sequence[Finding], fail_on: str, what: str, reason: str) -> None:
    """Raises ApplianceError where findings are as grave as ``fail_on`` says. what: "to add X", for the message."""
    refused = [finding for finding in findings if finding.severity in _GRAVE[fail_on]]
    if refused:
        raise ApplianceError(
            f"The checks before the attempt {what} found: {summarize(refused)}",
            reason=reason,
            stage="preflight",
            remedy="Correct this first."
            + (" With fail_on: never the attempt is made all the same." if reason != "role_invalid" else ""),
        )


def without_grave(findings: Sequence[Finding], fail_on: str) -> list[Finding]:
    """Return the findings that do not make a task fail, which a person must see all the same."""
    return [finding for finding in findings if finding.severity not in _GRAVE[fail_on]]


def summarize(findings: Sequence[Finding]) -> str:
    """Return the messages of findings as a few sentences."""
    return summarize_texts([("", finding.message) for finding in findings])


def describe(found: Sequence[tuple[str, Finding]]) -> str:
    """Return one text about findings that do not make a task fail, empty if there are none.

    found: each with what it is about, such as the name of an organization.
    """
    if not found:
        return ""
    about = list(dict.fromkeys(subject for subject, _finding in found))
    counts: list[str] = []
    sentences: list[str] = []
    for severity in ("error", "warning"):
        texts = [(subject, finding.message) for subject, finding in found if finding.severity == severity]
        if texts:
            counts.append(f"{len(texts)} {severity}" + ("" if len(texts) == 1 else "s"))
            heading = "Ignored because of fail_on=never: " if severity == "error" else "Warnings: " if sentences else ""
            sentences.append(f"{heading}{summarize_texts(texts, about)}")
    return f"The appliance's checks found {' and '.join(counts)} for {first_of(about)}. {' '.join(sentences)}"


def finding_from_wire(check: str, item: Mapping[str, Any]) -> Finding:
    """Items carry a message and a severity; one without a severity counts as an error. The form is assumed from other
    calls.
    """
    severity = item.get("severity")
    message = item.get("message")
    return Finding(
        check,
        "warning" if isinstance(severity, str) and severity.lower() in ("warning", "information", "info") else "error",
        message if isinstance(message, str) and message else f"{check}: {brief(dict(item))}",
    )


class Checks:
    """The checks before one write, and what they found and left out, for the result of a failure too.

    label: how messages name the organization. session: of the test of the configuration. let_pass: the findings that
    do not make the task fail. Every method raises ApplianceError for findings as grave as ``fail_on``.
    """

    def __init__(self, appliance: Appliance, label: str) -> None:
        self._api = appliance.api
        self._sessions = appliance.sessions
        self._names = appliance.names
        self._chosen = appliance.task.options["checks"]
        self._fail_on = appliance.task.options["fail_on"]
        self._label = label
        self.findings: list[Finding] = []
        self.let_pass: list[Finding] = []
        self.not_checked: list[str] = []
        self.session: Session | None = None

    def of_role(self, role_id: str, shown_as: str, known: RoleCheck | None = None) -> RoleCheck:
        """Make the check that identity rests on, so it is never left out; only its findings may be let pass.

        known: its answer if it was made just now.
        """
        check = known or check_role(self._api, role_id, shown_as)
        if "role" in self._chosen:
            self._judge(check.findings, "role_invalid")
        else:
            self.keep([replace(finding, severity="warning") for finding in check.findings])
        return check

    def of_name(self, name: str | None) -> None:
        """Check a name that the organization does not have yet."""
        if "name" in self._chosen and name:
            self._judge(check_name(self._api, name), "conflict")

    def of_removal(self, organization: Organization) -> None:
        """Check whether an organization can be removed. Raises NotFound if it is gone."""
        if "removal" in self._chosen:
            findings = check_removal(self._api, organization.id)
            self._judge(findings, "in_use", f"to remove the AWS Organization {organization.label}")

    def of_body(self, body: Mapping[str, Any], sessions_allowed: bool) -> None:
        """Check settings and configuration. body: as check_request returns it."""
        with blaming_names(self._names, body.get("create") or body["update"]):
            self._of_body(body, sessions_allowed)

    def _of_body(self, body: Mapping[str, Any], sessions_allowed: bool) -> None:
        if "settings" in self._chosen:
            self._judge(check_settings(self._api, body), "invalid")
        if "configuration" not in self._chosen:
            return
        if not sessions_allowed:
            self.not_checked.append("the test of the configuration (check_mode_sessions allows it)")
            return
        findings, self.session = check_configuration(self._api, self._sessions, body)
        self._judge(findings, "invalid")

    def chosen(self, *checks: str) -> list[str]:
        """Return those of the checks that the task chooses."""
        return [check for check in checks if check in self._chosen]

    def keep(self, findings: Sequence[Finding]) -> None:
        """Keep findings that do not make the task fail, such as those of an earlier plan."""
        self.findings = list(dict.fromkeys([*self.findings, *findings]))
        self.let_pass = list(dict.fromkeys([*self.let_pass, *findings]))

    def _judge(self, findings: Sequence[Finding], reason: str, what: str = "") -> None:
        self.findings = list(dict.fromkeys([*self.findings, *findings]))
        self.keep(without_grave(findings, self._fail_on))
        refuse(findings, self._fail_on, what or f"to add or change the AWS Organization {quoted(self._label)}", reason)
