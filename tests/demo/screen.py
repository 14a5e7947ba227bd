# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the demonstration prints: headings, the output of Ansible, and what was found to be so."""

from __future__ import annotations

import os
import re
import sys

INDENT = "    "
BOLD, DIM, GREEN, RED = "1", "2", "32", "31"
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


class Screen:
    """Prints to standard output, with colours only on a terminal."""

    def __init__(self) -> None:
        self.colours = sys.stdout.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"
        self.step = "The start"

    def line(self, text: str = "", style: str = "") -> None:
        """A line, seen at once also where the output is a file or a pipe."""
        print(f"\x1b[{style}m{text}\x1b[0m" if style and self.colours else text, flush=True)

    def heading(self, title: str, why: str) -> None:
        """Begins a step."""
        self.step = title
        self.line()
        self.line(title, BOLD)
        self.line(why)

    def command(self, text: str) -> None:
        """The command that is run, as a user would type it."""
        self.line()
        self.line(f"{INDENT}$ {text}", DIM)

    def quote(self, text: str) -> None:
        """A line that Ansible printed. Its rows of stars fill a terminal, so they give way to the indent."""
        stars = text.endswith("*" * len(INDENT))
        self.line(f"{INDENT}{text[: -len(INDENT)] if stars else text}".rstrip())

    def good(self, text: str) -> None:
        """Something that was expected and is so."""
        self.line(f"ok  {text}", GREEN)

    def failed(self, text: str) -> None:
        """Why the demonstration ends here, and in which step."""
        self.line()
        self.line(f"FAILED: {self.step}", RED)
        self.line(text)


def plain(text: str) -> str:
    """A printed line without its colours."""
    return COLOUR.sub("", text)
