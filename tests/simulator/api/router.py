# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a method, a path, a query and a body to an operation of the contract and its parameters."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

from jsonschema import ValidationError

from ..state.refusal import Refusal
from ..state.shape import Shape
from .contract import derived
from .schemas import inlined, validator

Json = dict[str, Any]
CASTS: Mapping[str, Callable[[str], Any]] = {
    "integer": int,
    "boolean": {"true": True, "false": False}.__getitem__,
    "string": str,
}


def _hold(value: Any, check: Any) -> None:
    try:
        check.validate(value)
    except ValidationError as error:
        where = ".".join(str(part) for part in error.path)
        # No error code: the product has not looked at it.
        raise Refusal(400, error.message + (f" - '{where}'" if where else "")) from error


class _Parameter:
    """A parameter of a query or a path."""

    def __init__(self, definition: Json) -> None:
        schema = definition["schema"]
        self._cast = CASTS[schema.get("items", schema)["type"]]
        self._several = schema["type"] == "array"
        self._check = validator(schema)
        self.key = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", definition["name"]).lower()

    def read(self, texts: list[str]) -> Any:
        """The value; of several the last one counts, unless it is a list."""
        try:
            values = [self._cast(text) for text in texts]
        except (KeyError, ValueError) as error:
            raise Refusal(400, f"{self.key} cannot be {texts[-1]!r}") from error
        value = values if self._several else values[-1]
        _hold(value, self._check)
        return value


class _Route:
    """A path of the contract, with a method."""

    def __init__(self, path: str, definition: Json, parameters: list[Json]) -> None:
        self.operation_id: str = definition["operationId"]
        self.path = re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path))
        self._parameters = {one["name"]: _Parameter(one) for one in parameters if one["in"] != "header"}
        request = definition.get("requestBody", {"content": {}})
        self._bodies = [validator(one["schema"]) for one in request["content"].values()]
        self._body_required = request.get("required", False)

    def parameters(self, path: Mapping[str, str], query: Iterable[tuple[str, Any]], body: Any) -> Json:
        """What the operation is called with."""
        texts: dict[str, list[str]] = defaultdict(list)
        for name, value in (*path.items(), *query):
            texts[name].append(str(value))
        found = {one.key: one.read(texts[name]) for name, one in self._parameters.items() if name in texts}
        if not self._bodies:
            return found
        if body is None and self._body_required:
            raise Refusal(400, "Request body must not be empty")
        if body is not None:
            _hold(body, self._bodies[0])
        return {**found, "body": body}


class Router:
    """The routes of one shape. Requests are held to its contract."""

    def __init__(self, shape: Shape) -> None:
        spec = derived(shape)
        self._routes: dict[str, dict[str, _Route]] = {}
        # A path without parameters goes before one that would match it too.
        for path in sorted(spec["paths"], key=lambda one: "{" in one):
            item = inlined(_requests(spec["paths"][path]), spec["components"])
            self._routes[path] = {
                method.upper(): _Route(path, definition, [*item["parameters"], *definition.get("parameters", ())])
                for method, definition in item.items()
                if method != "parameters"
            }

    def find(self, method: str, path: str, query: Iterable[tuple[str, Any]], body: Any) -> tuple[str, Json]:
        """The operation's ID and its parameters. Raises Refusal."""
        known = False
        for routes in self._routes.values():
            match = next(iter(routes.values())).path.fullmatch(path)
            if match is None:
                continue
            known = True
            if method in routes:
                return routes[method].operation_id, routes[method].parameters(match.groupdict(), query, body)
        raise Refusal(405 if known else 404, "")


def _requests(item: Json) -> Json:
    """The part of a path that is about requests."""
    return {
        key: value if key == "parameters" else {name: part for name, part in value.items() if name != "responses"}
        for key, value in item.items()
    }


def router(shape: Shape) -> Router:
    """The router of a shape. It takes a while to make, and many appliances have the same one."""
    return _router(json.dumps(shape.as_dict()))


@lru_cache
def _router(shape: str) -> Router:
    return Router(Shape.from_dict(json.loads(shape)))
