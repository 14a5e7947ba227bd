# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The check of sizes finds what is too large, and accepts what is just small enough."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tools"))

import sizes


def body(lines: int, indent: str) -> str:
    return f"{indent}pass\n" * lines


def plugins(folder: Path, *, class_lines: int = 150, function_lines: int = 60, files: int = 10) -> Path:
    """Write plugins with a class, a decorated function and a method in it, and two folders of helpers."""
    for name in ("module_utils/_rest", "plugin_utils/_drift/formats"):
        (folder / name).mkdir(parents=True)
        for number in range(files):
            (folder / name / f"file_{number}.py").write_text("")
    text = f"class Large:\n{body(class_lines - 1, '    ')}\n\n@cache\ndef long():\n{body(function_lines - 1, '    ')}"
    text += f"\n\nclass Small:\n    async def method(self):\n{body(function_lines - 1, '        ')}"
    (folder / "modules").mkdir()
    (folder / "modules" / "token.py").write_text(text)
    return folder


def test_the_limits_themselves_are_accepted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert sizes.main(plugins(tmp_path / "plugins")) == 0
    assert capsys.readouterr().out == "21 files, 0 too large\n"


def test_each_offender_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert sizes.main(plugins(tmp_path / "plugins", class_lines=151, function_lines=61, files=11)) == 1
    assert capsys.readouterr().out.splitlines() == [
        "plugins/modules/token.py:1: Large has 151 lines, more than 150",
        "plugins/modules/token.py:155: long has 61 lines, more than 60",
        "plugins/modules/token.py:219: method has 61 lines, more than 60",
        "plugins/module_utils/_rest: 11 Python files, more than 10",
        "plugins/plugin_utils/_drift/formats: 11 Python files, more than 10",
        "23 files, 5 too large",
    ]
