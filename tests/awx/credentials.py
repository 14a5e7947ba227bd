# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWX makes of a credential: the environment of a job, and files in its private folder."""

from __future__ import annotations

import tempfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import yaml
from jinja2 import StrictUndefined, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = ROOT / "docs" / "awx"
TYPES = {"appliance", "fleet_login"}


def credential_type(name: str) -> dict[str, Any]:
    """The type in a file of docs/awx/credential_types."""
    text = (DOCUMENTS / "credential_types" / f"{name}.yml").read_text(encoding="utf-8")
    document: dict[str, Any] = yaml.safe_load(text)
    return document


def inject(kind: dict[str, Any], inputs: dict[str, str | bool], folder: Path) -> dict[str, str]:
    """Returns the variables of a job that has a credential with these inputs; its file is written into a folder.

    A blank text is not known to the templates at all, and a checkbox that nobody touched is False.
    """
    known: dict[str, Any] = {name: value for name, value in inputs.items() if value != ""}
    for field in kind["inputs"]["fields"]:
        if field["type"] == "boolean":
            known.setdefault(field["id"], False)
    return _render(kind, known, folder, Undefined)


def inject_example(kind: dict[str, Any], folder: Path) -> dict[str, str]:
    """Renders the injectors as AWX does before it saves the type: every field has a text, nothing else is defined."""
    example = {field["id"]: "EXAMPLE" for field in kind["inputs"]["fields"]}
    return _render(kind, example, folder, StrictUndefined)


def _render(kind: dict[str, Any], known: dict[str, Any], folder: Path, undefined: type[Undefined]) -> dict[str, str]:
    templates = ImmutableSandboxedEnvironment(undefined=undefined)
    injectors = kind["injectors"]
    (label,) = injectors["file"]  # a second file would need another name for each
    assert label == "template"
    with tempfile.NamedTemporaryFile("w", dir=folder, delete=False, encoding="utf-8") as file:
        file.write(templates.from_string(injectors["file"][label]).render(known))
    namespace = {**known, "tower": SimpleNamespace(filename=file.name)}
    return {name: templates.from_string(text).render(namespace) for name, text in injectors["env"].items()}
