# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs modules in this process as Ansible would in one of their own, so that hundreds of runs take seconds."""

from __future__ import annotations

import contextlib
import importlib
import io
import json
from typing import Any

from ansible.module_utils.testing import patch_module_args

Result = dict[str, Any]


def run_module(module: str, options: dict[str, Any], *, check: bool = False, no_log: bool = False) -> Result:
    """Returns what the module prints. Connection options come from the environment where they are not given."""
    main = importlib.import_module(f"ansible_collections.vbaws.appliance.plugins.modules.{module}").main
    printed = io.StringIO()
    internal = {"_ansible_check_mode": check, "_ansible_diff": True, "_ansible_no_log": no_log}
    arguments = patch_module_args({**options, **internal})
    with arguments, contextlib.redirect_stdout(printed), contextlib.suppress(SystemExit):
        main()
    result: Result = json.loads(printed.getvalue().strip().splitlines()[-1])
    return result
