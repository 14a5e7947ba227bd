# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Refusals, and the body that tells them."""

from __future__ import annotations

import hashlib
from http import HTTPStatus
from typing import Any

from ..state.shape import Shape
from ..web.library import ProblemException


class Refusal(ProblemException):  # type: ignore[misc]
    """The appliance does not do it. Carries what the problem body says."""

    def __init__(self, status: int, error_code: str, details: str, data: dict[str, Any] | None = None) -> None:
        super().__init__(status=status, title=HTTPStatus(status).phrase, detail=details)
        self.error_code = error_code
        self.data = data


def bad_request(details: str, error_code: str = "UnexpectedContent", data: dict[str, Any] | None = None) -> Refusal:
    """400: what was sent makes no sense, or is not allowed as things are."""
    return Refusal(400, error_code, details, data)


def not_found(what: str, which: str) -> Refusal:
    """404: something that the request names does not exist."""
    return Refusal(404, "NotFound", f"{what} with the ID {which} does not exist.")


class ProblemBodies:
    """Writes problem bodies the way one appliance does."""

    def __init__(self, shape: Shape) -> None:
        self.media_type = shape.problem_media_type
        self._shape = shape

    def of(self, problem: ProblemException, instance: str) -> dict[str, Any]:
        """The body of a refusal, or of what the web framework raised."""
        status = int(problem.status)
        title = HTTPStatus(status).phrase
        if status == 400 and not isinstance(problem, Refusal) and self._shape.framework_problems:
            return {
                "type": "https://tools.ietf.org/html/rfc7231#section-6.5.1",
                "title": "One or more validation errors occurred.",
                "status": status,
                "traceId": "00-" + hashlib.sha256(instance.encode()).hexdigest()[:32],
                "errors": {"request": [str(problem.detail).partition("\n")[0]]},
            }
        codes = {401: "AccessDenied", 404: "InvalidURI", 405: "MethodNotAllowed", 500: "UnknownError"}
        body: dict[str, Any] = {
            "title": title,
            "status": status,
            "errorCode": getattr(problem, "error_code", codes.get(status, "UnexpectedContent")),
            "details": str(problem.detail or title).partition("\n")[0],
            "instance": instance,
            "data": getattr(problem, "data", None),
        }
        if self._shape.problem_type:
            body["type"] = "about:blank"
        return {key: value for key, value in body.items() if value is not None or self._shape.nulls == "null"}
