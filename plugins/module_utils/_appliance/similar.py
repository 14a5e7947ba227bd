# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many similar texts of the appliance as a few sentences, because a person reads no list of a hundred warnings."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .._wording import first_of, full_stop, one_line

_SHOWN_TEXTS = 5

# A quoted part, or a word with a digit: a number, an AWS ID, a UUID, an ARN.
_PART = re.compile(
    r'("[^"]*"|(?<!\w)\'[^\']*\'(?!\w)|(?<![\w/:.@+=-])[\w/:.@+=-]*\d(?:[\w/:.@+=-]*\w)?)',
)

_Member = tuple[str, "tuple[str, ...]"]  # its subject, and its variable parts


def summarize_texts(texts: Sequence[tuple[str, str]], subjects: Sequence[str] = ("",)) -> str:
    """Return the texts as a few sentences. Texts that differ in one quoted part, number or ID become one sentence.

    texts: each with its subject, such as the name of an organization. subjects: all of them. A
    sentence about all subjects does not repeat their names.
    """
    members: dict[tuple[str, ...], list[_Member]] = {}
    for subject, text in texts:
        pieces = _PART.split(full_stop(one_line(text)))
        members.setdefault(tuple(pieces[::2]), []).append((subject, tuple(pieces[1::2])))
    groups = [(literals, group) for literals, all_ in members.items() for group in _groups(all_)]
    sentences = [_sentence(literals, group, subjects) for literals, group in groups[:_SHOWN_TEXTS]]
    more = sum(len(group) for _literals, group in groups[_SHOWN_TEXTS:])
    return " ".join([*sentences, f"And {more} more." if more else ""]).strip()


def _groups(members: Sequence[_Member]) -> list[Sequence[_Member]]:
    """Divide texts with the same words until those of a group differ in at most one part."""
    columns = [len(set(column)) for column in zip(*(parts for _subject, parts in members))]
    varying = [index for index, values in enumerate(columns) if values > 1]
    if len(varying) < 2:
        return [members]
    # By the part with the fewest values: a role that is missing in many accounts is one sentence, an account is not.
    index = min(varying, key=lambda column: columns[column])
    divided: dict[str, list[_Member]] = {}
    for member in members:
        divided.setdefault(member[1][index], []).append(member)
    return [group for part in divided.values() for group in _groups(part)]


def _sentence(literals: Sequence[str], group: Sequence[_Member], subjects: Sequence[str]) -> str:
    columns = zip(*(parts for _subject, parts in group))
    parts = [first_of(list(dict.fromkeys(column))) for column in columns]
    text = "".join(piece for pair in zip(literals, [*parts, ""]) for piece in pair)
    named = list(dict.fromkeys(subject for subject, _parts in group))
    return text if len(named) == len(subjects) else f"{first_of(named)}: {text}"
