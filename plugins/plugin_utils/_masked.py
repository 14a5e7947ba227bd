# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values in which Ansible hid a secret of the task, so that no file and no report holds its asterisks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# What Ansible shows in place of a secret in a text, and in place of a value that is a secret.
_MASKS = ("********", "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER")


def masked_parts(value: Any, name: str = "") -> list[str]:
    """Return the names of the values in which Ansible hid a secret, such as ``config.limited_scopes.name``.

    Such a value is not what the appliance has, so it must not be used as data.
    """
    if isinstance(value, Mapping):
        parts = [part for key in value for part in masked_parts(value[key], f"{name}.{key}" if name else str(key))]
    elif isinstance(value, list):
        parts = [part for item in value for part in masked_parts(item, name)]
    else:
        parts = [name] if any(mask in str(value) for mask in _MASKS) else []
    return list(dict.fromkeys(parts))
