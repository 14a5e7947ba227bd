# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Organizations as YAML: Ansible reads every text as it is and takes none for a template."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping
from typing import Any

import yaml

from .._printable import printable

# In the order of the file. An unknown option is an error, so that none is lost.
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


def organization_item(organization: Mapping[str, Any], indent: str) -> str:
    """Return an organization as an item of a list, with its comments.

    organization: as vbaws.appliance.organization_info returns it. indent: the white space before the dash.
    Raises ValueError if its config has an unknown option.
    """
    config = organization["config"]
    unknown = sorted(set(config) - set(OPTIONS))
    if unknown:
        raise ValueError(f"The config of {organization['name']!r} has an option that is not known: {unknown[0]}.")
    options = [option for option in OPTIONS if option in config]
    lines = [line for option in options for line in _option_lines(option, config[option], organization["unit_paths"])]
    item = [("- " if number == 0 else "  ") + line for number, line in enumerate(lines)]
    comments = [line for sentence in organization["not_in_config"] for line in comment_lines(sentence)]
    return "".join(f"{indent}{line}\n" for line in (*comments, *item))


def comment_lines(sentence: str) -> list[str]:
    """Return a sentence as lines of a comment, without characters that would end it."""
    return [f"# {line}" for line in textwrap.wrap(printable(sentence), _WIDTH)]


def scalar(text: str) -> str:
    """Return a text as a scalar on one line, quoted if necessary, and as !unsafe if it looks like a template."""
    if "{" in text or text.startswith("#jinja2:"):
        return f"!unsafe {_dump(text, quoted=True)}"
    return _dump(text, quoted=not text.isprintable())


def _dump(text: str, *, quoted: bool) -> str:
    style = '"' if quoted else None
    # YAML itself would keep bidi marks and invisible characters as they are, which a diff of the file would obey.
    dumped: str = yaml.safe_dump(text, default_style=style, allow_unicode=text.isprintable(), width=float("inf"))
    return dumped.removesuffix("...\n").rstrip("\n")


def _option_lines(option: str, value: Any, unit_paths: Mapping[str, str]) -> Iterable[str]:
    if option != "limited_scopes":
        yield f"{option}: {scalar(value)}"
        return
    yield f"{option}:"
    ids = {path: unit for unit, path in unit_paths.items()}
    for scope in value:
        yield f"  - name: {scalar(scope['name'])}"
        yield "    organizational_units:"
        for unit in scope["organizational_units"]:
            other = unit_paths.get(unit) or ids.get(unit)  # a path for an AWS ID, an AWS ID for a path
            yield f"      - {scalar(unit)}" + (f"  # {printable(other)}" if other else "")
