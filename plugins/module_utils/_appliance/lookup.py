# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One organization by the options of a module that reads it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._errors import ApplianceError, NotFound
from .._model.desired import Desired
from .._model.match import match
from .._model.organization import Organization
from .._wording import did_you_mean, quoted
from .reader import Reader


def find_organization(reader: Reader, options: Mapping[str, Any]) -> Organization | None:
    """Return the complete organization that ``id``, ``aws_organization_id`` or ``name`` means; None without one.

    Raises ApplianceError (ambiguous, conflict).
    """
    wanted = Desired(
        "absent",  # the declaration that matches without insisting on anything else
        id=options["id"].lower() if options.get("id") else None,
        aws_organization_id=options.get("aws_organization_id"),
        settings={"name": options.get("name")},
    )
    if not wanted.id:
        found = match(wanted, reader.list_all([wanted]))
        return reader.complete(found) if found else None
    try:
        return match(wanted, [reader.get(wanted.id)])
    except NotFound:
        return None


def require_organization(reader: Reader, options: Mapping[str, Any], otherwise: str = "") -> Organization:
    """Return the organization that ``find_organization`` returns. otherwise: what else a user can do.

    Raises ApplianceError (not_found) with similar names.
    """
    found = find_organization(reader, options)
    if found is None:
        label = str(options.get("name") or options.get("aws_organization_id") or options.get("id"))
        raise ApplianceError(
            f"The AWS Organization {quoted(label)} is not registered on the appliance",
            reason="not_found",
            stage="resolve",
            remedy=did_you_mean(label, [one.name for one in reader.seen.all]) + otherwise,
        )
    return found
