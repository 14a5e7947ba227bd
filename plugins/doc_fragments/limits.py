# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """What a task may do at most."""

    DOCUMENTATION = r"""
options:
  expected_plan:
    description:
      - The RV(plan_id) that check mode returned and somebody approved. Unless the plan is still the same, the task is
        refused before any write and says what differs.
      - It is refused too if an organization cannot be planned, or is changed by somebody else while the task runs.
      - An empty string is the same as leaving it out.
    type: str
  max_accounts_lost:
    description:
      - How many AWS accounts the changes of this task may take out of backup, all together. Would it be more, or can
        nobody tell how many, the task is refused before any write and names them.
      - Counted by the structure that the appliance has stored, for changes of units, for switches between the whole AWS
        Organization and limited scopes, and for removals.
    type: int
"""
