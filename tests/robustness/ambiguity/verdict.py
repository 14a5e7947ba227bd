# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares what a task did and reported with what the rules allow."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.vbaws.appliance.tests.robustness.ambiguity import meaning as rules
from ansible_collections.vbaws.appliance.tests.robustness.ambiguity.expected import Expected, expected
from ansible_collections.vbaws.appliance.tests.robustness.ambiguity.lists import Case
from ansible_collections.vbaws.appliance.tests.robustness.ambiguity.world import AWS_IDS, Facts, settings_of

Json = dict[str, Any]
Violations = Iterator[tuple[str, str]]


@dataclass
class Verdict:
    """What the rules demand of a task.

    must_refuse, may_refuse: as a whole, before any write. items: what becomes of each one otherwise. pruned: the AWS
    Organizations that prune removes then. spared: those that it may remove or keep.
    """

    facts: Facts
    must_refuse: bool
    may_refuse: bool
    items: list[Expected]
    pruned: frozenset[str] = frozenset()
    spared: frozenset[str] = frozenset()

    def allowed(self, aws: str) -> list[Json | None]:
        """What may have become of an AWS Organization in a task that is not refused as a whole."""
        before = settings_of(self.facts.registered.get(aws))
        about = [one for one in self.items if one.aws == aws]
        states = [settings_of(one.after) for one in about if one.fails is not True or one.late]
        if not states or all(one.fails is not False for one in about):
            states.append(before)
        if aws in self.pruned | self.spared:
            states = [None, *([before] if aws in self.spared else [])]
        return states


def judge(case: Case, facts: Facts) -> Verdict:
    """Decide what the rules demand of a case."""
    items = case.declared()
    found = rules.meanings(items, facts)
    must, may = rules.must_refuse(items, found), rules.may_refuse(items, found)
    result = expected(items, found, facts)
    verdict = Verdict(facts, must, may, result)
    if case.prune:
        _prune(case, verdict, found)
    return verdict


def _prune(case: Case, verdict: Verdict, found: Sequence[rules.Meaning]) -> None:
    meant = frozenset().union(*(one.all for one in found))
    stray = frozenset().union(*(one.stray for one in found))
    others = frozenset(verdict.facts.registered) - meant
    limit = 1 if case.prune_limit is None else case.prune_limit
    unplanned = [one for one in verdict.items if one.fails is not False]
    if len(others) > limit:
        verdict.may_refuse = True
        if not unplanned and len(others - stray) > limit:
            verdict.must_refuse = True
    removable = others - verdict.facts.used
    if any(one.fails and not one.late for one in unplanned):
        return
    verdict.spared = removable if unplanned else removable & stray
    verdict.pruned = removable - verdict.spared


def of_state(verdict: Verdict, refused: bool, after: dict[str, Json]) -> Violations:
    """What became of the organizations. after: by AWS ID."""
    if not refused and verdict.must_refuse:
        yield "same organization twice, or over the limit, and not refused", ""
    for aws in AWS_IDS.values():
        before, now = settings_of(verdict.facts.registered.get(aws)), settings_of(after.get(aws))
        allowed = [before] if refused or verdict.must_refuse else verdict.allowed(aws)
        if not any(_same(now, one) for one in allowed):
            yield _kind(before, now, allowed), f"{aws} was {before}, is {now}, may be {allowed}"


def _same(now: Json | None, wanted: Json | None) -> bool:
    """Whether an organization is as wanted; one that is new, or a new scope, has any ID."""
    if now is None or wanted is None:
        return now is wanted
    scopes, wishes = now["limited_scopes"], wanted["limited_scopes"]
    if {**now, "limited_scopes": 0, "id": wanted["id"] or now["id"]} != {
        **wanted,
        "limited_scopes": 0,
        "id": wanted["id"] or now["id"],
    }:
        return False
    return scopes.keys() == wishes.keys() and all(
        scopes[name][1] == units and wanted_id in (None, scopes[name][0]) for name, (wanted_id, units) in wishes.items()
    )


def _kind(before: Json | None, now: Json | None, allowed: Sequence[Json | None]) -> str:
    if before == now:
        return "not carried out"
    if now is None:
        return "an organization was removed"
    if before is None:
        return "an organization was added"
    if before["id"] != now["id"]:
        return "an organization was removed and added again"
    if all(one is None or one["name"] != now["name"] for one in allowed):
        return "an organization was renamed"
    return "a setting was lost or is not as declared"


