# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A connection to another host, as far as Ansible can see. The other host is this one."""

from __future__ import annotations

from ansible.plugins.connection.local import Connection as Local

DOCUMENTATION = """
name: elsewhere
short_description: A connection to another host
description:
  - Runs modules on the controller, as a connection to another host would run them there.
extends_documentation_fragment:
  - connection_pipelining
"""


class Connection(Local):  # type: ignore[misc]  # Ansible is not typed
    """The connection local under another name."""

    transport = "elsewhere"
