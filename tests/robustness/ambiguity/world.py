# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Five AWS Organizations, the IAM roles that read them, and what of it a case has registered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
PLACES = ("alpha", "bravo", "charlie", "delta", "echo")
AWS_IDS = {place: f"o-{place}".ljust(12, "0") for place in PLACES}
UNITS = {
    AWS_IDS[place]: {
        "/One": f"ou-{place[:4]}-one00000",
        "/One/Two": f"ou-{place[:4]}-two00000",
        "/Three": f"ou-{place[:4]}-three000",
    }
    for place in PLACES
}
"""AWS ID of an AWS Organization -> path of a unit -> AWS ID of the unit."""
ROLES: dict[str, str] = {f"{place}-rescan": AWS_IDS[place] for place in PLACES}
ROLES |= {f"{place}-delegate": AWS_IDS[place] for place in ("alpha", "bravo", "charlie")}
ROLES["plain-backup"] = ""
"""Name of an IAM role of the appliance -> the AWS Organization that it reads; empty if it reads none."""
SETTINGS = ("name", "description", "rescan_iam_role", "backup_restore_iam_role_name", "production_worker_iam_role_name")


def world() -> Json:
    """In the form that the simulated appliance takes."""
    return {
        "aws_organizations": [_described(place) for place in PLACES],
        "iam_roles": [
            {"name": name, "aws_account_id": "1" * 12, "aws_organization": aws} for name, aws in ROLES.items()
        ],
    }


def _described(place: str) -> Json:
    units, number = UNITS[AWS_IDS[place]], PLACES.index(place)

    def unit(path: str, *inner: Json) -> Json:
        account = {"id": f"{number}{list(units).index(path)}".zfill(12), "name": f"{place}{path.replace('/', '-')}"}
        return {"id": units[path], "name": path.rpartition("/")[2], "accounts": [account], "units": list(inner)}

    root = {"id": f"r-{place[:4]}", "units": [unit("/One", unit("/One/Two")), unit("/Three")]}
    roles = ["backup", "backup-2", "worker", "worker-2"]
    return {"id": AWS_IDS[place], "name": place, "account_iam_roles": roles, "root": root}


@dataclass(frozen=True)
class Facts:
    """What is registered, by the AWS ID of the organization, and which of them backup policies use."""

    registered: dict[str, Json]
    used: frozenset[str] = frozenset()

    def by(self, key: str, value: str | None) -> str | None:
        """The AWS ID of the organization that has a value; None if there is none."""
        return next((aws for aws, one in self.registered.items() if value is not None and one[key] == value), None)


def settings_of(organization: Json | None) -> Json | None:
    """What a task can change of an organization, with the IDs that it must keep."""
    if organization is None:
        return None
    scopes = {
        name: (scope["id"], scope["organizational_units"]) for name, scope in organization["limited_scopes"].items()
    }
    return {"id": organization["id"], **{key: organization[key] for key in SETTINGS}, "limited_scopes": scopes}
