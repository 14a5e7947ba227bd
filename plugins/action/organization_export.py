# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module organization_export in the worker process of Ansible."""

from __future__ import annotations

from ..modules.organization_export import MODULE
from ..plugin_utils._worker import WorkerAction


class ActionModule(WorkerAction):
    """Runs organization_export."""

    module = MODULE
