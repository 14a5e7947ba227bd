# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A fleet with every state, as the role gathers it: entries of appliances, and records as the module returns them."""

from __future__ import annotations

import copy
from typing import Any

NOW = "2026-03-02T04:05:06Z"
META = {"generated_at": NOW, "title": "Backup appliances of example.com"}
EVIL = '<script>alert("1")</script> @everyone | `x` & [a](http://example.com) #1\n*b*'

Record = dict[str, Any]


def planned(name: str, status: str | None = "in_sync", action: str | None = "none", **more: Any) -> Record:
    """A record of ``organizations`` of the result of the module, in check mode."""
    record: Record = {
        "name": name,
        "id": None,
        "aws_organization_id": None,
        "declared": True,
        "status": status,
        "action": action,
        "outcome": "planned",
        "changes": [],
        "unverified": [],
        "verified": False,
        "preflight": [],
        "not_checked": [],
        "session": None,
        "plan_id": None if status is None else "0" * 64,
        "impact": None,
        "organization": None,
        "msg": None,
        "failure": None,
    }
    return {**record, **more}


def different(name: str, *changes: tuple[str, Any, Any], **more: Any) -> Record:
    """A record of an organization that is not as declared. changes: field, actual, declared."""
    found = [{"field": field, "before": actual, "after": declared} for field, actual, declared in changes]
    return {**planned(name, "different", "update", changes=found), **more}


def failed(name: str, reason: str, msg: str, **more: Any) -> Record:
    """A record of an organization that could not be planned."""
    failure = {"reason": reason, "stage": "plan", "done": [], "method": None, "path": None, "status": None}
    failure |= {"error_code": None, "details": []}
    return {**planned(name, None, None), "outcome": "refused", "msg": msg, "failure": failure, **more}


def organization(name: str, aws_id: str, **more: Any) -> Record:
    """An organization as organization_info returns it."""
    found: Record = {
        "id": f"00000000-0000-4000-8000-{aws_id[2:]:0>12}",
        "aws_organization_id": aws_id,
        "name": name,
        "description": None,
        "rescan_iam_role_id": "11111111-0000-4000-8000-000000000000",
        "backup_restore_iam_role_name": "VeeamBackupRestore",
        "production_worker_iam_role_name": None,
        "scope": "entire",
        "limited_scopes": [],
        "other": {},
    }
    return {**found, **more}


def result(*records: Record, unmanaged: tuple[Record, ...] = (), **more: Any) -> Record:
    """The result of the module. It fails as the module does: where a record has failed."""
    broken = [record for record in records if record["failure"]]
    found: Record = {
        "changed": any(record["action"] not in (None, "none") for record in records),
        "plan_id": None if broken else "1" * 64,
        "organizations": list(records),
        "unmanaged": list(unmanaged),
        "summary": {},
        "diff": [],
    }
    if broken:
        found |= {"failed": True, "msg": broken[0]["msg"], "failure": broken[0]["failure"]}
    return {**found, **more}


def entry(appliance: str, found: Record | None = None, **more: Any) -> Record:
    """The entry of an appliance."""
    start = {"appliance": appliance, "target": f"{appliance}:11005", "error": None, "result": found}
    return {**start, "structure": None, "coverage": None, **more}


def unread(appliance: str, reason: str = "unreachable", msg: str = "No connection. Nothing was changed.") -> Record:
    """The entry of an appliance that could not be read."""
    return entry(appliance, error={"reason": reason, "msg": msg})


