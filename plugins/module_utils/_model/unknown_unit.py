# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What to say about an organizational unit that does not exist. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from .._errors import ApplianceError
from .._wording import did_you_mean
from .desired import is_unit_id
from .structure import Structure, split_path


def unknown_unit(
    reference: str, organization: str, structure: Structure, before: Structure | None = None
) -> ApplianceError:
    """The error for a unit that does not exist, with where it went, or what it may have been meant to be.

    before: the structure before a rescan, which may still show it.
    """
    paths = structure.unit_paths()
    near = did_you_mean(reference, list(paths) if is_unit_id(reference) else list(paths.values()))
    near += _namesakes(reference, [(path, aws_id) for aws_id, path in paths.items() if repr(path) not in near])
    return ApplianceError(
        f"The AWS Organization {organization!r} has no organizational unit {reference!r} as far as the appliance knows",
        reason="not_found",
        remedy=_moved(reference, structure, before or structure)
        or f"{near}A unit that was just made in AWS is found after a rescan: see refresh_structure.",
    )


def _moved(reference: str, structure: Structure, before: Structure) -> str:
    """What became of a unit that the structure before the rescan still knew by this path or ID."""
    for aws_id in before.unit_at(reference) if reference.startswith("/") else [reference]:
        old, new = before.path(aws_id), structure.path(aws_id)
        if old is not None and new is not None and new != old:
            return f"The unit {aws_id} has moved from {old!r} to {new!r}. Correct the path."
        if old is not None and new is None:
            return f"The unit {aws_id} was at {old!r} at the last rescan, and is not in AWS any more."
    return ""


def _namesakes(reference: str, units: Sequence[tuple[str, str]]) -> str:
    """Where units of this name are, since the one that is meant may have moved before the last rescan.

    units: path and AWS ID.
    """
    if not reference.startswith("/"):
        return ""
    name = split_path(reference)[-1:]
    found = [f"{path!r} ({aws_id})" for path, aws_id in units if name and split_path(path)[-1:] == name]
    if not found:
        return ""
    return f"A unit of this name is at {' and '.join(sorted(found)[:3])}; has it moved? Then correct the path. "
