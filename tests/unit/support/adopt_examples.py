# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Organizations as organization_info returns them, for the tests of adopt."""

from __future__ import annotations

from typing import Any


def organization(name: str, aws_id: str | None = None, **more: Any) -> dict[str, Any]:
    """An organization as organization_info returns it; more: what its config has beside name and AWS ID."""
    identity = {"name": name, **({"aws_organization_id": aws_id} if aws_id else {})}
    notes, paths = more.pop("not_in_config", []), more.pop("unit_paths", {})
    config = {**identity, **more}
    return {
        "id": f"uuid of {name}",
        "name": name,
        "aws_organization_id": aws_id,
        "config": {key: value for key, value in config.items() if value is not None},
        "not_in_config": notes,
        "unit_paths": paths,
    }
