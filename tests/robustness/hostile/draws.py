# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Draws a case from a seed."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from ansible_collections.vbaws.appliance.tests.robustness.hostile.attacks import (
    bodies,
    connections,
    documents,
    echoes,
    headers,
    statuses,
)
from ansible_collections.vbaws.appliance.tests.robustness.hostile.attacks.act import Act
from ansible_collections.vbaws.appliance.tests.robustness.hostile.case import Case
from ansible_collections.vbaws.appliance.tests.robustness.hostile.servers.routes import (
    HTTP_ANSWERS,
    SLOW_ANSWERS,
    SOCKS_ANSWERS,
    Way,
)
from ansible_collections.vbaws.appliance.tests.robustness.hostile.servers.server import Position
from ansible_collections.vbaws.appliance.tests.robustness.hostile.servers.world import BASE
from ansible_collections.vbaws.appliance.tests.robustness.hostile.tasks import TASKS, Task

ATTACKS: tuple[tuple[int, Callable[[random.Random], Act]], ...] = (
    (5, statuses.denied),
    (3, statuses.throttled),
    (4, statuses.failed),
    (4, statuses.redirected),
    (2, statuses.empty),
    (2, statuses.odd_line),
    (5, headers.extra),
    (2, headers.wrong_length),
    (3, headers.chunks),
    (1, headers.compressed),
    (16, bodies.node),
    (6, bodies.unknown_property),
    (5, bodies.keys),
    (5, bodies.other_object),
    (3, bodies.pages),
    (5, bodies.not_json),
    (4, bodies.cut),
    (14, echoes.echo),
    (5, connections.broken),
    (2, connections.noise),
    (2, connections.doubled),
    (1, connections.trailing),
    (3, connections.handshake),
    (7, connections.signalled),
)
"""With their weights."""

SLOW: tuple[Callable[[random.Random], Act], ...] = (headers.drip, headers.drip, statuses.interim)
SLOW_SHARE = 0.02
"""Share of the cases that take a run to its deadline."""


def draw(seed: int, lengths: Mapping[str, int]) -> Case:
    """The case of a seed: the same one each time. lengths: how many requests the tasks make without an attack."""
    chance = random.Random(f"hostile {seed}")
    task = chance.choice(TASKS)
    more: dict[str, object] = dict(chance.choice(({}, {}, {"retries": 0}, {"retries": 2})))
    if task.module == "organization" and chance.random() < 0.1:
        more["refresh_structure"] = "always"
        if not task.check and task.writes:
            task = replace(task, writes=(*task.writes, f"POST {BASE}/rescan"))
    attack, position = _attack(chance, task, lengths[task.name])
    login = chance.choice(("password", "password", "password", "both", "token"))
    trust = chance.choices(("ca_path", "fingerprint", "other ca_path", "other fingerprint"), (85, 8, 3, 4))[0]
    diff, way = chance.random() < 0.5, _way(chance)
    # A list that shows only names makes tasks read each organization.
    shape: Any = chance.choice(("documented", "documented", {"list_keys": []}, {"parent_id": "absent"}))
    case = Case(seed, task, attack, position, login, more, diff, way, trust, shape)
    return case.through_worker() if chance.random() < 0.5 and case.may_be_in_worker else case


def _way(chance: random.Random) -> Way:
    if chance.random() < 0.8:
        return Way()
    kind = chance.choice(("http", "https", "trusted https", "socks", "socks"))
    answer = chance.choice(SOCKS_ANSWERS if kind == "socks" else HTTP_ANSWERS)
    if answer in SLOW_ANSWERS and chance.random() < 0.6:
        answer = "tunnel"
    return Way(kind, answer, "environment" if kind == "socks" else chance.choice(("option", "option", "environment")))


def _attack(chance: random.Random, task: Task, length: int) -> tuple[Act, Position]:
    where = chance.randrange(length)
    times = chance.choice((1, 1, 1, 1, 2, 3, 1000, 1000))
    if task.name == "contract" and chance.random() < 0.7:
        return chance.choice((documents.document, documents.spoilt))(chance), Position("swagger", 0, 1)
    if chance.random() < 0.05:
        return echoes.login(chance), Position("POST /token", 0, 1000)
    if chance.random() < SLOW_SHARE:
        return chance.choice(SLOW)(chance), Position("", where, times)
    makes = chance.choices([make for _weight, make in ATTACKS], [weight for weight, _make in ATTACKS])[0]
    act = makes(chance)
    if act.early:
        return act, Position("", chance.choice((0, 0, 0, 1)), times)
    return act, Position("", where, times)
