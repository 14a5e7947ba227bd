# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """Limits on what a task may change."""

    DOCUMENTATION = r"""
options:
  expected_plan:
    description:
      - The approved plan, as RV(plan_id) of a run in check mode. If the task would make a change that is not part of
        this plan, it fails before any write and reports the differences.
      - Approved changes that are already made do not matter. To continue after a failure, run the task again with the
        same plan. If nothing is left to do, the task succeeds.
      - The task also fails if an organization cannot be planned, or is changed by someone else while the task runs.
      - An empty string is the same as omitting the option.
    type: str
  max_accounts_lost:
    description:
      - Maximum number of AWS accounts that all changes of this task together may take out of backup. If more would be
        lost, or the number is unknown, the task fails before any write and names the accounts or the organizations.
      - Accounts are counted in the structure that the appliance has stored. Changes of units, switches between the
        whole AWS Organization and limited scopes, and removals count.
    type: int
"""
