# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes worlds of any size, the same one for the same seed.

From a shell: python tests/simulator/state/generate.py --organizations 100 --units 5 --depth 2 --accounts 4 > world.yml
"""

from __future__ import annotations

import argparse
import json
import random
import string
import sys
from typing import Any

ACCOUNT_IAM_ROLES = ["VeeamBackupRestore", "VeeamProductionWorker"]


class _Maker:
    def __init__(self, units: int, depth: int, accounts: int, seed: int) -> None:
        self._units = units
        self._depth = depth
        self._accounts = accounts
        self._draw = random.Random(f"world {seed}")
        self._drawn: set[str] = set()
        self._next_account = 500_000_000_001

    def _letters(self, count: int) -> str:
        while True:
            drawn = "".join(self._draw.choices(string.ascii_lowercase + string.digits, k=count))
            if drawn not in self._drawn:
                self._drawn.add(drawn)
                return drawn

    def _some_accounts(self, prefix: str) -> list[dict[str, Any]]:
        numbers = range(self._next_account, self._next_account + self._accounts)
        self._next_account += self._accounts
        return [{"id": str(number), "name": f"{prefix}-{place}"} for place, number in enumerate(numbers, 1)]

    def _unit(self, root: str, name: str, level: int) -> dict[str, Any]:
        unit: dict[str, Any] = {
            "id": f"ou-{root}-{self._letters(8)}",
            "name": name,
            "accounts": self._some_accounts(name),
        }
        if level < self._depth:
            unit["units"] = [self._unit(root, f"{name}.{place}", level + 1) for place in range(1, self._units + 1)]
        return unit

    def organization(self, name: str) -> dict[str, Any]:
        """A described AWS Organization: accounts in the root, and in every unit."""
        root = self._letters(4)
        top: dict[str, Any] = {"id": f"r-{root}", "accounts": self._some_accounts(f"{name}-root")}
        if self._depth:
            top["units"] = [self._unit(root, f"unit-{place}", 1) for place in range(1, self._units + 1)]
        return {"id": f"o-{self._letters(10)}", "name": name, "account_iam_roles": ACCOUNT_IAM_ROLES, "root": top}


def world(
    organizations: int = 1, units: int = 3, depth: int = 2, accounts: int = 4, seed: int = 1, registered: bool = False
) -> dict[str, Any]:
    """A world of AWS Organizations named `organization-001` and so on, each with an IAM role `rescan-001` to read it.

    units: how many units a unit has. depth: how many levels of units. accounts: how many accounts each unit and the
    root have, at least one. registered: whether the appliance has all of them from the start, covered entirely.
    """
    if organizations < 1 or units < 0 or depth < 0 or accounts < 1:
        raise ValueError("organizations and accounts are at least 1, units and depth at least 0")
    maker = _Maker(units, depth if units else 0, accounts, seed)
    numbers = [f"{number:03d}" for number in range(1, organizations + 1)]
    described = [maker.organization(f"organization-{number}") for number in numbers]
    roles = [
        {
            "name": f"rescan-{number}",
            "aws_account_id": one["root"]["accounts"][0]["id"],
            "aws_organization": one["id"],
        }
        for number, one in zip(numbers, described, strict=True)
    ]
    stored = [
        {
            "name": one["name"],
            "rescan_iam_role": role["name"],
            "backup_restore_iam_role_name": ACCOUNT_IAM_ROLES[0],
        }
        for one, role in zip(described, roles, strict=True)
    ]
    return {"aws_organizations": described, "iam_roles": roles, "organizations": stored if registered else []}


def main() -> int:
    """Writes a world to standard output. JSON is YAML too, and much faster to read."""
    parser = argparse.ArgumentParser(description="Makes a world for the simulated appliance.")
    parser.add_argument("--organizations", type=int, default=1, help="how many AWS Organizations (default: 1)")
    parser.add_argument("--units", type=int, default=3, help="how many units a unit has (default: 3)")
    parser.add_argument("--depth", type=int, default=2, help="how many levels of units (default: 2)")
    parser.add_argument("--accounts", type=int, default=4, help="how many accounts a unit has (default: 4)")
    parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same world (default: 1)")
    parser.add_argument("--registered", action="store_true", help="the appliance has them all from the start")
    json.dump(world(**vars(parser.parse_args())), sys.stdout, indent=1)
    print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
