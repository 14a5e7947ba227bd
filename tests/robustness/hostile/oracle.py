# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run against a hostile appliance may do, print and cost.

Written from the rules of the documentation alone: nothing of the collection is imported here.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ansible_collections.vbaws.appliance.tests.robustness.hostile.doors.door import Observed
from ansible_collections.vbaws.appliance.tests.robustness.hostile.doors.runner import MIB
from ansible_collections.vbaws.appliance.tests.robustness.hostile.servers.world import BASE, Seen, World
from ansible_collections.vbaws.appliance.tests.robustness.hostile.tasks import Task

Json = dict[str, Any]
Violations = Iterator[tuple[str, str]]

LOGOUT_SECONDS = 10.0
GRACE_SECONDS = 5.0
CPU_SECONDS = 15.0
MEMORY = 512 * MIB
LONGEST_MESSAGE = 20_000
LONGEST_RESULT = 32 * MIB
INTERRUPTED = re.compile("interrupted by SIG(TERM|INT|HUP)|The task had ended already")
NOTHING = "Nothing was changed"
CHANGED = re.compile("Changed( before the failure)?: ")
UNKNOWN = ("It is not known whether", "Unknown:")
_SURROGATE = re.compile("[\ud800-\udfff]")
_TOKEN_WORDS = re.compile(
    r"(?is)(token|log ?in|session).{0,200}(valid|expires|may (still )?(exist|be open))|logout.{0,200}failed"
)


@dataclass(frozen=True)
class Evidence:
    """A run and what the server saw of it."""

    task: Task
    observed: Observed
    world: World
    seen: list[Seen]
    stranger: bool = False
    """Whether the server's certificate is not that of the appliance."""

    late: bool = False
    """Whether the last request was answered in full before a signal, which may come when the work has ended."""

    @cached_property
    def stdout(self) -> str:
        return self.observed.stdout.decode("utf-8", "replace")

    @cached_property
    def result(self) -> Json:
        """The result, empty if there is none."""
        try:
            found = json.loads(self.stdout)
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}

    @cached_property
    def message(self) -> str:
        return str(self.result.get("msg", ""))

    @cached_property
    def words(self) -> list[str]:
        """The texts that are for people."""
        parts = [self.result.get(name) for name in ("msg", "warnings", "deprecations", "failure", "displayed")]
        records = self.result.get("organizations")
        if isinstance(records, list):
            parts += [[one.get("msg"), one.get("failure")] for one in records if isinstance(one, dict)]
        return list(_texts(parts))

    @cached_property
    def writes(self) -> list[Seen]:
        return [one for one in self.seen if one.is_write]

    @property
    def silenced(self) -> bool:
        """Whether people see nothing: Ansible drops the result of a task that it stops, and no_log hides its texts."""
        return self.task.no_log and self.observed.ends_by_signal and os.WIFSIGNALED(self.observed.status)

    @property
    def interrupted(self) -> bool:
        """Whether no result can be asked for, because the process was killed from outside."""
        return self.observed.killed


def judge(evidence: Evidence) -> Violations:
    """All that is wrong with a run: the kind of a violation, and what it was."""
    yield from of_result(evidence)
    yield from of_secrets(evidence)
    yield from of_targets(evidence)
    yield from of_credentials(evidence)
    yield from of_truth(evidence)
    yield from of_cost(evidence)
    yield from of_tokens(evidence)
    yield from of_texts(evidence)


def of_result(evidence: Evidence) -> Violations:
    """(a) One result that Ansible can take, and nothing else."""
    out, observed = evidence.observed.stdout, evidence.observed
    if observed.killed:
        yield "a: hang", f"no end after {observed.seconds:.0f} s"
        return
    interrupted = bool(INTERRUPTED.search(evidence.message)) or evidence.silenced
    by_signal = os.WIFSIGNALED(observed.status)
    if observed.ends_by_signal and by_signal and evidence.late and not out:
        return  # the signal stopped Ansible between the end of the work and the sending of the result
    if observed.ends_by_signal and interrupted != by_signal and not evidence.late:
        yield (
            "a: interrupted, but not ended by the signal, or the reverse",
            f"{observed.status}: {evidence.message[:300]}",
        )
    if observed.stderr.strip():
        yield "a: stderr", observed.stderr[-600:].decode("utf-8", "replace")
    try:
        text = out.decode("utf-8")
        result = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        yield (
            "a: no result" if not out.strip() else "a: result is not JSON",
            f"{error}: {out[-300:]!r}, {observed.status}",
        )
        return
    if not isinstance(result, dict) or not {"failed", "changed"} & result.keys():
        yield "a: result without failed or changed", text[:200]
        return
    if out.strip().count(b"\n"):
        yield "a: more than one line", text[:200]
    if any(_SURROGATE.search(one) for one in _texts(result)):
        yield "a: lone surrogate", text[:200]
    if "exception" in result or "defect of the collection" in text or "Traceback (most recent" in text:
        yield "a: traceback or defect", f"{evidence.message[:300]} {str(result.get('exception'))[-400:]}"


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def of_secrets(evidence: Evidence) -> Violations:
    """(b) No secret in any spelling."""
    own = (
        [name for name in evidence.world.canaries.secrets if "token" in name] if evidence.task.module == "token" else []
    )
    # What a newer ansible-core's module hands to the controller, so that it masks it: no result has it.
    shown = {key: value for key, value in evidence.result.items() if key != "_ansible_new_secrets"}
    everything = (
        f"{json.dumps(shown) if shown else evidence.stdout}\n{evidence.observed.stderr.decode('utf-8', 'replace')}"
    )
    words = "\n".join(evidence.words) + evidence.observed.stderr.decode("utf-8", "replace")
    in_words = evidence.world.canaries.found_in(words, () if evidence.result.get("failed") else own)
    for name, (whole, place) in evidence.world.canaries.found_in(everything, own).items():
        where = "words" if name in in_words else "data"
        yield f"b: {'a secret' if whole else 'a part of a secret'} in {where}", f"{name}: {place!r}"


