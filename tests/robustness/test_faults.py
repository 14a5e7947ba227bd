# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every request of a task fails once, in every way: what the task says it has left behind is what is there."""

from __future__ import annotations

import os
import re
import time
from typing import Any

import pytest
from ansible_collections.vbaws.appliance.plugins.module_utils._declare import read_back as _additions
from ansible_collections.vbaws.appliance.plugins.module_utils._http import deadline as _retry

FAULTS: dict[str, dict[str, Any]] = {
    "drop_after": {"kind": "drop_after"},
    "gateway": {"kind": "html", "status": 200},
    "not_found": {"kind": "status", "status": 404},
    "expired": {"kind": "expire_token"},
}
if os.environ.get("VBAWS_CAMPAIGN_FAULTS") == "all":
    FAULTS.update(
        failed={"kind": "status", "status": 500},
        drop_before={"kind": "drop_before"},
        busy={"kind": "status", "status": 503},
        throttled={"kind": "status", "status": 429},
        slow={"kind": "slow", "seconds": 1.3},
        truncated={"kind": "truncate"},
        redirected={"kind": "redirect"},
        short={"kind": "short_page"},
    )

SCOPES = [{"name": "Front", "organizational_units": ["/Workloads/Prod"]}]
STORED = {
    "name": "production",
    "rescan_iam_role": "prod-rescan",
    "backup_restore_iam_role_name": "VeeamBackupRestore",
    "limited_scopes": [{"name": "Front", "organizational_units": ["ou-prod-wrkprod0"]}],
}
NEW_UNIT = {"add": [{"id": "ou-prod-newunit0", "name": "New", "parent": "r-prod"}]}
TASKS: dict[str, tuple[str, dict[str, Any]]] = {
    "add": ("organization", {**STORED, "scope": "limited", "limited_scopes": SCOPES}),
    "update": ("organization", {"name": "production", "description": "new"}),
    "new_scope": (
        "organization",
        {
            "name": "production",
            "limited_scopes": [*SCOPES, {"name": "Back", "organizational_units": ["/Security"]}],
        },
    ),
    "remove": ("organization", {"name": "production", "state": "absent"}),
    "rescan": ("organization_rescan", {"name": "production"}),
}
ENDINGS = ("Nothing was changed.", "Changed before the failure: ", "It is not known whether ")
SECONDS = 10
"""No task may take longer: each of them is done in a fraction of a second."""


@pytest.fixture(autouse=True)
def _without_long_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_retry, "BACKOFF_BASE", 0.005)
    monkeypatch.setattr(_additions, "LOOK_FOR_S", 0.3)


def left_behind(appliance: Any) -> tuple[Any, Any]:
    """The organizations, and the rescans into the database that were started."""
    state = appliance.state()
    rescans = [session["id"] for session in state["sessions"] if "Database" in str(session)]
    return state["organizations"], rescans


def start(appliance: Any, task: str) -> None:
    appliance.reset(shape="documented", seed=1)
    if task != "add":
        appliance.control("POST", "/organizations", STORED)
        appliance.control("PATCH", "/aws/o-prod000001", NEW_UNIT)
    appliance.control("DELETE", "/requests")


def check_failure(message: str, before: tuple[Any, Any], after: tuple[Any, Any], rescan: bool) -> None:
    assert sum(ending in message for ending in ENDINGS) == 1, message
    if ENDINGS[0] in message:
        assert message.endswith(ENDINGS[0])
        assert after == before, message
    elif ENDINGS[1] in message and not rescan:
        assert after != before, message
    elif ENDINGS[2] in message:
        assert re.search(r"; run again, it looks first\.$", message), message


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("task", TASKS)
def test_whatever_request_fails_the_ending_is_true(task: str, fault: str, appliance: Any, run_module: Any) -> None:
    module, options = TASKS[task]
    for skip in range(50):
        start(appliance, task)
        before, began = left_behind(appliance), time.monotonic()
        appliance.control("POST", "/faults", {**FAULTS[fault], "match": {"path": "^/api"}, "skip": skip})
        result = run_module(module, timeout=1, wait_timeout=5, **options)
        took, requests = time.monotonic() - began, appliance.requests()
        if len(requests) <= skip:
            break
        hit = requests[skip]
        assert took < SECONDS, hit
        assert "exception" not in result, result
        token_call = hit["path"].endswith("/token")
        assert token_call or appliance.state()["tokens_open"] == 0, hit
        adds = [entry for entry in requests if entry["method"] == "POST" and entry["path"].endswith("/amazon")]
        # A token that expired was refused at the door: what is sent again then was never looked at.
        assert len([entry for entry in adds if entry["status"] != 401]) <= 1
        if result.get("failed"):
            check_failure(result["msg"], before, left_behind(appliance), task == "rescan")
        else:
            assert result["changed"], hit
            if hit["method"] == "GET" or token_call:
                continue
            again = run_module(module, **options)
            assert not again.get("failed"), again["msg"]
            assert not again["changed"], hit
    else:
        pytest.fail("the task makes more requests than were expected")
