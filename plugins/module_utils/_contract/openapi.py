# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An OpenAPI document of an appliance, version 2 or 3, read leniently: what its calls send, answer and consist of."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from .._errors import ApplianceError
from .._wording import excerpt

try:
    import yaml

    HAS_YAML = True
except ImportError:  # JSON is enough for what appliances serve
    HAS_YAML = False

Schema = Mapping[str, Any]
_PARAMETER = re.compile(r"\{[^{}]*\}")
_NONE: Schema = {}


class Document:
    """One document. Where it does not describe something, the answer is empty, never an error."""

    def __init__(self, text: str, where: str) -> None:
        """where: what the text is, for messages. Raises ApplianceError (invalid) where it is no OpenAPI document."""
        self._spec = _parse(text, where)
        self._operations = {
            (method.lower(), _PARAMETER.sub("{}", path).rstrip("/").lower()): operation
            for path, item in _mapping(self._spec.get("paths")).items()
            for method, operation in _mapping(item).items()
            if isinstance(operation, Mapping)
        }
        info = _mapping(self._spec.get("info"))
        self.title, self.version = _text(info.get("title")), _text(info.get("version"))

    def operation(self, method: str, path: str) -> Schema:
        """The call with a path below the API's root, whatever the document writes before it and in its braces."""
        wanted = _PARAMETER.sub("{}", path).lower()
        found = [
            (len(known), operation)
            for (verb, known), operation in self._operations.items()
            if verb == method.lower() and known.endswith(wanted)
        ]
        return min(found, key=lambda pair: pair[0])[1] if found else _NONE

    def sent(self, operation: Schema) -> Schema:
        """The schema of the JSON body that a call takes."""
        for parameter in operation.get("parameters") or ():
            resolved = self.resolved(_mapping(parameter))
            if resolved.get("in") == "body":
                return _mapping(resolved.get("schema"))
        return self._json_of(self.resolved(_mapping(operation.get("requestBody"))))

    def answered(self, operation: Schema) -> Schema:
        """The schema of the JSON body that a call answers when it succeeds."""
        for status, response in sorted(_mapping(operation.get("responses")).items()):
            if str(status).startswith("2"):
                resolved = self.resolved(_mapping(response))
                return _mapping(resolved.get("schema")) or self._json_of(resolved)
        return _NONE

    def named(self, name: str) -> Schema:
        """The schema of a name, without regard to case and to a namespace before it."""
        components = _mapping(_mapping(self._spec.get("components")).get("schemas"))
        for known, schema in {**components, **_mapping(self._spec.get("definitions"))}.items():
            if known.rpartition(".")[2].lower() == name.lower():
                return _mapping(schema)
        return _NONE

    def properties(self, schema: Schema) -> dict[str, Schema]:
        """The properties of an object, those of all parts that it is composed of."""
        found: dict[str, Schema] = {}
        for part in self._parts(schema, set()):
            found.update((name, _mapping(value)) for name, value in _mapping(part.get("properties")).items())
        return found

    def item(self, schema: Schema) -> Schema:
        """What a list consists of; a schema that is no list is handed back."""
        for part in self._parts(schema, set()):
            if isinstance(part.get("items"), Mapping):
                return _mapping(part["items"])
        return schema

    def kind(self, schema: Schema) -> str | None:
        """The JSON type of a schema: ``string``, ``array``, ``object`` and so on, None where it does not say."""
        for part in self._parts(schema, set()):
            declared = part.get("type")
            # Newer documents write ["string", "null"].
            kinds = [
                one for one in (declared if isinstance(declared, list) else [declared]) if one not in (None, "null")
            ]
            if kinds:
                return str(kinds[0])
            if "properties" in part:
                return "object"
        return None

    def resolved(self, schema: Schema) -> Schema:
        """What a reference within the document leads to; anything else is handed back."""
        seen: set[str] = set()
        while isinstance(schema.get("$ref"), str) and schema["$ref"] not in seen:
            seen.add(schema["$ref"])
            target: Any = self._spec
            for step in schema["$ref"].lstrip("#").strip("/").split("/"):
                target = _mapping(target).get(step.replace("~1", "/").replace("~0", "~"))
            schema = _mapping(target)
        return schema

    def label(self, schema: Schema) -> str | None:
        """The name under which a schema is known, where it is referred to by one."""
        for part in (schema, *(schema.get("allOf") or ())):
            if isinstance(_mapping(part).get("$ref"), str):
                return str(part["$ref"]).rpartition("/")[2]
        return None

    def _json_of(self, body: Schema) -> Schema:
        content = _mapping(body.get("content"))
        media = [kind for kind in content if "json" in kind.lower()] or list(content)
        return _mapping(_mapping(content[media[0]]).get("schema")) if media else _NONE

    def _parts(self, schema: Schema, seen: set[int]) -> Iterator[Schema]:
        """A schema and what it is composed of; documents may go in circles."""
        schema = self.resolved(schema)
        if id(schema) in seen:
            return
        seen.add(id(schema))
        yield schema
        for composition in ("allOf", "oneOf", "anyOf"):
            for part in schema.get(composition) or ():
                yield from self._parts(_mapping(part), seen)


def _parse(text: str, where: str) -> Schema:
    try:
        spec = json.loads(text)
    except (ValueError, RecursionError):
        spec = _from_yaml(text)
    if isinstance(spec, Mapping) and isinstance(spec.get("paths"), Mapping) and {"openapi", "swagger"} & set(spec):
        return spec
    without = "" if HAS_YAML else " Only JSON can be read here, since Python has no PyYAML."
    raise ApplianceError(
        f'{where} is no OpenAPI document. It begins with: "{excerpt(text, 100)}"',
        reason="invalid",
        stage="contract",
        remedy="Give the address or the file of the JSON document itself; that of a page that shows it does not "
        f"serve.{without}",
    )


def _from_yaml(text: str) -> Any:
    try:
        return yaml.safe_load(text) if HAS_YAML else None
    except (yaml.YAMLError, RecursionError):
        return None


def _mapping(value: Any) -> Schema:
    return value if isinstance(value, Mapping) else _NONE


def _text(value: Any) -> str | None:
    return str(value) if value not in (None, "") else None
