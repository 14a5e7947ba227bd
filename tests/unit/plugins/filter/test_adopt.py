# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter adopt as Ansible calls it: its errors, and texts of Ansible's own types."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.vbaws.appliance.plugins.filter.adopt import FilterModule
from ansible_collections.vbaws.appliance.tests.unit.support.adopt_examples import organization


def test_the_filter_tells_an_error_as_ansible_wants_it() -> None:
    made = FilterModule().filters()["adopt"]([organization("lab")], "north", existing="other: 1\n")
    assert made["added"] == ["lab"]
    with pytest.raises(AnsibleFilterError, match="is not a list"):
        FilterModule().filters()["adopt"]([], "north", existing="declare_organizations: text\n")


class Wrapped(str):
    """A text as ansible-core 2.16 hands one over that came from an appliance: what is made of it is one again."""

    __slots__ = ()

    def _itself(self) -> Wrapped:
        return self

    __str__ = _itself

    def encode(self, *_arguments: Any) -> WrappedBytes:  # type: ignore[override]
        return WrappedBytes(super().encode())


class WrappedBytes(bytes):
    __slots__ = ()

    def decode(self, *_arguments: Any) -> Wrapped:  # type: ignore[override]
        return Wrapped(super().decode())


def test_the_filter_takes_texts_of_ansibles_own_types() -> None:
    wrapped = {**organization("lab"), "config": {"name": Wrapped("lab")}, "not_in_config": (Wrapped("x"),)}
    text = FilterModule().filters()["adopt"]([wrapped], Wrapped("north"), Wrapped("other: 1\n"))["text"]
    assert text == "other: 1\ndeclare_organizations:\n  # x\n  - name: lab\n"
