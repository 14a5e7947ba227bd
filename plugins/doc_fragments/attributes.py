# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """What a module supports; the module says how far."""

    DOCUMENTATION = r"""
options: {}
attributes:
  check_mode:
    description: Can run in C(check_mode) and predict the change without making it.
  diff_mode:
    description: Shows in C(diff) mode what has changed, or would change in C(check_mode).
  idempotent:
    description:
      - Run twice in a row with the same options outside C(check_mode), the second run changes nothing.
      - This assumes that nobody else has changed the appliance in between.
  platform:
    description: Where the module runs; the appliance itself is only reached by its REST API.
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
  action_group:
    description: Use C(group/vbaws.appliance.all) in C(module_defaults) to set defaults for this module.
    support: full
    membership:
      - vbaws.appliance.all
"""
