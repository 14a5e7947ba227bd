# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The world of the simulated appliance in unit tests: three AWS Organizations, of which only the first has accounts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.vbaws.appliance.tests.unit.support.builders import (
    AWS_ID,
    DELEGATE_ID,
    FOREIGN_ROLE_ID,
    OTHER_AWS_ID,
    ROLE_ID,
    TREE,
    uuid,
)

THIRD_AWS_ID, THIRD_ROLE_ID = "o-rsch000003", uuid(0xB4)
Tree = Mapping[str, tuple[str, str | None]]


def _unit(tree: Tree, aws_id: str) -> dict[str, Any]:
    children = [child for child, (_name, parent) in tree.items() if parent == aws_id]
    return {
        "id": aws_id,
        "name": tree[aws_id][0],
        "accounts": [{"id": child, "name": tree[child][0]} for child in children if child.isdigit()],
        "units": [_unit(tree, child) for child in children if not child.isdigit()],
    }


def described(aws_id: str, tree: Tree | None = None) -> dict[str, Any]:
    """An AWS Organization of a world, by default its root alone. Its accounts have every IAM role that tests name."""
    tree = tree or {f"r-{aws_id[2:6]}": ("Root", None)}
    roles = ["backup", "restore", "worker", "helper"]
    return {"id": aws_id, "name": aws_id, "account_iam_roles": roles, "root": _unit(tree, next(iter(tree)))}


def _role(id: str, name: str, account: str, aws_id: str) -> dict[str, str]:
    return {"id": id, "name": name, "aws_account_id": account, "aws_organization": aws_id}


WORLD = {
    "aws_organizations": [
        described(AWS_ID, TREE),
        described(OTHER_AWS_ID),
        described(THIRD_AWS_ID),
    ],
    "iam_roles": [
        _role(ROLE_ID, "prod-rescan", "999999999999", AWS_ID),
        _role(DELEGATE_ID, "prod-delegate", "888888888888", AWS_ID),
        _role(FOREIGN_ROLE_ID, "subs-rescan", "777777777777", OTHER_AWS_ID),
        _role(THIRD_ROLE_ID, "rsch-rescan", "666666666666", THIRD_AWS_ID),
    ],
}
