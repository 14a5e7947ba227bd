# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An OpenAPI document of an appliance, version 2 or 3, read leniently: what its calls send, answer and consist of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from .._errors import ApplianceError
from .._http.decoding import OutOfBounds
from .notation import Unreadable, read

if TYPE_CHECKING:
    from .._http.deadline import Deadline

Schema = Mapping[str, Any]

LONGEST_TEXT = 200
"""Characters of a title, a version or a name. Longer texts are not read, because they would be part of the result."""

MOST_PROPERTIES = 100
"""Properties of an object that are read."""

_LONGEST_REFERENCE = 1000
_PARAMETER = re.compile(r"\{[^{}]*\}")
_NONE: Schema = {}
_END = object()


class Document:
    """One document. If it does not describe something, the answer is empty, never an error.

    A hostile document can make each answer long work. All methods raise ApplianceError (timeout) after the deadline.
    """

    def __init__(self, text: str, where: str, deadline: Deadline) -> None:
        """where: what the text is, for messages. Raises ApplianceError (invalid) if it is not an OpenAPI document."""
        self._deadline = deadline
        self._spec = _parse(text, where, deadline)
        self._operations = {
            (method.lower(), _PARAMETER.sub("{}", path).rstrip("/").lower()): operation
            for path, item in _mapping(self._spec.get("paths")).items()
            for method, operation in _mapping(item).items()
            if isinstance(operation, Mapping)
        }
        info = _mapping(self._spec.get("info"))
        self.title, self.version = _short(info.get("title")), _short(info.get("version"))

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
        for parameter in _list(operation.get("parameters")):
            resolved = self.resolved(_mapping(parameter))
            if resolved.get("in") == "body":
                return _mapping(resolved.get("schema"))
        return self._json_of(self.resolved(_mapping(operation.get("requestBody"))))

    def answered(self, operation: Schema) -> Schema:
        """The schema of the JSON body that a call answers when it succeeds."""
        responses = _mapping(operation.get("responses"))
        for status in sorted(responses):
            if status.startswith("2"):
                resolved = self.resolved(_mapping(responses[status]))
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
        for part in self._parts(schema):
            for name, value in islice(_mapping(part.get("properties")).items(), MOST_PROPERTIES):
                if _short(name) and (name in found or len(found) < MOST_PROPERTIES):
                    found[name] = _mapping(value)
        return found

    def item(self, schema: Schema) -> Schema:
        """What a list consists of; a schema that is not a list is handed back."""
        for part in self._parts(schema):
            if isinstance(part.get("items"), Mapping):
                return _mapping(part["items"])
        return schema

    def kind(self, schema: Schema) -> str | None:
        """The JSON type of a schema: ``string``, ``array``, ``object`` and so on, None if it has none."""
        for part in self._parts(schema):
            declared = part.get("type")
            # Newer documents write ["string", "null"].
            for kind in declared if isinstance(declared, list) else [declared]:
                if isinstance(kind, str) and kind != "null":
                    return kind
            if "properties" in part:
                return "object"
        return None

    def resolved(self, schema: Schema) -> Schema:
        """What a reference within the document leads to; anything else is handed back."""
        seen: set[str] = set()
        while isinstance(reference := schema.get("$ref"), str) and reference not in seen:
            # Whatever takes long resolves many references.
            self._deadline.require()
            seen.add(reference)
            schema = self._target(reference)
        return schema

    def label(self, schema: Schema) -> str | None:
        """The name under which a schema is known, if it is referred to by one."""
        for part in (schema, *_list(schema.get("allOf"))):
            reference = _mapping(part).get("$ref")
            if isinstance(reference, str):
                return _short(reference.rpartition("/")[2])
        return None

    def _target(self, reference: str) -> Schema:
        target: Any = self._spec
        if len(reference) > _LONGEST_REFERENCE:
            return _NONE
        for step in reference.lstrip("#").strip("/").split("/"):
            if isinstance(target, list):
                target = target[int(step)] if re.fullmatch("[0-9]{1,9}", step) and int(step) < len(target) else None
            else:
                target = _mapping(target).get(step.replace("~1", "/").replace("~0", "~"))
        return _mapping(target)

    def _json_of(self, body: Schema) -> Schema:
        content = _mapping(body.get("content"))
        media = [kind for kind in content if "json" in kind.lower()] or list(content)
        return _mapping(_mapping(content[media[0]]).get("schema")) if media else _NONE

    def _parts(self, schema: Schema) -> Iterator[Schema]:
        """A schema and what it is composed of, each once, because documents may go in circles."""
        seen: set[int] = set()
        # Iterators, because the parts of two schemas of a YAML document can be one list, which would be copied.
        waiting: list[Iterator[Any]] = [iter([schema])]
        while waiting:
            self._deadline.require()
            one = next(waiting[-1], _END)
            if one is _END:
                waiting.pop()
                continue
            part = self.resolved(_mapping(one))
            if id(part) not in seen:
                seen.add(id(part))
                yield part
                waiting.append(chain(*[_list(part.get(key)) for key in ("allOf", "oneOf", "anyOf")]))


def _parse(text: str, where: str, deadline: Deadline) -> Schema:
    try:
        spec = read(text, deadline)
        if isinstance(spec, dict) and isinstance(spec.get("paths"), dict) and ("openapi" in spec or "swagger" in spec):
            return spec
        why = "is not an OpenAPI document: it does not have the keys openapi or swagger, and paths"
    except OutOfBounds as error:
        why = str(error)
    except Unreadable as error:
        why = f"is not an OpenAPI document: {error}"
    raise ApplianceError(
        f"{where} {why}",
        reason="invalid",
        stage="contract",
        remedy="Give the JSON or YAML document itself. The page that shows it in a browser is not the document.",
    )


def _mapping(value: Any) -> Schema:
    return value if isinstance(value, Mapping) else _NONE


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _short(value: Any) -> str | None:
    """A text that can be part of a result, None if it is empty or too long."""
    return value if isinstance(value, str) and 0 < len(value) <= LONGEST_TEXT else None
