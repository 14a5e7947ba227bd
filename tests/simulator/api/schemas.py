# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Holds values to the schemas of the contract, which are JSON Schema with a `nullable` of their own."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from typing import Any

from jsonschema import Draft4Validator
from jsonschema.validators import extend


def _is_uuid(value: object) -> bool:
    return not isinstance(value, str) or bool(uuid.UUID(value))


# This draft of JSON Schema has no such format.
Draft4Validator.FORMAT_CHECKER.checks("uuid", raises=ValueError)(_is_uuid)


def _or_null(keyword: str) -> Callable[..., Iterator[Any]]:
    validate = Draft4Validator.VALIDATORS[keyword]

    def nullable(validator: Any, wanted: Any, instance: Any, schema: dict[str, Any]) -> Iterator[Any]:
        if instance is not None or not schema.get("nullable"):
            yield from validate(validator, wanted, instance, schema)

    return nullable


_Validator: Any = extend(  # type: ignore[no-untyped-call]
    Draft4Validator, {keyword: _or_null(keyword) for keyword in ("type", "enum")}
)


def validator(schema: dict[str, Any]) -> Draft4Validator:
    """A validator for a schema without references."""
    made: Draft4Validator = _Validator(schema, format_checker=Draft4Validator.FORMAT_CHECKER)
    return made


def inlined(schema: Any, components: dict[str, Any]) -> Any:
    """A schema with what it refers to in the place of the references. It must not refer to itself."""
    if isinstance(schema, dict):
        if "$ref" in schema:
            _hash, _components, kind, name = schema["$ref"].split("/")
            return inlined(components[kind][name], components)
        return {key: inlined(value, components) for key, value in schema.items()}
    return [inlined(one, components) for one in schema] if isinstance(schema, list) else schema
