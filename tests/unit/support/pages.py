# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A list in pages, for the tests that read one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible_collections.vbaws.appliance.plugins.module_utils._http.response import Answer
from ansible_collections.vbaws.appliance.tests.unit.support.builders import answer


class Pages:
    """Serves a list by offset and limit, with room for mischief."""

    def __init__(self, total: int, cap: int = 1000) -> None:
        self.items = [{"id": f"id-{number}"} for number in range(total)]
        self.cap = cap
        self.asked: list[tuple[int, int]] = []
        self.spoil: list[Callable[[dict[str, Any]], Any]] = []

    def __call__(self, offset: int, limit: int) -> Answer:
        self.asked.append((offset, limit))
        page = {"totalCount": len(self.items), "results": self.items[offset : offset + min(limit, self.cap)]}
        return answer(self.spoil.pop(0)(page) if self.spoil else page, path="/list")
