# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A task about many organizations one of whose requests fails: what it says of each of them is what is there."""

from __future__ import annotations

import os
from typing import Any

import pytest
from ansible_collections.vbaws.appliance.plugins.module_utils._declare import read_back as _additions
from ansible_collections.vbaws.appliance.plugins.module_utils._http import deadline as _retry
from ansible_collections.vbaws.appliance.tests.robustness.differences import DEFAULTS, KINDS, Place, Planted, stored

from simulator.state.shape import Shape

ALL = os.environ.get("VBAWS_CAMPAIGN_FAULTS") == "all"
FAULTS: dict[str, dict[str, Any]] = {
    "drop_after": {"kind": "drop_after"},
    "failed": {"kind": "status", "status": 500},
    "expired": {"kind": "expire_token"},
}
if ALL:
    FAULTS.update(
        drop_before={"kind": "drop_before"},
        gateway={"kind": "html", "status": 200},
        not_found={"kind": "status", "status": 404},
        busy={"kind": "status", "status": 503},
        bad_gateway={"kind": "status", "status": 502},
        throttled={"kind": "status", "status": 429},
        slow={"kind": "slow", "seconds": 1.3},
        truncated={"kind": "truncate"},
        redirected={"kind": "redirect"},
        short={"kind": "short_page"},
    )
EVERY = 1 if ALL else 9
"""Each request fails once, or, as a sample, each ninth."""
SHAPES: dict[str, dict[str, Any]] = {
    "documented": {},
    "thin": {"list_keys": [], "scope_members": "by_structure_call", "nulls": "absent"},
}
Stored = dict[str, dict[str, Any]]


@pytest.fixture(autouse=True)
def _without_long_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_retry, "BACKOFF_BASE", 0.005)
    monkeypatch.setattr(_additions, "LOOK_FOR_S", 0.3)


def by_role(organizations: Stored) -> Stored:
    """The same by the rescan role, which no change of a name takes away."""
    return {one["rescan_iam_role"]: one for one in organizations.values()}


def check_record(record: dict[str, Any], before: Any, after: Any, planned: Any) -> None:
    """before, after, planned: the organization in the three states of the appliance, None where it has none."""
    message = record["msg"]
    if record["outcome"] == "done":
        assert after == planned, record
    elif record["outcome"] == "planned" or message.endswith("Nothing was changed."):
        assert after == before, record
    elif "It is not known whether" not in message:
        assert "Changed before the failure: " in message
        assert after != before, record


def check_ending(message: str, changed: bool) -> None:
    """changed: whether the appliance is not as it was."""
    if "It is not known whether" in message:
        return
    assert message.endswith("Nothing was changed.") != changed, message
    assert ("Changed before the failure: " in message) == changed, message


class Trial:
    """One appliance with every kind of difference, and the task that removes them."""

    def __init__(self, appliance: Any, run_module: Any, shape: dict[str, Any]) -> None:
        self.appliance, self.run_module, self.shape = appliance, run_module, shape
        self.planted = Planted(len(KINDS))
        self.options = {
            "organizations": self.planted.declared,
            "defaults": DEFAULTS,
            "prune": True,
            "wait_timeout": 5,
            "timeout": 1,
            "wire_names": Shape.from_dict(shape).wire_names(),
        }
        self.expected = by_role(self.planted.expected)

    def place(self, record: dict[str, Any]) -> Place:
        """The organization that a record is about, which has its declared name or the one that was found."""
        for place, plant in zip(self.planted.places, self.planted.plants.values(), strict=True):
            known = {place.name, *(side["name"] for side in (plant.there, plant.declared) if side and "name" in side)}
            if record["name"] in known:
                return place
        raise AssertionError(record)

    def stored(self) -> Stored:
        return by_role(stored(self.appliance))

    def start(self) -> Stored:
        self.planted.plant(self.appliance, self.shape, 1)
        self.appliance.control("DELETE", "/requests")
        return self.stored()

    def check(self, result: dict[str, Any], before: Stored) -> None:
        """Whether each word of a result is true."""
        assert "exception" not in result, result
        after = self.stored()
        for record in result.get("organizations", []):
            role = self.place(record).role
            check_record(record, before.get(role), after.get(role), self.expected.get(role))
        if result.get("failed"):
            check_ending(result["msg"], after != before)
            assert "It is not known" in result["msg"] or result.get("changed", False) == (after != before)
        else:
            assert after == self.expected

    def check_requests(self, hit: dict[str, Any]) -> None:
        """No addition twice, and no token that stays, unless it was the call for that which failed."""
        adds = [
            entry["body"]["organization"]["name"]
            for entry in self.appliance.requests()
            if (entry["method"], entry["path"]) == ("POST", "/api/v1/organizations/amazon")
            and entry["status"] not in (401, 429)  # turned away at the door
        ]
        assert len(adds) == len(set(adds)), hit
        assert hit["path"].endswith("/token") or self.appliance.state()["tokens_open"] == 0, hit


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("shape", SHAPES)
def test_whatever_request_fails_every_record_is_true(shape: str, fault: str, appliance: Any, run_module: Any) -> None:
    trial = Trial(appliance, run_module, SHAPES[shape])
    # Each fault begins at another request, so that a sample of all of them hits many.
    for skip in range(list(FAULTS).index(fault) % EVERY, 1000, EVERY):
        before = trial.start()
        appliance.control("POST", "/faults", {**FAULTS[fault], "match": {"path": "^/api"}, "skip": skip})
        result = run_module("organizations", **trial.options)
        requests = appliance.requests()
        if len(requests) <= skip:
            break
        trial.check(result, before)
        trial.check_requests(requests[skip])
        appliance.control("DELETE", "/faults")
        again = run_module("organizations", **trial.options)
        assert not again.get("failed"), (requests[skip], again["msg"])
        assert trial.stored() == trial.expected
        assert result.get("failed") or not again["changed"], requests[skip]
    else:
        pytest.fail("the task makes more requests than were expected")
