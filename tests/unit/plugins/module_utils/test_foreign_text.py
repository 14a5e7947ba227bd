# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values of an appliance in messages: nothing in them reaches a terminal raw, and no message is long."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.vbaws.appliance.plugins.module_utils._appliance.appliance import Appliance
from ansible_collections.vbaws.appliance.plugins.module_utils._appliance.checks import RoleCheck, finding_from_wire
from ansible_collections.vbaws.appliance.plugins.module_utils._appliance.roles import Roles, role_from_wire
from ansible_collections.vbaws.appliance.plugins.module_utils._appliance.sessions import (
    Session,
    Sessions,
    WaitingTime,
    session_from_wire,
)
from ansible_collections.vbaws.appliance.plugins.module_utils._appliance.structures import read_structure
from ansible_collections.vbaws.appliance.plugins.module_utils._declare.identity import owner_of_role
from ansible_collections.vbaws.appliance.plugins.module_utils._declare.resolver import _find_units
from ansible_collections.vbaws.appliance.plugins.module_utils._errors import ApplianceError
from ansible_collections.vbaws.appliance.plugins.module_utils._model.evidence import advice
from ansible_collections.vbaws.appliance.plugins.module_utils._model.match import match
from ansible_collections.vbaws.appliance.plugins.module_utils._model.names import Names
from ansible_collections.vbaws.appliance.plugins.module_utils._model.organization import organization_from_wire
from ansible_collections.vbaws.appliance.plugins.module_utils._model.seen import Listed
from ansible_collections.vbaws.appliance.plugins.module_utils._model.structure import (
    Identity,
    Structure,
    not_a_unit,
    unknown_unit,
)
from ansible_collections.vbaws.appliance.plugins.module_utils._plan.impact import Impact
from ansible_collections.vbaws.appliance.plugins.module_utils._plan.limits import (
    require_few_accounts_lost,
    require_prune_limit,
)
from ansible_collections.vbaws.appliance.plugins.module_utils._plan.plan import Change, LostProperty
from ansible_collections.vbaws.appliance.plugins.module_utils._plan.scopes import plan_scopes
from ansible_collections.vbaws.appliance.plugins.module_utils._plan.verify import not_applied
from ansible_collections.vbaws.appliance.plugins.module_utils._rest.paging import Listing
from ansible_collections.vbaws.appliance.tests.unit.support.builders import (
    ROOT,
    SESSION_ID,
    actual,
    desired,
    organization_options,
    references,
    scope,
    uuid,
    wire,
    wire_scope,
)
from ansible_collections.vbaws.appliance.tests.unit.support.fake_client import FakeClient

RAW = "\x1b[2J\u202e\ud800\x9b"
LONG = RAW + "x" * 100_000
MANY = [f"{RAW}{number}" for number in range(3_000)]
MOST = 30_000
"""Characters of any message."""


def organizations() -> list[Any]:
    return [actual(id=uuid(number), name=name) for number, name in enumerate([*MANY, LONG])]


def namesakes() -> Structure:
    return Structure(Identity(f"ou-{text}", "Same", ROOT) for text in MANY)


def sessions() -> Sessions:
    task = FakeClient().task(organization_options(name="x"))
    return Sessions(FakeClient().api(), task, WaitingTime.of(task.options))


def failed_session() -> Session:
    session = session_from_wire(SESSION_ID, {"status": "Failed", "result": "Failed" + LONG, "reason": LONG})
    entries = tuple({"status": "Error", "message": text} for text in [*MANY, LONG])
    return replace(session, state="failed", log=entries)


def names_that_show_many() -> Names:
    names = Names()
    organization_from_wire({"id": "1", "name": "x", **{f"{text} description": "v" for text in MANY}}, names)
    return names


def roles() -> Roles:
    items = [{"id": f"{text} ID", "name": "same"} for text in MANY]
    return Roles(
        FakeClient(
            *({"totalCount": len(items), "results": items[i : i + 200]} for i in range(0, len(items), 200))
        ).api()
    )


def owner(check: RoleCheck) -> Any:
    appliance = Appliance.of(FakeClient().task(organization_options(name="x")))
    declared = desired(name="x", rescan_iam_role="prod-rescan")
    return owner_of_role(appliance, declared, check, actual(name=LONG), Listed(organizations()))


