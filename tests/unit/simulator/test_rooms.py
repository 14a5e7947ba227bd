# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rooms of the simulator: web imports api, api imports state, and nothing the other way round."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

SIMULATOR = Path(__file__).resolve().parents[2] / "simulator"
WEB_LIBRARIES = {"asyncio", "connexion", "flask", "requests", "socket", "ssl", "starlette", "uvicorn"}
FORBIDDEN = {"state": {"api", "web", *WEB_LIBRARIES}, "api": {"web", *WEB_LIBRARIES}}


def imported(file: Path) -> set[str]:
    """The rooms and the libraries that a file imports."""
    here = file.relative_to(SIMULATOR).parts[:-1]
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = here[: len(here) - node.level + 1] if node.level else ()
            names = [*above, *(node.module or "").split(".")] if node.module else list(above)
            found |= {names[0]} if names else {alias.name for alias in node.names}
    return found


@pytest.mark.parametrize("room", FORBIDDEN)
def test_arrows_go_one_way(room: str) -> None:
    files = list((SIMULATOR / room).rglob("*.py"))
    assert len(files) > 10
    assert {str(file): wrong for file in files if (wrong := imported(file) & FORBIDDEN[room])} == {}


def test_what_an_import_names() -> None:
    assert {"state", "api", "web"} <= imported(SIMULATOR / "web" / "gateway.py")
    assert {"state", "json"} <= imported(SIMULATOR / "state" / "sessions.py")
    assert "simulator" in imported(SIMULATOR / "__main__.py")