def of_words(
    case: Case, verdict: Verdict, result: Json, before: dict[str, Json], after: dict[str, Json], refreshed: bool
) -> Violations:
    """Whether the result is true. refreshed: whether a stored structure was changed."""
    differs = before != after or refreshed
    if "exception" in result:
        yield "crashed", result["msg"]
        return
    if result.get("failed"):
        text = result["msg"]
        if text.endswith("Nothing was changed.") == differs and "not known whether" not in text:
            yield "the message is untrue", text
    if "changed" in result and result["changed"] != (before != after) and not refreshed:
        yield "changed is untrue", f"{result.get('changed')}: {result.get('msg')}"
    records = result.get("organizations")
    if records is None:
        return
    if len(records) < len(case.items):
        yield "a record is missing", f"{len(records)} records"
    for item, record in zip(verdict.items, records, strict=False):
        yield from _of_record(verdict, item, record, before, after)
    known = {one["id"] for one in before.values()}
    taken = [
        one for one in records if one["outcome"] == "done" and one["action"] in ("update", "rename") and "id" in one
    ]
    if any(one["id"] not in known for one in taken):
        yield "an item changed what another one added", str([(one["name"], one["action"]) for one in taken])
    if "summary" in result:
        yield from _of_counts(result, before, after)


def _of_record(verdict: Verdict, item: Expected, record: Json, before: Json, after: Json) -> Violations:
    outcome, action, text = record["outcome"], record["action"], record["msg"] or ""
    failed = outcome in ("refused", "failed")
    if not verdict.may_refuse and item.fails is not None and failed != item.fails:
        yield "an item fails, or does not, against the rules", f"{outcome} instead of {item}: {text}"
    aws = record["aws_organization_id"] or item.aws
    if aws is None or sum(one.aws == aws for one in verdict.items) > 1:
        return
    was, now = settings_of(before.get(aws)), settings_of(after.get(aws))
    if failed:
        if text.endswith("Nothing was changed.") and was != now and item.aws == aws:
            yield "a record's message is untrue", text
        return
    happened = _action(was, now)
    reported = action if outcome == "done" else "none"
    if happened != reported and not (happened == "update" and reported == "rename"):
        yield "a record is untrue", f"{outcome} {action}, but it was {was} and is {now}"


def _action(was: Json | None, now: Json | None) -> str:
    if was == now:
        return "none"
    if was is None or now is None:
        return "create" if was is None else "remove"
    return "rename" if {**was, "name": now["name"]} == now else "update"


def _of_counts(result: Json, before: Json, after: Json) -> Violations:
    summary = result["summary"]
    counts: dict[str, int] = defaultdict(int)
    for aws in {*before, *after}:
        counts[_action(settings_of(before.get(aws)), settings_of(after.get(aws)))] += 1
    names = {"create": "created", "remove": "removed", "rename": "renamed", "update": "updated"}
    unsure = {record["outcome"] for record in result["organizations"]} & {"failed"}
    for action, kind in names.items():
        if len(summary[kind]) != counts[action] and not unsure:
            yield "the summary is untrue", f"{kind}: {summary[kind]} instead of {counts[action]}"
    total = sum(
        len(summary[kind]) for kind in (*names.values(), "unchanged", "unknown", "refused", "failed", "untouched")
    )
    if total != len(result["organizations"]):
        yield "the summary is untrue", f"{total} names for {len(result['organizations'])} records"


def of_check(verdict: Verdict, check: Json, real: Json) -> Violations:
    """Whether check mode predicted what the real run did."""
    if "exception" in check:
        yield "crashed in check mode", check["msg"]
    late = any(one.late for one in verdict.items)
    if bool(check.get("failed")) != bool(real.get("failed")) and not late:
        yield "check mode and real run disagree", f"{check.get('msg')} / {real.get('msg')}"
    elif check.get("failed"):
        if not check["msg"].endswith("Nothing was changed."):
            yield "the message of check mode is untrue", check["msg"]
    elif not real.get("failed"):
        actions = [[one["action"] for one in result["organizations"]] for result in (check, real)]
        if actions[0] != actions[1]:
            yield "check mode and real run disagree", f"{actions[0]} / {actions[1]}"
