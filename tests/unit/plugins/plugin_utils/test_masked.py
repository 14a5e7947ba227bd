# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Ansible makes of data in which a secret occurs is recognized, and nothing else is."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.module_utils.common.parameters import remove_values
from ansible_collections.vbaws.appliance.plugins.plugin_utils._masked import masked_parts


@pytest.mark.parametrize(
    ("data", "parts"),
    [
        ({"name": "webshop", "id": "x"}, ["name"]),
        ({"name": "shop"}, ["name"]),
        ({"config": {"scopes": [{"name": "a"}, {"name": "shops"}, {"name": "my shop"}]}}, ["config.scopes.name"]),
        ({"shop": "as a key", "number": 17, "none": None, "yes": True, "stars": "*******"}, []),
        ("webshop", [""]),
    ],
)
def test_what_ansible_hides_is_found_by_its_name(data: Any, parts: list[str]) -> None:
    assert masked_parts(remove_values(data, {"shop"})) == parts
    assert masked_parts(data) == []
