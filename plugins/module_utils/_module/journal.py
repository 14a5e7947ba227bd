# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task has changed, from which every message about it is made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .._rest.client import Change


@dataclass
class _Entry:
    """One write: the text that is certain (done) or that is not (unknown); neither, if nothing was changed."""

    change: Change
    done: str | None = None
    unknown: str | None = None


class Journal:
    """The writes of a task, in order. Those to one organization are in a branch, one after the other.

    A write is entered before it is sent and is unknown until it is answered, so an interruption leaves the truth
    behind. The other methods are about the last write.
    """

    def __init__(self) -> None:
        self._entries: list[_Entry] = []
        self._branches: list[Journal] = []

    def branch(self) -> Journal:
        """Return a journal of its own for one organization, whose entries count as those of this one as well."""
        branch = Journal()
        self._branches.append(branch)
        return branch

    def sent(self, change: Change) -> None:
        """A write is on its way."""
        self._entries.append(_Entry(change, unknown=change.done))

    def accepted(self) -> None:
        """The appliance has accepted it, which does not yet mean that it arrived."""
        entry = self._entries[-1]
        entry.done, entry.unknown = f"the appliance was asked to {entry.change.to_do}", None

    def started(self, session: str) -> None:
        """The appliance has started a session that carries it out, and may fail."""
        entry = self._entries[-1]
        entry.done, entry.unknown = None, f"the session {session} has {entry.change.participle} {entry.change.what}"

    def succeeded(self, done: str | None = None) -> None:
        """It was carried out. done: what became of it, where that is not what was asked for."""
        entry = self._entries[-1]
        for earlier in self._entries:
            if earlier.change == entry.change:
                earlier.unknown = None
        entry.done = done or entry.change.done

    def doubted(self, unknown: str | None = None) -> None:
        """It may have been carried out, or may still be. unknown: the assertion that may be true."""
        entry = self._entries[-1]
        entry.done, entry.unknown = None, unknown or entry.change.done

    def failed(self) -> None:
        """It has changed nothing."""
        entry = self._entries[-1]
        entry.done = entry.unknown = None

    def settle(self) -> None:
        """What was unknown has turned out to be done."""
        for entry in self._entries:
            if entry.unknown:
                entry.done, entry.unknown = entry.change.done, None

    @property
    def done(self) -> list[str]:
        """What was changed, in words."""
        return [entry.done for entry in self._all() if entry.done]

    @property
    def unknown(self) -> str | None:
        """What may have been changed, in words; None if everything is certain."""
        return " and whether ".join(entry.unknown for entry in self._all() if entry.unknown) or None

    @property
    def untouched(self) -> bool:
        """Whether it is certain that nothing was changed."""
        return not (self.done or self.unknown)

    def ending(self, changed: str = "Changed before the failure") -> str:
        """Return what a task leaves behind; what is unknown comes last, since it asks for a second run."""
        parts = []
        if self.done:
            parts.append(f"{changed}: {'; '.join(self.done)}.")
        if self.unknown:
            parts.append(f"It is not known whether {self.unknown}; run again, it looks first.")
        return " ".join(parts) or "Nothing was changed."

    def _all(self) -> Iterator[_Entry]:
        yield from self._entries
        for branch in self._branches:
            yield from branch._all()
