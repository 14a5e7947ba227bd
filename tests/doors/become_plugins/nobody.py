# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A way to become another user that needs no rights and changes nothing but one environment variable."""

from __future__ import annotations

from typing import Any

from ansible.plugins.become import BecomeBase

DOCUMENTATION = """
name: nobody
short_description: Become the same user
description:
  - Runs each command with the variable DOORS_BECAME set.
options:
  become_user:
    description: Not used.
    default: root
    vars:
      - name: ansible_become_user
  become_pass:
    description: Not used.
    vars:
      - name: ansible_become_password
  become_exe:
    description: Not used.
  become_flags:
    description: Not used.
    default: ""
"""


class BecomeModule(BecomeBase):  # type: ignore[misc]  # Ansible is not typed
    """Puts a variable in front of the command."""

    name = "nobody"

    def build_become_command(self, cmd: str, shell: Any) -> str:
        """Returns the command that Ansible runs."""
        super().build_become_command(cmd, shell)
        return f"env DOORS_BECAME=yes {self._build_success_command(cmd, shell)}" if cmd else cmd
