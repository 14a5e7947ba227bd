# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The API, built from the contract: requests and answers are held to it, operations find functions by their IDs."""

from __future__ import annotations

import json
import logging
import uuid
from collections.abc import Callable
from typing import Any

from jsonschema import Draft4Validator

from ..api.contract import derived
from ..api.operations.access import AccessOperations
from ..api.operations.checks import CheckOperations
from ..api.operations.organizations import OrganizationOperations
from ..api.operations.structure import StructureOperations
from ..api.problems import ProblemBodies, Refusal, bad_request
from ..api.wire_in import WireIn
from ..api.wire_out import WireOut
from ..state.appliance import Appliance
from .library import (
    AsyncApp,
    BearerSecurityHandler,
    ConnexionRequest,
    ConnexionResponse,
    ContextMiddleware,
    ExceptionMiddleware,
    HTTPException,
    ProblemException,
    RequestValidationMiddleware,
    Resolver,
    ResponseValidationMiddleware,
    RoutingMiddleware,
    SecurityMiddleware,
)

MIDDLEWARES = [
    ExceptionMiddleware,
    RoutingMiddleware,
    SecurityMiddleware,
    RequestValidationMiddleware,
    ResponseValidationMiddleware,
    ContextMiddleware,
]

logger = logging.getLogger("simulator")


def _is_uuid(value: object) -> bool:
    return not isinstance(value, str) or bool(uuid.UUID(value))


# The library validates by a draft of JSON Schema in which this format does not exist yet.
Draft4Validator.FORMAT_CHECKER.checks("uuid", raises=ValueError)(_is_uuid)


def _security(appliance: Appliance) -> type[BearerSecurityHandler]:
    def verify(token: str, request: ConnexionRequest) -> dict[str, Any]:
        user = appliance.tokens.user_of(token)
        if not user.may_change and _changes(request.scope["method"], request.scope["path"]):
            raise Refusal(403, "AccessDenied", f"The role {user.role} does not allow this.")
        return {"sub": user.name}

    class Handler(BearerSecurityHandler):  # type: ignore[misc]
        def _resolve_func(self, _scheme: dict[str, Any]) -> Callable[..., Any]:
            return verify

    return Handler


def _changes(method: str, path: str) -> bool:
    if path.endswith("/token"):
        return False
    return method in ("PUT", "DELETE") or (
        method == "POST" and path.endswith(("/amazon", "/rescan", "/testConfiguration"))
    )


def build(appliance: Appliance) -> AsyncApp:
    """The API of an appliance, as an ASGI application. The shape of the appliance is read once, here."""
    shape = appliance.shape
    spec = derived(shape)
    wire_in, out, problems = WireIn(shape), WireOut(shape), ProblemBodies(shape)
    operations = (
        AccessOperations(appliance, out),
        OrganizationOperations(appliance, wire_in, out),
        StructureOperations(appliance, out),
        CheckOperations(appliance, wire_in, out),
    )
    problem_schema = Draft4Validator(_plain(spec["components"]["schemas"]["Problem"]))

    def function_of(operation_id: str) -> Callable[..., Any]:
        function: Callable[..., Any] = next(
            getattr(one, operation_id) for one in operations if hasattr(one, operation_id)
        )
        return function

    async def refused(request: ConnexionRequest, error: Exception) -> ConnexionResponse:
        problem = _as_problem(error)
        if problem.status == 500:
            # Nothing refuses with that: the simulator itself is wrong.
            appliance.violations.append(f"{request.scope['method']} {request.scope['path']}: {problem.detail}")
            logger.error("%s", appliance.violations[-1], exc_info=error)
        body = problems.of(problem, request.scope["path"])
        problem_schema.validate(body)
        return ConnexionResponse(
            int(problem.status), content_type=problems.media_type, mimetype=problems.media_type, body=json.dumps(body)
        )

    app = AsyncApp(__name__, middlewares=list(MIDDLEWARES), pythonic_params=True)
    app.add_api(
        spec,
        resolver=Resolver(function_of),
        validate_responses=True,
        security_map={"bearer": _security(appliance)},
    )
    for kind in (ProblemException, HTTPException, Exception):
        app.add_error_handler(kind, refused)
    return app


def _as_problem(error: Exception) -> Any:
    if isinstance(error, ProblemException):
        # No other status is documented for a body of the wrong kind.
        return bad_request(str(error.detail)) if error.status == 415 else error
    if isinstance(error, HTTPException):
        return ProblemException(status=error.status_code, detail=str(error.detail))
    return ProblemException(status=500, detail=f"The simulated appliance failed: {error!r}")


def _plain(schema: Any) -> Any:
    """A schema of OpenAPI in the words of JSON Schema, as far as the problem body needs it."""
    if isinstance(schema, dict):
        plain = {key: _plain(value) for key, value in schema.items() if key != "nullable"}
        if schema.get("nullable") and isinstance(schema.get("type"), str):
            plain["type"] = [schema["type"], "null"]
        return plain
    return schema
