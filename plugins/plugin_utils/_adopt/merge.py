# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Adds items to a list in a YAML file that people keep: as text, so that every other character stays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import yaml


class _Loader(yaml.SafeLoader):
    """Reads files of variables: the tags of Ansible, such as !vault and !unsafe, are let pass."""


def _untagged(loader: yaml.SafeLoader, _tag: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return node.value


_Loader.add_multi_constructor("!", _untagged)


def load(text: str) -> dict[str, Any]:
    """The variables in a file; none if it has nothing but comments. Raises ValueError where it is none of variables."""
    try:
        data = yaml.load(text, _Loader)  # noqa: S506  (a safe one)
    except (yaml.YAMLError, ValueError) as error:
        raise ValueError(f"it is not one YAML document: {' '.join(str(error).split())}") from error
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise ValueError("it holds no variables; an encrypted file cannot be extended")
    return data


def with_items(text: str, variable: str, items: Callable[[str], str]) -> str:
    """The text of a file with more items at the end of a list; with the list at its end where it has none yet.

    items: gives the items as YAML for the indentation that they are to have. Raises ValueError where the text cannot
    be extended so that everything else in it means what it meant before.
    """
    before = load(text)
    added = load(f"added:\n{items('')}")["added"] or []
    extended = _extended(text if text.endswith("\n") or not text else f"{text}\n", variable, items)
    if not _says(extended, {**before, variable: [*(before.get(variable) or []), *added]}):
        raise ValueError(f"no item can be added to {variable} without a change to something else")
    return extended


def _says(text: str, variables: dict[str, Any]) -> bool:
    try:
        return load(text) == variables
    except ValueError:
        return False


def _extended(text: str, variable: str, items: Callable[[str], str]) -> str:
    """The text with the items where they seem to belong. Raises ValueError where the list is in another form."""
    root = yaml.compose(text, yaml.SafeLoader)
    lists = [value for key, value in root.value if key.value == variable] if isinstance(root, yaml.MappingNode) else []
    if not lists:
        return f"{text}{variable}:\n{items('  ')}" if items("") else f"{text}{variable}: []\n"
    start, end = lists[-1].start_mark, lists[-1].end_mark
    if isinstance(lists[-1], yaml.SequenceNode) and not lists[-1].flow_style:
        at = _behind(text, start.index, end.index)
        return text[:at] + items(" " * start.column) + text[at:]
    if lists[-1].value not in ([], "", "null", "~"):
        raise ValueError(f"{variable} is not a list with each item on lines of its own")
    at = _end_of_line(text, end.index)
    return text[: start.index].rstrip(" ") + text[end.index : at] + items("  ") + text[at:]


def _behind(text: str, start: int, end: int) -> int:
    """The offset behind the last line of a list, before the comments and empty lines that follow it."""
    events: list[Any] = [event for event in yaml.parse(text, yaml.SafeLoader) if _is_text(event, start, end)]
    last = max(events, key=lambda event: event.end_mark.index)
    if getattr(last, "style", None) in ("|", ">"):  # its mark is at the next line that is not empty
        return text.rfind("\n", 0, last.end_mark.index) + 1
    return _end_of_line(text, last.end_mark.index)


def _is_text(event: Any, start: int, end: int) -> bool:
    """Whether an event stands for characters between two offsets; the end of a list in lines stands for none."""
    return bool(start <= event.start_mark.index < event.end_mark.index <= end)


def _end_of_line(text: str, offset: int) -> int:
    return text.index("\n", offset) + 1
