# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: printable
short_description: Make a text from an appliance safe to show in a terminal
version_added: 0.1.0
description:
  - Returns the text on one line. Escape sequences, other control characters, line breaks, bidirectional marks and
    invisible characters become escapes such as C(\x1b) and C(\u202e). Every other character stays.
  - Names and descriptions on an appliance can contain such characters. A terminal obeys some of them, so they can
    change its colors or its title, hide text, or imitate another line of the output.
  - Use it for messages and labels only. In data, the text must stay as it is.
author:
  - vbaws.appliance contributors (@vbaws)
options:
  _input:
    description: The text. Any other value is converted to text.
    type: raw
    required: true
"""

EXAMPLES = r"""
- name: Rescan every organization
  vbaws.appliance.organization_rescan:
    id: "{{ item.id }}"
  loop: "{{ registered.organizations }}"
  loop_control:
    label: "{{ item.name | vbaws.appliance.printable }}"
"""

RETURN = r"""
_value:
  description: The text without a character that a terminal obeys or hides.
  type: str
"""

from typing import Any

from ..plugin_utils import _printable


def printable(value: Any) -> str:
    """Return any value as a text for a terminal."""
    return _printable.printable(str(value))


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Any]:
        """Return the filter by its name."""
        return {"printable": printable}
