# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the evidence rule allows a task to do and to report on an appliance with unknown names.

Written from the rules of the documentation alone: nothing of the collection is imported here.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from ansible_collections.vbaws.appliance.tests.robustness.unknown_names.draws import Case

from simulator.state.shape import MEMBERS

Json = dict[str, Any]
Stored = dict[str, Json]
Violations = Iterator[tuple[str, str]]
PATHS = {
    "/Workloads": "ou-prod-workload",
    "/Workloads/Prod": "ou-prod-wrkprod0",
    "/Workloads/Test": "ou-prod-wrktest0",
    "/Sandbox": "ou-prod-sandbox0",
    "/Physics": "ou-rsch-physics0",
}
CLEARABLE = ("description", "production_worker_iam_role_name")
SETTINGS = ("name", "rescan_iam_role", "backup_restore_iam_role_name", *CLEARABLE)
AWS_IDS = {"production": "o-prod000001", "renamed": "o-prod000001", "research": "o-rsch000003"}


def wanted(declared: Json, before: Stored) -> Stored:
    """The organizations, by AWS ID, once a declaration is carried out."""
    after = deepcopy(before)
    if not declared:
        return after
    one = after.setdefault(AWS_IDS[declared["name"]], {"limited_scopes": {}, "other": None})
    for option in SETTINGS:
        value = declared.get(option, one.get(option))
        one[option] = value or None
    one["limited_scopes"] = _scopes(declared, one["limited_scopes"])
    return after


def _scopes(declared: Json, before: Json) -> Json:
    if declared.get("scope") == "entire":
        return {}
    if "limited_scopes" not in declared:
        return before
    after: Json = {}
    for scope in declared["limited_scopes"]:
        known = [name for name in (scope["name"], *scope.get("former_names", ())) if name in before]
        old = before[known[0]] if known else {"id": None, "other": {}}
        units = sorted(PATHS.get(unit, unit) for unit in scope.get("organizational_units", ()))
        after[scope["name"]] = {**old, "organizational_units": units or old["organizational_units"]}
    return after


def lost(before: Stored, after: Stored, aim: Stored) -> list[tuple[str, Any]]:
    """What no declaration asked for and is different all the same: where, and the value from before."""
    found: list[tuple[str, Any]] = []
    for aws, one in before.items():
        now, goal = after.get(aws), aim[aws]
        if now is None:
            found.append((aws, one["name"]))
            continue
        found += [
            (f"{aws} {option}", one[option])
            for option in (*SETTINGS, "other")
            if now[option] not in (one[option], goal[option])
        ]
        for name, scope in one["limited_scopes"].items():
            found += _lost_of_scope(f"{aws} scope {name}", scope, now["limited_scopes"], goal["limited_scopes"])
    return found


def _lost_of_scope(where: str, scope: Json, now: Json, goal: Json) -> list[tuple[str, Any]]:
    by_id, goals = ({one["id"]: one for one in some.values()} for some in (now, goal))
    kept, aim = by_id.get(scope["id"]), goals.get(scope["id"])
    if aim is None:
        return []
    if kept is None:
        return [(f"{where} (its ID)", scope["organizational_units"])]
    return [
        (f"{where} {key}", scope[key])
        for key in ("organizational_units", "other")
        if kept[key] not in (scope[key], aim[key])
    ]


def of_loss(losses: list[tuple[str, Any]], result: Json) -> Violations:
    """A loss is an error that gives the values from before."""
    for where, value in losses:
        complete = all(text in result.get("msg", "") for text in _leaves(value))
        if not result.get("failed"):
            yield "something undeclared was lost without a word", f"{where}: {value}"
        elif not complete:
            yield "something undeclared was lost, and the error lacks the value", f"{where}: {value}: {result['msg']}"


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for one in value.values():
            yield from _leaves(one)
    elif isinstance(value, list):
        for one in value:
            yield from _leaves(one)
    else:
        yield str(value)


