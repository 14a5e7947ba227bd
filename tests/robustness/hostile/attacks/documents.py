# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""OpenAPI documents that an appliance serves, for the module that compares one with the contract."""

from __future__ import annotations

import json
import random
from typing import Any

from ansible_collections.vbaws.appliance.tests.robustness.hostile.attacks.act import Act, Chance
from ansible_collections.vbaws.appliance.tests.robustness.hostile.attacks.bodies import VALUES, dumps
from ansible_collections.vbaws.appliance.tests.robustness.hostile.servers.server import Exchange


def _bomb() -> bytes:
    lines = ["openapi: 3.0.0", "a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9)]
    return "\n".join([*lines, "paths: *a8", "components: {schemas: {AmazonOrganizationSpec: *a8}}"]).encode()


def _chain(length: int) -> bytes:
    schemas: dict[str, Any] = {f"S{n}": {"allOf": [{"$ref": f"#/components/schemas/S{n + 1}"}]} for n in range(length)}
    schemas[f"S{length}"] = {"type": "object", "properties": {"name": {"type": "string"}}}
    body = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/S0"}}}}
    paths = {
        "/organizations/amazon": {"post": {"requestBody": body}},
        "/organizations/amazon/{organizationId}": {"put": {"requestBody": body}},
    }
    return json.dumps(
        {"openapi": "3.0.0", "info": {"version": "1"}, "paths": paths, "components": {"schemas": schemas}}
    ).encode()


YAML = b"""openapi: 3.0.3
info: {title: x, version: 1.7-rev0}
paths:
  /organizations/amazon:
    on: true
    get:
      responses:
        200: {description: ok, content: {application/json: {schema: {type: object}}}}
        default: {description: error}
    post:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}
      responses: {202: {description: ok}, default: {description: no}}
components: {schemas: {A: {type: object, properties: {organization: {type: object}, 1: 2, yes: no}}}}
"""


def _body(schema: str, schemas: str = "{}") -> bytes:
    """A document whose one operation has this schema."""
    content = f'{{"requestBody": {{"content": {{"application/json": {{"schema": {schema}}}}}}}}}'
    paths = f'{{"/organizations/amazon": {{"post": {content}}}}}'
    return f'{{"openapi": "3.0.0", "paths": {paths}, "components": {{"schemas": {schemas}}}}}'.encode()


DOCUMENTS = {
    "YAML with numbers as keys": YAML,
    "alias bomb": _bomb(),
    "allOf chain of 3,000": _chain(3000),
    "allOf chain of 300": _chain(300),
    "reference to itself": json.dumps(
        {"openapi": "3.0.0", "paths": {"/organizations/amazon": {"$ref": "#/paths/~1organizations~1amazon"}}}
    ).encode(),
    "circle of schemas": _body(
        '{"$ref": "#/components/schemas/A"}',
        '{"A": {"allOf": [{"$ref": "#/components/schemas/B"}]}, "B": {"$ref": "#/components/schemas/A"}}',
    ),
    "alias to itself": b"openapi: 3.0.0\npaths: &a\n  /organizations/amazon: *a\n",
    "paths is a number": b'{"openapi": "3.0.0", "paths": 17}',
    "openapi is a number": b'{"openapi": 3, "paths": {"/organizations/amazon": 3}}',
    "methods are numbers": b'{"openapi": "3.0.0", "paths": {"/organizations/amazon": {"post": 1, "get": []}}}',
    "schemas are numbers": _body("7", "5"),
    "reference is a number": _body('{"$ref": 5}'),
    "servers with odd addresses": b'{"openapi": "3.0.0", "servers": [{"url": "https://["}, 5], "paths": {"/x": {}}}',
    "swagger 2 with odd basePath": b'{"swagger": "2.0", "basePath": 5, "host": "[", "paths": {"/x": {}}}',
    "YAML tags": b"!!python/object/apply:os.system ['id']",
    "YAML times": b"openapi: 2001-12-14t21:59:43.10-05:00\npaths: 2002-12-14\n",
    "YAML sets and binary": b"openapi: 3.0.0\npaths: !!set {a, b}\nx: !!binary aGVsbG8=\n",
    "YAML that is deep": b"openapi: " + b"[" * 3000,
    "YAML complex keys": b"openapi: 3.0.0\n? [a, b]\n: c\npaths: {? {a: b} : c}\n",
    "YAML merge": b"a: &a {<<: *a}\nopenapi: 3.0.0\n",
}


def document(chance: Chance, which: str | None = None) -> Act:
    """A document of somebody's own."""
    name = which or chance.choice(list(DOCUMENTS))

    def work(exchange: Exchange) -> None:
        kind = "application/json" if DOCUMENTS[name].startswith(b"{") else "application/yaml"
        exchange.answer(200, DOCUMENTS[name], {"Content-Type": kind})

    return Act("OpenAPI document", name, work)


def spoilt(chance: Chance) -> Act:
    """The honest document with a node that is something else."""
    name, where = chance.choice(list(VALUES)), chance.random()

    def work(exchange: Exchange) -> None:
        good = exchange.good()
        document = json.loads(good.body)
        at, key = document, "paths"
        steps = chance_steps(where)
        for step in steps:
            if isinstance(at[key], dict) and at[key]:
                at = at[key]
                key = list(at)[int(step * len(at))]
        at[key] = VALUES[name]()
        exchange.answer(200, dumps(document), {"Content-Type": "application/json"})

    return Act("OpenAPI document", f"a node at {where:.4f} becomes {name}", work)


def chance_steps(where: float) -> list[float]:
    """Numbers from 0 to 1 that follow from one: the way into a document."""
    chance = random.Random(where)
    return [chance.random() for _step in range(chance.randint(1, 9))]
