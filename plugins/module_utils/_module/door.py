# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The two ways to run a module meet here: where its options come from, and where its result goes."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule

    from .destination import Destination


class Door:
    """What Ansible gives to a module, and takes from it.

    options: validated. secrets: the values of options that are not logged; those that are found later are added.
    no_log: whether the task keeps its result from being shown. destination: the file of the option ``dest``, if set.
    """

    options: Mapping[str, Any]
    secrets: set[str]
    check_mode: bool
    no_log: bool
    destination: Destination | None = None

    def warn(self, text: str) -> None:
        """Show a warning, now or with the result. text: without secrets."""
        raise NotImplementedError

    def end(self, failed: bool, result: Mapping[str, Any], options: Mapping[str, Any]) -> None:
        """Return the result. options: as the result shows them."""
        raise NotImplementedError


class ModuleDoor(Door):
    """The module as a program of its own, which prints its result and ends."""

    def __init__(self, module: AnsibleModule, destination: Destination | None = None) -> None:
        self._module = module
        self.options = module.params
        self.secrets = module.no_log_values
        self.check_mode = module.check_mode
        self.no_log = module.no_log
        self.destination = destination

    def warn(self, text: str) -> None:
        """Enter a warning, which Ansible adds to the result."""
        self._module.warn(text)

    def end(self, failed: bool, result: Mapping[str, Any], options: Mapping[str, Any]) -> None:
        """Print the result and end the process: raises SystemExit."""
        self._module.params = options
        try:
            if failed:
                self._module.fail_json(**result)
            self._module.exit_json(**result)
        finally:
            # Before signals can end the process: Ansible does not flush what it prints.
            sys.stdout.flush()
