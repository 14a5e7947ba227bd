# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text of others in Markdown, where it must be text and nothing else, and a document that keeps to a size. Pure."""

from __future__ import annotations

import string

from ..values import cut, visible

# GitHub and GitLab refuse longer comments at about 65,000 and 1,000,000; bytes of UTF-8.
LIMIT = 60_000
_HARMLESS = frozenset(string.ascii_letters + string.digits + " ,/()+=")


def code(text: str, length: int = 400) -> str:
    """A text of others as code, in one line.

    Every character that Markdown or HTML could take for more than itself becomes a reference. That alone would still
    send a mention, which is looked for in the finished text; within <code> nobody looks.
    """
    shown = cut(visible(text), length)
    escaped = "".join(char if char in _HARMLESS or ord(char) > 0x7F else f"&#{ord(char)};" for char in shown)
    return f"<code>{escaped}</code>"


def row(*cells: str) -> str:
    """A line of a table."""
    return f"| {' | '.join(cells)} |"


class Document:
    """Lines as long as there is room. What is first written is kept; what does not fit is counted."""

    def __init__(self, limit: int, reserve: int = 500) -> None:
        self._room = limit - reserve
        self._lines: list[str] = []
        self.left_out = 0

    def add(self, *lines: str) -> bool:
        """Adds all of the lines or none; returns whether there was room."""
        size = sum(len(line.encode()) + 1 for line in lines)
        if size > self._room:
            return False
        self._room -= size
        self._lines += lines
        return True

    def table(self, title: str, head: tuple[str, ...], rows: list[str]) -> None:
        """A table under a title. Rows for which there is no room are left out and counted."""
        if not rows:
            return
        if not self.add("", f"### {title}", "", row(*head), row(*("---" for _cell in head))):
            self.left_out += len(rows)
            return
        for number, line in enumerate(rows):
            if not self.add(line):
                self.left_out += len(rows) - number
                return

    def text(self, where_all_is: str) -> str:
        """The document, which says at its end how much is left out. That is what was reserved."""
        lines = list(self._lines)
        if self.left_out:
            lines += ["", f"**{self.left_out:,} lines are left out here for their length.** {where_all_is}"]
        return "\n".join(lines) + "\n"
