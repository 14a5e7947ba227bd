# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads a document in JSON or YAML, within bounds of time and memory. Both give the same values."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .._http.decoding import MOST_VALUES, OutOfBounds

if TYPE_CHECKING:
    from .._http.deadline import Deadline

try:
    import yaml

    HAS_YAML = True
    # The parser in C is ten times as fast.
    _PARSER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
except ImportError:  # JSON is enough for what appliances serve
    HAS_YAML = False

LONGEST_YAML = 4 * 1024 * 1024
"""Characters of a YAML text. Python reads JSON a hundred times as fast."""

DEEPEST_YAML = 500
"""Levels of lists and mappings of a YAML text. Python reads about as many of a JSON text."""

_NOT_TEXT = {"": None, "~": None, "null": None, "true": True, "false": False}
"""Plain scalars of YAML that are not text. Numbers stay text, as in JSON, because ``1.10`` may be a version."""

_NO_KEY = object()
_MERGE = object()
"""The key ``<<``."""


class Unreadable(ValueError):
    """The text is neither JSON nor YAML. The message is the reason."""


def read(text: str, deadline: Deadline) -> Any:
    """Return the value of a JSON or YAML text: dictionaries with text keys, lists, text, booleans and None.

    Raises Unreadable or OutOfBounds, or ApplianceError (timeout) if the deadline passes.
    """
    # Counted before it is read, since a value of three bytes takes a hundred in memory.
    if text.count(",") + text.count("{") + text.count("[") > MOST_VALUES:
        raise _too_many()
    try:
        return json.loads(text, parse_int=str, parse_float=str, parse_constant=str)
    except RecursionError:
        raise OutOfBounds("is nested too deeply") from None
    except ValueError:
        return _yaml(text, deadline)


def _yaml(text: str, deadline: Deadline) -> Any:
    if not HAS_YAML:
        raise Unreadable("it is not JSON, and YAML needs the Python library PyYAML")
    if len(text) > LONGEST_YAML:
        raise OutOfBounds(f"is not JSON, and is larger than {LONGEST_YAML // 1024 // 1024} MiB, the limit for YAML")
    tree = _Tree()
    try:
        for event in yaml.parse(_Watched(text, deadline), Loader=_PARSER):
            tree.add(event)
    except yaml.MarkedYAMLError as error:
        line = f" in line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise Unreadable(f"{error.problem}{line}") from None
    except OutOfBounds:
        raise
    except (yaml.YAMLError, ValueError, OverflowError):
        raise Unreadable("it has characters that YAML does not allow") from None
    if len(tree.documents) != 1:
        raise Unreadable("it must have exactly one document")
    return tree.documents[0]


class _Watched(io.StringIO):
    """A text that ends with the deadline. The parser reads a few kibibytes at a time."""

    def __init__(self, text: str, deadline: Deadline) -> None:
        super().__init__(text)
        self._deadline = deadline

    def read(self, size: int | None = -1) -> str:
        """Return the next characters. Raises ApplianceError (timeout)."""
        self._deadline.require()
        return super().read(size)


@dataclass
class _Open:
    """A list or a mapping that is being read: the key that waits for its value, and what ``<<`` merges into it."""

    container: Any
    key: Any = _NO_KEY
    merged: list[Any] = field(default_factory=list)


class _Tree:
    """Builds values from the events of a YAML parser.

    An alias is the anchored object itself, never a copy, because aliases of aliases would fill the memory. Objects can
    contain themselves. A key that is not a scalar is left out, because JSON has none. Tags are ignored.
    """

    def __init__(self) -> None:
        self.documents: list[Any] = []
        self._open = [_Open(self.documents)]
        self._anchors: dict[str, Any] = {}
        self._values = 0

    def add(self, event: yaml.Event) -> None:
        """Add an event. Raises YAMLError or OutOfBounds."""
        if isinstance(event, yaml.CollectionEndEvent):
            self._merge(self._open.pop())
        elif isinstance(event, yaml.AliasEvent):
            if event.anchor not in self._anchors:
                mark: Any = event.start_mark
                raise yaml.MarkedYAMLError(problem="an alias without an anchor", problem_mark=mark)
            self._put(self._anchors[event.anchor])
        elif isinstance(event, yaml.NodeEvent):
            value = self._value(event)
            if event.anchor:
                self._anchors[event.anchor] = value
            self._put(value)
            if isinstance(event, yaml.CollectionStartEvent):
                self._open.append(_Open(value))
                if len(self._open) > DEEPEST_YAML:
                    raise OutOfBounds(f"is nested more than {DEEPEST_YAML} levels deep")

    def _value(self, event: yaml.NodeEvent) -> Any:
        if not isinstance(event, yaml.ScalarEvent):
            return {} if isinstance(event, yaml.MappingStartEvent) else []
        plain = event.implicit[0]
        if self._is_key():
            # The only key with a meaning of its own is the plain one.
            return _MERGE if plain and event.value == "<<" else event.value
        return _NOT_TEXT.get(event.value, event.value) if plain else event.value

    def _is_key(self) -> bool:
        outer = self._open[-1]
        return isinstance(outer.container, dict) and outer.key is _NO_KEY

    def _put(self, value: Any) -> None:
        self._count(1)
        outer = self._open[-1]
        if isinstance(outer.container, list):
            outer.container.append(value)
        elif outer.key is _NO_KEY:
            outer.key = value
        else:
            if outer.key is _MERGE:
                outer.merged.append(value)
            elif isinstance(outer.key, str):
                outer.container[outer.key] = value
            outer.key = _NO_KEY

    def _merge(self, ended: _Open) -> None:
        """Copy the entries of the mappings behind ``<<`` that a mapping does not have itself; the first one wins."""
        for value in ended.merged:
            for source in value if isinstance(value, list) else [value]:
                self._count(1)
                if isinstance(source, dict) and source is not ended.container:
                    self._count(len(source))
                    for key, inner in source.items():
                        ended.container.setdefault(key, inner)

    def _count(self, number: int) -> None:
        self._values += number
        if self._values > MOST_VALUES:
            raise _too_many()


def _too_many() -> OutOfBounds:
    return OutOfBounds(f"has more than {MOST_VALUES:,} values")