def of_claims(case: Case, result: Json, before: Stored, after: Stored, aim: Stored) -> Violations:
    """Whether the result is true."""
    if "exception" in result:
        yield "crashed", result["msg"]
        return
    if result.get("failed"):
        text = result["msg"]
        if text.endswith("Nothing was changed.") and before != after:
            yield "the message is untrue", text
        if result["failure"]["status"] == 400 and "wire_names" not in text:
            yield "a refusal by the appliance does not mention wire_names", text
        return
    if result["changed"] != (before != after) and not _unverified(result):
        yield "changed is untrue", str(result["changed"])
    if _is(result, "in_sync") and not same(before, aim):
        yield "something is reported in sync and is not", str(case.declared)
    if _is(result, True, "verified") and not same(after, aim):
        yield "something is reported verified and is not", str(case.declared)


def _records(result: Json) -> list[Json]:
    records: list[Json] = result.get("organizations") or [result]
    return records


def _is(result: Json, value: Any, key: str = "status") -> bool:
    return all(one.get(key) == value for one in _records(result))


def _unverified(result: Json) -> bool:
    """Whether a value is sent on each run because nothing shows it."""
    return any(one["unverified"] for one in _records(result))


def same(now: Stored, aim: Stored) -> bool:
    """Whether the organizations are as wanted; what is new has any ID."""
    if now.keys() != aim.keys():
        return False
    for aws, goal in aim.items():
        one = now[aws]
        scopes, wishes = one["limited_scopes"], goal["limited_scopes"]
        if any(one[key] != goal[key] for key in (*SETTINGS, "other")) or scopes.keys() != wishes.keys():
            return False
        for name, wish in wishes.items():
            if any(scopes[name][key] != wish[key] for key in wish if key != "id" or wish["id"]):
                return False
    return True


def of_members(case: Case, writes: list[Json], result: Json, before: Stored) -> Violations:
    """Existing scopes are not sent if the name of their members is not proven, and the refusal names the key."""
    shape = case.shape
    if MEMBERS not in shape.names and shape.scope_members == "listed":
        return
    if any(body.get("changedLimitedScopes") for body in writes):
        yield "existing scopes were sent under a name that is not proven", str(writes[-1])
    there = before["o-prod000001"]["limited_scopes"]
    hidden = {
        "organization.rescan_iam_role",
        "organization.backup_restore_iam_role_name",
        "organization.aws_organization_id",
        "organization.limited_scopes",
        "limited_scope.id",
    }
    plain = case.kind in ("change", "scopes") and not hidden & set(shape.names) and case.declared.get("scope") is None
    sure = {
        option: value for option, value in case.declared.items() if value or f"organization.{option}" not in shape.names
    }
    if there and plain and not same(before, wanted(sure, before)):
        if not result.get("failed") or writes:
            yield "a change that sends scopes was not refused", result.get("msg", "")
        elif MEMBERS not in result["msg"]:
            yield f"the refusal does not name {MEMBERS}", result["msg"]


def of_config(organizations: list[Json], stored: Stored) -> Violations:
    """What organization_info returns as a declaration is true, and lacks what is not known."""
    by_id = {one["id"]: one for one in stored.values()}
    for shown in organizations:
        config, one = shown["config"], by_id[shown["id"]]
        for option in SETTINGS:
            if option in config and (config[option] or None) != one[option]:
                yield "config is untrue", f"{option} is {config[option]!r}, and {one[option]!r} is stored"
        if config.get("scope") == "entire" and one["limited_scopes"]:
            yield "config is untrue", "scope is entire, and it is limited"
        if config.get("limited_scopes") is not None and len(config["limited_scopes"]) != len(one["limited_scopes"]):
            yield "config is untrue", f"limited_scopes {config['limited_scopes']}"


def of_check(check: Json, real: Json) -> Violations:
    """Check mode predicts what the real run does, except for what only a write shows."""
    if "exception" in check:
        yield "crashed in check mode", check["msg"]
    elif check.get("failed") and not real.get("failed"):
        yield "check mode fails, and the real run does not", check["msg"]
    elif real.get("failed") and not check.get("failed"):
        written = "Changed before the failure" in real["msg"] or real["failure"]["status"] == 400
        skipped = any(one["not_checked"] for one in _records(check))
        if not written and not skipped:
            yield "the real run fails, and check mode does not", real["msg"]
