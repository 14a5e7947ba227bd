# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A person who watches a task."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from ansible_collections.vbaws.appliance.plugins.module_utils._module.progress import Progress


class Watched(Progress):
    """Progress that keeps the lines that it shows."""

    def __init__(self, interval: float = 0.0, clock: Callable[[], float] = time.monotonic, **more: Any) -> None:
        self.lines: list[str] = []
        super().__init__(self.lines.append, interval, clock, **more)

    @property
    def texts(self) -> list[str]:
        """The lines without the seconds."""
        return [line.rpartition(", ")[0] for line in self.lines]
