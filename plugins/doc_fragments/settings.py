# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """The settings of an organization."""

    DOCUMENTATION = r"""
options:
  description:
    description: Text of at most 255 characters. An empty string clears it. Put text that YAML reads as a bool or a
      number in quotes.
    type: str
  rescan_iam_role:
    description:
      - IAM role whose permissions the appliance uses to read the organization's structure. The role must be registered
        on the appliance. Specify its name on the appliance, its ID, or its ARN.
      - The role must belong to the management account or a delegated administrator account of the AWS Organization. If
        a registered organization gets a role of another AWS Organization, the task fails before any write.
      - If the role is not specified by its ID, the task reads the roles of the appliance once.
      - Required to add an organization.
    type: str
  backup_restore_iam_role_name:
    description:
      - Name in AWS of the IAM role for backup and restore. The role must exist in every account to protect.
      - Specify a name, not an ARN, because the account differs.
      - Required to add an organization.
    type: str
  production_worker_iam_role_name:
    description:
      - Name in AWS of the IAM role for worker instances in production accounts. An empty string clears it.
      - An organization without this role uses the role for backup and restore.
    type: str
  scope:
    description:
      - V(entire) covers every account of the AWS Organization, V(limited) the units in O(limited_scopes).
      - V(entire) drops existing scopes.
      - Required to add an organization, and to switch a registered organization between V(entire) and V(limited).
        O(limited_scopes) alone does not narrow an organization that is registered as a whole.
    type: str
  limited_scopes:
    description:
      - Complete list of the organization's limited scopes, in any order. If omitted, the scopes stay as they are.
      - An empty list is an error unless O(scope=entire) is also set, because an empty filter must never widen access to
        a whole organization.
      - A scope that is no longer declared is dropped. If the appliance keeps it, for example because a backup policy
        uses it, the task fails and names the scope.
    type: list
    elements: dict
    suboptions:
      name:
        description:
          - Name of the scope, unique within the organization. A scope is found by its name.
          - A new name must not begin or end with white space.
        type: str
        required: true
      former_names:
        description:
          - Earlier names of the scope. If O(limited_scopes[].name) does not exist but a scope with one of these names
            does, that scope is renamed. Backup policies keep referring to it.
          - If one scope is dropped and a new scope takes over its units, the task fails, because this is most likely a
            rename.
        type: list
        elements: str
        default: []
      organizational_units:
        description:
          - Units that make up the scope, in any order. Accounts in these units and in the units below them are
            included. Individual accounts cannot be selected. If an account is given, the task fails and names the unit
            that contains it.
          - A unit in two scopes, or together with a unit above it in one scope, causes a warning.
          - Specify a unit by its AWS ID (V(ou-...), or V(r-...) for the root), or by its path of names from the root,
            such as V(/Workloads/Prod). The root is V(/). Write a slash within a name as V(\\/) and a backslash as
            V(\\\\).
          - May be omitted for an existing scope. Its units then stay as they are.
        type: list
        elements: str
"""
