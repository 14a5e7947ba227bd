# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is asked of every request first: the API revision, the licence agreement, who sends it, and whether they may."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from ..state.appliance import Appliance
from ..state.refusal import Refusal, bad_request
from ..state.settings import Settings, User

REVISION = re.compile(r"\d+\.\d+-rev\d+")


def refusal(settings: Settings, headers: Iterable[tuple[bytes, bytes]]) -> Refusal | None:
    """Why a request is not even looked at; None if it is."""
    asked = {value.decode("latin-1").strip() for name, value in headers if name == b"x-api-version"} - {""}
    accepted = ", ".join(settings.revisions)
    if not asked:
        return bad_request(
            f"An API version is required, but was not specified. This appliance accepts {accepted}.",
            "apiVersionUnspecified",
        )
    if len(asked) > 1:
        return bad_request(
            f"These API versions were requested at once: {', '.join(sorted(asked))}.", "ambiguousApiVersion"
        )
    (revision,) = asked
    if REVISION.fullmatch(revision) is None:
        return bad_request(f'"{revision}" is no API version. This appliance accepts {accepted}.', "invalidApiVersion")
    if revision not in settings.revisions:
        return bad_request(
            f"The API version {revision} is not supported. This appliance accepts {accepted}.", "unsupportedApiVersion"
        )
    if not settings.eula_accepted:
        return Refusal(
            403, "The licence agreement (EULA) of this appliance has not been accepted yet.", "EulaNotAccepted"
        )
    return None


def token(headers: Mapping[str, str]) -> str:
    """The access token that a request presents."""
    return headers.get("authorization", "").partition(" ")[2]


def user(appliance: Appliance, access_token: str, method: str, path: str) -> User:
    """Who sends a request; refused if the token is not good, or the user may only look and this changes something."""
    found = appliance.tokens.user_of(access_token)
    if not found.may_change and _changes(method, path):
        raise Refusal(403, f"The role {found.role} does not allow this.", "AccessDenied")
    return found


def _changes(method: str, path: str) -> bool:
    if path.endswith("/token"):
        return False
    return method in ("PUT", "DELETE") or (
        method == "POST" and path.endswith(("/amazon", "/rescan", "/testConfiguration"))
    )