def account_below(name: str) -> Structure:
    return Structure(
        [Identity("1" * 12, "shop", f"ou-{RAW}"), Identity(f"ou-{RAW}", name, ROOT), Identity(ROOT, "Root")]
    )


LOST = Impact((), tuple({"aws_id": "1", "name": name, "path": None} for name in MANY))
UNKNOWN = Impact(None, None)


SCOPES = [wire_scope(name, id=uuid(number)) for number, name in enumerate([*MANY, *MANY])]
MESSAGES: dict[str, Callable[[], Any]] = {
    "an organization without a name": lambda: organization_from_wire(dict.fromkeys(["id", *MANY], "1"), Names()),
    "an ID that is no text": lambda: organization_from_wire(wire(description=[LONG]), Names()),
    "a scope without a name": lambda: organization_from_wire(wire(dict.fromkeys(MANY)), Names()),
    "a scope whose members are no list": lambda: organization_from_wire(
        wire(wire_scope(LONG) | {"includedMembers": LONG}), Names()
    ),
    "an unknown ID": lambda: match(desired(id=uuid(0xFFFF)), organizations()),
    "an ambiguous name": lambda: match(
        desired(name="x"), [replace(one, settings={"name": "x"}) for one in organizations()]
    ),
    "an AWS ID that is not shown": lambda: match(
        desired(name=LONG[:4] + "x", aws_organization_id="o-x"), [actual(name=LONG[:4] + "x", awsOrganizationId=LONG)]
    ),
    "a role of another organization": lambda: owner(RoleCheck((), LONG)),
    "roles of one name": lambda: roles().find("same"),
    "an entry without a name": lambda: role_from_wire(dict.fromkeys(MANY)),
    "units of one path": lambda: _find_units(namesakes(), ["/Same"]),
    "an unknown unit": lambda: unknown_unit("/x/Same", "x", namesakes()),
    "a unit that moved": lambda: unknown_unit(f"ou-{RAW}0", "x", Structure([]), namesakes()),
    "an account": lambda: not_a_unit("1" * 12, account_below(LONG[:900])),
    "two of one AWS ID": lambda: Structure([Identity(LONG, "x"), Identity(LONG, "x")]),
    "a circle": lambda: Structure([Identity(LONG, "x", LONG)]),
    "a long name of a unit": lambda: read_structure(
        lambda *_key, **_selection: Listing([{"awsId": LONG, "name": LONG}], 1, {}), "x", Names()
    ),
    "a failed session": lambda: sessions().require(failed_session(), "The work"),
    "scopes of one name": lambda: plan_scopes(
        desired(name="x", limited_scopes=[scope("a")]), actual(*SCOPES), references()
    ),
    "organizations to prune": lambda: require_prune_limit([one.label for one in organizations()], 1, True),
    "accounts to lose": lambda: require_few_accounts_lost([(one.label, LOST) for one in organizations()], 1),
    "impacts that are unknown": lambda: require_few_accounts_lost([(one.label, UNKNOWN) for one in organizations()], 1),
    "changes that did not arrive": lambda: not_applied(
        desired(name="x", description="d"),
        actual(name=LONG),
        [
            LostProperty(f"other.{RAW}", LONG, MANY),
            *(Change(f"limited_scopes.{text}.organizational_units", MANY, None) for text in MANY),
            Change("description", LONG, "d"),
        ],
        names_that_show_many(),
    ),
}


@pytest.mark.parametrize("message", MESSAGES)
def test_a_message_with_foreign_text_is_short_and_harmless(message: str) -> None:
    try:
        error = MESSAGES[message]()
    except ApplianceError as raised:
        error = raised
    assert isinstance(error, ApplianceError)
    assert str(error).isprintable(), [character for character in str(error) if not character.isprintable()]
    assert len(str(error)) < MOST


def test_other_texts_are_short_and_harmless_too() -> None:
    texts = [
        failed_session().explanation(),
        advice(names_that_show_many(), "organization.description"),
        finding_from_wire("removal", {LONG: MANY}).message,
        actual(name=LONG, id=LONG).label,
    ]
    for text in texts:
        assert text.isprintable()
        assert 0 < len(text) < MOST
