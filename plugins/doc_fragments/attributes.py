# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """What a module can support; each module declares its level of support."""

    DOCUMENTATION = r"""
options: {}
attributes:
  check_mode:
    description: Can run in C(check_mode) and predict the change without making it.
  diff_mode:
    description: Shows in C(diff) mode what has changed, or what would change in C(check_mode).
  idempotent:
    description:
      - When run twice in a row with the same options outside C(check_mode), the second run changes nothing.
      - This assumes that the appliance was not changed by other means in between.
  platform:
    description: Platform that the module runs on. It accesses the appliance only through the REST API.
    support: full
    platforms: posix
"""

    # For modules that only read, together with the standard fragment.
    INFO_MODULE = r"""
options: {}
attributes:
  check_mode:
    support: full
    details:
      - This action does not modify state.
  diff_mode:
    support: N/A
    details:
      - This action does not modify state.
  idempotent:
    support: full
    details:
      - This action does not modify state.
"""

    # For every module, together with the standard fragment.
    ACTIONGROUP = r"""
options: {}
attributes:
  action:
    description: Has an action plugin that does the work in Ansible's own process if the connection is C(local).
    support: full
    details:
      - The variable C(vbaws_run_in_worker) turns this off.
  action_group:
    description: Use C(group/vbaws.appliance.all) in C(module_defaults) to set defaults for this module.
    support: full
    membership:
      - vbaws.appliance.all
"""
