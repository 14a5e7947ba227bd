# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an appliance is: its version, the revisions of the API that it accepts, and whether assumed names hold there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from .._appliance.api import Api
from .._contract.compare import compare
from .._contract.openapi import Document
from .._errors import ApplianceError, NotFound, Refused
from .._module.task import Task
from .._rest.refusals import REVISIONS
from .._rest.response import Answer

_PRODUCTS = tuple(product for product, _newest in REVISIONS)


def appliance_info(task: Task) -> dict[str, Any]:
    """Asks the appliance what it is and returns the result of the module."""
    api = Api(task.client)
    asked = task.client.api_version
    accepted, version = _revisions(api, task, asked)
    revision = asked if asked in accepted else accepted[-1]
    if asked not in accepted:
        task.warn(
            f"The appliance {task.client.where} does not accept the revision {asked} of the option api_version. For "
            f"the other modules set api_version to one that it accepts: {', '.join(accepted)}."
        )
    task.client.use_api_version(revision)
    text = version.get("version")
    number = text.strip() if isinstance(text, str) else None
    about = version.get("about")
    return {
        "changed": False,
        "version": number,
        "about": about.strip() if isinstance(about, str) else None,
        "product": _product(number or ""),
        "api_version": revision,
        "api_versions": accepted,
        "contract": _contract(api, task),
    }


def _revisions(api: Api, task: Task, asked: str) -> tuple[list[str], dict[str, Any]]:
    """The revisions that the appliance accepts, the oldest first, and its version. Raises ApplianceError.

    Only a refusal of the revision itself counts as not accepted: whatever else goes wrong is an error, so that an
    appliance which is being restarted accepts nothing less than it did.
    """
    accepted: list[str] = []
    version: dict[str, Any] | None = None
    last: ApplianceError | None = None
    # That of the option first: with it the login works, unless the option is wrong.
    candidates = list(dict.fromkeys([asked, *(one.strip() for one in task.options["api_versions"])]))
    for revision in candidates:
        task.client.use_api_version(revision)
        try:
            version = api.get_version()
        except NotFound as error:
            # The revision was understood; the call is what it lacks.
            last = error
        except Refused as error:
            if error.reason != "api_version":
                raise
            last = error
            continue
        accepted.append(revision)
    if last is not None and not accepted:
        last.message = f"The appliance {task.client.where} accepts none of the revisions {', '.join(candidates)}"
        last.remedy = "Give the revisions of its product with the option api_versions"
    if last is not None and version is None:
        raise last
    return sorted(accepted, key=_order), version or {}


def _order(revision: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", revision)]


def _product(version: str) -> str | None:
    """Which of the products with a documented revision this is, by the first two numbers of its version."""
    numbers = re.match(r"(\d+)(?:\.(\d+))?", version)
    if not numbers:
        return None
    major, minor = numbers.groups()
    wanted = major if minor in (None, "0") else f"{major}.{minor}"
    return wanted if wanted in _PRODUCTS else None


def _contract(api: Api, task: Task) -> dict[str, Any] | None:
    source: Mapping[str, Any] = task.options.get("openapi") or {}
    if not source:
        return None
    if source.get("url"):
        answer = _served(api, _path_of(source["url"], task))
        document = Document(answer.text, f"What {task.client.where} serves at {answer.path}")
    else:
        document = Document(_file(source["path"]), f"The file {source['path']}")
    result = compare(document)
    uncertain = [one for one in result["properties"] if not one["certain"]]
    if uncertain:
        alike = ", ".join(sorted({f"{one['key']} is {one['found']}" for one in uncertain}))
        task.warn(
            "The OpenAPI document has none of the known names for some properties, but one that looks like it: "
            f"{alike}. Read in the document that it means the same before you use these wire_names."
        )
    return result


def _served(api: Api, path: str) -> Answer:
    try:
        return api.get_document(path)
    except NotFound as error:
        error.remedy = (
            "Open the documentation of the API that the appliance serves with a browser and see from where it loads "
            "its JSON document"
        )
        error.stage = "contract"
        raise


def _path_of(url: str, task: Task) -> str:
    """The path to ask this appliance for. A URL of another host would be sent this one's token."""
    parts = urlsplit(url.strip())
    if parts.scheme or parts.netloc:
        if parts.scheme != "https" or parts.netloc.lower() != task.client.where.lower():
            raise ApplianceError(
                f"The option openapi.url names another place than https://{task.client.where}, to which the task is "
                "connected",
                reason="invalid",
                stage="contract",
                remedy="Give the path alone, or download the document and give the file as openapi.path.",
            )
    elif not parts.path.startswith("/"):
        raise ApplianceError(
            f"The option openapi.url is {url!r}, which is no path",
            reason="invalid",
            stage="contract",
            remedy="It begins with a slash, as in /swagger/v1/swagger.json. For a file give openapi.path.",
        )
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _file(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no text in UTF-8"
        raise ApplianceError(
            f"The file {path} of the option openapi.path cannot be read: {why}",
            reason="invalid",
            stage="contract",
            remedy="It must be on the machine that runs the module.",
        ) from error
