# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An attack on one request, and what the attacks share."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ansible_collections.vbaws.appliance.tests.robustness.hostile.servers.server import Exchange

Chance = random.Random


@dataclass(frozen=True)
class Act:
    """An attack. text: its parameters, for a report. slow: it takes a run to its deadline.

    early: it is done with a connection before a request was read; the position counts connections then.
    """

    kind: str
    text: str
    work: Callable[[Exchange], None]
    slow: bool = False
    early: bool = False

    def __str__(self) -> str:
        return f"{self.kind}: {self.text}"

    def act(self, exchange: Exchange) -> None:
        """Do it."""
        self.work(exchange)


def short(value: Any, length: int = 60) -> str:
    """A value for a report."""
    text = repr(value)
    return text if len(text) <= length else f"{text[:length]}... ({len(text)})"


def maybe_process(exchange: Exchange, processed: bool) -> None:
    """Let the good appliance do it, whose answer is lost."""
    if processed:
        exchange.good()
