# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an appliance has, as a file of the variables that the role declare takes. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from . import merge, yaml

VARIABLE = "declare_organizations"
_IDENTITY = ("id", "aws_organization_id", "name")


def adopt(organizations: Iterable[Mapping[str, Any]], appliance: str, existing: str | None = None) -> dict[str, Any]:
    """The text of the file, and what became of each organization.

    organizations: as vbaws.appliance.organization_info returns them. appliance: what the file calls the appliance.
    existing: the text of a file that is to be extended; None for a new one.
    Returns text; added and kept, the names of organizations that are new in the file and of those that it declared
    already; warnings, a sentence for each thing that the file cannot say.
    Raises ValueError where the organizations cannot be told apart, or the existing text cannot be extended.
    """
    found = sorted(organizations, key=lambda one: (one["name"].casefold(), one["name"]))
    _require_different(found)
    if existing is None:
        return _adopted(found, _heading(appliance))
    try:
        return _adopted(found, existing)
    except ValueError as error:
        raise ValueError(f"The file cannot be extended: {error}. Change it by hand, or take another file.") from error


def _adopted(found: Sequence[Mapping[str, Any]], text: str) -> dict[str, Any]:
    """The text with all that it does not declare yet."""
    declared = _declared(text)
    warnings: list[str] = []
    added, kept = [], []
    for organization in found:
        same = [item for item in declared if _means(item, organization)]
        if same:
            kept.append(organization["name"])
            warnings += _contradictions(organization, same)
            continue
        warnings += [f"{organization['name']}: {sentence}" for sentence in organization["not_in_config"]]
        if _identified(organization):
            added.append(organization)
        else:
            warnings.append(f"{organization['name']}: Left out, since nothing is left that could identify it.")

    def items(indent: str) -> str:
        return "".join(yaml.item(organization, indent) for organization in added)

    if added or VARIABLE not in merge.load(text):
        text = merge.with_items(text, VARIABLE, items)
    return {"text": text, "added": [one["name"] for one in added], "kept": kept, "warnings": warnings}


def _heading(appliance: str) -> str:
    sentences = (
        f"The AWS Organizations of the appliance {appliance}, as the role vbaws.appliance.adopt found them.",
        "Beside the path of a unit stands its AWS ID, beside an AWS ID the path.",
    )
    return "\n".join(["---", *(line for sentence in sentences for line in yaml.comment(sentence)), ""])


def _identified(organization: Mapping[str, Any]) -> bool:
    return any(organization["config"].get(key) for key in _IDENTITY)


def _require_different(organizations: Sequence[Mapping[str, Any]]) -> None:
    for key in ("name", "aws_organization_id"):
        counts = Counter(one[key] for one in organizations if one[key])
        twice = sorted(value for value, count in counts.items() if count > 1)
        if twice:
            raise ValueError(f"The appliance lists several organizations with the {key} {twice[0]!r}.")


def _declared(text: str) -> list[dict[str, Any]]:
    """The organizations that a file declares. Raises ValueError where one of them cannot be known."""
    items = merge.load(text).get(VARIABLE)
    if items is not None and not isinstance(items, list):
        raise ValueError(f"{VARIABLE} is not a list")
    for item in items or ():
        names = [item.get(key) for key in _IDENTITY] if isinstance(item, dict) else []
        if not any(isinstance(name, str) and name and "{{" not in name for name in names):
            raise ValueError(f"{VARIABLE} has an item without a name or ID that could be read: {item!r}")
    return items or []


def _means(item: Mapping[str, Any], organization: Mapping[str, Any]) -> bool:
    """Whether a declaration stands for an organization: adding another one would be a contradiction."""
    return any(item.get(key) is not None and item.get(key) == organization[key] for key in _IDENTITY)


def _contradictions(organization: Mapping[str, Any], declared: Sequence[Mapping[str, Any]]) -> Iterable[str]:
    """A word on declarations that lead to an organization by its name and say another AWS ID."""
    for item in declared:
        wanted = item.get("aws_organization_id")
        if wanted and organization["aws_organization_id"] not in (None, wanted):
            yield (
                f"{organization['name']}: The file declares this name with the AWS ID {wanted}, and the appliance has "
                f"{organization['aws_organization_id']}. Correct the one that is wrong."
            )
