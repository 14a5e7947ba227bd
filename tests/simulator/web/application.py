# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The API, built from the contract: requests and answers are held to it, operations find functions by their IDs."""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from ..api import gate
from ..api.contract import derived
from ..api.schemas import inlined, validator
from ..api.service import Service
from ..state.appliance import Appliance
from ..state.refusal import Refusal, bad_request
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
    request,
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


def _security(appliance: Appliance) -> type[BearerSecurityHandler]:
    def verify(token: str, request: ConnexionRequest) -> dict[str, Any]:
        return {"sub": gate.user(appliance, token, request.scope["method"], request.scope["path"]).name}

    class Handler(BearerSecurityHandler):  # type: ignore[misc]
        def _resolve_func(self, _scheme: dict[str, Any]) -> Callable[..., Any]:
            return verify

    return Handler


def _function(service: Service, operation_id: str) -> Callable[..., Awaitable[Any]]:
    async def function(**given: Any) -> tuple[Any, int, dict[str, str]]:
        # The library adds what it knows of the user.
        parameters = {key: value for key, value in given.items() if key not in ("user", "token_info")}
        status, headers, body = service.run(operation_id, parameters, request.headers)
        # It wants a media type even where there is no content.
        return body, status, {"Content-Type": "application/json", **headers}

    return function


def build(appliance: Appliance) -> AsyncApp:
    """The API of an appliance, as an ASGI application. The shape of the appliance is read once, here."""
    spec = derived(appliance.shape)
    service = Service(appliance)
    problem_schema = validator(inlined(spec["components"]["schemas"]["Problem"], spec["components"]))

    async def refused(request: ConnexionRequest, error: Exception) -> ConnexionResponse:
        method, path, refusal = request.scope["method"], request.scope["path"], _as_refusal(error)
        if refusal.status == 500:
            # Nothing refuses with that: the simulator itself is wrong.
            appliance.violations.append(f"{method} {path}: {refusal.details}")
            logger.error("%s", appliance.violations[-1], exc_info=error)
        status, headers, body = service.refused(refusal, path)
        problem_schema.validate(body)
        media_type = headers["Content-Type"]
        return ConnexionResponse(status, content_type=media_type, mimetype=media_type, body=json.dumps(body))

    app = AsyncApp(__name__, middlewares=list(MIDDLEWARES), pythonic_params=True)
    app.add_api(
        spec,
        resolver=Resolver(lambda operation_id: _function(service, operation_id)),
        validate_responses=True,
        security_map={"bearer": _security(appliance)},
    )
    for kind in (Refusal, ProblemException, HTTPException, Exception):
        app.add_error_handler(kind, refused)
    return app


def _as_refusal(error: Exception) -> Refusal:
    """What refused: the product, or the library before it."""
    if isinstance(error, Refusal):
        return error
    if isinstance(error, ProblemException):
        # No other status is documented for a body of the wrong kind.
        return bad_request(str(error.detail)) if error.status == 415 else Refusal(error.status, str(error.detail or ""))
    if isinstance(error, HTTPException):
        return Refusal(error.status_code, str(error.detail))
    return Refusal(500, f"The simulated appliance failed: {error!r}")
