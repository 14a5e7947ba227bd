# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module iam_role_info in the worker process of Ansible."""

from __future__ import annotations

from ..modules.iam_role_info import MODULE
from ..plugin_utils._worker import WorkerAction


class ActionModule(WorkerAction):
    """Runs iam_role_info."""

    module = MODULE
