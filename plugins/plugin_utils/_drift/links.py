# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys, anchors and links of records."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote, urlsplit

_LINKS = ("fix", "report")
_PLACEHOLDERS = ("appliance", "organization", "aws_organization_id", "state")
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def add_keys(records: Iterable[dict[str, Any]]) -> None:
    """Set ``key`` and ``anchor`` of each record. They are the same in every report of the same thing.

    The key is appliance/AWS ID, or appliance/name if the AWS ID is unknown, or the appliance alone. If a key occurs
    twice in a report, the second one gets a number.
    """
    taken: dict[str, int] = {}
    for record in records:
        parts = [quote(record["appliance"], safe="")]
        if record["kind"] == "organization":
            parts.append(quote(record["aws_organization_id"] or record["organization"], safe=" "))
        key = "/".join(parts)
        taken[key] = taken.get(key, 0) + 1
        record["key"] = key if taken[key] == 1 else f"{key}~{taken[key]}"
        record["anchor"] = anchor(record["key"])


def anchor(key: str) -> str:
    """Return a readable ID for HTML that no other key has."""
    words = re.sub(r"[^a-z0-9]+", "-", key.lower()).strip("-")[:60]
    return f"{words}-{hashlib.sha256(key.encode()).hexdigest()[:8]}".lstrip("-")


def check_links(links: Mapping[str, Any] | None) -> dict[str, str | None]:
    """Check the links of a report and return them. Raises ValueError.

    fix: template of the link to the fix of a record, with the placeholders {appliance}, {organization},
    {aws_organization_id} and {state}. report: address of the HTML page.
    """
    given = dict(links or {})
    unknown = sorted(set(given) - set(_LINKS))
    if unknown:
        raise ValueError(f"links has {', '.join(unknown)}, which is not known; it takes {' and '.join(_LINKS)}.")
    checked: dict[str, str | None] = {}
    for name in _LINKS:
        link = given.get(name) or None
        if link is not None:
            _check_link(name, link)
        checked[name] = link
    return checked


def fix_link(template: str | None, record: Mapping[str, Any]) -> str | None:
    """Return the link to the fix of a record. None without a template, or if the record lacks a value that it needs."""
    if template is None or record["state"] == "in_sync":
        return None
    if any(not record[name] for name in _PLACEHOLDER.findall(template)):
        return None
    return _PLACEHOLDER.sub(lambda match: quote(record[match[1]], safe=""), template)


def _check_link(name: str, link: Any) -> None:
    if not isinstance(link, str) or not link.isprintable() or " " in link:
        raise ValueError(f"links.{name} must be one address without blanks.")
    address = urlsplit(_PLACEHOLDER.sub("x", link))
    if address.scheme not in ("http", "https") or not address.netloc or not link.startswith(("http://", "https://")):
        raise ValueError(f"links.{name} must start with https:// or http://.")
    allowed = _PLACEHOLDERS if name == "fix" else ()
    unknown = sorted(set(_PLACEHOLDER.findall(link)) - set(allowed))
    if unknown:
        words = f"it takes {', '.join(f'{{{word}}}' for word in allowed)}" if allowed else "it takes none"
        raise ValueError(f"links.{name} has {', '.join(f'{{{word}}}' for word in unknown)}; {words}.")
