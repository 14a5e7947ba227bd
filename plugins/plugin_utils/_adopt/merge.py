# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Items added to a list in an existing YAML file, as text: every other character stays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import yaml


class _Loader(yaml.SafeLoader):
    """A loader for files of variables, which reads values with a tag of Ansible, such as !vault, as they are."""


def _construct_untagged(loader: yaml.SafeLoader, _tag: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return node.value


_Loader.add_multi_constructor("!", _construct_untagged)


def load_variables(text: str) -> dict[str, Any]:
    """Return the variables in a file, none if it is empty. Raises ValueError if it is not a file of variables."""
    try:
        data = yaml.load(text, _Loader)  # noqa: S506  (a safe one)
    except (yaml.YAMLError, ValueError) as error:
        raise ValueError(f"it is not one YAML document: {' '.join(str(error).split())}") from error
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise ValueError("it holds no variables; an encrypted file cannot be extended")
    return data


def append_items(text: str, variable: str, items: Callable[[str], str]) -> str:
    """Append items to the list that is the value of a variable. If the variable is missing, add it at the end.

    items: returns the items as YAML with the given indentation. Raises ValueError if the text cannot be extended
    without changing the meaning of the rest.
    """
    before = load_variables(text)
    added = load_variables(f"added:\n{items('')}")["added"] or []
    extended = _insert(text if text.endswith("\n") or not text else f"{text}\n", variable, items)
    if not _has_variables(extended, {**before, variable: [*(before.get(variable) or []), *added]}):
        raise ValueError(f"no item can be added to {variable} without a change to something else")
    return extended


def _has_variables(text: str, variables: dict[str, Any]) -> bool:
    try:
        return load_variables(text) == variables
    except ValueError:
        return False


def _insert(text: str, variable: str, items: Callable[[str], str]) -> str:
    """Insert the items where they probably belong. Raises ValueError if the list is written in another form."""
    root = yaml.compose(text, yaml.SafeLoader)
    lists = [value for key, value in root.value if key.value == variable] if isinstance(root, yaml.MappingNode) else []
    if not lists:
        return f"{text}{variable}:\n{items('  ')}" if items("") else f"{text}{variable}: []\n"
    start, end = lists[-1].start_mark, lists[-1].end_mark
    if isinstance(lists[-1], yaml.SequenceNode) and not lists[-1].flow_style:
        offset = _end_of_list(text, start.index, end.index)
        return text[:offset] + items(" " * start.column) + text[offset:]
    if lists[-1].value not in ([], "", "null", "~"):
        raise ValueError(f"{variable} is not a list with each item on lines of its own")
    offset = _end_of_line(text, end.index)
    return text[: start.index].rstrip(" ") + text[end.index : offset] + items("  ") + text[offset:]


def _end_of_list(text: str, start: int, end: int) -> int:
    """Return the offset after the last line of a list, before the comments and empty lines that follow it."""
    events: list[Any] = [event for event in yaml.parse(text, yaml.SafeLoader) if _has_text(event, start, end)]
    last = max(events, key=lambda event: event.end_mark.index)
    if getattr(last, "style", None) in ("|", ">"):  # its mark is at the next line that is not empty
        return text.rfind("\n", 0, last.end_mark.index) + 1
    return _end_of_line(text, last.end_mark.index)


def _has_text(event: Any, start: int, end: int) -> bool:
    """Return whether an event has characters between two offsets. The end of a block list, for example, has none."""
    return bool(start <= event.start_mark.index < event.end_mark.index <= end)


def _end_of_line(text: str, offset: int) -> int:
    return text.index("\n", offset) + 1
