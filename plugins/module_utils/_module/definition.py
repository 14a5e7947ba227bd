# Copyright (c) 2026, vbaws.appliance contributors (@vbaws)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a module accepts and does, in one place for both ways to run it, and the way to run it as a program."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ansible.module_utils.basic import FILE_COMMON_ARGUMENTS, AnsibleModule, missing_required_lib

from .._http.adapter import HAS_REQUESTS, REQUESTS_ERROR
from .run import run
from .task import Door, Task

if TYPE_CHECKING:
    from .destination import Destination


@dataclass(frozen=True)
class Definition:
    """A module.

    work: is given the task, and returns the keys of the result, ``changed`` among them. destination: returns the file
    of the option ``dest`` if it is set, which needs AnsibleModule. The other fields are those of AnsibleModule.
    """

    work: Callable[[Task], dict[str, Any]]
    argument_spec: dict[str, dict[str, Any]]
    mutually_exclusive: Sequence[Sequence[str]] = ()
    required_one_of: Sequence[Sequence[str]] = ()
    required_if: Sequence[tuple[Any, ...]] = ()
    required_by: Mapping[str, Sequence[str]] = field(default_factory=dict)
    destination: Callable[[AnsibleModule], Destination | None] | None = None

    @property
    def all_arguments(self) -> dict[str, dict[str, Any]]:
        """The argument spec with what AnsibleModule adds to it."""
        return {**(FILE_COMMON_ARGUMENTS if self.destination else {}), **self.argument_spec}

    @property
    def rules(self) -> dict[str, Any]:
        """What options may, or must, be given together."""
        return {
            "mutually_exclusive": self.mutually_exclusive,
            "required_one_of": self.required_one_of,
            "required_if": self.required_if,
            "required_by": self.required_by,
        }

    def main(self) -> None:
        """Run as a program: read the options from Ansible, do the work, print the result, end the process."""
        module = AnsibleModule(
            argument_spec=self.argument_spec,
            **self.rules,
            add_file_common_args=self.destination is not None,
            supports_check_mode=True,
        )
        if not HAS_REQUESTS:
            module.fail_json(msg=missing_required_lib("requests"), exception=REQUESTS_ERROR)
        run(ModuleDoor(module, self.destination(module) if self.destination else None), self.work)


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
