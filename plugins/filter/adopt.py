# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: adopt
short_description: Turn what is registered on an appliance into a file of variables
version_added: 0.1.0
description:
  - Makes the text of a file with the variable C(declare_organizations), which the role P(vbaws.appliance.declare#role)
    takes, from what M(vbaws.appliance.organization_info) returns. The role P(vbaws.appliance.adopt#role) writes it.
  - Units are given by their paths, with their AWS IDs as comments. Every text comes back from the file as it was. One
    that Ansible could take for a template is marked with C(!unsafe).
  - The same organizations always make the same text.
author:
  - vbaws.appliance contributors (@vbaws)
positional: appliance, existing
options:
  _input:
    description: RV(vbaws.appliance.organization_info#module:organizations) of one appliance.
    type: list
    elements: dict
    required: true
  appliance:
    description: What the file calls the appliance, in a comment.
    type: str
    required: true
  existing:
    description:
      - The text of a file that is to be extended. Organizations that it does not declare yet are added at the end of
        its list, everything else in it stays as it is. An organization is the same by its C(id),
        C(aws_organization_id) or C(name).
      - Without it a new file is made.
      - It is an error if the text cannot be extended without a change to what it says. The list must have each item on
        lines of its own.
    type: str
seealso:
  - ref: ansible_collections.vbaws.appliance.docsite.guide_adopt
    description: From an appliance to variables.
"""

EXAMPLES = r"""
- name: Read all organizations
  vbaws.appliance.organization_info:
  register: registered

- name: Show the variables that declare them
  ansible.builtin.debug:
    msg: "{{ (registered.organizations | vbaws.appliance.adopt('backup.example.com')).text }}"

- name: Show what a file of variables lacks
  ansible.builtin.debug:
    msg: "{{ (registered.organizations | vbaws.appliance.adopt('backup.example.com', existing)).added }}"
  vars:
    existing: "{{ lookup('ansible.builtin.file', 'host_vars/backup.example.com/organizations.yml', rstrip=false) }}"
"""

RETURN = r"""
_value:
  description: The text of the file, and what became of each organization.
  type: dict
  contains:
    text: {description: The text., type: str}
    added: {description: Names of the organizations that are new in the file., type: list, elements: str}
    kept: {description: Names of those that the existing text declares already., type: list, elements: str}
    warnings:
      description: A sentence for each thing that the file cannot say, with the name of the organization before it.
      type: list
      elements: str
"""

from typing import Any

from ansible.errors import AnsibleFilterError

from ..plugin_utils._adopt.variables import variables_file
from ..plugin_utils._drift.values import plain_data


def adopt(organizations: Any, appliance: str, existing: str | None = None) -> dict[str, Any]:
    """Return the text of a file of variables. Raises AnsibleFilterError."""
    try:
        return variables_file(plain_data(organizations), plain_data(appliance), plain_data(existing))
    except ValueError as error:
        raise AnsibleFilterError(f"{error}") from error


class FilterModule:
    """The filters of this file."""

    def filters(self) -> dict[str, Any]:
        """Return the filters by name."""
        return {"adopt": adopt}
