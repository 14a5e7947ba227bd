# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The organizations of an appliance as a file with the variable that the role declare takes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .._masked import masked_parts
from .merge import append_items, load_variables
from .yaml import comment_lines, organization_item

VARIABLE = "declare_organizations"
_IDENTITY = ("id", "aws_organization_id", "name")


def variables_file(
    organizations: Iterable[Mapping[str, Any]], appliance: str, existing: str | None = None
) -> dict[str, Any]:
    """Return the text of the file, and what it does with each organization.

    organizations: as vbaws.appliance.organization_info returns them. appliance: its name in a comment. existing: the
    text of a file to extend; None for a new file.
    Returns ``text``; ``added`` and ``kept``, the names of the organizations that are new in the file and that it
    declared before; ``warnings``, a sentence for each setting that the file cannot declare.
    Raises ValueError if Ansible hid a secret in an organization, if two organizations have the same name or AWS ID, or
    if the existing text cannot be extended.
    """
    organizations = list(organizations)
    _check_unmasked(organizations)
    ordered = sorted(organizations, key=lambda organization: (organization["name"].casefold(), organization["name"]))
    _check_unique(ordered)
    if existing is None:
        return _extend(_heading(appliance), ordered)
    try:
        return _extend(existing, ordered)
    except ValueError as error:
        raise ValueError(f"The file cannot be extended: {error}. Change it by hand, or take another file.") from error


def _extend(text: str, organizations: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Add the organizations that the text does not declare yet."""
    declared = _declared(text)
    warnings: list[str] = []
    added, kept = [], []
    for organization in organizations:
        name = organization["name"]
        declarations = [item for item in declared if _declares(item, organization)]
        if declarations:
            kept.append(name)
            warnings += _contradictions(organization, declarations)
            continue
        warnings += [f"{name}: {sentence}" for sentence in organization["not_in_config"]]
        if any(organization["config"].get(key) for key in _IDENTITY):
            added.append(organization)
        else:
            warnings.append(f"{name}: Left out, since nothing is left that could identify it.")

    def items(indent: str) -> str:
        return "".join(organization_item(organization, indent) for organization in added)

    if added or VARIABLE not in load_variables(text):
        text = append_items(text, VARIABLE, items)
    names = [organization["name"] for organization in added]
    return {"text": text, "added": names, "kept": kept, "warnings": warnings}


def _heading(appliance: str) -> str:
    sentences = (
        f"The AWS Organizations of the appliance {appliance}, as the role vbaws.appliance.adopt found them.",
        "Beside the path of a unit stands its AWS ID, beside an AWS ID the path.",
    )
    return "\n".join(["---", *(line for sentence in sentences for line in comment_lines(sentence)), ""])


def _check_unmasked(organizations: Sequence[Mapping[str, Any]]) -> None:
    """Raises ValueError if a value is not what the appliance has: the file would declare asterisks."""
    for number, organization in enumerate(organizations, 1):
        parts = masked_parts(organization)
        if parts:
            identity = (organization[key] for key in ("name", "aws_organization_id", "id") if key not in parts)
            raise ValueError(
                f"Ansible shows asterisks in {', '.join(parts)} of the AWS Organization {next(identity, number)}, "
                "because a secret of the task, such as its password, occurs there. Use another password or an access "
                "token. Nothing was written."
            )


def _check_unique(organizations: Sequence[Mapping[str, Any]]) -> None:
    for key in ("name", "aws_organization_id"):
        counts = Counter(organization[key] for organization in organizations if organization[key])
        duplicates = sorted(value for value, count in counts.items() if count > 1)
        if duplicates:
            raise ValueError(f"The appliance lists several organizations with the {key} {duplicates[0]!r}.")


def _declared(text: str) -> list[dict[str, Any]]:
    """Return the organizations that a file declares. Raises ValueError if one of them has no readable identity."""
    items = load_variables(text).get(VARIABLE)
    if items is not None and not isinstance(items, list):
        raise ValueError(f"{VARIABLE} is not a list")
    for item in items or ():
        values = [item.get(key) for key in _IDENTITY] if isinstance(item, dict) else []
        if not any(isinstance(value, str) and value and "{{" not in value for value in values):
            raise ValueError(f"{VARIABLE} has an item without a name or ID that could be read: {item!r}")
    return items or []


def _declares(item: Mapping[str, Any], organization: Mapping[str, Any]) -> bool:
    """Return whether a declaration has an ID or the name of an organization: a second one would contradict it."""
    return any(item.get(key) is not None and item.get(key) == organization[key] for key in _IDENTITY)


def _contradictions(organization: Mapping[str, Any], declarations: Sequence[Mapping[str, Any]]) -> Iterable[str]:
    """Yield a warning for each declaration with the name of an organization and another AWS ID."""
    for item in declarations:
        declared_id = item.get("aws_organization_id")
        if declared_id and organization["aws_organization_id"] not in (None, declared_id):
            yield (
                f"{organization['name']}: The file declares this name with the AWS ID {declared_id}, and the appliance "
                f"has {organization['aws_organization_id']}. Correct the one that is wrong."
            )
