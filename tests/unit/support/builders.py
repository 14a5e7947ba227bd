# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Small builders: IDs that read well, declarations, organizations as the API shows them, structures, errors."""

from __future__ import annotations

import contextlib
import json as json_codec
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import pytest
from ansible_collections.vbaws.appliance.plugins.module_utils._errors import ApplianceError
from ansible_collections.vbaws.appliance.plugins.module_utils._http.response import Answer
from ansible_collections.vbaws.appliance.plugins.module_utils._model.desired import Desired, desired_from_options
from ansible_collections.vbaws.appliance.plugins.module_utils._model.names import Names
from ansible_collections.vbaws.appliance.plugins.module_utils._model.organization import (
    Organization,
    organization_from_wire,
)
from ansible_collections.vbaws.appliance.plugins.module_utils._model.structure import Identity, Structure
from ansible_collections.vbaws.appliance.plugins.module_utils._module.journal import Journal
from ansible_collections.vbaws.appliance.plugins.module_utils._module.options import CONNECTION, ORGANIZATION, WAITING
from ansible_collections.vbaws.appliance.plugins.module_utils._plan.references import References


def uuid(number: int) -> str:
    """A UUID that shows which one it is."""
    return f"00000000-0000-4000-8000-{number:012x}"


ORGANIZATION_ID, OTHER_ID = uuid(0xA1), uuid(0xA2)
ROLE_ID, DELEGATE_ID, FOREIGN_ROLE_ID, THIRD_ROLE_ID = uuid(0xB1), uuid(0xB2), uuid(0xB3), uuid(0xB4)
NORTH_ID, SOUTH_ID = uuid(0xC1), uuid(0xC2)
SESSION_ID = uuid(0xD1)

AWS_ID, OTHER_AWS_ID, THIRD_AWS_ID = "o-prod000001", "o-subs000002", "o-rsch000003"
ROOT = "r-prod"
WORKLOADS, PROD, TEST = "ou-prod-workloads", "ou-prod-workprod", "ou-prod-worktest"
SANDBOX, RD = "ou-prod-sandbox0", "ou-prod-randd000"
ACCOUNT, SANDBOX_ACCOUNT = "111111111111", "222222222222"

# AWS ID -> (name, AWS ID of the parent)
TREE: Mapping[str, tuple[str, str | None]] = {
    ROOT: ("Root", None),
    WORKLOADS: ("Workloads", ROOT),
    PROD: ("Prod", WORKLOADS),
    TEST: ("Test", WORKLOADS),
    SANDBOX: ("Sandbox", ROOT),
    RD: ("R/D", ROOT),
    ACCOUNT: ("shop", PROD),
    SANDBOX_ACCOUNT: ("playground", SANDBOX),
}


def structure(tree: Mapping[str, tuple[str, str | None]] | None = None) -> Structure:
    nodes = TREE if tree is None else tree
    return Structure(Identity(aws_id, name, parent) for aws_id, (name, parent) in nodes.items())


def options_of(*specs: Mapping[str, Mapping[str, Any]], **given: Any) -> dict[str, Any]:
    """The parameters of a module as Ansible hands them over: every option, with its default."""
    options: dict[str, Any] = {}
    for spec in specs:
        options.update((name, option.get("default")) for name, option in spec.items())
    unknown = set(given) - set(options)
    assert not unknown, f"no such options: {unknown}"
    return {**options, **given}


def organization_options(**given: Any) -> dict[str, Any]:
    """The parameters of the module ``organization``."""
    scopes = given.get("limited_scopes")
    if scopes is not None:
        defaults: dict[str, Any] = {"former_names": [], "organizational_units": None}
        given["limited_scopes"] = [{**defaults, **scope} for scope in scopes]
    return options_of(CONNECTION, WAITING, ORGANIZATION, **given)


def desired(**given: Any) -> Desired:
    return desired_from_options(organization_options(**given))


def scope(name: str, *units: Any, former: tuple[str, ...] = ()) -> dict[str, Any]:
    """A limited scope as a playbook declares it; without units they stay as they are."""
    return {"name": name, "former_names": list(former), "organizational_units": list(units) or None}


def wire_scope(name: str, *units: str, id: str = NORTH_ID) -> dict[str, Any]:
    """A limited scope as the API shows it."""
    return {"id": id, "name": name, "includedMembers": list(units)}


def wire(*scopes: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """An organization as the single GET shows it."""
    return {
        "id": ORGANIZATION_ID,
        "awsOrganizationId": AWS_ID,
        "name": "production",
        "description": "Shops",
        "rescanIamRoleId": ROLE_ID,
        "backupRestoreIamRoleName": "backup",
        "productionWorkerIamRoleName": "worker",
        "limitedScopes": list(scopes),
        **changes,
    }


def without(obj: Mapping[str, Any], *keys: str) -> dict[str, Any]:
    return {key: value for key, value in obj.items() if key not in keys}


def actual(*scopes: dict[str, Any], **changes: Any) -> Organization:
    """The organization of ``wire`` in the collection's terms."""
    return organization_from_wire(wire(*scopes, **changes), Names())


PRODUCTION = actual()
SUBSIDIARY = actual(id=OTHER_ID, awsOrganizationId=OTHER_AWS_ID, name="subsidiary")
BOTH = [PRODUCTION, SUBSIDIARY]


def shown_names() -> Names:
    """The names of an appliance that shows every property under its documented name."""
    names = Names()
    organization_from_wire(wire(wire_scope("North", PROD)), names)
    return names


def references(tree: Structure | None = None, *units: str, role: str | None = None, **more: Any) -> References:
    """References of which every unit of the tree resolves, by its path and by its AWS ID."""
    paths = (tree or structure()).unit_paths()
    known = {**{path: aws_id for aws_id, path in paths.items()}, **{aws_id: aws_id for aws_id in paths}}
    chosen = known if not units else {unit: known[unit] for unit in units}
    return References(rescan_role=role, rescan_role_id=role, units=chosen, unit_paths=paths, **more)


def answer(
    body: Any = None, status: int = 200, method: str = "GET", path: str = "/", location: str | None = None
) -> Answer:
    content = b"" if body is None else json_codec.dumps(body).encode()
    headers = {"Content-Type": "application/json", **({"Location": location} if location else {})}
    return Answer(method, path, status, headers, content)


_JOURNAL: ContextVar[Journal] = ContextVar("journal")


def told_by(journal: Journal) -> Journal:
    """The journal from which ``fails`` makes the ending of a message, as the run of a module does."""
    _JOURNAL.set(journal)
    return journal


@dataclass
class Caught:
    """The error that a block has raised."""

    error: ApplianceError | None = None
    ending: str = ""

    @property
    def said(self) -> str:
        """The whole message."""
        return f"{self.raised} {self.ending}"

    @property
    def raised(self) -> ApplianceError:
        assert self.error is not None
        return self.error


@contextlib.contextmanager
def fails(reason: str, *words: str) -> Iterator[Caught]:
    """The block fails for this reason, and its message holds these words."""
    caught = Caught()
    told_by(Journal())
    with pytest.raises(ApplianceError) as info:
        yield caught
    caught.error, caught.ending = info.value, _JOURNAL.get().ending()
    assert caught.error.reason == reason, caught.said
    for word in words:
        assert word in caught.said
