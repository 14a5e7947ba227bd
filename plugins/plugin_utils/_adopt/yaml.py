# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Organizations as the YAML of a variables file: every text comes back as it was and is never taken for a template."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping
from typing import Any

import yaml

# The order in which a person reads them. An option that is not here is an error, so that none is lost.
OPTIONS = (
    "name",
    "aws_organization_id",
    "description",
    "rescan_iam_role",
    "backup_restore_iam_role_name",
    "production_worker_iam_role_name",
    "scope",
    "limited_scopes",
)
_WIDTH = 110  # characters of a comment


def item(organization: Mapping[str, Any], indent: str) -> str:
    """One organization as an item of a list, with its comments.

    organization: as vbaws.appliance.organization_info returns it. indent: what stands before the dash.
    Raises ValueError where its config has an option that is not known here.
    """
    config = organization["config"]
    unknown = sorted(set(config) - set(OPTIONS))
    if unknown:
        raise ValueError(f"The config of {organization['name']!r} has an option that is not known: {unknown[0]}.")
    options = [option for option in OPTIONS if option in config]
    lines = [line for option in options for line in _option(option, config[option], organization["unit_paths"])]
    marked = [("- " if number == 0 else "  ") + line for number, line in enumerate(lines)]
    doubts = [line for sentence in organization["not_in_config"] for line in comment(sentence)]
    return "".join(f"{indent}{line}\n" for line in (*doubts, *marked))


def comment(sentence: str) -> list[str]:
    """A sentence as lines of comment. What cannot be printed, such as a line break, would end it."""
    return [f"# {line}" for line in textwrap.wrap(_printable(sentence), _WIDTH)]


def scalar(text: str) -> str:
    """A text on one line: quoted only where it needs it, and marked where Ansible could take it for a template."""
    if "{" in text or text.startswith("#jinja2:"):
        return f"!unsafe {_dumped(text, quoted=True)}"
    return _dumped(text, quoted=not text.isprintable())


def _dumped(text: str, *, quoted: bool) -> str:
    style = '"' if quoted else None
    dumped: str = yaml.safe_dump(text, default_style=style, allow_unicode=True, width=float("inf"))
    return dumped.removesuffix("...\n").rstrip("\n")


def _option(option: str, value: Any, unit_paths: Mapping[str, str]) -> Iterable[str]:
    if option != "limited_scopes":
        yield f"{option}: {scalar(value)}"
        return
    yield f"{option}:"
    ids = {path: unit for unit, path in unit_paths.items()}
    for scope in value:
        yield f"  - name: {scalar(scope['name'])}"
        yield "    organizational_units:"
        for unit in scope["organizational_units"]:
            other = unit_paths.get(unit) or ids.get(unit)  # beside a path its AWS ID, and the other way round
            yield f"      - {scalar(unit)}" + (f"  # {_printable(other)}" if other else "")


def _printable(text: str) -> str:
    return "".join(character if character.isprintable() else "?" for character in text)