def of_targets(evidence: Evidence) -> Violations:
    """(d) Only the writes that were declared."""
    for one in evidence.writes:
        if str(one) not in evidence.task.writes:
            yield "d: a write that was not declared", f"{one} {one.body[:200]!r}"
    different = {(str(one), one.body) for one in evidence.writes}
    if len(different) > len(evidence.task.writes):
        yield "d: more writes than the task needs", str([str(one) for one in evidence.writes])
    adds = [one for one in evidence.seen if str(one) == f"POST {BASE}" and not one.refused]
    if len(adds) > 1:
        yield "d: an addition was sent twice", f"{len(adds)} times"
    if evidence.task.check:
        for one in evidence.seen:
            if one.starts_session:
                yield "d: a session in check mode", str(one)


def of_credentials(evidence: Evidence) -> Violations:
    """(c) Nothing goes to a stranger, and no credentials but a token in a header."""
    if evidence.stranger and evidence.seen:
        yield "c: a request to a host that was not verified", f"{evidence.seen[0]} {list(evidence.seen[0].headers)}"
    for one in evidence.seen:
        if not one.headers.get("authorization", "Bearer").startswith("Bearer"):
            yield "c: credentials of another kind", f"{one} {one.headers['authorization'][:10]}"
            break


def of_truth(evidence: Evidence) -> Violations:
    """(e) What is said about changes is true."""
    result = evidence.result
    accepted = [one for one in evidence.writes if one.accepted]
    if not accepted or not result:
        return
    texts = "\n".join(evidence.words)
    if NOTHING in texts and len(evidence.task.writes) == 1:
        yield "e: Nothing was changed is untrue", f"{accepted[0]}: {texts[-400:]}"
    failure = result.get("failure")
    done = failure.get("done") if isinstance(failure, dict) else None
    rescanned = not result.get("failed") and result.get("session")
    told = rescanned or result.get("changed") or done or CHANGED.search(texts) or any(one in texts for one in UNKNOWN)
    if not told:
        yield "e: a write is not reported", f"{accepted[0]}: {evidence.stdout[:400]}"


def of_cost(evidence: Evidence) -> Violations:
    """(f) and (g) Time and memory."""
    observed, task = evidence.observed, evidence.task
    if observed.seconds > task.deadline + LOGOUT_SECONDS + GRACE_SECONDS:
        yield (
            "f: longer than the deadline and a logout",
            f"{observed.seconds:.1f} s with a deadline of {task.deadline:g}",
        )
    if observed.cpu > CPU_SECONDS:
        yield "f: CPU time", f"{observed.cpu:.1f} s"
    if observed.memory > MEMORY:
        yield "g: memory", f"{observed.memory // MIB} MiB"


def of_tokens(evidence: Evidence) -> Violations:
    """(h) Each token was given back, or the user learns that it may stay valid."""
    if (evidence.task.module == "token" and not evidence.result.get("failed")) or evidence.silenced:
        return
    # Who answers that a token is not known, or that it was withdrawn, says that it is not valid.
    ended = {
        one.token for one in evidence.seen if str(one) == "DELETE /token" and one.told in (*range(200, 300), 401, 404)
    }
    left = [one for one in evidence.world.issued if not one.returned and one.value not in ended]
    if left and not _TOKEN_WORDS.search("\n".join(evidence.words)):
        how = "a token" if all(one.arrived for one in left) else "a token that did not arrive"
        yield (
            f"h: {how} stays valid without a word",
            f"{len(left)} of {len(evidence.world.issued)}: {evidence.message[:300]}",
        )


def of_texts(evidence: Evidence) -> Violations:
    """(i) Texts are safe to show, and of a bearable size."""
    for text in evidence.words:
        unsafe = [line for line in text.split("\n") if not line.isprintable()]
        if unsafe:
            place = [one.isprintable() for one in unsafe[0]].index(False)
            yield "i: characters that steer a terminal", repr(unsafe[0][max(0, place - 60) : place + 60])
            break
    longest = max(map(len, evidence.words), default=0)
    if longest > LONGEST_MESSAGE:
        yield "i: text too long", f"{longest} characters"
    if len(evidence.observed.stdout) > LONGEST_RESULT:
        yield "i: result too long", f"{len(evidence.observed.stdout)} bytes"


def _texts(value: Any) -> Iterator[str]:
    """All texts in a value, keys too."""
    stack = [value]
    while stack:
        one = stack.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict):
            stack += [*one.keys(), *one.values()]
        elif isinstance(one, (list, tuple)):
            stack += one
