# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes ``ansible_collections.vbaws.appliance`` importable from a clone, whatever the clone's folder is called."""

from __future__ import annotations

import sys
import types
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def _name_the_clone() -> None:
    """Register the packages above ``plugins``: each is only a name, and the last one has its files in this clone."""
    for name, folder in (
        ("ansible_collections", None),
        ("ansible_collections.vbaws", None),
        ("ansible_collections.vbaws.appliance", ROOT),
    ):
        package = types.ModuleType(name)
        package.__path__ = [str(folder)] if folder else []
        sys.modules[name] = package
        parent, dot, child = name.rpartition(".")
        if dot:
            setattr(sys.modules[parent], child, package)


_name_the_clone()
