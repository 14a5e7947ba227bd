# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check the sizes of classes, functions and folders of the plugins."""

from __future__ import annotations

import ast
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from collection_tree import ROOT

CLASS_LINES = 150
FUNCTION_LINES = 60
FOLDER_FILES = 10
FOLDERS = ("module_utils", "plugin_utils")


def too_long(file: Path) -> Iterator[str]:
    """Yield each class and function of a file that has too many lines."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            limit = CLASS_LINES if isinstance(node, ast.ClassDef) else FUNCTION_LINES
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > limit:
                yield f"{file}:{node.lineno}: {node.name} has {lines} lines, more than {limit}"


def too_full(plugins: Path) -> Iterator[str]:
    """Yield each folder of helpers that has too many files."""
    files = Counter(file.parent for folder in FOLDERS for file in (plugins / folder).rglob("*.py"))
    for folder, number in sorted(files.items()):
        if number > FOLDER_FILES:
            yield f"{folder}: {number} Python files, more than {FOLDER_FILES}"


def main(plugins: Path = ROOT / "plugins") -> int:
    """Print what is too large. Return 1 if there is anything, else 0."""
    files = sorted(plugins.rglob("*.py"))
    offenders = [line for file in files for line in too_long(file)] + list(too_full(plugins))
    for line in offenders:
        print(line.removeprefix(f"{plugins.parent}/"))
    print(f"{len(files)} files, {len(offenders)} too large")
    return 1 if offenders else 0


if __name__ == "__main__":
    sys.exit(main())
