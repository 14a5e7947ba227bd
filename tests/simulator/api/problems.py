# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The body that tells a refusal."""

from __future__ import annotations

import hashlib
from http import HTTPStatus
from typing import Any

from ..state.refusal import Refusal
from ..state.shape import Shape

CODES = {401: "AccessDenied", 404: "InvalidURI", 405: "MethodNotAllowed", 500: "UnknownError"}


class ProblemBodies:
    """Writes problem bodies the way one appliance does."""

    def __init__(self, shape: Shape) -> None:
        self.media_type = shape.problem_media_type
        self._shape = shape

    def of(self, refusal: Refusal, instance: str) -> dict[str, Any]:
        """The body of a refusal. `instance` is the path of the request."""
        status = refusal.status
        if status == 400 and not refusal.error_code and self._shape.framework_problems:
            return {
                "type": "https://tools.ietf.org/html/rfc7231#section-6.5.1",
                "title": "One or more validation errors occurred.",
                "status": status,
                "traceId": "00-" + hashlib.sha256(instance.encode()).hexdigest()[:32],
                "errors": {"request": [refusal.details.partition("\n")[0]]},
            }
        title = HTTPStatus(status).phrase
        body: dict[str, Any] = {
            "title": title,
            "status": status,
            "errorCode": refusal.error_code or CODES.get(status, "UnexpectedContent"),
            "details": (refusal.details or title).partition("\n")[0],
            "instance": instance,
            "data": None,
        }
        if self._shape.problem_type:
            body["type"] = "about:blank"
        return {key: value for key, value in body.items() if value is not None or self._shape.nulls == "null"}
