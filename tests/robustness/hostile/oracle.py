# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What must be true of every run, whatever the appliance does. Imports nothing of the collection."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ansible_collections.vbaws.appliance.tests.robustness.hostile.canaries import Canaries
from ansible_collections.vbaws.appliance.tests.robustness.hostile.cases import Case
from ansible_collections.vbaws.appliance.tests.robustness.hostile.door import Outcome
from ansible_collections.vbaws.appliance.tests.robustness.hostile.server import BASE, HostileAppliance

Violation = tuple[str, str]
LONGEST_MESSAGE = 20_000
LARGEST_RESULT = 64 * 1024 * 1024
MOST_MEMORY = 640 * 1024 * 1024
LATE = 3.0
"""Seconds beyond the deadline of the task and that of its logout."""


def judge(case: Case, server: HostileAppliance, outcome: Outcome, deadline: float) -> list[Violation]:
    """Return what is wrong. deadline: the seconds that the task and its logout may take together."""
    return [
        *_of_the_result(outcome),
        *_of_secrets(case, server.canaries, outcome),
        *_of_texts(outcome),
        *_of_writes(case, server, outcome),
        *_of_tokens(case, server, outcome),
        *_of_costs(outcome, deadline),
    ]


def _of_the_result(outcome: Outcome) -> Iterator[Violation]:
    if outcome.problem:
        yield "no result", outcome.problem
    if outcome.stderr:
        yield "output beside the result", outcome.stderr[:300]
    text = str(outcome.result.get("msg", ""))
    if "defect of the collection" in text or "exception" in outcome.result or "cannot be shown" in text:
        yield "a defect", text[:300] + str(outcome.result.get("exception", ""))[-600:]


def _of_secrets(case: Case, canaries: Canaries, outcome: Outcome) -> Iterator[Violation]:
    if case.module == "token":
        # Its result is the token, and Ansible hides it as a whole.
        canaries = Canaries(canaries.password, canaries.proxy_password, "not issued" * 3)
    for piece in canaries.shown_in(outcome.stdout + outcome.stderr):
        yield "a secret is shown", repr(piece)


def _of_texts(outcome: Outcome) -> Iterator[Violation]:
    for text in _texts(outcome.result):
        if not all(line.isprintable() for line in text.split("\n")):
            yield "a text that steers a terminal", ascii(text)[:300]
        if len(text) > LONGEST_MESSAGE:
            yield "a text that is too long", f"{len(text)} characters"
    if len(outcome.stdout) > LARGEST_RESULT:
        yield "a result that is too long", f"{len(outcome.stdout)} characters"


def _texts(result: dict[str, Any]) -> Iterator[str]:
    """What is written for people."""
    warnings = result.get("warnings", [])
    yield from (one if isinstance(one, str) else str(one) for one in warnings)
    for record in (result, *(one for one in result.get("organizations") or () if isinstance(one, dict))):
        for key in ("msg", "failure"):
            yield from _strings(record.get(key))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _strings(inner)


def _of_writes(case: Case, server: HostileAppliance, outcome: Outcome) -> Iterator[Violation]:
    writes = [one for one in server.exchanges if one.is_write]
    adds = [one for one in writes if one.method == "POST"]
    if case.check and writes:
        yield "check mode writes", str([one.path for one in writes])
    if len(adds) > 1:
        yield "an organization is added twice", str(len(adds))
    if len({(one.method, one.path, one.body) for one in writes}) > case.writes:
        yield "more writes than the task needs", str([(one.method, one.path) for one in writes])
    for one in writes:
        if one.method != "POST" and one.path.removeprefix(BASE + "/") not in case.on:
            yield "a write to another object", f"{one.method} {one.path}"
    said = str(outcome.result.get("msg", "")) + str(outcome.result.get("failure") or "")
    # Who says 4xx says that nothing was carried out. That an appliance lies about this cannot be found out.
    carried_out = [one for one in writes if one.status < 400 and not 400 <= one.told < 500]
    if carried_out and outcome.result.get("failed"):
        if "Nothing was changed" in said:
            yield "a write is denied", said[-400:]
        elif not any(words in said for words in ("Changed before the failure", "not known whether", "was changed")):
            yield "a write is not told", said[-400:]
    if carried_out and not outcome.result.get("failed") and not outcome.result.get("changed"):
        yield "a write is not reported as changed", str(case)


def _of_tokens(case: Case, server: HostileAppliance, outcome: Outcome) -> Iterator[Violation]:
    told = "stays valid" in outcome.stdout or "may stay valid" in outcome.stdout
    # A login that was refused has made no token.
    logins = [one for one in server.exchanges if (one.method, one.path) == ("POST", "/token")]
    issued = [token for token, login in zip(server.issued, logins, strict=True) if not 400 <= login.told < 500]
    kept = [one for one in issued if one not in server.revoked]
    if case.module == "token" and not outcome.result.get("failed"):
        # The last one is the result.
        kept = kept[:-1]
    if kept and not told:
        yield "a token is left behind without a word", f"{len(kept)} of {len(server.issued)}"


def _of_costs(outcome: Outcome, deadline: float) -> Iterator[Violation]:
    if outcome.seconds > deadline + LATE:
        yield "longer than its deadline", f"{outcome.seconds:.1f} s instead of {deadline:.1f} s"
    if outcome.memory > MOST_MEMORY:
        yield "too much memory", f"{outcome.memory // 1024 // 1024} MiB"