def fleet() -> list[Record]:
    """Three appliances, one of them unreachable, and every state there is."""
    north = result(
        planned("production", id="p", aws_organization_id="o-prod000001"),
        different(
            "subsidiary",
            ("description", "changed by hand", "Shops only"),
            ("limited_scopes.North.organizational_units", ["/Lab", "/Shops/North"], ["/Shops/North"]),
            aws_organization_id="o-subs000001",
            impact={
                "known": True,
                "accounts_gained": 0,
                "accounts_lost": 2,
                "gained": [],
                "lost": [
                    {"aws_id": "111111111111", "name": "lab-1", "path": "/Lab/lab-1"},
                    {"aws_id": "222222222222", "name": "lab-2", "path": "/Lab/lab-2"},
                ],
            },
        ),
        planned(
            "acquired",
            "missing",
            "create",
            changes=[
                {"field": "name", "before": None, "after": "acquired"},
                {"field": "scope", "before": None, "after": "limited"},
                {
                    "field": "limited_scopes",
                    "before": None,
                    "after": [{"name": "All", "organizational_units": ["/B", "/A"]}],
                },
            ],
            preflight=[{"check": "role", "severity": "warning", "message": "The role lacks a permission."}],
            not_checked=["the test of the configuration (check_mode_sessions allows it)"],
        ),
        planned(
            "sold",
            "unwanted",
            "remove",
            aws_organization_id="o-sold000001",
            changes=[{"field": "state", "before": "present", "after": "absent"}],
            organization=organization("sold", "o-sold000001", description="Until spring"),
        ),
        planned(
            "veiled", aws_organization_id="o-veil000001", status="unknown", unverified=["description"], verified=False
        ),
        failed("mistaken", "not_found", "The IAM role 'nobody' is not on the appliance. Nothing was changed."),
        unmanaged=(
            organization(
                "by hand",
                "o-hand000001",
                limited_scopes=[{"id": "s", "name": "Some", "organizational_units": ["ou-ab12-11111111"]}],
                scope="limited",
            ),
        ),
    )
    south = result(
        planned("production", id="p", aws_organization_id="o-prod000001"),
        different(EVIL, ("description", EVIL, "@team"), aws_organization_id="o-evil000001"),
    )
    coverage = {
        "uncovered": [
            {
                "organization": "subsidiary",
                "accounts": [{"aws_id": "333333333333", "name": "new-shop", "path": "/Shops/East/new-shop"}],
            }
        ],
        "unused": ["production"],
    }
    moved = {
        "type": "account",
        "aws_id": "444444444444",
        "name": "till",
        "path": "/Shops/till",
        "covered_by": ["North"],
    }
    changes = {"added": [], "removed": [], "moved": [{**moved, "former_path": "/Lab/till"}], "renamed": []}
    return [
        entry("north", north, coverage=coverage, structure=[{"organization": "subsidiary", "changes": changes}]),
        entry("south", south),
        unread("west"),
    ]


def in_sync(appliances: int = 2, organizations: int = 2) -> list[Record]:
    """A fleet of which everything is as declared."""
    names = [f"organization-{number}" for number in range(organizations)]
    return [
        entry(
            f"appliance-{number}",
            result(*(planned(name, aws_organization_id=f"o-{name[-1]:0>10}") for name in names)),
        )
        for number in range(appliances)
    ]


def large(records: int, appliances: int = 40) -> list[Record]:
    """A fleet with so many records, two of three in drift."""
    entries = []
    for number in range(appliances):
        found = []
        for item in range(number, records, appliances):
            name, aws_id = f"organization-{item:04d}", f"o-{item:010d}"
            units = [f"/Shops/Region {item % 7}/Branch {branch}" for branch in range(4)]
            kinds = (
                planned(name, aws_organization_id=aws_id),
                different(
                    name,
                    ("description", f"by hand {item}", f"declared {item}"),
                    ("limited_scopes.Shops.organizational_units", units, [*units[1:], "/Lab"]),
                    aws_organization_id=aws_id,
                ),
                planned(
                    name,
                    "missing",
                    "create",
                    changes=[
                        {"field": "name", "before": None, "after": name},
                        {"field": "scope", "before": None, "after": "entire"},
                    ],
                ),
            )
            found.append(copy.deepcopy(kinds[item % 3]))
        entries.append(entry(f"backup-{number:02d}.example.com", result(*found)))
    return entries
