# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The property names of the contract, by the collection's own names."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

CONTRACT_FILE = Path(__file__).resolve().parents[3] / "docs" / "openapi" / "organizations-1.7-rev0.yaml"


@cache
def _contract_text() -> str:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return json.dumps(yaml.load(CONTRACT_FILE.read_text(encoding="utf-8"), loader))  # noqa: S506  (a safe loader)


def contract() -> dict[str, Any]:
    """A new copy of the contract, in which nothing is shared: it may be changed."""
    copy: dict[str, Any] = json.loads(_contract_text())
    return copy


def named_properties(schemas: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """The name of the schema, of the property, and the property, for each one that the collection has a name for."""
    for schema_name, schema in schemas.items():
        for name, definition in schema.get("properties", {}).items():
            if "x-collection-name" in definition:
                yield schema_name, name, definition


def _table() -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    documented: dict[str, str] = {}
    alternatives: dict[str, tuple[str, ...]] = {}
    for _schema, name, definition in named_properties(contract()["components"]["schemas"]):
        key = definition["x-collection-name"]
        documented[key] = name
        if definition.get("x-also-read-as"):
            alternatives[key] = tuple(definition["x-also-read-as"])
    return documented, alternatives


DOCUMENTED, ALTERNATIVES = _table()
"""The contract's name of each property, and the other names that are understood."""

LIST_ITEM_KEYS = tuple(
    key for key in DOCUMENTED if key.startswith("organization.") and key not in ("organization.id", "organization.name")
)
"""What an item of the list of organizations may lack."""
