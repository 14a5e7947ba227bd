# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """The three ways to identify an organization."""

    DOCUMENTATION = r"""
options:
  id:
    description: UUID of the organization on this appliance.
    type: str
  aws_organization_id:
    description: ID of the organization in AWS, such as V(o-exampleorgid).
    type: str
  name:
    description: Exact name of the organization on the appliance. It is case-sensitive.
    type: str
"""
